import { Type } from 'typebox'
import { isOpen } from '../../ingest/reference/places.ts'
import { defineDetector, volumeKinds, type Context, type Finding, type Volumes } from '../detector.ts'

const hour = 3_600_000
const day = 24 * hour
const week = 7 * day
const kinds = volumeKinds.filter((kind) => kind !== 'unmatched-entry')

/** A site or a source that used to report has stopped. */
export default defineDetector({
  id: 'silence',
  key: 'site',
  reads: ['crossings', 'sightings', 'registrations'],
  measure: 6,
  class: 'operations',
  title: { en: 'Silence', th: 'ขาดการรายงาน' },
  reason: {
    en: 'A checkpoint, camera or supplier that stops reporting leaves a hole in every other rule: broken, cut off, renamed or switched off. One that was ordered to close is not broken.',
    th: 'ด่าน กล้อง หรือระบบต้นทางที่หยุดรายงานทำให้กฎอื่นมองไม่เห็น อาจเสีย ขาดการติดต่อ เปลี่ยนชื่อ หรือถูกปิด ส่วนที่ถูกสั่งปิดไม่ถือว่าเสีย',
  },
  params: Type.Object({
    weeks: Type.Integer({
      minimum: 1,
      maximum: 8,
      default: 4,
      description: 'Weeks before the silence that say what is usual in each hour of the week.',
    }),
    weeksAtLeast: Type.Integer({
      minimum: 1,
      default: 2,
      description: 'Weeks that it must have reported for.',
    }),
    expectedAtLeast: Type.Number({
      minimum: 1,
      default: 20,
      description: 'Events that would usually have come: with 20 none by chance is one in 500 million.',
    }),
    silentMs: Type.Integer({
      minimum: hour,
      default: 2 * hour,
      description: 'Shortest silence of a site or source that sends records, ms.',
    }),
    countedMs: Type.Integer({
      minimum: hour,
      default: 48 * hour,
      description:
        'Hours for which a total used to come and none has, together, ms; of a site that sends totals.',
    }),
    longestMs: Type.Integer({
      minimum: day,
      default: 14 * day,
      description: 'A silence that is longer is final: what comes later is a new beginning, ms.',
    }),
  }),
  evidence: Type.Object({
    origin: Type.String({ description: 'records, or counted for a site that sends totals.' }),
    lastHour: Type.Integer({ description: 'Last hour that anything was reported of, ms UTC.' }),
    expected: Type.Number({
      description: 'Events, or hours of totals, that had been expected when it was decided.',
    }),
    decidedAt: Type.Integer({ description: 'When the silence could no longer be chance, ms UTC.' }),
    backAt: Type.Union([Type.Integer(), Type.Null()], {
      description: 'First hour reported after it, ms UTC; null: none yet, or not within the longest silence.',
    }),
  }),
  lookbackMs: ({ weeks }) => weeks * week + 2 * hour,
  lookaheadMs: ({ longestMs }) => longestMs + 2 * hour,
  uses: ['hours'],
  evaluate: (context) => {
    const { key, params, volumes, from, to, now } = context
    const findings: Finding<Evidence>[] = []
    const rechecks: { at: number; about: number }[] = []
    const { firstHour, lastHour } = volumes
    let last = NaN
    for (let at = Math.max(firstHour, floor(from - params.longestMs) - hour); at <= lastHour; at += hour) {
      if (!volumes.reported(at)) continue
      if (at - last > params.silentMs) add(last, at)
      last = at
      if (last > to) break
    }
    if (lastHour <= to) add(lastHour, Infinity)
    return { findings, rechecks }

    function add(last: number, next: number): void {
      const decided = decide(context, last, Math.min(next, last + params.longestMs))
      if (decided === undefined) return
      if (decided.at > now) {
        rechecks.push({ at: decided.at, about: last + hour })
        return
      }
      const backAt = next <= last + params.longestMs ? next : null
      findings.push({
        start: last + hour,
        end: backAt ?? decided.at,
        site: key.startsWith('source:') ? '' : key,
        events: [],
        evidence: {
          origin: volumes.origin,
          lastHour: last,
          expected: Math.round(decided.expected * 10) / 10,
          decidedAt: decided.at,
          backAt,
        },
      })
    }
  },
  severity: ({ backAt, decidedAt, lastHour }) =>
    backAt !== null ? 'low' : decidedAt - lastHour <= 6 * hour ? 'high' : 'medium',
  explain: ({ evidence: { origin, lastHour, expected, backAt }, site }, words) => {
    const [since, back] = [words.time(lastHour + hour), backAt === null ? '' : words.time(backAt)]
    if (words.language === 'th') {
      const who = site === '' ? 'ระบบต้นทาง' : words.name(site)
      const usual = origin === 'counted' ? `ปกติควรมียอดรวมของ ${expected} ชม.` : `ปกติควรมี ${expected} รายการ`
      return `${who} ไม่รายงานตั้งแต่ ${since}${back === '' ? '' : ` จนถึง ${back}`} (${usual} ก่อนแจ้งเตือน)`
    }
    const who = site === '' ? 'The source' : words.name(site)
    const usual =
      origin === 'counted'
        ? `totals for ${expected} h were due`
        : `${expected} events would usually have come`
    return back === ''
      ? `${who} has reported nothing since ${since} (${usual} before this was raised).`
      : `${who} reported nothing from ${since} to ${back} (${usual} before this was raised).`
  },
  unless: ({ params }, words) =>
    words.language === 'th'
      ? `หากคาดไว้น้อยกว่า ${params.expectedAtLeast} รายการ หรือถูกสั่งปิดในตารางเวลาทำการ`
      : `with fewer than ${params.expectedAtLeast} events expected, or closed by order in the table of hours`,
})

