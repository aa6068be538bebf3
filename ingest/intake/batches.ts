import { randomBytes } from 'node:crypto'
import { hex64 } from '../../platform/hash.ts'
import { BatchWriter } from '../feeds/arrow-batch.ts'
import { place } from '../feeds/event-row.ts'
import { feedNames, type FeedName } from '../feeds/layout.ts'
import type { EventLog } from './event-log.ts'
import type { Row } from './judge.ts'
import type { Ledger } from './ledger.ts'
import type { RowScanner } from './scan/row-scanner.ts'

/** A batch on its way into the log. */
export interface PendingBatch {
  readonly feed: FeedName
  readonly number: bigint
  /** Resolves when JetStream has stored it; rejects with StoreUnavailable, and then the ledger has forgotten its rows. */
  readonly stored: Promise<void>
}

/**
 * Every batch that is not stored yet, of both ways in: a record that repeats one of these is a duplicate only once that one
 * is stored.
 */
export type PendingBatches = Set<PendingBatch>

/** Called when a batch stands in the log. */
export interface StoredBatch {
  readonly feed: FeedName
  readonly rows: number
  readonly bytes: number
  /** Greatest event time in it, ms UTC. */
  readonly maxAt: number
}

export interface BatcherOptions {
  /** A batch is sent with this many rows (default 5000) … */
  readonly maxRows?: number
  /** … or after this time from its first row, ms; undefined: only when told. */
  readonly lingerMs?: number
  /** Number of a new batch, which its message id is made of. Default: 64 random bits. */
  readonly number?: (feed: FeedName) => bigint
}

export interface BatcherDeps {
  readonly eventLog: EventLog
  readonly ledger: Ledger
  readonly pending: PendingBatches
  /** Message ids of this process, which it need not read again. */
  readonly own: Set<string>
  readonly onStored?: (batch: StoredBatch) => void
}

/** Collects rows of each feed, of any number of requests, into batches of the log. */
export interface Batcher {
  /** Puts a row into the open batch of its feed and gives that batch. `bytes`: what a scanned row was scanned in. */
  add(feed: FeedName, row: Row | RowScanner, bytes: Uint8Array): PendingBatch
  /** Sends what is open now. */
  flush(): void
}

export function createBatcher(options: BatcherOptions, deps: BatcherDeps): Batcher {
  const maxRows = options.maxRows ?? 5_000
  const number = options.number ?? randomNumber
  const open = new Map<FeedName, OpenBatch>()
  /** Writers whose rows have been made bytes of: the next batch finds memory of the right size. */
  const spare = new Map<FeedName, BatchWriter>()

  const send = (feed: FeedName): void => {
    const batch = open.get(feed)
    if (batch === undefined) return
    open.delete(feed)
    const writer = batch.send(deps)
    spare.set(feed, writer)
  }
  return {
    add: (feed, row, bytes) => {
      let batch = open.get(feed)
      // Room for the head of an Arrow stream and for headers.
      const size = 'cells' in row ? sizeBytes(row) : row.sizeBytes
      if (batch !== undefined && batch.sizeBytes + size > deps.eventLog.maxPayload - 16_384) {
        send(feed)
        batch = undefined
      }
      if (batch === undefined) {
        const writer = spare.get(feed) ?? new BatchWriter(feed)
        spare.delete(feed)
        batch = new OpenBatch(writer, number(feed))
        open.set(feed, batch)
        deps.pending.add(batch)
        if (options.lingerMs !== undefined) batch.timer = setTimeout(send, options.lingerMs, feed)
      }
      batch.add(row, bytes, size)
      if (batch.rows >= maxRows) send(feed)
      return batch
    },
    flush: () => {
      for (const feed of feedNames) send(feed)
    },
  }
}

class OpenBatch implements PendingBatch {
  readonly feed: FeedName
  readonly number: bigint
  readonly stored: Promise<void>
  sizeBytes = 0
  timer: NodeJS.Timeout | undefined
  readonly #writer: BatchWriter
  /** Four numbers a row: what the ledger has to forget when the batch is not stored. */
  #claims: number[] = []
  #maxAt = 0
  readonly #hi: number
  readonly #lo: number
  #settle: (outcome: Promise<void>) => void

  /** `writer` is empty, and this batch's own until it is sent. */
  constructor(writer: BatchWriter, number: bigint) {
    this.feed = writer.feed
    this.number = number
    this.#hi = Number(number >> 32n)
    this.#lo = Number(number & 0xffff_ffffn)
    this.#writer = writer
    const { promise, resolve } = Promise.withResolvers<void>()
    this.stored = promise
    this.#settle = resolve
    // Whoever waits hears of a failure; a batch nobody waits for must not end the process.
    promise.catch(() => {})
  }

  get rows(): number {
    return this.#writer.rows
  }

  add(row: Row | RowScanner, bytes: Uint8Array, sizeBytes: number): void {
    if ('cells' in row) {
      row.cells[place.batch] = this.number
      this.#writer.append(row.cells)
    } else row.write(this.#writer, bytes, this.#hi, this.#lo)
    this.#claims.push(row.keyHi, row.keyLo, row.revision, row.fingerprint)
    if (row.at > this.#maxAt) this.#maxAt = row.at
    this.sizeBytes += sizeBytes
  }

  /** Makes the message, begins to store it, and gives the writer back, empty. */
  send(deps: BatcherDeps): BatchWriter {
    clearTimeout(this.timer)
    const { rows } = this.#writer
    this.#settle(this.#publish(this.#writer.finish(), rows, deps))
    return this.#writer
  }

  async #publish(
    bytes: Uint8Array,
    rows: number,
    { eventLog, ledger, pending, own, onStored }: BatcherDeps,
  ): Promise<void> {
    const messageId = `b:${hex64(this.number)}`
    try {
      if (own.size >= ownLimit) own.clear()
      own.add(messageId)
      await eventLog.publish(`events.${this.feed}`, bytes, messageId)
      onStored?.({ feed: this.feed, rows, bytes: bytes.length, maxAt: this.#maxAt })
    } catch (error) {
      own.delete(messageId)
      const claims = this.#claims
      for (let i = 0; i < claims.length; i += 4)
        ledger.forget(
          claims[i] as number,
          claims[i + 1] as number,
          claims[i + 2] as number,
          claims[i + 3] as number,
        )
      throw error
    } finally {
      pending.delete(this)
    }
  }
}

/** Own messages that have not come back from the log yet; one that is read again costs time and nothing else. */
const ownLimit = 10_000

function randomNumber(): bigint {
  return randomBytes(8).readBigUInt64BE() || 1n
}

/** An upper bound of what a row adds to a message, bytes: three for each UTF-16 unit, eight for a number, an offset each. */
function sizeBytes(row: Row): number {
  let size = 0
  for (const cell of row.cells) size += typeof cell === 'string' ? cell.length * 3 + 4 : 8
  return size
}
