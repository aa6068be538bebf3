import type { Dated } from '../../ingest/reference/reference.ts'
import { hotChains } from './episodes.ts'
import type { History } from './history.ts'

/** Records of one key that entries of watchlists are about, within an episode. */
export interface Hits {
  /** Positions in the history, ascending. */
  readonly positions: readonly number[]
  /** The entry that is closest: of equals the one that began first, then by name. */
  readonly best: Entry
  /** Lists of all entries that are met, by name. */
  readonly lists: readonly string[]
  /** Records from before the entry began. */
  readonly before: number
}

/** An entry of a watchlist as a row of reference data has it. */
export interface Entry {
  readonly entry: string
  readonly list: string
  readonly score: number
  readonly variant: string
  /** ms UTC. */
  readonly from: number
}

/**
 * Episodes of a listed key: records that an entry is about, each at most `episodeMs` after the one before. An entry is about
 * records from `historyMs` before its beginning up to its end.
 *
 * @param rows spans of the key in the table `watchlists`
 * @param meets whether an entry is about a record, besides its time
 */
export function hitsOf(
  history: History,
  rows: readonly Dated[],
  { historyMs, episodeMs }: { readonly historyMs: number; readonly episodeMs: number },
  meets: (entry: Entry, i: number) => boolean = () => true,
): Hits[] {
  const entries = rows
    .filter(({ from, to }) => from < to)
    .map(({ row, from, to }) => ({
      entry: String(row['entry']),
      list: String(row['list']),
      score: Number(row['score']),
      variant: String(row['variant']),
      from,
      to,
    }))
    .sort((a, b) => b.score - a.score || a.from - b.from || (a.entry < b.entry ? -1 : 1))
  if (entries.length === 0) return []
  const met = new Map<number, typeof entries>()
  for (let i = 0; i < history.length; i++) {
    const at = history.at(i)
    const about = entries.filter((entry) => entry.from - historyMs <= at && at < entry.to && meets(entry, i))
    if (about.length > 0) met.set(i, about)
  }
  const positions = [...met.keys()]
  const times = positions.map((i) => history.at(i))
  return hotChains(times, episodeMs, 1).map(({ first, last }) => {
    const chain = positions.slice(first, last + 1)
    const all = new Set(chain.flatMap((i) => met.get(i) ?? []))
    const best = entries.find((entry) => all.has(entry)) as Entry
    return {
      positions: chain,
      best,
      lists: [...new Set([...all].map(({ list }) => list))].sort(),
      before: chain.filter((i) => history.at(i) < best.from).length,
    }
  })
}
