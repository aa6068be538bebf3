import type { FeedName } from '../ingest/feeds/layout.ts'
import { insertSettings } from './statement.ts'
import type { Store } from './store.ts'
import { zoneText } from './touched.ts'

/** Days that one statement recomputes at most. */
const mostDays = 31

/**
 * `cube_days` and `area_hours`: the days of which hours were recomputed since the last time, whole; then notes `to` as the position. Which they are the
 * versions in `cube_hours` say, that every recomputation counts up.
 */
export async function recomputeDaily(
  store: Store,
  logId: number,
  to: number,
  timeZone = 'Asia/Bangkok',
): Promise<void> {
  const version = await nextVersion(store)
  const since = `(SELECT toUnixTimestamp64Milli(max(computed_at)) FROM rollup_positions WHERE rollup = 'cube_days')`
  const touched = await store.query<FeedDays>(daysOf(`version >= ${since}`, timeZone))
  for (const { feed, days } of touched) await recomputeDaysOf(store, feed, days, version, timeZone)
  await notePosition(store, 'cube_days', logId, to, version)
}

/**
 * Brings `places` up to date with the reference data that holds now, and with it the charts' rows of the sites that lie elsewhere than before. The
 * position says up to which version of `places` that is done, so that a kill in between loses nothing.
 */
export async function refreshPlaces(store: Store, timeZone = 'Asia/Bangkok'): Promise<void> {
  const now = Date.now()
  await store.command(`
    INSERT INTO places (site, province, zone, version)
    ${insertSettings(`places:${now}`)}
    SELECT id, province, zone, ${now}
    FROM (SELECT id, province, zone FROM premises UNION ALL SELECT id, province, zone FROM sites)
    WHERE (id, province, zone) NOT IN (SELECT site, province, zone FROM places FINAL)`)
  const [at] = await store.query<{ newest: number; done: number }>(
    `SELECT max(version) AS newest, (SELECT max(log_seq) FROM rollup_positions WHERE rollup = 'places') AS done FROM places`,
  )
  if (at === undefined || at.newest <= at.done) return
  const version = await nextVersion(store)
  const moved = `site IN (SELECT site FROM places WHERE version > ${at.done})`
  await store.command(`
    INSERT INTO cube_hours
    ${insertSettings(`moved:${version}`)}, max_partitions_per_insert_block=0
    SELECT
      feed, hour, c.site, source, direction, document_type, vehicle_class, out_hour, p.province, p.zone, count, people, refused, late,
      travellers, ${version}
    FROM (SELECT * FROM cube_hours FINAL WHERE ${moved}) AS c
    LEFT ANY JOIN (SELECT site, province, zone FROM places FINAL) AS p ON p.site = c.site`)
  const touched = await store.query<FeedDays>(daysOf(moved, timeZone))
  for (const { feed, days } of touched) await recomputeDaysOf(store, feed, days, version, timeZone)
  await notePosition(store, 'places', 0, at.newest, version)
}

/** How far a rollup is in a log; 0 where it has not begun. */
export async function positionOf(store: Store, rollup: string, logId: number): Promise<number> {
  const [row] = await store.query<{ seq: number }>(
    `SELECT log_seq AS seq FROM rollup_positions FINAL WHERE rollup = '${rollup}' AND log_id = ${logId}`,
  )
  return row?.seq ?? 0
}

export async function notePosition(
  store: Store,
  rollup: string,
  logId: number,
  to: number,
  version: number,
): Promise<void> {
  await store.insertRows(
    'rollup_positions',
    [{ rollup, log_id: logId, log_seq: to, computed_at: new Date(version) }],
    `position:${rollup}:${logId}:${to}:${version}`,
  )
}

