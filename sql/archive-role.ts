import { startHeartbeat } from '../platform/heartbeat.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { createArchive, type ArchiveConfig, type ArchiveStatus } from './archive.ts'
import { serveHistory } from './history-service.ts'
import { migrate } from './migrate.ts'
import { createRollup, type RollupConfig } from './rollup.ts'
import type { Store } from './store.ts'

/** Of the archive, and how far the charts are (a log sequence) and how long they took last time, ms. */
export interface RoleStatus extends ArchiveStatus {
  readonly rollupPosition: number
  readonly rollupMs: number
}

/**
 * The role `archive`: schema, archive, rollup and heartbeat on a store that is open for writing. Whoever owns an embedded
 * store runs it; with a server it is a process of its own (`sql/main.ts`). `stop` leaves store and connection open.
 * Throws MigrationError and StoreError when the schema cannot be brought up to date.
 */
export async function startArchiveRole(
  config: ArchiveConfig & RollupConfig & { readonly instance?: string },
  deps: { nats: Nats; store: Store; log: Log },
): Promise<{ status(): RoleStatus; readonly ended: Promise<void>; stop(): Promise<void> }> {
  const { nats, store, log } = deps
  await migrate(store, { log })
  const archive = createArchive(config, deps)
  const rollup = createRollup(config, { store, log, archived: () => archive.archived() })
  const status = (): RoleStatus => {
    const { position, ms } = rollup.status()
    return { ...archive.status(), rollupPosition: position, rollupMs: ms }
  }
  archive.start()
  rollup.start()
  const history = serveHistory({ nats, store, log, archived: () => archive.archived() })
  const heartbeat = startHeartbeat(nats, {
    role: 'archive',
    instance: config.instance ?? '1',
    status: () => {
      const { ready, ...details } = status()
      return { ready, details }
    },
  })
  return {
    status,
    ended: archive.ended,
    async stop() {
      heartbeat.stop()
      history.stop()
      await Promise.all([archive.stop(), rollup.stop()])
    },
  }
}
