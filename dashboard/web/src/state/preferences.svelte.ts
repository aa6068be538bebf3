import { calendars, type Calendar } from '../format/format.ts'
import { catalogues, languages, type Language, type Messages } from '../messages/messages.ts'

export const schemes = ['auto', 'light', 'dark'] as const
export type Scheme = (typeof schemes)[number]

/** Language, colours and calendar that this browser chose; kept in its local storage. */
export class Preferences {
  language: Language = $state(stored('daan.language', languages) ?? preferred())
  scheme: Scheme = $state(stored('daan.scheme', schemes) ?? 'auto')
  calendar: Calendar = $state(stored('daan.calendar', calendars) ?? 'gregory')
  readonly words: Messages = $derived(catalogues[this.language])

  setLanguage(language: Language): void {
    this.language = language
    keep('daan.language', language)
    this.apply()
  }

  setScheme(scheme: Scheme): void {
    this.scheme = scheme
    keep('daan.scheme', scheme)
    this.apply()
  }

  setCalendar(calendar: Calendar): void {
    this.calendar = calendar
    keep('daan.calendar', calendar)
  }

  /** Writes language and colours to the document's root element, where the style sheets read them. */
  apply(): void {
    document.documentElement.lang = this.language
    if (this.scheme === 'auto') delete document.documentElement.dataset['scheme']
    else document.documentElement.dataset['scheme'] = this.scheme
  }
}

function preferred(): Language {
  return navigator.language.startsWith('th') ? 'th' : 'en'
}

function stored<const T extends readonly string[]>(key: string, values: T): T[number] | undefined {
  try {
    const text = localStorage.getItem(key)
    return values.find((value) => value === text)
  } catch {
    return undefined // Storage may be switched off; the choice then lasts as long as the page.
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // As above.
  }
}
