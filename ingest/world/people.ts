import { Dice, weighted } from './dice.ts'

/** Invented people and vehicles. Numbers follow the form of real ones and belong to nobody. */

export interface Person {
  readonly documentNumber: string
  readonly nationality: string
  readonly birthYear: number
  readonly sex: 'F' | 'M'
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ'

/** Nationalities of arrivals, roughly as tourism statistics have them. */
export const visitors = weighted<string>([
  ['CHN', 18], ['MYS', 15], ['IND', 8], ['RUS', 7], ['KOR', 6], ['LAO', 5], ['VNM', 4], ['SGP', 4], ['TWN', 4], ['JPN', 4],
  ['GBR', 4], ['USA', 4], ['D', 3], ['FRA', 3], ['AUS', 3], ['IDN', 2], ['PHL', 2], ['KHM', 2], ['MMR', 2], ['ISR', 1],
  ['NLD', 1], ['SWE', 1], ['KEN', 0.3], ['ETH', 0.2], ['BRA', 0.4],
]) // prettier-ignore

/** A document of the given kind; `X` opens the numbers so that nobody takes them for real ones. */
export function person(dice: Dice, nationality: string): Person {
  return {
    documentNumber: `X${letters[dice.int(0, 23)]}${String(dice.int(0, 999_999_999)).padStart(9, '0')}`,
    nationality,
    birthYear: dice.int(1950, 2008),
    sex: dice.chance(0.5) ? 'F' : 'M',
  }
}

export interface Vehicle {
  readonly plate: string
  readonly plateProvince?: string
  readonly plateCountry: string
  readonly vehicleClass: 'car' | 'pickup' | 'van' | 'bus' | 'truck' | 'motorcycle'
  readonly make: string
  readonly colour: string
}

const consonants = [...'กขคฆงจฉชฌญฎฐฒณตถทธนบปผพภมยรลวศษสหอฮ']
const provinces = weighted<string>([
  ['Bangkok', 40], ['Nonthaburi', 5], ['Chon Buri', 6], ['Chiang Rai', 5], ['Tak', 5], ['Nakhon Ratchasima', 5],
  ['Khon Kaen', 5], ['Songkhla', 6], ['Udon Thani', 4], ['Nong Khai', 3], ['Sa Kaeo', 3], ['Chiang Mai', 5], ['Surat Thani', 3],
  ['Kanchanaburi', 2], ['Ubon Ratchathani', 3],
]) // prettier-ignore
const heavyProvinces = provinces.values
const classes = weighted<Vehicle['vehicleClass']>([
  ['car', 46], ['pickup', 34], ['van', 10], ['motorcycle', 10],
]) // prettier-ignore
const makes = ['Toyota', 'Isuzu', 'Honda', 'Mitsubishi', 'Nissan', 'Mazda', 'BYD', 'Ford', 'Suzuki']
const colours = ['white', 'silver', 'black', 'grey', 'blue', 'red', 'bronze']
const foreign: Readonly<Record<string, (number: number) => string>> = {
  MYS: (n) => `${letter(n / 9_999 / 576)}${letter(n / 9_999 / 24)}${letter(n / 9_999)} ${(n % 9_999) + 1}`,
  LAO: (n) => `ກ${'ຂຄງຈສຊຍດຕ'[Math.floor(n / 9_000) % 9]} ${1_000 + (n % 9_000)}`,
  KHM: (n) => `2${letter(n / 9_000)}-${1_000 + (n % 9_000)}`,
  MMR: (n) => `${1 + (Math.floor(n / 9_000 / 24) % 9)}${letter(n / 9_000)}/${1_000 + (n % 9_000)}`,
} // prettier-ignore
const letter = (n: number): string => letters[Math.floor(n) % 24] as string

export type VehicleKind = 'car' | 'truck' | 'bus' | 'van' | 'pickup'

/**
 * The vehicle of a number: always the same one, and no two numbers below ten million share a Thai plate, so that a plate in two
 * places at once is one that was planted. About 3 % of the cars come from a neighbouring country.
 */
export function vehicle(seed: number, kind: VehicleKind, number: number): Vehicle {
  const dice = new Dice(seed, 'vehicle', kind, number)
  const looks = { make: dice.pick(makes), colour: dice.pick(colours) }
  if (kind === 'truck' || kind === 'bus') {
    // Buses 10–49, lorries 50–99; then the four figures; then the province.
    const series = (kind === 'bus' ? 10 : 50) + (Math.floor(number / 9_000) % (kind === 'bus' ? 40 : 50))
    const province = Math.floor(number / (kind === 'bus' ? 360_000 : 450_000)) + (number % 7)
    return {
      plate: `${series}-${1_000 + ((number * 7_919) % 9_000)}`,
      plateProvince: heavyProvinces[province % heavyProvinces.length] as string,
      plateCountry: 'THA',
      vehicleClass: kind,
      make: dice.pick(['Hino', 'Isuzu', 'Volvo', 'Scania', 'UD']),
      colour: looks.colour,
    }
  }
  if (kind === 'car' && dice.chance(0.03)) {
    const country = dice.pick(Object.keys(foreign))
    const plate = (foreign[country] as (number: number) => string)(number)
    return { plate, plateCountry: country, vehicleClass: 'car', ...looks }
  }
  // Vans and pick-ups of schemes have series of their own.
  const first = kind === 'car' ? Math.floor(number / 9_999 / 35) % 35 : kind === 'van' ? 33 : 34
  const second = Math.floor(number / 9_999) % 35
  const opening = kind === 'car' ? Math.floor(number / 9_999 / 1_225) % 9 : 0
  return {
    plate: `${opening > 0 ? opening : ''}${consonants[(first * 11 + 5) % 35]}${consonants[second]} ${1 + ((number * 7_919) % 9_999)}`,
    plateProvince: dice.from(provinces),
    plateCountry: 'THA',
    vehicleClass: kind === 'car' ? dice.from(classes) : kind,
    ...looks,
  }
}
