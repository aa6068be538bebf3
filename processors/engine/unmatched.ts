import {
  directionCode,
  directions,
  feedCode,
  feedCodes,
  outcomeCode,
  outcomes,
  unmatchedBit,
} from './codes.ts'
import type { Keyspace } from './keyspace.ts'

const crossing = feedCodes.indexOf('crossings')
const entry = directions.indexOf('entry')
const exit = directions.indexOf('exit')
const refused = outcomes.indexOf('refused')

export const isUnmatched = (codes: number): boolean => (codes & unmatchedBit) !== 0

/**
 * Sets the bit of unmatched entries anew where a change of the traveller in [from, to] may have altered it, and tells each record of
 * which it did. Whether an entry is unmatched depends on the crossing before it alone, so the scan ends with the first one after the
 * change. Who was refused did not cross.
 */
export function markUnmatched(
  travellers: Keyspace,
  key: number,
  { from, to, withinMs }: { from: number; to: number; withinMs: number },
  changed: (record: number, unmatched: boolean) => void,
): void {
  const list = travellers.lists.data
  const start = travellers.start(key)
  const end = start + travellers.count(key)
  let i = travellers.lowerBound(key, from)
  let before = i - 1
  while (before >= start && !crosses(travellers.codes.get(list.get(before)))) before--
  let previous = before < start ? -1 : list.get(before)
  for (; i < end; i++) {
    const record = list.get(i)
    const codes = travellers.codes.get(record)
    if (!crosses(codes)) {
      if (isUnmatched(codes)) set(record, false)
      continue
    }
    const at = travellers.at.get(record)
    const unmatched =
      previous >= 0 &&
      directionCode(codes) === entry &&
      directionCode(travellers.codes.get(previous)) === entry &&
      at - travellers.at.get(previous) <= withinMs
    if (unmatched !== isUnmatched(codes)) set(record, unmatched)
    if (at > to) return
    previous = record
  }

  function set(record: number, unmatched: boolean): void {
    travellers.codes.set(record, travellers.codes.get(record) ^ unmatchedBit)
    changed(record, unmatched)
  }
}

function crosses(codes: number): boolean {
  if (feedCode(codes) !== crossing || outcomeCode(codes) === refused) return false
  const direction = directionCode(codes)
  return direction === entry || direction === exit
}
