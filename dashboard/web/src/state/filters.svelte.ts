import {
  formatAlerts,
  formatDaily,
  formatOverview,
  parseAlerts,
  parseDaily,
  parseOverview,
  type AlertsFilter,
  type DailyFilter,
  type OverviewFilter,
} from '../filter/filter.ts'
import type { Router } from './router.svelte.ts'

/** The filters of the pages, read from the address and written to it. */
export class Filters {
  readonly #router: Router
  readonly overview: OverviewFilter = $derived.by(() => parseOverview(this.#router.search))
  readonly alerts: AlertsFilter = $derived.by(() => parseAlerts(this.#router.search))
  readonly daily: DailyFilter = $derived.by(() => parseDaily(this.#router.search))

  constructor(router: Router) {
    this.#router = router
  }

  setOverview(change: Partial<OverviewFilter>): void {
    this.#router.go(`/${formatOverview({ ...this.overview, ...change })}`)
  }

  setAlerts(change: Partial<AlertsFilter>): void {
    this.#router.go(`/alerts${formatAlerts({ ...this.alerts, ...change })}`)
  }

  setDaily(change: Partial<DailyFilter>): void {
    this.#router.go(`/daily${formatDaily({ ...this.daily, ...change })}`)
  }
}
