import { districtName, provinceName } from '../../../../ingest/reference/thai-names.ts'
import type { Formats } from '../format/format.ts'
import type { Messages } from '../messages/messages.ts'

export interface Figure {
  /** Field of the evidence. */
  readonly key: string
  readonly label: string
  readonly value: string
}

/** A value of a record or of evidence as a person reads it: words of the feeds in the reader's language, all else as it is. */
export function valueWord(value: string, words: Messages): string {
  const { explore, evidenceWords } = words
  return (
    explore.documentType[value] ??
    explore.vehicleClass[value] ??
    explore.direction[value] ??
    explore.zone[value] ??
    evidenceWords.value[value.toLowerCase()] ??
    value
  )
}

/** Fields of a record or of evidence that name a province. */
export const isProvince = (key: string): boolean => /province$/i.test(key)

/** Name of a setting of a rule. */
export function settingName(name: string, { evidenceWords }: Messages): string {
  return evidenceWords.setting[name] ?? evidenceWords.key[name] ?? inWords(name)
}

/** A border run is one of three kinds, and what belongs to the others is 0 and says nothing. */
const idle = ['stays', 'stayMs', 'abroadMs', 'limit']

/**
 * The numbers that decided, from evidence of any rule: a field's name says its unit (`…Ms` a duration, `…At` an instant),
 * ids of sites become names. Fields that the catalogue does not know get their own name in words.
 */
export function figuresOf(
  evidence: Readonly<Record<string, unknown>>,
  {
    words,
    language,
    formats,
    nameOf,
  }: { words: Messages; language: 'en' | 'th'; formats: Formats; nameOf: (id: string) => string },
): readonly Figure[] {
  return Object.entries(evidence).flatMap(([key, value]) => {
    const text = idle.includes(key) && value === 0 ? '' : textOf(key, value)
    return text === '' ? [] : [{ key, label: words.evidenceWords.key[key] ?? inWords(key), value: text }]
  })

  function textOf(key: string, value: unknown): string {
    if (typeof value === 'boolean') return value ? words.yes : words.no
    if (typeof value === 'number') {
      if (key.endsWith('Ms')) return formats.duration(value)
      // Also fields named otherwise that can only be instants: counts do not reach 10^12.
      if (key.endsWith('At') || value > 1e12) return formats.moment(value)
      if (/^(share|confidence|score)$/.test(key)) return formats.share(value)
      return Math.abs(value) < 1 ? formats.decimal(value) : formats.number(value)
    }
    if (typeof value === 'string') {
      if (/^(site|premises|airport|fromSite|toSite)$/.test(key)) return nameOf(value)
      if (isProvince(key)) return provinceName(value, language)
      if (key === 'district') return districtName(value, String(evidence['province'] ?? ''), language)
      return key === 'companion' ? value.slice(0, 8) : valueWord(value, words)
    }
    if (!Array.isArray(value)) return ''
    // Long lists belong in the evidence rows below.
    const cells = value.filter((cell) => typeof cell === 'string' || typeof cell === 'number').map(String)
    const named = /^(sites|premises|between|borderSites|interiorSites)$/.test(key)
      ? cells.map(nameOf)
      : cells.map((cell) => valueWord(cell, words))
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
