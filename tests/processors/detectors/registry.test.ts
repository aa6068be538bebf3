import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { Check } from 'typebox/value'
import { createRule, RuleError } from '../../../processors/rule.ts'
import { tableOf, tablePath, withTable } from '../../../processors/detector-table.ts'
import { loadDetectors, loadRules } from '../../../processors/registry.ts'
import { feedNames } from '../../../ingest/feeds/layout.ts'
import * as oracle from '../../oracle/oracle.ts'

const root = new URL('../../../', import.meta.url)
const files = (await readdir(new URL('processors/detectors', root))).filter((name) => name.endsWith('.ts'))
const detectors = await loadDetectors()
const camel = (id: string): string => id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

describe('every detector', () => {
  it('is one file of the folder', () => {
    expect(detectors.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort())
  })

  it.each(detectors.map((detector) => [detector.id, detector] as const))('%s is complete', (id, detector) => {
    expect(existsSync(new URL(`tests/processors/detectors/${id}.test.ts`, root)), 'has a test').toBe(true)
    expect(Object.keys(oracle), 'has a twin in the batch oracle').toContain(camel(id))
    expect(detector.reason.en.length, 'says why').toBeGreaterThan(40)
    for (const words of [detector.title, detector.reason])
      expect(words.th, 'in Thai too').toMatch(/[\u0e00-\u0e7f]/)
    expect(detector.reads.every((feed) => feedNames.includes(feed))).toBe(true)
    for (const [name, schema] of Object.entries({
      ...detector.params.properties,
      ...detector.evidence.properties,
    })) {
      expect(schema, `${name} is described`).toHaveProperty('description')
    }
    for (const [name, schema] of Object.entries(detector.params.properties))
      expect(schema, `${name} has a default`).toHaveProperty('default')
    const rule = createRule(detector)
    expect(Check(detector.params, rule.params)).toBe(true)
    expect(rule.lookbackMs).toBeGreaterThan(0)
  })
})

describe('the table of detectors', () => {
  it('is fresh: npm run detectors writes it', async () => {
    const readme = await readFile(tablePath, 'utf8')
    expect(readme).toBe(withTable(readme, tableOf(await loadRules())))
  })
})

describe('a rule', () => {
  const detector = detectors.find(({ id }) => id === 'overcrowded-lodgings')
  if (detector === undefined) throw new Error('no detectors')

  it('refuses a parameter that the detector does not know', () => {
    expect(() => createRule(detector, { factr: 2 })).toThrow(RuleError)
  })

  it('refuses a value outside the schema', () => {
    expect(() => createRule(detector, { factor: 0 })).toThrow(/factor/)
  })

  it('changes its version with its parameters, not with their order', () => {
    const version = (params: Record<string, unknown>): string => createRule(detector, params).version
    expect(version({ factor: 2 })).not.toBe(version({}))
    expect(version({ factor: 2, assumedNights: 3 })).toBe(version({ assumedNights: 3, factor: 2 }))
  })
})
