import type { FeedName } from '../../feeds/layout.ts'
import type { Pseudonyms } from '../pseudonyms.ts'
import { RowScanner } from './row-scanner.ts'
import { TokenCache } from './token-cache.ts'

/** A scanner for each feed, with recent tokens in common. */
export function createScanners(pseudonyms: Pseudonyms): Readonly<Record<FeedName, RowScanner>> {
  const tokens = new TokenCache(pseudonyms)
  return {
    crossings: new RowScanner('crossings', tokens),
    sightings: new RowScanner('sightings', tokens),
    registrations: new RowScanner('registrations', tokens),
  }
}
