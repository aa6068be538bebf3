import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** How many alerts are open, by severity. */
export default defineQuery({
  name: 'open-alerts',
  params: Type.Object({}),
  row: Type.Object({ severity: Type.String(), alerts: Type.Number() }),
})
