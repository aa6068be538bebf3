import { readFileSync, writeFileSync } from 'node:fs'
import type { PlayOptions } from './play.ts'
import type { Figures } from './score.ts'
import { shapes, type Part } from './worlds.ts'

/** The worlds that every change is measured on: small, and none of the seeds that detectors are tuned on or reported with. */
export const committedWorlds: Readonly<Record<Part, PlayOptions>> = {
  people: { ...shapes.people, seed: 7, part: 'people', days: 13, stepMs: 300_000 },
  sites: { ...shapes.sites, seed: 7, part: 'sites', stepMs: 1_800_000 },
}

/** Precision or recall of a detector may fall this far below the committed figure: one or two patterns of thirty. */
export const margin = 0.06

const file = new URL('committed.json', import.meta.url)

export type Committed = Readonly<Record<string, Pick<Figures, 'planted' | 'precision' | 'recall'>>>

export const readCommitted = (): Committed => JSON.parse(readFileSync(file, 'utf8')) as Committed

/** Writes the figures of a run on {@link committedWorlds} as those that later ones are held against. */
export function writeCommitted(figures: readonly Figures[]): void {
  const lines = figures.map(
    ({ id, planted, precision, recall }) =>
      `  ${JSON.stringify(id)}: ${JSON.stringify({ planted, precision, recall })}`,
  )
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`)
}
