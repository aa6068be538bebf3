import type { RuleTitles } from '../../../api/shapes.ts'
import { getJson } from '../api/client.ts'
import type { Language } from '../messages/messages.ts'

/** A rule with its title in the reader's language. */
export interface RuleName {
  readonly id: string
  readonly title: string
}

/** Titles of the rules, loaded once. */
export class Rules {
  #titles = $state.raw<RuleTitles['rules']>([])
  readonly #byId = $derived(new Map(this.#titles.map(({ id, title }) => [id, title])))

  async load(): Promise<void> {
    try {
      this.#titles = (await getJson<RuleTitles>('/api/alerts/rules', new AbortController().signal)).rules
    } catch {
      // Ids stand in for titles until the page is loaded again.
    }
  }

  /** Title of a rule in a language; its id when this version does not know it. */
  of(id: string, language: Language): string {
    return this.#byId.get(id)?.[language] ?? id
  }

  /** All, by title. */
  list(language: Language): readonly RuleName[] {
    return this.#titles
      .map(({ id, title }) => ({ id, title: title[language] }))
      .sort((a, b) => a.title.localeCompare(b.title, language))
  }
}
