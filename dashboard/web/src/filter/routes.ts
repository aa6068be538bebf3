/** The pages and their paths. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'alerts' }
  | { readonly page: 'alert'; readonly id: string }
  | { readonly page: 'daily' }
  | { readonly page: 'feeds' }
  | { readonly page: 'sites' }
  | { readonly page: 'missing' }

/** The page that a path names; `missing` for any other. */
export function matchRoute(path: string): Route {
  const [first = '', second, ...more] = path.split('/').slice(1)
  if (more.length > 0) return { page: 'missing' }
  if (first === 'alerts' && second !== undefined && second !== '')
    return /^[0-9a-f]{16}$/.test(second) ? { page: 'alert', id: second } : { page: 'missing' }
  if (second !== undefined && second !== '') return { page: 'missing' }
  switch (first) {
    case '':
      return { page: 'overview' }
    case 'alerts':
    case 'daily':
    case 'feeds':
    case 'sites':
      return { page: first }
    default:
      return { page: 'missing' }
  }
}
