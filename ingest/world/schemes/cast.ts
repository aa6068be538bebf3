import type { Dice } from '../dice.ts'
import { hourMs, minuteMs, startOf } from '../local-time.ts'
import { person, visitors } from '../people.ts'
import { distanceKm, lastOpen, type Gate, type Lodging } from '../places.ts'
import type { Sent } from '../sent.ts'
import { holder, type Holder } from '../story.ts'
import type { Plot } from './kind.ts'

/** A visitor with a passport, of a nationality that statistics make likely. */
export const visitor = (dice: Dice, nationality = dice.from(visitors)): Holder => holder(person(dice, nationality)) // prettier-ignore

/** Nationalities whose passports are good for 90 days, whatever the year: a long stay of theirs is no overstay. */
export const longStayers = ['KOR', 'BRA'] as const

/** A whole second at which a gate is open, between two shares of its day. */
export function openAt(dice: Dice, gate: Gate, day: number, from = 0.05, to = 0.9): number {
  const open = gate.closesMs - gate.opensMs
  return startOf(day) + gate.opensMs + Math.floor((open * dice.between(from, to)) / 1_000) * 1_000
}

/** An hour of a local day, to the second. */
export const hourOf = (dice: Dice, day: number, from: number, to: number): number =>
  startOf(day) + dice.int(from * 3_600, to * 3_600) * 1_000

/** Registers somebody in a hotel soon after `from`, until shortly before `until`; gives the hotel. */
export function lodge(
  { dice, places, story }: Plot,
  who: Holder,
  from: number,
  until: number,
  hotel: Lodging = dice.from(places.hotels),
): Lodging {
  const at = from + dice.int(60, 150) * minuteMs
  story.stay(at, Math.max(at + 2 * hourMs, until - dice.int(60, 180) * minuteMs), hotel.id, who)
  return hotel
}

/** Gates by land within `km` of one, itself left out. */
export const gatesNear = (gates: readonly Gate[], gate: Gate, km: number): Gate[] =>
  gates.filter((one) => one.id !== gate.id && distanceKm(one, gate) <= km)

/** Two places of a list that are at least `km` apart. Throws RangeError when the first that is tried has no such other. */
export function farApart<T extends { readonly lat: number; readonly lon: number }>(
  dice: Dice,
  list: readonly T[],
  km: number,
): readonly [T, T] {
  const one = dice.pick(list)
  return [one, dice.pick(list.filter((other) => distanceKm(one, other) >= km))]
}

/** The last of records by the time of sending. */
export const lastSent = (sent: readonly Sent[]): Sent =>
  sent.reduce((last, one) => (one.sendAt > last.sendAt ? one : last))

/** Nearest time before `at` at which a gate was open, a few minutes earlier if it was not open then. */
export const openBefore = (dice: Dice, gate: Gate, at: number): number => {
  const open = lastOpen(gate, at)
  return open === at ? at : open - dice.int(0, 20) * minuteMs
}
