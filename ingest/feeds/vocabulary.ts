import { Type } from 'typebox'

/** Shapes that the feeds share. A record that breaks one is rejected with the field, the reason and the fix. */

const words = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Enum([...values], { description })

/** Id of the record in its source's own system, unique there for ever: with the source it names the event. */
export const SourceEventId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9._:/-]+$',
  description:
    'Id of the record in your system; send the same id again only for the same record. No personal data.',
})
/** Date and time with an offset, seconds optional fraction of 1–3 digits: `2026-01-31T06:30:00+07:00`. */
export const Instant = Type.String({
  maxLength: 32,
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?(Z|[+-]\\d{2}:\\d{2})$',
  description: 'ISO 8601 with seconds and offset, for example 2026-01-31T06:30:00+07:00.',
})
export const SiteId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9._-]+$',
  description: 'Id of the checkpoint, camera or premises in the reference data.',
})
export const Revision = Type.Integer({
  minimum: 0,
  maximum: 65_535,
  description: 'Absent or 0 for a first record; raise it by one for each correction of the same id.',
})
export const Cancelled = Type.Boolean({
  description: 'true takes the record back; raise `revision` as well.',
})

export const documentTypes = [
  'passport',
  'border-pass',
  'temporary-border-pass',
  'work-pass',
  'crew',
] as const
export const DocumentType = words(documentTypes, 'Kind of travel document.')
export const DocumentNumber = Type.String({
  minLength: 3,
  maxLength: 24,
  pattern: '^[A-Za-z0-9<-]+$',
  description: 'As printed; replaced by a pseudonym on arrival and never stored.',
})
/** ICAO 9303 part 3 codes: one to three capital letters; wider than ISO 3166 (D, XXA, UNO …). */
export const Nationality = Type.String({
  pattern: '^[A-Z]{1,3}$',
  description: 'ICAO 9303 code of 1 to 3 capital letters.',
})
export const BirthYear = Type.Integer({ minimum: 1900, maximum: 2100 })
export const Sex = words(['F', 'M', 'X'], 'As on the document.')
export const Province = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'English name of the province, for example Tak.',
})
export const Plate = Type.String({
  minLength: 1,
  maxLength: 24,
  description:
    'Series and number in the script of the plate, `?` for an unread character; sealed on arrival.',
})
export { words }
