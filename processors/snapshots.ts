import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { AlertRevision } from './alert.ts'
import type { EngineImage } from './engine/engine.ts'
import type { Numbers } from './engine/columns.ts'
import type { StandingImage } from './engine/standing.ts'

/**
 * Snapshots of a slice on disk, so that a restart need not read the whole log. A file is a series of frames (length in eight bytes, content,
 * zeros up to a multiple of eight): the header, the plain parts of the state in pieces, the arrays; then a CRC-32 of all before, which is there against
 * damage and costs half of what a SHA-256 does. Nothing is written or summed that would stop other work for long. It is written beside its place,
 * synced, then renamed; the two newest are kept, and one that does not meet its sum is passed over for the one before, or for the log.
 */
export interface Snapshot {
  /** Last EVENTS sequence that it includes, and the chain of revisions up to there. */
  readonly seq: number
  readonly emitted: number
  readonly chain: string
  readonly image: EngineImage
}

type ArrayType = 'Float64Array' | 'Uint32Array' | 'Int32Array' | 'Uint16Array' | 'Uint8Array'

interface Header {
  /** What must be the same for the image to be of use: slice, rules, form of the file. */
  readonly fits: string
  readonly seq: number
  readonly emitted: number
  readonly chain: string
  /** Frames with pieces of the state. */
  readonly pieces: number
  readonly arrays: readonly (readonly [section: string, type: ArrayType, length: number])[]
}

type State = EngineImage['state']

const kept = 2
const sumBytes = 4

