import type { Formats } from '../format/format.ts'
import type { Messages } from '../messages/messages.ts'

export interface Figure {
  readonly label: string
  readonly value: string
}

/**
 * The numbers that decided, from evidence of any rule: a field's name says its unit (`…Ms` a duration, `…At` an instant),
 * ids of sites become names. Fields that the catalogue does not know get their own name in words.
 */
export function figuresOf(
  evidence: Readonly<Record<string, unknown>>,
  { words, formats, nameOf }: { words: Messages; formats: Formats; nameOf: (id: string) => string },
): readonly Figure[] {
  return Object.entries(evidence).flatMap(([key, value]) => {
    const text = textOf(key, value)
    return text === '' ? [] : [{ label: words.evidenceKey[key] ?? inWords(key), value: text }]
  })

  function textOf(key: string, value: unknown): string {
    if (typeof value === 'boolean') return value ? words.yes : words.no
    if (typeof value === 'number') {
      if (key.endsWith('Ms')) return formats.duration(value)
      // Also fields named otherwise that can only be instants: counts do not reach 10^12.
      if (key.endsWith('At') || value > 1e12) return formats.moment(value)
      return formats.number(value)
    }
    if (typeof value === 'string') return /^(site|premises)$/.test(key) ? nameOf(value) : value
    if (!Array.isArray(value)) return ''
    // Long lists belong in the evidence rows below.
    const cells = value.filter((cell) => typeof cell === 'string' || typeof cell === 'number').map(String)
    const named = /^(sites|premises)$/.test(key) ? cells.map(nameOf) : cells
    return named.length > 8 ? formats.number(named.length) : named.join(', ')
  }
}

/** `peakAt` → `Peak at`. */
export function inWords(key: string): string {
  const spaced = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]/g, ' ')
    .toLowerCase()
    .replace(/ ms$/, '')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
