import { tidy } from '../intake/text.ts'
import type { Refusal } from '../intake/reasons.ts'
import type { Cell } from './arrow-batch.ts'
import {
  commonCells,
  eventTime,
  isRefusal,
  vehicle,
  type CommonFields,
  type RowContext,
} from './event-row.ts'
import type { Sighting } from './sightings.ts'

/** Cells of a sighting in layout order, key, version and batch still open; or why it is none. */
export default function normaliseSighting(
  record: CommonFields & Partial<Sighting>,
  context: RowContext,
): Cell[] | Refusal {
  const at = eventTime(record.at, 'at', context)
  if (typeof at !== 'number') return at
  const car = vehicle(record, context)
  if (isRefusal(car)) return car
  const cells = commonCells(record, record.site, at, context)
  cells.push(
    car.token,
    car.sealed,
    tidy(record.plateProvince ?? ''),
    record.plateCountry ?? '',
    record.vehicleClass ?? 'unknown',
    record.confidence ?? 0,
    record.heading ?? 'unknown',
    tidy(record.make ?? ''),
    tidy(record.colour ?? ''),
  )
  return cells
}
