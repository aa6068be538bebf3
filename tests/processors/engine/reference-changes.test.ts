import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Type } from 'typebox'
import type { ReferenceRow, TableName } from '../../../ingest/feeds/log-subjects.ts'
import { highRisk, permittedDays, placeAt } from '../../../ingest/reference/places.ts'
import type { Keyspace } from '../../../processors/alert.ts'
import { defineDetector, type Context, type Detector } from '../../../processors/detector.ts'
import { createEngine, type Engine, type Message } from '../../../processors/engine/engine.ts'
import { createRule } from '../../../processors/rule.ts'
import { batchesOf, day, hour, monday, type TestEvent } from '../../support/events.ts'

const runs = Number(process.env['PROPERTY_RUNS'] ?? 300)
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31)
const timeoutMs = 60_000 + runs * 400

type Looked = { start: number; what: string }

/** A detector that finds each place in its history of which `look` has something to say. */
function probe(
  id: string,
  key: Keyspace,
  uses: readonly TableName[],
  look: (context: Context<object>) => Looked[],
  follows?: 'vehicle',
): Detector {
  return defineDetector({
    id,
    key,
    reads: ['crossings', 'sightings', 'registrations'],
    ...(follows && { follows }),
    uses,
    measure: 2,
    class: 'monitor',
    title: { en: 'Probe', th: 'ทดสอบ' },
    reason: { en: 'A probe of the engine: what changes with reference data.', th: 'ทดสอบ' },
    params: Type.Object({}),
    evidence: Type.Object({ what: Type.String() }),
    lookbackMs: () => 6 * hour,
    evaluate: (context) =>
      look(context).map(({ start, what }) => ({
        start,
        end: start,
        site: '',
        events: [],
        evidence: { what },
      })),
    severity: () => 'low',
    explain: () => '',
  }) as unknown as Detector
}

const each = (history: Context<object>['history'], what: (i: number) => string): Looked[] =>
  history.where((i) => what(i) !== '').map((i) => ({ start: history.at(i), what: what(i) }))

const rules = [
  probe('at-risk', 'traveller', ['sites', 'premises', 'districts'], ({ history, reference }) =>
    each(history, (i) =>
      highRisk(reference, history.site(i), history.at(i)) ? `${history.site(i)} ${placeAt(reference, history.site(i), history.at(i))?.kind}` : '',
    ),
  ),
  probe('permitted', 'traveller', ['stays', 'passRules'], ({ history, reference }) =>
    each(history, (i) => {
      const days = permittedDays(reference, 'LAO', 'passport', history.at(i))
      return days === undefined ? '' : `${days}`
    }),
  ),
  probe(
    'driven',
    'traveller',
    ['sites', 'premises', 'districts'],
    ({ history, reference, trail }) =>
      each(history, (i) => {
        if (history.linked(i) === '') return ''
        const seen = trail(history.linked(i), history.at(i) - 6 * hour, history.at(i) + 6 * hour)
        return seen
          .where((n) => seen.feed(n) === 'sightings' && highRisk(reference, seen.site(n), seen.at(n)))
          .map((n) => seen.event(n))
          .join()
      }),
    'vehicle',
  ),
  probe('listed', 'vehicle', ['watchlists'], ({ history, reference, key }) =>
    each(history, (i) => String(reference.watchlists.at(key, history.at(i))?.['list'] ?? '')),
  ),
  probe('large', 'premises', ['sites', 'premises', 'districts'], ({ history, reference, key }) =>
    each(history, (i) => highRisk(reference, key, history.at(i)) ? String(reference.premises.at(key, history.at(i))?.['kind']) : ''),
  ),
  probe('ordered', 'site', ['hours', 'holidays'], ({ volumes, reference, key, from, to }) => {
    const found: Looked[] = []
    for (let at = Math.max(volumes.firstHour, Math.floor(from / hour) * hour); at <= Math.min(volumes.lastHour, to); at += hour) {
      const what = [reference.hours.at(key, at)?.['hours'], reference.holidays.at('2026-01-06', at)?.['name']]
      if (volumes.reported(at) && what.some(Boolean)) found.push({ start: at, what: what.join() })
    }
    return found
  }),
].map((detector) => createRule(detector)) // prettier-ignore

const vehicle = fc.constantFrom(0x5_0000_0001n, 0x6_0000_0002n, 0n)
const event = fc.record<TestEvent>({
  feed: fc.constantFrom('crossings', 'sightings', 'registrations'),
  id: fc.uuid(),
  at: fc.nat({ max: 24 }).map((n) => monday + n * 2 * hour),
  site: fc.constantFrom('A', 'B', 'INN'),
  traveller: fc.constantFrom(0x1_0000_0001n, 0x2_0000_0002n, 0n),
  vehicle,
})
const district = fc.constantFrom('Tak/Mae Sot', 'Tak/Mueang')
const fields: Record<TableName, fc.Arbitrary<Record<string, string | number | boolean>>> = {
  sites: fc.record({ id: fc.constantFrom('A', 'B'), district, kind: fc.constantFrom('x', 'y') }),
  premises: fc.record({ id: fc.constant('INN'), district, kind: fc.constantFrom('x', 'y') }),
  hours: fc.record({ id: fc.constantFrom('A', 'B'), hours: fc.constantFrom('24h', 'closed') }),
  districts: fc.record({ id: district, highRisk: fc.constantFrom(true, true, false) }),
  stays: fc.record({ id: fc.constantFrom('LAO:passport', '*:passport'), days: fc.constantFrom(15, 30) }),
  passRules: fc.record({ id: fc.constant('LAO:passport'), days: fc.constantFrom(3, 7) }),
  holidays: fc.record({ id: fc.constant('2026-01-06'), name: fc.constantFrom('x', 'y') }),
  cameras: fc.record({ id: fc.constant('A') }),
  watchlists: fc.record({ id: fc.constantFrom('0000000500000001', '0000000600000002'), list: fc.constantFrom('x', 'y'), entry: fc.constant('1') }),
} // prettier-ignore

