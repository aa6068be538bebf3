/**
 * A plate with one or two unread characters names no vehicle, but a watchlist can still meet it: it has a token of its own kind,
 * whose low 16 bits are all ones. The token of a whole plate never has these.
 */
export const partialBits = 0xffff

/** Whether the lower half of a vehicle's token says that the plate was not read whole. */
export function isPartial(tokenLo: number): boolean {
  return (tokenLo & partialBits) === partialBits
}
