import { hex64 } from '../../platform/hash.ts'
import { eventKeyOf, type TestEvent } from '../support/events.ts'
import { settled, type OracleFinding } from './oracle.ts'

interface Params {
  windowMs: number
  atLeast: number
  share: number
  oddAtLeast: number
  oddShare: number
  oddFromHour: number
  oddToHour: number
}

/** Mass check-in: try every span that begins with a check-in; check-ins in one hot span are joined; joined ones are a finding. */
export function massCheckIn(
  events: readonly TestEvent[],
  params: Params,
  capacityOf: (premises: string) => number = () => 30,
): OracleFinding[] {
  const stays = settled(events).filter(({ feed }) => feed === 'registrations')
  return [...new Set(stays.map(({ site }) => site ?? 'S1'))].flatMap((key) => {
    const own = stays.filter(({ site }) => (site ?? 'S1') === key)
    const spans = own
      .map((first) => own.filter(({ at }) => at >= first.at && at <= first.at + params.windowMs))
      .filter((span) => isHot(span, params, capacityOf(key)))
    const groups: Set<TestEvent>[] = []
    for (const span of spans) {
      const group = new Set(span)
      for (const other of groups.filter((one) => span.some((event) => one.has(event)))) {
        for (const event of other) group.add(event)
        groups.splice(groups.indexOf(other), 1)
      }
      groups.push(group)
    }
    return groups.map((group) => {
      const members = own.filter((event) => group.has(event))
      return {
        rule: 'mass-check-in',
        key,
        start: Math.min(...members.map(({ at }) => at)),
        end: Math.max(...members.map(({ at }) => at)),
        events: members.map((event) => hex64(eventKeyOf(event))),
      }
    })
  })
}

function isHot(span: readonly TestEvent[], params: Params, capacity: number): boolean {
  const people = (list: readonly TestEvent[]): number =>
    list.reduce((sum, { people }) => sum + (people ?? 1), 0)
  const odd = span.filter(({ at }) => {
    const clock = new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Asia/Bangkok', hour: '2-digit' })
    const [hour, from, to] = [Number(clock.slice(0, 2)), params.oddFromHour, params.oddToHour]
    return from <= to ? hour >= from && hour < to : hour >= from || hour < to
  })
  const reaches = (count: number, least: number, share: number): boolean =>
    count >= least && count >= share * capacity
  return (
    reaches(people(span), params.atLeast, params.share) ||
    reaches(people(odd), params.oddAtLeast, params.oddShare)
  )
}
