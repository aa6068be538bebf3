import type { BatchWriter } from '../../feeds/arrow-batch.ts'
import { futureLimitMs, oldestMs } from '../../feeds/event-row.ts'
import { layouts, type FeedName, type Layout } from '../../feeds/layout.ts'
import { longestStayMs } from '../../feeds/normalise-registrations.ts'
import { hash64, hashed } from '../../../platform/hash.ts'
import { bytesHash, floatBits, mix, mixEnd, mixStart, mixTime } from '../fingerprint.ts'
import { recordLimitBytes } from '../judge.ts'
import { feedSchemas } from '../shapes.ts'
import { breaks } from './byte-classes.ts'
import { FieldScanner } from './field-scanner.ts'
import { fieldsOf, type Field } from './fields.ts'
import { plans, type Source } from './plans.ts'
import { separatorByte, type TokenCache } from './token-cache.ts'

/**
 * A record of one feed, straight from its bytes to the cells of a batch. It takes the plainly well-formed ones, nine in ten or
 * more, and for these it says exactly what `judge` says; the others it leaves to it. It holds one row at a time: the last one scanned.
 */
export class RowScanner {
  keyHi = 0
  keyLo = 0
  revision = 0
  fingerprint = 0
  /** Event time, ms UTC. */
  at = 0
  /** Bytes that the row adds to a message, at most. */
  sizeBytes = 0
  /** Where the record's own id lies in the bytes scanned. */
  idStart = 0
  idEnd = 0
  readonly #tokens: TokenCache
  readonly #layout: Layout
  readonly #scanner: FieldScanner
  readonly #required: number
  readonly #columns: readonly Column[]
  readonly #place: Readonly<Record<'id' | 'site' | 'at' | 'revision', number>>
  readonly #type: number
  readonly #number: number
  readonly #nationality: number
  readonly #plate: readonly number[]
  /** `source:` and room for an id. */
  readonly #eventId = new Uint8Array(256)
  #source = ''
  #sourceEnd = 0
  #eventIdEnd = 0
  #now = 0
  /** Cells after the common ones: texts as ranges, 64 bits as halves, times and numbers as such. */
  readonly #texts: Uint8Array[]
  readonly #from: Int32Array
  readonly #to: Int32Array
  readonly #his: Float64Array
  readonly #los: Float64Array

