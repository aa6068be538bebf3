import { beforeAll, describe, expect, it } from 'vitest'
import type { CountedVolume, ReferenceRow } from '../../../ingest/feeds/log-subjects.ts'
import { findFile, hkCrossings, openData } from '../../../ingest/replay/data-folder.ts'
import { readDailyCrossings } from '../../../ingest/replay/hk-crossings.ts'
import silence from '../../../processors/detectors/silence.ts'
import volumeAnomaly from '../../../processors/detectors/volume-anomaly.ts'
import { standingAfter } from './days.ts'

const absent = findFile(hkCrossings) === undefined
const day = 86_400_000
const local = (date: string): number => Date.parse(`${date}T00:00:00+08:00`)
const dateOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)

/** General holidays of Hong Kong, and the golden weeks of the mainland that fill its border, as rows of reference data. */
const holidays: ReferenceRow[] = [
  '2022-10-01 2022-10-04 2022-12-26 2022-12-27 2023-01-02 2023-01-23 2023-01-24 2023-01-25',
  '2024-01-01 2024-02-10 2024-02-12 2024-02-13 2024-03-29 2024-03-30 2024-04-01 2024-04-04 2024-05-01 2024-05-15',
  '2024-06-10 2024-07-01 2024-09-18 2024-10-01 2024-10-11 2024-12-25 2024-12-26',
  '2025-01-01 2025-01-29 2025-01-30 2025-01-31 2025-04-04 2025-04-18 2025-04-19 2025-04-21 2025-05-01 2025-05-05',
  '2025-05-31 2025-07-01 2025-10-01 2025-10-07 2025-10-29 2025-12-25 2025-12-26',
].flatMap((dates) =>
  dates.split(' ').map((id) => ({
    id,
    name: 'holiday',
    nameTh: '',
    validFrom: '2020-01-01',
    validTo: null,
    source: 'gov.hk',
    owner: 'test',
  })),
)

describe.skipIf(absent)('daily crossings of Hong Kong (REAL_DATA)', () => {
  let volumes: CountedVolume[]
  beforeAll(async () => {
    volumes = [...(await readDailyCrossings(openData(hkCrossings), 'Asia/Hong_Kong')).volumes]
  })
  const between = (from: string, to: string): CountedVolume[] =>
    volumes.filter(({ at }) => at >= local(from) && at < local(to))
  const anomalies = (from: string, to: string) =>
    standingAfter(volumeAnomaly, { utcOffsetMs: 8 * 3_600_000 }, between(from, to), { holidays })

  it('silence finds the control point that stopped and the one that was renamed, and nothing else', () => {
    const found = standingAfter(silence, {}, volumes)
    const lastDay = dateOf(Math.max(...volumes.map(({ at }) => at)))
    // When the file ends, everybody falls silent.
    const within = found.filter(({ startAt }) => dateOf(startAt - 1) < lastDay)
    expect(within.map(({ key, startAt }) => [key, dateOf(startAt - day)])).toEqual([
      ['HK-tuen-mun-ferry-terminal', '2022-02-07'],
      ['HK-hung-hom', '2024-07-30'],
      ['HK-macau-ferry-terminal', '2025-12-31'],
    ])
    expect(within.every(({ startAt, endAt }) => endAt - startAt === 2 * day)).toBe(true)
    expect(found.length - within.length).toBe(14)
  }, 120_000)

  it('volume-anomaly finds the re-opening of 2023-01-08', () => {
    const opened = anomalies('2022-10-01', '2023-01-20').filter(
      ({ startAt, endAt }) => dateOf(startAt) <= '2023-01-08' && endAt > local('2023-01-08'),
    )
    expect(opened.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        'HK-lok-ma-chau-spur-line',
        'HK-man-kam-to',
        'HK-macau-ferry-terminal',
        'HK-hong-kong-zhuhai-macao-bridge',
      ]),
    )
    const spurLine = opened.find(({ key }) => key === 'HK-lok-ma-chau-spur-line')
    expect(dateOf(spurLine?.startAt ?? 0)).toBe('2023-01-08')
    expect(spurLine?.severity).toBe('high')
    expect(spurLine?.evidence).toMatchObject({ grain: 'day', direction: 'more', usual: 0 })
  }, 120_000)

  it('volume-anomaly stays within its budget of 4 alerts a year and control point on ordinary days', () => {
    const found = anomalies('2023-11-01', '2026-01-01').filter(
      ({ startAt }) => startAt >= local('2024-01-01'),
    )
    const points = new Set(between('2024-01-01', '2026-01-01').map(({ site }) => site)).size
    const perYear = found.length / 2 / points
    console.info(`volume-anomaly on Hong Kong: ${perYear.toFixed(2)} alerts a year and control point`)
    expect(perYear).toBeLessThanOrEqual(4)
    // Two typhoons that closed the border are among them.
    for (const date of ['2024-09-06', '2025-09-24'])
      expect(
        found.filter(({ startAt, endAt }) => startAt <= local(date) && endAt > local(date)).length,
      ).toBeGreaterThanOrEqual(4)
  }, 240_000)
})
