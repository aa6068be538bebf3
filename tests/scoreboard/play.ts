import type { FeedName } from '../../ingest/feeds/layout.ts'
import { plateText, tidy } from '../../ingest/intake/text.ts'
import type { Subject } from '../../ingest/world/labels.ts'
import type { Notice } from '../../ingest/world/schemes/kind.ts'
import type { RawRecord } from '../../ingest/world/sent.ts'
import { createWorld, type Outgoing } from '../../ingest/world/world.ts'
import { hex64 } from '../../platform/hash.ts'
import type { Measured } from './score.ts'
import { pseudonyms } from './pseudonyms.ts'
import { defaultFrom, rulesOf, type Part } from './worlds.ts'

const day = 86_400_000
const hour = 3_600_000

export interface PlayOptions {
  readonly seed: number
  /** Size of the world, see ingest/world. */
  readonly scale: number
  /** Days of ordinary life before the first alert counts, and of those in which they do. */
  readonly warmDays: number
  readonly days: number
  /** Local midnight at which ordinary life begins, ms UTC. */
  readonly from?: number
  /** World time between two ticks, ms. */
  readonly stepMs?: number
  /** Only the detectors of one part run; absent: all. */
  readonly part?: Part
  readonly onProgress?: (done: number) => void | Promise<void>
  /** Told every record that is sent, and when it is logged (ms UTC). */
  readonly onRecord?: (one: Outgoing, at: number) => void
}

export type Records = Readonly<Partial<Record<FeedName, readonly RawRecord[]>>>

/** Where a world is played to: one step is what is logged at `at` (ms UTC), ended by the tick. */
export type Step = (at: number, records: Records, notices: readonly Notice[]) => Promise<void>

/** What a run knows before anybody looks at its alerts. */
export type Played = Omit<Measured, 'revisions' | 'timeOf' | 'cpuShare'>

/** Long schemes begin this long before ordinary life, ms. */
export const beforeMs = 145 * day
/** Labels that are decided later than this before the end are not counted: late records would still change what is true. */
export const settleMs = 3 * day

/** Plays a world step by step, in its own time. */
export async function playWorld(options: PlayOptions, step: Step): Promise<Played> {
  const { seed, scale, warmDays, days, from = defaultFrom, stepMs = 60_000 } = options
  const measureFrom = from + warmDays * day
  const to = measureFrom + days * day
  const world = createWorld(seed, { scale, ordinaryFrom: from })
  const labels = world.schemes(from - beforeMs, to + 30 * day)
  const deciding = new Map<string, number>(
    labels.filter(({ decidedBy }) => decidedBy !== '').map(({ decidedBy }) => [decidedBy, NaN]),
  )
  let arrivals = 0
  for (let start = from - beforeMs; start < to; start += hour) {
    // Until ordinary life begins there is little to say, and until alerts count nobody asks how fast they came.
    const stride = start < from ? hour : start < measureFrom - day ? Math.max(stepMs, 300_000) : stepMs
    const sent = world.between(start, start + hour)
    const notices = world.notices(start, start + hour)
    let [next, nextNotice] = [0, 0]
    for (let at = start + stride; at <= start + hour; at += stride) {
      const records: Partial<Record<FeedName, RawRecord[]>> = {}
      for (; next < sent.length && (sent[next] as Outgoing).sendAt < at; next++) {
        const one = sent[next] as Outgoing
        options.onRecord?.(one, at)
        ;(records[one.feed] ??= []).push(one.record)
        const name = `${one.source}:${one.record.id}`
        if (Number.isNaN(deciding.get(name))) deciding.set(name, at)
        if (at > measureFrom && one.record['direction'] === 'entry') arrivals++
      }
      const first = nextNotice
      while (nextNotice < notices.length && (notices[nextNotice]?.sendAt ?? Infinity) < at) nextNotice++
      await step(at, records, notices.slice(first, nextNotice))
    }
    await options.onProgress?.(Math.max(0, (start - from) / (to - from)))
  }
  return {
    detectors: (await rulesOf(options.part)).map(({ detector: { id, class: alertClass } }) => ({
      id,
      class: alertClass,
    })),
    labels,
    from: measureFrom,
    to,
    settleMs,
    keyOf,
    loggedAt: (event) => {
      const at = deciding.get(event)
      return at === undefined || Number.isNaN(at) ? undefined : at
    },
    arrivals,
  }
}

/** How alerts name what a label names in the clear. */
export function keyOf(subject: Subject): string {
  if ('place' in subject) return subject.place
  if ('plate' in subject)
    return hex64(
      pseudonyms.vehicle(subject.plateCountry, tidy(subject.plateProvince ?? ''), plateText(subject.plate))
        .token,
    )
  return hex64(pseudonyms.traveller(subject.documentType, subject.nationality, subject.documentNumber))
}

/** What the log's clock says at a sequence: the tick that closes the step it belongs to. */
export function timeline(
  ticks: readonly { readonly seq: number; readonly at: number }[],
): (seq: number) => number {
  return (seq) => {
    let low = 0
    let high = ticks.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ticks[middle]?.seq ?? 0) < seq) low = middle + 1
      else high = middle
    }
    return ticks[low]?.at ?? NaN
  }
}
