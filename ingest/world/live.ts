import { Dice } from './dice.ts'
import { minuteMs } from './local-time.ts'
import { vehicle } from './people.ts'
import { isOpen, lastOpen, type Lodging, type Places } from './places.ts'
import { shuttle } from './schemes/repeated-crossings.ts'
import { fill } from './schemes/overcrowded-lodgings.ts'
import { idPrefix, type Sent } from './sent.ts'
import { Story, type Planted } from './story.ts'
import { passage } from './traffic.ts'

/** When the first deciding records of the live phase come, after its start, and how far the next ones are apart, ms. */
export const liveRhythm = { firstShuttleMs: 20_000, firstHouseMs: 32_000, everyMs: 6 * minuteMs } as const

/** How long after its start the live phase has its steady flow: enough to see it live, too little to bend a day's figures. */
const floorForMs = 10 * minuteMs

/** Records of a live scheme are sent at most this long before its deciding one, ms. */
const aheadMs = 150 * minuteMs

/**
 * What the world adds while it runs live, so that somebody who just started it sees it work: every few minutes a traveller
 * whose deciding crossing comes now, every few minutes a house that overflows now, and for the first minutes a steady flow of vehicles on the
 * expressways. A pure function of (seed, start of the live phase).
 */
export interface LiveExtras {
  between(fromMs: number, toMs: number): Sent[]
  schemes(fromMs: number, toMs: number): Planted[]
}

export function createLiveExtras(
  options: { seed: number; liveStart: number; floorPerSecond: number },
  places: Places,
): LiveExtras {
  const { seed, liveStart, floorPerSecond } = options
  const prefix = `${idPrefix}-L${liveStart.toString(36)}`
  const kept = new Map<number, readonly Planted[]>()

  /** Every scheme that can send or decide in the span: its records go out from `aheadMs` before its deciding one on. */
  const around = (fromMs: number, toMs: number): Planted[] => {
    const list: Planted[] = []
    const first = Math.max(0, Math.floor((fromMs - liveStart) / liveRhythm.everyMs) - 1)
    const last = Math.floor((toMs + aheadMs - liveStart) / liveRhythm.everyMs)
    for (let k = first; k <= last; k++) {
      const pair = kept.get(k) ?? [shuttleNow(k), houseNow(k)]
      kept.set(k, pair)
      list.push(...pair)
    }
    for (const k of kept.keys()) if (k < first) kept.delete(k)
    return list
  }

  return {
    schemes: (fromMs, toMs) =>
      around(fromMs, toMs).filter(({ scheme }) => scheme.decidedAt >= fromMs && scheme.decidedAt < toMs),
    between: (fromMs, toMs) => [
      ...around(fromMs, toMs)
        .flatMap(({ sent }) => sent)
        .filter(({ sendAt }) => sendAt >= fromMs && sendAt < toMs),
      ...floor(fromMs, toMs),
    ],
  }

  function shuttleNow(k: number): Planted {
    const dice = new Dice(seed, 'live-shuttle', liveStart, k)
    const decidedAt = moment(dice, liveRhythm.firstShuttleMs, k)
    const open = places.land.filter(
      (gate) => isOpen(gate, decidedAt) && isOpen(gate, decidedAt - 30 * minuteMs),
    )
    // At night, when all posts are closed, the deciding record is one of the evening that comes late.
    const gate = dice.pick(open.length > 0 ? open : places.land)
    const lastAt = lastOpen(gate, decidedAt - 1_000)
    const story = new Story(`${prefix}-s${k}`, dice)
    const { scheme, sent, notices } = shuttle(
      { dice, story },
      {
        gates: [gate],
        lastAt,
        crossings: 4,
        takenBack: false,
      },
    )
    return {
      notices,
      scheme: { ...scheme, decidedAt },
      sent: sent.map((one, i) => ({
        ...one,
        sendAt: i === sent.length - 1 ? decidedAt : early(one.sendAt, i, k, decidedAt),
      })),
    }
  }

  function houseNow(k: number): Planted {
    const dice = new Dice(seed, 'live-house', liveStart, k)
    const decidedAt = moment(dice, liveRhythm.firstHouseMs, k)
    const houses = places.houses.live
    // Steps by the minute of the start, so that a start soon after another one meets another house.
    const house = houses[(Math.floor(liveStart / minuteMs) * 7 + k) % houses.length] as Lodging
    const arrivals: { at: number; people: number; sendAt: number }[] = []
    for (let left = house.capacity - dice.int(0, 3); left > 0;) {
      const people = Math.min(left, dice.int(3, 7))
      const at = decidedAt - dice.int(10, 36) * minuteMs
      const sendAt = early(at + dice.int(2, 10) * minuteMs, arrivals.length, k, decidedAt)
      arrivals.push({ at, people, sendAt })
      left -= people
    }
    arrivals.push({ at: decidedAt - 2_000, people: dice.int(5, 11), sendAt: decidedAt })
    // They are moved on within half an hour, as relays are.
    const story = new Story(`${prefix}-h${k}`, dice)
    return fill({ dice, story }, { house, arrivals, leaveAt: () => decidedAt + dice.int(25, 32) * minuteMs })
  }

  /** The first of a kind comes on the second; later ones vary by up to a minute and a half. */
  function moment(dice: Dice, firstMs: number, k: number): number {
    return liveStart + firstMs + k * liveRhythm.everyMs + (k === 0 ? 0 : dice.int(0, 90_000))
  }

  /** What lies before the live phase comes late, spread over its first minutes, always before the deciding record. */
  function early(sendAt: number, index: number, k: number, decidedAt: number): number {
    const late = Math.max(
      sendAt,
      decidedAt - aheadMs,
      liveStart + 1_000 + index * 700 + Math.min(k, 30) * 8_000,
    )
    return Math.min(late, decidedAt - 5_000)
  }

  function floor(fromMs: number, toMs: number): Sent[] {
    const { expressways } = places
    const sent: Sent[] = []
    if (floorPerSecond <= 0 || expressways.length === 0) return sent
    const stepMs = 1000 / floorPerSecond
    for (let i = Math.max(0, Math.floor((fromMs - liveStart) / stepMs) - 1); ; i++) {
      const dice = new Dice(seed, 'floor', liveStart, i)
      const sendAt = Math.round(liveStart + (i + dice.float()) * stepMs)
      if (i * stepMs >= floorForMs || (sendAt >= toMs && liveStart + i * stepMs >= toMs)) return sent
      if (sendAt < fromMs || sendAt >= toMs) continue
      const camera = dice.pick(expressways)
      // One after the other, so that nobody is at two cameras within the minute.
      const seen = vehicle(seed, 'car', 2_000_000 + (i % 300_000))
      const one = passage(dice, `${prefix}-v${i}`, camera.id, sendAt - dice.int(200, 900), seen, 'unknown')
      sent.push({ ...one, sendAt })
    }
  }
}
