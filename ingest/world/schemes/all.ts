import airportToBorder from './airport-to-border.ts'
import borderRun from './border-run.ts'
import borderShuttle from './border-shuttle.ts'
import clonedPlate from './cloned-plate.ts'
import convoy from './convoy.ts'
import directionConflict from './direction-conflict.ts'
import impossibleTravel from './impossible-travel.ts'
import type { Kind } from './kind.ts'
import massCheckIn from './mass-check-in.ts'
import overcrowdedLodgings from './overcrowded-lodgings.ts'
import overstay from './overstay.ts'
import relayLodging from './relay-lodging.ts'
import releaseSurge from './release-surge.ts'
import repeatedCrossings from './repeated-crossings.ts'
import silence from './silence.ts'
import twoLodgings from './two-lodgings.ts'
import unregisteredStay from './unregistered-stay.ts'
import volumeAnomaly from './volume-anomaly.ts'
import watchlist from './watchlist.ts'
import watchlistPlate from './watchlist-plate.ts'

/** Every kind of scheme, one a detector. */
export const kinds: readonly Kind[] = [
  airportToBorder,
  borderRun,
  borderShuttle,
  clonedPlate,
  convoy,
  directionConflict,
  impossibleTravel,
  massCheckIn,
  overcrowdedLodgings,
  overstay,
  relayLodging,
  releaseSurge,
  repeatedCrossings,
  silence,
  twoLodgings,
  unregisteredStay,
  volumeAnomaly,
  watchlist,
  watchlistPlate,
]
