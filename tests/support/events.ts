import { BatchWriter, readBatch, type Batch, type Cell } from '../../ingest/feeds/arrow-batch.ts'
import { layouts, type FeedName } from '../../ingest/feeds/layout.ts'
import { hash64Of } from '../../platform/hash.ts'

/** Builders of events as they stand in the log, with everything that a test does not care about filled in. */

export interface TestEvent {
  readonly feed: FeedName
  readonly id: string
  /** Raised for corrections and cancellations. */
  readonly revision?: number
  /** Tells two contents of one revision apart. */
  readonly fingerprint?: number
  readonly cancelled?: boolean
  readonly at: number
  /** When it was logged; as it happened when absent. */
  readonly ingestedAt?: number
  readonly site?: string
  readonly traveller?: bigint
  readonly vehicle?: bigint
  readonly direction?: 'entry' | 'exit' | 'check'
  readonly documentType?: string
  readonly mode?: 'air' | 'land' | 'sea' | 'rail' | ''
  readonly outcome?: 'admitted' | 'refused' | 'referred'
  readonly nationality?: string
  readonly birthYear?: number
  readonly sex?: 'F' | 'M' | 'X'
  readonly declaredProvince?: string
  /** Supplier's system; ids are unique within it. */
  readonly source?: string
  /** Sightings. */
  readonly confidence?: number
  readonly plateProvince?: string
  readonly plateCountry?: string
  readonly vehicleClass?: string
  readonly heading?: 'to-border' | 'from-border' | 'unknown'
  readonly make?: string
  readonly colour?: string
  /** Registrations. */
  readonly until?: number | null
  readonly people?: number
  readonly room?: string
}

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
/** A Monday, midnight UTC. */
export const monday = Date.UTC(2026, 0, 5)

export const versionOf = (event: TestEvent): bigint =>
  (BigInt(event.revision ?? 0) << 32n) | BigInt(event.fingerprint ?? 1)
export const eventKeyOf = (event: TestEvent): bigint => hash64Of(`test:${event.id}`)

/** The row of an event, in layout order. */
export function cellsOf(event: TestEvent): Cell[] {
  const values: Record<string, Cell> = {
    event_key: eventKeyOf(event),
    version: versionOf(event),
    event_id: `test:${event.id}`,
    source: event.source ?? 'test',
    site: event.site ?? 'S1',
    at: event.at,
    ingested_at: event.ingestedAt ?? event.at,
    batch: 1n,
    cancelled: event.cancelled === true ? 1 : 0,
    direction: event.direction ?? 'entry',
    mode: event.mode ?? 'land',
    outcome: event.outcome ?? '',
    document_type: event.documentType ?? 'passport',
    traveller: event.traveller ?? 0n,
    vehicle: event.vehicle ?? 0n,
    birth_year: event.birthYear ?? 0,
    sex: event.sex ?? '',
    confidence: event.confidence ?? 1,
    nationality: event.nationality ?? '',
    declared_province: event.declaredProvince ?? '',
    plate_province: event.plateProvince ?? '',
    plate_country: event.plateCountry ?? '',
    vehicle_class: event.vehicleClass ?? '',
    heading: event.heading ?? '',
    make: event.make ?? '',
    colour: event.colour ?? '',
    room: event.room ?? '',
    party_size: event.people ?? 1,
    check_out_at: event.until ?? null,
    phone: 0n,
  }
  return layouts[event.feed].map(([name]) => values[name] ?? (name === 'check_out_at' ? null : ''))
}

/** Batches of the events in their order: a new one where the feed changes or `cut(i)` says so. */
export function batchesOf(events: readonly TestEvent[], cut: (i: number) => boolean = () => false): Batch[] {
  const batches: Batch[] = []
  let writer: BatchWriter | undefined
  for (const [i, event] of events.entries()) {
    if (writer !== undefined && (writer.feed !== event.feed || cut(i))) {
      batches.push(readBatch(writer.finish()))
      writer = undefined
    }
    writer ??= new BatchWriter(event.feed)
    writer.append(cellsOf(event))
  }
  if (writer !== undefined) batches.push(readBatch(writer.finish()))
  return batches
}
