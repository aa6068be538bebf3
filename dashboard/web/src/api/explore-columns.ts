import { tableFromIPC } from 'apache-arrow'
import type { SeriesRow } from '../charts/explore-data.ts'

/** Rows of an Arrow IPC stream of /api/explore/series. Throws RangeError when a column is missing. */
export function seriesRowsOf(bytes: Uint8Array): SeriesRow[] {
  const table = tableFromIPC(bytes)
  const column = (name: string) => {
    const found = table.getChild(name)
    if (found === null) throw new RangeError(`The answer has no column ${name}.`)
    return found
  }
  const names = ['time', 'period', 'rank', 'label', 'value', 'base', 'labels'] as const
  const [time, period, rank, label, value, base, labels] = names.map(column)
  return Array.from({ length: table.numRows }, (_, i) => ({
    time: Number(time?.get(i)),
    period: Number(period?.get(i)),
    rank: Number(rank?.get(i)),
    label: String(label?.get(i)),
    value: Number(value?.get(i)),
    base: Number(base?.get(i)),
    labels: Number(labels?.get(i)),
  }))
}