interface Evidence {
  origin: string
  lastHour: number
  expected: number
  decidedAt: number
  backAt: number | null
}

type Params = Readonly<
  Record<'weeks' | 'weeksAtLeast' | 'expectedAtLeast' | 'silentMs' | 'countedMs', number>
>

/** When a silence after the hour `last` is more than chance, if that is so before `end`; closed hours are not waited for. */
function decide(
  { key, params, volumes, reference }: Pick<Context<Params>, 'key' | 'params' | 'volumes' | 'reference'>,
  last: number,
  end: number,
): { at: number; expected: number } | undefined {
  const weeks = weeksOf(volumes, last, params.weeks)
  if (weeks < params.weeksAtLeast) return undefined
  const enough = volumes.origin === 'counted' ? params.countedMs / hour : params.expectedAtLeast
  let expected = 0
  for (let at = last + hour; at < end; at += hour) {
    if (isOpen(reference, key, at)) expected += usual(volumes, at, last, weeks)
    // Sums of thirds: a hair below counts as reached.
    if (expected >= enough - 1e-9 && at - last >= params.silentMs) return { at: at + hour, expected }
  }
  return undefined
}

/** For how many weeks up to the hour `last` it has reported, `atMost` at most. */
function weeksOf(volumes: Volumes, last: number, atMost: number): number {
  const known = Math.floor((last - volumes.firstHour) / week) + 1
  for (let weeks = Math.min(atMost, known); weeks > 0; weeks--) {
    const oldest = last - weeks * week
    for (let at = oldest + hour; at <= oldest + week; at += hour) if (volumes.reported(at)) return weeks
  }
  return 0
}

/**
 * What usually comes in an hour: the mean over that hour in the `weeks` up to `last`, without the greatest where there are three or
 * more (a backlog that came in one go); of totals: 1 when there was one in most of these hours.
 */
function usual(volumes: Volumes, at: number, last: number, weeks: number): number {
  let [sum, most, reported] = [0, 0, 0]
  const latest = at - Math.ceil((at - last) / week) * week
  for (let n = 0; n < weeks; n++) {
    const before = latest - n * week
    if (volumes.origin === 'counted') {
      if (volumes.reported(before)) reported++
      continue
    }
    const count = kinds.reduce((total, kind) => total + volumes.count(kind, before), 0)
    sum += count
    most = Math.max(most, count)
  }
  if (volumes.origin === 'counted') return reported * 2 > weeks ? 1 : 0
  return weeks >= 3 ? (sum - most) / (weeks - 1) : sum / weeks
}

const floor = (at: number): number => Math.floor(at / hour) * hour
