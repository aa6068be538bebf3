import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AlertItem } from '../../../dashboard/api/shapes.ts'
import { alertRow, revisionOf, startDashboard, type Dashboard } from './support.ts'

let dashboard: Dashboard
let base: string
beforeAll(async () => {
  dashboard = await startDashboard()
  await dashboard.store.insertRows(
    'reference',
    [
      {
        table_name: 'sites',
        id: 'CP-1',
        valid_from: '2020-01-01',
        valid_to: null,
        source: 'test',
        owner: 'test',
        row: JSON.stringify({
          id: 'CP-1',
          name: 'Mae Sot',
          nameTh: 'แม่สอด',
          validFrom: '2020-01-01',
          validTo: null,
          source: 'test',
          owner: 'test',
        }),
        logged_at: new Date(0),
        log_seq: 1,
      },
    ],
    'reference',
  )
  base = await dashboard.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => dashboard.stop())

interface Heard {
  readonly id: string
  readonly event: string
  readonly data: AlertItem
}

/** Opens the stream and gives its events one by one; comments are left out. */
async function listen(options: { after?: string; lastEventId?: string } = {}) {
  const abort = new AbortController()
  const answer = await fetch(
    `${base}/api/alerts/stream${options.after === undefined ? '' : `?after=${options.after}`}`,
    {
      headers: {
        cookie: await dashboard.signIn('analyst'),
        ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
      },
      signal: abort.signal,
    },
  )
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const next = async (): Promise<Heard> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end !== -1) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
        if (fields['event'] !== undefined)
          return { id: fields['id'], event: fields['event'], data: JSON.parse(fields['data']) as AlertItem }
        continue
      }
      const { value, done } = await reader.read()
      if (done) throw new Error('the stream ended')
      text += value
    }
  }
  // The first bytes come once the server listens for it.
  const first = await reader.read()
  text += first.value ?? ''
  return { answer, next, close: () => abort.abort() }
}

test('an alert that is published arrives as an event with the name of its site', async () => {
  await dashboard.get('/api/sites')
  const live = await listen()
  expect(live.answer.headers.get('content-type')).toContain('text/event-stream')
  expect(live.answer.headers.get('content-encoding')).toBeNull()
  expect(live.answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  const seq = await dashboard.publish({ revisions: [revisionOf()] })
  expect(await live.next()).toEqual({
    id: `${seq}.0`,
    event: 'alert',
    data: expect.objectContaining({
      alertId: '00000000000000a1',
      revision: 1,
      siteName: { en: 'Mae Sot', th: 'แม่สอด' },
      sentence: { en: 'One document crossed 4 times.', th: 'เอกสารหนึ่งข้าม 4 ครั้ง' },
      eventCount: 1,
    }),
  })
  live.close()
})

test('a listener that was cut off goes on with the revision after the last it had', async () => {
  const live = await listen()
  const seq = await dashboard.publish({
    revisions: [2, 3, 4].map((revision) => revisionOf({ revision })),
  })
  const first = await live.next()
  expect(first.data.revision).toBe(2)
  live.close()
  const again = await listen({ lastEventId: first.id })
  expect([(await again.next()).data.revision, (await again.next()).data.revision]).toEqual([3, 4])
  // A commit that only moves the position is no event; the next alert is.
  await dashboard.publish({ revisions: [] })
  await dashboard.publish({ revisions: [revisionOf({ revision: 5 })] })
  expect((await again.next()).id).toBe(`${seq + 2}.0`)
  again.close()
})

test('a page that opens the stream at the position of its list misses nothing and hears nothing twice', async () => {
  const seq = await dashboard.publish({ revisions: [revisionOf({ alertId: '00000000000000b1' })] })
  // The archive has the first and not the second.
  await dashboard.store.insertRows(
    'alert_revisions',
    [alertRow(revisionOf({ alertId: '00000000000000b1' }), seq)],
    'b1',
  )
  await dashboard.publish({ revisions: [revisionOf({ alertId: '00000000000000b2' })] })
  const { position, alerts } = (await dashboard.get('/api/alerts/newest')).json()
  expect(alerts.map((alert: AlertItem) => alert.alertId)).toContain('00000000000000b1')
  const live = await listen({ after: position })
  expect((await live.next()).data.alertId).toBe('00000000000000b2')
  live.close()
})

test('a position of another stream asks the page to load its list again', async () => {
  const live = await listen({ lastEventId: '999999.0' })
  expect((await live.next()).event).toBe('reset')
  await dashboard.publish({ revisions: [revisionOf({ revision: 9 })] })
  expect((await live.next()).data.revision).toBe(9)
  live.close()
})

test('whoever is not signed in hears nothing', async () => {
  expect((await fetch(`${base}/api/alerts/stream`)).status).toBe(401)
})
