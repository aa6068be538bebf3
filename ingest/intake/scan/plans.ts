import type { ColumnName, FeedName } from '../../feeds/layout.ts'

/**
 * Where the scanner gets a column from; the scanner's twin of normalise-<feed>.ts, to which a fuzz test holds it.
 * text, integer, number, until: a field, and what stands for an absent one. traveller: token of the document's holder.
 * vehicle, sealed: token and sealed text of the plate. phone: token of a number.
 */
export type Source =
  | { readonly kind: 'text'; readonly field: string; readonly absent: string }
  | { readonly kind: 'integer' | 'number'; readonly field: string; readonly absent: number }
  | { readonly kind: 'until' | 'phone'; readonly field: string }
  | { readonly kind: 'traveller' | 'vehicle' | 'sealed' }

export interface Plan {
  /** Fields that the common columns `site` and `at` come from. */
  readonly site: string
  readonly at: string
  /** The columns after the common ones. */
  readonly columns: Readonly<Record<string, Source>>
}

const text = (field: string, absent = ''): Source => ({ kind: 'text', field, absent })
const integer = (field: string, absent: number): Source => ({ kind: 'integer', field, absent })

type OwnColumns<F extends FeedName> = Exclude<
  ColumnName<F>,
  'event_key' | 'version' | 'event_id' | 'source' | 'site' | 'at' | 'ingested_at' | 'batch' | 'cancelled'
>
type Plans = {
  readonly [F in FeedName]: Plan & { readonly columns: Readonly<Record<OwnColumns<F>, Source>> }
}

export const plans: Plans = {
  crossings: {
    site: 'site',
    at: 'at',
    columns: {
      direction: text('direction'),
      mode: text('mode'),
      document_type: text('documentType'),
      traveller: { kind: 'traveller' },
      nationality: text('nationality'),
      birth_year: integer('birthYear', 0),
      sex: text('sex'),
      vehicle: { kind: 'vehicle' },
      plate_sealed: { kind: 'sealed' },
      declared_province: text('declaredProvince'),
      outcome: text('outcome', 'admitted'),
    },
  },
  sightings: {
    site: 'site',
    at: 'at',
    columns: {
      vehicle: { kind: 'vehicle' },
      plate_sealed: { kind: 'sealed' },
      plate_province: text('plateProvince'),
      plate_country: text('plateCountry'),
      vehicle_class: text('vehicleClass', 'unknown'),
      confidence: { kind: 'number', field: 'confidence', absent: 0 },
      heading: text('heading', 'unknown'),
      make: text('make'),
      colour: text('colour'),
    },
  },
  registrations: {
    site: 'premises',
    at: 'checkInAt',
    columns: {
      check_out_at: { kind: 'until', field: 'checkOutAt' },
      room: text('room'),
      party_size: integer('partySize', 1),
      traveller: { kind: 'traveller' },
      document_type: text('documentType'),
      nationality: text('nationality'),
      birth_year: integer('birthYear', 0),
      sex: text('sex'),
      phone: { kind: 'phone', field: 'phone' },
      coming_from: text('comingFrom'),
      going_to: text('goingTo'),
    },
  },
}
