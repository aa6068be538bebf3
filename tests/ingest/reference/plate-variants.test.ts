import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plateVariants, type PlateVariant } from '../../../ingest/reference/plate-variants.ts'

const of = (marks: string, province = 'Tak', country = 'THA'): PlateVariant[] =>
  plateVariants(marks, province, country)
const find = (all: PlateVariant[], marks: string, province = 'Tak'): PlateVariant | undefined =>
  all.find((one) => one.marks === marks && one.province === province)

describe('readings of a listed plate', () => {
  it.each<[string, string, string, number, string]>([
    ['the plate itself', '1กข1234', 'Tak', 1, 'exact'],
    ['one unread', '1กข12?4', 'Tak', 0.8, 'unread'],
    ['an unread letter', '1?ข1234', 'Tak', 0.8, 'unread'],
    ['two unread', '?กข12?4', 'Tak', 0.64, 'unread'],
    ['a letter taken for another', '1ถข1234', 'Tak', 0.6, 'look-alike'],
    ['a digit taken for another', '7กข1234', 'Tak', 0.6, 'look-alike'],
    ['the province not read', '1กข1234', '', 0.7, 'province'],
    ['nor one of the marks', '1กข12?4', '', 0.56, 'unread'],
  ])('%s', (_, marks, province, score, variant) => {
    const found = find(of('1กข1234'), marks, province)
    expect([found?.score.toFixed(2), found?.variant]).toEqual([score.toFixed(2), variant])
  })

  it.each([
    ['another province', '1กข1234', 'Bangkok'],
    ['three unread', '1กข???4', 'Tak'],
    ['two taken for others', '7ถข1234', 'Tak'],
    ['a look-alike without a province', '7กข1234', ''],
    ['a Latin letter for a digit of a Thai plate', 'Iกข1234', 'Tak'],
    ['a digit that looks like none of it', '1กข1239', 'Tak'],
  ])('not %s', (_, marks, province) => {
    expect(find(of('1กข1234'), marks, province)).toBeUndefined()
  })

  it('Latin letters and digits are taken for one another on plates of others', () => {
    const found = plateVariants('AB0123', '', 'MMR')
    expect(find(found, 'ABO123', '')).toMatchObject({ variant: 'look-alike', country: 'MMR' })
    expect(find(found, 'A80123', '')?.variant).toBe('look-alike')
    expect(found.find(({ marks, country }) => marks === 'AB0123' && country === '')?.variant).toBe('province')
  })

  it('are each another reading, few, the plate first and no score above it', () => {
    const plate = fc
      .array(fc.constantFrom(...'0123456789', ...'กขคงจชดตถทนบปผพภมรลวศสหอฮ'), {
        minLength: 3,
        maxLength: 8,
      })
      .map((marks) => marks.join(''))
    fc.assert(
      fc.property(plate, (marks) => {
        const all = of(marks)
        expect(all[0]).toEqual({ marks, province: 'Tak', country: 'THA', score: 1, variant: 'exact' })
        expect(new Set(all.map((one) => `${one.marks} ${one.province}`)).size).toBe(all.length)
        expect(all.length).toBeLessThan(90)
        for (const one of all.slice(1)) {
          expect([...one.marks]).toHaveLength([...marks].length)
          expect(one.score).toBeGreaterThanOrEqual(0.5)
          expect(one.score).toBeLessThan(1)
        }
      }),
    )
  })
})
