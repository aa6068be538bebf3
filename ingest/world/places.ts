import type { ReferenceRow } from '../feeds/log-subjects.ts'
import type { ReferenceTables } from '../reference/read-csv.ts'
import { weighted, type Weighted } from './dice.ts'
import { dayMs, dayOf, hourMs, minuteMs, startOf } from './local-time.ts'

/** A checkpoint or airport, open daily in [opensMs, closesMs) of the local day. */
export interface Gate {
  readonly id: string
  readonly province: string
  readonly district: string
  readonly neighbour: string
  readonly lat: number
  readonly lon: number
  readonly opensMs: number
  readonly closesMs: number
  /** Small posts lose their line now and then and send hours later. */
  readonly remote: boolean
}

export interface Camera {
  readonly id: string
  readonly zone: string
  readonly province: string
  readonly district: string
  readonly lat: number
  readonly lon: number
}

/** Cameras in order, away from Bangkok, with the distance of each from the first along the road, km. */
export interface Road {
  readonly id: string
  readonly cameras: readonly Camera[]
  readonly km: readonly number[]
}

export interface Lodging {
  readonly id: string
  readonly province: string
  readonly district: string
  readonly zone: string
  readonly lat: number
  readonly lon: number
  readonly capacity: number
}

export interface Places {
  readonly airports: Weighted<Gate>
  readonly borders: Weighted<Gate>
  /** Checkpoints that freight uses, each with the road that leads there. */
  readonly freight: Weighted<{ gate: Gate; road: Road }>
  /** Land checkpoints by id order, for planted schemes. */
  readonly land: readonly Gate[]
  readonly roads: Weighted<Road>
  /** The road whose last camera stands nearest to a gate, if that is within 80 km. */
  readonly roadTo: (gate: Gate) => Road | undefined
  /** Cameras of the Bangkok expressways, on no road. */
  readonly expressways: readonly Camera[]
  /** Where ordinary guests stay: by capacity, over the country and near a border. */
  readonly hotels: Weighted<Lodging>
  readonly hotelsIn: ReadonlyMap<string, Weighted<Lodging>>
  /** Unlicensed houses: `ordinary` ones, and those of each kind of scheme, where no ordinary guest stays. */
  readonly houses: Readonly<Record<HouseUse, readonly Lodging[]>>
  /** Cameras that fall dark now and then: nothing planted passes them. */
  readonly dark: ReadonlySet<string>
}

/**
 * `filled`: overcrowded; `live`: the same, while the world runs live; `relay`: near a border; `rush`: many check in
 * at once; `hostel`: in the interior, one night each.
 */
export type HouseUse = 'ordinary' | 'filled' | 'live' | 'relay' | 'rush' | 'hostel'

/** Cameras in the middle of busy roads. */
const dark = ['CAM-R04-06', 'CAM-R04-07', 'CAM-R02-04', 'CAM-R02-06', 'CAM-R33-02', 'CAM-R03-03'] as const

/** Roads as chains of stretches `[route, how many of its cameras]`, with their share of traffic (estimates). */
const chains: readonly (readonly [string, readonly (readonly [string, number])[], number])[] = [
  ['mae-sot', [['R01', 8], ['R12', 4]], 12],
  ['mae-sai', [['R01', 8], ['R11', 8]], 12],
  ['chiang-khong', [['R01', 8], ['R11', 6], ['R20', 2]], 4],
  ['nong-khai', [['R02', 8]], 16],
  ['mukdahan', [['R02', 5], ['R09', 4]], 7],
  ['chong-mek', [['R02', 3], ['R24', 5]], 7],
  ['aranyaprathet', [['R33', 6]], 12],
  ['trat', [['R03', 6]], 12],
  ['sangkhla-buri', [['R23', 4]], 6],
  ['sadao', [['R04', 9]], 14],
  ['ranong', [['R04', 4], ['R40', 2]], 4],
  ['kolok', [['R04', 8], ['R42', 3]], 5],
] // prettier-ignore

