import { describe, expect, it } from 'vitest'
import { catalogues, languages } from '../../../dashboard/web/src/messages/messages.ts'
import { createFormats } from '../../../dashboard/web/src/format/format.ts'
import { figuresOf } from '../../../dashboard/web/src/components/evidence-figures.ts'

/** Each text of a catalogue with its path; functions are called with placeholders. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function')
    return [[`${path}()`, String((value as (...a: string[]) => string)('1', '2', '3'))]]
  return Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`))
}

describe('message catalogues', () => {
  it('have the same keys in every language', () => {
    const keys = languages.map((language) =>
      textsOf(catalogues[language])
        .map(([path]) => path)
        .sort(),
    )
    for (const own of keys) expect(own).toEqual(keys[0])
  })

  it('have no empty text', () => {
    for (const language of languages)
      expect(textsOf(catalogues[language]).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('are in Thai letters where they are Thai', () => {
    const same = new Set(['.product', '.audit.whoHint'])
    const latin = textsOf(catalogues.th).filter(
      ([path, text]) => !same.has(path) && !/[\u0E00-\u0E7F]/.test(text),
    )
    expect(latin.filter(([, text]) => /[A-Za-z]{3}/.test(text))).toEqual([])
  })
})

describe('numbers and times', () => {
  const at = Date.parse('2026-11-23T17:05:00Z')

  it('are local to the zone and of the language', () => {
    const en = createFormats('en', 'Asia/Bangkok')
    expect(en.moment(at)).toBe('24 Nov 2026 00:05')
    expect(en.moment(at, at)).toBe('24 Nov 00:05')
    expect(en.day('2026-11-24')).toBe('24 Nov 2026')
    expect(createFormats('th', 'Asia/Bangkok').day(at)).toBe('24 พ.ย. 2026')
    expect(en.change(0.88)).toBe('−12%')
  })

  it.each([
    [4_000, '4 secs'],
    [90 * 60_000, '1 hr 30 mins'],
    [3 * 86_400_000 + 2 * 3_600_000, '3 days 2 hrs'],
    [-3_600_000, '−1 hr'],
  ])('say %i ms as %s', (ms, text) => {
    expect(createFormats('en', 'Asia/Bangkok').duration(ms)).toBe(text)
  })

  it('of evidence get the unit that the field says, and sites their names', () => {
    const figures = figuresOf(
      { crossings: 4, spanMs: 3_600_000, firstAt: at, sites: ['A', 'B'], somethingNew: 7, nested: {} },
      {
        words: catalogues.en,
        language: 'en',
        formats: createFormats('en', 'Asia/Bangkok'),
        nameOf: (id) => `Site ${id}`,
      },
    )
    expect(figures.map(({ label, value }) => ({ label, value }))).toEqual([
      { label: 'Crossings', value: '4' },
      { label: 'Time between first and last', value: '1 hr' },
      { label: 'First', value: '24 Nov 2026 00:05' },
      { label: 'Sites', value: 'Site A, Site B' },
      { label: 'Something new', value: '7' },
    ])
  })

  it('of evidence are places in the language of the page, and nothing where a kind does not apply', () => {
    const figures = figuresOf(
      { declaredProvince: 'Chiang Mai', province: 'Tak', stays: 0, abroadMs: 0, crossings: 0 },
      {
        words: catalogues.th,
        language: 'th',
        formats: createFormats('th', 'Asia/Bangkok'),
        nameOf: (id) => id,
      },
    )
    expect(figures.map(({ key, value }) => [key, value])).toEqual([
      ['declaredProvince', 'เชียงใหม่'],
      ['province', 'ตาก'],
      ['crossings', '0'],
    ])
  })
})
