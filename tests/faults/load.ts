import { Dice } from '../../ingest/world/dice.ts'
import { hour, minute, type TestEvent } from '../support/events.ts'

export const loadFeeds = ['crossings', 'registrations'] as const
export type LoadFeed = (typeof loadFeeds)[number]

/** One record as a supplier sends it, and as the oracle reads it. */
export interface Sent {
  readonly feed: LoadFeed
  readonly wire: Readonly<Record<string, unknown>>
  readonly event: TestEvent
}

/** Name of the supplier, which is what `eventKeyOf` of tests/support/events.ts expects. */
export const loadSource = 'test'

/** Records of one population of travellers and lodgings; then the next begins, so that no history grows for ever. */
const waveRecords = 600
const commuters = 6
const travellers = 60
const lodgings = 20
/** Of the last records this many are candidates for copies, corrections and cancellations. */
const recentRecords = 1_500

/**
 * Records by seed: people who cross again and again, lodgings around their capacity, some of it late, sent twice, corrected (in place,
 * time and person), taken back, or corrected before the original came. No two contents share id and revision.
 */
export class Load {
  readonly #dice: Dice
  readonly #from: number
  readonly #traveller: (documentType: string, number: string) => bigint
  readonly #recent: Sent[] = []
  readonly #held: Sent[] = []
  readonly #revisions = new Map<string, number>()
  #made = 0

  /** Events lie in the 60 hours before `now`, ms UTC. `traveller` gives the pseudonym of a document of UTO. */
  constructor(
    seed: number,
    options: { now: number; traveller: (documentType: string, number: string) => bigint },
  ) {
    this.#dice = new Dice(seed, 'load')
    this.#from = Math.floor(options.now / hour) * hour - 60 * hour
    this.#traveller = options.traveller
  }

  /** The next `count` records, all of one feed. */
  batch(feed: LoadFeed, count: number): Sent[] {
    const held = this.#held.findIndex((sent) => sent.feed === feed)
    const first = held >= 0 && this.#dice.chance(0.3) ? this.#held.splice(held, 1) : []
    return [...first, ...Array.from({ length: count - first.length }, () => this.#one(feed))]
  }

  #one(feed: LoadFeed): Sent {
    const dice = this.#dice
    const candidates = this.#recent.filter((sent) => sent.feed === feed)
    const luck = dice.float()
    if (candidates.length > 20 && luck < 0.2) {
      const chosen = dice.pick(candidates)
      if (luck < 0.08) return chosen
      const { id } = chosen.event
      return this.#remember(luck < 0.12 ? this.#cancellation(feed, id) : this.#content(feed, id))
    }
    const id = `${feed[0]}${this.#made++}`
    const original = this.#content(feed, id)
    if (luck > 0.98) {
      this.#held.push(original)
      return this.#remember(this.#content(feed, id))
    }
    return this.#remember(original)
  }

  #remember(sent: Sent): Sent {
    this.#recent.push(sent)
    if (this.#recent.length > recentRecords) this.#recent.shift()
    return sent
  }

  #nextRevision(id: string): number {
    const revision = (this.#revisions.get(id) ?? -1) + 1
    this.#revisions.set(id, revision)
    return revision
  }

  #cancellation(feed: LoadFeed, id: string): Sent {
    const revision = this.#nextRevision(id)
    return {
      feed,
      wire: { id, revision, cancelled: true },
      event: { feed, id, revision, cancelled: true, at: 0, site: '' },
    }
  }

  /** A new version of `id` with contents of its own. */
  #content(feed: LoadFeed, id: string): Sent {
    const dice = this.#dice
    const revision = this.#nextRevision(id)
    const current = Math.floor(this.#made / waveRecords)
    const wave = Math.max(0, current - (dice.chance(0.15) ? dice.int(1, 3) : 0))
    const from = this.#from + (wave % 4) * 6 * hour
    const documentType = dice.chance(0.85) ? 'passport' : 'border-pass'
    const person = dice.chance(0.35) ? dice.int(1, commuters) : dice.int(commuters + 1, travellers)
    const documentNumber = `W${wave}P${person}`
    const traveller = this.#traveller(documentType, documentNumber)
    const nationality = 'UTO'
    const common = { id, revision, documentType, documentNumber, nationality }
    if (feed === 'crossings') {
      const at = from + dice.int(0, 30 * 60) * minute
      const site = `FX-SITE${dice.int(1, 5)}`
      const direction = dice.chance(0.1) ? 'check' : dice.pick(['entry', 'exit'] as const)
      return {
        feed,
        wire: { ...common, at: iso(at), site, direction, mode: 'land', outcome: 'admitted' },
        event: {
          feed,
          id,
          revision,
          at,
          site,
          traveller,
          direction,
          documentType,
          nationality,
          mode: 'land',
          outcome: 'admitted',
        },
      }
    }
    const at = from + dice.int(0, 36 * 60) * minute
    const site = `FX-HOUSE${wave}-${dice.int(1, lodgings)}`
    const people = dice.int(1, 8)
    const until = dice.chance(0.3) ? null : at + dice.int(3, 40) * hour
    const wire = { ...common, checkInAt: iso(at), premises: site, partySize: people }
    return {
      feed,
      wire: until === null ? wire : { ...wire, checkOutAt: iso(until) },
      event: { feed, id, revision, at, site, traveller, people, until, documentType, nationality },
    }
  }
}

const iso = (at: number): string => new Date(at).toISOString()
