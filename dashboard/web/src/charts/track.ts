/** What a timeline shows and where: pure; charts/track-draw.ts paints it. Times are ms UTC. */

export const marks = ['entry', 'exit', 'check', 'sighting', 'stay'] as const
export type Mark = (typeof marks)[number]

export interface TrackEvent {
  readonly id: string
  readonly at: number
  /** End of a stay; null: an instant, or a stay without check-out (mark `stay`). */
  readonly until: number | null
  /** Its row: feed and site. */
  readonly lane: string
  readonly mark: Mark
  /** Not sure, or not what decided: drawn hollow. */
  readonly faint: boolean
}

export interface Lane {
  readonly id: string
  readonly name: string
  /** Told once above the first lane of it; empty for a lane of its own. */
  readonly feed: string
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** A span of a lane in which nothing was sent. */
export interface Gap extends Span {
  readonly lane: string
}

/** An alert above the lanes. */
export interface Flag extends Span {
  readonly id: string
  readonly severity: 'low' | 'medium' | 'high'
}

export interface TrackInput {
  readonly lanes: readonly Lane[]
  readonly events: readonly TrackEvent[]
  readonly gaps: readonly Gap[]
  readonly flags: readonly Flag[]
}

/** Px: what stands around the plot, the least height of a lane, and what each stay beside others adds. */
export const room = { top: 8, bottom: 26, right: 14, lane: 28, flags: 22, stay: 9 } as const

/** Stays that are drawn beside each other at most; further ones share the last place. */
const mostBeside = 16

export interface Layout {
  /** Of each lane, px. */
  readonly tops: readonly number[]
  readonly heights: readonly number[]
  /** Place of a stay among those that overlap it in its lane, from 0; none: it stands alone. */
  readonly places: ReadonlyMap<string, number>
  readonly height: number
}

/** Where the lanes stand: stays that overlap lie beside each other, each in the first place that is free. */
export function layoutOf({ lanes, events, flags }: Pick<TrackInput, 'lanes' | 'events' | 'flags'>): Layout {
  const places = new Map<string, number>()
  const ends = new Map<string, number[]>()
  for (const { id, lane, mark, at, until } of events) {
    if (mark !== 'stay') continue
    const taken = ends.get(lane) ?? []
    ends.set(lane, taken)
    const free = taken.findIndex((end) => end <= at)
    const place = free >= 0 ? free : Math.min(taken.length, mostBeside - 1)
    taken[place] = Math.max(taken[place] ?? 0, until ?? at)
    places.set(id, place)
  }
  let top: number = room.top + (flags.length > 0 ? room.flags : 0)
  const tops: number[] = []
  const heights = lanes.map(({ id }) => {
    tops.push(top)
    const height = Math.max(room.lane, 10 + (ends.get(id)?.length ?? 0) * room.stay)
    top += height
    return height
  })
  return { tops, heights, places, height: top + room.bottom }
}

function laneAt({ tops, heights }: Layout, y: number): number {
  return tops.findIndex((top, i) => y >= top && y < top + (heights[i] ?? 0))
}

/** Middle of a stay in its lane, px from the lane's top. */
export function stayY(layout: Layout, lane: number, id: string): number {
  const beside = Math.round(((layout.heights[lane] ?? room.lane) - 10) / room.stay)
  if (beside <= 2)
    return (
      (layout.heights[lane] ?? room.lane) / 2 +
      (beside === 2 ? ((layout.places.get(id) ?? 0) - 0.5) * room.stay : 0)
    )
  return 5 + ((layout.places.get(id) ?? 0) + 0.5) * room.stay
}

/** Everything, with a little air; a lone instant gets an hour on either side. */
export function wholeSpan({ events, flags }: Pick<TrackInput, 'events' | 'flags'>): Span {
  let [from, to] = [Infinity, -Infinity]
  for (const { at, until } of events) {
    if (at < from) from = at
    if ((until ?? at) > to) to = until ?? at
  }
  for (const flag of flags) [from, to] = [Math.min(from, flag.from), Math.max(to, flag.to)]
  if (from > to) [from, to] = [0, 1]
  const air = Math.max((to - from) * 0.03, 30 * 60_000)
  return { from: from - air, to: to + air }
}

const shortest = 10 * 60_000

/** Nearer or further by `factor` about `about`, never shorter than ten minutes nor beyond `whole`. */
export function zoomed(view: Span, whole: Span, factor: number, about = (view.from + view.to) / 2): Span {
  const length = Math.min(whole.to - whole.from, Math.max(shortest, (view.to - view.from) * factor))
  const share = (about - view.from) / (view.to - view.from)
  return within({ from: about - share * length, to: about + (1 - share) * length }, whole)
}

/** Moved by a share of its length. */
export function panned(view: Span, whole: Span, share: number): Span {
  const by = (view.to - view.from) * share
  return within({ from: view.from + by, to: view.to + by }, whole)
}

/** Moved, not cut, so that it lies in `whole`. */
export function within(view: Span, whole: Span): Span {
  const length = Math.min(view.to - view.from, whole.to - whole.from)
  const from = Math.max(whole.from, Math.min(view.from, whole.to - length))
  return { from, to: from + length }
}

/** Events that are in view, in their order. */
export function inView(events: readonly TrackEvent[], view: Span): readonly TrackEvent[] {
  return events.filter(({ at, until }) => at <= view.to && (until ?? at) >= view.from)
}

export interface Box {
  readonly left: number
  readonly width: number
}

export const xOf = (at: number, view: Span, { left, width }: Box): number =>
  left + ((at - view.from) / (view.to - view.from)) * width
export const timeAt = (x: number, view: Span, { left, width }: Box): number =>
  view.from + ((x - left) / width) * (view.to - view.from)

/** The event nearest to a point, within reach of a pointer; stays are met anywhere along their bar. */
export function eventAt(
  input: TrackInput,
  layout: Layout,
  view: Span,
  box: Box,
  point: { readonly x: number; readonly y: number },
): TrackEvent | undefined {
  const index = laneAt(layout, point.y)
  const lane = input.lanes[index]
  if (lane === undefined) return undefined
  let best: TrackEvent | undefined
  let distance = 9
  for (const event of input.events) {
    if (event.lane !== lane.id) continue
    const from = xOf(event.at, view, box)
    const to = event.until === null ? from : xOf(event.until, view, box)
    const aside = point.x < from ? from - point.x : point.x > to ? point.x - to : 0
    const above =
      event.mark === 'stay'
        ? Math.abs(point.y - (layout.tops[index] ?? 0) - stayY(layout, index, event.id)) / 4
        : 0
    const away = aside + above
    if (away < distance || (away === distance && event.mark !== 'stay')) [best, distance] = [event, away]
  }
  return best
}

/** The gap under a point. */
export function gapAt(
  input: TrackInput,
  layout: Layout,
  view: Span,
  box: Box,
  point: { readonly x: number; readonly y: number },
): Gap | undefined {
  const lane = input.lanes[laneAt(layout, point.y)]
  const at = timeAt(point.x, view, box)
  return input.gaps.find((gap) => gap.lane === lane?.id && gap.from <= at && at <= gap.to)
}

/** The flag under a point, a little around it included. */
export function flagAt(
  input: TrackInput,
  view: Span,
  box: Box,
  point: { readonly x: number; readonly y: number },
): Flag | undefined {
  if (point.y > room.top + room.flags) return undefined
  return input.flags.findLast(
    (flag) => xOf(flag.from, view, box) - 6 <= point.x && point.x <= xOf(flag.to, view, box) + 6,
  )
}
