/** Where somebody was in the queue, for coming back from an alert: the alert, by the filter it was seen under. Lasts as long as the page. */
class LastPlace {
  #filter = ''
  #alertId: string | undefined

  remember(filter: string, alertId: string | undefined): void {
    if (alertId === undefined) return
    this.#filter = filter
    this.#alertId = alertId
  }

  /** The alert that was left under this filter; it is given once. */
  take(filter: string): string | undefined {
    if (filter !== this.#filter) return undefined
    const id = this.#alertId
    this.#alertId = undefined
    return id
  }
}

export const lastPlace = new LastPlace()
