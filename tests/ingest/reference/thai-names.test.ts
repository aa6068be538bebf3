import { describe, expect, test } from 'vitest'
import { readReference } from '../../../ingest/reference/read-csv.ts'
import { districtName, provinceName } from '../../../ingest/reference/thai-names.ts'

const reference = readReference()
const thai = /^[\u0e00-\u0e7f]+$/

describe('Thai names', () => {
  const provinces = [
    ...reference.sites.map(({ province }) => String(province)),
    ...reference.premises.map(({ province }) => String(province)),
    ...reference.districts.map(({ id }) => id.split('/')[0] ?? ''),
  ]

  test.each([...new Set(provinces)].filter((province) => province !== '').sort())(
    'the province %s of the reference data has one',
    (province) => {
      expect(provinceName(province, 'th')).toMatch(thai)
      expect(provinceName(province, 'en')).toBe(province)
    },
  )

  test.each(reference.districts.filter(({ highRisk }) => highRisk).map(({ id }) => id))(
    'the high-risk district %s has one',
    (id) => {
      const [province = '', district = ''] = id.split('/')
      expect(districtName(district, province, 'th')).toMatch(/^อ\.[\u0e00-\u0e7f]+ จ\.[\u0e00-\u0e7f]+$/)
      expect(districtName(district, province, 'en')).toBe(`${district}, ${province}`)
    },
  )

  test('what has none stays as it is', () => {
    expect(provinceName('Vientiane', 'th')).toBe('Vientiane')
  })
})
