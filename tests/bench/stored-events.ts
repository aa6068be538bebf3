import { documentTypes } from '../../ingest/feeds/vocabulary.ts'
import { readReference } from '../../ingest/reference/read-csv.ts'
import { readMigrations } from '../../sql/migrate.ts'
import { refreshPlaces } from '../../sql/rollup-days.ts'
import type { Store } from '../../sql/store.ts'

/** What {@link fillStore} is to make. */
export interface StoredEvents {
  /** Rows in all: 60 % sightings, 25 % crossings, 15 % registrations. */
  readonly rows: number
  readonly alerts: number
  /** They lie in the `days` before it, ms UTC. */
  readonly until: number
  readonly days: number
  /** Lodgings beside those of the reference data. */
  readonly premises: number
  /** Sightings of the vehicle {@link busyVehicle}. */
  readonly busySightings: number
}

/** Pseudonym of the vehicle with many sightings, 16 hexadecimal digits. */
export const busyVehicle = '00000000000b0515'

const dayMs = 86_400_000
const list = (values: readonly string[]): string => `[${values.map((value) => `'${value}'`).join(', ')}]`
/** An element of a list, the first ones far more often, by a number that looks random: `power` 1 is even. */
const pick = (values: readonly string[], random: string, power = 1): string =>
  `${list(values)}[1 + toUInt32(floor(pow(${random}, ${power}) * ${values.length}))]`
/** A fraction in [0, 1) that depends on `what` alone. */
const fraction = (what: string, salt: string): string =>
  `(cityHash64(${what}, '${salt}') % 1000003 / 1000003)`
