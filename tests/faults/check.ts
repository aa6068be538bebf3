import type { TableName } from '../../ingest/feeds/log-subjects.ts'
import { applyChange, createReference } from '../../ingest/reference/reference.ts'
import { readReference } from '../../ingest/reference/read-csv.ts'
import { hex64 } from '../../platform/hash.ts'
import { loadRules } from '../../processors/registry.ts'
import type { StoreReader } from '../../sql/store.ts'
import * as oracle from '../oracle/oracle.ts'
import { twins } from '../oracle/twins.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { loadFeeds, type LoadFeed, type Sent } from './load.ts'

/** What is wrong with the store, as counts; all 0 when it holds exactly what was accepted. */
export interface Verdict {
  /** Accepted records whose version, or a later one, is not in the tables, or not in the *_current views as sent. */
  lost: number
  /** Rows beyond one for a version, or for an event in the *_current views; rows that nobody sent. */
  duplicate: number
  /** Alerts that a batch run over the accepted records finds and that do not stand, and the other way round. */
  missing: number
  extra: number
  /** Alerts whose revisions do not run 1, 2, 3 … */
  gaps: number
  /** Buckets of the charts that differ from a recount of the accepted records. */
  charts: number
  /** A few words on the first of each. */
  readonly examples: string[]
}

/** A change at a site is evaluated within this much time of the log, ms: every 30 s, and a tick. */
export const siteLagMs = 31_000

/** Compares the store with what was accepted. */
export interface Check {
  /** Ids of the rules whose alerts are compared: every detector has a twin. */
  readonly rules: readonly string[]
  /**
   * `now`: the last tick of the log, ms UTC. `sites`: alerts of sites too, which the engine looks at every {@link siteLagMs}; without it
   * they may still be on their way.
   */
  compare(
    accepted: readonly Sent[],
    options: { charts: boolean; sites: boolean; now: number },
  ): Promise<Verdict>
}

/** A check by the batch oracle and by recounting. */
export async function createCheck(reader: StoreReader): Promise<Check> {
  const rules = await loadRules()
  const brute = await twins()
  const tables = readReference()
  const reference = createReference()
  for (const [table, rows] of Object.entries(tables))
    applyChange(reference, { table: table as TableName, rows, loggedAt: 0 })
  const findings = (
    events: readonly TestEvent[],
    { now, sites }: { now: number; sites: boolean },
  ): oracle.OracleFinding[] =>
    rules
      .filter(({ detector }) => sites || detector.key !== 'site')
      .flatMap(({ detector, params }) => brute.get(detector.id)?.(events, params, { reference, now }) ?? [])

  const compare: Check['compare'] = async (accepted, { charts, sites, now }) => {
    const verdict: Verdict = {
      lost: 0,
      duplicate: 0,
      missing: 0,
      extra: 0,
      gaps: 0,
      charts: 0,
      examples: [],
    }
    const events = accepted.map(({ event }) => event)
    const settled = oracle.settled(events)
    for (const feed of loadFeeds) await compareRows(reader, feed, events, settled, verdict)
    await compareAlerts(reader, findings(events, { now, sites }), { sites, verdict })
    if (charts) await compareCharts(reader, settled, verdict)
    return verdict
  }
  return { rules: rules.map(({ detector }) => detector.id), compare }
}

async function compareRows(
  reader: StoreReader,
  feed: LoadFeed,
  events: readonly TestEvent[],
  settled: readonly TestEvent[],
  verdict: Verdict,
): Promise<void> {
  const rows = await reader.query<{ key: string; revision: number }>(
    `SELECT lower(hex(event_key)) AS key, toUInt32(bitShiftRight(version, 32)) AS revision FROM ${feed} FINAL`,
  )
  const stored = new Map<string, Set<number>>()
  for (const { key, revision } of rows) {
    const name = key.padStart(16, '0')
    const revisions = stored.get(name) ?? new Set()
    if (revisions.has(revision)) note(verdict, 'duplicate', `${feed}: ${name} revision ${revision} twice`)
    stored.set(name, revisions.add(revision))
  }
  const sent = new Map<string, Set<number>>()
  for (const event of events) {
    if (event.feed !== feed) continue
    const name = hex64(eventKeyOf(event))
    sent.set(name, (sent.get(name) ?? new Set()).add(event.revision ?? 0))
  }
  for (const [key, revisions] of sent) {
    const newest = Math.max(-1, ...(stored.get(key) ?? []))
    for (const revision of revisions)
      if (newest < revision) note(verdict, 'lost', `${feed}: ${key} revision ${revision}`)
  }
  for (const [key, revisions] of stored)
    for (const revision of revisions)
      if (sent.get(key)?.has(revision) !== true) note(verdict, 'duplicate', `${feed}: nobody sent ${key}`)

  const people = feed === 'registrations' ? 'party_size' : '1'
  const current = await reader.query<Record<'key' | 'content', string>>(
    `SELECT lower(hex(event_key)) AS key, concat(site, ' ', toString(toUnixTimestamp64Milli(at)), ' ',
       lower(hex(traveller)), ' ', toString(${people})) AS content FROM ${feed}_current`,
  )
  const expected = new Map(
    settled
      .filter((event) => event.feed === feed)
      .map((event) => [
        hex64(eventKeyOf(event)),
        `${event.site} ${event.at} ${event.traveller?.toString(16)} ${event.people ?? 1}`,
      ]),
  )
  const seen = new Set<string>()
  for (const row of current) {
    const key = row.key.padStart(16, '0')
    const content = row.content.replace(/ 0+([0-9a-f]+ \d+)$/, ' $1')
    if (seen.has(key) || !expected.has(key)) note(verdict, 'duplicate', `${feed}_current: ${key}`)
    else if (expected.get(key) !== content)
      note(verdict, 'lost', `${feed}_current: ${key} holds another content`)
    seen.add(key)
  }
  for (const key of expected.keys())
    if (!seen.has(key)) note(verdict, 'lost', `${feed}_current: ${key} is not there`)
}

