import type { Site, Sites } from '../../../api/shapes.ts'
import { getJsonAside } from '../api/client.ts'
import type { Language } from '../messages/messages.ts'

const retryMs = 5_000

/** Names and positions of sites, loaded once. */
export class Names {
  sites = $state.raw<readonly Site[]>([])
  loaded = $state(false)
  readonly byId: ReadonlyMap<string, Site> = $derived(new Map(this.sites.map((site) => [site.id, site])))

  async load(): Promise<void> {
    try {
      this.sites = (await getJsonAside<Sites>('/api/sites', new AbortController().signal)).sites
      this.loaded = true
    } catch {
      // Ids stand in for names meanwhile.
      setTimeout(() => void this.load(), retryMs)
    }
  }

  /** Name of a site in a language; its id when the reference data does not know it. */
  of(id: string, language: Language): string {
    return this.byId.get(id)?.name[language] || id
  }
}
