import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Volumes for charts, by bucket, site and kind. */
export default defineQuery({
  name: 'volumes',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    grain: Type.String(),
    zone: Type.String(),
    feed: Type.String(),
    sites: Type.Array(Type.String()),
    origin: Type.String(),
  }),
  row: Type.Object({
    time: Type.String(),
    site: Type.String(),
    kind: Type.String(),
    feed: Type.String(),
    count: Type.Number(),
    people: Type.Number(),
  }),
})
