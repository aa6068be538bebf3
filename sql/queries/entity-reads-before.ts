import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Camera reads of a vehicle before a time. */
export default defineQuery({
  name: 'entity-reads-before',
  params: Type.Object({ key: Type.String(), before: Type.Number() }),
  row: Type.Object({ count: Type.Number() }),
})
