import type { Role } from '../../../api/shapes.ts'
import type { Route } from '../filter/routes.ts'
import type { Messages } from '../messages/messages.ts'

/** A page with an entry of its own; its icon has the same name. */
type Place = 'overview' | 'alerts' | 'explore' | 'map' | 'daily' | 'feeds' | 'sites' | 'audit'

export interface NavigationItem {
  readonly href: string
  readonly icon: Place
  readonly text: string
  /** Where there is little room. */
  readonly short: string
  readonly here: boolean
  /** One of the four that a phone shows beside "More". */
  readonly main: boolean
}

/** Pages whose entry is that of another. */
const under: Partial<Record<Route['page'], Route['page']>> = {
  alert: 'alerts',
  handover: 'alerts',
  entity: 'alerts',
}

/** The entries that a role sees, in order. */
export function navigationItems(words: Messages, role: Role, page: Route['page']): NavigationItem[] {
  const here = under[page] ?? page
  const daily = role === 'leader'
  const item = (path: Place, text: string, main: boolean, short = text): NavigationItem => ({
    href: path === 'overview' ? '/' : `/${path}`,
    icon: path,
    text,
    short,
    here: here === path,
    main,
  })
  return [
    item('overview', words.overview, true),
    item('alerts', words.alerts, true, words.alertsShort),
    item('explore', words.explore.title, !daily),
    item('map', words.explore.mapTitle, true),
    item('daily', words.daily, daily, words.dailyShort),
    item('feeds', words.feedsTitle, false),
    item('sites', words.sitesTitle, false),
    ...(role === 'admin' ? [item('audit', words.audit.title, false)] : []),
  ]
}
