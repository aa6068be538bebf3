import { Type, type Static } from 'typebox'
import { CaseNumber, Purpose } from './audit-shapes.ts'
import { markings } from './vocabulary.ts'

const words = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(Type.Enum([...values], { description }))
const closed = { additionalProperties: false }
const Bilingual = Type.Object({ en: Type.String(), th: Type.String() })
const Ms = Type.Integer({ description: 'Milliseconds UTC.' })

export const Marking = words(markings, 'How it must be handled.')

// POST /api/alerts/:id/handover
export const HandoverBody = Type.Object(
  {
    recipient: Type.String({ minLength: 3, maxLength: 80, description: 'Agency or embassy that gets it.' }),
    purpose: Purpose,
    caseNumber: CaseNumber,
    marking: Marking,
    days: Type.Integer({ minimum: 1, maximum: 90, description: 'Days after which it must be destroyed.' }),
  },
  closed,
)
export type HandoverBody = Static<typeof HandoverBody>

/** What leaves the house: the fewest fields that let somebody act. No pseudonym, nationality, sex or year of birth. */
export const Handover = Type.Object({
  format: Type.Literal('daan-handover/1'),
  packageId: Type.String(),
  marking: Marking,
  madeAt: Ms,
  expiresAt: Ms,
  madeBy: Type.String(),
  recipient: Type.String(),
  purpose: Purpose,
  caseNumber: Type.String(),
  notice: Bilingual,
  alert: Type.Object({
    alertId: Type.String(),
    revision: Type.Integer(),
    rule: Type.String(),
    ruleVersion: Type.String(),
    title: Bilingual,
    class: Type.String(),
    measure: Type.Integer(),
    severity: Type.String(),
    about: Type.String(),
    sentence: Bilingual,
    startAt: Ms,
    endAt: Ms,
    site: Type.String(),
    siteName: Bilingual,
    numbers: Type.Record(Type.String(), Type.Unknown()),
  }),
  records: Type.Array(
    Type.Object({
      feed: Type.String(),
      at: Ms,
      site: Type.String(),
      siteName: Bilingual,
      /** Direction of a crossing; else empty. */
      kind: Type.String(),
      /** Of a camera's reading, 0 to 1; null for other feeds. */
      confidence: Type.Union([Type.Number(), Type.Null()]),
      source: Type.String(),
      record: Type.String(),
    }),
  ),
  /** SHA-256 of the JSON of all of the above, in this order. */
  sha256: Type.String(),
})
export type Handover = Static<typeof Handover>
