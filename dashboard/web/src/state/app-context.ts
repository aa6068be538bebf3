import { createContext } from 'svelte'
import type { Me } from '../../../api/shapes.ts'
import type { Formats } from '../format/format.ts'
import type { Clock } from './clock.svelte.ts'
import type { Filters } from './filters.svelte.ts'
import type { LiveAlerts } from './live-alerts.svelte.ts'
import type { Names } from './names.svelte.ts'
import type { Preferences } from './preferences.svelte.ts'
import type { Router } from './router.svelte.ts'
import type { Rules } from './rules.svelte.ts'

/** What every page may use once somebody is signed in. */
export interface App {
  readonly me: Me
  readonly router: Router
  readonly filters: Filters
  readonly preferences: Preferences
  readonly clock: Clock
  readonly live: LiveAlerts
  readonly names: Names
  readonly rules: Rules
  /** Numbers and times in the chosen language and the installation's zone. */
  readonly formats: Formats
}

export const [useApp, provideApp] = createContext<App>()
