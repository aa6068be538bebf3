import type { ReferenceRow, TableName } from '../../ingest/feeds/log-subjects.ts'
import { rowsOf } from '../../ingest/gateway/watchlists.ts'
import type { Notice } from '../../ingest/world/schemes/kind.ts'
import { pseudonyms } from './pseudonyms.ts'

/** What the reference desk writes into the log for a notice. */
export function rowsOfNotice(notice: Notice): { table: TableName; rows: readonly ReferenceRow[] }[] {
  return 'row' in notice
    ? [{ table: notice.table, rows: [notice.row] }]
    : [{ table: 'watchlists', rows: rowsOf(notice.watch, 0, pseudonyms) }]
}
