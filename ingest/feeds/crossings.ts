import { Type, type Static } from 'typebox'
import * as v from './vocabulary.ts'

/** A document presented at a checkpoint, an airport or a route check. */
export const Crossing = Type.Object(
  {
    id: v.SourceEventId,
    at: v.Instant,
    site: v.SiteId,
    direction: v.words(['entry', 'exit', 'check'], 'Into the country, out of it, or a check on the way.'),
    mode: Type.Optional(v.words(['air', 'land', 'sea', 'rail'], 'How the traveller came.')),
    documentType: v.DocumentType,
    documentNumber: v.DocumentNumber,
    nationality: v.Nationality,
    birthYear: Type.Optional(v.BirthYear),
    sex: Type.Optional(v.Sex),
    plate: Type.Optional(v.Plate),
    plateProvince: Type.Optional(v.Province),
    plateCountry: Type.Optional(v.Nationality),
    declaredProvince: Type.Optional(v.Province),
    outcome: Type.Optional(v.words(['admitted', 'refused', 'referred'], 'Absent: admitted.')),
    revision: Type.Optional(v.Revision),
    cancelled: Type.Optional(v.Cancelled),
  },
  { additionalProperties: false },
)
export type Crossing = Static<typeof Crossing>
export default Crossing
