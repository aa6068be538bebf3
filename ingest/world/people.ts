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
    documentNumber: `X${letters[dice.int(0, 23)]}${String(dice.int(0, 9_999_999)).padStart(7, '0')}`,
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
const classes = weighted<Vehicle['vehicleClass']>([
  ['car', 46], ['pickup', 34], ['van', 10], ['motorcycle', 10],
]) // prettier-ignore
const makes = ['Toyota', 'Isuzu', 'Honda', 'Mitsubishi', 'Nissan', 'Mazda', 'BYD', 'Ford', 'Suzuki']
const colours = ['white', 'silver', 'black', 'grey', 'blue', 'red', 'bronze']
const foreign: Readonly<Record<string, (dice: Dice) => string>> = {
  MYS: (dice) => `${letters[dice.int(0, 23)]}${letters[dice.int(0, 23)]}${letters[dice.int(0, 23)]} ${dice.int(1, 9999)}`,
  LAO: (dice) => `ກຂ ${dice.int(1000, 9999)}`,
  KHM: (dice) => `2${letters[dice.int(0, 23)]}-${dice.int(1000, 9999)}`,
  MMR: (dice) => `${dice.int(1, 9)}${letters[dice.int(0, 23)]}/${dice.int(1000, 9999)}`,
} // prettier-ignore

/** The vehicle of a number: always the same one. About 3 % come from a neighbouring country. */
export function vehicle(seed: number, kind: 'car' | 'truck' | 'bus', number: number): Vehicle {
  const dice = new Dice(seed, 'vehicle', kind, number)
  const looks = { make: dice.pick(makes), colour: dice.pick(colours) }
  if (kind !== 'car')
    return {
      plate: `${dice.int(70, 89)}-${dice.int(1000, 9999)}`,
      plateProvince: dice.from(provinces),
      plateCountry: 'THA',
      vehicleClass: kind,
      make: dice.pick(['Hino', 'Isuzu', 'Volvo', 'Scania', 'UD']),
      colour: looks.colour,
    }
  if (dice.chance(0.03)) {
    const country = dice.pick(Object.keys(foreign))
    const plate = (foreign[country] as (dice: Dice) => string)(dice)
    return { plate, plateCountry: country, vehicleClass: 'car', ...looks }
  }
  return {
    plate: `${dice.chance(0.5) ? dice.int(1, 9) : ''}${dice.pick(consonants)}${dice.pick(consonants)} ${dice.int(1, 9999)}`,
    plateProvince: dice.from(provinces),
    plateCountry: 'THA',
    vehicleClass: dice.from(classes),
    ...looks,
  }
}
