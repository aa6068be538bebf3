import { Type, type Static } from 'typebox'
import { defineDetector } from '../detector.ts'
import { mayStayForGood } from '../engine/entitlement.ts'
import type { History } from '../engine/history.ts'
import { localYear, moveOf } from '../engine/moves.ts'
import { list } from '../words.ts'

const hour = 3_600_000
const day = 24 * hour

const evidence = Type.Object({
  kind: Type.String({
    description: 'back-to-back (long stays), bounce (out and in at once) or land-entries.',
  }),
  stays: Type.Integer({
    description: 'Long stays back to back, the last may go on; 1 of a bounce, 0 of land entries.',
  }),
  stayMs: Type.Integer({ description: 'Length of the stays that ended, together, ms.' }),
  abroadMs: Type.Integer({ description: 'Longest time abroad between them, ms.' }),
  entries: Type.Integer({ description: 'Entries that count.' }),
  limit: Type.Integer({
    description: 'Entries by land that one calendar year allows; 0 of the other kinds.',
  }),
  sites: Type.Array(Type.String(), { description: 'Where, in the order of first use.' }),
  firstAt: Type.Integer({ description: 'First crossing, ms UTC.' }),
  lastAt: Type.Integer({ description: 'Last crossing, ms UTC.' }),
})

