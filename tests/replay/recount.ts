import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/**
 * What the hotel bookings must come to, counted apart from the product: no code, library or method in common with it. The
 * file is split by hand, and people are counted per night in an array of nights (a stay from noon to noon is so many
 * nights), where the product keeps intervals.
 */
export interface Recount {
  readonly kept: number
  readonly hotels: Readonly<Record<string, { peak: number; peakFrom: string; findings: number }>>
}

const epoch = Date.UTC(2015, 0, 1)
const nightMs = 86_400_000

/** Counts a (gzipped) copy of the file; `capacities` by the name of the hotel in it. */
export function recount(file: string, capacities: Readonly<Record<string, number>>): Recount {
  const raw = readFileSync(file)
  const lines = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').split(/\r?\n/)
  const names = (lines[0] ?? '').replace(/^\uFEFF/, '').split(',')
  const column = (name: string): number => {
    const index = names.indexOf(name)
    if (index < 0) throw new Error(`The file has no column ${name}.`)
    return index
  }
  const [hotel, canceled] = [column('hotel'), column('is_canceled')]
  const guests = ['adults', 'children', 'babies'].map(column)
  const nights = ['stays_in_weekend_nights', 'stays_in_week_nights'].map(column)
  const [year, month, day] = [
    column('arrival_date_year'),
    column('arrival_date_month'),
    column('arrival_date_day_of_month'),
  ]
  const present = new Map<string, Int32Array>()
  let kept = 0
  for (const line of lines.slice(1)) {
    if (line === '') continue
    const cells = line.split(',')
    if (cells[canceled] === '1') continue
    const people = guests.reduce((sum, index) => sum + (Number.parseInt(cells[index] ?? '', 10) || 0), 0)
    if (people === 0) continue
    kept++
    // The engine's own reading of "3 July 2016": a method the product does not use.
    const arrival = Math.round(
      (Date.parse(`${cells[day]} ${cells[month]} ${cells[year]} UTC`) - epoch) / nightMs,
    )
    const stay = nights.reduce((sum, index) => sum + Number(cells[index]), 0)
    const name = cells[hotel] ?? ''
    const perNight = present.get(name) ?? new Int32Array(1_500)
    present.set(name, perNight)
    for (let night = arrival; night < arrival + stay; night++)
      perNight[night] = (perNight[night] ?? 0) + people
  }
  const hotels = [...present].map(([name, perNight]) => {
    const peak = perNight.reduce((most, people) => Math.max(most, people), 0)
    const capacity = capacities[name] ?? Number.NaN
    let findings = 0
    perNight.forEach((people, night) => {
      if (people > capacity && !((perNight[night - 1] ?? 0) > capacity)) findings++
    })
    const peakFrom = new Date(epoch + perNight.indexOf(peak) * nightMs).toISOString().slice(0, 10)
    return [name, { peak, peakFrom, findings }] as const
  })
  return { kept, hotels: Object.fromEntries(hotels) }
}
