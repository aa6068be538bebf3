import type { ReferenceRow } from '../../feeds/log-subjects.ts'
import { Dice } from '../dice.ts'
import type { Document, Plate } from '../labels.ts'
import { dayMs, minuteMs } from '../local-time.ts'
import type { Places } from '../places.ts'
import { idPrefix, type Family } from '../sent.ts'
import { Story, type Planted } from '../story.ts'

/** The stage on which schemes are planted. */
export interface Stage {
  readonly seed: number
  /** Size of the world, see {@link WorldOptions}. */
  readonly scale: number
  readonly places: Places
}

/** What a kind needs to plant one scheme. */
export interface Plot extends Stage {
  /** The local day on which it comes to a head. */
  readonly day: number
  /** Which of its day's schemes of this kind, from 0. */
  readonly number: number
  readonly dice: Dice
  readonly story: Story
}

/** What the authorities put on a watchlist, as `POST /v1/watchlists` takes it: a document or a plate. */
export interface Watched {
  readonly kind: 'document' | 'plate'
  readonly list: string
  readonly entry: string
  readonly validFrom: string
  readonly validTo: string
  readonly source: string
  readonly owner: string
  readonly [field: string]: string
}

/** Something that goes to the reference desk at a time, not to a feed. */
export type Notice =
  | { readonly sendAt: number; readonly watch: Watched }
  | { readonly sendAt: number; readonly table: 'hours'; readonly row: ReferenceRow }

/** One pattern that is planted again and again: for one detector, with its hard negatives. */
export interface Kind {
  /** Id of the detector, and name of the file. */
  readonly rule: string
  /** Nothing of it is sent more than `spanDays` after its day began, or more than `leadDays` before. */
  readonly spanDays: number
  readonly leadDays: number
  /** What comes to a head on a local day. */
  planted(stage: Stage, day: number): Planted[]
}

/** A kind of which `perDay` come to a head on a day, on average, each told by `plant`. */
export function defineKind(
  kind: Omit<Kind, 'planted'> & { readonly perDay: number; plant(plot: Plot): Planted },
): Kind {
  const { rule, spanDays, leadDays, perDay } = kind
  return {
    rule,
    spanDays,
    leadDays,
    planted(stage, day) {
      const count = new Dice(stage.seed, 'scheme', rule, day).count(perDay)
      return Array.from({ length: count }, (_, number) => {
        const dice = new Dice(stage.seed, 'scheme', rule, day, number)
        const story = new Story(`${idPrefix}-${shortOf(rule)}${day}-${number}`, dice)
        return kind.plant({ ...stage, day, number, dice, story })
      })
    },
  }
}

/** First letters of the words of a detector's id. */
const shortOf = (rule: string): string => rule.split('-').map((word) => word.slice(0, 2)).join('') // prettier-ignore

/** A kind as a family of the world. */
export const familyOf = (kind: Kind, stage: Stage): Family => ({
  name: `scheme ${kind.rule}`,
  spanDays: kind.spanDays,
  leadDays: kind.leadDays,
  day: (day) => kind.planted(stage, day).flatMap(({ sent }) => sent),
})

/** An entry from a minute before `from` until `to` (ms UTC), half a year later when absent. */
export const watched = (
  kind: 'document' | 'plate',
  entry: string,
  what: Document | Plate,
  from: number,
  to = from + 180 * dayMs,
): Watched => ({
  kind,
  list: kind === 'document' ? 'wanted' : 'stolen',
  entry,
  ...what,
  validFrom: new Date(from - minuteMs).toISOString(),
  validTo: new Date(to).toISOString(),
  source: 'synthetic warrant',
  owner: 'reference-desk',
})
