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
  while (before >= start && !crosses(travellers.codes[list[before] as number] as number)) before--
  let previous = before < start ? -1 : (list[before] as number)
  for (; i < end; i++) {
    const record = list[i] as number
    const codes = travellers.codes[record] as number
    if (!crosses(codes)) {
      if (isUnmatched(codes)) set(record, false)
      continue
    }
    const at = travellers.at[record] as number
    const unmatched =
      previous >= 0 &&
      directionCode(codes) === entry &&
      directionCode(travellers.codes[previous] as number) === entry &&
      at - (travellers.at[previous] as number) <= withinMs
    if (unmatched !== isUnmatched(codes)) set(record, unmatched)
    if (at > to) return
    previous = record
  }

  function set(record: number, unmatched: boolean): void {
    travellers.codes[record] = (travellers.codes[record] as number) ^ unmatchedBit
    changed(record, unmatched)
  }
}

function crosses(codes: number): boolean {
  if (feedCode(codes) !== crossing || outcomeCode(codes) === refused) return false
  const direction = directionCode(codes)
  return direction === entry || direction === exit
}
