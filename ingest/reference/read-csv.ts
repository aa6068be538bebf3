import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { ReferenceRow, TableName } from '../feeds/log-subjects.ts'

/** The tables that come with the product and the file of each. A watchlist is nobody's to ship. */
const files = {
  sites: 'sites.csv',
  premises: 'premises.csv',
  hours: 'hours.csv',
  districts: 'districts.csv',
  stays: 'stays.csv',
  passRules: 'pass-rules.csv',
  holidays: 'holidays.csv',
  cameras: 'cameras.csv',
} as const satisfies Partial<Record<TableName, string>>

export const shippedTables = Object.keys(files) as readonly (keyof typeof files)[]

/** The reference tables that come with the product, as rows of the log. */
export type ReferenceTables = Readonly<Record<keyof typeof files, readonly ReferenceRow[]>>

/** Columns that hold numbers and yes-or-no; every other column is text. */
const numbers = new Set(['lat', 'lon', 'capacity', 'days', 'order', 'flow_day', 'flow_night'])
const booleans = new Set(['licensed', 'high_risk'])

/** Reads the CSV files of a folder. Throws RangeError naming file, line and column of a cell that is none. */
export function readReference(folder: string = import.meta.dirname): ReferenceTables {
  return Object.fromEntries(
    shippedTables.map((table) => [
      table,
      parseReference(readFileSync(join(folder, files[table]), 'utf8'), files[table]),
    ]),
  ) as unknown as ReferenceTables
}

/**
 * Rows of one CSV text with a header; snake_case columns become camelCase fields, an empty number or `valid_to` becomes
 * null, and other empty cells stay empty text.
 */
export function parseReference(text: string, file: string): ReferenceRow[] {
  const records = parse(text, { columns: true, bom: true, skip_empty_lines: true }) as Record<
    string,
    string
  >[]
  return records.map((record, index) => {
    const row: Record<string, string | number | boolean | null> = {}
    for (const [column, cell] of Object.entries(record))
      row[camelCase(column)] = value(column, cell, `${file}, row ${index + 1}, column ${column}`)
    for (const field of ['id', 'validFrom', 'source', 'owner'])
      if (typeof row[field] !== 'string' || row[field] === '')
        throw new RangeError(
          `${file}, row ${index + 1}: ${field} is missing; every row of reference data has one.`,
        )
    return row as unknown as ReferenceRow
  })
}

function value(column: string, cell: string, where: string): string | number | boolean | null {
  if (column === 'valid_to') return cell === '' ? null : cell
  if (booleans.has(column)) return cell === 'true'
  if (!numbers.has(column)) return cell
  if (cell === '') return null
  const number = Number(cell)
  if (!Number.isFinite(number))
    throw new RangeError(`${where} is "${cell}"; give a number or leave it empty.`)
  return number
}

const camelCase = (column: string): string =>
  column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
