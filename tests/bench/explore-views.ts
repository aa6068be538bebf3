import { measureNames, measures } from '../../dashboard/api/explore-measures.ts'

const dayMs = 86_400_000
const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`

/**
 * Addresses of the explore page, always the same for the same end (ms UTC): every measure over a day, a week, a month and a quarter, each
 * with another split, grain, filter and comparison, and some as known at an instant.
 */
export function exploreViews(until: number): string[] {
  const views: string[] = []
  let n = 0
  for (const days of [1, 7, 30, 90])
    for (const show of measureNames) {
      const { dimensions, known } = measures[show]
      n++
      const fields: Record<string, string> = {
        show,
        span: 'custom',
        from: iso(until - days * dayMs),
        to: iso(until),
        split: n % 4 === 0 ? 'none' : (dimensions[n % dimensions.length] as string),
        compare: ['previous', 'week', 'none'][n % 3] as string,
        ...(days === 90 && n % 2 === 0 ? { grain: 'week' } : {}),
        ...(n % 5 === 0 ? { zone: 'border' } : {}),
        ...(n % 7 === 0 && dimensions.includes('documentType') ? { documentType: 'passport' } : {}),
        ...(known && n % 11 === 0 ? { known: iso(until - dayMs) } : {}),
      }
      views.push(`/explore?${new URLSearchParams(fields)}`)
    }
  return views
}
