import type { Feed } from '../../../api/shapes.ts'
import { feeds, query, views } from './filter.ts'

/** What the map shows, as its query string says it. */
export interface MapFilter {
  /** null: today. */
  readonly date: string | null
  /** Hour of the day, 0 to 23; null: the whole day. */
  readonly hour: number | null
  /** null: all feeds. */
  readonly feed: Feed | null
  readonly flows: boolean
  readonly site: string | null
  readonly view: (typeof views)[number]
}

export function parseMap(search: string): MapFilter {
  const params = new URLSearchParams(search)
  const date = params.get('date')
  const hour = params.get('hour')
  const site = params.get('site')
  return {
    date: date !== null && isDay(date) ? date : null,
    hour: hour !== null && /^(1?\d|2[0-3])$/.test(hour) ? Number(hour) : null,
    feed: feeds.find((feed) => feed === params.get('feed')) ?? null,
    flows: params.get('flows') !== 'off',
    site: site !== null && /^[A-Za-z0-9._-]{1,64}$/.test(site) ? site : null,
    view: views.find((view) => view === params.get('view')) ?? 'chart',
  }
}

export function formatMap(filter: MapFilter): string {
  return query({
    date: filter.date,
    hour: filter.hour === null ? null : String(filter.hour),
    feed: filter.feed,
    flows: filter.flows ? null : 'off',
    site: filter.site,
    view: filter.view === 'chart' ? null : filter.view,
  })
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
