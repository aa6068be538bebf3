import { tableFromIPC } from 'apache-arrow'
import type { EntityEvent } from '../../../api/entity-shapes.ts'
import { withheldHeader } from '../../../api/vocabulary.ts'

export interface EntityHistory {
  /** Oldest first. */
  readonly events: readonly EntityEvent[]
  /** Camera reads that are older than the reader may see. */
  readonly withheld: number
}

/** What /api/entities/:kind/:key/events answers. */
export async function historyOf(response: Response): Promise<EntityHistory> {
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()))
  const column = (name: string) => table.getChild(name)
  const columns = {
    feed: column('feed'),
    site: column('site'),
    at: column('at_ms'),
    until: column('until_ms'),
    ingestedAt: column('ingested_ms'),
    kind: column('kind'),
    detail: column('detail'),
    outcome: column('outcome'),
    people: column('people'),
    confidence: column('confidence_value'),
    eventKey: column('event_key_hex'),
    eventId: column('event_id'),
    source: column('source'),
    with: column('with_hex'),
  }
  const text = (name: keyof typeof columns, i: number): string => String(columns[name]?.get(i) ?? '')
  const number = (name: keyof typeof columns, i: number): number => Number(columns[name]?.get(i) ?? 0)
  const events = Array.from({ length: table.numRows }, (_, row): EntityEvent => {
    const i = table.numRows - 1 - row
    return {
      feed: text('feed', i),
      site: text('site', i),
      at: number('at', i),
      until: number('until', i),
      ingestedAt: number('ingestedAt', i),
      kind: text('kind', i),
      detail: text('detail', i),
      outcome: text('outcome', i),
      people: number('people', i),
      confidence: number('confidence', i),
      eventKey: text('eventKey', i),
      eventId: text('eventId', i),
      source: text('source', i),
      with: text('with', i),
    }
  })
  return { events, withheld: Number(response.headers.get(withheldHeader) ?? 0) }
}
