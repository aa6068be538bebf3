import type { ReferenceChange, ReferenceRow } from '../feeds/log-subjects.ts'

/**
 * Reference data as the log tells it: tables of effective-dated rows. What held at a time is asked with that time, so that
 * an event of last month meets last month's capacity.
 */
export interface Reference {
  readonly sites: EffectiveTable
  readonly premises: EffectiveTable
}

/** Rows of one table by id, each valid in [validFrom, validTo). */
export class EffectiveTable {
  readonly #rows = new Map<string, Dated[]>()

  /** The row that held for `id` at `at` (ms UTC): of several, the one that started last; of equals, the one logged last. */
  at(id: string, at: number): ReferenceRow | undefined {
    const rows = this.#rows.get(id)
    if (rows === undefined) return undefined
    for (let i = rows.length - 1; i >= 0; i--) {
      const row = rows[i] as Dated
      if (row.from <= at && at < row.to) return row.row
    }
    return undefined
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

  /** Takes a row; a row of the same id and start replaces the one before. False: it was there already. Throws RangeError on a date that is none. */
  put(row: ReferenceRow): boolean {
    const dated = {
      row,
      from: instant(row.validFrom),
      to: row.validTo === null ? Infinity : instant(row.validTo),
    }
    const before = this.#rows.get(row.id) ?? []
    if (before.some((one) => one.from === dated.from && JSON.stringify(one.row) === JSON.stringify(row)))
      return false
    const rows = [...before.filter(({ from }) => from !== dated.from), dated]
    rows.sort((a, b) => a.from - b.from)
    this.#rows.set(row.id, rows)
    return true
  }
}

interface Dated {
  readonly row: ReferenceRow
  readonly from: number
  readonly to: number
}

export function createReference(): Reference {
  return { sites: new EffectiveTable(), premises: new EffectiveTable() }
}

/** Applies one message of `events.reference`; gives the ids of rows that are new or another than before. */
export function applyChange(reference: Reference, change: ReferenceChange): string[] {
  return change.rows.filter((row) => reference[change.table].put(row)).map((row) => row.id)
}

/** Changes that make a reference like this one out of an empty one. */
export function changesOf(reference: Reference): ReferenceChange[] {
  return (['sites', 'premises'] as const).map((table) => ({
    table,
    rows: reference[table].rows(),
    loggedAt: 0,
  }))
}

/** Capacity of a lodging that has no licence: more than 8 rooms or 30 guests would need one (Hotel Act, Thailand). */
export const unlicensedCapacity = 30

/** How many people a premises may hold at `at` (ms UTC). */
export function capacityAt(reference: Reference, id: string, at: number): number {
  const capacity = reference.premises.at(id, at)?.['capacity']
  return typeof capacity === 'number' ? capacity : unlicensedCapacity
}

/** Name of a site or premises for a sentence; its id when the reference data does not know it. */
export function nameOf(reference: Reference, id: string, language: 'en' | 'th'): string {
  const row = reference.sites.latest(id) ?? reference.premises.latest(id)
  const name = (language === 'th' ? row?.['nameTh'] : undefined) || row?.['name']
  return typeof name === 'string' && name !== '' ? name : id
}

function instant(text: string): number {
  // A bare date starts at local midnight in Thailand, as the decrees that such rows follow do.
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+07:00` : text)
  if (Number.isNaN(ms)) throw new RangeError(`"${text}" is no date: give YYYY-MM-DD or an ISO 8601 instant.`)
  return ms
}
