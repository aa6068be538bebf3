import { partialBits } from '../feeds/partial-token.ts'

/** More unread characters, or fewer read ones, say too little: such reads would all meet in a few tokens. */
export const unreadAtMost = 2
const readAtLeast = 4

const bits = BigInt(partialBits)

/**
 * Token of a plate from the keyed hash of its identity; 0 when too little of it was read. `marks`: the plate without spaces
 * and hyphens, `?` for an unread character. See ingest/feeds/partial-token.ts for what tells a partial read.
 */
export function plateToken(marks: string, hash: () => bigint): bigint {
  const unread = marks.split('?').length - 1
  if (unread === 0) {
    const token = hash()
    return (token & bits) === bits ? token ^ 1n : token
  }
  const read = [...marks].length - unread
  return unread > unreadAtMost || read < readAtLeast ? 0n : hash() | bits
}
