import type { TimeAxis } from './time-axis.ts'
import {
  room,
  stayY,
  xOf,
  type Box,
  type Layout,
  type Span,
  type TrackEvent,
  type TrackInput,
} from './track.ts'

/** Colours as the theme has them now: canvas knows no variables. */
export interface Palette {
  readonly ink: string
  readonly muted: string
  readonly line: string
  readonly surface: string
  readonly stripe: string
  readonly accent: string
  readonly feeds: Readonly<Record<string, string>>
  readonly severity: Readonly<Record<'low' | 'medium' | 'high', string>>
  readonly font: string
}

export interface Scene {
  readonly input: TrackInput
  readonly view: Span
  readonly box: Box
  readonly layout: Layout
  readonly axis: TimeAxis
  /** What must be added to an instant to get the axis's. */
  readonly shift: (at: number) => number
  readonly palette: Palette
  readonly hovered: string | undefined
  /** Name of the row of alerts. */
  readonly flagsName: string
  /** Span that is being drawn up with the pointer, px. */
  readonly brush: { readonly from: number; readonly to: number } | undefined
}

/** Paints a timeline: grid, lanes, gaps, stays as bars, instants by shape, alerts on top. About 15 ms for 10,000 events. */
export function paint(context: CanvasRenderingContext2D, scene: Scene): void {
  const { input, view, box, layout, palette } = scene
  const { left, width } = box
  const { height } = layout
  const bottom = height - room.bottom
  const laneOf = new Map(input.lanes.map(({ id }, i) => [id, i]))
  context.clearRect(0, 0, left + width + room.right, height)
  context.font = palette.font
  context.textBaseline = 'middle'

  input.lanes.forEach((lane, i) => {
    const y = layout.tops[i] ?? 0
    const laneHeight = layout.heights[i] ?? room.lane
    context.fillStyle = i % 2 === 0 ? palette.stripe : palette.surface
    context.fillRect(left, y, width, laneHeight)
    context.fillStyle = palette.ink
    context.textAlign = 'left'
    context.fillText(fitted(context, lane.name, left - 26), 14, y + laneHeight / 2 + 1)
    context.fillStyle = palette.feeds[lane.feed] ?? palette.muted
    context.fillRect(2, y + 5, 4, laneHeight - 10)
  })

  if (input.flags.length > 0) {
    context.fillStyle = palette.muted
    context.fillText(scene.flagsName, 14, room.top + 8)
  }

  context.strokeStyle = palette.line
  context.fillStyle = palette.muted
  context.textAlign = 'center'
  context.lineWidth = 1
  let lastLabel = -Infinity
  for (const value of scene.axis.values) {
    const x =
      Math.round(
        left + ((value - scene.shift(view.from)) / (scene.shift(view.to) - scene.shift(view.from))) * width,
      ) + 0.5
    if (x < left || x > left + width) continue
    context.beginPath()
    context.moveTo(x, room.top)
    context.lineTo(x, bottom + 4)
    context.stroke()
    const label = scene.axis.labels[String(value)] ?? ''
    const half = context.measureText(label).width / 2
    if (x - half < lastLabel + 12 || x + half > left + width + room.right) continue
    context.fillText(label, x, bottom + 15)
    lastLabel = x + half
  }

  context.save()
  context.beginPath()
  context.rect(left - 7, 0, width + 14, height)
  context.clip()
  for (const gap of input.gaps) {
    const lane = laneOf.get(gap.lane)
    if (lane === undefined) continue
    const [y, laneHeight] = [layout.tops[lane] ?? 0, layout.heights[lane] ?? room.lane]
    hatch(
      context,
      { from: xOf(gap.from, view, box), to: xOf(gap.to, view, box), y, height: laneHeight },
      palette.muted,
    )
  }
  for (const event of input.events) {
    const lane = laneOf.get(event.lane)
    if (lane === undefined || event.at > view.to || (event.until ?? event.at) < view.from) continue
    const feed = event.lane.slice(0, event.lane.indexOf(' '))
    const colour = palette.feeds[feed] ?? palette.accent
    drawEvent(
      context,
      event,
      {
        x: xOf(event.at, view, box),
        end: event.until === null ? null : xOf(event.until, view, box),
        y:
          (layout.tops[lane] ?? 0) +
          (event.mark === 'stay' ? stayY(layout, lane, event.id) : (layout.heights[lane] ?? room.lane) / 2),
      },
      colour,
      palette,
      scene.hovered === event.id,
    )
  }
  for (const flag of input.flags) {
    const [from, to] = [xOf(flag.from, view, box), xOf(flag.to, view, box)]
    context.strokeStyle = context.fillStyle = palette.severity[flag.severity]
    const middle = (from + to) / 2
    const y = room.top + 7
    context.lineWidth = 3
    context.beginPath()
    context.moveTo(Math.min(from, middle - 3), y)
    context.lineTo(Math.max(to, middle + 3), y)
    context.stroke()
    context.beginPath()
    if (flag.severity === 'high') triangle(context, middle, y - 1, 6, 1)
    else context.arc(middle, y, 4, 0, Math.PI * 2)
    context.fill()
  }
  if (scene.brush !== undefined) {
    context.globalAlpha = 0.16
    context.fillStyle = palette.accent
    context.fillRect(scene.brush.from, room.top, scene.brush.to - scene.brush.from, bottom - room.top)
    context.globalAlpha = 1
  }
  context.restore()
}

