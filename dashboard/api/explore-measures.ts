/**
 * What can be explored: the measures, and by what each can be split. Shared by the API and the pages; nothing is imported, so
 * that a page does not load more than this.
 */
export const dimensions = [
  'feed',
  'site',
  'province',
  'zone',
  'direction',
  'documentType',
  'vehicleClass',
  'source',
  'rule',
  'measure',
  'severity',
  'class',
] as const
export type Dimension = (typeof dimensions)[number]

export const measureNames = [
  'records',
  'crossings',
  'sightings',
  'registrations',
  'present',
  'travellers',
  'refusals',
  'lateShare',
  'alerts',
] as const
export type MeasureName = (typeof measureNames)[number]

export interface Measure {
  /** count: buckets add up. share: value over base. unique: a traveller counts once. level: holds until it changes. */
  readonly kind: 'count' | 'share' | 'unique' | 'level'
  /** Which tables answer. */
  readonly source: 'records' | 'travellers' | 'present' | 'alerts'
  /** Column of the records. */
  readonly column: 'count' | 'refused' | 'late'
  readonly feeds: readonly ('crossings' | 'sightings' | 'registrations')[]
  readonly dimensions: readonly Dimension[]
  /** Whether "as known at" can be asked. */
  readonly known: boolean
}

const all = ['crossings', 'sightings', 'registrations'] as const
const of = (
  feeds: Measure['feeds'],
  own: readonly Dimension[],
  more: Partial<Pick<Measure, 'kind' | 'column'>> = {},
): Measure => ({
  kind: 'count',
  source: 'records',
  column: 'count',
  feeds,
  dimensions: ['site', 'province', 'zone', ...own, 'source'],
  known: true,
  ...more,
})

export const measures: Readonly<Record<MeasureName, Measure>> = {
  records: { ...of(all, []), dimensions: ['feed', 'site', 'province', 'zone', 'source'] },
  crossings: of(['crossings'], ['direction', 'documentType']),
  sightings: of(['sightings'], ['direction', 'vehicleClass']),
  registrations: of(['registrations'], ['documentType']),
  present: {
    ...of(['registrations'], ['documentType'], { kind: 'level' }),
    source: 'present',
    known: false,
  },
  travellers: {
    ...of(['crossings'], ['direction', 'documentType'], { kind: 'unique' }),
    source: 'travellers',
    known: false,
  },
  refusals: of(['crossings'], ['direction', 'documentType'], { column: 'refused' }),
  lateShare: {
    ...of(all, [], { kind: 'share', column: 'late' }),
    dimensions: ['feed', 'site', 'province', 'zone', 'source'],
  },
  alerts: {
    kind: 'count',
    source: 'alerts',
    column: 'count',
    feeds: [],
    dimensions: ['rule', 'measure', 'severity', 'class', 'site', 'province', 'zone'],
    known: true,
  },
}

/** Filters: of each dimension the values that count, any of them. No entry: all. */
export type Filter = Partial<Record<Dimension, readonly string[]>>
