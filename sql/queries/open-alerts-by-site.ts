import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Open alerts by site. */
export default defineQuery({
  name: 'open-alerts-by-site',
  params: Type.Object({}),
  row: Type.Object({ site: Type.String(), count: Type.Number() }),
})
