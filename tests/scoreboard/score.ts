import type { AlertRevision } from '../../processors/alert.ts'
import type { Scheme, Subject } from '../../ingest/world/labels.ts'

/** Figures of one detector. A rate of nothing is null. */
export interface Figures {
  readonly id: string
  readonly class: string
  /** Patterns that a right detector finds and keeps, and those of them that it did. */
  readonly planted: number
  readonly found: number
  /** Of all alerts that were ever raised, the share that is about something true. */
  readonly precision: number | null
  readonly recall: number | null
  /** From the moment at which the deciding record was logged to the log's time of the alert, s. */
  readonly medianDelayS: number | null
  readonly alerts: number
  readonly falseAlerts: number
  /** Hard negatives, and patterns that were taken back: planted, and those that an alert stands for all the same. */
  readonly negatives: number
  readonly negativesFound: number
  /** Alerts that were withdrawn in the end, whatever for. */
  readonly withdrawn: number
  readonly alertsADayPer100kArrivals: number
  readonly falseADayPer100kArrivals: number
  /** Share of the processor's CPU time that its evaluation takes. */
  readonly cpuShare: number
}

export interface Measured {
  readonly detectors: readonly { readonly id: string; readonly class: string }[]
  readonly labels: readonly Scheme[]
  readonly revisions: readonly AlertRevision[]
  /** Patterns count that are decided in [from, to − settleMs); alerts that are raised in [from, to). */
  readonly from: number
  readonly to: number
  readonly settleMs: number
  /** Pseudonym or id of a subject, as alerts name keys. */
  readonly keyOf: (subject: Subject) => string
  /** When a record was first logged, by `source:id`; undefined: never. */
  readonly loggedAt: (event: string) => number | undefined
  /** The log's time at a sequence, ms UTC. */
  readonly timeOf: (logSeq: number) => number
  readonly arrivals: number
  readonly cpuShare: (id: string) => number
}

/** A finding may begin and end this much beside the pattern: clocks of sites are off, and spans are those of the evidence. */
const slackMs = 2 * 3_600_000

/** One alert over its whole life. */
interface Life {
  readonly first: AlertRevision
  readonly last: AlertRevision
  readonly startAt: number
  readonly endAt: number
}

/** Holds the alerts of a run against the labels of its world. */
export function score(measured: Measured): Figures[] {
  const lives = livesOf(measured.revisions)
  return measured.detectors.map(({ id, class: alertClass }) => {
    const own = lives.filter(({ first }) => first.rule === id)
    const raised = own.filter(({ first }) => first.raisedAt >= measured.from && first.raisedAt < measured.to)
    const truths = truthsOf(measured, id)
    const settled = truths.labels.filter(
      ({ decidedAt }) => decidedAt >= measured.from && decidedAt < measured.to - measured.settleMs,
    )
    const matches = (label: Truth): Life[] => own.filter((life) => isAbout(life, label))
    const planted = settled.filter(({ truth }) => truth === 'stands')
    const found = planted.filter((label) => matches(label).some(({ last }) => last.status === 'open'))
    const negatives = settled.filter(({ truth }) => truth !== 'stands')
    const negativesFound = negatives.filter((label) =>
      matches(label).some((life) => life.last.status === 'open' && !isTrue(life, truths, measured)),
    )
    const falseAlerts = raised.filter((life) => !isTrue(life, truths, measured))
    const delays = found.flatMap((label) => {
      const at = label.decidedBy === '' ? label.decidedAt : measured.loggedAt(label.decidedBy)
      if (at === undefined) return []
      const first = Math.min(...matches(label).map((life) => measured.timeOf(life.first.logSeq)))
      return [Math.max(0, (first - at) / 1000)]
    })
    const arrivals = measured.arrivals / 100_000

    return {
      id,
      class: alertClass,
      planted: planted.length,
      found: found.length,
      precision: ratio(raised.length - falseAlerts.length, raised.length),
      recall: ratio(found.length, planted.length),
      medianDelayS: median(delays),
      alerts: raised.length,
      falseAlerts: falseAlerts.length,
      negatives: negatives.length,
      negativesFound: negativesFound.length,
      withdrawn: raised.filter(({ last }) => last.status === 'withdrawn').length,
      alertsADayPer100kArrivals: rounded(raised.length / arrivals),
      falseADayPer100kArrivals: rounded(falseAlerts.length / arrivals),
      cpuShare: rounded(measured.cpuShare(id)),
    }
  })
}

