import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Last message of ALERTS in the store. */
export default defineQuery({
  name: 'alerts-position',
  params: Type.Object({}),
  row: Type.Object({ seq: Type.Number() }),
})
