import { BatchWriter, type Cell } from '../../ingest/feeds/arrow-batch.ts'
import { layouts, type FeedName } from '../../ingest/feeds/layout.ts'
import { hash64Of } from '../../platform/hash.ts'

/**
 * Synthetic input in the shapes of the world: 60 % sightings, 25 % crossings, 15 % registrations, a national volume of
 * 1.8 million events a day. Record n is always the same. Each of `keys` keys (40 % travellers, 56 % vehicles, 4 % lodgings)
 * comes round in turn, so none is hot, except for one planted traveller in 2,000 crossings, who crosses four times at once.
 */
export interface Population {
  readonly keys: number
  /** Time of record 0, ms UTC. */
  readonly from: number
}

/** Records in one message of a supplier; all of one feed. */
export const recordsPerMessage = 500
/** Milliseconds between two records. */
const stepMs = 48

type Values = Readonly<Record<string, string | number>>

const feeds: readonly FeedName[] = [...'sscssrscssrscsscsrsc'].map((letter) =>
  letter === 's' ? 'sightings' : letter === 'c' ? 'crossings' : 'registrations',
)
const serials = new Map<FeedName, number[]>()
for (const feed of Object.keys(layouts) as FeedName[])
  serials.set(
    feed,
    feeds.map((_, i) => feeds.slice(0, i).filter((one) => one === feed).length),
  )

/** The records that it takes for every key to come up once. */
export const recordsForAllKeys = (keys: number): number =>
  Math.ceil((1.6 * keys) / recordsPerMessage / feeds.length) * recordsPerMessage * feeds.length

/** Feed of message m of `size` records. */
export const feedOf = (message: number): FeedName => feeds[message % feeds.length] as FeedName

/** How many records of its feed come before message m. */
function serialBefore(message: number, size: number): number {
  const each = serials.get(feedOf(message)) as number[]
  const inCycle = feeds.filter((feed) => feed === feedOf(message)).length
  return (Math.floor(message / feeds.length) * inCycle + (each[message % feeds.length] as number)) * size
}

const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}Z`
const provinces = ['Tak', 'Chiang Rai', 'Bangkok', 'Nong Khai', 'Songkhla', 'Chonburi']
const sites = ['TH-MM-MAESOT1', 'TH-MM-MAESOT2', 'TH-MM-MAESAI1', 'TH-MM-MAESAI2']

function valuesOf(feed: FeedName, serial: number, at: number, { keys }: Population): Values {
  const id = `${feed[0]}-${serial}`
  const spread = (size: number): number => (serial * 7919) % Math.max(1, Math.floor(size))
  if (feed === 'sightings') {
    const n = spread(keys * 0.56)
    return {
      id,
      at: iso(at),
      site: `CAM-${serial % 75}`,
      plate: `${1 + (n % 9)}กข${n}`,
      plateProvince: provinces[n % 6] as string,
      vehicleClass: 'pickup',
      confidence: 0.97,
      heading: 'to-border',
    }
  }
  if (feed === 'crossings') {
    const planted = serial % 2_000 < 4
    const n = planted ? Math.floor(serial / 2_000) : spread(keys * 0.4)
    return {
      id,
      at: iso(at),
      site: sites[n % 4] as string,
      direction: serial % 2 === 0 ? 'entry' : 'exit',
      mode: 'land',
      documentType: 'passport',
      documentNumber: `${planted ? 'HOT' : 'AB'}${n}`,
      nationality: 'MMR',
      birthYear: 1950 + (n % 50),
      sex: n % 2 === 0 ? 'F' : 'M',
      outcome: 'admitted',
    }
  }
  const n = spread(keys * 0.04)
  return {
    id,
    premises: `LODGING-${n}`,
    checkInAt: iso(at),
    checkOutAt: iso(at + (1 + (serial % 3)) * 86_400_000),
    room: `${100 + (serial % 300)}`,
    partySize: 1 + (serial % 2),
    documentType: 'passport',
    documentNumber: `RG${spread(keys * 0.4)}`,
    nationality: 'LAO',
    birthYear: 1950 + (serial % 50),
    sex: 'M',
  }
}

function* valuesOfMessage(message: number, size: number, population: Population): Generator<Values> {
  const feed = feedOf(message)
  const first = serialBefore(message, size)
  // Feeds run side by side: the records of one cycle of messages lie in one span of time.
  const from = population.from + Math.floor(message / feeds.length) * feeds.length * size * stepMs
  const distance = (feeds.length * stepMs) / feeds.filter((one) => one === feed).length
  const inSpan = first - serialBefore(Math.floor(message / feeds.length) * feeds.length, size)
  for (let i = 0; i < size; i++) {
    const place = feed === feedOf(0) ? inSpan + i : i
    yield valuesOf(feed, first + i, Math.floor(from + place * distance), population)
  }
}

/** Message m as a supplier sends it: a record a line. */
export function ndjsonMessage(message: number, population: Population, size = recordsPerMessage): string {
  let text = ''
  for (const values of valuesOfMessage(message, size, population)) text += `${JSON.stringify(values)}\n`
  return text
}

/** Message m as it stands in the log. */
export function logMessage(message: number, population: Population, size: number): Uint8Array {
  const feed = feedOf(message)
  const writer = new BatchWriter(feed)
  for (const values of valuesOfMessage(message, size, population))
    writer.append(cellsOf(feed, message, values))
  return writer.finish()
}

function cellsOf(feed: FeedName, message: number, values: Values): Cell[] {
  const { documentNumber, plate } = values
  const at = Date.parse(String(values['at'] ?? values['checkInAt']))
  const named: Record<string, Cell> = {
    event_key: hash64Of(`bench:${values['id']}`),
    version: 1n,
    event_id: `bench:${values['id']}`,
    source: 'bench',
    site: String(values['site'] ?? values['premises']),
    at,
    ingested_at: at + 1_000,
    batch: BigInt(message + 1),
    cancelled: 0,
    direction: values['direction'] ?? '',
    mode: values['mode'] ?? '',
    document_type: values['documentType'] ?? '',
    traveller: documentNumber === undefined ? 0n : hash64Of(String(documentNumber)),
    vehicle: plate === undefined ? 0n : hash64Of(String(plate)),
    nationality: values['nationality'] ?? '',
    birth_year: values['birthYear'] ?? 0,
    confidence: values['confidence'] ?? 0,
    party_size: values['partySize'] ?? 1,
    check_out_at: values['checkOutAt'] === undefined ? null : Date.parse(String(values['checkOutAt'])),
    phone: 0n,
    sex: values['sex'] ?? '',
    outcome: values['outcome'] ?? '',
    plate_province: values['plateProvince'] ?? '',
    vehicle_class: values['vehicleClass'] ?? '',
    heading: values['heading'] ?? '',
    room: values['room'] ?? '',
  }
  return layouts[feed].map(([name]) => (name in named ? (named[name] as Cell) : ''))
}
