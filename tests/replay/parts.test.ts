import { describe, expect, test } from 'vitest'
import { untilCaughtUp, type Lag } from '../../ingest/replay/dashboard-client.ts'
import { dayNumber, instantIn } from '../../ingest/replay/local-instant.ts'
import { sendAll } from '../../ingest/replay/sending.ts'
import { inWords, summarise } from '../../ingest/replay/summary.ts'

const allTaken = { accepted: 1, duplicate: 0, rejected: 0, reasons: {} }
const lag = (over: Partial<Lag>): Lag => ({
  logLastSeq: 9,
  archiveSeq: 9,
  alertsLastSeq: 3,
  alertsSeq: 3,
  processors: [{ slice: '1-of-1', seq: 9 }],
  rollupPending: 0,
  caughtUp: true,
  ...over,
})

describe('local instants', () => {
  test.each([
    ['Asia/Bangkok', 2016, 2, 29, 12, '2016-02-29T05:00:00.000Z'],
    ['Europe/Lisbon', 2016, 1, 5, 12, '2016-01-05T12:00:00.000Z'],
    ['Europe/Lisbon', 2016, 3, 27, 12, '2016-03-27T11:00:00.000Z'],
    ['America/New_York', 2016, 11, 6, 0, '2016-11-06T04:00:00.000Z'],
  ])('in %s, %i-%i-%i %i:00 is %s', (zone, year, month, day, hour, expected) => {
    expect(new Date(instantIn(zone)(dayNumber(year, month, day), hour)).toISOString()).toBe(expected)
  })
})

describe('sending', () => {
  test('cuts the list into batches in order and sums up the verdicts', async () => {
    const got: number[][] = []
    const list = Array.from({ length: 1_234 }, (_, i) => i)
    const verdicts = await sendAll(list, { batchRows: 500, inFlight: 1 }, async (batch) => {
      got.push([...batch])
      return { accepted: batch.length - 1, duplicate: 0, rejected: 1, reasons: { x: 1 } }
    })
    expect(got.map(({ length }) => length)).toEqual([500, 500, 234])
    expect(got.flat()).toEqual(list)
    expect(verdicts).toEqual({ accepted: 1_231, duplicate: 0, rejected: 3, reasons: { x: 3 } })
  })

  test('keeps to the rate', async () => {
    let now = 0
    const at: number[] = []
    const clock = { now: () => now, wait: async (ms: number) => void (now += ms) }
    const list = Array.from({ length: 401 }, (_, i) => i)
    await sendAll(list, { batchRows: 500, inFlight: 1, perSecond: 400 }, async () => (at.push(now), allTaken), undefined, clock) // prettier-ignore
    expect(at).toEqual([0, 250, 500, 750, 1000])
  })
})

describe('waiting for the product', () => {
  test('ends when everything has been read, and survives a dashboard that starts again', async () => {
    const answers: (Lag | Error)[] = [
      lag({ caughtUp: false, archiveSeq: 4 }),
      new Error('down'),
      lag({ processors: [] }),
      lag({}),
    ]
    const behind: number[] = []
    await untilCaughtUp(
      {
        lag: async () => {
          const answer = answers.shift() as Lag | Error
          if (answer instanceof Error) throw answer
          return answer
        },
      },
      { wait: async () => {}, onLag: (messages) => behind.push(messages) },
    )
    expect(answers).toEqual([])
    expect(behind[0]).toBe(5)
  })

  test('says where it stands when nothing moves', async () => {
    const stuck = { lag: async () => lag({ caughtUp: false, archiveSeq: 4 }) }
    await expect(untilCaughtUp(stuck, { stalledMs: -1, wait: async () => {} })).rejects.toThrow(
      'archive at 4',
    )
  })
})

describe('the summary', () => {
  const peaks = [{ id: 'a', capacity: 5, peak: 8, peakFrom: '2016-01-02', findings: 1 }]
  const verdicts = { accepted: 0, duplicate: 3, rejected: 0, reasons: {} }

  test('has what the product says of each premises, nothing for one that it does not know', () => {
    expect(summarise(3, verdicts, ['a', 'b'], peaks)).toEqual({
      sent: 3,
      accepted: 0,
      duplicate: 3,
      rejected: 0,
      premises: [
        { id: 'a', peak: 8, peakFrom: '2016-01-02', findings: 1 },
        { id: 'b', peak: 0, peakFrom: '', findings: 0 },
      ],
    })
  })

  test('says in words that all were duplicates', () => {
    const words = inWords(summarise(3, verdicts, ['a'], peaks), {}, { a: 5 })
    expect(words).toContain('All were duplicates')
    expect(words).toContain(
      'a (capacity 5): peak of 8 people present, from 2016-01-02; 1 finding of overcrowding.',
    )
  })
})
