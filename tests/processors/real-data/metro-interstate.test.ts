import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CountedVolume } from '../../../ingest/feeds/log-subjects.ts'
import { dataFolder, openData } from '../../../ingest/replay/data-folder.ts'
import volumeAnomaly from '../../../processors/detectors/volume-anomaly.ts'
import { standingAfter } from './days.ts'

/** Hourly vehicles at one road station; local times, taken as UTC. */
const set = {
  path: 'metro_interstate/traffic_volume.csv',
  title: 'Metro Interstate Traffic Volume',
  origin: 'UCI, Hogue 2019, CC BY 4.0',
}
const absent = !existsSync(join(dataFolder(), `${set.path}.gz`))
const hour = 3_600_000
const day = 24 * hour

describe.skipIf(absent)('hourly road counts (REAL_DATA)', () => {
  const rows: CountedVolume[] = []
  beforeAll(async () => {
    for await (const record of openData(set).pipe(parse({ columns: true })) as AsyncIterable<
      Record<string, string>
    >) {
      const [, dd, mm, yyyy, h] = /^(\d\d)\/(\d\d)\/(\d{4}) (\d+):/.exec(record['date_time'] ?? '') ?? []
      rows.push({
        feed: 'sightings',
        site: 'ROAD',
        kind: '',
        at: Date.UTC(Number(yyyy), Number(mm) - 1, Number(dd), Number(h)),
        spanMs: hour,
        count: Number(record['traffic_volume']),
      })
    }
  })
  const params = { utcOffsetMs: 0 }
  /** From a season before the longest gap to a season after it. */
  const around = (): CountedVolume[] =>
    rows.filter(({ at }) => at >= Date.UTC(2014, 3, 1) && at < Date.UTC(2015, 10, 1))

  it('repeated rows change nothing, and neither they nor the 307-day gap raise an anomaly', () => {
    const all = around()
    const single = [...new Map(all.map((row) => [row.at, row])).values()]
    expect(all.length - single.length).toBeGreaterThan(500)
    const found = standingAfter(volumeAnomaly, params, all)
    const shape = (alerts: typeof found): string[] =>
      alerts.map(({ startAt, endAt, evidence }) => JSON.stringify([startAt, endAt, evidence]))
    expect(shape(found)).toEqual(shape(standingAfter(volumeAnomaly, params, single)))

    const hours = single.map(({ at }) => at).sort((a, b) => a - b)
    const gaps = hours.slice(1).flatMap((at, i) => {
      const last = hours[i] as number
      return at - last > day ? [{ from: last + hour, to: at }] : []
    })
    const longest = gaps.find(({ from, to }) => to - from > 300 * day)
    expect(longest).toBeDefined()
    for (const { from, to } of gaps)
      expect(found.filter(({ startAt, endAt }) => startAt < to && endAt > from)).toEqual([])
    // After the gap there is nothing to compare with for four weeks.
    const end = longest?.to ?? 0
    expect(found.filter(({ startAt }) => startAt >= end && startAt < end + 28 * day)).toEqual([])
    // It is not blind: the holiday that the calendar did not name is there.
    const fourth = Date.UTC(2014, 6, 4)
    expect(found.some(({ startAt, endAt }) => startAt < fourth + day && endAt > fourth)).toBe(true)
  }, 240_000)
})
