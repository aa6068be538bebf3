import { tableFromIPC, type Vector } from 'apache-arrow'
import type { VolumeColumns } from '../charts/buckets.ts'

/** Columns of an Arrow IPC stream of /api/volumes. Throws RangeError when a column is missing. */
export function columnsOf(bytes: Uint8Array): VolumeColumns {
  const table = tableFromIPC(bytes)
  const column = (name: string): Vector => {
    const found = table.getChild(name)
    if (found === null) throw new RangeError(`The answer has no column ${name}.`)
    return found
  }
  const length = table.numRows
  if (length === 0)
    return { length, time: new Float64Array(), site: [], kind: [], feed: [], count: new Float64Array() }
  const numbers = (name: string): Float64Array => {
    const values = column(name)
    return Float64Array.from({ length }, (_, i) => Number(values.get(i)))
  }
  const texts = (name: string): string[] => {
    const values = column(name)
    return Array.from({ length }, (_, i) => String(values.get(i)))
  }
  return {
    length,
    time: numbers('time'),
    site: texts('site'),
    kind: texts('kind'),
    feed: texts('feed'),
    count: numbers('count'),
  }
}
