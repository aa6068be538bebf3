import type { Site, Sites } from '../../../api/shapes.ts'
import { getJson } from '../api/client.ts'
import type { Language } from '../messages/messages.ts'

/** Names and positions of sites, loaded once. */
export class Names {
  sites = $state.raw<readonly Site[]>([])
  loaded = $state(false)
  readonly byId: ReadonlyMap<string, Site> = $derived(new Map(this.sites.map((site) => [site.id, site])))

  async load(): Promise<void> {
    try {
      this.sites = (await getJson<Sites>('/api/sites', new AbortController().signal)).sites
    } catch {
      // Ids stand in for names until the page is loaded again.
    }
    this.loaded = true
  }

  /** Name of a site in a language; its id when the reference data does not know it. */
  of(id: string, language: Language): string {
    return this.byId.get(id)?.name[language] || id
  }
}
