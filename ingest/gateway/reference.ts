import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ReferenceChange, ReferenceRow } from '../feeds/log-subjects.ts'
import type { EventLog } from '../intake/event-log.ts'
import { parseInstant } from '../intake/instants.ts'
import { parseRows } from './rows.ts'
import { Problem } from './problem.ts'

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const when = Type.String({
  maxLength: 32,
  description: 'YYYY-MM-DD (midnight in Thailand) or an ISO 8601 instant.',
})

/** A row of reference data as it is sent: who says so, from when until when, and whatever fields the table has. */
export const ReferenceRowBody = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._-]+$' }),
    validFrom: when,
    validTo: Type.Optional(Type.Union([when, Type.Null()])),
    source: text(120),
    owner: text(120),
    capacity: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 1_000_000 }), Type.Null()])),
    lat: Type.Optional(Type.Union([Type.Number({ minimum: -90, maximum: 90 }), Type.Null()])),
    lon: Type.Optional(Type.Union([Type.Number({ minimum: -180, maximum: 180 }), Type.Null()])),
  },
  {
    additionalProperties: Type.Union([
      Type.String({ maxLength: 500 }),
      Type.Number(),
      Type.Boolean(),
      Type.Null(),
    ]),
    propertyNames: Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }),
    maxProperties: 40,
  },
)
const row = Compile(ReferenceRowBody)

export const referenceTables = ['sites', 'premises'] as const

/** Rows of one message of the log: small enough for any server's limit. */
const chunkRows = 500

/** `POST /v1/reference/<table>` takes rows (an array or `{ rows }`), all or none, and puts them into the log. */
export function referenceRoutes(app: FastifyInstance, deps: { eventLog: EventLog; now: () => number }): void {
  for (const table of referenceTables)
    app.post(`/v1/reference/${table}`, { config: { access: 'reference' } }, async (request) => {
      const rows = parseRows(request.body, row).map((body, index) => referenceRow(body, index))
      await publishReference(deps.eventLog, table, rows, deps.now())
      return { accepted: rows.length }
    })
}

/** Puts rows of a table into the log, in order. Equal rows have equal message ids: `ref:<table>:<sha256>`. */
export async function publishReference(
  eventLog: EventLog,
  table: ReferenceChange['table'],
  rows: readonly ReferenceRow[],
  now: number,
  skip: (messageId: string) => boolean = () => false,
): Promise<void> {
  for (let from = 0; from < rows.length; from += chunkRows) {
    const chunk = rows.slice(from, from + chunkRows)
    const messageId = `ref:${table}:${createHash('sha256').update(JSON.stringify(chunk)).digest('hex')}`
    if (skip(messageId)) continue
    const change: ReferenceChange = { table, rows: chunk, loggedAt: now }
    await eventLog.publish('events.reference', Buffer.from(JSON.stringify(change)), messageId)
  }
}

function referenceRow(body: Static<typeof ReferenceRowBody>, index: number): ReferenceRow {
  const from = dateMs(body.validFrom)
  const to = body.validTo === undefined || body.validTo === null ? Infinity : dateMs(body.validTo)
  for (const [field, at] of [
    ['validFrom', from],
    ['validTo', to],
  ] as const)
    if (Number.isNaN(at))
      throw new Problem(400, {
        code: 'BAD_ROW',
        message: `Row ${index}: ${field} is no date that exists.`,
        field: `${index}.${field}`,
        fix: 'Send YYYY-MM-DD or an ISO 8601 instant.',
      })
  if (to <= from)
    throw new Problem(400, {
      code: 'BAD_ROW',
      message: `Row ${index}: validTo is not after validFrom.`,
      field: `${index}.validTo`,
      fix: 'Send the first instant at which the row no longer holds, or null.',
    })
  return { ...body, validTo: body.validTo ?? null } as ReferenceRow
}

function dateMs(text: string): number {
  return parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+07:00` : text)
}
