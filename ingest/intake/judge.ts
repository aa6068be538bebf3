import { isUtf8 } from 'node:buffer'
import { hashed } from '../../platform/hash.ts'
import type { Cell } from '../feeds/arrow-batch.ts'
import { place, type CommonFields, type RowContext } from '../feeds/event-row.ts'
import type { FeedName } from '../feeds/layout.ts'
import normaliseCrossing from '../feeds/normalise-crossings.ts'
import normaliseRegistration from '../feeds/normalise-registrations.ts'
import normaliseSighting from '../feeds/normalise-sightings.ts'
import { fingerprintOf, hashEventId } from './fingerprint.ts'
import { refuse, type Refusal } from './reasons.ts'
import { shapeProblem } from './shapes.ts'

/** A record is at most this many bytes of JSON. */
export const recordLimitBytes = 16 * 1024

/** A record that may be taken, as a row. The batch column is still open; the key is there twice, for the ledger. */
export interface Row {
  readonly id: string
  readonly keyHi: number
  readonly keyLo: number
  readonly revision: number
  readonly fingerprint: number
  /** Event time, ms UTC; 0 for a cancellation that does not say. */
  readonly at: number
  readonly cells: Cell[]
}

/** A record that may not be taken; `id` is empty when it has none that fits. */
export interface Refused extends Refusal {
  readonly id: string
}

const normalise: Record<FeedName, (record: never, context: RowContext) => Cell[] | Refusal> = {
  crossings: normaliseCrossing,
  sightings: normaliseSighting,
  registrations: normaliseRegistration,
}

/**
 * Judges the record in `bytes[start, end)`: its JSON, its shape, its content. A function of its arguments alone: whether
 * the id is known is the ledger's to say. Never throws on bytes, whatever they are.
 */
export function judge(
  feed: FeedName,
  bytes: Buffer,
  start: number,
  end: number,
  context: RowContext,
): Row | Refused {
  if (end - start > recordLimitBytes) return refused('', refuse('oversized'))
  let value: unknown
  try {
    const text = bytes.toString('utf8', start, end)
    // Bytes that are no UTF-8 come out as U+FFFD, which a record may also hold by right.
    if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end)))
      return refused('', refuse('malformed'))
    value = JSON.parse(text)
  } catch {
    return refused('', refuse('malformed'))
  }
  const problem = shapeProblem(feed, value)
  if (problem !== undefined) return refused(idOf(value), problem)
  const record = value as CommonFields
  const cells = normalise[feed](record as never, context)
  if (!Array.isArray(cells)) return refused(record.id, cells as Refusal)

  const fingerprint = fingerprintOf(feed, cells)
  const revision = record.revision ?? 0
  hashEventId(cells[place.eventId] as string)
  const { hi, lo } = hashed
  cells[place.eventKey] = (BigInt(hi) << 32n) | BigInt(lo)
  cells[place.version] = (BigInt(revision) << 32n) | BigInt(fingerprint)
  return {
    id: record.id,
    keyHi: hi,
    keyLo: lo,
    revision,
    fingerprint,
    at: cells[place.at] as number,
    cells,
  }
}

function refused(id: string, { reason, field, fix }: Refusal): Refused {
  return { id, reason, field, fix }
}

/** The id as sent when it has the form of one, so that the supplier can find the record; else nothing is repeated. */
function idOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'id')) return ''
  const { id } = value as { id: unknown }
  return typeof id === 'string' && /^[A-Za-z0-9._:/-]{1,64}$/.test(id) ? id : ''
}