/** A stay is stretched by leaving: long stays back to back, out and in at once, or entry after entry by land. */
export default defineDetector({
  id: 'border-run',
  key: 'traveller',
  reads: ['crossings'],
  uses: ['stays', 'passRules'],
  measure: 2,
  class: 'administrative',
  title: { en: 'Border run', th: 'ออกแล้วกลับเข้าเพื่อต่อเวลาอยู่' },
  reason: {
    en: 'Who lives or works here on short permits leaves to come back: two stays of 45 days or more back to back (the official flag), a border crossed out and in within hours, more than two entries by land in a calendar year.',
    th: 'ผู้ที่อยู่หรือทำงานด้วยการอนุญาตระยะสั้นมักออกเพื่อกลับเข้ามาใหม่ ได้แก่ อยู่ 45 วันขึ้นไปต่อกันสองครั้ง ออกและเข้าภายในไม่กี่ชั่วโมง หรือเข้าทางบกเกินสองครั้งในปีปฏิทิน',
  },
  params: Type.Object({
    longStayMs: Type.Integer({ minimum: day, default: 45 * day, description: 'A long stay, ms.' }),
    gapMs: Type.Integer({
      minimum: 0,
      default: 7 * day,
      description: 'Longest time abroad between stays that are back to back, ms.',
    }),
    atLeast: Type.Integer({
      minimum: 2,
      default: 2,
      description: 'Long stays back to back that make a finding.',
    }),
    bounceMs: Type.Integer({
      minimum: 0,
      default: 12 * hour,
      description: 'Longest time abroad of a bounce, ms.',
    }),
    bounceAfterMs: Type.Integer({
      minimum: 0,
      default: 14 * day,
      description: 'Shortest stay before a bounce, ms: who has just come visits a market over there.',
    }),
    landEntries: Type.Integer({
      minimum: 1,
      default: 2,
      description:
        'Entries by land in a calendar year that are allowed; the table of permitted stays may say more.',
    }),
    windowMs: Type.Integer({
      minimum: day,
      maximum: 400 * day,
      default: 366 * day,
      description: 'Time in which the stays of a pair lie, from the first entry on, ms.',
    }),
    documentTypes: Type.Array(Type.String(), {
      default: ['passport'],
      description: 'Documents it looks at: holders of passes and crew come and go by right.',
    }),
  }),
  evidence,
  // A calendar year is looked at whole.
  lookbackMs: ({ windowMs }) => Math.max(windowMs, 366 * day),
  evaluate: ({ history, reference, now, params }) => {
    const { longStayMs, gapMs, atLeast, bounceMs, bounceAfterMs, windowMs, documentTypes } = params
    // A traveller key is one document: its type is part of the pseudonym.
    if (history.length < 2 || !documentTypes.includes(history.documentType(0))) return []
    if (!entersTwice(history)) return []
    if (mayStayForGood(reference, history.nationality(0), history.documentType(0), history.at(0))) return []
    const moves = history.where((i) => moveOf(history, i) !== '')
    const at = (n: number): number => history.at(moves[n] as number)
    const isEntry = (n: number): boolean => moveOf(history, moves[n] as number) === 'entry'
    const findings: Finding[] = []
    const rechecks: { at: number; about: number }[] = []
    const make = (members: readonly number[], end: number, more: Omit<Evidence, keyof Common>): void => {
      const events = members.map((n) => moves[n] as number)
      const [first, last] = [events[0] as number, events.at(-1) as number]
      findings.push({
        start: history.at(first),
        end,
        site: history.site(last),
        events: events.map((i) => history.event(i)),
        evidence: {
          ...more,
          sites: [...new Set(events.map((i) => history.site(i)))],
          firstAt: history.at(first),
          lastAt: history.at(last),
        },
      })
    }

    // Chains of entry, exit, entry, exit, entry: of their entries each but the last begins a long stay that ended.
    const chained = new Set<number>()
    for (let n = 0; n < moves.length; n++) {
      const chain = [n]
      while (follows(chain.at(-1) as number)) chain.push((chain.at(-1) as number) + 2)
      if (chain.length < atLeast) continue
      const last = chain.at(-1) as number
      const members = Array.from({ length: last - n + 1 }, (_, i) => n + i)
      for (const entry of chain.slice(1)) chained.add(entry)
      const ended = chain.slice(0, -1)
      make(members, at(last) + longStayMs, {
        kind: 'back-to-back',
        stays: chain.length,
        stayMs: sum(ended.map((entry) => at(entry + 1) - at(entry))),
        abroadMs: Math.max(...ended.map((entry) => at(entry + 2) - at(entry + 1))),
        entries: chain.length,
        limit: 0,
      })
      n = last - 1
    }
    for (let n = 0; n + 2 < moves.length; n++) {
      if (!isEntry(n) || isEntry(n + 1) || !isEntry(n + 2) || chained.has(n + 2)) continue
      const [stayMs, abroadMs] = [at(n + 1) - at(n), at(n + 2) - at(n + 1)]
      if (stayMs < bounceAfterMs || stayMs > windowMs - bounceMs || abroadMs > bounceMs) continue
      make([n, n + 1, n + 2], at(n + 2), { kind: 'bounce', stays: 1, stayMs, abroadMs, entries: 1, limit: 0 })
    }
    const years = new Map<number, number[]>()
    for (const [n, i] of moves.entries()) {
      if (!isEntry(n) || !(history.mode(i) === 'land' || history.mode(i) === 'rail')) continue
      const year = localYear(history.at(i))
      const of = years.get(year)
      if (of === undefined) years.set(year, [n])
      else of.push(n)
    }
    for (const entries of years.values()) {
      if (entries.length < 2) continue
      const limit = allowed(moves[entries[0] as number] as number)
      if (entries.length > limit)
        make(entries, at(entries.at(-1) as number), {
          kind: 'land-entries',
          stays: 0,
          stayMs: 0,
          abroadMs: 0,
          entries: entries.length,
          limit,
        })
    }
    return { findings: findings.sort((a, b) => a.start - b.start || a.end - b.end), rechecks }

    /** Whether a long stay begins at the move `n`, ends, and the next one comes soon and is long or has become so. */
    function follows(n: number): boolean {
      if (n + 2 >= moves.length || !isEntry(n) || isEntry(n + 1) || !isEntry(n + 2)) return false
      if (at(n + 1) - at(n) < longStayMs || at(n + 2) - at(n + 1) > gapMs) return false
      const longAt = at(n + 2) + longStayMs
      if (longAt - at(n) > windowMs) return false
      if (n + 3 < moves.length) return at(n + 3) >= longAt
      if (now < longAt) rechecks.push({ at: longAt, about: at(n + 2) })
      return now >= longAt
    }

    function allowed(i: number): number {
      const id = `${history.nationality(i)}:${history.documentType(i)}`
      const own = reference.stays.at(id, history.at(i))?.['landEntries']
      return typeof own === 'number' ? own : params.landEntries
    }
  },
  severity: ({ kind, stays, entries, limit }) => {
    if (kind === 'back-to-back') return stays > 2 ? 'high' : 'medium'
    return kind === 'land-entries' && entries > 2 * limit ? 'medium' : 'low'
  },
  explain: ({ evidence: e, params: { longStayMs } }, words) => {
    const where = list(e.sites.map(words.name), words.language)
    if (words.language === 'th') {
      if (e.kind === 'bounce')
        return `อยู่ ${words.span(e.stayMs)} แล้วออกและกลับเข้าภายใน ${words.span(e.abroadMs)} ที่ ${where} เมื่อ ${words.time(e.lastAt)}`
      return e.kind === 'land-entries'
        ? `เข้าประเทศทางบก ${e.entries} ครั้งในปีปฏิทินเดียว (อนุญาต ${e.limit}) ที่ ${where} ตั้งแต่ ${words.time(e.firstAt)} ถึง ${words.time(e.lastAt)}`
        : `อยู่ต่อกัน ${e.stays} ครั้ง ครั้งละอย่างน้อย ${words.span(longStayMs)} ออกไปไม่เกิน ${words.span(e.abroadMs)} ระหว่างนั้น ตั้งแต่ ${words.time(e.firstAt)} (${where})`
    }
    if (e.kind === 'bounce')
      return `Stayed ${words.span(e.stayMs)}, then left and came back within ${words.span(e.abroadMs)}, at ${where}; back on ${words.time(e.lastAt)}.`
    return e.kind === 'land-entries'
      ? `Entered by land ${e.entries} times in one calendar year (${e.limit} allowed), at ${where}, from ${words.time(e.firstAt)} to ${words.time(e.lastAt)}.`
      : `${e.stays} stays back to back of ${words.span(longStayMs)} or more each, at most ${words.span(e.abroadMs)} abroad between them, since ${words.time(e.firstAt)} (${where}).`
  },
  unless: ({ evidence: { kind, limit }, params: { gapMs, bounceMs, bounceAfterMs } }, words) => {
    const thai = words.language === 'th'
    if (kind === 'bounce')
      return thai
        ? `หากอยู่นอกประเทศเกิน ${words.span(bounceMs)} หรืออยู่ก่อนหน้านั้นไม่ถึง ${words.span(bounceAfterMs)}`
        : `with more than ${words.span(bounceMs)} abroad, or less than ${words.span(bounceAfterMs)} here before`
    if (kind === 'land-entries')
      return thai
        ? `หากเข้าทางบกไม่เกิน ${limit} ครั้งในปีนั้น`
        : `with ${limit} entries by land or fewer in that year`
    return thai
      ? `หากอยู่นอกประเทศเกิน ${words.span(gapMs)} ระหว่างนั้น`
      : `with more than ${words.span(gapMs)} abroad between them`
  },
})

type Evidence = Static<typeof evidence>
type Common = Pick<Evidence, 'sites' | 'firstAt' | 'lastAt'>

interface Finding {
  readonly start: number
  readonly end: number
  readonly site: string
  readonly events: readonly string[]
  readonly evidence: Evidence
}

function entersTwice(history: History): boolean {
  let entries = 0
  for (let i = 0; i < history.length && entries < 2; i++) if (moveOf(history, i) === 'entry') entries++
  return entries === 2
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
