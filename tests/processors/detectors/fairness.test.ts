import { readdir, readFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import overstay from '../../../processors/detectors/overstay.ts'
import { defineDetector } from '../../../processors/detector.ts'
import { loadDetectors } from '../../../processors/registry.ts'
import { findingsOf } from '../../support/detect.ts'
import { day, monday, type TestEvent } from '../../support/events.ts'
import { flipped, otherNationality } from '../../support/fairness.ts'
import { row } from '../../support/places.ts'

const entry: TestEvent = { feed: 'crossings', id: 'a', at: monday, traveller: 7n, nationality: 'AAA' }

/** What nobody may write: one nationality is enough. */
const unfair = defineDetector({
  ...overstay,
  id: 'unfair',
  params: Type.Object({}),
  evidence: Type.Object({}),
  lookbackMs: () => day,
  lookaheadMs: () => day,
  evaluate: ({ history }) =>
    history
      .where((i) => history.nationality(i) === 'AAA')
      .map((i) => ({
        start: history.at(i),
        end: history.at(i),
        site: '',
        events: [history.event(i)],
        evidence: {},
      })),
  severity: () => 'low',
  explain: () => '',
  unless: () => '',
})

describe('fairness', () => {
  it('is held by every fixture: a detector that decides on nationality fails its own table', async () => {
    await expect(findingsOf(unfair, {}, [entry])).rejects.toThrow(/decide nothing/)
  })

  it('lets the entitlement table decide', async () => {
    const standing = async (id: string) =>
      findingsOf(overstay, {}, [entry], [], [], {
        tables: { stays: [row(id, { days: 30 })] },
        now: monday + 60 * day,
      })
    expect(await standing('AAA:passport')).toHaveLength(1)
    expect(await standing('BBB:passport')).toHaveLength(0)
  })

  it('makes somebody else of everybody', () => {
    const other = flipped(flipped({ ...entry, sex: 'F', birthYear: 1980 }))
    expect([otherNationality('GBD'), otherNationality('ZZ'), other.nationality, other.sex, other.birthYear]).toEqual([
      'HCE', 'AA', 'CCC', 'F', 2042,
    ]) // prettier-ignore
  })

  it('is asked of every detector with findings of people: its table goes through findingsOf', async () => {
    for (const { id, key } of await loadDetectors()) {
      if (key === 'site') continue
      const text = await readFile(new URL(`${id}.test.ts`, import.meta.url), 'utf8')
      expect(text, id).toMatch(/findingsOf\(/)
    }
  })

  it('starts in the code: no detector asks for a nationality but to look it up in the table', async () => {
    const folder = new URL('../../../processors/detectors/', import.meta.url)
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.ts'))) {
      const text = await readFile(new URL(name, folder), 'utf8')
      for (const [line] of text.matchAll(/^.*history\.nationality.*$/gm))
        expect(line, name).toMatch(/permittedDays\(|mayStayForGood\(|const id = /)
    }
  })
})