/** What was missed and what was wrong, in words: for whoever looks for the cause. */
export function faults(measured: Measured, id: string): { missed: Scheme[]; wrong: AlertRevision[] } {
  const lives = livesOf(measured.revisions).filter(({ first }) => first.rule === id)
  const truths = truthsOf(measured, id)
  const missed = truths.labels.filter(
    (label) =>
      label.truth === 'stands' &&
      label.decidedAt >= measured.from &&
      label.decidedAt < measured.to - measured.settleMs &&
      !lives.some((life) => life.last.status === 'open' && isAbout(life, label)),
  )
  const wrong = lives
    .filter(({ first }) => first.raisedAt >= measured.from && first.raisedAt < measured.to)
    .filter((life) => !isTrue(life, truths, measured))
  return { missed: missed.map(({ scheme }) => scheme), wrong: wrong.map(({ last }) => last) }
}

/** Whether an alert is about something that a label says is so. */
function isTrue(life: Life, { labels, also }: Truths, { to, settleMs }: Measured): boolean {
  const about = labels.filter((label) => isAbout(life, label))
  if (about.some(({ truth }) => truth === 'stands') || also.some((one) => isAbout(life, one))) return true
  // What is taken back later may have an alert until then, and for as long as the run has not seen the end of it.
  return about.some(
    ({ truth, decidedAt }) =>
      truth === 'withdrawn' && (life.last.status === 'withdrawn' || decidedAt >= to - settleMs),
  )
}

interface Truths {
  readonly labels: readonly Truth[]
  readonly also: readonly About[]
}

interface About {
  readonly keys: ReadonlySet<string>
  readonly startAt: number
  readonly endAt: number
}

interface Truth extends About {
  readonly scheme: Scheme
  readonly truth: Scheme['truth']
  readonly decidedAt: number
  readonly decidedBy: string
}

function truthsOf({ labels, keyOf }: Measured, id: string): Truths {
  const span = ({ startAt, endAt }: Scheme) => ({ startAt, endAt })
  return {
    labels: labels
      .filter(({ rule }) => rule === id)
      .map((scheme) => ({
        ...span(scheme),
        scheme,
        truth: scheme.truth,
        decidedAt: scheme.decidedAt,
        decidedBy: scheme.decidedBy,
        keys: new Set(scheme.subjects.map(keyOf)),
      })),
    also: labels.flatMap((scheme) =>
      scheme.also
        .filter(({ rule }) => rule === id)
        .map(({ subjects }) => ({ ...span(scheme), keys: new Set(subjects.map(keyOf)) })),
    ),
  }
}

const isAbout = ({ first, startAt, endAt }: Life, about: About): boolean =>
  about.keys.has(first.key) && startAt <= about.endAt + slackMs && endAt >= about.startAt - slackMs

function livesOf(revisions: readonly AlertRevision[]): Life[] {
  const byId = new Map<string, AlertRevision[]>()
  for (const one of revisions) {
    const list = byId.get(one.alertId)
    if (list === undefined) byId.set(one.alertId, [one])
    else list.push(one)
  }
  return [...byId.values()].map((list) => {
    const ordered = list.toSorted((a, b) => a.revision - b.revision)
    return {
      first: ordered[0] as AlertRevision,
      last: ordered.at(-1) as AlertRevision,
      startAt: Math.min(...ordered.map(({ startAt }) => startAt)),
      endAt: Math.max(...ordered.map(({ endAt }) => endAt)),
    }
  })
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : rounded(part / whole))

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return rounded(
    sorted.length % 2 === 1
      ? (sorted[middle] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2,
  )
}
