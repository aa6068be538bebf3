import { expect, test } from 'vitest'
import { visitors } from '../../ingest/world/people.ts'
import type { RawRecord } from '../../ingest/world/sent.ts'
import type { AlertRevision } from '../../processors/alert.ts'
import { runDirect } from './direct.ts'

const small = { seed: 3, scale: 0.03, warmDays: 0, days: 8, stepMs: 600_000 }

/** Every foreign nationality becomes another, one to one; who is a citizen stays one, since the law on lodgings is about others. */
const codes = visitors.values.map(String).toSorted()
const other = (code: string): string => codes[(codes.indexOf(code) + 7) % codes.length] as string

function flipped(record: RawRecord): RawRecord {
  const { nationality, sex, birthYear } = record
  return {
    ...record,
    ...(typeof nationality === 'string' && codes.includes(nationality)
      ? { nationality: other(nationality) }
      : {}),
    ...(sex === 'F' || sex === 'M' ? { sex: sex === 'F' ? 'M' : 'F' } : {}),
    ...(typeof birthYear === 'number' ? { birthYear: 1950 + ((birthYear - 1950 + 31) % 60) } : {}),
  }
}

/** What was found, without the pseudonym of the key: that is made of the document, nationality included. */
const outcome = ({ rule, severity, site, startAt, endAt, events, status }: AlertRevision): string =>
  JSON.stringify([rule, status, severity, site, startAt, endAt, events])

test('nationality, sex and birth year change nothing on the world but what the entitlement table says', async () => {
  const plain = await runDirect(small)
  const flip = await runDirect(small, { change: flipped })
  expect(flip.events).toBe(plain.events)
  const rules = new Set(plain.open.map(({ rule }) => rule))
  expect(rules.size).toBeGreaterThan(4)
  // Watchlists name a document, and with it its nationality: who is another person is not on the list.
  const byOthers = ['overstay', 'watchlist']
  const outcomes = (open: readonly AlertRevision[]) =>
    open.filter(({ rule }) => !byOthers.includes(rule)).map(outcome).toSorted()
  expect(outcomes(flip.open)).toEqual(outcomes(plain.open))
}, 300_000) // prettier-ignore