/** Writes a snapshot and drops all but the two newest. `fits` names slice and rules. */
export async function saveSnapshot(folder: string, fits: string, snapshot: Snapshot): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { seq, emitted, chain, image } = snapshot
  const arrays = Object.entries(image.sections).flatMap(([section, all]) =>
    all.map((array) => [section, array] as const),
  )
  const header: Header = {
    fits,
    seq,
    emitted,
    chain,
    pieces: [...piecesOf(image.state)].length,
    arrays: arrays.map(([section, array]) => [section, array.constructor.name as ArrayType, array.length]),
  }
  const place = join(folder, `${String(seq).padStart(16, '0')}.snapshot`)
  let sum = 0
  const file = await open(`${place}.part`, 'w', 0o600)
  try {
    const write = async (bytes: Uint8Array): Promise<void> => {
      const length = new Uint8Array(Float64Array.of(bytes.length).buffer)
      for (const part of [length, bytes, new Uint8Array(eights(bytes.length) - bytes.length)]) {
        if (part.length === 0) continue
        sum = crc32(part, sum)
        await writeAll(file, part)
      }
    }
    await write(Buffer.from(JSON.stringify(header)))
    for (const piece of piecesOf(image.state)) await write(Buffer.from(JSON.stringify(piece())))
    for (const [, array] of arrays)
      await write(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    await writeAll(file, new Uint8Array(Uint32Array.of(sum).buffer))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${place}.part`, place)
  const directory = await open(folder)
  await directory.sync().finally(() => directory.close())
  for (const old of (await names(folder)).slice(kept)) await rm(join(folder, old), { force: true })
}

/** In one call where the system takes it whole: `writeFile` goes in steps of 512 KB, which cost half as much again. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten
}

/** The newest snapshot that is whole and fits; undefined when there is none. `passedOver` is told each file that is not. */
export async function loadSnapshot(
  folder: string,
  fits: string,
  passedOver: (file: string, reason: 'damaged' | 'other-rules') => void,
): Promise<Snapshot | undefined> {
  for (const name of await names(folder)) {
    const snapshot = await read(join(folder, name), fits)
    if (typeof snapshot === 'object') return snapshot
    passedOver(name, snapshot)
  }
  return undefined
}

/** Newest first. */
async function names(folder: string): Promise<string[]> {
  const all = await readdir(folder).catch(() => [] as string[])
  return all
    .filter((name) => name.endsWith('.snapshot'))
    .sort()
    .toReversed()
}

async function read(path: string, fits: string): Promise<Snapshot | 'damaged' | 'other-rules'> {
  const file = await open(path)
  try {
    return await parse(file, fits)
  } catch (error) {
    // What is not whole may fail in any way before its hash is met: no JSON, no such array, an end too early.
    if (error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError)
      return 'damaged'
    throw error
  } finally {
    await file.close()
  }
}

async function parse(file: FileHandle, fits: string): Promise<Snapshot | 'damaged' | 'other-rules'> {
  let sum = 0
  const { size } = await file.stat()
  const take = async (length: number): Promise<Uint8Array<ArrayBuffer>> => {
    if (!(length >= 0 && length <= size)) throw new RangeError('A frame is longer than the file.')
    const bytes = new Uint8Array(length)
    for (let done = 0; done < length;) {
      const { bytesRead } = await file.read(bytes, done, length - done)
      if (bytesRead === 0) throw new RangeError('The file ends within a frame.')
      done += bytesRead
    }
    return bytes
  }
  const frame = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const prefix = await take(8)
    sum = crc32(prefix, sum)
    const length = new Float64Array(prefix.buffer)[0] as number
    const bytes = await take(eights(length))
    sum = crc32(bytes, sum)
    return bytes.subarray(0, length)
  }
  const header = JSON.parse(decoder.decode(await frame())) as Header
  if (header.fits !== fits) return 'other-rules'
  const pieces: Piece[] = []
  for (let i = 0; i < header.pieces; i++) pieces.push(JSON.parse(decoder.decode(await frame())) as Piece)
  const sections: Record<string, Numbers[]> = {}
  for (const [section, type, length] of header.arrays) {
    const constructor = globalThis[type] as unknown as new (
      buffer: ArrayBuffer,
      offset: number,
      length: number,
    ) => Numbers
    ;(sections[section] ??= []).push(new constructor((await frame()).buffer, 0, length))
  }
  if (new Uint32Array((await take(sumBytes)).buffer)[0] !== sum) return 'damaged'
  const { seq, emitted, chain } = header
  return { seq, emitted, chain, image: { state: stateOf(pieces), sections } }
}

/** A part of the state that is written at once. */
type Piece =
  | { readonly part: 'state'; readonly now: number; readonly walks: State['walks']; readonly rules: number }
  | { readonly part: 'words'; readonly items: readonly string[] }
  | { readonly part: 'counted'; readonly items: readonly string[] }
  | { readonly part: 'reference'; readonly change: State['reference'][number] }
  | { readonly part: 'open'; readonly rule: number; readonly items: StandingImage['open'] }
  | { readonly part: 'withdrawn'; readonly rule: number; readonly items: StandingImage['withdrawn'] }

function* piecesOf(state: State): Generator<() => Piece> {
  const { now, walks, words, counted, reference, standing } = state
  yield () => ({ part: 'state', now, walks, rules: standing.length })
  for (const items of slices(words, 20_000)) yield () => ({ part: 'words', items })
  for (const items of slices(counted, 20_000)) yield () => ({ part: 'counted', items })
  for (const change of reference)
    for (const rows of slices(change.rows, 1_000))
      yield () => ({ part: 'reference', change: { ...change, rows } })
  for (const [rule, { open, withdrawn }] of standing.entries()) {
    for (const items of slices(open, 500)) yield () => ({ part: 'open', rule, items })
    for (const items of slices(withdrawn, 500)) yield () => ({ part: 'withdrawn', rule, items })
  }
}

function stateOf(pieces: readonly Piece[]): State {
  const [words, counted]: [string[], string[]] = [[], []]
  const reference: State['reference'][number][] = []
  let [now, walks]: [number, State['walks']] = [0, []]
  const standing: { open: StandingImage['open'][number][]; withdrawn: AlertRevision[] }[] = []
  for (const piece of pieces)
    if (piece.part === 'state') {
      ;({ now, walks } = piece)
      for (let rule = 0; rule < piece.rules; rule++) standing.push({ open: [], withdrawn: [] })
    } else if (piece.part === 'words') words.push(...piece.items)
    else if (piece.part === 'counted') counted.push(...piece.items)
    else if (piece.part === 'reference') reference.push(piece.change)
    else if (piece.part === 'open') standing[piece.rule]?.open.push(...piece.items)
    else standing[piece.rule]?.withdrawn.push(...piece.items)
  return { now, walks, words, counted, reference, standing }
}

function* slices<T>(items: readonly T[], length: number): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += length) yield items.slice(i, i + length)
}

const decoder = new TextDecoder()

const eights = (bytes: number): number => Math.ceil(bytes / 8) * 8
