import type { History } from './history.ts'

/**
 * A camera gives several messages of one passage, seconds apart, and may change its mind between them: the surest of those stands for
 * the passage, of equals the first. All looks a minute or so around a message, so it needs no beginning of the history.
 */

/** Whether a record is a sighting whose plate was read with at least `minConfidence` (histories hold it in steps of 1/255). */
export function isSure(history: History, i: number, minConfidence: number): boolean {
  return (
    history.feed(i) === 'sightings' &&
    Math.round(history.confidence(i) * 255) >= Math.floor(minConfidence * 255)
  )
}

/** Whether a sighting is the surest of its plate at its camera within `passageMs` on both sides. */
export function standsForPassage(history: History, i: number, passageMs: number): boolean {
  const [at, site, confidence] = [history.at(i), history.site(i), history.confidence(i)]
  for (let j = i - 1; j >= 0 && at - history.at(j) <= passageMs; j--)
    if (history.confidence(j) >= confidence && history.site(j) === site && history.feed(j) === 'sightings')
      return false
  for (let j = i + 1; j < history.length && history.at(j) - at <= passageMs; j++)
    if (history.confidence(j) > confidence && history.site(j) === site && history.feed(j) === 'sightings')
      return false
  return true
}
