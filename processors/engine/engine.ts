import type { Batch } from '../../ingest/feeds/arrow-batch.ts'
import { feedNames, type FeedName } from '../../ingest/feeds/layout.ts'
import type { CountedVolumes, ReferenceChange, Tick } from '../../ingest/feeds/log-subjects.ts'
import { applyChange, changesOf, createReference } from '../../ingest/reference/reference.ts'
import type { Slice } from '../../platform/config.ts'
import { hash64, hashed } from '../../platform/hash.ts'
import type { AlertRevision, Keyspace as KeyspaceName } from '../alert.ts'
import type { Words } from '../detector.ts'
import type { Rule } from '../rule.ts'
import { createWords } from '../words.ts'
import { Dictionary, feedCode, feedCodes } from './codes.ts'
import type { Sections } from './columns.ts'
import { owns, takeRows } from './decode.ts'
import { Keyspace } from './keyspace.ts'
import { Passages } from './passages.ts'
import { followed, ReferenceChanges, type WalksImage } from './reference-changes.ts'
import { Rechecks } from './rechecks.ts'
import type { Change, StandingImage } from './standing.ts'
import { isUnmatched, markUnmatched } from './unmatched.ts'
import { volumeCorrectionsMs, VolumeLedger } from './volumes.ts'
import { Watch, type Surroundings } from './watch.ts'

export interface EngineConfig {
  readonly slice: Slice
  readonly rules: readonly Rule[]
  /** Time zone of the times in sentences. */
  readonly timeZone: string
  /** How long histories reach back, ms, by keyspace; see {@link defaultHorizons}. */
  readonly horizons?: Readonly<Partial<Record<KeyspaceName, number>>>
}

const day = 86_400_000

/** A year and a month of a traveller (visa runs are counted over twelve months), a season of a lodging, a month of a vehicle. */
export const defaultHorizons: Readonly<Record<KeyspaceName, number>> = {
  traveller: 400 * day,
  premises: 120 * day,
  vehicle: 35 * day,
  site: 70 * day,
}

/** Every record is looked at for eviction once in this time, ms, and at most so many at a tick, by keyspace. */
const sweepMs = day
const sweepAtMost = 20_000

/** How much one part of a message is at most: a few milliseconds each. */
const rowsAPart = 250
const keysAPart = 256
/** Keys whose records are read in advance: they fit into the second cache. */
const keysWarm = 32

/** One message of the EVENTS log, decoded. */
export type Message =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'tick'; readonly tick: Tick }
  | { readonly kind: 'reference'; readonly change: ReferenceChange }
  | { readonly kind: 'volumes'; readonly volumes: CountedVolumes }

/**
 * The engine: histories by key, rules over them, and the difference that each message of the log makes. No I/O and no clock:
 * the same messages give the same revisions, byte for byte.
 */
export interface Engine {
  /** Takes the message at `seq` and gives the revisions that follow from it, in an order that depends on the log alone. */
  take(message: Message, seq: number): AlertRevision[]
  /**
   * The same in parts of a few milliseconds each, so that whoever has other work does it between: a large message takes longer than anybody
   * should wait. Nothing else may be asked of the engine before the last part.
   */
  takeInParts(message: Message, seq: number): Generator<void, AlertRevision[]>
  /** The alerts that stand open, by id. */
  open(): AlertRevision[]
  readonly openCount: number
  /** After other rules or a cut log: the revisions that lead from what is out to what stands. `out` holds own keys only. */
  rebase(out: ReadonlyMap<string, AlertRevision>, seq: number): AlertRevision[]
  /** Whether an alert's key belongs to this engine's slice. */
  owns(revision: AlertRevision): boolean
  /** From when on events of each feed can matter, when it is `now`, ms UTC; a feed that is not named matters to no rule. */
  needs(now: number): Partial<Record<FeedName, number>>
  /**
   * Says that histories come from a store next and that it is `now`. Until the next tick counts take records of any age: those
   * that are older than corrections go are there once only.
   */
  rebuildAt(now: number): void
  /** The whole state between two messages. The arrays are views: they hold until the next `take`. */
  image(): EngineImage
  /** Takes a state into an engine that has taken nothing yet and has the same rules and slice. */
  restore(image: EngineImage): void
  /** tooOld: events that came after the horizon: archived, not evaluated. */
  readonly size: {
    readonly keys: number
    readonly records: number
    readonly bytes: number
    readonly tooOld: number
  }
}

