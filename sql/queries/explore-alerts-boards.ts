import { Type } from 'typebox'
import { boardRow } from './explore-row.ts'
import { defineQuery } from './query.ts'

/** Values of every dimension of the alerts, now and before. */
export default defineQuery({
  name: 'explore-alerts-boards',
  params: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    compare_from: Type.Number(),
    compare_to: Type.Number(),
    top: Type.Number(),
    known: Type.String(),
    known_at: Type.Number(),
    standing: Type.String(),
    sites: Type.Array(Type.String()),
    provinces: Type.Array(Type.String()),
    zones: Type.Array(Type.String()),
    rules: Type.Array(Type.String()),
    measures: Type.Array(Type.String()),
    severities: Type.Array(Type.String()),
    classes: Type.Array(Type.String()),
  }),
  row: boardRow,
})
