import { afterAll, expect, test } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import { openReader, openStore } from '../../sql/store.ts'
import { startClickHouse } from '../support/clickhouse.ts'
import { storeContract } from './store-contract.ts'

const server = await startClickHouse()
afterAll(() => server.stop())

storeContract('over HTTP', async () => {
  const store = await openStore({ clickhouseUrl: server.url, log: silentLog })
  return { store, close: () => store.close() }
})

test('a reader opens by URL alone', async () => {
  const reader = await openReader({ clickhouseUrl: server.url })
  expect(await reader.query('SELECT toUInt8(1) AS one')).toEqual([{ one: 1 }])
  await reader.close()
})

test('a server that does not answer is told apart from one that refuses', async () => {
  const opening = openStore({ clickhouseUrl: 'http://127.0.0.1:9/daan', log: silentLog })
  await expect(opening).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
})
