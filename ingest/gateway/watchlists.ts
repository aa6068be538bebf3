import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ReferenceRow } from '../feeds/log-subjects.ts'
import { DocumentNumber, DocumentType, Nationality, Plate, Province } from '../feeds/vocabulary.ts'
import type { EventLog } from '../intake/event-log.ts'
import type { Pseudonyms } from '../intake/pseudonyms.ts'
import { documentNumber, plateMarks, plateText, tidy } from '../intake/text.ts'
import { plateVariants } from '../reference/plate-variants.ts'
import { instant, type EffectiveTable } from '../reference/reference.ts'
import type { ReferenceLog } from '../reference-log.ts'
import { Problem } from './problem.ts'
import { publishReference, referenceRow, validity } from './reference.ts'
import { parseRows } from './rows.ts'

const name = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' })

/** An entry as it is sent: one document or one plate in the clear. It ends; a list that nobody reviews does harm. */
export const WatchlistEntryBody = Type.Object(
  {
    entry: name(64),
    list: name(40),
    kind: Type.Enum(['document', 'plate']),
    documentType: Type.Optional(DocumentType),
    documentNumber: Type.Optional(DocumentNumber),
    nationality: Type.Optional(Nationality),
    plate: Type.Optional(Plate),
    plateProvince: Type.Optional(Province),
    plateCountry: Type.Optional(Nationality),
    ...validity,
    validTo: validity.validFrom,
    note: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
type Sent = Static<typeof WatchlistEntryBody>
const row = Compile(WatchlistEntryBody)

/** An entry without a review in this time is over, ms. */
const longestMs = 400 * 86_400_000

/**
 * `POST /v1/watchlists` takes entries (an array or `{ rows }`), all or none: numbers in the clear become tokens here and go no
 * further. An entry that is sent again replaces what it was. `GET` gives the entries without numbers or tokens. `DELETE
 * /v1/watchlists/<entry>` ends one now; with `?mistaken=true` it never was, and what was found by it is withdrawn.
 */
export function watchlistRoutes(
  app: FastifyInstance,
  deps: { eventLog: EventLog; referenceLog: ReferenceLog; pseudonyms: Pseudonyms; now: () => number },
): void {
  const { eventLog, referenceLog, pseudonyms, now } = deps
  const access = { config: { access: 'reference' } } as const

  app.post('/v1/watchlists', access, async (request) => {
    const entries = parseRows(request.body, row)
    const rows = entries.flatMap((body, index) => rowsOf(body, index, pseudonyms))
    const stale = staleRows((await referenceLog.read()).watchlists, rows)
    await publishReference(eventLog, 'watchlists', [...stale, ...rows], now())
    return { accepted: entries.length, tokens: rows.length }
  })

  app.get('/v1/watchlists', access, async () => ({
    entries: entriesOf((await referenceLog.read()).watchlists),
  }))

  app.delete('/v1/watchlists/:entry', access, async (request) => {
    const { entry } = request.params as { entry: string }
    const mistaken = (request.query as { mistaken?: unknown }).mistaken === 'true'
    const known = (await referenceLog.read()).watchlists.rows().filter((row) => row['entry'] === entry)
    if (known.length === 0)
      throw new Problem(404, {
        code: 'NO_ENTRY',
        message: 'There is no such entry.',
        fix: 'Take its name from GET /v1/watchlists.',
      })
    const at = now()
    const ended = known
      .filter((row) => mistaken || instant(row.validTo ?? '9999-12-31') > at)
      .map((row) =>
        mistaken || instant(row.validFrom) >= at
          ? voided(row)
          : { ...row, validTo: new Date(at).toISOString() },
      )
    await publishReference(eventLog, 'watchlists', ended, at)
    return { ended: ended.length }
  })
}

/** Rows of an entry, one a token. Throws a {@link Problem} that does not quote the number. */
export function rowsOf(body: Sent, index: number, pseudonyms: Pseudonyms): ReferenceRow[] {
  const { entry, list, kind, note = '', validFrom, validTo, source, owner } = body
  const common = { validFrom, validTo, source, owner, list, kind, entry, note: tidy(note) }
  const [number, tokens] =
    kind === 'document' ? document(body, index, pseudonyms) : plate(body, index, pseudonyms)
  for (const [field, text] of Object.entries({ entry, list, note, source, owner }))
    if (plateMarks(documentNumber(plateText(text))).includes(number))
      throw refused(
        index,
        field,
        'It holds the number itself.',
        'Name the entry by a case or a serial number.',
      )
  const rows = tokens.map(({ token, score, variant }) =>
    referenceRow({ id: token.toString(16).padStart(16, '0'), ...common, score, variant }, index),
  )
  if (instant(validTo) - instant(validFrom) > longestMs)
    throw refused(
      index,
      'validTo',
      'It is more than 400 days after validFrom.',
      'End it sooner, and review it then.',
    )
  return rows
}

interface Token {
  readonly token: bigint
  readonly score: number
  readonly variant: string
}

function document(body: Sent, index: number, pseudonyms: Pseudonyms): [number: string, Token[]] {
  const fields = ['documentType', 'documentNumber', 'nationality'] as const
  const [type, sent, nationality] = fields.map((field) => given(body, field, index)) as [
    string,
    string,
    string,
  ]
  const number = documentNumber(sent)
  if (number === '') throw refused(index, 'documentNumber', 'It is empty.', 'Send the number as printed.')
  return [number, [{ token: pseudonyms.traveller(type, nationality, number), score: 1, variant: 'exact' }]]
}

function plate(body: Sent, index: number, pseudonyms: Pseudonyms): [number: string, Token[]] {
  const marks = plateMarks(plateText(given(body, 'plate', index)))
  const country = body.plateCountry ?? ''
  const home = country === '' || country === 'THA'
  const province = home ? tidy(given(body, 'plateProvince', index)) : tidy(body.plateProvince ?? '')
  if ([...marks].length < 3 || marks.includes('?'))
    throw refused(
      index,
      'plate',
      'It is not a whole plate.',
      'Send series and number, every character of them.',
    )
  const tokens = new Map<bigint, Token>()
  for (const variant of plateVariants(marks, province, home ? 'THA' : country)) {
    const { token } = pseudonyms.vehicle(variant.country, variant.province, variant.marks)
    if (token !== 0n && (tokens.get(token)?.score ?? 0) < variant.score)
      tokens.set(token, { token, score: Math.round(variant.score * 1000) / 1000, variant: variant.variant })
  }
  return [marks, [...tokens.values()]]
}

function given(body: Sent, field: keyof Sent, index: number): string {
  const value = body[field]
  if (typeof value !== 'string' || value === '')
    throw refused(index, field, 'It is missing.', `An entry of kind ${body.kind} needs it.`)
  return value
}

function refused(index: number, field: string, what: string, fix: string): Problem {
  return new Problem(400, {
    code: 'BAD_ROW',
    message: `Row ${index}: ${field} does not fit. ${what}`,
    field: `${index}.${field}`,
    fix,
  })
}

/** Rows that entries had before they were sent again, and have no more, as rows that never hold. */
function staleRows(known: EffectiveTable, rows: readonly ReferenceRow[]): ReferenceRow[] {
  const entries = new Set(rows.map((row) => row['entry']))
  const key = (row: ReferenceRow): string => `${row.id} ${instant(row.validFrom)} ${row['entry']}`
  const kept = new Set(rows.map(key))
  return known
    .rows()
    .filter(
      (row) => entries.has(row['entry'] as string) && !kept.has(key(row)) && row.validTo !== row.validFrom,
    )
    .map(voided)
}

function voided(row: ReferenceRow): ReferenceRow {
  return { ...row, validTo: row.validFrom }
}

/** What may be told of the entries: everything but what they are about. */
function entriesOf(known: EffectiveTable): object[] {
  const entries = new Map<string, Record<string, unknown> & { tokens: number }>()
  for (const { entry, list, kind, note, validFrom, validTo, source, owner } of known.rows()) {
    if (validFrom === validTo) continue
    const shown = entries.get(String(entry))
    if (shown !== undefined) shown.tokens++
    else entries.set(String(entry), { entry, list, kind, note, validFrom, validTo, source, owner, tokens: 1 })
  }
  return [...entries.values()]
}
