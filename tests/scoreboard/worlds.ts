import { loadRules } from '../../processors/registry.ts'
import type { Rule } from '../../processors/rule.ts'
import type { PlayOptions } from './play.ts'

/** Detectors of sites and sources are judged on a world of their own: `sites`. All others on `people`. */
export const parts = ['people', 'sites'] as const
export type Part = (typeof parts)[number]

/** A world without its seed. */
export type Shape = Required<Pick<PlayOptions, 'scale' | 'warmDays' | 'days' | 'from' | 'stepMs'>>

/** 2026-03-02 is a Monday; six weeks from it reach Songkran. */
export const defaultFrom = Date.parse('2026-03-02T00:00:00+07:00')

/**
 * Where the detectors of a part are judged. What is usual at a site takes weeks to know, and enough traffic that a camera is never empty
 * for hours by day: so `sites` is bigger, longer and coarser, and its judged days (6 March to 3 April 2026) lie between two holidays,
 * beside which `volume-anomaly` says nothing.
 */
export const shapes: Readonly<Record<Part, Shape>> = {
  people: { scale: 0.05, warmDays: 29, days: 16, from: defaultFrom, stepMs: 60_000 },
  sites: {
    scale: 0.25,
    warmDays: 42,
    days: 29,
    from: Date.parse('2026-01-23T00:00:00+07:00'),
    stepMs: 1_800_000,
  },
}

export const partOf = ({ key }: { readonly key: string }): Part => (key === 'site' ? 'sites' : 'people')

/** Rules of the detectors of a part; of both when it is undefined. */
export async function rulesOf(part: Part | undefined): Promise<Rule[]> {
  const rules = await loadRules()
  return part === undefined ? rules : rules.filter(({ detector }) => partOf(detector) === part)
}
