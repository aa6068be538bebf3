import type { EntityKind } from '../../../api/entity-shapes.ts'

/** The pages and their paths. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'alerts' }
  | { readonly page: 'alert'; readonly id: string }
  | { readonly page: 'handover'; readonly id: string }
  | { readonly page: 'entity'; readonly kind: EntityKind; readonly key: string }
  | { readonly page: 'daily' }
  | { readonly page: 'explore' }
  | { readonly page: 'map' }
  | { readonly page: 'feeds' }
  | { readonly page: 'sites' }
  | { readonly page: 'audit' }
  | { readonly page: 'missing' }

/** The page that a path names; `missing` for any other. */
export function matchRoute(path: string): Route {
  const [first = '', second, ...more] = path.split('/').slice(1)
  const [third, ...rest] = more
  if (first === 'alerts' && third === 'handover' && rest.length === 0 && alertId.test(second ?? ''))
    return { page: 'handover', id: second as string }
  if (first === 'entities' && third !== undefined && rest.length === 0) return entityOf(second, third)
  if (more.length > 0) return { page: 'missing' }
  if (first === 'alerts' && second !== undefined && second !== '')
    return alertId.test(second) ? { page: 'alert', id: second } : { page: 'missing' }
  if (second !== undefined && second !== '') return { page: 'missing' }
  switch (first) {
    case '':
      return { page: 'overview' }
    case 'alerts':
    case 'daily':
    case 'explore':
    case 'map':
    case 'feeds':
    case 'sites':
    case 'audit':
      return { page: first }
    default:
      return { page: 'missing' }
  }
}

const alertId = /^[0-9a-f]{16}$/

function entityOf(kind: string | undefined, key: string): Route {
  const known = (['traveller', 'vehicle', 'premises'] as const).find((one) => one === kind)
  return known !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(key)
    ? { page: 'entity', kind: known, key }
    : { page: 'missing' }
}
