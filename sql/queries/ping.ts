import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Whether the store answers. */
export default defineQuery({
  name: 'ping',
  params: Type.Object({}),
  row: Type.Object({ migrations: Type.Number() }),
})
