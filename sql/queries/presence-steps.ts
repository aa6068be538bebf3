import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** People present in one premises at every change. */
export default defineQuery({
  name: 'presence-steps',
  params: Type.Object({ assumed_ms: Type.Number(), site: Type.String() }),
  row: Type.Object({ at: Type.Number(), present: Type.Number(), arrivals: Type.Number() }),
})
