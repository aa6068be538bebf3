import type { FastifyInstance } from 'fastify'
import type { JetStreamManager } from '@nats-io/jetstream'
import { streams } from '../../ingest/feeds/log-subjects.ts'
import type { RoleStatus } from '../../platform/heartbeat.ts'
import { parsePosition, type AlertFeed } from './alert-feed.ts'
import { readers } from './access.ts'
import type { Lag } from './shapes.ts'

export interface LagDeps {
  readonly jsm: JetStreamManager
  readonly feed: Pick<AlertFeed, 'positionOf'>
  /** Last message of ALERTS that the store has alerts of. */
  readonly storedAlerts: () => Promise<number>
  readonly roles: () => readonly RoleStatus[]
}

/** A processor commits within milliseconds of what it reads. */
const commitMs = 250
const tickSubject = 'events.tick'

/**
 * GET /api/lag: how far each stage is behind the log. Ticks keep the log growing for ever, so `caughtUp` asks whether the last
 * message with content, and the tick after it where there is one, is through every stage.
 */
export function lagRoutes(app: FastifyInstance, deps: LagDeps): void {
  const lastContent = createContentFinder(deps.jsm)

  app.get('/api/lag', { config: readers }, async (): Promise<Lag> => {
    const [events, alerts] = await Promise.all([
      deps.jsm.streams.info(streams.events),
      deps.jsm.streams.info(streams.alerts),
    ])
    const logLastSeq = events.state.last_seq
    const alertsLastSeq = alerts.state.last_seq
    const contentSeq = await lastContent(logLastSeq)
    // After the streams: a stage that says it is that far has seen all of the above.
    const alertsSeq = parsePosition(await deps.feed.positionOf(await deps.storedAlerts()))?.seq ?? 0
    const up = deps.roles().filter((role) => role.up)
    const archive = up.find(({ role }) => role === 'archive')?.details ?? {}
    const archiveSeq = number(archive['position'])
    const rollupPending = Math.max(0, Math.min(archiveSeq, contentSeq) - number(archive['rollupPosition']))
    const processors = up.filter(({ role }) => role === 'processor')
    const archiver = up.find(({ role }) => role === 'archive')
    const ageAt = (role: RoleStatus | undefined, seq: number): Promise<number | null> =>
      role === undefined ? Promise.resolve(null) : age(seq, logLastSeq, role.heardAt)
    const [archiveAge, rollupAge, ...processorAges] = await Promise.all([
      ageAt(archiver, archiveSeq),
      // Ticks are no content: what is not in the charts yet is counted from the last message that has any.
      rollupPending === 0 ? 0 : ageAt(archiver, number(archive['rollupPosition'])),
      ...processors.map((processor) => ageAt(processor, number(processor.details['seq']))),
    ])
    const known = [archiveAge, rollupAge, ...processorAges].filter((one) => one !== null)
    const whole = archiveAge !== null && processors.length > 0
    return {
      logLastSeq,
      archiveSeq,
      alertsLastSeq,
      alertsSeq,
      processors: processors.map(({ instance, details }) => ({
        slice: instance,
        seq: number(details['seq']),
      })),
      rollupPending,
      caughtUp:
        archiveSeq >= contentSeq &&
        rollupPending === 0 &&
        alertsSeq >= alertsLastSeq &&
        processors.length > 0 &&
        processors.every((processor) => isThrough(processor, contentSeq)),
      ages: {
        archive: archiveAge ?? 0,
        processors: Math.max(0, ...processorAges.map((one) => one ?? 0)),
        rollup: rollupAge ?? 0,
      },
      endToEndMs: whole ? Math.max(...known) : null,
    }
  })

  /** How long the message after `seq` had been in the log at a time, ms; 0 when there was none. */
  async function age(seq: number, lastSeq: number, at: number): Promise<number> {
    if (seq >= lastSeq) return 0
    const next = await deps.jsm.streams.getMessage(streams.events, { seq: seq + 1 })
    return next === null ? 0 : Math.max(0, at - next.time.getTime())
  }
}

/** It has read that far, and what it found had the time to be committed. */
function isThrough({ details, heardAt }: RoleStatus, contentSeq: number): boolean {
  return (
    number(details['seq']) >= contentSeq &&
    number(details['waiting']) === 0 &&
    Date.now() - heardAt >= commitMs
  )
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** Finds the last message that is no tick, or the first tick after it; looks only at what came since it was last asked. */
function createContentFinder(jsm: JetStreamManager): (lastSeq: number) => Promise<number> {
  const contentSubjects = ['crossings', 'sightings', 'registrations', 'reference', 'volumes'].map(
    (name) => `events.${name}`,
  )
  let seen = { upTo: -1, contentSeq: 0 }
  return async (lastSeq) => {
    if (seen.upTo === -1 || lastSeq < seen.upTo || lastSeq - seen.upTo > 50) {
      const last = await Promise.all(
        contentSubjects.map((subject) => jsm.streams.getMessage(streams.events, { last_by_subj: subject })),
      )
      seen = { upTo: lastSeq, contentSeq: Math.max(0, ...last.map((message) => message?.seq ?? 0)) }
    }
    for (let seq = lastSeq; seq > seen.upTo; seq--) {
      const message = await jsm.streams.getMessage(streams.events, { seq })
      if (message !== null && message.subject !== tickSubject) {
        seen = { ...seen, contentSeq: seq }
        break
      }
    }
    seen = { upTo: lastSeq, contentSeq: seen.contentSeq }
    return Math.min(seen.contentSeq + 1, lastSeq)
  }
}
