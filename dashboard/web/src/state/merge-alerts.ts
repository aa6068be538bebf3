import type { AlertItem } from '../../../api/shapes.ts'

/**
 * The list of open alerts with one more message: of one alert the higher revision wins, a withdrawn one leaves. Newest raised
 * first (ties by id), at most `most`. The same messages in any order give the same list, but for a withdrawal that comes
 * before what it withdraws: the stream keeps the order of each alert.
 */
export function mergeAlerts(list: readonly AlertItem[], item: AlertItem, most: number): readonly AlertItem[] {
  const known = list.find(({ alertId }) => alertId === item.alertId)
  if (known !== undefined && known.revision >= item.revision) return list
  const others = list.filter(({ alertId }) => alertId !== item.alertId)
  if (item.status === 'withdrawn') return others
  return [...others, item]
    .sort((a, b) => b.raisedAt - a.raisedAt || (a.alertId < b.alertId ? -1 : 1))
    .slice(0, most)
}
