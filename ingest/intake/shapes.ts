import { Compile } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { Crossing } from '../feeds/crossings.ts'
import type { FeedName } from '../feeds/layout.ts'
import { Registration } from '../feeds/registrations.ts'
import { Sighting } from '../feeds/sightings.ts'
import { reasons, refuse, type Reason, type Refusal } from './reasons.ts'

/** The schema of each feed, which is also what `GET /v1/feeds/<feed>/schema` shows. */
export const feedSchemas = {
  crossings: Crossing,
  sightings: Sighting,
  registrations: Registration,
} as const satisfies Record<FeedName, ObjectSchema>

interface ObjectSchema {
  readonly properties: Readonly<Record<string, TSchema>>
  readonly required: readonly string[]
}

/** A record by its fields, once its shape has been checked. */
export type Fields = Readonly<Record<string, unknown>>

/** Checks a parsed JSON value against a feed's schema; undefined: it fits. */
export function shapeProblem(feed: FeedName, value: unknown): Refusal | undefined {
  const shape = shapes[feed]
  if (typeof value === 'object' && value !== null && (value as Fields)['cancelled'] === true)
    return shape.cancellation.Check(value) ? undefined : shape.explainCancellation(value)
  return shape.record.Check(value) ? undefined : shape.explain(value)
}

/** A cancellation needs its id and revision; what else it carries is checked, but may be absent. */
function cancellationOf(schema: ObjectSchema): TSchema & ObjectSchema {
  return {
    type: 'object',
    required: ['id', 'revision', 'cancelled'],
    properties: {
      ...schema.properties,
      revision: { ...schema.properties['revision'], minimum: 1 } as TSchema,
    },
    additionalProperties: false,
  } as unknown as TSchema & ObjectSchema
}

function shapeOf(schema: TSchema & ObjectSchema) {
  const cancellationSchema = cancellationOf(schema)
  const record = Compile(schema)
  const cancellation = Compile(cancellationSchema)
  return {
    record,
    cancellation,
    explain: (value: unknown) => explain(schema, record.Errors(value), value),
    explainCancellation: (value: unknown): Refusal => {
      const revision = (value as Fields)['revision']
      if (revision === undefined || revision === 0) return refuse('cancelled-without-revision', 'revision')
      return explain(cancellationSchema, cancellation.Errors(value), value)
    },
  }
}

const shapes: Record<FeedName, ReturnType<typeof shapeOf>> = {
  crossings: shapeOf(Crossing),
  sightings: shapeOf(Sighting),
  registrations: shapeOf(Registration),
}

interface ValidationError {
  readonly keyword: string
  readonly instancePath: string
}

const reasonOf: Readonly<Record<string, Reason>> = {
  type: 'wrong-type',
  enum: 'not-allowed',
  const: 'not-allowed',
  pattern: 'out-of-shape',
  minLength: 'out-of-shape',
  maxLength: 'out-of-shape',
  minimum: 'out-of-range',
  maximum: 'out-of-range',
}

/** One refusal for all that is wrong: what makes the record another thing first, then the first field that is off. */
function explain(schema: ObjectSchema, errors: readonly ValidationError[], value: unknown): Refusal {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('not-an-object')
  const unknown = Object.getOwnPropertyNames(value).find((name) => !Object.hasOwn(schema.properties, name))
  if (unknown !== undefined) return unknownField(schema, unknown)
  const missing = schema.required.find((name) => !Object.hasOwn(value, name))
  if (missing !== undefined) return refuse('missing-field', missing, `Add ${missing}${hint(schema, missing)}`)
  const error = errors.find(({ instancePath }) => instancePath !== '')
  const field = error?.instancePath.slice(1).split('/')[0] ?? ''
  const reason = reasonOf[error?.keyword ?? ''] ?? 'out-of-shape'
  // A time in another form is about the time, not about a pattern.
  if (reason === 'out-of-shape' && isInstant(schema, field)) return refuse('bad-instant', field)
  return refuse(reason, field, `${reasons[reason].fix.replace(/\.$/, '')}${hint(schema, field)}`)
}

const plainly = (text: string): string => text.toLowerCase().replace(/[_-]/g, '')

function unknownField(schema: ObjectSchema, name: string): Refusal {
  const meant = Object.keys(schema.properties).find((known) => plainly(known) === plainly(name))
  // A name that looks like no field name may be somebody's data: it is not repeated.
  const field = /^[A-Za-z][A-Za-z_-]{0,31}$/.test(name) ? name : ''
  const fix = meant === undefined ? reasons['unknown-field'].fix : `Send it as ${meant}.`
  return refuse('unknown-field', field, fix)
}

function isInstant(schema: ObjectSchema, field: string): boolean {
  return schema.properties[field] === feedSchemas.crossings.properties.at || field === 'checkOutAt'
}

/** What the schema says of a field, as the end of a sentence. */
function hint(schema: ObjectSchema, field: string): string {
  const {
    enum: words,
    minimum,
    maximum,
    minLength,
    maxLength,
    type,
    description,
  } = (schema.properties[field] ?? {}) as Readonly<Record<string, unknown>>
  const parts: string[] = []
  if (Array.isArray(words)) parts.push(`one of ${words.join(', ')}`)
  if (typeof type === 'string') parts.push(type)
  if (typeof minimum === 'number') parts.push(`from ${minimum} to ${String(maximum)}`)
  if (typeof maxLength === 'number') parts.push(`${Number(minLength ?? 0)} to ${maxLength} characters`)
  const limits = parts.length === 0 ? '' : ` (${parts.join(', ')})`
  return typeof description === 'string' ? `${limits}. ${description}` : `${limits}.`
}
