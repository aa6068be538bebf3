import { loadDetectors } from '../../processors/registry.ts'
import { createRule } from '../../processors/rule.ts'
import type { Named } from './alert-item.ts'

const byId = new Map((await loadDetectors()).map((detector) => [detector.id, detector]))

/** The title of a rule; its id where this version does not know it. */
export const titleOf = (rule: string): Named => byId.get(rule)?.title ?? { en: rule, th: rule }

/** What a rule looks for, and its settings; undefined for a rule that this version does not know. */
export function describeRule(
  rule: string,
): { description: Named; params: { name: string; value: unknown; description: string }[] } | undefined {
  const found = byId.get(rule)
  if (found === undefined) return undefined
  const { params, detector } = createRule(found)
  return {
    description: detector.reason,
    params: Object.entries(detector.params.properties).map(([name, schema]) => ({
      name,
      value: params[name],
      description: (schema as { description?: string }).description ?? '',
    })),
  }
}
