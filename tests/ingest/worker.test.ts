import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import { connectNats, type Nats } from '../../platform/nats.ts'
import { startNats } from '../support/nats-server.ts'
import { until } from '../support/until.ts'
import { crossing, messagesIn, recordOf, registration, rowsOf, runIngest, sighting } from './support.ts'
import { feedNames } from '../../ingest/feeds/layout.ts'

type Running = Awaited<ReturnType<typeof runIngest>>

let server: Awaited<ReturnType<typeof startNats>>
let nats: Nats
let ingest: Running

beforeAll(async () => {
  server = await startNats()
  nats = await connectNats(server.url, { log: silentLog, name: 'test' })
  ingest = await runIngest(server.url)
})
afterAll(async () => {
  await ingest.close()
  ingest.remove()
  await nats.close()
  await server.stop()
})

const acknowledged = (): Promise<unknown> =>
  until('every message to be acknowledged', async () => {
    const { num_pending: waiting, num_ack_pending: open } = await nats.jsm.consumers.info('FEEDS', 'ingest')
    return waiting === 0 && open === 0
  })
const publish = (subject: string, text: string): Promise<unknown> => nats.js.publish(subject, text)

describe('records published to NATS', () => {
  it('become the same rows as those sent over HTTP', async () => {
    const records = {
      crossings: [crossing(), crossing({ id: 'c-2', plate: '1กข 1234', plateProvince: 'Tak' }), { id: 'c-3', revision: 1, cancelled: true }],
      sightings: [sighting(), sighting({ id: 's-2', plate: '70-1234' })],
      registrations: [registration(), registration({ id: 'r-2', phone: undefined, checkOutAt: undefined })],
    } // prettier-ignore
    for (const feed of feedNames) {
      const [first, ...rest] = records[feed]
      await publish(`feeds.${feed}.test`, JSON.stringify(first))
      await publish(`feeds.${feed}.test`, rest.map((record) => JSON.stringify(record)).join('\n'))
    }
    await acknowledged()

    const second = await startNats()
    const other = await runIngest(second.url, { folder: ingest.folder })
    const otherNats = await connectNats(second.url, { log: silentLog, name: 'test' })
    for (const feed of feedNames) {
      await other.send(`/v1/feeds/${feed}`, records[feed])
      const rows = await rowsOf(nats, feed)
      expect(rows).toHaveLength(records[feed].length)
      expect(rows).toEqual(await rowsOf(otherNats, feed))
    }
    await otherNats.close()
    await other.close()
    await second.stop()
  })

  it('are taken line by line; what is rejected is kept, and a subject that names nothing is left aside', async () => {
    const lines = [crossing({ id: 'n-1' }), { ...crossing({ id: 'n-2' }), hat: 1 }, crossing({ id: 'n-3' })]
    await publish('feeds.crossings.test', lines.map((line) => JSON.stringify(line)).join('\n'))
    await publish('feeds.crossings.test', '{"id": ')
    await publish('feeds.crossings.test', '[{"id": ')
    await publish('feeds.passengers.test', '{}')
    await publish('feeds.crossings.Test_1', '{}')
    await acknowledged()
    const ids = (await rowsOf(nats, 'crossings')).map((row) => row['event_id'])
    expect(ids).toEqual(expect.arrayContaining(['test:n-1', 'test:n-3']))
    expect(ids).not.toContain('test:n-2')
    const reasons = (await messagesIn(nats, 'REJECTED', 'rejected.crossings')).map(
      ({ data }) => (JSON.parse(Buffer.from(data).toString()) as { reason: string }).reason,
    )
    expect(reasons).toEqual(['unknown-field', 'malformed', 'malformed'])
  })

  it('are neither doubled nor rejected when all of them are delivered again', async () => {
    for (let i = 0; i < 300; i++)
      await publish('feeds.sightings.test', JSON.stringify(sighting({ id: `again-${i}` })))
    await acknowledged()
    const before = { rows: await rowsOf(nats, 'sightings'), rejected: await messagesIn(nats, 'REJECTED', '') }
    await ingest.close()
    await nats.jsm.consumers.delete('FEEDS', 'ingest')
    ingest = await runIngest(server.url, { folder: ingest.folder })
    await acknowledged()
    expect(await rowsOf(nats, 'sightings')).toEqual(before.rows)
    expect(await messagesIn(nats, 'REJECTED', '')).toEqual(before.rejected)
  })

  it('are known over HTTP too', async () => {
    await publish('feeds.registrations.test', JSON.stringify(recordOf.registrations({ id: 'both' })))
    await acknowledged()
    const { body } = await ingest.send('/v1/feeds/registrations', recordOf.registrations({ id: 'both' }))
    expect(body).toMatchObject({ accepted: 0, duplicate: 1 })
  })
})
