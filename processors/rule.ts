import { createHash } from 'node:crypto'
import type { TObject } from 'typebox'
import { Clean, Default, Errors } from 'typebox/value'
import type { Detector } from './detector.ts'

/** A detector with the parameters it runs with; its version changes with either. */
export interface Rule {
  readonly detector: Detector
  readonly params: Readonly<Record<string, unknown>>
  /** 8 hexadecimal digits over detector id and parameters. */
  readonly version: string
  readonly lookbackMs: number
  readonly lookaheadMs: number
}

/** A rule whose parameters break the detector's schema; the message names rule, field and constraint. */
export class RuleError extends Error {
  readonly code = 'RULE'
}

/** Fills in defaults and checks. Throws {@link RuleError}. */
export function createRule(
  detector: Detector<TObject, TObject>,
  given: Readonly<Record<string, unknown>> = {},
): Rule {
  const params = Default(detector.params, Clean(detector.params, structuredClone(given))) as Record<
    string,
    unknown
  >
  const [error] = Errors(detector.params, params)
  const unknown = Object.keys(given).find((name) => !(name in detector.params.properties))
  if (unknown !== undefined) throw new RuleError(`Rule ${detector.id} has no parameter ${unknown}.`)
  if (error !== undefined)
    throw new RuleError(`Rule ${detector.id}: ${error.instancePath || 'parameters'} ${error.message}.`)
  const content = JSON.stringify([detector.id, Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))])
  return {
    detector,
    params,
    version: createHash('sha256').update(content).digest('hex').slice(0, 8),
    lookbackMs: detector.lookbackMs(params),
    lookaheadMs: detector.lookaheadMs?.(params) ?? detector.lookbackMs(params),
  }
}
