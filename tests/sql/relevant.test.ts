import { expect, test } from 'vitest'
import { relevantText } from '../../sql/queries/relevant.ts'

const text = `WITH r AS
(
-- if days
  SELECT day FROM d WHERE day IN {days:Array(Date)}
    AND site IN {sites:Array(String)} -- if sites
-- end
  UNION ALL
-- if hours
  SELECT hour FROM h
-- end
)
-- if dimensions has site
SELECT 'site' FROM r
-- end
  UNION ALL
SELECT '' FROM r`

const lines = (params: Record<string, string[]>): string[] =>
  relevantText(text, params)
    .split('\n')
    .map((line) => line.trim())

test('a line or block goes when its list is empty, or does not hold the value', () => {
  expect(lines({ days: ['2026-01-05'], sites: [], hours: ['1'], dimensions: ['zone'] })).toEqual([
    'WITH r AS',
    '(',
    'SELECT day FROM d WHERE day IN {days:Array(Date)}',
    'UNION ALL',
    'SELECT hour FROM h',
    ')',
    "SELECT '' FROM r",
  ])
})

test('a UNION ALL with nothing on one side goes with it', () => {
  expect(lines({ days: [], sites: ['S'], hours: ['1'], dimensions: ['site'] })).toEqual([
    'WITH r AS',
    '(',
    'SELECT hour FROM h',
    ')',
    "SELECT 'site' FROM r",
    'UNION ALL',
    "SELECT '' FROM r",
  ])
  expect(lines({ days: ['2026-01-05'], sites: ['S'], hours: [], dimensions: [] })).toContain(
    'AND site IN {sites:Array(String)}',
  )
})

test('a line goes when its text is empty', () => {
  const text = 'WHERE true\n  AND rule = {rule:String} -- if rule\n  AND n = {n:UInt8} -- if n'
  expect(relevantText(text, { rule: '', n: 0 })).toBe('WHERE true\n  AND n = {n:UInt8} ')
  expect(relevantText(text, { rule: 'convoy', n: 0 })).toContain('rule = {rule:String}')
})

test('a text without conditions is as it was', () => {
  expect(relevantText('SELECT 1 -- one', {})).toBe('SELECT 1 -- one')
})
