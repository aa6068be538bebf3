import type { Dimension, Measure } from '../../../../api/explore-measures.ts'
import { provinceName } from '../../../../../ingest/reference/thai-names.ts'
import type { Formats } from '../../format/format.ts'
import type { Messages } from '../../messages/messages.ts'
import type { Names } from '../../state/names.svelte.ts'
import type { Rules } from '../../state/rules.svelte.ts'

export interface Naming {
  readonly words: Messages
  readonly names: Names
  readonly rules: Rules
  readonly language: 'en' | 'th'
}

/** A value of a dimension as a person reads it. */
export function valueName(
  dimension: Dimension | string | null,
  value: string,
  { words, names, rules, language }: Naming,
): string {
  const { explore } = words
  if (value === '') return explore.empty
  const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    feed: words.feed,
    direction: explore.direction,
    documentType: explore.documentType,
    vehicleClass: explore.vehicleClass,
    zone: explore.zone,
    severity: words.severity,
    class: words.class,
    measure: words.measure,
  }
  const known = tables[dimension ?? '']
  if (dimension === 'site') return names.of(value, language)
  if (dimension === 'province') return provinceName(value, language)
  if (dimension === 'rule') {
    const title = rules.of(value, language)
    return title === value ? spelled(value) : title
  }
  if (known !== undefined) return known[value] ?? spelled(value)
  return value
}

/** A value of a measure: a share as percent, else a count. */
export function valueText(value: number, kind: Measure['kind'], formats: Formats): string {
  if (Number.isNaN(value)) return '–'
  return kind === 'share' ? formats.share(value) : formats.number(value)
}

/** repeated-crossings → Repeated crossings, for what has no word of its own. */
function spelled(value: string): string {
  const text = value.replaceAll('-', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
