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
import { formatAudit, parseAudit, type AuditFilter } from '../filter/audit.ts'
import { formatExplore, parseExplore, type ExploreFilter } from '../filter/explore.ts'
import { formatMap, parseMap, type MapFilter } from '../filter/map.ts'
import type { Router } from './router.svelte.ts'

/** The filters of the pages, read from the address and written to it. */
export class Filters {
  readonly #router: Router
  readonly overview: OverviewFilter = $derived.by(() => parseOverview(this.#router.search))
  readonly alerts: AlertsFilter = $derived.by(() => parseAlerts(this.#router.search))
  readonly daily: DailyFilter = $derived.by(() => parseDaily(this.#router.search))

  readonly explore: ExploreFilter = $derived.by(() => parseExplore(this.#router.search))
  readonly map: MapFilter = $derived.by(() => parseMap(this.#router.search))
  readonly audit: AuditFilter = $derived.by(() => parseAudit(this.#router.search))

  constructor(router: Router) {
    this.#router = router
  }

  setOverview(change: Partial<OverviewFilter>): void {
    this.#router.go(`/${formatOverview({ ...this.overview, ...change })}`)
  }

  setAlerts(change: Partial<AlertsFilter>): void {
    this.#router.go(`/alerts${formatAlerts({ ...this.alerts, ...change })}`)
  }

  setExplore(change: Partial<ExploreFilter>): void {
    this.#router.go(`/explore${formatExplore({ ...this.explore, ...change })}`)
  }

  setMap(change: Partial<MapFilter>, options: { replace?: boolean } = {}): void {
    this.#router.go(`/map${formatMap({ ...this.map, ...change })}`, options)
  }

  setDaily(change: Partial<DailyFilter>): void {
    this.#router.go(`/daily${formatDaily({ ...this.daily, ...change })}`)
  }

  /** Whoever filters begins at the newest entry. */
  setAudit(change: Partial<AuditFilter>): void {
    this.#router.go(`/audit${formatAudit({ ...this.audit, before: null, ...change })}`)
  }
}
