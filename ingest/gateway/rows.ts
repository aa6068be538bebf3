import { isUtf8 } from 'node:buffer'
import { recordLimit } from './body.ts'
import { Problem } from './problem.ts'

/** A compiled schema, as far as rows need it. */
export interface RowCheck<T> {
  Check(value: unknown): value is T
  Errors(value: unknown): readonly { readonly instancePath: string; readonly keyword: string }[]
}

/** Rows of a body that is an array or `{ rows: […] }`, each checked. Throws a {@link Problem} naming row and field. */
export function parseRows<T>(body: unknown, row: RowCheck<T>): T[] {
  const rows = rowsOf(parse(body))
  if (rows.length > recordLimit)
    throw new Problem(413, {
      code: 'TOO_MANY_RECORDS',
      message: 'The body holds more rows than the limit.',
      fix: `Split it: a request holds at most ${recordLimit} rows.`,
    })
  for (const [index, value] of rows.entries()) {
    if (row.Check(value)) continue
    // A field that no schema names is not named here either: its name may be a number that belongs nowhere.
    const error = row
      .Errors(value)
      .find(({ instancePath, keyword }) => instancePath !== '' && keyword !== 'boolean')
    const field = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
    throw new Problem(400, {
      code: 'BAD_ROW',
      message: `Row ${index} does not fit: ${field === '' ? 'a field is missing or unknown' : field}.`,
      field: field === '' ? String(index) : `${index}.${field}`,
      fix: 'Mend the row as ingest/README.md describes it and send all rows again; none was taken.',
    })
  }
  return rows as T[]
}

function parse(body: unknown): unknown {
  try {
    if (body instanceof Buffer && isUtf8(body)) return JSON.parse(body.toString())
  } catch {
    // Answered below, without quoting what could not be read.
  }
  throw new Problem(400, {
    code: 'NOT_JSON',
    message: 'The body is not JSON.',
    fix: 'Send a JSON array of rows, or {"rows": […]}, in UTF-8.',
  })
}

function rowsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'rows')) {
    const { rows } = value as { rows: unknown }
    if (Array.isArray(rows)) return rows
  }
  throw new Problem(400, {
    code: 'NO_ROWS',
    message: 'The body has no rows.',
    field: 'rows',
    fix: 'Send a JSON array of rows, or {"rows": […]}.',
  })
}
