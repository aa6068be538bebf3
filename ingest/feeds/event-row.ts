import type { Pseudonyms } from '../intake/pseudonyms.ts'
import { parseInstant } from '../intake/instants.ts'
import { refuse, type Refusal } from '../intake/reasons.ts'
import { documentNumber, plateText, tidy } from '../intake/text.ts'
import type { Cell } from './arrow-batch.ts'

/** What turning a record into a row needs besides the record. */
export interface RowContext {
  /** Name of the supplier's system. */
  readonly source: string
  /** Time of intake, ms UTC. */
  readonly now: number
  readonly pseudonyms: Pseudonyms
}

/** Places of the common columns in a row (see layout.ts). */
export const place = { eventKey: 0, version: 1, eventId: 2, at: 5, ingestedAt: 6, batch: 7 } as const

/** An event further ahead of our clock than this has a wrong clock or offset, ms. */
export const futureLimitMs = 5 * 60_000
/** … and one before this a wrong date, ms UTC. */
export const oldestMs = Date.UTC(2000, 0, 1)

/** Fields that every feed has. `cancelled` records may lack the others. */
export interface CommonFields {
  readonly id: string
  readonly revision?: number | undefined
  readonly cancelled?: boolean | undefined
}

/** The first nine columns, with key, version and batch still open. `at` is what {@link eventTime} gave. */
export function commonCells(
  record: CommonFields,
  site: string | undefined,
  at: number,
  context: RowContext,
): Cell[] {
  return [
    0n,
    0n,
    `${context.source}:${record.id}`,
    context.source,
    site ?? '',
    at,
    context.now,
    0n,
    record.cancelled === true ? 1 : 0,
  ]
}

/** When it happened, ms UTC; 0 for a cancellation that does not say. */
export function eventTime(text: string | undefined, field: string, context: RowContext): number | Refusal {
  if (text === undefined) return 0
  const at = parseInstant(text)
  if (Number.isNaN(at)) return refuse('bad-instant', field)
  if (at > context.now + futureLimitMs) return refuse('from-future', field)
  if (at < oldestMs) return refuse('too-old', field)
  return at
}

/** Pseudonym of a document's holder; 0 when there is no number. A number needs its type and nationality to name one. */
export function traveller(
  record: {
    readonly documentType?: unknown
    readonly documentNumber?: string | undefined
    readonly nationality?: string | undefined
    readonly cancelled?: boolean | undefined
  },
  context: RowContext,
): bigint | Refusal {
  if (record.documentNumber === undefined) return 0n
  const number = documentNumber(record.documentNumber)
  if (number === '')
    return refuse(
      'out-of-shape',
      'documentNumber',
      'Send the number as printed, with its letters and digits.',
    )
  for (const field of ['documentType', 'nationality'] as const)
    if (record[field] === undefined) {
      if (record.cancelled === true) return 0n
      return refuse('missing-field', field, `Add ${field}: a document number alone does not say whose it is.`)
    }
  return context.pseudonyms.traveller(record.documentType as string, record.nationality as string, number)
}

/** Plate and where it belongs, in normal form. */
export interface PlateFields {
  readonly plate?: string | undefined
  readonly plateProvince?: string | undefined
  readonly plateCountry?: string | undefined
}

const noVehicle = { token: 0n, sealed: '' }

/** Token and sealed text of a plate; 0 and '' when there is none. */
export function vehicle(
  record: PlateFields,
  context: RowContext,
): { token: bigint; sealed: string } | Refusal {
  if (record.plate === undefined) return noVehicle
  const plate = plateText(record.plate)
  if (plate === '')
    return refuse('out-of-shape', 'plate', 'Send series and number, `?` for a character that was not read.')
  return context.pseudonyms.vehicle(record.plateCountry ?? '', tidy(record.plateProvince ?? ''), plate)
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'reason' in value
}
