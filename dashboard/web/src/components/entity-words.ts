import type { AlertItem } from '../../../api/shapes.ts'

/** What an alert is about, in few letters: the first of a pseudonym, or the name of a place. */
export function shortKey(
  { keyspace, key }: Pick<AlertItem, 'keyspace' | 'key'>,
  nameOf: (id: string) => string,
): string {
  return keyspace === 'traveller' || keyspace === 'vehicle' ? key.slice(0, 8) : nameOf(key)
}

/** Page of what an alert is about; null where there is none (a site). */
export function entityHref({ keyspace, key }: Pick<AlertItem, 'keyspace' | 'key'>): string | null {
  return keyspace === 'site' ? null : `/entities/${keyspace}/${key}`
}
