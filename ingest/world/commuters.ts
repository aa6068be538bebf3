import { Dice } from './dice.ts'
import { localInstant, minuteMs, startOf, weekdayOf } from './local-time.ts'
import { person } from './people.ts'
import type { Gate, Places } from './places.ts'
import { idPrefix, type Family, type Sent } from './sent.ts'

const byWeekday = [0.55, 1, 1, 1, 1, 1.02, 0.8]

/**
 * People of the border who cross every day: the same border passes morning and evening, most of them neighbours who work
 * or sell on this side, some Thais who do so on the other; a few market porters go back and forth twice. One in ten stays the
 * night and goes home at dawn.
 */
export function createCommuters(seed: number, scale: number, places: Places): Family {
  const { values: gates, sums, total } = places.borders
  return {
    name: 'commuters',
    spanDays: 2,
    day(day) {
      const sent: Sent[] = []
      gates.forEach((gate, i) => {
        const share = ((sums[i] as number) - (sums[i - 1] ?? 0)) / total
        const pool = Math.max(1, Math.round(3_000 * scale * share))
        for (let one = 0; one < pool; one++) commute(day, gate, one, sent)
      })
      return sent
    },
  }

  /** Whether somebody crosses on a day, and does not come back on it. */
  function plan(day: number, gate: Gate, number: number): { dice: Dice; goes: boolean; staysOver: boolean } {
    const dice = new Dice(seed, 'commute', gate.id, number, day)
    const goes = dice.chance(0.75 * (byWeekday[weekdayOf(day)] ?? 1))
    return { dice, goes, staysOver: goes && dice.chance(0.1) }
  }

  function commute(day: number, gate: Gate, number: number, sent: Sent[]): void {
    const { dice, goes, staysOver } = plan(day, gate, number)
    const stayedOver = plan(day - 1, gate, number).staysOver
    if (!goes && !stayedOver) return
    const always = new Dice(seed, 'commuter', gate.id, number)
    const thai = always.chance(0.25)
    const { documentNumber, birthYear, sex } = person(always, '')
    const documentType = always.chance(0.8) ? 'border-pass' : 'temporary-border-pass'
    const trips = always.chance(0.05) ? 2 : 1
    const open = gate.closesMs - gate.opensMs
    const there = gate.opensMs + open * Math.min(0.4, 0.03 + 0.18 * always.float() + 0.04 * dice.float())
    const back = gate.opensMs + open * Math.min(0.98, 0.66 + 0.26 * always.float() + 0.05 * dice.float())
    // Even: over the border; odd: home.
    const tell = (i: number, at: number): void =>
      void sent.push({
        feed: 'crossings',
        sendAt: at + dice.int(300, 3_000),
        record: {
          id: `${idPrefix}-c${day}-${gate.id}-${number}-${i}`,
          at: localInstant(at),
          site: gate.id,
          direction: (((i % 2) + 2) % 2 === 0) === thai ? 'exit' : 'entry',
          mode: 'land',
          documentType,
          documentNumber: documentNumber.replace('X', 'P'),
          nationality: thai ? 'THA' : gate.neighbour,
          birthYear,
          sex,
        },
      })
    if (stayedOver) {
      tell(9, startOf(day) + gate.opensMs + dice.int(3, 11) * minuteMs)
      return // Home for the day: the next way over is tomorrow's.
    }
    for (let i = 0; i < 2 * trips; i++) {
      tell(i, startOf(day) + Math.floor(there + ((back - there) * i) / (2 * trips - 1)))
      if (i === 0 && staysOver) return
    }
  }
}
