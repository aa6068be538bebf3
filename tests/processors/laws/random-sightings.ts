import fc from 'fast-check'
import { distanceKm } from '../../../ingest/reference/places.ts'
import { monday, type TestEvent } from '../../support/events.ts'
import { lodging } from './random-stays.ts'

/** Cameras by id: where they are, and their zone. */
export type Cameras = Readonly<
  Record<string, { readonly lat: number; readonly lon: number; readonly zone: string }>
>

/** Reads at multiples of `stepMs`, many of them at one instant, mostly of one plate, of two others, and of none. */
export const sightings = (
  stepMs: number,
  steps: number,
  cameras: Cameras,
  more: Parameters<typeof fc.record<Omit<TestEvent, 'id' | 'feed' | 'at' | 'site' | 'vehicle'>>>[0],
) =>
  fc
    .record({
      step: fc.nat({ max: steps }),
      site: fc.constantFrom(...Object.keys(cameras)),
      vehicle: fc.constantFrom(...Array<bigint>(9).fill(0x1_0000_0001n), 0x2_0000_0002n, 0x3_0000_0007n, 0n),
      rest: fc.record(more),
    })
    .map(({ step, site, vehicle, rest }): Omit<TestEvent, 'id'> => ({
      ...rest,
      feed: 'sightings',
      at: monday + step * stepMs,
      site,
      vehicle,
    }))

/** The cameras as rows of reference data. */
export const rowsOf = (cameras: Cameras) =>
  Object.entries(cameras).map(([id, place]) => lodging(id, { ...place, kind: 'camera' }))

/** Distance of two of them, km; 0 when one is not known. */
export const kmOf = (cameras: Cameras) => (a: string, b: string): number => {
  const [here, there] = [cameras[a], cameras[b]]
  return here === undefined || there === undefined ? 0 : distanceKm(here, there)
} // prettier-ignore
