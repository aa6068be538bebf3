import type { SourceStatus } from '../../../api/shapes.ts'

const rank = { silent: 0, quiet: 1, reporting: 2 } as const

/** Sources that need somebody first: silent, quiet, then the rest; within a state by feed and name. */
export function inNeedFirst(sources: readonly SourceStatus[]): readonly SourceStatus[] {
  return sources.toSorted(
    (a, b) =>
      rank[a.state] - rank[b.state] || a.feed.localeCompare(b.feed) || a.source.localeCompare(b.source),
  )
}
