import type { Batch } from '../../ingest/feeds/arrow-batch.ts'
import type { ReferenceChange, Tick } from '../../ingest/feeds/log-subjects.ts'
import { applyChange, changesOf, createReference } from '../../ingest/reference/reference.ts'
import type { Slice } from '../../platform/config.ts'
import { hash64, hashed } from '../../platform/hash.ts'
import type { AlertRevision, Keyspace as KeyspaceName } from '../alert.ts'
import type { Words } from '../detector.ts'
import type { Rule } from '../rule.ts'
import { createWords } from '../words.ts'
import { Dictionary } from './codes.ts'
import { owns, takeBatch } from './decode.ts'
import { History } from './history.ts'
import { Keyspace, type Image as KeyspaceImage } from './keyspace.ts'
import { Rechecks, type Recheck } from './rechecks.ts'
import { Standing, type Change, type StandingImage } from './standing.ts'

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

/** Records looked at for eviction at each tick, by keyspace. */
const sweepBudget = 20_000

/** One message of the EVENTS log, decoded. */
export type Message =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'tick'; readonly tick: Tick }
  | { readonly kind: 'reference'; readonly change: ReferenceChange }

/**
 * The engine: histories by key, rules over them, and the difference that each message of the log makes. No I/O and no clock:
 * the same messages give the same revisions, byte for byte.
 */
