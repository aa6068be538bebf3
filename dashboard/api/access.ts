import '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'
import { sessionCookie, type Session, type Sessions } from './session.ts'
import type { Role } from './shapes.ts'

/** Who may call a route: everybody, or the roles named. */
export type Access = 'public' | readonly Role[]

/** Who calls: a person with a session, or a tool with an API key. */
export type Caller =
  { readonly kind: 'person'; readonly session: Session } | { readonly kind: 'key'; readonly keyId: string }

/** Finds the key behind an `Authorization` header (ingest/gateway/keys.ts has such a ring); its id is safe to log. */
export interface KeyFinder {
  find(
    authorization: string | undefined,
  ): { readonly id: string; readonly scopes: readonly string[] } | undefined
}

/** A route and who may call it. */
export interface GuardedRoute {
  readonly method: string
  readonly url: string
  readonly access: Access
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the application, as it was registered. */
    readonly guardedRoutes: readonly GuardedRoute[]
  }
  interface FastifyContextConfig {
    mayCall?: Access
    /** API keys with this scope may call it too. */
    keyScope?: 'read'
  }
  interface FastifyRequest {
    caller: Caller | null
  }
}

/** What most routes say of themselves: read by every role, and by tools that hold a `read` key. */
export const readers = { mayCall: ['analyst', 'leader', 'admin'], keyScope: 'read' } as const
/** Rows about single persons, pseudonymous as they are: for those who work on a case. */
export const investigators = { mayCall: ['analyst', 'admin'] } as const
/** Who answers for how the others work. */
export const administrators = { mayCall: ['admin'] } as const
/** Anybody who is signed in, no tools. */
export const people = { mayCall: ['analyst', 'leader', 'admin'] } as const
export const everybody = { mayCall: 'public' } as const

/** Refuses to register a route that does not say who may call it, and answers 401 or 403 to those who may not. */
export function guardRoutes(app: FastifyInstance, deps: { sessions: Sessions; keys: KeyFinder }): void {
  const routes: GuardedRoute[] = []
  app.decorate('guardedRoutes', routes)
  app.decorateRequest('caller', null)
  app.addHook('onRoute', ({ method, url, config }) => {
    const access = config?.mayCall
    if (access === undefined)
      throw new Error(`${String(method)} ${url} does not say who may call it: give it config.mayCall.`)
    for (const one of [method].flat()) routes.push({ method: one, url, access })
  })
  app.addHook('onRequest', async (request) => {
    const { mayCall: access, keyScope } = request.routeOptions.config
    // Not found: no route, nothing to guard.
    if (access === undefined) return
    if (!isSafe(request)) requireSameOrigin(request)
    if (access === 'public') return
    const { authorization } = request.headers
    request.caller = authorization === undefined ? person(request, access) : tool(authorization, keyScope)
  })

  function person(request: FastifyRequest, access: readonly Role[]): Caller {
    const session = deps.sessions.read(request.cookies[sessionCookie])
    if (session === undefined)
      throw new Problem(401, {
        code: 'SIGN_IN',
        message: 'Nobody is signed in.',
        fix: 'Open a sign-in link; `npm run login` on the server makes one.',
      })
    if (!access.includes(session.role))
      throw new Problem(403, {
        code: 'ROLE',
        message: `The role ${session.role} may not see this.`,
        fix: `Sign in as ${access.join(' or ')}.`,
      })
    return { kind: 'person', session }
  }

  function tool(authorization: string, scope: 'read' | undefined): Caller {
    const key = deps.keys.find(authorization)
    if (key === undefined)
      throw new Problem(401, {
        code: 'KEY',
        message: 'The API key is not known.',
        fix: '`npm run key -- create <name> --scopes read` on the server makes one.',
      })
    if (scope === undefined || !key.scopes.includes(scope))
      throw new Problem(403, {
        code: 'SCOPE',
        message: 'This API key may not call this route.',
        fix: scope === undefined ? 'Only people may: sign in.' : `Use a key with scope ${scope}.`,
      })
    return { kind: 'key', keyId: key.id }
  }
}

function isSafe(request: FastifyRequest): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(request.method)
}

/** A request that changes something comes from our own pages: browsers say so, and cannot be made to lie. */
function requireSameOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site']
  const origin = request.headers.origin
  const same =
    site === undefined ? origin === `${request.protocol}://${request.host}` : site === 'same-origin'
  if (!same)
    throw new Problem(403, {
      code: 'ORIGIN',
      message: 'The request does not come from a page of this dashboard.',
      fix: 'Send it from there, or with an Origin header equal to the address of the dashboard.',
    })
}
