import { ensureStreams, type Nats, type StreamSettings } from '../platform/nats.ts'
import { streams } from './feeds/log-subjects.ts'

/** What analysts do with alerts, on its way to the archive: sql/triage-message.ts. */
export const triageStream = 'TRIAGE'
/** Every look at a person, on its way to the archive: sql/audit-message.ts. Kept as long as the journal itself. */
export const auditStream = 'AUDIT'

const gigabyte = 1024 ** 3

/** A size in GiB from the environment. Throws RangeError naming the variable. */
function gib(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = Number(env[name] || fallback)
  if (!(value > 0)) throw new RangeError(`${name} is "${env[name]}"; set it to a size in GiB above 0.`)
  return value * gigabyte
}

/** The streams of the system; sizes from `FEEDS_GIB`, `EVENTS_GIB`, `REJECTED_GIB`, `ALERTS_GIB`, `TRIAGE_GIB`, `AUDIT_GIB`. */
export function streamSettings(env: NodeJS.ProcessEnv = process.env): StreamSettings[] {
  const window = { duplicateWindowMs: 600_000 }
  return [
    {
      name: streams.feeds,
      subjects: ['feeds.*.*'],
      maxAgeDays: 7,
      maxBytes: gib(env, 'FEEDS_GIB', 4),
      ...window,
    },
    {
      name: streams.events,
      subjects: ['events.>'],
      maxAgeDays: 180,
      maxBytes: gib(env, 'EVENTS_GIB', 16),
      ...window,
    },
    {
      name: streams.rejected,
      subjects: ['rejected.*'],
      maxAgeDays: 30,
      maxBytes: gib(env, 'REJECTED_GIB', 1),
      ...window,
    },
    {
      name: streams.alerts,
      subjects: ['alerts.*'],
      maxAgeDays: 180,
      maxBytes: gib(env, 'ALERTS_GIB', 4),
      ...window,
    },
    {
      name: triageStream,
      subjects: ['triage.*'],
      maxAgeDays: 180,
      maxBytes: gib(env, 'TRIAGE_GIB', 0.25),
      ...window,
    },
    {
      name: auditStream,
      subjects: ['audit.*'],
      maxAgeDays: 5 * 366,
      maxBytes: gib(env, 'AUDIT_GIB', 0.5),
      ...window,
    },
  ]
}

/** Makes sure that the streams are there; every role may call it, in any order. */
export async function ensureLogStreams(nats: Nats, replicas: number): Promise<void> {
  await ensureStreams(nats, streamSettings(), replicas)
}
