import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { findFile, hkCrossings, openData } from '../../ingest/replay/data-folder.ts'
import { readDailyCrossings, siteOf, siteRows } from '../../ingest/replay/hk-crossings.ts'

const header =
  '\uFEFFDate,Control Point,Arrival / Departure,Hong Kong Residents,Mainland Visitors,Other Visitors,Total,\r\n'
const read = (...rows: string[]) =>
  readDailyCrossings(
    Readable.from([Buffer.from(header + rows.map((row) => `${row}\r\n`).join(''))]),
    'Asia/Bangkok',
  )

describe('reading the daily crossings of Hong Kong', () => {
  test('a row becomes the count of a day from local midnight, despite byte order mark and trailing comma', async () => {
    const { points, volumes, from, to } = await read('01-02-2021,Lo Wu,Arrival,1,2,3,6,', '02-02-2021,Lo Wu,Departure,0,0,0,0,')
    expect(points).toEqual([{ site: 'HK-lo-wu', name: 'Lo Wu' }])
    expect(volumes).toEqual([
      { feed: 'crossings', site: 'HK-lo-wu', kind: 'entry', at: Date.parse('2021-01-31T17:00:00Z'), spanMs: 86_400_000, count: 6 },
      { feed: 'crossings', site: 'HK-lo-wu', kind: 'exit', at: Date.parse('2021-02-01T17:00:00Z'), spanMs: 86_400_000, count: 0 },
    ])
    expect([from, to]).toEqual(['2021-02-01', '2021-02-02'])
  }) // prettier-ignore

  test.each([
    ['2021-02-01,Lo Wu,Arrival,1,2,3,6,', 'dd-mm-yyyy'],
    ['30-02-2021,Lo Wu,Arrival,1,2,3,6,', 'no day'],
    ['01-02-2021,Lo Wu,Transit,1,2,3,6,', 'Arrival or Departure'],
    ['01-02-2021,Lo Wu,Arrival,1,2,3,six,', 'Total'],
  ])('says what is wrong with %s', async (row, words) => {
    await expect(read(row)).rejects.toThrow(words)
  })

  test('names sites so that the gateway takes them', () => {
    expect(siteOf('Hong Kong-Zhuhai-Macao Bridge')).toBe('HK-hong-kong-zhuhai-macao-bridge')
    for (const { id } of siteRows([{ site: siteOf('Lok Ma Chau (Spur Line)'), name: 'x' }]))
      expect(id).toMatch(/^[A-Za-z0-9._-]+$/)
  })
})

const file = findFile(hkCrossings)
describe.skipIf(file === undefined)(
  `the real crossings${file ? '' : ' (skipped: no REAL_DATA folder)'}`,
  () => {
    test('are one row a day, control point and direction, from 2021 on', async () => {
      const { points, volumes, from } = await readDailyCrossings(openData(hkCrossings), 'Asia/Bangkok')
      expect(from).toBe('2021-01-01')
      expect(points.length).toBe(17)
      expect(new Set(volumes.map(({ site, kind, at }) => `${site} ${kind} ${at}`)).size).toBe(volumes.length)
    })
  },
)
