import type { Outgoing } from '../../ingest/world/world.ts'

/** What is true of a span of the world, found the slow and plain way: for the labels to be held against. */

interface Record_ {
  readonly id: string
  readonly [field: string]: unknown
}

/** The last word on each record: highest revision, nothing cancelled, nothing that no intake takes. */
export function lastWord(sent: readonly Outgoing[], feed: Outgoing['feed']): Record_[] {
  const known = new Map<string, Record_>()
  for (const one of sent) {
    if (one.feed !== feed || one.record.id.endsWith('-e')) continue
    const before = known.get(one.record.id)
    if (Number(one.record['revision'] ?? 0) >= Number(before?.['revision'] ?? 0))
      known.set(one.record.id, one.record)
  }
  return [...known.values()].filter((record) => record['cancelled'] !== true)
}

/** Documents (passports) with at least four crossings in some 24 hours. */
export function shuttlers(sent: readonly Outgoing[]): Set<string> {
  const times = new Map<string, number[]>()
  for (const record of lastWord(sent, 'crossings')) {
    if (record['documentType'] !== 'passport') continue
    const document = String(record['documentNumber'])
    times.set(document, [...(times.get(document) ?? []), Date.parse(String(record['at']))])
  }
  return new Set(
    [...times]
      .filter(([, list]) =>
        list.some((start) => list.filter((at) => at >= start && at - start <= 86_400_000).length >= 4),
      )
      .map(([document]) => document),
  )
}

/** Minutes at which more people are present than the house holds, as intervals `[premises, from, to]`. */
export function overflows(
  sent: readonly Outgoing[],
  capacity: (premises: string) => number,
): [premises: string, from: number, to: number][] {
  const stays = new Map<string, { from: number; to: number; people: number }[]>()
  for (const record of lastWord(sent, 'registrations')) {
    const premises = String(record['premises'])
    const stay = {
      from: Date.parse(String(record['checkInAt'])),
      to: Date.parse(String(record['checkOutAt'])),
      people: Number(record['partySize']),
    }
    stays.set(premises, [...(stays.get(premises) ?? []), stay])
  }
  const found: [string, number, number][] = []
  for (const [premises, list] of stays) {
    let since: number | undefined
    for (const at of [...new Set(list.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)) {
      const present = list.filter(({ from, to }) => from <= at && at < to)
      const over = present.reduce((sum, { people }) => sum + people, 0) > capacity(premises)
      if (over && since === undefined) since = at
      if (!over && since !== undefined) {
        found.push([premises, since, at])
        since = undefined
      }
    }
  }
  return found
}
