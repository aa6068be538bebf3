import type { Evidence, Gaps } from '../../../api/shapes.ts'
import type { Tip } from '../charts/tip.ts'
import type { Lane, TrackEvent, TrackInput } from '../charts/track.ts'
import type { Formats } from '../format/format.ts'
import type { Language, Messages } from '../messages/messages.ts'

/** Readings below this are said to be unsure, and drawn hollow. */
export const sureFrom = 0.9
/** A record that was logged later than this after its event is said to be late, ms. */
const lateMs = 3_600_000

export interface Told {
  readonly input: TrackInput
  /** What the tip says of an event or a gap (`lane@from`). */
  readonly tips: ReadonlyMap<string, Tip>
}

/** The evidence of an alert as a timeline, a lane a feed and site, with the gaps of those lanes. */
export function evidenceTrack(
  evidence: Evidence,
  gaps: Gaps['gaps'],
  { words, language, formats }: { words: Messages; language: Language; formats: Formats },
): Told {
  const tips = new Map<string, Tip>()
  const events: TrackEvent[] = []
  const lanes = new Map<string, Lane>()
  type Common =
    Evidence['crossings'][number] | Evidence['sightings'][number] | Evidence['registrations'][number]

  function add(
    feed: 'crossings' | 'sightings' | 'registrations',
    row: Common,
    event: Pick<TrackEvent, 'until' | 'mark' | 'faint'>,
    text: string,
    more: Tip['rows'] = [],
  ): void {
    const lane = `${feed} ${row.site}`
    const name = row.siteName[language] || row.site
    lanes.set(lane, { id: lane, name, feed })
    events.push({ id: row.eventKey, at: row.at, lane, ...event })
    const late = row.ingestedAt - row.at
    tips.set(row.eventKey, {
      title: formats.moment(row.at),
      rows: [
        { label: text, value: name },
        ...more,
        ...(late > lateMs && feed !== 'registrations'
          ? [{ label: words.triage.lateRecord, value: words.triage.lateBy(formats.duration(late)) }]
          : []),
      ],
    })
  }
  for (const row of evidence.crossings) {
    const mark = row.direction === 'entry' || row.direction === 'exit' ? row.direction : 'check'
    add('crossings', row, { until: null, mark, faint: false }, words.kind[row.direction] ?? row.direction)
  }
  for (const row of evidence.sightings)
    add(
      'sightings',
      row,
      { until: null, mark: 'sighting', faint: row.confidence < sureFrom },
      words.triage.sighting,
      [{ label: words.column.confidence, value: formats.percent(row.confidence) }],
    )
  for (const row of evidence.registrations)
    add(
      'registrations',
      row,
      { until: row.checkOutAt, mark: 'stay', faint: row.checkOutAt === null },
      row.checkOutAt === null ? words.triage.stayOpen : words.triage.stay,
      [
        ...(row.checkOutAt === null
          ? []
          : [{ label: words.column.checkOutAt, value: formats.moment(row.checkOutAt) }]),
        { label: words.column.partySize, value: formats.number(row.partySize) },
      ],
    )
  const order = ['crossings', 'sightings', 'registrations']
  const inOrder = events.sort((a, b) => a.at - b.at)
  const firstAt = new Map<string, number>()
  for (const { lane, at } of inOrder) if (!firstAt.has(lane)) firstAt.set(lane, at)
  const sorted = [...lanes.values()].sort(
    (a, b) =>
      order.indexOf(a.feed) - order.indexOf(b.feed) || (firstAt.get(a.id) ?? 0) - (firstAt.get(b.id) ?? 0),
  )
  const shownGaps = gaps
    .map((gap) => ({ ...gap, lane: `${gap.feed} ${gap.site}` }))
    .filter(({ lane }) => lanes.has(lane))
  for (const gap of shownGaps)
    tips.set(`${gap.lane}@${gap.from}`, {
      title: words.triage.gap,
      rows: [
        { label: gap.siteName[language] || gap.site, value: formats.duration(gap.to - gap.from) },
        { label: words.usualWord, value: formats.duration(gap.usualMs) },
      ],
    })
  return { input: { lanes: sorted, events: inOrder, gaps: shownGaps, flags: [] }, tips }
}
