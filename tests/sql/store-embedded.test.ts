import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { silentLog } from '../../platform/log.ts'
import { openStore } from '../../sql/store.ts'
import { storeContract } from './store-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'daan-store-'))
const path = join(folder, 'it is', "a 'store'")
const opened = openStore({ path, log: silentLog })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a second process is told that the folder is in use, and what to do', async () => {
  await opened
  const script = `
    import { openStore } from ${JSON.stringify(new URL('../../sql/store.ts', import.meta.url).href)}
    import { silentLog } from ${JSON.stringify(new URL('../../platform/log.ts', import.meta.url).href)}
    await openStore({ path: ${JSON.stringify(path)}, log: silentLog }).then(
      () => console.log('opened'),
      (error) => console.log(error.code, error.message),
    )`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(stdout).toContain('STORE_BUSY')
  expect(stdout).toContain('Stop the other process, or set DATA_DIR to another folder.')
})

storeContract('embedded', async () => {
  const store = await opened
  return { store, close: () => store.close() }
})

test('no spool file outlives its insert', () => {
  expect(readdirSync(`${path}-spool`)).toEqual([])
})