const airportShare: Readonly<Record<string, number>> = {
  'TH-AIR-BKK': 48, 'TH-AIR-DMK': 18, 'TH-AIR-HKT': 18, 'TH-AIR-CNX': 6, 'TH-AIR-KBV': 4,
  'TH-AIR-USM': 3, 'TH-AIR-HDY': 1, 'TH-AIR-UTP': 1, 'TH-AIR-CEI': 1,
} // prettier-ignore

const borderShare: Readonly<Record<string, number>> = {
  'TH-MY-SADAO': 20, 'TH-LA-FB1': 14, 'TH-KH-KHLONGLUEK': 13, 'TH-MY-PADANG': 10, 'TH-MM-MAESAI1': 9, 'TH-MM-MAESOT1': 9,
  'TH-LA-FB2': 6, 'TH-MY-KOLOK': 6, 'TH-LA-CHONGMEK': 5, 'TH-LA-FB4': 5, 'TH-LA-FB3': 4, 'TH-MM-RANONG': 3, 'TH-KH-HATLEK': 3,
  'TH-KH-BANLAEM': 2, 'TH-KH-CHONGCHOM': 2, 'TH-MM-PHUNAMRON': 1,
} // prettier-ignore

const freightShare: Readonly<Record<string, number>> = {
  'TH-MM-MAESOT2': 18, 'TH-MY-SADAO': 20, 'TH-MY-PADANG': 10, 'TH-LA-FB1': 12, 'TH-LA-FB2': 10, 'TH-LA-FB3': 8,
  'TH-KH-NONGIAN': 10, 'TH-MM-MAESAI2': 6, 'TH-LA-FB4': 6, 'TH-LA-CHONGMEK': 4, 'TH-KH-HATLEK': 3,
} // prettier-ignore

/** Places of the world from the reference data. Throws RangeError when a table lacks what the world moves through. */
export function createPlaces(tables: ReferenceTables): Places {
  const gates = tables.sites.filter((row) => row['kind'] === 'checkpoint').map(gateOf)
  const airports = tables.sites.filter((row) => row['kind'] === 'airport' && row['class'] === 'international')
  const cameras = tables.sites.filter((row) => row['kind'] === 'camera').map(cameraOf)
  const roads = chains.map(([id, parts, share]) => [roadOf(id, parts, cameras), share] as const)
  const hotels = tables.premises.filter((row) => row['licensed'] === true).map(lodgingOf)
  const houses = tables.premises.filter((row) => row['licensed'] === false).map(lodgingOf)
  const roadByGate = new Map(
    gates.flatMap((gate) => {
      const road = nearestRoad(roads.map(([road]) => road), gate)
      return distanceKm(road.cameras.at(-1) as Camera, gate) < 80 ? [[gate.id, road] as const] : []
    }),
  ) // prettier-ignore
  const provinces = new Set(hotels.map(({ province }) => province))
  return {
    airports: weighted(airports.map((row) => [gateOf(row), airportShare[row.id] ?? 0])),
    borders: weighted(gates.map((gate) => [gate, borderShare[gate.id] ?? 0.4])),
    freight: weighted(
      gates.map((gate) => [
        { gate, road: nearestRoad(roads.map(([road]) => road), gate) },
        freightShare[gate.id] ?? 0,
      ]),
    ), // prettier-ignore
    land: gates.filter(({ remote }) => !remote),
    roads: weighted(roads),
    roadTo: (gate) => roadByGate.get(gate.id),
    expressways: cameras.filter(({ id }) => id.startsWith('CAM-BKK-')),
    hotels: byCapacity(hotels),
    hotelsIn: new Map(
      [...provinces].map((name) => [name, byCapacity(hotels.filter(({ province }) => province === name))]),
    ),
    houses: housesByUse(houses),
    dark: new Set(dark),
  }
}