/** Above everything that any recomputation wrote or noted, even if the clock was set back: the newest is the one that holds. */
export async function nextVersion(store: Store): Promise<number> {
  const tables = ['cube_hours', 'cube_days', 'area_hours', 'volumes_hourly', 'travellers_daily']
  const newest = [
    ...tables.map((table) => `(SELECT max(version) FROM ${table})`),
    // A recomputation with nothing to do leaves no row, but its time is what the next one goes by.
    '(SELECT toUInt64(toUnixTimestamp64Milli(max(computed_at))) FROM rollup_positions)',
  ]
  const [last] = await store.query<{ version: number }>(`SELECT greatest(${newest.join(', ')}) AS version`)
  return Math.max(Date.now(), (last?.version ?? 0) + 1)
}

interface FeedDays {
  readonly feed: FeedName
  readonly days: readonly string[]
}

/** Per feed the local days, in order, of the rows of `cube_hours` for which a condition holds. */
function daysOf(condition: string, timeZone: string): string {
  return `
    SELECT feed, arraySort(groupUniqArray(toString(toDate(hour, ${zoneText(timeZone)})))) AS days
    FROM cube_hours
    WHERE ${condition}
    GROUP BY feed`
}

async function recomputeDaysOf(
  store: Store,
  feed: FeedName,
  days: readonly string[],
  version: number,
  timeZone: string,
): Promise<void> {
  for (let i = 0; i < days.length; i += mostDays) {
    const part = days.slice(i, i + mostDays)
    await store.command(daysStatement(feed, part, version, timeZone))
    await store.command(areasStatement(feed, part, version, timeZone))
  }
}

const list = (days: readonly string[]): string => days.map((day) => `toDate('${day}')`).join(', ')

/** Which hours lie in some local days of a feed. */
function hoursIn(feed: FeedName, days: readonly string[], timeZone: string): string {
  const zone = zoneText(timeZone)
  const [first, last] = [days[0], days.at(-1)]
  return `feed = '${feed}' AND toDate(hour, ${zone}) IN (${list(days)})
    AND hour >= toDateTime(toDate('${first}'), ${zone}) AND hour < toDateTime(toDate('${last}') + 1, ${zone})`
}

/** Both levels of the days, and zeros for what they held before and hold no more. */
function daysStatement(feed: FeedName, days: readonly string[], version: number, timeZone: string): string {
  const keys = 'day, site, province, zone, source, direction, document_type, vehicle_class'
  return `
    INSERT INTO cube_days (level, feed, ${keys}, count, refused, late, version)
    ${insertSettings(`daily:${feed}:${days[0]}:${version}`)}, max_partitions_per_insert_block=0
    SELECT level, '${feed}', ${keys}, sum(n), sum(r), sum(l), ${version}
    FROM (
      SELECT
        if(grouping(site) = 0, 'site', 'area') AS level, toDate(hour, ${zoneText(timeZone)}) AS day, site, province, zone, source,
        direction, document_type, vehicle_class, sum(cube.count) AS n, sum(cube.refused) AS r, sum(cube.late) AS l
      FROM cube_hours AS cube FINAL
      WHERE ${hoursIn(feed, days, timeZone)}
      GROUP BY GROUPING SETS (
        (day, site, province, zone),
        (day, province, zone, source, direction, document_type, vehicle_class)
      )
      UNION ALL
      SELECT level, ${keys}, 0, 0, 0 FROM cube_days WHERE feed = '${feed}' AND day IN (${list(days)})
    )
    GROUP BY level, ${keys}`
}

function areasStatement(feed: FeedName, days: readonly string[], version: number, timeZone: string): string {
  return `
    INSERT INTO area_hours (feed, hour, province, zone, count, version)
    ${insertSettings(`areas:${feed}:${days[0]}:${version}`)}, max_partitions_per_insert_block=0
    SELECT '${feed}', hour, province, zone, sum(n), ${version}
    FROM (
      SELECT hour, province, zone, count AS n FROM cube_hours FINAL WHERE ${hoursIn(feed, days, timeZone)}
      UNION ALL
      SELECT hour, province, zone, 0 FROM area_hours WHERE ${hoursIn(feed, days, timeZone)}
    )
    GROUP BY hour, province, zone`
}
