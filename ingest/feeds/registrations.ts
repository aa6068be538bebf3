import { Type, type Static } from 'typebox'
import * as v from './vocabulary.ts'

/** A stay in a lodging; one record a party. */
export const Registration = Type.Object(
  {
    id: v.SourceEventId,
    premises: v.SiteId,
    checkInAt: v.Instant,
    checkOutAt: Type.Optional(v.Instant),
    room: Type.Optional(Type.String({ minLength: 1, maxLength: 16 })),
    partySize: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'People in the party. Absent: 1.' }),
    ),
    documentType: Type.Optional(v.DocumentType),
    documentNumber: Type.Optional(v.DocumentNumber),
    nationality: Type.Optional(v.Nationality),
    birthYear: Type.Optional(v.BirthYear),
    sex: Type.Optional(v.Sex),
    phone: Type.Optional(Type.String({ minLength: 4, maxLength: 24, pattern: '^[0-9+() -]+$' })),
    comingFrom: Type.Optional(v.Province),
    goingTo: Type.Optional(v.Province),
    revision: Type.Optional(v.Revision),
    cancelled: Type.Optional(v.Cancelled),
  },
  { additionalProperties: false },
)
export type Registration = Static<typeof Registration>
export default Registration