  constructor(feed: FeedName, tokens: TokenCache) {
    const fields = fieldsOf(feed)
    const plan = plans[feed]
    const layout: Layout = layouts[feed]
    const named = (name: string): number => fields.findIndex((field) => field.name === name)
    this.#tokens = tokens
    this.#layout = layout
    this.#scanner = new FieldScanner(fields)
    this.#required = feedSchemas[feed].required.reduce((bits, name) => bits | (1 << named(name)), 0)
    this.#columns = layout.slice(common).map(([name]) => {
      const source = (plan.columns as Readonly<Record<string, Source | undefined>>)[name]
      if (source === undefined) throw new RangeError(`No plan says where ${feed}.${name} comes from.`)
      return columnOf(source, fields)
    })
    this.#place = { id: named('id'), site: named(plan.site), at: named(plan.at), revision: named('revision') }
    this.#type = named('documentType')
    this.#number = named('documentNumber')
    this.#nationality = named('nationality')
    this.#plate = [named('plateCountry'), named('plateProvince'), named('plate')]
    this.#texts = this.#columns.map(() => nothing)
    this.#from = new Int32Array(this.#columns.length)
    this.#to = new Int32Array(this.#columns.length)
    this.#his = new Float64Array(this.#columns.length)
    this.#los = new Float64Array(this.#columns.length)
  }

  /** Says whose records follow, and when they were taken, ms UTC. */
  begin(source: string, now: number): void {
    this.#now = now
    if (source === this.#source) return
    this.#source = source
    this.#sourceEnd = encoder.encodeInto(`${source}:`, this.#eventId).written
  }

  /** False: the judge has to decide. */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    const scanner = this.#scanner
    if (end - start > recordLimitBytes || !scanner.scan(bytes, start, end)) return false
    const { seen, values } = scanner
    if ((seen & this.#required) !== this.#required) return false
    // A province without its plate is in no column: nothing below would look at it.
    if (this.#has(this.#plate[1] as number) && !this.#has(this.#plate[2] as number)) return false
    const at = values[this.#place.at] as number
    if (at > this.#now + futureLimitMs || at < oldestMs) return false
    this.at = at
    this.revision = this.#has(this.#place.revision) ? (values[this.#place.revision] as number) : 0
    if (!this.#resolve(bytes)) return false
    this.#identify(bytes)
    this.#print(bytes)
    return true
  }

  /** Writes the row as the next one of a batch whose number has these halves. */
  write(writer: BatchWriter, bytes: Uint8Array, batchHi: number, batchLo: number): void {
    const { starts, ends } = this.#scanner
    writer.pair(0, this.keyHi, this.keyLo)
    writer.pair(1, this.revision, this.fingerprint)
    writer.text(2, this.#eventId, 0, this.#eventIdEnd)
    writer.text(3, this.#eventId, 0, this.#sourceEnd - 1)
    writer.text(4, bytes, starts[this.#place.site] as number, ends[this.#place.site] as number)
    writer.ms(5, this.at)
    writer.ms(6, this.#now)
    writer.pair(7, batchHi, batchLo)
    writer.number(8, 0)
    for (let i = 0; i < this.#columns.length; i++) {
      const column = common + i
      switch ((this.#layout[column] as Layout[number])[1]) {
        case 'utf8':
          writer.text(column, this.#texts[i] as Uint8Array, this.#from[i] as number, this.#to[i] as number)
          break
        case 'u64':
          writer.pair(column, this.#his[i] as number, this.#los[i] as number)
          break
        case 'ms':
        case 'ms?':
          writer.ms(column, this.#los[i] as number)
          break
        default:
          writer.number(column, this.#los[i] as number)
      }
    }
    writer.endRow()
  }

  #has(field: number): boolean {
    return field >= 0 && (this.#scanner.seen & (1 << field)) !== 0
  }

  /** Finds the cells after the common ones. */
  #resolve(bytes: Uint8Array): boolean {
    const { starts, ends, values, broken } = this.#scanner
    const tokens = this.#tokens
    let hasVehicle = false
    for (let i = 0; i < this.#columns.length; i++) {
      const { kind, field, absent, absentValue, free, most } = this.#columns[i] as Column
      switch (kind) {
        case 'text':
          if (!this.#has(field)) this.#text(i, absent, 0, absent.length)
          else if (
            free &&
            !isTidy(broken[field] as number, bytes, starts[field] as number, ends[field] as number)
          ) {
            if (!tokens.text(field, most, bytes, starts[field] as number, ends[field] as number)) return false
            this.#text(i, tokens.bytes, tokens.start, tokens.end)
          } else {
            if (free && (ends[field] as number) - (starts[field] as number) > most) return false
            this.#text(i, bytes, starts[field] as number, ends[field] as number)
          }
          break
        case 'integer':
        case 'number':
          this.#los[i] = this.#has(field) ? (values[field] as number) : absentValue
          break
        case 'until': {
          const until = this.#has(field) ? (values[field] as number) : NaN
          if (until < this.at || until - this.at > longestStayMs) return false
          this.#los[i] = until
          break
        }
        case 'phone':
          if (!this.#has(field)) this.#token(i, 0, 0)
          else if (tokens.phone(bytes, starts[field] as number, ends[field] as number))
            this.#token(i, tokens.hi, tokens.lo)
          else return false
          break
        case 'traveller':
          if (!this.#has(this.#number)) this.#token(i, 0, 0)
          else if (this.#traveller(bytes)) this.#token(i, tokens.hi, tokens.lo)
          else return false
          break
        case 'vehicle':
          hasVehicle = this.#has(this.#plate[2] as number)
          if (!hasVehicle) this.#token(i, 0, 0)
          else if (this.#vehicle(bytes)) this.#token(i, tokens.hi, tokens.lo)
          else return false
          break
        case 'sealed':
          // The answer for the vehicle still stands: it is the column before in every layout.
          if (hasVehicle) this.#text(i, tokens.bytes, tokens.start, tokens.end)
          else this.#text(i, nothing, 0, 0)
      }
    }
    return true
  }

  #text(i: number, bytes: Uint8Array, from: number, to: number): void {
    this.#texts[i] = bytes
    this.#from[i] = from
    this.#to[i] = to
  }

  #token(i: number, hi: number, lo: number): void {
    this.#his[i] = hi
    this.#los[i] = lo
  }

  #traveller(bytes: Uint8Array): boolean {
    if (!this.#has(this.#type) || !this.#has(this.#nationality)) return false
    let end = this.#join(bytes, this.#type, 0)
    end = this.#join(bytes, this.#nationality, end)
    end = this.#join(bytes, this.#number, end)
    return this.#tokens.traveller(scratch, 0, end - 1)
  }

  #vehicle(bytes: Uint8Array): boolean {
    let end = 0
    for (const field of this.#plate) end = this.#join(bytes, field, end)
    return end <= 256 && this.#tokens.vehicle(scratch, 0, end - 1)
  }

  /** Adds a field's bytes and a separator to the scratch; nothing but the separator when the field is absent. */
  #join(bytes: Uint8Array, field: number, at: number): number {
    let to = at
    if (this.#has(field))
      for (let i = this.#scanner.starts[field] as number; i < (this.#scanner.ends[field] as number); i++)
        scratch[to++] = bytes[i] as number
    scratch[to++] = separatorByte
    return to
  }

  #identify(bytes: Uint8Array): void {
    const { id } = this.#place
    this.idStart = this.#scanner.starts[id] as number
    this.idEnd = this.#scanner.ends[id] as number
    let end = this.#sourceEnd
    for (let i = this.idStart; i < this.idEnd; i++) this.#eventId[end++] = bytes[i] as number
    this.#eventIdEnd = end
    hash64(this.#eventId, 0, end)
    this.keyHi = hashed.hi
    this.keyLo = hashed.lo
  }

  /** The fingerprint, as fingerprint.ts defines it, and the size. */
  #print(bytes: Uint8Array): void {
    const { starts, ends } = this.#scanner
    const site = this.#place.site
    let size =
      this.#layout.length * 8 + 2 * this.#eventIdEnd + (ends[site] as number) - (starts[site] as number)
    let state = mix(mixStart, bytesHash(bytes, starts[site] as number, ends[site] as number))
    state = mix(mixTime(state, this.at), 0)
    for (let i = 0; i < this.#columns.length; i++) {
      const lo = this.#los[i] as number
      switch ((this.#layout[common + i] as Layout[number])[1]) {
        case 'utf8': {
          const from = this.#from[i] as number
          const to = this.#to[i] as number
          state = mix(state, bytesHash(this.#texts[i] as Uint8Array, from, to))
          size += to - from
          break
        }
        case 'u64':
          state = mix(mix(state, this.#his[i] as number), lo)
          break
        case 'ms':
        case 'ms?':
          state = mixTime(state, lo)
          break
        case 'f32':
          state = mix(state, floatBits(lo))
          break
        default:
          state = mix(state, lo)
      }
    }
    this.fingerprint = mixEnd(state)
    this.sizeBytes = size
  }
}

interface Column {
  readonly kind: Source['kind']
  readonly field: number
  readonly absent: Uint8Array
  readonly absentValue: number
  /** Text that people type, of at most `most` characters. */
  readonly free: boolean
  readonly most: number
}

function columnOf(source: Source, fields: readonly Field[]): Column {
  const field = 'field' in source ? fields.findIndex(({ name }) => name === source.field) : -1
  if ('field' in source && field < 0) throw new RangeError(`There is no field ${source.field}.`)
  return {
    kind: source.kind,
    field,
    absent: source.kind === 'text' ? encoder.encode(source.absent) : nothing,
    absentValue: source.kind === 'integer' || source.kind === 'number' ? source.absent : 0,
    free: fields[field]?.kind === 'free',
    most: fields[field]?.maximum ?? Infinity,
  }
}

/** Number of the columns that every feed has. */
const common = 9
const encoder = new TextEncoder()
const nothing = new Uint8Array(0)
const scratch = new Uint8Array(1024)

/** Whether `tidy` leaves a text as it is: printable ASCII without spaces at its ends or two in a row. */
function isTidy(broken: number, bytes: Uint8Array, start: number, end: number): boolean {
  if ((broken & breaks.ascii) !== 0) return false
  if ((broken & breaks.spaceless) === 0) return true
  if (bytes[start] === 0x20 || bytes[end - 1] === 0x20) return false
  for (let i = start + 1; i < end; i++) if (bytes[i] === 0x20 && bytes[i - 1] === 0x20) return false
  return true
}
