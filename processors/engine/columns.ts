/** Typed arrays that grow, and how they lie in a snapshot. */

export type Numbers = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array

/** Named parts of a state at rest; each component knows the order of its own arrays. */
export type Sections = Readonly<Record<string, readonly Numbers[]>>

/** A copy of twice the length, or of `length`. */
export function grown<T extends Numbers>(array: T, length = array.length * 2): T {
  const more = new (array.constructor as new (length: number) => T)(length)
  more.set(array)
  return more
}