export interface Engine {
  /** Takes the message at `seq` and gives the revisions that follow from it, in an order that depends on the log alone. */
  take(message: Message, seq: number): AlertRevision[]
  /** The alerts that stand open, by id. */
  open(): AlertRevision[]
  readonly openCount: number
  /** After other rules or a cut log: the revisions that lead from what is out to what stands. `out` holds own keys only. */
  rebase(out: ReadonlyMap<string, AlertRevision>, seq: number): AlertRevision[]
  /** Whether an alert's key belongs to this engine's slice. */
  owns(revision: AlertRevision): boolean
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

/** An engine at rest. `state` is plain JSON. */
export interface EngineImage {
  readonly state: {
    readonly now: number
    readonly words: readonly string[]
    readonly rechecks: readonly Recheck[]
    readonly reference: readonly ReferenceChange[]
    readonly standing: readonly StandingImage[]
  }
  readonly keyspaces: Readonly<Partial<Record<KeyspaceName, KeyspaceImage>>>
}

interface Watched {
  readonly rule: Rule
  readonly keyspace: Keyspace
  readonly name: KeyspaceName
  readonly history: History
  readonly standing: Standing
}

export function createEngine(config: EngineConfig): Engine {
  const reference = createReference()
  const dictionary = new Dictionary()
  const keyspaces: Partial<Record<KeyspaceName, Keyspace>> = {}
  const watched = config.rules.map((rule): Watched => {
    const name = rule.detector.key
    const keyspace = (keyspaces[name] ??= new Keyspace())
    return { rule, name, keyspace, history: new History(keyspace, dictionary), standing: new Standing(rule) }
  })
  const words: Record<'en' | 'th', Words> = {
    en: createWords('en', reference, config.timeZone),
    th: createWords('th', reference, config.timeZone),
  }
  const names = new KeyNames(dictionary)
  const rechecks = new Rechecks()
  let now = 0

  return {
    take(message, seq) {
      if (message.kind === 'tick') tick(message.tick.at)
      else if (message.kind === 'batch') takeBatch(message.batch, keyspaces, config.slice, dictionary)
      else touchAll(applyChange(reference, message.change), keyspaces)
      return evaluateChanges(seq)
    },
    open: () => watched.flatMap(({ standing }) => standing.open()),
    get openCount() {
      return watched.reduce((sum, { standing }) => sum + standing.size, 0)
    },
    rebase: (out, seq) => watched.flatMap(({ standing }) => standing.rebase(out, { now, seq })),
    owns({ keyspace, key }) {
      if (keyspace === 'traveller' || keyspace === 'vehicle')
        return owns(config.slice, Number.parseInt(key.slice(0, 8), 16))
      hash64(encoder.encode(key))
      return owns(config.slice, hashed.hi)
    },
    image: () => ({
      state: {
        now,
        words: dictionary.words(),
        rechecks: rechecks.all(),
        reference: changesOf(reference),
        standing: watched.map(({ standing }) => standing.image()),
      },
      keyspaces: Object.fromEntries(
        Object.entries(keyspaces).map(([name, keyspace]) => [name, keyspace.image()]),
      ),
    }),
    restore({ state, keyspaces: images }) {
      now = state.now
      dictionary.restore(state.words)
      for (const recheck of state.rechecks) rechecks.set(recheck)
      for (const change of state.reference) applyChange(reference, change)
      for (const [i, { standing }] of watched.entries()) standing.restore(state.standing[i] as StandingImage)
      for (const [name, image] of Object.entries(images)) keyspaces[name as KeyspaceName]?.restore(image)
    },
    get size() {
      const all = Object.values(keyspaces)
      return {
        keys: all.reduce((sum, { keys }) => sum + keys, 0),
        records: all.reduce((sum, { records }) => sum + records, 0),
        bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
        tooOld: all.reduce((sum, { tooOld }) => sum + tooOld, 0),
      }
    },
  }

  /** Moves time on: what is due for a second look is touched, what is older than the horizon goes. */
  function tick(at: number): void {
    now = Math.max(now, at)
    for (const { keyspace: name, keyHi, keyLo, about } of rechecks.due(now)) {
      const keyspace = keyspaces[name as KeyspaceName]
      const key = keyspace?.findKey(keyHi, keyLo) ?? -1
      if (key >= 0) keyspace?.touch(key, about, about)
    }
    for (const [name, keyspace] of Object.entries(keyspaces) as [KeyspaceName, Keyspace][]) {
      keyspace.oldest = now - (config.horizons?.[name] ?? defaultHorizons[name])
      const watches = watched.filter((watch) => watch.keyspace === keyspace)
      const reach = Math.max(...watches.map(({ rule }) => rule.lookbackMs))
      // A change at the horizon reaches a look-back further, and what is found there rests on another; a standing finding in
      // reach is evaluated whole, so its events stay.
      keyspace.sweep(keyspace.oldest - 2 * reach, sweepBudget, (key, from, to) =>
        watches.every(({ standing }) => {
          const zone = standing.widen(key, keyspace.oldest - reach, Infinity)
          return (
            to < zone.from - reach &&
            standing.touching(key, from, to).every((alert) => alert.finding.end < zone.from)
          )
        }),
      )
    }
  }

  function evaluateChanges(seq: number): AlertRevision[] {
    const revisions: AlertRevision[] = []
    for (const keyspace of Object.values(keyspaces)) {
      const changes = keyspace.takeChanges()
      for (let i = 0; i < changes.keys.length; i++) {
        const key = changes.keys[i] as number
        for (const watch of watched) {
          if (watch.keyspace !== keyspace) continue
          const change = evaluate(watch, key, changes.from[i] as number, changes.to[i] as number)
          if (change !== undefined) revisions.push(...watch.standing.apply(change, { now, seq, words }))
        }
      }
    }
    return revisions
  }

  /** What is found now where the change can have altered it, and what stood there; undefined when neither is anything. */
  function evaluate(watch: Watched, key: number, from: number, to: number): Change | undefined {
    const { rule, keyspace, standing, history } = watch
    const { lookbackMs } = rule
    // A change alters findings up to a look-back away, and each of those rests on events a look-back further.
    const zone = standing.widen(key, from - lookbackMs, to + lookbackMs)
    // A span that began before the slice may reach into it.
    history.aim(key, zone.from - lookbackMs - (keyspace.longest[key] as number), zone.to + lookbackMs)
    const evaluation = rule.detector
      // Most evaluations find nothing and never ask for the name.
      .evaluate({
        history,
        get key() {
          return names.of(watch.name, keyspace, key)
        },
        params: rule.params,
        reference,
        now,
        from: zone.from,
        to: zone.to,
        trail: () => undeclared(rule, 'follows'),
        near: () => undeclared(rule, 'companions'),
        get volumes() {
          return undeclared(rule, 'key')
        },
      })
    const { findings: all, rechecks: later = [] } = Array.isArray(evaluation)
      ? { findings: evaluation }
      : evaluation
    for (const { at, about } of later)
      rechecks.set({
        keyspace: watch.name,
        keyHi: keyspace.keyHi[key] as number,
        keyLo: keyspace.keyLo[key] as number,
        at,
        about,
      })
    const findings = all.filter(({ start, end }) => end >= zone.from && start <= zone.to)
    const stood = standing.touching(key, zone.from, zone.to)
    return findings.length === 0 && stood.length === 0
      ? undefined
      : { key, name: names.of(watch.name, keyspace, key), findings, stood }
  }
}

/** A detector that asks for what it has not declared is not evaluated when that changes. */
function undeclared({ detector }: Rule, field: string): never {
  throw new TypeError(`Detector ${detector.id} asks for what its field "${field}" does not declare.`)
}

const encoder = new TextEncoder()

/** A change of reference data: every key that carries one of the ids is looked at again, as far back as its history is whole. */
function touchAll(ids: readonly string[], { premises }: Partial<Record<KeyspaceName, Keyspace>>): void {
  if (premises === undefined) return
  for (const id of new Set(ids)) {
    hash64(encoder.encode(id))
    const key = premises.findKey(hashed.hi, hashed.lo)
    if (key >= 0) premises.touch(key, premises.oldest, Infinity)
  }
}

/** Names of keys: pseudonyms in hex; a premises by the id that its records carry. */
class KeyNames {
  readonly #dictionary: Dictionary

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary
  }

  of(name: KeyspaceName, keyspace: Keyspace, key: number): string {
    if ((name === 'premises' || name === 'site') && keyspace.count(key) > 0)
      return this.#dictionary.word(
        keyspace.site[keyspace.lists.data[keyspace.start(key)] as number] as number,
      )
    const hex = (half: number): string => half.toString(16).padStart(8, '0')
    return hex(keyspace.keyHi[key] as number) + hex(keyspace.keyLo[key] as number)
  }
}
