import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** The reference data as JSON rows. */
export default defineQuery({
  name: 'reference-rows',
  params: Type.Object({}),
  row: Type.Object({ table_name: Type.String(), row: Type.String() }),
})
