import { Dice } from './dice.ts'
import { dayMs, dayOf, hourMs, localInstant, minuteMs, startOf, utcInstant } from './local-time.ts'
import type { Gate } from './places.ts'
import type { RawRecord, Sent } from './sent.ts'

/** Shares of records that something happens to (estimates; what suppliers' exports look like). */
const shares = {
  duplicate: 0.006,
  broken: 0.0015,
  /** A camera that says twice what passed it, the second time under another id. */
  repeated: 0.05,
  corrected: { crossings: 0.005, sightings: 0.003, registrations: 0.015 },
  cancelled: { crossings: 0.0008, sightings: 0.0005, registrations: 0.008 },
} as const

/**
 * What reality does to clean records: the same one sent twice, corrected or taken back later, now and then one that no
 * intake can accept. Planted schemes only meet duplicates, so that their labels stay true.
 */
export function withNoise(seed: number, name: string, day: number, clean: readonly Sent[]): Sent[] {
  const dice = new Dice(seed, 'noise', name, day)
  const sent: Sent[] = []
  for (const one of clean) {
    sent.push(one)
    if (dice.chance(shares.duplicate)) sent.push({ ...one, sendAt: one.sendAt + dice.int(1_000, hourMs) })
    if (one.planted === true) continue
    if (one.feed === 'sightings' && dice.chance(shares.repeated)) sent.push(repeated(dice, one))
    if (dice.chance(shares.corrected[one.feed])) sent.push(corrected(dice, one))
    else if (dice.chance(shares.cancelled[one.feed])) sent.push(...filedAgain(dice, one))
    if (dice.chance(shares.broken))
      sent.push({ ...one, record: broken(dice, { ...one.record, id: `${one.record.id}-e` }) })
  }
  return sent
}

/** The last message of a passage, a second or two after the first: now and then with a mark less, or more. */
function repeated(dice: Dice, one: Sent): Sent {
  const { record } = one
  const afterMs = dice.int(400, 2_500)
  const plate = String(record['plate'])
  const marks = [...plate]
  if (dice.chance(0.1)) marks[dice.int(0, marks.length - 1)] = '?'
  const changed = marks.join('') !== plate
  return {
    ...one,
    sendAt: one.sendAt + afterMs,
    record: {
      ...record,
      id: `${record.id}-u`,
      at: utcInstant(Date.parse(String(record['at'])) + afterMs),
      plate: marks.join(''),
      ...(changed ? { confidence: Math.round(dice.between(0.35, 0.7) * 1_000) / 1_000 } : {}),
    },
  }
}

function later(dice: Dice, one: Sent, record: RawRecord): Sent {
  return { ...one, sendAt: one.sendAt + dice.int(5 * minuteMs, 5 * hourMs), record }
}

/**
 * A record that was filed under the wrong number: it is sent again under a right one, and the first is taken back. Of passages
 * nobody sends a second.
 */
function filedAgain(dice: Dice, one: Sent): Sent[] {
  const taken = later(dice, one, { id: one.record.id, revision: 1, cancelled: true })
  if (one.feed === 'sightings') return [taken]
  const right = { ...one, sendAt: taken.sendAt - dice.int(1_000, 15_000), record: { ...one.record, id: `${one.record.id}-n` } } // prettier-ignore
  return [right, taken]
}

function corrected(dice: Dice, one: Sent): Sent {
  const { record } = one
  const change: Record<string, unknown> = { revision: 1 }
  if (one.feed === 'registrations')
    change['partySize'] = Math.max(1, Number(record['partySize']) + (dice.chance(0.5) ? 1 : -1))
  else if (one.feed === 'crossings') change['birthYear'] = Number(record['birthYear']) + dice.int(-2, 2)
  else change['confidence'] = Math.min(1, Number(record['confidence']) + 0.002)
  return later(dice, one, { ...record, ...change })
}

/** Each spoils one thing, as real exports do. */
const spoilers: readonly ((record: RawRecord) => RawRecord)[] = [
  (record) => ({ ...record, remark: 'see paper form' }),
  (record) => ({ ...record, ...at(record, '31/12/2026 08:15') }),
  (record) => ({ ...record, ...at(record, '2099-01-01T00:00:00+07:00') }),
  (record) => ({ ...record, ...('partySize' in record ? { partySize: 'two' } : { site: 'gate 4 (left)' }) }),
  (record) => Object.fromEntries(Object.entries(record).filter(([field]) => !['site', 'premises'].includes(field))) as RawRecord,
] // prettier-ignore

const at = (record: RawRecord, text: string): object =>
  'checkInAt' in record ? { checkInAt: text } : { at: text }

function broken(dice: Dice, record: RawRecord): RawRecord {
  return dice.pick(spoilers)(record)
}

/** A time in which a line is down, [from, until), ms UTC. */
export interface Outage {
  readonly from: number
  readonly until: number
}

/** Remote posts lose their line on about one day in sixteen, for two to five hours; undefined: not on this day. */
export function outageOf(seed: number, gate: Gate, day: number): Outage | undefined {
  if (!gate.remote) return undefined
  const dice = new Dice(seed, 'outage', gate.id, day)
  if (!dice.chance(0.06)) return undefined
  const from = startOf(day) + Math.floor(dice.between(gate.opensMs, gate.closesMs))
  return { from, until: from + Math.floor(dice.between(2, 5) * hourMs) }
}

/** The lodging portal is down on about one evening in ten, two to six hours; undefined: not on this one. */
export function portalOutageOf(seed: number, day: number): Outage | undefined {
  const dice = new Dice(seed, 'portal', day)
  if (!dice.chance(0.1)) return undefined
  const from = startOf(day) + dice.int(14, 18) * hourMs
  return { from, until: from + Math.floor(dice.between(2, 6) * hourMs) }
}

/**
 * When a record of `gate` that is ready at `at` gets through: what was recorded while the line was down comes in a burst when it is
 * back.
 */
export const throughOutage = (seed: number, gate: Gate | undefined, day: number, at: number): number =>
  gate === undefined ? at : held(at, outageOf(seed, gate, day))

/** When a record that is ready at `at` gets through the lodging portal: after an outage everything comes in at once. */
export const throughPortal = (seed: number, at: number): number => held(at, portalOutageOf(seed, dayOf(at)))

/** How long a backlog takes to come in, ms. */
export const backlogMs = 10 * minuteMs

/** A backlog comes in its own order. */
function held(at: number, outage: Outage | undefined): number {
  if (outage === undefined || at < outage.from || at >= outage.until) return at
  const { from, until } = outage
  return until + Math.floor(((at - from) / (until - from)) * backlogMs)
}

/** How far the clock of a site is off, ms: most are within two seconds, one in twelve up to two minutes, week by week. */
export function skewOf(seed: number, site: string, at: number): number {
  const dice = new Dice(seed, 'clock', site, Math.floor(dayOf(at) / 7))
  return dice.chance(1 / 12) ? dice.int(-120, 120) * 1_000 : dice.int(-2, 2) * 1_000
}

/** The record with the time that its site's clock shows. Times of a stay are written by people, and stay. */
export function withSkew(seed: number, one: Sent): Sent {
  const { record, feed } = one
  const text = record['at']
  if (feed === 'registrations' || typeof text !== 'string' || typeof record['site'] !== 'string') return one
  const at = Date.parse(text)
  if (Number.isNaN(at) || at > one.sendAt + dayMs) return one
  const off = skewOf(seed, record['site'], at)
  if (off === 0) return one
  const write = text.endsWith('Z') ? utcInstant : localInstant
  return { ...one, record: { ...record, at: write(at + off) } }
}
