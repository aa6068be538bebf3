import { Type } from 'typebox'
import { defineQuery } from './query.ts'

const msOrNull = Type.Union([Type.Number(), Type.Null()])

/** How long alerts wait to be seen and disposed of; medians and the slowest tenth. */
export default defineQuery({
  name: 'response-times',
  params: Type.Object({ from: Type.Number() }),
  row: Type.Object({
    welfare: Type.Number(),
    unseen: Type.Number(),
    oldest_unseen_ms: Type.Number(),
    seen: Type.Number(),
    disposed: Type.Number(),
    seen_median_ms: msOrNull,
    seen_slow_ms: msOrNull,
    disposed_median_ms: msOrNull,
    disposed_slow_ms: msOrNull,
  }),
})
