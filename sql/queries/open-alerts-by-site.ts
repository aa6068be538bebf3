import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Open alerts of one rule, by site. */
export default defineQuery({
  name: 'open-alerts-by-site',
  params: Type.Object({ rule: Type.String() }),
  row: Type.Object({ site: Type.String(), count: Type.Number() }),
})
