/** Where the records of a body lie, without parsing them: `bounds[2i]` to `bounds[2i + 1]` (exclusive) is record i. */
export interface Records {
  readonly count: number
  readonly bounds: readonly number[]
}

/** A body that holds no records one could judge one by one. */
export type BodyProblem = 'empty-body' | 'broken-array' | 'too-many-records'

/** `json`: an object or an array, lines of objects too; `ndjson`: a record a line. */
export type BodyFormat = 'json' | 'ndjson'

/**
 * Finds the records of a body: one JSON object, an array, or lines. Brackets and quotes decide where an element of an
 * array ends; whether it is JSON is the judge's question, so a broken element or line spoils only itself.
 */
export function findRecords(bytes: Buffer, format: BodyFormat, most: number): Records | BodyProblem {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  let end = bytes.length
  while (start < end && isSpace(bytes[start] as number)) start++
  while (end > start && isSpace(bytes[end - 1] as number)) end--
  if (start === end) return 'empty-body'
  if (format === 'json') {
    if (bytes[start] === openBracket) return elements(bytes, start + 1, end, most)
    if (!isLines(bytes, start, end)) return { count: 1, bounds: [start, end] }
  }
  return lines(bytes, start, end, most)
}

const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const newline = 0x0a

const isSpace = (byte: number): boolean => byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09

/** Whether JSON that starts with `{` is a record a line rather than one record over several: each line opens and closes. */
function isLines(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes.indexOf(newline, start)
  if (first === -1 || first >= end) return false
  let last = first - 1
  while (last > start && isSpace(bytes[last] as number)) last--
  let next = first + 1
  while (next < end && isSpace(bytes[next] as number)) next++
  return bytes[last] === closeBrace && bytes[next] === openBrace
}

function lines(bytes: Buffer, start: number, end: number, most: number): Records | BodyProblem {
  const bounds: number[] = []
  for (let from = start; from < end;) {
    const found = bytes.indexOf(newline, from)
    const next = found === -1 || found >= end ? end : found
    push(bounds, bytes, from, next)
    if (bounds.length > most * 2) return 'too-many-records'
    from = next + 1
  }
  return { count: bounds.length / 2, bounds }
}

function elements(bytes: Buffer, start: number, end: number, most: number): Records | BodyProblem {
  const bounds: number[] = []
  let depth = 0
  let from = start
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === quote) {
      at = endOfText(bytes, at + 1, end)
    } else if (byte === openBrace || byte === openBracket) {
      depth++
    } else if (depth > 0) {
      if (byte === closeBrace || byte === closeBracket) depth--
    } else if (byte === comma || byte === closeBracket) {
      const before = bounds.length
      push(bounds, bytes, from, at)
      const isEmpty = bounds.length === before
      if (isEmpty && (byte === comma || before > 0)) return 'broken-array'
      if (bounds.length > most * 2) return 'too-many-records'
      if (byte === closeBracket) return at + 1 === end ? { count: bounds.length / 2, bounds } : 'broken-array'
      from = at + 1
    } else if (byte === closeBrace) {
      return 'broken-array'
    }
  }
  return 'broken-array'
}

/** Offset of the quote that ends a text; `end` when none does. */
function endOfText(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at]
    if (byte === quote) return at
    at += byte === backslash ? 2 : 1
  }
  return end
}

/** Adds [from, to) without the white space around it, unless nothing is left. */
function push(bounds: number[], bytes: Buffer, from: number, to: number): void {
  let start = from
  let end = to
  while (start < end && isSpace(bytes[start] as number)) start++
  while (end > start && isSpace(bytes[end - 1] as number)) end--
  if (start < end) bounds.push(start, end)
}
