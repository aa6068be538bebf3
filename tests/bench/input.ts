import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { BatchWriter } from '../../ingest/feeds/arrow-batch.ts'
import { place } from '../../ingest/feeds/event-row.ts'
import { feedNames, type FeedName } from '../../ingest/feeds/layout.ts'
import { findRecords } from '../../ingest/intake/decode.ts'
import { judge } from '../../ingest/intake/judge.ts'
import { createScanners } from '../../ingest/intake/scan/scanners.ts'
import { worldSources, type RawRecord } from '../../ingest/world/sent.ts'
import { createWorld } from '../../ingest/world/world.ts'
import { hash64Of } from '../../platform/hash.ts'
import { pseudonyms } from '../scoreboard/pseudonyms.ts'

/** Records in one message of a supplier; all of one feed. */
export const recordsPerMessage = 500
/** The world brings a new key about every third record: with so many a key, each has come once. */
export const recordsPerKey = 3.5

const day = 86_400_000
const seed = 7
const folder = join(import.meta.dirname, '../../.cache/bench')

/** A message of a supplier: a record a line. */
export interface InputMessage {
  readonly feed: FeedName
  readonly records: number
  /** When its last record was sent, ms UTC of the world. */
  readonly sentAt: number
  readonly data: Buffer
}

/**
 * The synthetic world, told for the benchmarks: a country of `keys` people, cars and lodgings (a million are its national volume, 1.3 million
 * records a day), in messages of one feed, in the order in which they are sent. It begins on a Monday two to three weeks ago. Each
 * day is told once, into a file of `.cache/bench`, and read from there. It ends yesterday.
 */
export async function* worldInput(
  keys: number,
  say: (text: string) => void = () => {},
): AsyncGenerator<InputMessage> {
  const from = startOfWorld(Date.now())
  for (let n = 0; from + n * day < Date.now() - day; n++) {
    const path = fileOf(keys, from, n)
    if (!existsSync(path)) await tell(keys, from, n, say)
    yield* messagesOf(readFileSync(path))
  }
}

/** As many messages as hold `records`, or as there are. */
export async function worldMessages(
  keys: number,
  records: number,
  say?: (text: string) => void,
): Promise<InputMessage[]> {
  const messages: InputMessage[] = []
  let count = 0
  for await (const message of worldInput(keys, say)) {
    if (count >= records) break
    messages.push(message)
    count += message.records
  }
  return messages
}

/** A message of the log, as the worker writes it. */
export interface LogBatch {
  readonly feed: FeedName
  readonly rows: number
  readonly sentAt: number
  readonly bytes: Uint8Array
}

/** Makes messages of the log of suppliers' messages, `rows` in each: the worker's way without its ledger. */
export function createLogWriter(rows = 4_000): (message: InputMessage) => LogBatch | undefined {
  const scanners = createScanners(pseudonyms)
  const writers = Object.fromEntries(feedNames.map((feed) => [feed, new BatchWriter(feed)]))
  let batch = 0
  return ({ feed, data, sentAt }) => {
    const writer = writers[feed] as BatchWriter
    const scanner = scanners[feed]
    const context = { source: worldSources[feed], now: sentAt + 1_000, pseudonyms }
    scanner.begin(context.source, context.now)
    const found = findRecords(data, 'ndjson', recordsPerMessage)
    if (typeof found === 'string') throw new Error(`The world sent what is no message: ${found}.`)
    for (let i = 0; i < found.count; i++) {
      const [start, end] = [found.bounds[i * 2] as number, found.bounds[i * 2 + 1] as number]
      if (scanner.scan(data, start, end)) scanner.write(writer, data, 0, batch)
      else {
        const row = judge(feed, data, start, end, context)
        if (!('cells' in row)) continue
        row.cells[place.batch] = BigInt(batch)
        writer.append(row.cells)
      }
    }
    if (writer.rows < rows) return undefined
    batch++
    const count = writer.rows
    return { feed, rows: count, sentAt, bytes: writer.finish() }
  }
}

/** Local midnight of a Monday, at least two weeks before. */
function startOfWorld(now: number): number {
  const monday = Date.UTC(2026, 0, 5) - 7 * 3_600_000
  return monday + Math.floor((now - 14 * day - monday) / (7 * day)) * 7 * day
}

function fileOf(keys: number, from: number, n: number): string {
  return join(folder, `world-${seed}-${keys}-${new Date(from).toISOString().slice(0, 10)}-${n}.bin`)
}

/** Has the nth day told by a process of its own, whose memory goes with it. */
async function tell(keys: number, from: number, n: number, say: (text: string) => void): Promise<void> {
  mkdirSync(folder, { recursive: true })
  // Other weeks are over.
  const week = new Date(from).toISOString().slice(0, 10)
  for (const file of readdirSync(folder))
    if (file.startsWith('world-') && !file.includes(week)) rmSync(join(folder, file))
  say(`the world tells day ${n + 1} of ${keys} keys …`)
  const child = fork(import.meta.filename, [String(keys), String(from), String(n)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The world could not be told.')
}

/** Head of a message in a file: feed, records, time of sending, length of the data. */
const headBytes = 17

function* messagesOf(bytes: Buffer): Generator<InputMessage> {
  for (let at = 0; at < bytes.length;) {
    const data = at + headBytes
    const end = data + bytes.readUInt32LE(at + 13)
    yield {
      feed: feedNames[bytes.readUInt8(at)] as FeedName,
      records: bytes.readUInt32LE(at + 1),
      sentAt: bytes.readDoubleLE(at + 5),
      data: bytes.subarray(data, end),
    }
    at = end
  }
}

function tellDay(keys: number, from: number, n: number): void {
  const scale = keys / 25_000
  const world = createWorld(seed, { scale, ordinaryFrom: from })
  // The world has the same lodgings at any scale: its guests are spread over as many more.
  const houses = Math.ceil(scale * 16)
  const housed = (record: RawRecord): RawRecord =>
    typeof record['premises'] !== 'string'
      ? record
      : {
          ...record,
          premises: `${record['premises']}-${hash64Of(String(record['documentNumber'])) % BigInt(houses)}`,
        }
  const path = fileOf(keys, from, n)
  const file = openSync(`${path}.part`, 'w')
  const lines = new Map<FeedName, string[]>(feedNames.map((feed) => [feed, []]))
  const write = (feed: FeedName, sentAt: number): void => {
    const own = lines.get(feed) as string[]
    const data = Buffer.from(own.join(''))
    const head = Buffer.alloc(headBytes)
    head.writeUInt8(feedNames.indexOf(feed), 0)
    head.writeUInt32LE(own.length, 1)
    head.writeDoubleLE(sentAt, 5)
    head.writeUInt32LE(data.length, 13)
    writeSync(file, head)
    writeSync(file, data)
    own.length = 0
  }
  for (let start = from + n * day; start < from + (n + 1) * day; start += day / 96)
    for (const { feed, sendAt, record } of world.between(start, start + day / 96)) {
      const own = lines.get(feed) as string[]
      if (own.push(`${JSON.stringify(housed(record))}\n`) >= recordsPerMessage) write(feed, sendAt)
    }
  for (const feed of feedNames)
    if ((lines.get(feed) as string[]).length > 0) write(feed, from + (n + 1) * day - 1)
  closeSync(file)
  renameSync(`${path}.part`, path)
}

if (import.meta.main) {
  const [keys, from, n] = process.argv.slice(2).map(Number)
  tellDay(keys as number, from as number, n as number)
}