const time = (ms: string): string => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`

/**
 * Makes events inside ClickHouse, without the log: the benchmark asks how fast a store is read that holds this much. The tables take
 * them as any insert, so that their views see them; the charts' tables are filled by the statements of the migrations that made them.
 */
export async function fillStore(store: Store, of: StoredEvents, say: (text: string) => void): Promise<void> {
  const shipped = readReference()
  const idsOf = (kind: (row: Record<string, unknown>) => boolean): string[] =>
    shipped.sites.filter((row) => kind(row)).map(({ id }) => id)
  const cameras = idsOf(({ kind }) => kind === 'camera')
  const checkpoints = idsOf(({ kind }) => kind !== 'camera')
  await reference(store, of, [...new Set(shipped.districts.map(({ id }) => id))])
  const shares = { sightings: 0.6, crossings: 0.25, registrations: 0.15 }
  const count = (feed: keyof typeof shares): number => Math.round(of.rows * shares[feed])

  say(`${of.rows} rows`)
  await store.command(sightings(of, count('sightings'), cameras))
  await store.command(crossings(of, count('crossings'), checkpoints))
  await store.command(registrations(of, count('registrations')))
  for (const feed of ['sightings', 'crossings', 'registrations'] as const)
    await store.command(
      corrections(feed, feed === 'registrations' ? [] : feed === 'crossings' ? checkpoints : cameras),
    )
  say('tables of the charts')
  await refreshPlaces(store)
  await fillCharts(store)
  say(`${of.alerts} alerts`)
  await store.command(alerts(of, checkpoints))
}

/** Rows without an alert, number n of `rows` at a time that grows with n. */
const common = (feed: string, at: string): string => `
  cityHash64('${feed}', number) AS event_key, 1 AS version, concat('bench-${feed}:', toString(number)) AS event_id,
  concat('bench-', toString(cityHash64(site) % 6)) AS source,
  ${at} AS at,
  -- In messages of ten seconds; one in forty comes late, by up to twelve hours.
  ${time(`intDiv(toUnixTimestamp64Milli(at) + if(number % 40 = 0, cityHash64(number) % 43200000, 2000), 10000) * 10000 + 10000`)} AS ingested_at,
  1 + intDiv(number, 5000) AS batch`

const spread = ({ until, days }: StoredEvents, place: string, count: number): string =>
  time(`${until - days * dayMs} + ${place} * ${(days * dayMs) / count}`)

/** Trips of four reads, 20 minutes and one camera apart; each vehicle makes about ten in the whole span. */
function sightings(of: StoredEvents, count: number, cameras: readonly string[]): string {
  const trips = Math.max(1, Math.floor(count / 4))
  const vehicles = Math.max(1, Math.floor(trips / 10))
  const at = time(
    `least(toInt64(${of.until - 1}), toInt64(${of.until - of.days * dayMs} + intDiv(number, 4) * ${(of.days * dayMs) / trips} + number % 4 * 1200000))`,
  )
  return `
    INSERT INTO sightings (event_key, version, event_id, source, at, ingested_at, batch, site, vehicle, plate_province, plate_country,
      vehicle_class, confidence, heading, make, colour)
    SELECT ${common('sightings', at)},
      ${list(cameras)}[1 + (cityHash64(intDiv(number, 4), 'road') + number % 4) % ${cameras.length}] AS site,
      if(number % ${Math.max(1, Math.floor(count / of.busySightings))} = 0, reinterpretAsUInt64(reverse(unhex('${busyVehicle}'))),
        cityHash64(intDiv(number, 4) % ${vehicles}, 'vehicle')) AS vehicle,
      ${pick(['Bangkok', 'Tak', 'Chiang Rai', 'Songkhla', 'Chon Buri'], fraction('vehicle', 'province'))}, 'THA',
      ${pick(['car', 'pickup', 'van', 'truck', 'motorcycle', 'bus'], fraction('vehicle', 'class'), 2)},
      0.8 + number % 20 / 100, ${pick(['to-border', 'from-border', 'along'], fraction('number', 'heading'))}, '', ''
    FROM numbers(${count})`
}

function crossings(of: StoredEvents, count: number, checkpoints: readonly string[]): string {
  const travellers = Math.max(1, Math.floor(count / 6))
  return `
    INSERT INTO crossings (event_key, version, event_id, source, at, ingested_at, batch, site, direction, mode, document_type, traveller,
      nationality, birth_year, sex, vehicle, outcome)
    SELECT ${common('crossings', spread(of, 'number', count))},
      ${pick(checkpoints, fraction('number', 'site'), 2)} AS site, if(number % 2 = 0, 'entry', 'exit'), 'land',
      ${pick(documentTypes, fraction('traveller', 'document'), 2)},
      cityHash64(toUInt64(pow(${fraction('number', 'traveller')}, 1.5) * ${travellers}), 'traveller') AS traveller,
      ${pick(['MMR', 'LAO', 'KHM', 'MYS', 'CHN'], fraction('traveller', 'nation'))}, 1950 + traveller % 60, if(traveller % 2 = 0, 'F', 'M'),
      if(number % 3 = 0, cityHash64(traveller % 100000, 'vehicle'), 0), if(number % 200 = 0, 'refused', 'admitted')
    FROM numbers(${count})`
}

function registrations(of: StoredEvents, count: number): string {
  return `
    INSERT INTO registrations (event_key, version, event_id, source, at, ingested_at, batch, site, check_out_at, room, party_size, traveller,
      document_type, nationality, birth_year, sex, phone)
    SELECT ${common('registrations', spread(of, 'number', count))},
      concat('BENCH-', toString(toUInt32(pow(${fraction('number', 'site')}, 1.5) * ${of.premises}))) AS site,
      if(number % 10 = 0, NULL, at + toIntervalHour(10 + 24 * (number % 3))), toString(100 + number % 300), 1 + number % 3,
      cityHash64(cityHash64(number) % ${Math.max(1, Math.floor(count / 4))}, 'traveller') AS traveller,
      ${pick(documentTypes, fraction('traveller', 'document'), 2)}, 'LAO', 1950 + traveller % 60, 'M', 0
    FROM numbers(${count})`
}

/** One record in two thousand is corrected a day later, every fourth of them to another place. */
function corrections(feed: string, sites: readonly string[]): string {
  const site =
    sites.length === 0
      ? 'site'
      : `if(event_key % 4 = 0, ${pick(sites, fraction('event_key', 'moved'))}, site)`
  return `
    INSERT INTO ${feed}
    SELECT * REPLACE (
      bitShiftLeft(toUInt64(1), 32) + 1 AS version, ingested_at + INTERVAL 1 DAY AS ingested_at, ${site} AS site,
      if(event_key % 7 = 0, 1, 0) AS cancelled)
    FROM ${feed} WHERE event_key % 2000 = 0`
}

/** Lodgings over the districts of the country, and the sites and lodgings that come with the product, as they come by the log. */
async function reference(
  store: Store,
  { premises, until }: StoredEvents,
  districts: readonly string[],
): Promise<void> {
  await store.command(`
    INSERT INTO reference (table_name, id, valid_from, valid_to, source, owner, row, logged_at, log_seq)
    WITH splitByChar('/', ${list(districts.map((id) => id.replaceAll("'", "''")))}[1 + cityHash64(number) % ${districts.length}]) AS district
    SELECT 'premises', concat('BENCH-', toString(number)) AS place, '2020-01-01', NULL, 'bench', 'bench',
      replaceOne(toJSONString(map('id', place, 'name', concat('Lodging ', toString(number)), 'nameTh', concat('ที่พัก ', toString(number)),
        'province', district[1], 'district', district[2],
        'zone', ['border', 'transit', 'tourist', 'interior'][1 + cityHash64(number, 'zone') % 4],
        'validFrom', '2020-01-01', 'source', 'bench', 'owner', 'bench')), '}',
        concat(',"validTo":null,"licensed":true,"capacity":', toString(10 + cityHash64(number, 'beds') % 90),
          ',"lat":', toString(6 + cityHash64(number, 'lat') % 14000 / 1000), ',"lon":', toString(98 + cityHash64(number, 'lon') % 6000 / 1000), '}')),
      ${time(String(until))}, 1
    FROM numbers(${premises})`)
  const shipped = readReference()
  const rows = (['sites', 'premises'] as const).flatMap((table) =>
    shipped[table].map((row) => ({
      table_name: table,
      id: row.id,
      valid_from: row.validFrom,
      valid_to: row.validTo,
      source: 'bench',
      owner: 'bench',
      row: JSON.stringify(row),
      logged_at: new Date(until),
      log_seq: 1,
    })),
  )
  await store.insertRows('reference', rows, 'bench:reference')
}

/** Runs what the migrations fill the tables of the charts with (views have filled those of 0019 and 0021), and the counts of hours, which come from the cube. */
async function fillCharts(store: Store): Promise<void> {
  for (const { statements } of readMigrations())
    for (const statement of statements) {
      if (!/^(--.*\n)*(INSERT INTO (?!vehicle_reads|arrivals)|TRUNCATE TABLE )/.test(statement)) continue
      await store.command(statement)
    }
  await store.command(`
    INSERT INTO volumes_hourly (feed, hour, site, kind, origin, span_hours, count, people, computed_at, version)
    SELECT feed, hour, site, if(feed = 'crossings', direction, '') AS kind, 'recomputed', 1, sum(cube.count), sum(cube.people), now64(3), 1
    FROM cube_hours AS cube FINAL GROUP BY feed, hour, site, kind`)
}

function alerts(of: StoredEvents, checkpoints: readonly string[]): string {
  const rules = [
    'repeated-crossings',
    'border-run',
    'overstay',
    'two-lodgings',
    'convoy',
    'cloned-plate',
    'impossible-travel',
  ]
  return `
    INSERT INTO alert_revisions
    SELECT leftPad(lower(hex(cityHash64(number, 'alert'))), 16, '0'), 1, 'open', ${pick(rules, fraction('number', 'rule'), 2)} AS rule, '1',
      if(number % 10 = 0, 'welfare', 'investigate'), 1 + number % 7, ${pick(['low', 'medium', 'high'], fraction('number', 'severity'), 2)},
      'traveller', leftPad(lower(hex(cityHash64(number % 40000, 'traveller'))), 16, '0'), ${pick(checkpoints, fraction('number', 'at'), 2)},
      ${spread(of, 'number', of.alerts)} AS start, start + INTERVAL 1 HOUR, start + INTERVAL 2 HOUR AS raised, raised,
      concat('4 crossings at 2 sites within ', toString(1 + number % 23), ' h.'),
      concat('ผ่านแดน 4 ครั้งที่ 2 จุดใน ', toString(1 + number % 23), ' ชม.'),
      '{"crossings":4}', [cityHash64('crossings', number)], '', number + 1, '0/1', 1, number + 1
    FROM numbers(${of.alerts})`
}
