import { Type } from 'typebox'
import { defineQuery } from './query.ts'

/** Standing alerts of a span as sentences. */
export default defineQuery({
  name: 'alerts-of-span',
  params: Type.Object({ from: Type.Number(), to: Type.Number(), limit: Type.Number() }),
  row: Type.Object({
    alert_id: Type.String(),
    rule: Type.String(),
    class: Type.String(),
    severity: Type.String(),
    site: Type.String(),
    raised_ms: Type.Number(),
    sentence_en: Type.String(),
    sentence_th: Type.String(),
  }),
})
