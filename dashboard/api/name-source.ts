import type { ReferenceRow, TableName } from '../../ingest/feeds/log-subjects.ts'
import referenceRows from '../../sql/queries/reference-rows.ts'
import referenceVersion from '../../sql/queries/reference-version.ts'
import type { NameBookDeps } from './name-book.ts'
import type { Reader } from './reader.ts'

/** Reference data for the {@link NameBook} from the store. */
export function namesFrom(reader: Reader): NameBookDeps {
  return {
    version: async () => (await reader.rows(referenceVersion, {}))[0]?.version ?? '',
    load: async () => {
      const rows = await reader.rows(referenceRows, {})
      return rows.map(({ table_name, row }) => ({
        table: table_name as TableName,
        row: JSON.parse(row) as ReferenceRow,
      }))
    },
  }
}
