import { tableFromIPC } from 'apache-arrow'
import type { IndexColumns } from '../state/queue-lines.ts'

/** Columns of /api/alerts/index. */
export function indexOf(bytes: Uint8Array, position: string): IndexColumns {
  const table = tableFromIPC(bytes)
  const typed = <T>(name: string, empty: T): T =>
    table.numRows === 0 ? empty : (table.getChild(name)?.toArray() as T)
  const groups = table.getChild('group_key')
  return {
    length: table.numRows,
    position,
    ids: typed('id', new BigUint64Array()),
    severity: typed('severity_rank', new Uint8Array()),
    state: typed('state_rank', new Uint8Array()),
    suppressed: typed('suppressed', new Uint8Array()),
    raisedAt: typed('raised_ms', new Float64Array()),
    groupOf: (row) => String(groups?.get(row) ?? ''),
  }
}
