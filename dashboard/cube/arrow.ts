import {
  Float64,
  Table,
  tableToIPC,
  Timestamp,
  TimeUnit,
  Uint32,
  Uint8,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import type { SeriesColumns } from './series.ts'

/** One uncompressed Arrow IPC stream with the columns of explore-series.sql. */
export function seriesArrow(columns: SeriesColumns): Uint8Array {
  return tableToIPC(
    new Table({
      time: vectorFromArray(columns.time, new Timestamp(TimeUnit.MILLISECOND, 'UTC')),
      period: vectorFromArray(columns.period, new Uint8()),
      rank: vectorFromArray(columns.rank, new Uint32()),
      label: vectorFromArray(columns.label, new Utf8()),
      value: vectorFromArray(columns.value, new Float64()),
      base: vectorFromArray(columns.base, new Float64()),
      labels: vectorFromArray(columns.labels, new Uint32()),
    }),
    'stream',
  )
}
