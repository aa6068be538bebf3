import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Changes with the reference data. */
export default defineQuery({
  name: 'reference-version',
  params: Type.Object({}),
  row: Type.Object({ version: Type.String() }),
})
