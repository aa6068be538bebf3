import { tableNames, type ReferenceChange, type ReferenceRow, type TableName } from '../feeds/log-subjects.ts'

/**
 * Reference data as the log tells it: tables of effective-dated rows. What held at a time is asked with that time, so that
 * an event of last month meets last month's capacity.
 */
export type Reference = Readonly<Record<TableName, EffectiveTable>>

/** Rows of one table by id, each valid in [validFrom, validTo). */
export class EffectiveTable {
  readonly #rows = new Map<string, Dated[]>()
  /** First halves, folded to 16 bits, of ids that are pseudonyms. */
  readonly #tokens = new Uint8Array(1 << 16)

  /** The row that held for `id` at `at` (ms UTC): of several, the one that started last. */
  at(id: string, at: number): ReferenceRow | undefined {
    const rows = this.#rows.get(id)
    if (rows === undefined) return undefined
    for (let i = rows.length - 1; i >= 0; i--) {
      const row = rows[i] as Dated
      if (row.from <= at && at < row.to) return row.row
    }
    return undefined
  }

  /** Every row of `id` with its span [from, to), ms UTC, by start. */
  spans(id: string): readonly Dated[] {
    return this.#rows.get(id) ?? none
  }

  /** Whether a row's id may be the pseudonym whose first half is `hi`: yes too often, never too seldom, and at once. */
  mayHold(hi: number): boolean {
    return this.#tokens[hi & 0xffff] === 1
  }

  /** Every instant (ms UTC, ascending) at which what holds for `id` may change. */
  changes(id: string): number[] {
    const instants = new Set<number>()
    for (const { from, to } of this.#rows.get(id) ?? []) {
      if (Number.isFinite(from)) instants.add(from)
      if (Number.isFinite(to)) instants.add(to)
    }
    return [...instants].sort((a, b) => a - b)
  }

  /** The row that started last, whatever the time: for a name on a page. */
  latest(id: string): ReferenceRow | undefined {
    return this.#rows.get(id)?.at(-1)?.row
  }

  ids(): string[] {
    return [...this.#rows.keys()]
  }

  /** Every row, by id, then start. */
  rows(): ReferenceRow[] {
    return [...this.#rows.values()].flat().map(({ row }) => row)
  }

  /**
   * Takes a row; a row of the same id, start and `entry` (of a watchlist) replaces the one before. False: it was there
   * already. Throws RangeError on a date that is none.
   */
  put(row: ReferenceRow): boolean {
    const dated = {
      row,
      from: instant(row.validFrom),
      to: row.validTo === null ? Infinity : instant(row.validTo),
    }
    const before = this.#rows.get(row.id) ?? []
    if (before.some((one) => one.from === dated.from && JSON.stringify(one.row) === JSON.stringify(row)))
      return false
    const rows = [
      ...before.filter((one) => one.from !== dated.from || entryOf(one.row) !== entryOf(row)),
      dated,
    ]
    // Several entries of watchlists may name one token from one day on: their order must not depend on who came first.
    rows.sort((a, b) => a.from - b.from || (entryOf(a.row) < entryOf(b.row) ? -1 : 1))
    this.#rows.set(row.id, rows)
    if (token.test(row.id)) this.#tokens[Number.parseInt(row.id.slice(4, 8), 16)] = 1
    return true
  }
}

/** A row and its span [from, to), ms UTC; `to` is Infinity for an open one. */
export interface Dated {
  readonly row: ReferenceRow
  readonly from: number
  readonly to: number
}

const none: readonly Dated[] = []
const token = /^[0-9a-f]{16}$/

const entryOf = (row: ReferenceRow): string => String(row['entry'] ?? '')

export function createReference(): Reference {
  return Object.fromEntries(tableNames.map((table) => [table, new EffectiveTable()])) as Record<
    TableName,
    EffectiveTable
  >
}

/**
 * Applies one message of `events.reference`; gives the ids of rows that are new or another than before. A table of a newer
 * version that this one does not know changes nothing.
 */
export function applyChange(reference: Reference, change: ReferenceChange): string[] {
  const table = (reference as Partial<Reference>)[change.table]
  return table === undefined ? [] : change.rows.filter((row) => table.put(row)).map((row) => row.id)
}

/** Changes that make a reference like this one out of an empty one. */
export function changesOf(reference: Reference): ReferenceChange[] {
  return tableNames
    .map((table) => ({ table, rows: reference[table].rows(), loggedAt: 0 }))
    .filter(({ rows }) => rows.length > 0)
}

/** Capacity of a lodging that has no licence: more than 8 rooms or 30 guests would need one (Hotel Act, Thailand). */
export const unlicensedCapacity = 30

/** How many people a premises may hold at `at` (ms UTC). */
export function capacityAt(reference: Reference, id: string, at: number): number {
  const capacity = reference.premises.at(id, at)?.['capacity']
  return typeof capacity === 'number' ? capacity : unlicensedCapacity
}

/** How many people a room of a premises may hold at `at` (ms UTC), where its row says so. */
export function roomCapacityAt(reference: Reference, id: string, at: number): number | undefined {
  const capacity = reference.premises.at(id, at)?.['roomCapacity']
  return typeof capacity === 'number' ? capacity : undefined
}

/** Name of a site or premises for a sentence; its id when the reference data does not know it. */
export function nameOf(reference: Reference, id: string, language: 'en' | 'th'): string {
  const row = reference.sites.latest(id) ?? reference.premises.latest(id)
  const name = (language === 'th' ? row?.['nameTh'] : undefined) || row?.['name']
  return typeof name === 'string' && name !== '' ? name : id
}

/** ms UTC of an ISO date or instant. Throws RangeError on what is none. */
export function instant(text: string): number {
  // A bare date starts at local midnight in Thailand, as the decrees that such rows follow do.
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+07:00` : text)
  if (Number.isNaN(ms)) throw new RangeError(`"${text}" is no date: give YYYY-MM-DD or an ISO 8601 instant.`)
  return ms
}
