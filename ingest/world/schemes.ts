import { Dice } from './dice.ts'
import { hourMs, localInstant, minuteMs, startOf } from './local-time.ts'
import { person, visitors } from './people.ts'
import { lastOpen, type Gate, type Lodging, type Places } from './places.ts'
import { idPrefix, worldSources, type Family, type Sent } from './sent.ts'

/** The truth about a planted pattern: what a perfect detector finds, and what it must not keep. */
export interface Scheme {
  readonly id: string
  readonly rule: 'repeated-crossings' | 'overcrowded-lodgings'
  /** False: a record that was taken back again, so that the finding must be withdrawn. */
  readonly holds: boolean
  /** Document of the traveller, or id of the premises. */
  readonly key: string
  /** First and last moment of the pattern (event time), and when its deciding record was sent, ms UTC. */
  readonly startAt: number
  readonly endAt: number
  readonly decidedAt: number
  /** Ids of its records as the log knows them, `source:id`. */
  readonly events: readonly string[]
}

export interface Planted {
  readonly scheme: Scheme
  readonly sent: readonly Sent[]
}

/** What a traveller who shuttles needs: where, and the last crossing's time; the ones before are found backwards. */
export function shuttle(
  dice: Dice,
  options: { id: string; gates: readonly Gate[]; lastAt: number; crossings: number; takenBack: boolean },
): Planted {
  const who = person(dice, dice.from(visitors))
  const times = [options.lastAt]
  while (times.length < options.crossings) {
    const gate = options.gates[times.length % options.gates.length] as Gate
    times.unshift(lastOpen(gate, (times[0] as number) - dice.int(20, 70) * minuteMs))
  }
  const sent: Sent[] = times.map((at, i) => ({
    feed: 'crossings',
    planted: true,
    sendAt: at + dice.int(400, 2_500),
    record: {
      id: `${options.id}-${i}`,
      at: localInstant(at),
      site: (options.gates[(times.length - 1 - i) % options.gates.length] as Gate).id,
      direction: i % 2 === 0 ? 'entry' : 'exit',
      mode: 'land',
      documentType: 'passport',
      ...who,
    },
  }))
  if (options.takenBack)
    sent.push({
      feed: 'crossings',
      planted: true,
      sendAt: options.lastAt + dice.int(60, 150) * minuteMs,
      record: { id: `${options.id}-1`, revision: 1, cancelled: true },
    })
  return {
    sent,
    scheme: {
      id: options.id,
      rule: 'repeated-crossings',
      holds: !options.takenBack,
      key: who.documentNumber,
      startAt: times[0] as number,
      endAt: options.lastAt,
      decidedAt: (sent[options.crossings - 1] as Sent).sendAt,
      events: times.map((_, i) => `${worldSources.crossings}:${options.id}-${i}`),
    },
  }
}

/** Parties that fill a house above its capacity. `arrivals` are [check-in, people, sent at]; all leave at `leaveAt`. */
export function fill(
  dice: Dice,
  options: {
    id: string
    house: Lodging
    arrivals: readonly { at: number; people: number; sendAt: number }[]
    leaveAt: () => number
  },
): Planted {
  const { house, arrivals } = options
  const nationality = dice.from(visitors)
  const sent: Sent[] = arrivals.map(({ at, people, sendAt }, i) => ({
    feed: 'registrations',
    planted: true,
    sendAt,
    record: {
      id: `${options.id}-${i}`,
      premises: house.id,
      checkInAt: localInstant(at),
      checkOutAt: localInstant(options.leaveAt()),
      room: String(dice.int(1, 8)),
      partySize: people,
      documentType: 'passport',
      ...person(dice, nationality),
      comingFrom: house.province,
    },
  }))
  let present = 0
  let decidedAt = 0
  for (const i of arrivals
    .map((_, i) => i)
    .sort((a, b) => (sent[a] as Sent).sendAt - (sent[b] as Sent).sendAt)) {
    present += (arrivals[i] as { people: number }).people
    if (present > house.capacity && decidedAt === 0) decidedAt = (sent[i] as Sent).sendAt
  }
  return {
    sent,
    scheme: {
      id: options.id,
      rule: 'overcrowded-lodgings',
      holds: true,
      key: house.id,
      startAt: Math.min(...arrivals.map(({ at }) => at)),
      endAt: Math.max(...sent.map(({ record }) => Date.parse(String(record['checkOutAt'])))),
      decidedAt,
      events: sent.map(({ record }) => `${worldSources.registrations}:${record.id}`),
    },
  }
}

/** The schemes that begin on a local day: travellers who shuttle (every other day one that is taken back), houses that fill. */
export function planted(seed: number, day: number, places: Places): Planted[] {
  const dice = new Dice(seed, 'schemes', day)
  const list: Planted[] = []
  const shuttles = dice.int(4, 6) + (day % 2)
  for (let i = 0; i < shuttles; i++) {
    const gate = dice.pick(places.land)
    const near = places.land.filter(({ id, province }) => province === gate.province && id !== gate.id)
    const gates = near.length > 0 && dice.chance(0.5) ? [gate, dice.pick(near)] : [gate]
    const takenBack = day % 2 === 1 && i === 0
    const crossings = takenBack ? 4 : dice.int(4, 7)
    const lastAt = lastOpen(gate, startOf(day) + dice.int(15 * 60, 22 * 60) * minuteMs)
    list.push(shuttle(dice, { id: `${idPrefix}-s${day}-${i}`, gates, lastAt, crossings, takenBack }))
  }
  const { schemes: houses } = places.houses
  for (let i = 0; i < 3; i++) {
    const house = houses[(((day * 3 + i) % houses.length) + houses.length) % houses.length] as Lodging
    const leaveDay = day + dice.int(1, 2)
    const people = Math.round(house.capacity * dice.between(1.2, 2))
    const arrivals: { at: number; people: number; sendAt: number }[] = []
    for (let left = people; left > 0;) {
      const party = Math.min(left, dice.int(2, 7))
      // The relay moves people at night: up to three in the morning.
      const at = startOf(day) + dice.int(15 * 60, 27 * 60) * minuteMs
      arrivals.push({ at, people: party, sendAt: at + dice.int(10, dice.chance(0.3) ? 540 : 90) * minuteMs })
      left -= party
    }
    const leaveAt = (): number => startOf(leaveDay) + 10 * hourMs + dice.int(0, 90) * minuteMs
    list.push(fill(dice, { id: `${idPrefix}-h${day}-${i}`, house, arrivals, leaveAt }))
  }
  return list
}

/** The planted schemes as a family of the world. */
export function createSchemes(seed: number, places: Places): Family {
  return {
    name: 'schemes',
    spanDays: 3,
    // A shuttle may begin on the evening before.
    leadDays: 1,
    day: (day) => planted(seed, day, places).flatMap(({ sent }) => sent),
  }
}
