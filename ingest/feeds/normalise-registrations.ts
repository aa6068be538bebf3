import { parseInstant } from '../intake/instants.ts'
import { refuse, type Refusal } from '../intake/reasons.ts'
import { phoneDigits, tidy } from '../intake/text.ts'
import type { Cell } from './arrow-batch.ts'
import { commonCells, eventTime, traveller, type CommonFields, type RowContext } from './event-row.ts'
import type { Registration } from './registrations.ts'

/** A check-out further ahead than this is a placeholder (9999-12-31), not a plan, ms. */
export const longestStayMs = 10 * 366 * 86_400_000

/** Cells of a registration in layout order, key, version and batch still open; or why it is none. */
export default function normaliseRegistration(
  record: CommonFields & Partial<Registration>,
  context: RowContext,
): Cell[] | Refusal {
  const at = eventTime(record.checkInAt, 'checkInAt', context)
  if (typeof at !== 'number') return at
  const until = checkOut(record, at)
  if (typeof until === 'object' && until !== null) return until
  const holder = traveller(record, context)
  if (typeof holder !== 'bigint') return holder
  const digits = phoneDigits(record.phone ?? '')
  if (digits === '' && record.phone !== undefined)
    return refuse('out-of-shape', 'phone', 'Send the digits of the number, or leave phone out.')
  const cells = commonCells(record, record.premises, at, context)
  cells.push(
    until,
    tidy(record.room ?? ''),
    record.partySize ?? 1,
    holder,
    record.documentType ?? '',
    record.nationality ?? '',
    record.birthYear ?? 0,
    record.sex ?? '',
    digits === '' ? 0n : context.pseudonyms.phone(digits),
    tidy(record.comingFrom ?? ''),
    tidy(record.goingTo ?? ''),
  )
  return cells
}

function checkOut(record: Partial<Registration>, checkInAt: number): number | null | Refusal {
  if (record.checkOutAt === undefined) return null
  const until = parseInstant(record.checkOutAt)
  if (Number.isNaN(until)) return refuse('bad-instant', 'checkOutAt')
  if (record.checkInAt === undefined) return until
  if (until < checkInAt) return refuse('ends-before-start', 'checkOutAt')
  if (until - checkInAt > longestStayMs)
    return refuse(
      'out-of-range',
      'checkOutAt',
      'Leave checkOutAt out while the end of the stay is not known.',
    )
  return until
}
