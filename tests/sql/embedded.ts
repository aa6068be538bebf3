import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../../platform/log.ts'
import { migrate } from '../../sql/migrate.ts'
import { openStore, type Store } from '../../sql/store.ts'

/** An embedded store with the whole schema in a temporary folder; a test process can hold one at a time. */
export async function embeddedStore(): Promise<{ store: Store; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'daan-store-'))
  const store = await openStore({ path: join(folder, 'store'), log: silentLog })
  await migrate(store, { log: silentLog })
  return {
    store,
    close: async () => {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