async function compareAlerts(
  reader: StoreReader,
  found: readonly oracle.OracleFinding[],
  { sites, verdict }: { sites: boolean; verdict: Verdict },
): Promise<void> {
  const open = await reader.query<{
    rule: string
    key: string
    start: number
    end: number
    keys: readonly string[]
  }>(
    `SELECT rule, key, toUnixTimestamp64Milli(start_at) AS start, toUnixTimestamp64Milli(end_at) AS end,
       arrayMap(k -> leftPad(lower(hex(k)), 16, '0'), events) AS keys
     FROM alerts FINAL WHERE status = 'open' AND (keyspace != 'site' OR {sites: Bool})`,
    { sites },
  )
  const name = (rule: string, key: string, start: number, end: number, keys: readonly string[]): string =>
    `${rule} ${key} ${start} ${end} ${keys.toSorted().join(',')}`
  const standing = open.map(({ rule, key, start, end, keys }) =>
    name(rule, key, Number(start), Number(end), keys),
  )
  const expected = new Set(
    found.map(({ rule, key, start, end, events }) => name(rule, key, start, end, events)),
  )
  const stands = new Set(standing)
  for (const one of expected) if (!stands.has(one)) note(verdict, 'missing', one.slice(0, 100))
  for (const one of stands) if (!expected.has(one)) note(verdict, 'extra', one.slice(0, 100))
  if (stands.size < standing.length) note(verdict, 'extra', 'two alerts of one finding')

  const gaps = await reader.query<{ id: string }>(
    `SELECT alert_id AS id FROM alert_revisions FINAL GROUP BY alert_id
     HAVING min(revision) != 1 OR max(revision) != count() OR uniqExact(revision) != count()`,
  )
  for (const { id } of gaps) note(verdict, 'gaps', `alert ${id}`)
}

async function compareCharts(
  reader: StoreReader,
  settled: readonly TestEvent[],
  verdict: Verdict,
): Promise<void> {
  const rows = await reader.query<{ bucket: string; count: number; people: number }>(
    `SELECT concat(feed, ' ', site, ' ', toString(toUnixTimestamp(hour)), ' ', kind) AS bucket,
       toUInt32(count) AS count, toUInt32(people) AS people
     FROM volumes_hourly FINAL WHERE origin = 'recomputed' AND (count != 0 OR people != 0)`,
  )
  const counted = new Map<string, { count: number; people: number }>()
  for (const { feed, site, at, direction, people } of settled) {
    const kind = feed === 'crossings' ? direction : ''
    const bucket = `${feed} ${site} ${Math.floor(at / 3_600_000) * 3_600} ${kind}`
    const sum = counted.get(bucket) ?? { count: 0, people: 0 }
    counted.set(bucket, { count: sum.count + 1, people: sum.people + (people ?? 1) })
  }
  for (const { bucket, count, people } of rows) {
    const own = counted.get(bucket)
    if (own?.count !== count || own.people !== people) note(verdict, 'charts', bucket)
    counted.delete(bucket)
  }
  for (const bucket of counted.keys()) note(verdict, 'charts', bucket)
}

type Count = Exclude<keyof Verdict, 'examples'>

function note(verdict: Verdict, what: Count, example: string): void {
  if (verdict[what] < 2) verdict.examples.push(`${what}: ${example}`)
  verdict[what]++
}
