import type { AlertItem, Newest } from '../../../api/shapes.ts'
import { getJsonAside } from '../api/client.ts'
import { mergeAlerts } from './merge-alerts.ts'

/** Most alerts that the live list holds. */
const most = 60
const retryMs = 3_000

export type Connection = 'connecting' | 'live' | 'reconnecting'

/**
 * The open alerts as they come: the newest page once, then the stream from the very position of that page, so that nothing
 * is missed between the two. The browser resumes a broken stream; a `reset` loads the page anew.
 */
export class LiveAlerts {
  /** Open alerts, newest raised first. */
  alerts = $state.raw<readonly AlertItem[]>([])
  loaded = $state(false)
  connection: Connection = $state('connecting')
  /** The latest that came by the stream, for announcing; a list page may show how many came since it was loaded. */
  latest = $state.raw<AlertItem>()
  /** First revisions that came by the stream, and how many of them for the welfare queue. */
  arrived = $state(0)
  arrivedWelfare = $state(0)
  /** What somebody did with alerts, latest. */
  triaged = $state.raw<{ actionId: string; actor: string; alertIds: readonly string[] }>()
  /** Anything that came by the stream. */
  changes = $state(0)
  #source: EventSource | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #loadedAt = -Infinity

  start(): void {
    void this.#load()
  }

  stop(): void {
    this.#source?.close()
    clearTimeout(this.#retry)
  }

  async #load(): Promise<void> {
    this.stop()
    try {
      const { alerts, position } = await getJsonAside<Newest>(
        `/api/alerts/newest?limit=${most}`,
        new AbortController().signal,
      )
      this.alerts = alerts
      this.loaded = true
      this.#loadedAt = performance.now()
      this.#open(position)
    } catch {
      this.#later()
    }
  }

  #open(position: string): void {
    const source = (this.#source = new EventSource(
      `/api/alerts/stream?after=${encodeURIComponent(position)}`,
    ))
    source.addEventListener('open', () => (this.connection = 'live'))
    source.addEventListener('error', () => {
      // Closed: the server refused, and the browser does not try again by itself.
      if (source.readyState === EventSource.CLOSED) this.#later()
      else this.connection = 'reconnecting'
    })
    // One after the other means that loading anew does not help: then not at once.
    source.addEventListener('reset', () => {
      if (performance.now() - this.#loadedAt < retryMs) this.#later()
      else void this.#load()
    })
    source.addEventListener('triage', (event) => {
      this.triaged = JSON.parse((event as MessageEvent<string>).data) as typeof this.triaged
    })
    source.addEventListener('alert', (event) =>
      this.#take(JSON.parse((event as MessageEvent<string>).data) as AlertItem),
    )
  }

  #take(item: AlertItem): void {
    const known = this.alerts.some(({ alertId }) => alertId === item.alertId)
    this.alerts = mergeAlerts(this.alerts, item, most)
    this.changes++
    if (item.status === 'open' && !known && item.revision === 1) {
      this.arrived++
      if (item.class === 'welfare') this.arrivedWelfare++
      this.latest = item
    }
  }

  #later(): void {
    this.connection = 'reconnecting'
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.#load(), retryMs)
  }
}
