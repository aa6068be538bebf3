import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Open alerts by site, and those of a rule. */
export default defineQuery({
  name: 'open-alerts-by-site',
  params: Type.Object({ rule: Type.String() }),
  row: Type.Object({ site: Type.String(), count: Type.Number(), of_rule: Type.Number() }),
})
