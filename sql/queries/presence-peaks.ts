import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Peak of people present in each premises. */
export default defineQuery({
  name: 'presence-peaks',
  params: Type.Object({ assumed_ms: Type.Number() }),
  row: Type.Object({
    site: Type.String(),
    peak: Type.Number(),
    peak_at: Type.Number(),
    registrations: Type.Number(),
  }),
})
