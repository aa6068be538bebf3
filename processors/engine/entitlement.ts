import { permittedDays } from '../../ingest/reference/places.ts'
import type { Reference } from '../../ingest/reference/reference.ts'

/** Days in the table of permitted stays that stand for ever: a hundred years. */
const forGoodDays = 36_500

/**
 * Whether the holder of a document may stay for good: citizens, who neither register with a lodging as foreigners do nor stretch a stay.
 * Says the table of permitted stays, not the code.
 */
export function mayStayForGood(
  reference: Reference,
  nationality: string,
  documentType: string,
  at: number,
): boolean {
  return (permittedDays(reference, nationality, documentType, at) ?? 0) >= forGoodDays
}
