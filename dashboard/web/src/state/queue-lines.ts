/** The queue as /api/alerts/index gives it: column by column, in order. */
export interface IndexColumns {
  readonly length: number
  /** Of this list in the live feed. */
  readonly position: string
  readonly ids: BigUint64Array
  /** 1 low to 3 high. */
  readonly severity: Uint8Array
  /** 0 new, 1 seen, 2 assigned, 3 disposed. */
  readonly state: Uint8Array
  /** 1: a snooze hides it. */
  readonly suppressed: Uint8Array
  /** ms UTC. */
  readonly raisedAt: Float64Array
  groupOf(row: number): string
}

export interface Group {
  readonly key: string
  /** Rows of the index, in its order. */
  readonly rows: readonly number[]
  readonly high: number
  readonly unseen: number
  readonly oldestAt: number
}

/** One line of the list: an alert by its row in the index, or the head of a group. */
export type Line =
  | { readonly kind: 'alert'; readonly row: number; readonly inGroup: boolean }
  | { readonly kind: 'group'; readonly group: Group; readonly open: boolean }

export interface Lines {
  readonly length: number
  at(line: number): Line | undefined
  /** Rows that the list shows, those in closed groups included. */
  readonly rows: readonly number[]
  /** Rows of the filter that are suppressed, shown or not. */
  readonly suppressed: number
}

/** 16 hexadecimal digits of an alert of the index. */
export function idAt({ ids }: Pick<IndexColumns, 'ids'>, row: number): string {
  return (ids[row] ?? 0n).toString(16).padStart(16, '0')
}

/** Rows of the index that the choice about snoozes shows, in order. */
export function shownRows(index: IndexColumns, snoozed: 'hide' | 'only' | 'show'): readonly number[] {
  const rows: number[] = []
  for (let row = 0; row < index.length; row++)
    if (snoozed === 'show' || (index.suppressed[row] === 1) === (snoozed === 'only')) rows.push(row)
  return rows
}

/** Groups of rows: those with high alerts first, by how many, then by how many in all. */
export function groupsOf(index: IndexColumns, rows: readonly number[]): readonly Group[] {
  return [...Map.groupBy(rows, (row) => index.groupOf(row))]
    .map(([key, own]) => ({
      key,
      rows: own,
      high: own.filter((row) => index.severity[row] === 3).length,
      unseen: own.filter((row) => index.state[row] === 0).length,
      oldestAt: own.reduce((oldest, row) => Math.min(oldest, index.raisedAt[row] ?? oldest), Infinity),
    }))
    .sort((a, b) => b.high - a.high || b.rows.length - a.rows.length || (a.key < b.key ? -1 : 1))
}

/** The list: rows alone, or groups with the rows of those that are open. */
export function linesOf(
  index: IndexColumns,
  {
    snoozed,
    grouped,
    open,
  }: { snoozed: 'hide' | 'only' | 'show'; grouped: boolean; open: ReadonlySet<string> },
): Lines {
  const rows = shownRows(index, snoozed)
  const suppressed = index.suppressed.reduce((sum, one) => sum + one, 0)
  if (!grouped)
    return {
      length: rows.length,
      at: (line) =>
        rows[line] === undefined ? undefined : { kind: 'alert', row: rows[line], inGroup: false },
      rows,
      suppressed,
    }
  const lines = groupsOf(index, rows).flatMap((group): Line[] => [
    { kind: 'group', group, open: open.has(group.key) },
    ...(open.has(group.key) ? group.rows.map((row): Line => ({ kind: 'alert', row, inGroup: true })) : []),
  ])
  return { length: lines.length, at: (line) => lines[line], rows, suppressed }
}

/** Ids in parts that one action takes. */
export function inParts(ids: readonly string[], most = 500): string[][] {
  return Array.from({ length: Math.ceil(ids.length / most) }, (_, i) => ids.slice(i * most, (i + 1) * most))
}
