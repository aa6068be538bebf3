import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { isSure, settled, sureness, type OracleFinding } from './oracle.ts'

interface Params {
  kmh: number
  minConfidence: number
  withinMs: number
  clockMs: number
  slackKm: number
  passageMs: number
  looksAtLeast: number
  looksWithinMs: number
  alike: readonly (readonly string[])[]
  episodeMs: number
}

/** Cloned plate: every contradiction as a set of reads, then sets merged until no two are close. `km`: distance of two cameras. */
export function clonedPlate(
  events: readonly TestEvent[],
  params: Params,
  km: (a: string, b: string) => number,
): OracleFinding[] {
  const all = settled(events).filter(({ feed, vehicle }) => feed === 'sightings' && (vehicle ?? 0n) !== 0n)
  return [...new Set(all.map(({ vehicle }) => vehicle as bigint))].flatMap((vehicle) => {
    const reads = all.filter((event) => event.vehicle === vehicle)
    const counted = reads.filter((read) => {
      const foreign = read.plateCountry !== undefined && read.plateCountry !== 'THA'
      const better = reads.some(
        (other) =>
          other !== read &&
          other.site === read.site &&
          Math.abs(other.at - read.at) <= params.passageMs &&
          (sureness(other) > sureness(read) ||
            (sureness(other) === sureness(read) && reads.indexOf(other) < reads.indexOf(read))),
      )
      return isSure(read, params.minConfidence) && (foreign || Boolean(read.plateProvince)) && !better
    }) // prettier-ignore
    const sets = [...speedSets(counted, params, km), ...changeSets(counted, params), ...lookSets(counted, params, 'make'), ...lookSets(counted, params, 'colour')] // prettier-ignore
    return merged(sets, params.episodeMs).map((set) => {
      const members = counted.filter((read) => set.has(read))
      return {
        rule: 'cloned-plate',
        key: hex64(vehicle),
        start: (members[0] as TestEvent).at,
        end: (members.at(-1) as TestEvent).at,
        events: members.map((read) => hex64(eventKeyOf(read))),
      }
    })
  })
}

type ReadSet = Set<TestEvent>

function speedSets(
  reads: readonly TestEvent[],
  { kmh, withinMs, clockMs, slackKm }: Params,
  km: (a: string, b: string) => number,
): ReadSet[] {
  const sets: ReadSet[] = []
  for (let i = 1; i < reads.length; i++) {
    const [a, b] = [reads[i - 1] as TestEvent, reads[i] as TestEvent]
    const reach = (kmh * (b.at - a.at + clockMs)) / 3_600_000 + slackKm
    if (b.at - a.at <= withinMs && km(a.site as string, b.site as string) > reach) sets.push(new Set([a, b]))
  }
  return sets
}

/** Of any two reads with nothing that tells make and colour between them: those that differ in both. */
function changeSets(reads: readonly TestEvent[], { looksWithinMs, alike }: Params): ReadSet[] {
  const tells = ({ make, colour }: TestEvent): boolean =>
    Boolean(make) && make !== 'unknown' && alike.flat().includes(colour ?? '')
  return reads.flatMap((a, i) =>
    reads
      .slice(i + 1)
      .filter((b, n) => {
        const between = reads.slice(i + 1, i + 1 + n)
        const colours = [a.colour as string, b.colour as string]
        const alikeColours =
          a.colour === b.colour || alike.some((group) => colours.every((one) => group.includes(one)))
        return (
          tells(a) &&
          tells(b) &&
          !between.some(tells) &&
          b.at <= a.at + looksWithinMs &&
          a.make !== b.make &&
          !alikeColours
        )
      })
      .map((b) => new Set([a, b])),
  )
}

function lookSets(reads: readonly TestEvent[], params: Params, what: 'make' | 'colour'): ReadSet[] {
  const { looksAtLeast, looksWithinMs, alike } = params
  const look = (read: TestEvent): string => read[what] ?? ''
  const judged = (word: string): boolean =>
    word !== '' && (what === 'make' ? word !== 'unknown' : alike.flat().includes(word))
  const words = [...new Set(reads.map(look))].filter(judged)
  const rivals = (word: string): string[] =>
    words.filter(
      (other) =>
        other !== word &&
        (what === 'make' || !alike.some((group) => [word, other].every((one) => group.includes(one)))),
    )
  return reads
    .filter((read) => judged(look(read)))
    .map(({ at }, _, known) => {
      // Of reads of one instant each begins a span, without those before it in the order.
      const begun = known.slice(_).filter((read) => read.at <= at + looksWithinMs)
      const often = (word: string): boolean =>
        begun.filter((read) => look(read) === word).length >= looksAtLeast
      const odd = words.filter((word) => often(word) && rivals(word).some(often))
      return new Set(begun.filter((read) => odd.includes(look(read))))
    })
    .filter((set) => set.size > 0)
}

function merged(sets: readonly ReadSet[], gapMs: number): ReadSet[] {
  const span = (set: ReadSet): [number, number] => {
    const times = [...set].map(({ at }) => at)
    return [Math.min(...times), Math.max(...times)]
  }
  const left = [...sets]
  for (let i = 0; i < left.length;) {
    const [from, to] = span(left[i] as ReadSet)
    const j = left.findIndex((other, n) => {
      const [start, end] = span(other)
      return n > i && start - to <= gapMs && from - end <= gapMs
    })
    if (j < 0) i++
    else {
      const [other] = left.splice(j, 1) as [ReadSet]
      left[i] = new Set([...(left[i] as ReadSet), ...other])
      i = 0
    }
  }
  return left
}
