import { Type } from 'typebox'
import { defineDetector } from '../detector.ts'
import { hitsOf } from '../engine/listed.ts'
import { list, listed } from '../words.ts'

const hour = 3_600_000

/** A plate that is on a watchlist, or a reading that may be one, passes a camera or a checkpoint. */
export default defineDetector({
  id: 'watchlist-plate',
  key: 'vehicle',
  reads: ['sightings', 'crossings'],
  measure: 3,
  class: 'verify',
  title: { en: 'Plate on a watchlist', th: 'ทะเบียนรถอยู่ในบัญชีเฝ้าระวัง' },
  reason: {
    en: 'Stolen vehicles and those of smugglers pass cameras on the way to the border, and one read in ten is wrong, mostly by an unread character. So a listed plate is met in the readings of it too, scored, and a person looks at the image.',
    th: 'รถที่ถูกขโมยหรือใช้ลักลอบขนคนผ่านกล้องไปชายแดน และการอ่านทะเบียนหนึ่งในสิบครั้งผิด จึงเทียบกับการอ่านที่ใกล้เคียงด้วย พร้อมคะแนน และต้องมีคนตรวจภาพ',
  },
  params: Type.Object({
    scoreAtLeast: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.6,
      description:
        'Least score of a reading: 1 the plate, 0.8 one unread character, 0.7 no province, 0.64 two unread, 0.6 a look-alike.',
    }),
    doubtBelow: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.9,
      description:
        'A look-alike counts only where the camera was less sure than this: else it saw another plate.',
    }),
    historyMs: Type.Integer({
      minimum: 0,
      default: 30 * 24 * hour,
      description: 'How long before an entry begins its plate is looked for, ms.',
    }),
    episodeMs: Type.Integer({
      minimum: 60_000,
      default: 6 * hour,
      description: 'Longest time between two passages of one alert, ms.',
    }),
  }),
  evidence: Type.Object({
    entry: Type.String({ description: 'Entry of the list that is closest.' }),
    lists: Type.Array(Type.String(), { description: 'Lists that the plate, or one like it, is on.' }),
    score: Type.Number({ description: 'How close the reading is to the plate of the entry: 1 is equal.' }),
    variant: Type.String({ description: 'exact, unread, look-alike or province (not read).' }),
    passages: Type.Integer({ description: 'Passages with this reading.' }),
    before: Type.Integer({ description: 'Of these, before the entry began.' }),
    confidence: Type.Number({ description: 'How sure the surest camera was of what it read, 0 to 1.' }),
    sites: Type.Array(Type.String(), { description: 'Where, in the order of first use.' }),
    firstAt: Type.Integer({ description: 'First passage, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last passage, ms UTC.' }),
  }),
  lookbackMs: ({ episodeMs }) => episodeMs,
  uses: ['watchlists'],
  keysIn: 'watchlists',
  partialReads: true,
  evaluate: ({ history, key, params, reference }) => {
    const rows = reference.watchlists.spans(key)
    const hits = hitsOf(
      history,
      rows,
      params,
      ({ score, variant }, i) =>
        score >= params.scoreAtLeast &&
        (variant !== 'look-alike' || history.confidence(i) < params.doubtBelow),
    )
    return hits.map(({ positions, best, lists, before }) => {
      const [first, last] = [positions[0] as number, positions.at(-1) as number]
      return {
        start: history.at(first),
        end: history.at(last),
        site: history.site(last),
        events: positions.map((i) => history.event(i)),
        evidence: {
          entry: best.entry,
          lists: [...lists],
          score: best.score,
          variant: best.variant,
          passages: positions.length,
          before,
          confidence: Math.max(...positions.map((i) => Math.round(history.confidence(i) * 100) / 100)),
          sites: [...new Set(positions.map((i) => history.site(i)))],
          firstAt: history.at(first),
          lastAt: history.at(last),
        },
      }
    })
  },
  severity: ({ score, passages, before }) =>
    score === 1 && before < passages ? 'high' : score > 0.75 ? 'medium' : 'low',
  explain: ({ evidence }, words) => {
    const { entry, lists, score, variant, passages, before, sites, firstAt, lastAt } = evidence
    const { en, th } = readings[variant as keyof typeof readings]
    const where = list(sites.map(words.name), words.language)
    const names = listed(lists, words.language)
    const [from, to] = [words.time(firstAt), words.time(lastAt)]
    if (words.language === 'th') {
      const when = from === to ? from : `ตั้งแต่ ${from} ถึง ${to}`
      const earlier = before === 0 ? '' : `; ${before} ครั้งก่อนขึ้นบัญชี`
      return `${th}${names} (รายการ ${entry}) ผ่าน ${passages} ครั้งที่ ${where} ${when} (ความใกล้เคียง ${score}${earlier}) โปรดตรวจภาพ`
    }
    const times = passages === 1 ? 'once' : `${passages} times`
    const when = from === to ? `on ${from}` : `from ${from} to ${to}`
    const earlier = before === 0 ? '' : `; ${before} of them before it was listed`
    return `${en} ${names} (entry ${entry}) passed ${times} at ${where} ${when} (closeness ${score}${earlier}). Look at the image.`
  },
  unless: ({ evidence: { entry, score } }, words) =>
    words.language === 'th'
      ? `หากไม่มีรายการ ${entry} หรือกำหนดคะแนนขั้นต่ำสูงกว่า ${score}`
      : `without the entry ${entry}${score < 1 ? `, or with a least score above ${score}` : ''}`,
})

/** How a sentence begins, by the kind of reading. */
const readings = {
  exact: { en: 'A plate on', th: 'รถทะเบียนใน' },
  unread: {
    en: 'A plate with unread characters that may be one on',
    th: 'รถทะเบียนที่อ่านได้ไม่ครบซึ่งอาจอยู่ใน',
  },
  'look-alike': {
    en: 'A plate that looks like one on',
    th: 'รถทะเบียนที่คล้ายกับใน',
  },
  province: {
    en: 'A plate without its province that may be one on',
    th: 'รถทะเบียนที่อ่านจังหวัดไม่ได้ซึ่งอาจอยู่ใน',
  },
} as const
