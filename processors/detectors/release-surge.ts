import { Type } from 'typebox'
import { defineDetector } from '../detector.ts'
import { hotChains } from '../engine/episodes.ts'

const hour = 3_600_000

/** Many people who never left by a checkpoint come in by one, together. */
export default defineDetector({
  id: 'release-surge',
  key: 'site',
  reads: ['crossings'],
  measure: 2,
  class: 'welfare',
  title: { en: 'People released across the border', th: 'กลุ่มผู้ถูกปล่อยตัวข้ามแดน' },
  reason: {
    en: 'When a compound on the other side lets people go, they come to one checkpoint within a day, and most have no exit: they were taken across outside any checkpoint. They are to be received and screened as possible victims, not fined.',
    th: 'เมื่อแหล่งกักขังอีกฝั่งปล่อยคน พวกเขาจะมาที่ด่านเดียวภายในวันเดียว และส่วนใหญ่ไม่มีประวัติออก เพราะถูกพาข้ามนอกด่าน ต้องรับตัวและคัดกรองในฐานะผู้ที่อาจเป็นผู้เสียหาย ไม่ใช่ปรับ',
  },
  params: Type.Object({
    windowMs: Type.Integer({
      minimum: hour,
      default: 24 * hour,
      description: 'Span that the entries fall in, ms.',
    }),
    atLeast: Type.Integer({
      minimum: 2,
      default: 10,
      description: 'Entries without an exit before them, in one span, that make a finding.',
    }),
    timesUsual: Type.Number({
      minimum: 1,
      default: 3,
      description: 'How many times what the checkpoint usually has: some exits are always missing.',
    }),
    baselineMs: Type.Integer({
      minimum: hour,
      default: 28 * 24 * hour,
      description: 'How far back it is looked what is usual, ms.',
    }),
    unmatchedMs: Type.Integer({
      minimum: hour,
      default: 30 * 24 * hour,
      description: 'How long before an entry another one, with no exit between, makes it one of these, ms.',
    }),
  }),
  evidence: Type.Object({
    entries: Type.Integer({ description: 'Entries without an exit before them.' }),
    most: Type.Integer({ description: 'Most of them in one span.' }),
    usual: Type.Integer({ description: 'Usual number in such a span: the middle one of those before.' }),
    firstAt: Type.Integer({ description: 'First of them, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last of them, ms UTC.' }),
  }),
  lookbackMs: ({ windowMs, baselineMs }) => baselineMs + windowMs,
  lookaheadMs: ({ windowMs }) => windowMs,
  follows: 'traveller',
  unmatchedMs: ({ unmatchedMs }) => unmatchedMs,
  evaluate: ({ key, volumes, params: { windowMs, atLeast, timesUsual, baselineMs }, from, to }) => {
    if (key.startsWith('source:')) return []
    const entries = volumes.unmatched(from - baselineMs - 2 * windowMs, to + windowMs)
    if (entries.length < atLeast) return []
    const times = entries.map(({ at }) => at)
    const usualAt = (at: number): number =>
      middleCount(times, at, windowMs, Math.floor(baselineMs / windowMs))
    const chains = hotChains(times, windowMs, atLeast, (first, count) => {
      const at = times[first] as number
      // Before this, what is usual is not known whole; a finding from there would stand, and the zone hold it.
      return at >= from - 2 * windowMs && count >= timesUsual * usualAt(at)
    })
    return chains.map(({ first, last }) => {
      const chain = entries.slice(first, last + 1)
      const [firstAt, lastAt] = [times[first] as number, times[last] as number]
      return {
        start: firstAt,
        end: lastAt,
        site: key,
        events: chain.map(({ event }) => event),
        evidence: {
          entries: chain.length,
          most: Math.max(
            ...chain.map(({ at }) => chain.filter((one) => one.at >= at && one.at <= at + windowMs).length),
          ),
          usual: usualAt(firstAt),
          firstAt,
          lastAt,
        },
      }
    })
  },
  severity: ({ most }, { atLeast }) => (most >= atLeast * 2 ? 'high' : 'medium'),
  explain: ({ evidence: { entries, usual, firstAt, lastAt }, site }, words) =>
    words.language === 'th'
      ? `${words.name(site)}: มีผู้เข้าเมือง ${entries} คนที่ไม่มีประวัติออกก่อนหน้า ตั้งแต่ ${words.time(firstAt)} ถึง ${words.time(lastAt)} (ปกติ ${usual}) อาจเป็นผู้เสียหาย โปรดรับตัวและคัดกรอง`
      : `${words.name(site)}: ${entries} people came in who had not left by a checkpoint, from ${words.time(firstAt)} to ${words.time(lastAt)} (usually ${usual}). Possible victims: receive and screen them.`,
  unless: ({ evidence: { usual }, params: { atLeast, timesUsual } }, words) => {
    const needed = Math.max(atLeast, Math.ceil(timesUsual * usual))
    return words.language === 'th' ? `หากมีน้อยกว่า ${needed} คน` : `with fewer than ${needed} of them`
  },
})

/**
 * The middle one of how many entries each of the `spans` spans before `at` holds, empty ones too: a release of last week does not
 * make the next one usual.
 */
function middleCount(times: readonly number[], at: number, windowMs: number, spans: number): number {
  const counts = Array.from({ length: spans }, () => 0)
  for (const time of times) {
    if (time >= at) break
    const span = Math.ceil((at - time) / windowMs) - 1
    if (span < spans) counts[span] = (counts[span] as number) + 1
  }
  return counts.sort((a, b) => a - b)[spans >> 1] ?? 0
}
