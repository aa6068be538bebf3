import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuditLog, type AuditDraft } from '../../../dashboard/api/audit-log.ts'
import { Audit, type AuditChain } from '../../../dashboard/api/audit-shapes.ts'
import type { AuditMessage } from '../../../sql/audit-message.ts'
import { startDashboard, type Dashboard } from './support.ts'

const morning = Date.parse('2026-11-23T02:00:00Z')
const hourMs = 3_600_000
const car = '00000000000000c1'
const person = '00000000000000d1'

let dashboard: Dashboard
let entries: AuditMessage[]

/** As the archive writes it. */
function rowOf({ alertId, caseNumber, at, ...rest }: AuditMessage) {
  return {
    ...rest,
    at: new Date(at),
    alert_id: alertId,
    case_number: caseNumber,
    log_id: 1,
    audit_seq: rest.number,
  }
}
const looks: readonly Partial<AuditDraft>[] = [
  { actor: 'analyst-aaaa', key: person, keyspace: 'traveller', act: 'evidence', purpose: 'triage' },
  { actor: 'analyst-aaaa' },
  { actor: 'analyst-bbbb', act: 'companions' },
  { actor: 'admin-cccc', role: 'admin', act: 'handover', detail: 'p1 Embassy of Utopia' },
  { actor: 'analyst-bbbb', key: person, keyspace: 'traveller' },
]

beforeAll(async () => {
  dashboard = await startDashboard()
  const { js, jsm } = dashboard.nats
  let hours = 0
  const log = createAuditLog({ js, jsm, wall: () => morning + hours++ * hourMs })
  entries = []
  for (const look of looks)
    entries.push(
      await log.write({
        actor: 'analyst-aaaa',
        role: 'analyst',
        act: 'entity',
        keyspace: 'vehicle',
        key: car,
        alertId: '',
        purpose: 'investigation',
        caseNumber: 'INV-7/2026',
        detail: '',
        ...look,
      }),
    )
  await dashboard.store.insertRows('audit', entries.map(rowOf), 'audit')
})
afterAll(() => dashboard.stop())

const get = async <T>(url: string): Promise<T> => (await dashboard.get(url, 'admin')).json() as T
const numbers = async (query: string): Promise<number[]> =>
  (await get<Audit>(`/api/audit${query}`)).entries.map(({ number }) => number)

describe('the audit journal', () => {
  test('is given newest first, by pages, with who is in it', async () => {
    const all = await get<Audit>('/api/audit')
    expect([...Compile(Audit).Errors(all)]).toEqual([])
    expect(all.entries).toEqual(entries.toReversed())
    expect(all).toMatchObject({ more: false, total: 5 })
    expect(all.actors).toEqual(['analyst-bbbb', 'admin-cccc', 'analyst-aaaa'])
    const first = await get<Audit>('/api/audit?limit=2')
    expect(first).toMatchObject({ more: true, total: 5 })
    expect(await numbers('?limit=2&before=4')).toEqual([3, 2])
    expect(await get<Audit>('/api/audit?limit=1&before=2')).toMatchObject({ more: false, total: 5 })
  })

  test.each([
    ['who', '?actor=analyst-bbbb', [5, 3]],
    ['the role that a name begins with', '?actor=admin', [4]],
    ['what was done', '?act=companions', [3]],
    ['whom it was about', `?key=${person}`, [5, 1]],
    ['the time', '?from=2026-11-23T03:00:00Z&to=2026-11-23T05:00:00Z', [3, 2]],
    ['local days', '?from=2026-11-24', []],
    ['several at once', `?actor=analyst-aaaa&act=entity&key=${car}`, [2]],
  ])('is filtered by %s', async (_, query, found) => {
    expect(await numbers(query)).toEqual(found)
    expect(await get<Audit>(`/api/audit${query}`)).toMatchObject({ total: found.length })
  })

  test.each([
    ['?act=looked', 'act'],
    ['?from=2026-02-30', 'from'],
    ['?from=2026-11-24&to=2026-11-23', 'to'],
    ['?actor=Some%20Body', 'actor'],
  ])('refuses %s, naming the field', async (query, field) => {
    const answer = await dashboard.get(`/api/audit${query}`, 'admin')
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ field, fix: expect.any(String) })
  })

  test('tells that its chain is whole, and where it is not any more', async () => {
    expect(await get<AuditChain>('/api/audit/chain')).toMatchObject({
      checked: 5,
      brokenAt: null,
      missing: 0,
    })
  })

  test.each(['analyst', 'leader'] as const)('is no matter of the role %s', async (role) => {
    for (const url of ['/api/audit', '/api/audit/chain'])
      expect((await dashboard.get(url, role)).statusCode).toBe(403)
  })
})
