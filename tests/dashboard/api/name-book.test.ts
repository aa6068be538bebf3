import { describe, expect, test } from 'vitest'
import { NameBook } from '../../../dashboard/api/name-book.ts'

const hour = 3_600_000
/** 2026-01-05 00:00 in Bangkok. */
const midnight = Date.parse('2026-01-04T17:00:00Z')
const span = (from: number, to: number) => ({ from: midnight + from * hour, to: midnight + to * hour })

async function bookOf(hours: string): Promise<NameBook> {
  const book = new NameBook({
    version: async () => '1',
    load: async () => [
      {
        table: 'hours' as const,
        row: {
          id: 'CP-1',
          hours,
          reason: '',
          validFrom: '2020-01-01',
          validTo: null,
          source: 't',
          owner: 't',
        },
      },
    ],
  })
  await book.refresh()
  return book
}

describe('the open part of a span', () => {
  test.each([
    ['a night between two days', '06:00-22:00', span(22, 30), span(30, 30)],
    ['an evening that goes on into the night', '06:00-22:00', span(19, 26), span(19, 22)],
    ['a morning that began at night', '06:00-22:00', span(3, 9), span(6, 9)],
    ['a day', '06:00-22:00', span(8, 12), span(8, 12)],
    ['from one day to the next, closed in between', '06:00-22:00', span(20, 31), span(20, 31)],
    ['any time where it never closes', '24h', span(22, 30), span(22, 30)],
    ['any time where it is closed', 'closed', span(8, 12), span(12, 12)],
  ])('of %s (%s)', async (_, hours, given, open) => {
    expect((await bookOf(hours)).openPart('CP-1', given)).toEqual(open)
  })

  test('of a site without known hours is all of it', async () => {
    expect((await bookOf('06:00-22:00')).openPart('CP-2', span(22, 30))).toEqual(span(22, 30))
  })
})
