import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import { startNatsServer } from '../../platform/nats-server.ts'
import { createArchive } from '../../sql/archive.ts'
import { migrate } from '../../sql/migrate.ts'
import { openStore } from '../../sql/store.ts'
import { startClickHouse } from '../support/clickhouse.ts'
import { batchOf, connectWithStreams, eventually } from './log-fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'daan-outage-'))
const path = join(folder, 'clickhouse')
const storeDir = join(folder, 'nats')
let clickhouse = await startClickHouse({ path })
let server = await startNatsServer({ port: 0, storeDir, log: silentLog, sync: false })
const nats = await connectWithStreams(server.url)
const store = await openStore({ clickhouseUrl: clickhouse.url, log: silentLog })
await migrate(store, { log: silentLog })
const archive = createArchive({ lingerMs: 20 }, { nats, store, log: silentLog })
archive.start()
afterAll(async () => {
  await archive.stop()
  await store.close()
  await nats.close()
  await server.stop()
  await clickhouse.stop()
  rmSync(folder, { recursive: true, force: true })
})

const rows = async (): Promise<number> =>
  (await store.query<{ n: number }>('SELECT toUInt32(count()) AS n FROM crossings'))[0]?.n ?? -1
let number = 0
const publishOne = () => {
  const { subject, bytes } = batchOf('crossings', [{ id: `o${number++}` }, { id: `o${number++}` }])
  return nats.js.publish(subject, bytes, { timeout: 500 })
}

test('while ClickHouse is down the archive says that it is not ready, and afterwards every row is there once', async () => {
  await publishOne()
  await eventually(rows, (n) => n === 2)
  const { port } = clickhouse
  await clickhouse.kill()
  for (let i = 0; i < 5; i++) await publishOne()
  await eventually(
    () => archive.status().ready,
    (ready) => !ready,
  )
  clickhouse = await startClickHouse({ path, port })
  await eventually(
    () => archive.status(),
    ({ ready, lag }) => ready && lag === 0,
    20_000,
  )
  await eventually(rows, (n) => n === 12)
})

test('after a restart of the NATS server the archive goes on where it was', async () => {
  const port = Number(new URL(server.url).port)
  await server.stop()
  server = await startNatsServer({ port, storeDir, log: silentLog, sync: false })
  await eventually(
    () =>
      publishOne().then(
        () => true,
        () => false,
      ),
    Boolean,
    20_000,
  )
  const expected = 2 * (await nats.jsm.streams.info('EVENTS')).state.messages
  await eventually(rows, (n) => n === expected, 30_000)
  expect(archive.status()).toMatchObject({ ready: true, lost: 0, skipped: 0 })
})
