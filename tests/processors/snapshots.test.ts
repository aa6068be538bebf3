import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEngine } from '../../processors/engine/engine.ts'
import { loadRules } from '../../processors/registry.ts'
import { loadSnapshot, saveSnapshot, type Snapshot } from '../../processors/snapshots.ts'
import { batchesOf, hour, monday, type TestEvent } from '../support/events.ts'

const rules = await loadRules()
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daan-snapshot-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const make = () => createEngine({ slice: { index: 1, count: 1 }, rules, timeZone: 'Asia/Bangkok' })

/** What a slice is after alerts of many travellers, raised and withdrawn, reference data and a tick. */
function snapshot(seq: number): Snapshot {
  const engine = make()
  const rows = ['A', 'B'].map((id) => ({ id, name: id, validFrom: '2020-01-01', validTo: null, source: 't', owner: 't' }))
  engine.take({ kind: 'reference', change: { table: 'sites', rows, loggedAt: 0 } }, 1)
  const events = Array.from({ length: 6_000 }, (_, i): TestEvent => ({
    feed: 'crossings',
    id: `c${i}`,
    at: monday + (i % 4) * hour,
    site: i % 2 === 0 ? 'A' : 'B',
    traveller: BigInt(Math.floor(i / 4) + 1) * 0x1_0000_0001n,
    direction: 'entry',
  }))
  const cancelled = events.slice(0, 40).map((e) => ({ ...e, revision: 1, cancelled: true }))
  for (const batch of batchesOf([...events, ...cancelled])) engine.take({ kind: 'batch', batch }, 2)
  engine.take({ kind: 'tick', tick: { at: monday + 10 * hour } }, 3)
  return { seq, emitted: 7, chain: 'ab', image: engine.image() }
} // prettier-ignore

const plain = ({ image: { state, sections }, ...rest }: Snapshot) => ({
  ...rest,
  state: JSON.parse(JSON.stringify(state)) as unknown,
  sections: Object.fromEntries(
    Object.entries(sections)
      .filter(([, arrays]) => arrays.length > 0)
      .map(([name, arrays]) => [name, arrays.map((array) => [...array])]),
  ),
})

describe('a snapshot', () => {
  it('comes back as it was, and an engine goes on from it', async () => {
    const saved = snapshot(5)
    await saveSnapshot(folder, 'fits', saved)
    const loaded = await loadSnapshot(folder, 'fits', () => expect.unreachable())
    expect(plain(loaded as Snapshot)).toEqual(plain(saved))
    const engine = make()
    engine.restore((loaded as Snapshot).image)
    expect(plain({ ...saved, image: engine.image() })).toEqual(plain(saved))
    expect(engine.openCount).toBeGreaterThan(1_000)
  })

  it('of other rules is passed over', async () => {
    await saveSnapshot(folder, 'fits', snapshot(5))
    const passed: string[] = []
    expect(await loadSnapshot(folder, 'others', (_, reason) => passed.push(reason))).toBeUndefined()
    expect(passed).toEqual(['other-rules'])
  })

  it('that is damaged anywhere is passed over for the one before; two are kept', async () => {
    for (const seq of [4, 5, 6]) await saveSnapshot(folder, 'fits', snapshot(seq))
    const files = (await readdir(folder)).sort()
    expect(files).toHaveLength(2)
    const newest = join(folder, files[1] as string)
    const whole = await readFile(newest)
    const places = Array.from({ length: 12 }, (_, i) => Math.floor((whole.length / 12) * i) + i)
    for (const place of [0, 6, ...places, whole.length - 1]) {
      const bytes = Buffer.from(whole)
      bytes[place] = (bytes[place] as number) ^ 0x41
      await writeFile(newest, bytes)
      const passed: string[] = []
      const loaded = await loadSnapshot(folder, 'fits', (_, reason) => passed.push(reason))
      expect([loaded?.seq, passed.length], `byte ${place}`).toEqual([5, 1])
    }
    await writeFile(newest, whole)
    await truncate(newest, whole.length - 40)
    expect((await loadSnapshot(folder, 'fits', () => {}))?.seq).toBe(5)
  })
})
