import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Records of each feed by hour or local day. */
export default defineQuery({
  name: 'explore-reporting',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    grain: Type.String(),
    zone: Type.String(),
    feeds: Type.Array(Type.String()),
    sites: Type.Array(Type.String()),
    provinces: Type.Array(Type.String()),
    zones: Type.Array(Type.String()),
  }),
  row: Type.Object({ feed: Type.String(), at_ms: Type.Number(), count: Type.Number() }),
})
