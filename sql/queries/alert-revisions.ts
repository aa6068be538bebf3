import { Type } from 'typebox'
import { alertRow } from './alert-row.ts'
import { defineQuery } from './query.ts'

/** Every version of one alert. */
export default defineQuery({
  name: 'alert-revisions',
  params: Type.Object({ alert_id: Type.String() }),
  row: alertRow,
})
