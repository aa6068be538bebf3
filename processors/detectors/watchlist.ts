import { Type } from 'typebox'
import { defineDetector } from '../detector.ts'
import { hitsOf } from '../engine/listed.ts'
import { list, listed } from '../words.ts'

const hour = 3_600_000

/** A document that is on a watchlist is shown: the exact number, no likeness. */
export default defineDetector({
  id: 'watchlist',
  key: 'traveller',
  reads: ['crossings', 'registrations'],
  measure: 1,
  class: 'investigate',
  title: { en: 'Document on a watchlist', th: 'เอกสารอยู่ในบัญชีเฝ้าระวัง' },
  reason: {
    en: 'Lost, stolen and wanted documents are shown at checkpoints and in lodgings; about 1 in 10,800 checks meets one. A list holds documents with a legal basis and an end, never possible victims.',
    th: 'เอกสารที่หาย ถูกขโมย หรือถูกหมาย มักถูกนำมาแสดงที่ด่านและที่พัก บัญชีมีฐานทางกฎหมายและวันสิ้นสุด และไม่มีผู้ที่อาจเป็นผู้เสียหาย',
  },
  params: Type.Object({
    historyMs: Type.Integer({
      minimum: 0,
      default: 90 * 24 * hour,
      description: 'How long before an entry begins its document is looked for, ms.',
    }),
    episodeMs: Type.Integer({
      minimum: 60_000,
      default: 24 * hour,
      description: 'Longest time between two records of one alert, ms.',
    }),
  }),
  evidence: Type.Object({
    entry: Type.String({ description: 'Entry of the list that began first.' }),
    lists: Type.Array(Type.String(), { description: 'Lists that the document is on.' }),
    shown: Type.Integer({ description: 'Times that the document was shown.' }),
    before: Type.Integer({ description: 'Of these, before the entry began.' }),
    sites: Type.Array(Type.String(), { description: 'Where, in the order of first use.' }),
    firstAt: Type.Integer({ description: 'First time, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last time, ms UTC.' }),
  }),
  lookbackMs: ({ episodeMs }) => episodeMs,
  uses: ['watchlists'],
  keysIn: 'watchlists',
  evaluate: ({ history, key, params, reference }) => {
    const rows = reference.watchlists.spans(key)
    return hitsOf(history, rows, params).map(({ positions, best, lists, before }) => {
      const [first, last] = [positions[0] as number, positions.at(-1) as number]
      return {
        start: history.at(first),
        end: history.at(last),
        site: history.site(last),
        events: positions.map((i) => history.event(i)),
        evidence: {
          entry: best.entry,
          lists: [...lists],
          shown: positions.length,
          before,
          sites: [...new Set(positions.map((i) => history.site(i)))],
          firstAt: history.at(first),
          lastAt: history.at(last),
        },
      }
    })
  },
  severity: ({ shown, before }) => (before < shown ? 'high' : 'medium'),
  explain: ({ evidence: { entry, lists, shown, before, sites, firstAt, lastAt } }, words) => {
    const where = list(sites.map(words.name), words.language)
    const names = listed(lists, words.language)
    const [from, to] = [words.time(firstAt), words.time(lastAt)]
    if (words.language === 'th') {
      const when = from === to ? from : `ตั้งแต่ ${from} ถึง ${to}`
      const earlier = before === 0 ? '' : ` (${before} ครั้งก่อนขึ้นบัญชี)`
      return `เอกสารใน${names} (รายการ ${entry}) ถูกแสดง ${shown} ครั้งที่ ${where} ${when}${earlier}`
    }
    const times = shown === 1 ? 'once' : `${shown} times`
    const when = from === to ? `on ${from}` : `from ${from} to ${to}`
    const earlier = before === 0 ? '' : ` (${before} of them before it was listed)`
    return `A document on ${names} (entry ${entry}) was shown ${times} at ${where} ${when}${earlier}.`
  },
  unless: ({ evidence: { entry } }, words) =>
    words.language === 'th' ? `หากไม่มีรายการ ${entry}` : `without the entry ${entry}`,
})