/** An engine at rest. `state` is plain JSON; the sections hold the histories, counts and rechecks. */
export interface EngineImage {
  readonly state: {
    readonly now: number
    readonly words: readonly string[]
    readonly reference: readonly ReferenceChange[]
    readonly standing: readonly StandingImage[]
    /** Sites and sources whose events are counted. */
    readonly counted: readonly string[]
    /** Changes of reference data that are not through yet. */
    readonly walks: WalksImage
  }
  readonly sections: Sections
}

/** Keyspaces with histories, in the order in which their keys are evaluated. */
const historied = ['traveller', 'vehicle', 'premises'] as const
type Historied = (typeof historied)[number]

const crossing = feedCodes.indexOf('crossings')
const rulesAtMost = 30
const unmatchedDefaultMs = 30 * day

export function createEngine(config: EngineConfig): Engine {
  const { slice } = config
  const reference = createReference()
  const dictionary = new Dictionary()
  const keys = new Set(config.rules.map(({ detector }) => detector.key))
  const followsVehicles = config.rules.some(({ detector }) => detector.follows === 'vehicle')
  const followsTravellers = config.rules.some(({ detector }) => detector.follows === 'traveller')
  const keyspaces: Partial<Record<Historied, Keyspace>> = {}
  for (const name of historied)
    if (
      keys.has(name) ||
      (name === 'vehicle' && followsVehicles) ||
      (name === 'traveller' && followsTravellers)
    )
      keyspaces[name] = new Keyspace()
  const { traveller: travellers, vehicle: vehicles } = keyspaces
  const volumes = keys.has('site') ? new VolumeLedger(dictionary, (keyHi) => owns(slice, keyHi)) : undefined
  const whole = new Set<Keyspace>()
  const company = config.rules.some(({ detector }) => detector.companions !== undefined)
  const passages = company && vehicles !== undefined ? new Passages(vehicles) : undefined
  if ((followsVehicles || company) && vehicles !== undefined) whole.add(vehicles)
  if (followsTravellers && travellers !== undefined) whole.add(travellers)

  const stock = { slice, keyspaces, whole, volumes, dictionary }
  const around: Surroundings = { reference, dictionary, vehicles, passages, now: 0 }
  const nothing = new Keyspace()
  const watches = config.rules.map((rule, number): Watch => {
    const name = rule.detector.key
    const bit = config.rules.slice(0, number).filter(({ detector }) => detector.key === name).length
    if (bit >= rulesAtMost || number >= 255)
      throw new RangeError(`More than ${rulesAtMost} rules of ${name}.`)
    const [keyspace, ledger] = name === 'site' ? [nothing, volumes] : [keyspaces[name] as Keyspace, undefined]
    return new Watch(rule, { bit: 1 << bit, number, keyspace, ledger }, around)
  })
  const sites = watches.filter(({ ledger }) => ledger !== undefined)
  const watchesOf = Object.fromEntries(
    historied.map((name) => [name, watches.filter((watch) => watch.name === name)]),
  ) as Record<Historied, Watch[]>
  const unmatchedMs = oneUnmatchedMs(config.rules)
  concern()
  settle()

  const words: Record<'en' | 'th', Words> = {
    en: createWords('en', reference, config.timeZone),
    th: createWords('th', reference, config.timeZone),
  }
  const rechecks = new Rechecks()
  const changes = new ReferenceChanges({ reference, dictionary, keyspaces, volumes, watches })

  return {
    take(message, seq) {
      for (const parts = takeInParts(message, seq); ;) {
        const { done, value } = parts.next()
        if (done === true) return value
      }
    },
    takeInParts,
    open: () => watches.flatMap(({ standing }) => standing.open()),
    get openCount() {
      return watches.reduce((sum, { standing }) => sum + standing.size, 0)
    },
    rebase(out, seq) {
      // What is compared must be whole: sites that wait for their moment are looked at first.
      volumes?.takeDue(Infinity, (key, from, to, rules) => evaluateKey(sites, key, from, to, rules, seq, []))
      return watches.flatMap(({ standing }) => standing.rebase(out, { now: around.now, seq }))
    },
    owns({ keyspace, key }) {
      if (keyspace === 'traveller' || keyspace === 'vehicle')
        return owns(slice, Number.parseInt(key.slice(0, 8), 16))
      hash64(encoder.encode(key))
      return owns(slice, hashed.hi)
    },
    needs(now) {
      const from: Partial<Record<FeedName, number>> = {}
      const need = (feed: FeedName, at: number): void => {
        from[feed] = Math.min(from[feed] ?? Infinity, at)
      }
      for (const name of historied)
        for (const feed of feedNames)
          if (keyspaces[name]?.keeps[feedCodes.indexOf(feed)] === 1) need(feed, sweptBelow(name, now))
      for (const feed of feedNames)
        if (volumes !== undefined && volumes.rulesOf[feedCodes.indexOf(feed)] !== 0)
          need(feed, now - volumesKeptMs())
      return from
    },
    rebuildAt(now) {
      around.now = now
      rechecks.due(now, () => {})
      for (const name of historied) {
        const keyspace = keyspaces[name]
        if (keyspace !== undefined) keyspace.oldest = sweptBelow(name, now)
      }
    },
    image() {
      const sections: Record<string, Sections[string]> = { rechecks: rechecks.image() }
      for (const name of historied) {
        const keyspace = keyspaces[name]
        if (keyspace !== undefined) sections[name] = keyspace.image()
      }
      for (const { companions, number } of watches)
        if (companions !== undefined) sections[`companions.${number}`] = companions.image()
      for (const [name, arrays] of Object.entries(volumes?.image() ?? {}))
        sections[`volumes.${name}`] = arrays
      return {
        state: {
          now: around.now,
          words: dictionary.words(),
          reference: changesOf(reference),
          standing: watches.map(({ standing }) => standing.image()),
          counted: volumes?.names() ?? [],
          walks: changes.image(),
        },
        sections,
      }
    },
    restore({ state, sections }) {
      around.now = state.now
      dictionary.restore(state.words)
      for (const change of state.reference) applyChange(reference, change)
      for (const [i, { standing }] of watches.entries()) standing.restore(state.standing[i] as StandingImage)
      changes.restore(state.walks)
      rechecks.restore(sections['rechecks'] ?? [])
      for (const name of historied) keyspaces[name]?.restore(sections[name] ?? [])
      for (const { companions, number } of watches)
        companions?.restore(sections[`companions.${number}`] ?? [])
      if (passages !== undefined && vehicles !== undefined)
        for (const record of vehicles.placed()) if (passages.isPassage(record)) passages.add(record)
      const counts = Object.entries(sections).filter(([name]) => name.startsWith('volumes.'))
      volumes?.restore(
        state.counted,
        Object.fromEntries(counts.map(([name, arrays]) => [name.slice('volumes.'.length), arrays])),
      )
    },
    get size() {
      const all = [...Object.values(keyspaces), ...(volumes === undefined ? [] : [volumes])]
      return {
        keys: all.reduce((sum, { keys }) => sum + keys, 0),
        records: all.reduce((sum, { records }) => sum + records, 0),
        bytes:
          all.reduce((sum, { bytes }) => sum + bytes, rechecks.bytes + (passages?.bytes ?? 0)) +
          watches.reduce((sum, { companions }) => sum + (companions?.bytes ?? 0), 0),
        tooOld: all.reduce((sum, { tooOld }) => sum + tooOld, 0),
      }
    },
  }

  function* takeInParts(message: Message, seq: number): Generator<void, AlertRevision[]> {
    if (message.kind === 'tick') return yield* tick(message.tick.at, seq)
    if (message.kind === 'batch') {
      const { batch } = message
      for (let row = 0; row < batch.rows; row += rowsAPart) {
        if (row > 0) yield
        takeRows(batch, row, Math.min(row + rowsAPart, batch.rows), stock)
      }
    } else if (message.kind === 'volumes') volumes?.takeCounted(message.volumes)
    else changes.take(message.change)
    return yield* evaluateChanges(seq)
  }

  /** Says each keyspace which rules an event of a feed concerns, what it must hold, and who is told of changes. */
  function concern(): void {
    for (const { rule, name, bit } of watches) {
      const { rulesOf, keeps } = name === 'site' ? { ...volumes, keeps: [] } : (keyspaces[name] as Keyspace)
      for (const feed of rule.detector.reads) {
        const code = feedCodes.indexOf(feed)
        if (rulesOf !== undefined) rulesOf[code] = (rulesOf[code] as number) | bit
        keeps[code] = 1
      }
      if (rule.detector.follows === 'vehicle')
        for (const feed of ['crossings', ...rule.detector.reads]) hold(vehicles, feed)
      if (rule.detector.follows === 'traveller') {
        hold(travellers, 'crossings')
        if (volumes !== undefined) volumes.unmatchedRules |= bit
      }
    }
    if (travellers !== undefined && followsTravellers)
      travellers.onGo = (record, evicted) => {
        if (!evicted && isUnmatched(travellers.codes.get(record))) markVolume(record, false)
      }
    if (vehicles === undefined || passages === undefined) return
    const companies = watches.flatMap(({ companions }) => companions ?? [])
    vehicles.onCome = (record) => {
      if (!passages.isPassage(record)) return
      for (const companions of companies) companions.came(record)
      passages.add(record)
    }
    vehicles.onGo = (record, evicted) => {
      if (!passages.isPassage(record)) return
      passages.remove(record)
      if (!evicted) for (const companions of companies) companions.goes(record)
    }
  }

  /** Says each keyspace what a sweep must leave. */
  function settle(): void {
    for (const name of historied) {
      const keyspace = keyspaces[name]
      if (keyspace === undefined) continue
      const own = watchesOf[name]
      keyspace.settled = (key, at, end) =>
        own.every(({ rule, standing }) => {
          const zone = standing.widen(key, keyspace.oldest - rule.lookaheadMs, Infinity)
          return (
            end < zone.from - rule.lookbackMs &&
            standing.touching(key, at, end).every((alert) => alert.finding.end < zone.from)
          )
        })
    }
  }

  function hold(keyspace: Keyspace | undefined, feed: string): void {
    if (keyspace === undefined) return
    const code = feedCodes.indexOf(feed as (typeof feedCodes)[number])
    keyspace.keeps[code] = 1
    keyspace.rulesOf[code] = (keyspace.rulesOf[code] as number) | followed
  }

  function oldestOf(name: Historied, now: number): number {
    return now - (config.horizons?.[name] ?? defaultHorizons[name])
  }

  /**
   * What ends before this can be swept. A change at the horizon reaches a look-ahead back, and what is found there rests on a look-back
   * more. What follows from another keyspace looks from there, with a look-back between.
   */
  function sweptBelow(name: Historied, now: number): number {
    const reach = watches.map((watch) => {
      const { lookbackMs, lookaheadMs } = watch.rule
      if (watch.name === name) return lookbackMs + lookaheadMs
      return name === 'vehicle' && watch.followsVehicles ? 2 * (lookbackMs + lookaheadMs) : 0
    })
    return oldestOf(name, now) - Math.max(0, ...reach)
  }

  function volumesKeptMs(): number {
    const reach = Math.max(...sites.map(({ rule }) => rule.lookbackMs + rule.lookaheadMs))
    return Math.max(config.horizons?.site ?? defaultHorizons.site, volumeCorrectionsMs + day + reach)
  }

  /** Moves time on: what is due for a second look is touched, what is older than the horizon goes, sites are evaluated. */
  function* tick(at: number, seq: number): Generator<void, AlertRevision[]> {
    const passed = at - around.now
    const now = (around.now = Math.max(around.now, at))
    const sweepBudget = (records: number): number =>
      Math.min(sweepAtMost, Math.ceil((records * Math.max(0, passed)) / sweepMs))
    rechecks.due(now, (number, keyHi, keyLo, about) => {
      const { ledger, keyspace, bit } = watches[number] as Watch
      const holder = ledger ?? keyspace
      const key = holder.findKey(keyHi, keyLo)
      if (key >= 0) holder.touched.add(key, about, about, bit)
    })
    for (const name of historied) {
      const keyspace = keyspaces[name]
      if (keyspace === undefined) continue
      keyspace.oldest = oldestOf(name, now)
      keyspace.sweepBelow = sweptBelow(name, now)
      keyspace.sweep(sweepBudget(keyspace.records))
    }
    for (const { companions, keyspace } of watches) companions?.tick(keyspace.sweepBelow)
    changes.tick()
    const revisions = yield* evaluateChanges(seq)
    if (volumes === undefined) return revisions
    volumes.tick(now, volumesKeptMs(), sweepBudget(volumes.records))
    volumes.takeDue(now, (key, from, to, rules) => evaluateKey(sites, key, from, to, rules, seq, revisions))
    return revisions
  }

  function* evaluateChanges(seq: number): Generator<void, AlertRevision[]> {
    const revisions: AlertRevision[] = []
    if (followsVehicles) followVehicles()
    if (followsTravellers) followTravellers()
    for (const name of historied) {
      const keyspace = keyspaces[name]
      if (keyspace === undefined || keyspace.touched.size === 0) continue
      const own = watchesOf[name]
      const { touched } = keyspace
      // By warmed handfuls, in a function that is no generator: what this one would keep between its turns is kept on the heap.
      for (let i = 0; i < touched.size; i += keysWarm) {
        if (i % keysAPart === 0 && i > 0) yield
        evaluateTouched(own, keyspace, i, Math.min(i + keysWarm, touched.size), seq, revisions)
      }
      touched.clear()
    }
    return revisions
  }

  /** The changed keys [start, end) of a keyspace, but those of other slices. */
  function evaluateTouched(
    own: readonly Watch[],
    keyspace: Keyspace,
    start: number,
    end: number,
    seq: number,
    revisions: AlertRevision[],
  ): void {
    const { keys, from, to, rules } = keyspace.touched
    const foreign = whole.has(keyspace) && slice.count > 1
    keyspace.warmKeys(keys, start, end)
    for (let i = start; i < end; i++) {
      const key = keys[i] as number
      if (foreign && !owns(slice, keyspace.keyHi.get(key))) continue
      evaluateKey(own, key, from[i] as number, to[i] as number, rules[i] as number, seq, revisions)
    }
  }

  /** A change of a vehicle is one of the travellers that crossed in it, within a look-back. */
  function followVehicles(): void {
    if (vehicles === undefined || travellers === undefined) return
    const { touched, lists } = vehicles
    for (const { rule, bit } of watches.filter((watch) => watch.followsVehicles))
      for (let i = 0; i < touched.size; i++) {
        const key = touched.keys[i] as number
        if (((touched.rules[i] as number) & followed) === 0 || vehicles.crossings(key) === 0) continue
        const [from, to] = [touched.from[i] as number, touched.to[i] as number]
        const end = vehicles.lowerBound(key, to + rule.lookbackMs + 1)
        for (let place = vehicles.lowerBound(key, from - rule.lookbackMs); place < end; place++) {
          const record = lists.data.get(place)
          if (feedCode(vehicles.codes.get(record)) !== crossing) continue
          const [hi, lo] = [vehicles.linkHi.get(record), vehicles.linkLo.get(record)]
          const traveller = owns(slice, hi) ? travellers.findKey(hi, lo) : -1
          if (traveller >= 0) travellers.touched.add(traveller, from, to, bit)
        }
      }
  }

  /** Entries that a change made unmatched, or matched, are counted at their sites. */
  function followTravellers(): void {
    if (travellers === undefined) return
    const { touched } = travellers
    for (let i = 0; i < touched.size; i++) {
      if (((touched.rules[i] as number) & followed) === 0) continue
      const span = { from: touched.from[i] as number, to: touched.to[i] as number, withinMs: unmatchedMs }
      markUnmatched(travellers, touched.keys[i] as number, span, markVolume)
    }
  }

  function markVolume(record: number, unmatched: boolean): void {
    if (travellers === undefined) return
    const [site, at] = [travellers.site.get(record), travellers.at.get(record)]
    const [hi, lo] = [travellers.eventHi.get(record), travellers.eventLo.get(record)]
    volumes?.unmatched(site, at, hi, lo, unmatched)
  }

  function evaluateKey(
    all: readonly Watch[],
    key: number,
    from: number,
    to: number,
    rules: number,
    seq: number,
    revisions: AlertRevision[],
  ): void {
    for (const watch of all) {
      if ((rules & watch.bit) === 0 || watch.passesOver(key)) continue
      const change = evaluate(watch, key, Math.max(from, watch.oldest), to)
      if (change !== undefined) revisions.push(...watch.apply(change, { now: around.now, seq, words }))
    }
  }

  /** What is found now where the change can have altered it, and what stood there; undefined when neither is anything. */
  function evaluate(watch: Watch, key: number, from: number, to: number): Change | undefined {
    if (to < from) return undefined
    const { rule, standing } = watch
    // A change alters findings up to a look-back away, and each of those rests on events a look-back further.
    const [first, last] = [from - rule.lookaheadMs, to + rule.lookbackMs]
    const stands = watch.stands(key)
    const zone = stands ? standing.widen(key, first, last) : undefined
    watch.aim(key, zone?.from ?? first, zone?.to ?? last)
    const evaluation = rule.detector.evaluate(watch)
    const isList = Array.isArray(evaluation)
    const all = isList ? evaluation : evaluation.findings
    if (!isList && evaluation.rechecks !== undefined) {
      const { keyHi, keyLo } = watch.ledger ?? watch.keyspace
      for (const { at, about } of evaluation.rechecks)
        rechecks.set(watch.number, keyHi.get(key), keyLo.get(key), at, about)
    }
    // Nearly always.
    if (all.length === 0 && !stands) return undefined
    const { from: zoneFrom, to: zoneTo } = watch
    const findings = all.filter(({ start, end }) => end >= zoneFrom && start <= zoneTo)
    const stood = standing.touching(key, zoneFrom, zoneTo)
    return findings.length === 0 && stood.length === 0 ? undefined : { key, name: watch.key, findings, stood }
  }
}

const encoder = new TextEncoder()

/** How far apart two entries may be for the second to be unmatched. Throws when two rules differ: it is counted once. */
function oneUnmatchedMs(rules: readonly Rule[]): number {
  const following = rules.filter(({ detector }) => detector.follows === 'traveller')
  const all = new Set(
    following.map(({ detector, params }) => detector.unmatchedMs?.(params) ?? unmatchedDefaultMs),
  )
  if (all.size > 1)
    throw new RangeError(
      `Rules differ in unmatchedMs: ${following.map(({ detector }) => detector.id).join(', ')}.`,
    )
  return [...all][0] ?? unmatchedDefaultMs
}
