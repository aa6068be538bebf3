import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { streams, type Tick } from '../../ingest/feeds/log-subjects.ts'
import { createKey } from '../../ingest/gateway/keys.ts'
import { pseudonymKey } from '../../ingest/intake/pseudonym-key.ts'
import { createPseudonyms } from '../../ingest/intake/pseudonyms.ts'
import { watchHeartbeats } from '../../platform/heartbeat.ts'
import { silentLog } from '../../platform/log.ts'
import { connectNats, type Nats } from '../../platform/nats.ts'
import { freePort } from '../../platform/ports.ts'
import { openReader, type StoreReader } from '../../sql/store.ts'
import { until } from '../support/until.ts'
import { loadSource } from './load.ts'
import { natsPart, rolePart, storePart, type Deaths, type Part } from './parts.ts'
import { startProxy, type Proxy } from './proxy.ts'

export const slices = 2

/** The whole product, each role a process, each of their connections through a proxy; the tester itself connects directly. */
export interface System {
  readonly folder: string
  readonly natsServer: Part
  readonly store: Part
  readonly ingest: Part
  readonly archive: Part
  /** By slice; a take-over puts another one in place. */
  readonly processors: ReturnType<typeof rolePart>[]
  /** A further owner of a slice, in a folder that is no owner's now. */
  secondOwner(index: number): ReturnType<typeof rolePart>
  /** By what they lead from and to. */
  readonly links: Readonly<Record<'toNats' | 'toStore' | 'toGateway', readonly Proxy[]>>
  /** Of the gateway, through its proxy. */
  readonly gatewayUrl: string
  readonly key: string
  readonly nats: Nats
  readonly reader: StoreReader
  readonly deaths: Deaths
  readonly heartbeats: ReturnType<typeof watchHeartbeats>
  traveller(documentType: string, number: string): bigint
  /** The last tick of the log, ms UTC; 0: none yet. */
  lastTick(): Promise<number>
  close(): Promise<void>
}

/** Starts everything and resolves when each role says that it is ready. */
export async function startSystem(): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'daan-faults-'))
  const closers: (() => unknown)[] = [
    () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  ]
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    const keep = <T extends { close(): unknown }>(one: T): T => {
      closers.push(() => one.close())
      return one
    }
    const natsServer = keep(await natsPart(join(folder, 'nats')))
    const store = keep(await storePart(join(folder, 'store')))
    const deaths: Deaths = new Map()
    const keysFile = join(folder, 'keys.json')
    const pseudonymKeyFile = join(folder, 'pseudonym.key')
    const { key } = createKey(keysFile, { source: loadSource, scopes: ['feeds'] })
    const pseudonyms = createPseudonyms(pseudonymKey(pseudonymKeyFile))
    const ingestPort = await freePort()
    const toNats = await Promise.all(Array.from({ length: 4 }, () => startProxy(natsServer.port)))
    const toStore = await startProxy(store.port)
    const toGateway = await startProxy(ingestPort)
    for (const proxy of [...toNats, toStore, toGateway]) keep(proxy)

    const env = (link: number, data: string): Record<string, string> => ({
      NATS_URL: `nats://127.0.0.1:${(toNats[link] as Proxy).port}`,
      DATA_DIR: join(folder, data),
      HOST: '127.0.0.1',
      TICK_MS: '200',
      NODE_COMPILE_CACHE: join(import.meta.dirname, '../../.cache/compile'),
    })
    const ingest = rolePart(
      'ingest',
      'ingest',
      {
        ...env(0, 'ingest'),
        INGEST_PORT: String(ingestPort),
        KEYS_FILE: keysFile,
        PSEUDONYM_KEY_FILE: pseudonymKeyFile,
      },
      deaths,
    )
    keep(ingest)
    const archive = keep(
      rolePart(
        'archive',
        'archive',
        { ...env(1, 'archive'), CLICKHOUSE_URL: `http://127.0.0.1:${toStore.port}/daan` },
        deaths,
      ),
    )
    const owners = Array.from({ length: slices }, () => 0)
    const owner = (index: number): ReturnType<typeof rolePart> => {
      const which = (owners[index] as number) % 2
      owners[index] = which + 1
      const slice = `${index + 1}/${slices}`
      const data = `processor-${index}-${which}`
      return rolePart(`processor ${slice}`, 'processor', { ...env(2 + index, data), SLICE: slice }, deaths)
    }
    const processors = owners.map((_, index) => owner(index))
    closers.push(() => Promise.all(processors.map((one) => one.close())))

    const nats = keep(await connectNats(natsServer.url, { log: silentLog, name: 'faults' }))
    const heartbeats = watchHeartbeats(nats)
    closers.push(() => heartbeats.stop())
    const parts = [ingest, archive, ...processors]
    try {
      await until(
        'every role to be ready',
        () => heartbeats.seen().filter(({ up, ready }) => up && ready).length >= parts.length,
        300_000,
      )
    } catch (cause) {
      throw new Error(parts.map((part) => part.said()).join('\n'), { cause })
    }
    const reader = await openReader({ clickhouseUrl: `http://127.0.0.1:${store.port}/daan` })
    keep(reader)
    return {
      folder,
      natsServer,
      store,
      ingest,
      archive,
      processors,
      secondOwner: owner,
      links: { toNats, toStore: [toStore], toGateway: [toGateway] },
      gatewayUrl: `http://127.0.0.1:${toGateway.port}`,
      key,
      nats,
      reader,
      deaths,
      heartbeats,
      traveller: (documentType, number) => pseudonyms.traveller(documentType, 'UTO', number),
      lastTick: async () => {
        const message = await nats.jsm.streams.getMessage(streams.events, { last_by_subj: 'events.tick' })
        return message === null ? 0 : message.json<Tick>().at
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
