import { matchRoute, type Route } from '../filter/routes.ts'

/** Where the page is, as state. The address bar is the only truth: a link reproduces the view. */
export class Router {
  path = $state(location.pathname)
  search = $state(location.search)
  readonly route: Route = $derived(matchRoute(this.path))

  constructor() {
    addEventListener('popstate', () => this.#read())
    document.addEventListener('click', (event) => this.#click(event))
  }

  /** Goes to an address of this site; `replace` leaves no step in the history. Another page starts at its top. */
  go(href: string, { replace = false } = {}): void {
    const samePage = new URL(href, location.href).pathname === location.pathname
    if (replace) history.replaceState(null, '', href)
    else history.pushState(null, '', href)
    this.#read()
    if (samePage) return
    scrollTo(0, 0)
    document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
  }

  #read(): void {
    this.path = location.pathname
    this.search = location.search
  }

  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element | null)?.closest('a')
    if (link === null || link === undefined || link.target !== '' || link.hasAttribute('download')) return
    if (link.origin !== location.origin || link.hash !== '' || link.dataset['external'] !== undefined) return
    event.preventDefault()
    this.go(link.pathname + link.search)
  }
}
