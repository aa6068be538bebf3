import { readFileSync, writeFileSync } from 'node:fs'
import type { PlayOptions } from './play.ts'
import type { Figures } from './score.ts'

/** The world that every change is measured on: small, and none of the seeds that detectors are tuned on or reported with. */
export const committedWorld: PlayOptions = { seed: 7, scale: 0.05, warmDays: 29, days: 13, stepMs: 300_000 }

/** Precision or recall of a detector may fall this far below the committed figure: one or two patterns of thirty. */
export const margin = 0.06

const file = new URL('committed.json', import.meta.url)

export type Committed = Readonly<Record<string, Pick<Figures, 'planted' | 'precision' | 'recall'>>>

export const readCommitted = (): Committed => JSON.parse(readFileSync(file, 'utf8')) as Committed

/** Writes the figures of a run on {@link committedWorld} as those that later ones are held against. */
export function writeCommitted(figures: readonly Figures[]): void {
  const lines = figures.map(
    ({ id, planted, precision, recall }) =>
      `  ${JSON.stringify(id)}: ${JSON.stringify({ planted, precision, recall })}`,
  )
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`)
}
