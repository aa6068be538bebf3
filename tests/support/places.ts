import type { ReferenceRow } from '../../ingest/feeds/log-subjects.ts'

/** A row of the reference tables, valid for ever, with the columns that a test needs. */
export const row = (id: string, fields: Record<string, string | number | boolean | null>): ReferenceRow => ({
  id,
  validFrom: '2020-01-01',
  validTo: null,
  source: 'test',
  owner: 'test',
  ...fields,
})

const site = (
  id: string,
  kind: string,
  place: string,
  lat: number,
  lon: number,
  zone: string,
): ReferenceRow => {
  const [province, district] = place.split('/')
  return row(id, {
    name: id,
    kind,
    province: province ?? '',
    district: district ?? '',
    lat,
    lon,
    zone,
    positionConfidence: 'A',
  })
}

/** A handful of places, as far apart as the real ones whose names they bear. */
export const testSites: readonly ReferenceRow[] = [
  site('BKK', 'airport', 'Samut Prakan/Bang Phli', 13.681, 100.747, 'interior'),
  site('HKT', 'airport', 'Phuket/Thalang', 8.113, 98.317, 'tourist'),
  site('CNX', 'airport', 'Chiang Mai/Mueang', 18.767, 98.963, 'tourist'),
  site('MAQ', 'airport', 'Tak/Mae Sot', 16.7, 98.545, 'border'),
  site('MAESOT', 'checkpoint', 'Tak/Mae Sot', 16.69, 98.509, 'border'),
  site('MAESOT2', 'checkpoint', 'Tak/Mae Sot', 16.729, 98.51, 'border'),
  site('MAESAI', 'checkpoint', 'Chiang Rai/Mae Sai', 20.443, 99.881, 'border'),
  site('SADAO', 'checkpoint', 'Songkhla/Sadao', 6.522, 100.421, 'border'),
  site('NONGKHAI', 'checkpoint', 'Nong Khai/Mueang', 17.878, 102.715, 'border'),
  site('HUAIHINFON', 'route-check', 'Tak/Mae Sot', 16.77, 98.67, 'border'),
  site('PAKCHONG', 'route-check', 'Nakhon Ratchasima/Pak Chong', 14.69, 101.405, 'interior'),
  site('CAM-TAK', 'camera', 'Tak/Mueang', 16.869, 99.125, 'transit'),
  site('CAM-MAESOT', 'camera', 'Tak/Mae Sot', 16.722, 98.59, 'border'),
]

/** Lodgings near and far: two in Bangkok, and one each in Chiang Mai, Tak, Mae Sot and Mae Sai. */
export const testPremises: readonly ReferenceRow[] = [
  site('INN-BKK', '', 'Bangkok/Bang Rak', 13.723, 100.507, 'interior'),
  site('INN-BKK2', '', 'Bangkok/Phra Nakhon', 13.757, 100.497, 'tourist'),
  site('INN-CNX', '', 'Chiang Mai/Mueang', 18.79, 98.99, 'tourist'),
  site('INN-TAK', '', 'Tak/Mueang', 16.88, 99.13, 'transit'),
  site('INN-MAESOT', '', 'Tak/Mae Sot', 16.713, 98.575, 'border'),
  site('INN-MAESAI', '', 'Chiang Rai/Mae Sai', 20.43, 99.88, 'border'),
]

/** Mae Sot and Mae Sai are high-risk districts. */
export const testDistricts: readonly ReferenceRow[] = [
  row('Tak/Mae Sot', { zone: 'border', highRisk: true }),
  row('Chiang Rai/Mae Sai', { zone: 'border', highRisk: true }),
  row('Songkhla/Sadao', { zone: 'border', highRisk: false }),
  row('Bangkok/Bang Rak', { zone: 'interior', highRisk: false }),
]

/** Citizens (HOM) may stay for good. */
export const testStays: readonly ReferenceRow[] = [row('HOM:passport', { days: 36_500, basis: 'citizens' })]
