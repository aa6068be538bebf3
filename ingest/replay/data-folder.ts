import { createReadStream, existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** The folder or a file of public data is not there; the message says what is expected where. */
export class DataMissing extends Error {
  readonly code = 'DATA_MISSING'
}

/** A public data set that a replay reads. */
export interface DataSet {
  /** Folder and file below the data folder, without `.gz`. */
  readonly path: string
  readonly title: string
  readonly origin: string
}

export const hotelBookings: DataSet = {
  path: 'hotel_bookings/hotel_bookings.csv',
  title: 'Hotel booking demand datasets',
  origin:
    'Antonio, Almeida, Nunes: Data in Brief 22 (2019), https://doi.org/10.1016/j.dib.2018.11.126, CC BY 4.0',
}

export const hkCrossings: DataSet = {
  path: 'hk_daily_crossings/daily_passenger_traffic.csv',
  title: 'Statistics on daily passenger traffic',
  origin: 'Immigration Department of Hong Kong, https://data.gov.hk, free re-use with attribution',
}

const projectRoot = resolve(import.meta.dirname, '../..')

/** The folder with the public data sets: `REAL_DATA`, by default `../shared/data` beside the project. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(projectRoot, env['REAL_DATA'] || '../shared/data')
}

/** The file of a data set, as it is or gzipped; undefined when neither is there. */
export function findFile(set: DataSet, folder: string = dataFolder()): string | undefined {
  const plain = join(folder, set.path)
  return [`${plain}.gz`, plain].find((file) => existsSync(file))
}

/** The text of a data set as a stream of bytes. Throws {@link DataMissing} when it is not there. */
export function openData(set: DataSet, folder: string = dataFolder()): Readable {
  const file = findFile(set, folder)
  if (file === undefined)
    throw new DataMissing(
      `${existsSync(folder) ? `${folder} has no ${set.path} (nor ${set.path}.gz)` : `There is no folder ${folder}`}.\n` +
        `Download "${set.title}" (${set.origin}), put it at <folder>/${dirname(set.path)}/, and set REAL_DATA=<folder>.`,
    )
  const bytes = createReadStream(file)
  if (!file.endsWith('.gz')) return bytes
  const unpacked = createGunzip()
  bytes.on('error', (error) => unpacked.destroy(error))
  return bytes.pipe(unpacked)
}
