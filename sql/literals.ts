import { boundParams, identifier } from './statement.ts'
import type { Params } from './store.ts'

const placeholder = /\{\s*(\w+)\s*:\s*([^{}]+?)\s*\}/g

/**
 * A statement with its values as literals, for chdb: it lets one statement with bound values run in the whole process at a time, and
 * any number without. Each value becomes `CAST('text' AS Type)`, so that its type is the placeholder's and the only thing to get right is
 * the quoting of a text. Throws RangeError for a placeholder without a value and a name that is no identifier.
 */
export function withLiterals(sql: string, params: Params | undefined): string {
  const given = boundParams(params)
  if (given === undefined) return sql
  return sql.replace(placeholder, (_, name: string, type: string) => {
    const value = given[name]
    if (value === undefined) throw new RangeError(`The statement has no value for {${name}}.`)
    if (type === 'Identifier') return identifier(String(value))
    return `CAST(${literal(value)} AS ${type})`
  })
}

function literal(value: unknown): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return `[${value.map(quoted).join()}]`
  return quoted(value)
}

/** Only the quote and the backslash can end a text; the others are written out so that a statement stays one line of plain text. */
const quoted = (value: unknown): string =>
  `'${String(value).replace(/['\\\0\b\f\n\r\t]/g, (one) => escapes[one] as string)}'`

const escapes: Readonly<Record<string, string>> = {
  "'": "\\'",
  '\\': '\\\\',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}
