import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** When sites fell silent; `least` in ms. */
export default defineQuery({
  name: 'site-gaps',
  params: Type.Object({
    sites: Type.Array(Type.String()),
    from: Type.Number(),
    to: Type.Number(),
    least: Type.Number(),
  }),
  row: Type.Object({
    feed: Type.String(),
    site: Type.String(),
    from_ms: Type.Number(),
    to_ms: Type.Number(),
    usual_ms: Type.Number(),
  }),
})
