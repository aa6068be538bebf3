import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Rows of the cube for keeping them in memory; read as Arrow, where the hashes are whole. */
export default defineQuery({
  name: 'cube-hours',
  params: Type.Object({
    feed: Type.String(),
    from: Type.Number(),
    to: Type.Number(),
    /** Seconds UTC. */
    hours: Type.Array(Type.Number()),
  }),
  row: Type.Object({
    hour_s: Type.Number(),
    place_hash: Type.Number(),
    kind_hash: Type.Number(),
    out_s: Type.Number(),
    records: Type.Number(),
    persons: Type.Number(),
    refusals: Type.Number(),
    lates: Type.Number(),
  }),
})
