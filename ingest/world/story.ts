import type { Dice } from './dice.ts'
import { localInstant, utcInstant } from './local-time.ts'
import type { Document, Plate, Scheme, Subject, Truth } from './labels.ts'
import type { Notice } from './schemes/kind.ts'
import type { Person, Vehicle } from './people.ts'
import { worldSources, type RawRecord, type Sent } from './sent.ts'

/** A document with the person who carries it. */
export type Holder = Person & { readonly documentType: string }

export const holder = (person: Person, documentType = 'passport'): Holder => ({ ...person, documentType })

export const documentOf = ({ documentType, nationality, documentNumber }: Holder): Document => ({
  documentType,
  nationality,
  documentNumber,
})

export const plateOf = ({ plate, plateProvince, plateCountry }: Vehicle): Plate => ({
  plate,
  ...(plateProvince === undefined ? {} : { plateProvince }),
  plateCountry,
})

export interface Planted {
  readonly scheme: Scheme
  readonly sent: readonly Sent[]
  readonly notices: readonly Notice[]
}

/** What a label still needs when the records are told. */
export interface Verdict {
  readonly rule: string
  readonly truth: Truth
  readonly variant: string
  readonly subjects: readonly Subject[]
  /** The record that decides; absent: `decidedAt` is when an absence is certain. */
  readonly decidedBy?: Sent
  readonly decidedAt?: number
  readonly startAt?: number
  readonly endAt?: number
  readonly notices?: readonly Notice[]
  readonly also?: readonly (string | { readonly rule: string; readonly subjects: readonly Subject[] })[]
}

/** The records of one scheme, numbered as they are told, each sent soon after it happened unless it says otherwise. */
export class Story {
  readonly id: string
  readonly sent: Sent[] = []
  readonly #dice: Dice

  constructor(id: string, dice: Dice) {
    this.id = id
    this.#dice = dice
  }

  /** Somebody at a checkpoint, airport or route check. */
  cross(
    at: number,
    site: string,
    direction: 'entry' | 'exit' | 'check',
    who: Holder,
    more: Readonly<Record<string, unknown>> & { readonly mode?: string; readonly sendAt?: number } = {},
  ): Sent {
    const { sendAt = at + this.#dice.int(300, 4_000), ...fields } = more
    const mode = site.startsWith('TH-AIR-') ? 'air' : 'land'
    return this.#tell('crossings', sendAt, { at: localInstant(at), site, direction, mode, ...who, ...fields })
  }

  /** A stay of one person, filed by the house within half an hour unless `sendAt` says when. */
  stay(
    at: number,
    until: number,
    premises: string,
    who: Holder,
    more: Readonly<Record<string, unknown>> & { readonly sendAt?: number } = {},
  ): Sent {
    const { sendAt = at + this.#dice.int(3 * 60, 30 * 60) * 1_000, ...fields } = more
    return this.#tell('registrations', sendAt, {
      premises,
      checkInAt: localInstant(at),
      checkOutAt: localInstant(until),
      room: `${this.#dice.int(1, 9)}${String(this.#dice.int(1, 999)).padStart(3, '0')}`,
      partySize: 1,
      ...who,
      ...fields,
    })
  }

  /** A vehicle before a camera, read right and surely: noise does not touch what a label rests on. */
  see(at: number, site: string, car: Vehicle, more: Readonly<Record<string, unknown>> = {}): Sent {
    return this.#tell('sightings', at + this.#dice.int(200, 1_500), {
      at: utcInstant(at),
      site,
      ...car,
      confidence: Math.round(this.#dice.between(0.93, 0.995) * 1_000) / 1_000,
      heading: 'unknown',
      ...more,
    })
  }

  /** Another record of the same id: a correction, or with `cancelled` the end of it. */
  mend(one: Sent, sendAt: number, change: Readonly<Record<string, unknown>>): Sent {
    const revision = Number(one.record['revision'] ?? 0) + 1
    const record: RawRecord =
      change['cancelled'] === true
        ? { id: one.record.id, revision, cancelled: true }
        : { ...one.record, ...change, revision }
    const sent: Sent = { feed: one.feed, planted: true, sendAt, record }
    this.sent.push(sent)
    return sent
  }

  #tell(feed: Sent['feed'], sendAt: number, fields: Readonly<Record<string, unknown>>): Sent {
    const sent: Sent = {
      feed,
      planted: true,
      sendAt,
      record: { id: `${this.id}-${this.sent.length}`, ...fields },
    }
    this.sent.push(sent)
    return sent
  }

  /** The records with their label. */
  end(verdict: Verdict): Planted {
    const { rule, truth, variant, subjects, decidedBy } = verdict
    const times = this.sent.flatMap(({ record }) =>
      ['at', 'checkInAt', 'checkOutAt'].flatMap((field) =>
        typeof record[field] === 'string' ? [Date.parse(record[field])] : [],
      ),
    )
    const { startAt = Math.min(...times), endAt = Math.max(...times) } = verdict
    const nameOf = ({ feed, record }: Sent): string => `${worldSources[feed]}:${record.id}`
    return {
      sent: this.sent,
      notices: verdict.notices ?? [],
      scheme: {
        id: this.id,
        rule,
        truth,
        variant,
        subjects,
        startAt,
        endAt,
        decidedAt: decidedBy?.sendAt ?? verdict.decidedAt ?? endAt,
        decidedBy: decidedBy === undefined ? '' : nameOf(decidedBy),
        events: [...new Set(this.sent.map(nameOf))],
        also: (verdict.also ?? []).map((one) => (typeof one === 'string' ? { rule: one, subjects } : one)),
      },
    }
  }
}
