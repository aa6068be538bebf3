import { Type } from 'typebox'
import { defineDetector } from '../detector.ts'
import { list } from '../words.ts'

const hour = 3_600_000

/** One document enters twice without leaving, or leaves twice without entering. */
export default defineDetector({
  id: 'direction-conflict',
  key: 'traveller',
  reads: ['crossings'],
  measure: 2,
  class: 'investigate',
  title: { en: 'Direction conflict', th: 'ทิศทางข้ามแดนขัดแย้งกัน' },
  reason: {
    en: 'Entry after entry, or exit after exit, with nothing between: the document crossed once outside any checkpoint, or two people use it. Passes are left out unless listed: commuters come back on another paper.',
    th: 'เข้าประเทศสองครั้งโดยไม่มีการออก หรือออกสองครั้งโดยไม่มีการเข้า อาจข้ามแดนนอกด่านหรือมีผู้ใช้เอกสารสองคน ไม่นับบัตรผ่านแดน เว้นแต่กำหนดไว้',
  },
  params: Type.Object({
    withinMs: Type.Integer({
      minimum: 60_000,
      default: 30 * 24 * hour,
      description: 'Longest time between the two crossings, ms: beyond it a missing record is likelier.',
    }),
    sameRecordMs: Type.Integer({
      minimum: 0,
      default: 60_000,
      description: 'Crossings at one site at most this far apart, ms, are one that was recorded twice.',
    }),
    documentTypes: Type.Array(Type.String(), {
      default: ['passport'],
      description: 'Documents it looks at.',
    }),
  }),
  evidence: Type.Object({
    direction: Type.String({ description: 'Direction that was repeated: entry or exit.' }),
    conflicts: Type.Integer({ description: 'Times that a direction was repeated.' }),
    closestMs: Type.Integer({ description: 'Shortest time between two crossings of one direction, ms.' }),
    sites: Type.Array(Type.String(), { description: 'Where, in the order of first use.' }),
    firstAt: Type.Integer({ description: 'First crossing, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last crossing, ms UTC.' }),
  }),
  lookbackMs: ({ withinMs }) => withinMs,
  evaluate: ({ history, params: { withinMs, sameRecordMs, documentTypes } }) => {
    if (history.length < 2) return []
    // Runs of crossings of which each repeats the direction of the one before; none in the common case.
    let runs: number[][] | undefined
    let before = -1
    for (let i = 0; i < history.length; i++) {
      const direction = history.direction(i)
      if (direction !== 'entry' && direction !== 'exit') continue
      if (!documentTypes.includes(history.documentType(i))) continue
      const previous = before
      before = i
      if (previous < 0 || history.direction(previous) !== direction) continue
      // Who was refused or sent to a second desk did not cross, as far as is known; it breaks the sequence all the same.
      if (!admitted(history.outcome(i)) || !admitted(history.outcome(previous))) continue
      const gap = history.at(i) - history.at(previous)
      if (gap > withinMs) continue
      if (gap <= sameRecordMs && history.site(i) === history.site(previous)) continue
      runs ??= []
      const run = runs.at(-1)
      if (run?.at(-1) === previous) run.push(i)
      else runs.push([previous, i])
    }
    if (runs === undefined) return []
    return runs.map((run) => {
      const [first, last] = [run[0] as number, run.at(-1) as number]
      const gaps = run.slice(1).map((i, n) => history.at(i) - history.at(run[n] as number))
      return {
        start: history.at(first),
        end: history.at(last),
        site: history.site(last),
        events: run.map((i) => history.event(i)),
        evidence: {
          direction: history.direction(first),
          conflicts: run.length - 1,
          closestMs: Math.min(...gaps),
          sites: [...new Set(run.map((i) => history.site(i)))],
          firstAt: history.at(first),
          lastAt: history.at(last),
        },
      }
    })
  },
  severity: ({ conflicts, closestMs, sites }) =>
    conflicts > 1 || (closestMs <= 24 * hour && sites.length > 1)
      ? 'high'
      : closestMs <= 7 * 24 * hour
        ? 'medium'
        : 'low',
  explain: (
    { evidence: { direction, conflicts, closestMs, sites, firstAt, lastAt }, params: { withinMs } },
    words,
  ) => {
    const where = list(sites.map(words.name), words.language)
    if (words.language === 'th') {
      const [done, missing] = direction === 'entry' ? ['เข้า', 'ออก'] : ['ออก', 'เข้า']
      return `เอกสารฉบับเดียว${done}ประเทศ ${conflicts + 1} ครั้งโดยไม่มีการ${missing}ระหว่างนั้น ที่ ${where} ตั้งแต่ ${words.time(firstAt)} ถึง ${words.time(lastAt)} (ใกล้กันที่สุด ${words.span(closestMs)}; พิจารณาไม่เกิน ${words.span(withinMs)})`
    }
    const [done, missing] = direction === 'entry' ? ['entered', 'exit'] : ['left', 'entry']
    return `One document ${done} ${conflicts + 1} times without an ${missing} between, at ${where}, from ${words.time(firstAt)} to ${words.time(lastAt)} (closest ${words.span(closestMs)} apart; looked at up to ${words.span(withinMs)}).`
  },
  unless: ({ evidence: { direction }, params: { withinMs } }, words) => {
    if (words.language === 'th')
      return `หากมีบันทึกการ${direction === 'entry' ? 'ออก' : 'เข้า'}ประเทศคั่นระหว่างนั้น หรือห่างกันเกิน ${words.span(withinMs)}`
    const missing = direction === 'entry' ? 'an exit' : 'an entry'
    return `with ${missing} recorded between them, or more than ${words.span(withinMs)} between them`
  },
})

function admitted(outcome: string): boolean {
  return outcome === 'admitted' || outcome === ''
}
