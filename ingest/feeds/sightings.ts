import { Type, type Static } from 'typebox'
import * as v from './vocabulary.ts'

/** A plate read by a camera: one record a passage. Province is part of a Thai plate's identity; absent means unknown. */
export const Sighting = Type.Object(
  {
    id: v.SourceEventId,
    at: v.Instant,
    site: v.SiteId,
    plate: v.Plate,
    plateProvince: Type.Optional(v.Province),
    plateCountry: Type.Optional(v.Nationality),
    vehicleClass: Type.Optional(
      v.words(['car', 'pickup', 'van', 'bus', 'truck', 'motorcycle', 'unknown'], 'Absent: unknown.'),
    ),
    confidence: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'Likelihood that the whole plate was read right.',
    }),
    heading: Type.Optional(v.words(['to-border', 'from-border', 'unknown'], 'Absent: unknown.')),
    make: Type.Optional(Type.String({ maxLength: 24 })),
    colour: Type.Optional(Type.String({ maxLength: 16 })),
    revision: Type.Optional(v.Revision),
    cancelled: Type.Optional(v.Cancelled),
  },
  { additionalProperties: false },
)
export type Sighting = Static<typeof Sighting>
export default Sighting
