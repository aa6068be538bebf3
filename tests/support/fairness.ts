import type { ReferenceChange, ReferenceRow } from '../../ingest/feeds/log-subjects.ts'
import type { TestEvent } from './events.ts'

/** The same event of a person of another nationality, sex and age; the pseudonym stays, as if the key of the fixture were theirs. */
export function flipped(event: TestEvent): TestEvent {
  return {
    ...event,
    nationality: otherNationality(event.nationality ?? ''),
    sex: event.sex === 'F' ? 'M' : 'F',
    birthYear: event.birthYear === undefined ? 1950 + (event.at % 50) : event.birthYear + 31,
  }
}

/** One to one: each letter becomes the next; who has no code in a fixture gets one. */
export function otherNationality(code: string): string {
  if (code === '') return 'QZQ'
  return code.replaceAll(/[A-Z]/g, (letter) =>
    String.fromCodePoint(65 + (((letter.codePointAt(0) ?? 0) - 64) % 26)),
  )
}

type Tables = Readonly<Partial<Record<ReferenceChange['table'], readonly ReferenceRow[]>>>

/** The tables that may tell nationalities apart, with each row given to the nationality that its own became. */
export function entitlementsFlipped(tables: Tables): Tables {
  const renamed = (rows: readonly ReferenceRow[] = []): ReferenceRow[] =>
    rows.map((row) => {
      const [nationality = '', documentType = ''] = row.id.split(':')
      return { ...row, id: `${nationality === '*' ? '*' : otherNationality(nationality)}:${documentType}` }
    })
  return {
    ...tables,
    ...(tables.stays === undefined ? {} : { stays: renamed(tables.stays) }),
    ...(tables.passRules === undefined ? {} : { passRules: renamed(tables.passRules) }),
  }
}
