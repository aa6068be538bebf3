import { readFileSync, writeFileSync } from 'node:fs'
import type { PlayOptions } from './play.ts'
import { faults, score, type Figures, type Measured } from './score.ts'
import { shapes, type Part } from './worlds.ts'

/** The worlds that every change is measured on: small, and none of the seeds that detectors are tuned on or reported with. */
export const committedWorlds: Readonly<Record<Part, PlayOptions>> = {
  people: { ...shapes.people, seed: 7, part: 'people', days: 13, stepMs: 600_000 },
  sites: {
    seed: 7,
    part: 'sites',
    scale: 0.2,
    from: Date.parse('2026-01-30T00:00:00+07:00'),
    warmDays: 35,
    days: 22,
    stepMs: 3_600_000,
  },
}

/** Precision or recall may fall this far below the committed figure, or by one pattern or alert where that is more. */
export const margin = 0.06

type Kept = Pick<Figures, 'planted' | 'precision' | 'recall'>
export type Committed = Readonly<Record<string, Kept>>

const file = new URL('committed.json', import.meta.url)

export const readCommitted = (): Committed => JSON.parse(readFileSync(file, 'utf8')) as Committed

/** Writes the figures of runs on {@link committedWorlds} as those that later ones are held against. */
export function writeCommitted(figures: readonly Figures[]): void {
  const lines = figures.map(
    ({ id, planted, precision, recall }) =>
      `  ${JSON.stringify(id)}: ${JSON.stringify({ planted, precision, recall })}`,
  )
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`)
}

/**
 * Whether a detector is worse than it was: recall or precision fell by more than {@link margin}, and by more than one pattern or alert
 * of those that there are now. A world of which nothing is judged any more is worse too.
 */
export function isWorse(now: Kept & Pick<Figures, 'alerts'>, before: Kept): boolean {
  const fell = (rate: number | null, then: number | null, of: number): boolean =>
    then !== null && (rate ?? 0) < then - Math.max(margin, 1.5 / Math.max(1, of))
  return (
    (now.planted === 0 && before.planted > 0) ||
    fell(now.recall, before.recall, now.planted) ||
    fell(now.precision, before.precision, now.alerts)
  )
}

/** Detectors that are worse than the committed figures, in words; also those without any. */
export function worseThan(committed: Committed, result: Measured): string[] {
  return score(result).flatMap((now) => {
    const { id, planted, found, precision } = now
    const before = committed[id]
    if (before === undefined) return [`${id} has no figures: npm run scoreboard -- --commit`]
    if (!isWorse(now, before)) return []
    const { missed, wrong } = faults(result, id)
    const words = [
      ...missed.map((one) => `missed ${one.id} (${one.variant})`),
      ...wrong.map(({ sentence }) => `wrong: ${sentence.en}`),
    ]
    return [`${id}: ${found} of ${planted} found, precision ${precision}; ${words.slice(0, 5).join('; ')}`]
  })
}