/** Relays need houses near a border, hostels some in the interior; the rest is dealt out in turn. */
function housesByUse(houses: readonly Lodging[]): Places['houses'] {
  const near = houses.filter(({ zone }) => zone === 'border' || zone === 'transit')
  const relay = near.filter((_, i) => i % 5 < 2)
  const hostel = houses.filter(({ zone }) => zone === 'interior' || zone === 'tourist').slice(0, 3)
  const rest = houses.filter((house) => !relay.includes(house) && !hostel.includes(house))
  const turn = (first: number, of: number): Lodging[] =>
    rest.filter((_, i) => i % 10 >= first && i % 10 < first + of)
  return { relay, hostel, filled: turn(0, 3), rush: turn(3, 2), live: turn(5, 4), ordinary: turn(9, 1) }
}

/** True when a gate is open at an instant. */
export function isOpen(gate: Gate, at: number): boolean {
  const time = at - startOf(dayOf(at))
  return gate.opensMs <= time && time < gate.closesMs
}

/** The instant itself, or the last minute before it at which the gate was open. */
export function lastOpen(gate: Gate, at: number): number {
  if (isOpen(gate, at)) return at
  const start = startOf(dayOf(at))
  const closed = start + gate.closesMs - minuteMs
  return closed < at ? closed : closed - dayMs
}

const byCapacity = (lodgings: readonly Lodging[]): Weighted<Lodging> =>
  weighted(lodgings.map((lodging) => [lodging, lodging.capacity]))

function gateOf(row: ReferenceRow): Gate {
  const [, h1, m1, h2, m2] = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(String(row['hours'])) ?? []
  const known = h1 !== undefined
  return {
    id: row.id,
    province: String(row['province']),
    district: String(row['district']),
    neighbour: String(row['neighbour']),
    lat: Number(row['lat']),
    lon: Number(row['lon']),
    opensMs: known ? Number(h1) * hourMs + Number(m1) * minuteMs : 8 * hourMs,
    closesMs: known ? Number(h2) * hourMs + Number(m2) * minuteMs : 18 * hourMs,
    remote: row['kind'] === 'checkpoint' && row['class'] !== 'permanent',
  }
}

const cameraOf = (row: ReferenceRow): Camera => ({
  id: row.id,
  zone: String(row['zone']),
  province: String(row['province']),
  district: String(row['district']),
  lat: Number(row['lat']),
  lon: Number(row['lon']),
})

const lodgingOf = (row: ReferenceRow): Lodging => ({
  id: row.id,
  province: String(row['province']),
  district: String(row['district']),
  zone: String(row['zone']),
  lat: Number(row['lat']),
  lon: Number(row['lon']),
  capacity: typeof row['capacity'] === 'number' ? row['capacity'] : 30,
})

function roadOf(id: string, parts: readonly (readonly [string, number])[], cameras: readonly Camera[]): Road {
  const chain = parts.flatMap(([route, count]) =>
    cameras.filter((camera) => camera.id.startsWith(`CAM-${route}-`)).slice(0, count),
  )
  if (chain.length < 2) throw new RangeError(`The road to ${id} needs cameras in the reference data.`)
  const km = [0]
  for (let i = 1; i < chain.length; i++)
    km.push((km[i - 1] as number) + 1.2 * distanceKm(chain[i - 1] as Camera, chain[i] as Camera))
  return { id, cameras: chain, km }
}

function nearestRoad(roads: readonly Road[], gate: Gate): Road {
  const away = (road: Road): number => distanceKm(road.cameras.at(-1) as Camera, gate)
  return roads.reduce((best, road) => (away(road) < away(best) ? road : best))
}

/** Along the great circle. */
export function distanceKm(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const rad = Math.PI / 180
  const dLat = (b.lat - a.lat) * rad
  const dLon = (b.lon - a.lon) * rad
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2
  return 12_742 * Math.asin(Math.sqrt(h))
}
