import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../support/until.ts'
import { medians, runCommand, type Bench } from './command.ts'
import { fillLog, openSite } from './site.ts'

/** Rows that one run archives for each second asked for. */
const rowsPerSecond = 300_000

/** A full log into the embedded store, rollup on, until everything is stored. */
export const bench: Bench = (options) =>
  medians(options, async () => {
    const { keys, seconds } = options
    const wanted = Math.max(20_000, seconds * rowsPerSecond)
    const site = await openSite()
    try {
      // What the start itself costs is known from an empty log, and left out.
      await site.start('dashboard')
      const cpuBefore = site.cpuSeconds('dashboard')
      // Made ahead into another server's memory it would not be a log: it is stored while the archive waits.
      await site.end('dashboard', 'SIGTERM')
      const { last, records } = await fillLog(site.nats, { keys, records: wanted })
      const natsBefore = site.cpuSeconds('nats')
      const started = performance.now()
      const samples: { at: number; rows: number }[] = []
      await site.start('dashboard')
      await until(
        'the archive to have it all',
        async () => {
          const rows = site.detail('archive', 'rows')
          if (rows > (samples.at(-1)?.rows ?? 0)) samples.push({ at: performance.now(), rows })
          await sleep(5)
          return site.detail('archive', 'position') >= last
        },
        600_000,
      )
      const cpu = site.cpuSeconds('dashboard') - cpuBefore + site.cpuSeconds('nats') - natsBefore
      const [a, b] = [samples[0], samples.at(-1)]
      // Heartbeats come once a second: between the first and the last of them the rate is exact.
      const isLong = a !== undefined && b !== undefined && b.at - a.at > 2_500
      return {
        rowsPerSecond: isLong
          ? ((b.rows - a.rows) / (b.at - a.at)) * 1000
          : (records / (performance.now() - started)) * 1000,
        cpuMicrosecondsPerRow: (Math.max(0.01, cpu) / records) * 1e6,
        rows: records,
      }
    } finally {
      await site.close()
    }
  })

if (import.meta.main) void runCommand('archive')