function drawEvent(
  context: CanvasRenderingContext2D,
  event: TrackEvent,
  { x, end, y }: { x: number; end: number | null; y: number },
  colour: string,
  palette: Palette,
  hovered: boolean,
): void {
  context.fillStyle = event.faint ? palette.surface : colour
  context.strokeStyle = hovered ? palette.ink : event.faint ? colour : palette.surface
  context.lineWidth = hovered ? 2 : event.faint ? 1.5 : 1
  context.beginPath()
  if (event.mark === 'stay') {
    const to = end ?? x + 14
    context.roundRect(x, y - room.stay / 2 + 0.5, Math.max(4, to - x), room.stay - 1.5, 3)
    context.globalAlpha = event.faint ? 1 : 0.85
  } else if (event.mark === 'entry') triangle(context, x, y, 6, 1)
  else if (event.mark === 'exit') triangle(context, x, y, 6, -1)
  else if (event.mark === 'sighting') diamond(context, x, y, 5.5)
  else context.arc(x, y, 5, 0, Math.PI * 2)
  context.fill()
  context.stroke()
  context.globalAlpha = 1
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number, r: number, up: 1 | -1): void {
  context.moveTo(x, y - r * up)
  context.lineTo(x + r * 0.95, y + r * 0.75 * up)
  context.lineTo(x - r * 0.95, y + r * 0.75 * up)
  context.closePath()
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.moveTo(x, y - r)
  context.lineTo(x + r, y)
  context.lineTo(x, y + r)
  context.lineTo(x - r, y)
  context.closePath()
}

function hatch(
  context: CanvasRenderingContext2D,
  { from, to, y, height }: { from: number; to: number; y: number; height: number },
  colour: string,
): void {
  context.save()
  context.beginPath()
  context.rect(from, y + 2, to - from, height - 4)
  context.clip()
  context.strokeStyle = colour
  context.globalAlpha = 0.55
  context.lineWidth = 1
  context.beginPath()
  for (let x = from - height; x < to; x += 6) {
    context.moveTo(x, y + height)
    context.lineTo(x + height, y)
  }
  context.stroke()
  context.restore()
}

function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text
  let kept = text
  while (kept.length > 1 && context.measureText(`${kept}…`).width > width) kept = kept.slice(0, -1)
  return `${kept.trimEnd()}…`
}
