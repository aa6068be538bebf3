import type { Dimension } from '../api/explore-measures.ts'
import type { Instants } from '../api/explore-reading.ts'
import type { Boards } from '../api/explore-shapes.ts'
import { dateOf, startOf } from '../api/local-day.ts'
import { seriesArrow } from './arrow.ts'
import { boardsOf } from './boards.ts'
import type { Width } from './buckets.ts'
import type { Cube } from './cube.ts'
import type { CubeQuestion, Otherwise } from './question.ts'
import { reportingOf, type Reported } from './reporting.ts'
import { seriesOf, type Split } from './series.ts'

const hourMs = 3_600_000
/** More are for the store: an answer is no long work. */
const mostBuckets = 10_000
/** Cells that a series is counted in at most, buckets by values. */
const mostCells = 20_000_000

/** The series as an Arrow stream, with what was `otherwise` at the time that it is asked for; null: ask the store. */
export async function cubeSeries(
  cube: Cube,
  question: CubeQuestion,
  split: Split,
  otherwise: () => Promise<readonly Otherwise[]>,
): Promise<Uint8Array | null> {
  const buckets = (question.to - question.from) / (split.grain === 'hour' ? hourMs : 24 * hourMs)
  if (!answers(cube, question) || !wholeHours(question.from, split.zone)) return null
  if (buckets > mostBuckets) return null
  if (buckets * (split.by === 'site' ? cube.keys.sites : cube.keys.kinds) > mostCells) return null
  // Before the cube: what comes in between is then known to both.
  const changes = await otherwise()
  return seriesArrow(await cube.ask(() => seriesOf(cube, question, split, changes)))
}

/** The values of some dimensions; null: ask the store. */
export async function cubeBoards(
  cube: Cube,
  question: CubeQuestion,
  how: { dimensions: readonly Dimension[]; top: number; skip: readonly Instants[] },
): Promise<Boards | null> {
  if (!answers(cube, question)) return null
  return await cube.ask(() => boardsOf(cube, question, how))
}

/** What of each feed came when from some places; null: ask the store. */
export async function cubeReporting(
  cube: Cube,
  question: Pick<CubeQuestion, 'feeds' | 'from' | 'to' | 'filter'>,
  width: Width,
): Promise<Reported[] | null> {
  if (!cube.covers(question.from) || !wholeHours(question.from, width.zone)) return null
  return await cube.ask(() => reportingOf(cube, question, width))
}

/** A level needs whoever ever came; counts need the hours of the spans. */
function answers(cube: Cube, { measure, from, compareFrom }: CubeQuestion): boolean {
  if (measure.source === 'present') return cube.whole
  return measure.source === 'records' && cube.covers(Math.min(from, compareFrom))
}

/** Buckets are made of whole hours. */
function wholeHours(at: number, zone: string): boolean {
  return startOf(dateOf(at, zone), zone) % hourMs === 0
}
