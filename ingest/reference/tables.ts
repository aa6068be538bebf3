import { Type, type TProperties } from 'typebox'
import type { TableName } from '../feeds/log-subjects.ts'

/** What the rows of a table hold besides id, validity, source and owner. */
export interface TableShape {
  /** Pattern of an id. */
  readonly id: string
  readonly fields: TProperties
}

const orNull = <T extends Parameters<typeof Type.Optional>[0]>(type: T) =>
  Type.Optional(Type.Union([type, Type.Null()]))
const position = {
  lat: orNull(Type.Number({ minimum: -90, maximum: 90 })),
  lon: orNull(Type.Number({ minimum: -180, maximum: 180 })),
}
const text = (maxLength: number, pattern?: string) =>
  Type.String({ minLength: 1, maxLength, ...(pattern === undefined ? {} : { pattern }) })
const place = '^[A-Za-z0-9._-]+$'
const documentType = '(?:passport|border-pass|temporary-border-pass|work-pass|crew)'

/** Zones of places, from the frontier inwards. */
export const zones = ['border', 'transit', 'tourist', 'interior'] as const

/** The tables by name. Rows may have more plain fields than these. */
export const tables: Readonly<Record<TableName, TableShape>> = {
  /** Checkpoints, airports, route checks and cameras. */
  sites: { id: place, fields: { ...position, capacity: orNull(Type.Integer({ minimum: 0 })) } },
  /** Lodgings. */
  premises: {
    id: place,
    fields: {
      ...position,
      capacity: orNull(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      roomCapacity: orNull(Type.Integer({ minimum: 1, maximum: 1_000 })),
      licensed: Type.Optional(Type.Boolean()),
    },
  },
  /** id: site, or `source:<name>`. When it is open to travellers, local time; a span may pass midnight. */
  hours: {
    id: '^(?:source:)?[A-Za-z0-9._-]+$',
    fields: {
      hours: text(11, '^(?:24h|closed|(?:[01]\\d|2[0-3]):[0-5]\\d-(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00))$'),
      reason: Type.Enum(['usual', 'ordered'], { description: 'ordered: closed or shortened by decree.' }),
    },
  },
  /** id: `Province/District`, as sites and premises spell them. */
  districts: {
    id: "^[A-Za-z .'()-]+/[A-Za-z0-9 .'()-]+$",
    fields: { zone: Type.Enum([...zones]), highRisk: Type.Boolean() },
  },
  /** id: `NATIONALITY:documentType`, or `*:documentType` for whom no other row names. */
  stays: {
    id: `^(?:[A-Z]{1,3}|\\*):${documentType}$`,
    fields: { days: Type.Integer({ minimum: 0, maximum: 36_500 }), basis: text(200) },
  },
  /** id: `NEIGHBOUR:documentType`. districts: where the pass is good, ids of districts, or provinces, separated by `;`. */
  passRules: {
    id: `^[A-Z]{1,3}:${documentType}$`,
    fields: { days: Type.Integer({ minimum: 1, maximum: 366 }), districts: text(500) },
  },
  /** id: the local day. */
  holidays: { id: '^\\d{4}-\\d{2}-\\d{2}$', fields: { name: text(120), nameTh: text(120) } },
  /** id: site. flowDay, flowNight: usual vehicles an hour, 06–22 and 22–06 local. */
  cameras: {
    id: place,
    fields: {
      route: text(24),
      order: Type.Integer({ minimum: 0 }),
      heading: Type.Enum(['both', 'to-border', 'from-border']),
      flowDay: Type.Number({ minimum: 0 }),
      flowNight: Type.Number({ minimum: 0 }),
    },
  },
  /** id: token of a document or plate, 16 hexadecimal digits. Made by `POST /v1/watchlists` alone: see watchlist.ts. */
  watchlists: {
    id: '^[0-9a-f]{16}$',
    fields: {
      list: text(40),
      kind: Type.Enum(['document', 'plate']),
      entry: text(64),
      score: Type.Number({ minimum: 0, maximum: 1 }),
      variant: Type.Enum(['exact', 'unread', 'look-alike', 'province']),
      note: Type.String({ maxLength: 200 }),
    },
  },
}
