import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Type, type Static, type TObject, type TString } from 'typebox'
import { Compile } from 'typebox/compile'
import { tableNames, type ReferenceChange, type ReferenceRow } from '../feeds/log-subjects.ts'
import type { EventLog } from '../intake/event-log.ts'
import { parseInstant } from '../intake/instants.ts'
import { tables, type TableShape } from '../reference/tables.ts'
import type { ReferenceLog } from '../reference-log.ts'
import { parseRows } from './rows.ts'
import { Problem } from './problem.ts'

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const when = Type.String({
  maxLength: 32,
  description: 'YYYY-MM-DD (midnight in Thailand) or an ISO 8601 instant.',
})

/** What every row has as it is sent: who says so, and from when until when. */
export const validity = {
  validFrom: when,
  validTo: Type.Optional(Type.Union([when, Type.Null()])),
  source: text(120),
  owner: text(120),
}

/** A row of a table as it is sent: its own fields as ingest/reference/tables.ts has them, and further plain ones. */
const bodyOf = ({ id, fields }: TableShape) =>
  Type.Object(
    { id: Type.String({ minLength: 1, maxLength: 80, pattern: id }), ...validity, ...fields },
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

/** Tables whose rows may be sent as they are. Rows of watchlists are made of numbers that are stored nowhere. */
export const openTables = tableNames.filter((table) => table !== 'watchlists')

/** Rows of one message of the log: small enough for any server's limit. */
const chunkRows = 500

/**
 * `POST /v1/reference/<table>` takes rows (an array or `{ rows }`), all or none, and puts them into the log;
 * `GET /v1/reference/<table>` gives every row that was put there, of one id with `?id=`.
 */
export function referenceRoutes(
  app: FastifyInstance,
  deps: { eventLog: EventLog; referenceLog: ReferenceLog; now: () => number },
): void {
  for (const table of openTables) {
    const row = Compile(bodyOf(tables[table]))
    app.post(`/v1/reference/${table}`, { config: { access: 'reference' } }, async (request) => {
      const rows = parseRows(request.body, row).map((body, index) => referenceRow(body as Sent, index))
      await publishReference(deps.eventLog, table, rows, deps.now())
      return { accepted: rows.length }
    })
  }
  for (const table of tableNames)
    app.get(`/v1/reference/${table}`, { config: { access: 'reference' } }, async (request) => {
      const { id } = request.query as { id?: unknown }
      const known = (await deps.referenceLog.read())[table]
      const rows = typeof id === 'string' ? known.spans(id).map(({ row }) => row) : known.rows()
      return { table, rows }
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

/** A row as it is sent, checked for its shape. */
export type Sent = Static<TObject<typeof validity & { id: TString }>> &
  Readonly<Record<string, string | number | boolean | null | undefined>>

/** The row as it is logged. Throws a {@link Problem} for dates that are none or lie the wrong way round. */
export function referenceRow(body: Sent, index: number): ReferenceRow {
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
