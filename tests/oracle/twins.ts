import { capacityAt, type Reference } from '../../ingest/reference/reference.ts'
import { loadDetectors } from '../../processors/registry.ts'
import type { TestEvent } from '../support/events.ts'
import * as oracle from './oracle.ts'

/** What a twin may look at besides events and parameters: the same as its detector. */
export interface TwinWorld {
  readonly reference: Reference
  /** The last tick of the log, ms UTC. */
  readonly now: number
}

/** What a detector finds, by brute force over all events. */
export type Twin = (
  events: readonly TestEvent[],
  params: Readonly<Record<string, unknown>>,
  world: TwinWorld,
) => oracle.OracleFinding[]

type Untyped = (
  events: readonly TestEvent[],
  params: Readonly<Record<string, unknown>>,
  world: TwinWorld,
) => unknown

/** Twins whose arguments are others than (events, params, world). */
const adapted: Readonly<Record<string, Twin>> = {
  'overcrowded-lodgings': (events, params, { reference }) =>
    oracle.overcrowdedLodgings(
      events,
      (premises, at) => capacityAt(reference, premises, at),
      (premises) => reference.premises.changes(premises),
      params as Parameters<typeof oracle.overcrowdedLodgings>[3],
    ),
}

const camel = (id: string): string => id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The twin of every detector, by id: the function of tests/oracle/<id>.ts that is named after it. */
export async function twins(): Promise<ReadonlyMap<string, Twin>> {
  const functions = oracle as unknown as Readonly<Record<string, Untyped | undefined>>
  return new Map(
    (await loadDetectors()).map(({ id }): [string, Twin] => {
      const own = adapted[id] ?? functions[camel(id)]
      if (own === undefined) throw new Error(`${id} has no twin in tests/oracle.`)
      return [id, own as Twin]
    }),
  )
}
