import { Type } from 'typebox'
import { capacityAt } from '../../ingest/reference/reference.ts'
import { defineDetector } from '../detector.ts'
import { inHours } from '../engine/local-time.ts'

const minute = 60_000

/** A lodging takes in a large part of what it may hold within an hour, or a group in the small hours. */
export default defineDetector({
  id: 'mass-check-in',
  key: 'premises',
  reads: ['registrations'],
  uses: ['premises'],
  measure: 4,
  class: 'inspect',
  title: { en: 'Mass check-in', th: 'เข้าพักพร้อมกันจำนวนมาก' },
  reason: {
    en: 'Groups that are moved on reach a relay lodging together and at night, and fill it. A coach group fills a small part of a hotel, and comes in the evening: both limits are shares of the capacity.',
    th: 'กลุ่มคนที่ถูกเคลื่อนย้ายมักเข้าพักพร้อมกันในเวลากลางคืนจนเต็มที่พัก กรุ๊ปทัวร์ใช้โรงแรมเพียงบางส่วนและมาถึงช่วงเย็น เกณฑ์จึงเทียบกับจำนวนที่รับได้',
  },
  params: Type.Object({
    windowMs: Type.Integer({
      minimum: minute,
      default: 60 * minute,
      description: 'Span that the check-ins fall in, ms.',
    }),
    atLeast: Type.Integer({ minimum: 2, default: 20, description: 'People in one span, at any hour.' }),
    share: Type.Number({
      exclusiveMinimum: 0,
      default: 0.6,
      description: 'They are at least this share of the capacity.',
    }),
    oddAtLeast: Type.Integer({ minimum: 2, default: 10, description: 'People in one span at odd hours.' }),
    oddShare: Type.Number({
      exclusiveMinimum: 0,
      default: 0.3,
      description: 'They are at least this share of the capacity.',
    }),
    oddFromHour: Type.Integer({
      minimum: 0,
      maximum: 23,
      default: 23,
      description: 'Local hour at which odd hours begin.',
    }),
    oddToHour: Type.Integer({
      minimum: 0,
      maximum: 23,
      default: 5,
      description: 'Local hour at which they end.',
    }),
  }),
  evidence: Type.Object({
    people: Type.Integer({ description: 'People in the whole chain.' }),
    most: Type.Integer({ description: 'Most people in one span of the window.' }),
    registrations: Type.Integer({ description: 'Registrations in the whole chain.' }),
    instants: Type.Integer({
      description: 'Different check-in times among them; 1: a list filed at once, or a group.',
    }),
    atOddHours: Type.Integer({ description: 'People who came at odd hours.' }),
    capacity: Type.Integer({ description: 'People it may hold, at the first check-in.' }),
    firstAt: Type.Integer({ description: 'First check-in, ms UTC.' }),
    lastAt: Type.Integer({ description: 'Last check-in, ms UTC.' }),
  }),
  lookbackMs: ({ windowMs }) => windowMs,
  evaluate: ({ history, key, params, reference }) => {
    const { windowMs, atLeast, share, oddAtLeast, oddShare, oddFromHour, oddToHour } = params
    const odd = (i: number): boolean => inHours(history.at(i), oddFromHour, oddToHour)
    // Runs of check-ins [first, last] of which neighbours share a span that holds enough people; none in the common case.
    let runs: { first: number; last: number; most: number }[] | undefined
    let [end, people, oddPeople] = [0, 0, 0]
    for (let start = 0; start < history.length; start++) {
      // The widest span that begins at this check-in: start … end - 1.
      for (; end < history.length && history.at(end) - history.at(start) <= windowMs; end++) {
        people += history.people(end)
        if (odd(end)) oddPeople += history.people(end)
      }
      if (people >= atLeast || oddPeople >= oddAtLeast) {
        const capacity = capacityAt(reference, key, history.at(start))
        const hot =
          people >= Math.max(atLeast, share * capacity) ||
          oddPeople >= Math.max(oddAtLeast, oddShare * capacity)
        const before = runs?.at(-1)
        if (hot && before !== undefined && start <= before.last) {
          before.last = Math.max(before.last, end - 1)
          before.most = Math.max(before.most, people)
        } else if (hot) (runs ??= []).push({ first: start, last: end - 1, most: people })
      }
      people -= history.people(start)
      if (odd(start)) oddPeople -= history.people(start)
    }
    if (runs === undefined) return []
    return runs.map(({ first, last, most }) => {
      const chain = Array.from({ length: last - first + 1 }, (_, n) => first + n)
      const peopleOf = (stays: readonly number[]): number =>
        stays.reduce((sum, i) => sum + history.people(i), 0)
      return {
        start: history.at(first),
        end: history.at(last),
        site: key,
        events: chain.map((i) => history.event(i)),
        evidence: {
          people: peopleOf(chain),
          most,
          registrations: chain.length,
          instants: new Set(chain.map((i) => history.at(i))).size,
          atOddHours: peopleOf(chain.filter(odd)),
          capacity: capacityAt(reference, key, history.at(first)),
          firstAt: history.at(first),
          lastAt: history.at(last),
        },
      }
    })
  },
  // Many records of one second are more often a list that was filed late than people at a desk.
  severity: ({ most, capacity, instants, registrations, atOddHours }) =>
    instants === 1 && registrations >= 5
      ? 'low'
      : most >= capacity || (atOddHours > 0 && most * 2 >= capacity)
        ? 'high'
        : 'medium',
  explain: (
    {
      evidence: { people, registrations, capacity, firstAt, lastAt, atOddHours },
      params: { oddFromHour, oddToHour },
      site,
    },
    words,
  ) => {
    const [from, to] = [oddFromHour, oddToHour].map((hour) => `${String(hour).padStart(2, '0')}:00`)
    return words.language === 'th'
      ? `${words.name(site)}: เข้าพัก ${people} คน (${registrations} รายการ) ภายใน ${words.span(lastAt - firstAt)} ตั้งแต่ ${words.time(firstAt)} รับได้ ${capacity} คน; เข้าพักช่วง ${from}–${to} น. ${atOddHours} คน`
      : `${words.name(site)}: ${people} people (${registrations} registrations) checked in within ${words.span(lastAt - firstAt)} from ${words.time(firstAt)}, where ${capacity} may stay; ${atOddHours} of them between ${from} and ${to}.`
  },
  unless: ({ evidence: { atOddHours, capacity }, params }, words) => {
    const { atLeast, share, oddAtLeast, oddShare, windowMs } = params
    const limit =
      atOddHours >= Math.max(oddAtLeast, oddShare * capacity)
        ? Math.max(oddAtLeast, oddShare * capacity)
        : Math.max(atLeast, share * capacity)
    const most = Math.ceil(limit) - 1
    return words.language === 'th'
      ? `หากเข้าพักไม่เกิน ${most} คนภายใน ${words.span(windowMs)}`
      : `with ${most} people or fewer within ${words.span(windowMs)}`
  },
})
