import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena } from '../../../processors/engine/arena.ts'
import { Doubles, Words, type Numbers } from '../../../processors/engine/columns.ts'
import { HashIndex } from '../../../processors/engine/hash-index.ts'
import { Rechecks } from '../../../processors/engine/rechecks.ts'

const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31)

/** Numbers below 2^32 that look like hashes. */
const scrambled = (n: number): number => Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) >>> 0

describe('a column', () => {
  it('holds what is put in, across chunks and a restart', () => {
    const [words, doubles] = [new Words(), new Doubles()]
    const length = 200_000
    for (let i = 0; i < length; i++) {
      words.reserve(i + 1)
      doubles.reserve(i + 1)
      words.set(i, scrambled(i))
      doubles.set(i, i / 7)
    }
    const again = [new Words(), new Doubles()] as const
    const image: Numbers[] = [...words.image(length), ...doubles.image(length)]
    const arrays = image.values()
    for (const column of again) column.restore(length, arrays)
    expect(arrays.next().done).toBe(true)
    const wrong = Array.from({ length }, (_, i) => i).filter(
      (i) => again[0].get(i) !== scrambled(i) || again[1].get(i) !== i / 7,
    )
    expect(wrong).toEqual([])
  })

  it('moves entries as an array does, across chunks too', () => {
    const length = 140_000
    const near = fc.oneof(fc.integer({ min: 65_530, max: 65_542 }), fc.integer({ min: 131_066, max: 131_078 }), fc.nat({ max: 300 }))
    fc.assert(
      fc.property(near, near, fc.nat({ max: 20 }), (target, start, count) => {
        const words = new Words()
        words.reserve(length)
        const plain = new Uint32Array(length)
        for (const at of [target, start])
          for (let i = at; i < at + 40; i++) {
            words.set(i, i)
            plain[i] = i
          }
        words.move(target, start, start + count)
        plain.copyWithin(target, start, start + count)
        for (const at of [target, start])
          for (let i = Math.max(0, at - 25); i < at + 50; i++) expect(words.get(i)).toBe(plain[i])
      }),
      { seed },
    )
  }) // prettier-ignore
})

describe('the index of hashes', () => {
  it('finds every key that was added and none that was removed, through many splits', () => {
    const [his, los, index] = [new Words(), new Words(), new HashIndex()]
    const count = 150_000
    his.reserve(count)
    los.reserve(count)
    for (let slot = 0; slot < count; slot++) {
      his.set(slot, scrambled(slot))
      los.set(slot, scrambled(slot + count))
      index.add(slot, his, los)
      if (slot % 3 === 2) index.remove(slot - 1, his, los)
    }
    const wrong = Array.from({ length: count }, (_, slot) => slot).filter(
      (slot) => index.find(his.get(slot), los.get(slot), his, los) !== (slot % 3 === 1 ? -1 : slot),
    )
    expect(wrong).toEqual([])
    expect(index.size).toBe(count - count / 3)
    expect(index.find(1, 2, his, los)).toBe(-1)
    expect(index.bytes / index.size).toBeLessThan(24)
  })

  it('reuses the room of keys that come and go', () => {
    const [his, los, index] = [new Words(), new Words(), new HashIndex()]
    his.reserve(1000)
    los.reserve(1000)
    for (let n = 0; n < 100_000; n++) {
      const slot = n % 1000
      if (n >= 1000) index.remove(slot, his, los)
      his.set(slot, scrambled(n))
      los.set(slot, n)
      index.add(slot, his, los)
    }
    expect(index.size).toBe(1000)
    expect(index.bytes).toBeLessThan(64_000)
  })
})

describe('the arena', () => {
  it('gives back the blocks that it had after a restart', () => {
    const arena = new Arena()
    const blocks = Array.from({ length: 40 }, (_, i) => arena.allocate(1 + (i % 5)))
    for (const [i, block] of blocks.entries()) if (i % 3 === 0) arena.release(block, 1 + (i % 5))
    const again = new Arena()
    again.restore(arena.image().values())
    const next = (one: Arena): number[] => Array.from({ length: 30 }, (_, i) => one.allocate(1 + (i % 5)))
    expect(next(again)).toEqual(next(arena))
  })
})

describe('the wheel of rechecks', () => {
  it('gives out what a sorted list would, whatever the jumps of time and the restarts', () => {
    const set = fc.record({
      rule: fc.nat({ max: 3 }),
      key: fc.nat({ max: 3 }),
      after: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 70_000 }), fc.nat({ max: 20_000_000 })),
      about: fc.nat({ max: 3 }),
    })
    const jump = fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 400 }), fc.nat({ max: 100_000 }), fc.nat({ max: 30_000_000 }))
    fc.assert(
      fc.property(fc.array(fc.oneof(set, jump, fc.constant('restart' as const)), { maxLength: 60 }), (steps) => {
        let wheel = new Rechecks()
        let model = new Map<string, [at: number, key: number, rule: number, about: number]>()
        let now = 1_760_000_000
        wheel.due(now * 1000, () => {})
        for (const step of steps) {
          if (step === 'restart') {
            const next = new Rechecks()
            next.restore(structuredClone(wheel.image()))
            wheel = next
          } else if (typeof step === 'number') {
            now += step
            const due: number[][] = []
            wheel.due(now * 1000, (rule, keyHi, _, about) => due.push([keyHi, rule, about]))
            const expected = [...model].filter(([, [at]]) => at <= now)
            model = new Map([...model].filter(([, [at]]) => at > now))
            expect(due).toEqual(
              expected
                .map(([, entry]) => entry)
                .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3])
                .map(([, key, rule, about]) => [key, rule, about]),
            )
          } else {
            const at = now + Math.max(1, step.after)
            wheel.set(step.rule, step.key, 7, (now + step.after) * 1000, step.about)
            model.set(`${step.rule} ${step.key} ${at} ${step.about}`, [at, step.key, step.rule, step.about])
          }
          expect(wheel.size).toBe(model.size)
        }
      }),
      { seed },
    )
  }) // prettier-ignore
})
