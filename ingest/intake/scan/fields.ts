import { Instant } from '../../feeds/vocabulary.ts'
import { feedSchemas } from '../shapes.ts'
import type { FeedName } from '../../feeds/layout.ts'
import { bitOfPattern, breaks } from './byte-classes.ts'

/** How a field's value lies in JSON. `instant` and `text` are texts; `free` is text that `tidy` may have to change. */
export type FieldKind = 'text' | 'free' | 'word' | 'instant' | 'integer' | 'number' | 'flag'

/** What the scanner must know of a field to take its value from the bytes: the schema's own constraints. */
export interface Field {
  readonly name: string
  readonly nameBytes: Uint8Array
  readonly kind: FieldKind
  /** Bits that no byte of a text may have (byte-classes.ts). */
  readonly forbidden: number
  /** Of a text its length (bytes while it is ASCII), of a number its value. */
  readonly minimum: number
  readonly maximum: number
  readonly words: readonly Uint8Array[]
}

/** The fields of a feed in the order of its schema. Throws RangeError when the schema says something that is not known here. */
export function fieldsOf(feed: FeedName): Field[] {
  return Object.entries(feedSchemas[feed].properties).map(([name, schema]) => fieldOf(name, schema as Schema))
}

interface Schema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

const encoder = new TextEncoder()

function fieldOf(name: string, schema: Schema): Field {
  const common = {
    name,
    nameBytes: encoder.encode(name),
    forbidden: 0,
    minimum: 0,
    maximum: Infinity,
    words: [],
  }
  if (schema.enum !== undefined)
    return { ...common, kind: 'word', words: schema.enum.map((word) => encoder.encode(word)) }
  if (schema.type === 'boolean') return { ...common, kind: 'flag' }
  if (schema.type === 'integer' || schema.type === 'number')
    return {
      ...common,
      kind: schema.type,
      minimum: schema.minimum ?? -Infinity,
      maximum: schema.maximum ?? Infinity,
    }
  if (schema.type !== 'string') throw new RangeError(`The scanner does not know the schema of ${name}.`)
  const length = { minimum: schema.minLength ?? 0, maximum: schema.maxLength ?? Infinity }
  if (schema.pattern === undefined) return { ...common, ...length, kind: 'free' }
  if (schema.pattern === (Instant as Schema).pattern) return { ...common, kind: 'instant' }
  const bit = bitOfPattern(schema.pattern)
  if (bit === undefined) throw new RangeError(`The scanner does not know the pattern of ${name}.`)
  const most = bit === breaks.capitals ? { minimum: 1, maximum: 3 } : length
  return { ...common, ...most, kind: 'text', forbidden: bit | breaks.ascii }
}