/** What is high-risk takes a place and a district of it. */
const places: readonly TableName[] = ['sites', 'premises', 'districts']
const change = fc
  .constantFrom(...(Object.keys(fields) as TableName[]), ...places, ...places)
  .chain((table) =>
    fc.record({ table: fc.constant(table), row: fields[table], from: fc.nat({ max: 3 }), days: fc.option(fc.integer({ min: 1, max: 2 })) }),
  )
  .map(({ table, row: { id, district: place, ...rest }, from, days }): Message => {
    const [province, name] = String(place ?? '/').split('/') as [string, string]
    const start = monday - day + from * day
    const row: ReferenceRow = {
      id: String(id),
      ...rest,
      ...(place === undefined ? {} : { province, district: name, lat: 16, lon: 98 }),
      validFrom: new Date(start).toISOString(),
      validTo: days === null ? null : new Date(start + days * day).toISOString(),
      source: 'test',
      owner: 'test',
    }
    return { kind: 'reference', change: { table, rows: [row], loggedAt: 0 } }
  }) // prettier-ignore

const shapes = (engines: readonly Engine[]): string[] =>
  engines
    .flatMap((engine) => engine.open())
    .map(({ rule, key, startAt, evidence }) => JSON.stringify([rule, key, startAt, evidence]))
    .sort()

function after(messages: readonly Message[], slices: number, restartAt: number | null): Engine[] {
  return Array.from({ length: slices }, (_, i) => {
    const make = (): Engine =>
      createEngine({ slice: { index: i + 1, count: slices }, rules, timeZone: 'Asia/Bangkok' })
    let engine = make()
    const ticks = [3, 4, 5].map((d): Message => ({ kind: 'tick', tick: { at: monday + d * day } }))
    for (const [seq, message] of [...messages, ...ticks].entries()) {
      if (seq === restartAt) {
        const { state, sections } = engine.image()
        engine = make()
        engine.restore({
          state: JSON.parse(JSON.stringify(state)) as typeof state,
          sections: structuredClone(sections),
        })
      }
      engine.take(message, seq + 1)
    }
    return engine
  })
}

describe('reference data that changes', () => {
  it(
    'has the same found as if it had been so from the beginning',
    () => {
      console.info(`changes of reference data: ${runs} cases, PROPERTY_SEED=${seed}`)
      let found = 0
      fc.assert(
        fc.property(
          fc.array(event, { maxLength: 30, size: 'max' }),
          fc.array(fc.tuple(change, fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 12, size: 'max' }),
          fc.constantFrom(1, 2),
          fc.option(fc.nat({ max: 30 })),
          (events, placed, slices, restartAt) => {
            const batches = batchesOf(events, (i) => i % 3 === 0).map((batch): Message => ({ kind: 'batch', batch }))
            const rows = placed.map(([message]) => message)
            // The order among rows stays: of two with one id and start the later one holds.
            const places = placed.map(([, place]) => place).sort((a, b) => a - b)
            const mixed = [...batches]
            for (const [i, message] of rows.entries())
              mixed.splice(Math.round((places[i] as number) * batches.length) + i, 0, message)
            const expected = shapes(after([...rows, ...batches], 1, null))
            found += expected.length
            expect(shapes(after(mixed, slices, restartAt))).toEqual(expected)
          },
        ),
        { numRuns: runs, seed, interruptAfterTimeLimit: timeoutMs, markInterruptAsFailure: true },
      )
      expect(found, 'the generator makes findings').toBeGreaterThan(runs)
    },
    timeoutMs,
  )
  it('touches who followed a vehicle to a place that changed, and nobody of another place', () => {
    const row = (table: TableName, id: string, more: Record<string, string | number | boolean>): Message => ({
      kind: 'reference',
      change: {
        table,
        loggedAt: 0,
        rows: [{ id, ...more, validFrom: '2020-01-01', validTo: null, source: 'test', owner: 'test' }],
      },
    })
    const where = { province: 'Tak', district: 'Mae Sot', lat: 16, lon: 98 }
    const vehicle = 0x5_0000_0001n
    const events: TestEvent[] = [
      { feed: 'crossings', id: '1', at: monday, site: 'FAR', traveller: 7n, vehicle },
      { feed: 'sightings', id: '2', at: monday + hour, site: 'A', vehicle },
    ]
    const batches = batchesOf(events).map((batch): Message => ({ kind: 'batch', batch }))
    const [engine] = after(
      [...batches, row('sites', 'A', where), row('districts', 'Tak/Mae Sot', { highRisk: true })],
      1,
      null,
    )
    expect(engine?.open().map(({ rule, startAt }) => [rule, startAt])).toEqual([['driven', monday]])
  })
}) // prettier-ignore
