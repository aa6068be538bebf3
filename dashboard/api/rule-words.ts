import { loadDetectors } from '../../processors/registry.ts'
import { createRule } from '../../processors/rule.ts'
import type { Words } from '../../processors/detector.ts'
import type { Named } from './alert-item.ts'
import type { AlertItem } from './shapes.ts'

const byId = new Map((await loadDetectors()).map((detector) => [detector.id, detector]))

/** The title of a rule; its id where this version does not know it. */
export const titleOf = (rule: string): Named => byId.get(rule)?.title ?? { en: rule, th: rule }

/** Every rule of this version with its title, by id. */
export const ruleTitles = (): { id: string; title: Named }[] =>
  [...byId.values()].map(({ id, title }) => ({ id, title: { ...title } }))

/** What a rule looks for, its settings and the version of both that runs; undefined for a rule that this version does not know. */
export function describeRule(rule: string):
  | {
      description: Named
      version: string
      params: { name: string; value: unknown; description: string }[]
    }
  | undefined {
  const found = byId.get(rule)
  if (found === undefined) return undefined
  const { params, detector, version } = createRule(found)
  return {
    description: detector.reason,
    version,
    params: Object.entries(detector.params.properties).map(([name, schema]) => ({
      name,
      value: params[name],
      description: (schema as { description?: string }).description ?? '',
    })),
  }
}

/** What would have made an alert not fire, in both languages; null when its rule cannot say or is no longer the one that made it. */
export function unlessOf(
  { rule: id, ruleVersion, evidence, site }: AlertItem,
  words: (language: 'en' | 'th') => Words,
): Named | null {
  const found = byId.get(id)
  if (found?.unless === undefined) return null
  const { params, version } = createRule(found)
  if (version !== ruleVersion) return null
  const say = (language: 'en' | 'th'): string =>
    found.unless?.({ evidence, params, site }, words(language)) ?? ''
  return { en: say('en'), th: say('th') }
}
