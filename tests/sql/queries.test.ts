import { readdirSync } from 'node:fs'
import { tableFromIPC } from 'apache-arrow'
import type { TObject, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Param, Store, StoreReader } from '../../sql/store.ts'
import type { Query } from '../../sql/queries/query.ts'
import { queryText, runQuery, runQueryArrow } from '../../sql/queries/run.ts'
import { recompute } from '../../sql/rollup.ts'
import { refreshPlaces } from '../../sql/rollup-days.ts'
import { embeddedStore } from './embedded.ts'
import { fillStore } from './fill-store.ts'

/** Every query of the folder, with its text, on the real engine. */
const folder = new URL('../../sql/queries/', import.meta.url)
const texts = readdirSync(folder).filter((file) => file.endsWith('.sql'))
const queries = new Map<string, Query>()
for (const file of texts)
  queries.set(
    file.slice(0, -4),
    ((await import(new URL(`${file.slice(0, -4)}.ts`, folder).href)) as { default: Query }).default,
  )

let store: Store
let reader: StoreReader
let close: () => Promise<void>
beforeAll(async () => {
  ;({ store, close } = await embeddedStore())
  await fillStore(store)
  await recompute(store, { logId: 1, after: 0, to: 100 })
  await refreshPlaces(store)
  reader = await store.reader()
})
afterAll(async () => {
  await reader.close()
  await close()
})

/** Placeholders of a text, name to type. */
function placeholders(text: string): Record<string, string> {
  const lists = [...text.matchAll(/-- if (\w+) has /g)].map((match) => [match[1] as string, 'Array(String)'])
  return Object.fromEntries([
    ...lists,
    ...[...text.matchAll(/\{\s*(\w+)\s*:\s*([^}]+?)\s*\}/g)].map((match) => [
      match[1] as string,
      match[2] as string,
    ]),
  ])
}

/** What a schema may say for a placeholder's type. */
function fits(schema: TSchema | undefined, type: string): boolean {
  const described = schema as { type?: string; items?: TSchema; anyOf?: TSchema[] } | undefined
  const [, inner] = /^Array\((.+)\)$/.exec(type) ?? []
  if (inner !== undefined) return described?.type === 'array' && fits(described.items, inner)
  if (/^U?Int\d+$|^Float/.test(type)) return described?.type === 'number' || described?.type === 'integer'
  return described?.type === 'string'
}

const samples: Record<string, Param> = {
  grain: 'day',
  top: 5,
  split: 'site',
  column: 'count',
  feeds: ['crossings', 'sightings', 'registrations'],
  compare_from: 0,
  compare_to: 0,
  zone: 'Asia/Bangkok',
  limit: 10,
  site: '',
  status: 'open',
  now: Date.UTC(2026, 0, 6),
  alert_id: '00000000000000a1',
  revision: 1,
  known_at: Date.UTC(2030, 0),
  to: Date.UTC(2030, 0),
  from: 0,
  froms: [Date.UTC(2026, 0, 5), Date.UTC(2025, 11, 29)],
  tos: [Date.UTC(2026, 0, 6), Date.UTC(2025, 11, 30)],
  assumed_ms: 86_400_000,
  from_at: '2020-01-01 00:00:00',
  to_at: '2030-01-01 00:00:00',
  compare_from_at: '2020-01-01 00:00:00',
  compare_to_at: '2020-01-01 00:00:00',
  level: 'area',
  site_days: ['2026-01-05'],
  dimensions: ['site', 'feed', 'province', 'zone'],
  hours_from: [Date.UTC(2026, 0, 5) / 1000],
  hours_to: [Date.UTC(2026, 0, 6) / 1000],
  before_id: '',
}

/** Where the common sample would find nothing. */
const special: Record<string, Record<string, Param>> = {
  'open-alerts-by-site': { rule: 'repeated-crossings' },
  'presence-steps': { site: 'S1' },
  'alert-related': { keyspace: 'traveller', key: '00000000000000aa', alert_id: 'other' },
  'alert-triage': { ids: ['00000000000000a1'] },
  'triage-action': { action_id: '00000000000000c1' },
  'explore-present-boards': { to: Date.UTC(2026, 0, 5, 10) },
  'explore-notes': { first_day: '2026-01-01', last_day: '2026-12-31' },
  'snooze-preview': { rule: 'repeated-crossings' },
  'alerts-by-id': { ids: ['00000000000000a1'] },
  'site-gaps': { sites: ['S3'], least: 3_600_000 },
  'explore-known-changes': { known_at: 0 },
  'explore-alerts-boards': { standing: 'yes' },
  'explore-alerts-series': { standing: 'yes' },
  'minutes-of-hours': { hour_1: Date.UTC(2026, 0, 5) },
  'cube-hours': { feed: 'crossings' },
  'cube-names': { feed: 'crossings' },
  'entity-events': { keyspace: 'vehicle', key: '00000000000000b1' },
  'entity-reads-before': { key: '00000000000000b1' },
  companions: { key: '00000000000000b1', within: 600_000 },
  'passages-by-hour': { key: '00000000000000b1', keys: ['00000000000000b2'] },
}

function sampleOf(query: string, name: string, schema: TSchema): Param {
  const given = special[query]?.[name] ?? samples[name]
  if (given !== undefined) return given
  const { type } = schema as { type?: string }
  if (type === 'array') return []
  return type === 'string' ? '' : 0
}

describe.each([...queries])('the query %s', (name, query) => {
  const text = queryText(name)
  const properties = (query.params as TObject).properties

  test('is a pair: its name, its placeholders and its schema agree, and its text opens with what it gives', () => {
    expect(query.name).toBe(name)
    const found = placeholders(text)
    expect(Object.keys(properties).sort()).toEqual(Object.keys(found).sort())
    for (const [param, type] of Object.entries(found))
      expect([param, type, fits(properties[param], type)]).toEqual([param, type, true])
    expect(text).toMatch(/^-- [A-Z]/)
    expect(text).not.toMatch(/\$\{/)
  })

  test('runs on the real engine by a read-only connection, and its rows are as its schema says', async () => {
    const params = Object.fromEntries(
      Object.entries(properties).map(([param, schema]) => [param, sampleOf(name, param, schema)]),
    )
    const rows = await runQuery(reader, query, params)
    const check = Compile(query.row)
    for (const row of rows) expect([...check.Errors(row)], JSON.stringify(row)).toEqual([])
    expect(rows.length, 'the sample store gives every query something').toBeGreaterThan(0)
    const table = tableFromIPC(await runQueryArrow(reader, query, params))
    expect(table.numRows).toBe(rows.length)
    expect(table.schema.fields.map((field) => field.name).sort()).toEqual(
      Object.keys(query.row.properties).sort(),
    )
  })
})

test('a feed begins with its first day of many records, not with one record of a wrong clock', async () => {
  const row = (at: number, count: number) => ({
    feed: 'probe',
    hour: new Date(at).toISOString().slice(0, 19).replace('T', ' '),
    province: 'Tak',
    zone: 'border',
    count,
    version: 1,
  })
  const first = Date.UTC(2026, 0, 5, 3)
  const many = [0, 1, 2].map((n) => row(first + n * 86_400_000, 100))
  await store.insertRows('area_hours', [row(Date.UTC(2021, 4, 1), 1), ...many], 'feed-beginnings')
  const found = (await reader.query<{ feed: string; first_at: number }>(queryText('feed-beginnings'))).find(
    ({ feed }) => feed === 'probe',
  )
  expect(found?.first_at).toBe(first)
})
