import { tidy } from '../intake/text.ts'
import type { Refusal } from '../intake/reasons.ts'
import type { Cell } from './arrow-batch.ts'
import type { Crossing } from './crossings.ts'
import {
  commonCells,
  eventTime,
  isRefusal,
  traveller,
  vehicle,
  type CommonFields,
  type RowContext,
} from './event-row.ts'

/** Cells of a crossing in layout order, key, version and batch still open; or why it is none. */
export default function normaliseCrossing(
  record: CommonFields & Partial<Crossing>,
  context: RowContext,
): Cell[] | Refusal {
  const at = eventTime(record.at, 'at', context)
  if (typeof at !== 'number') return at
  const holder = traveller(record, context)
  if (typeof holder !== 'bigint') return holder
  const car = vehicle(record, context)
  if (isRefusal(car)) return car
  const cells = commonCells(record, record.site, at, context)
  cells.push(
    record.direction ?? '',
    record.mode ?? '',
    record.documentType ?? '',
    holder,
    record.nationality ?? '',
    record.birthYear ?? 0,
    record.sex ?? '',
    car.token,
    car.sealed,
    tidy(record.declaredProvince ?? ''),
    record.outcome ?? 'admitted',
  )
  return cells
}
