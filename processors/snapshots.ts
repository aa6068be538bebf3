import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineImage } from './engine/engine.ts'
import type { Numbers, Sections } from './engine/columns.ts'

/**
 * Snapshots of a slice on disk, so that a restart need not read the whole log. A file is: header as JSON on one line, the arrays one after the
 * other at multiples of 8 bytes, SHA-256 of all before. It is written beside its place, synced, then renamed; the two newest are kept,
 * and one that does not meet its hash is passed over for the one before, or for the log.
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
  readonly state: EngineImage['state']
  readonly arrays: readonly (readonly [section: string, type: ArrayType, length: number])[]
}

const kept = 2
const digestBytes = 32

/** Writes a snapshot and drops all but the two newest. `fits` names slice and rules. */
export async function saveSnapshot(folder: string, fits: string, snapshot: Snapshot): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const arrays = Object.entries(snapshot.image.sections).flatMap(([section, all]) =>
    all.map((array) => [section, array] as const),
  )
  const header: Header = {
    fits,
    seq: snapshot.seq,
    emitted: snapshot.emitted,
    chain: snapshot.chain,
    state: snapshot.image.state,
    arrays: arrays.map(([section, array]) => [section, array.constructor.name as ArrayType, array.length]),
  }
  const place = join(folder, `${String(snapshot.seq).padStart(16, '0')}.snapshot`)
  const hash = createHash('sha256')
  const file = await open(`${place}.part`, 'w', 0o600)
  try {
    const write = async (bytes: Uint8Array): Promise<void> => {
      hash.update(bytes)
      await file.writeFile(bytes)
    }
    await write(padded(Buffer.from(JSON.stringify(header) + '\n')))
    for (const [, array] of arrays)
      await write(padded(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)))
    await file.writeFile(hash.digest())
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${place}.part`, place)
  const directory = await open(folder)
  await directory.sync().finally(() => directory.close())
  for (const old of (await names(folder)).slice(kept)) await rm(join(folder, old), { force: true })
}

/** The newest snapshot that is whole and fits; undefined when there is none. `passedOver` is told each file that is not. */
export async function loadSnapshot(
  folder: string,
  fits: string,
  passedOver: (file: string, reason: 'damaged' | 'other-rules') => void,
): Promise<Snapshot | undefined> {
  for (const name of await names(folder)) {
    const snapshot = parse(await readFile(join(folder, name)), fits)
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

function parse(file: Buffer, fits: string): Snapshot | 'damaged' | 'other-rules' {
  const body = file.subarray(0, Math.max(0, file.length - digestBytes))
  if (!createHash('sha256').update(body).digest().equals(file.subarray(body.length))) return 'damaged'
  const lineEnd = body.indexOf(10)
  const header = JSON.parse(body.subarray(0, lineEnd).toString()) as Header
  if (header.fits !== fits) return 'other-rules'
  let offset = eights(lineEnd + 1)
  const sections: Record<string, Numbers[]> = {}
  for (const [section, type, length] of header.arrays) {
    const constructor = globalThis[type] as unknown as {
      new (buffer: ArrayBuffer): Numbers
      BYTES_PER_ELEMENT: number
    }
    const bytes = length * constructor.BYTES_PER_ELEMENT
    const array = new constructor(new Uint8Array(body.subarray(offset, offset + bytes)).buffer)
    ;(sections[section] ??= []).push(array)
    offset += eights(bytes)
  }
  const { seq, emitted, chain, state } = header
  return { seq, emitted, chain, image: { state, sections: sections satisfies Sections } }
}

const eights = (bytes: number): number => Math.ceil(bytes / 8) * 8

function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 8 === 0) return bytes
  const more = new Uint8Array(eights(bytes.length))
  more.set(bytes)
  return more
}
