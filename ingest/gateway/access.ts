import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'
import type { ApiKey, KeyRing, Scope } from './keys.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call: anyone, a key with this scope, or (`local`) this machine and any key. */
    access?: 'open' | 'local' | Scope
  }
  interface FastifyRequest {
    apiKey: ApiKey | undefined
  }
}

/** Lets a request through only as its route's `config.access` says, before its body is read. A route without one is refused. */
export function guardRoutes(app: FastifyInstance, keys: KeyRing): void {
  app.decorateRequest('apiKey', undefined)
  app.addHook('onRoute', ({ config, url }) => {
    if (config?.access === undefined) throw new Error(`Route ${url} does not say who may call it.`)
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    if (access === 'open' || request.is404) return
    request.apiKey = keys.find(request.headers.authorization)
    if (access === 'local' && isLocal(request)) return
    if (request.apiKey === undefined)
      throw new Problem(401, {
        code: 'NO_KEY',
        message: 'The request has no API key, or one that is not valid.',
        field: 'Authorization',
        fix: 'Send "Authorization: Bearer <key>"; the operator makes a key with: npm run key -- create <source>.',
      })
    if (access !== undefined && access !== 'local' && !request.apiKey.scopes.includes(access))
      throw new Problem(403, {
        code: 'NO_SCOPE',
        message: `This key is not for ${access}.`,
        field: 'Authorization',
        fix: `Ask the operator for a key with scope ${access}.`,
      })
  })
}

/** From this machine itself, and not through a proxy on it. */
function isLocal(request: FastifyRequest): boolean {
  const proxied =
    request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined
  return !proxied && /^(?:127\.|::1$|::ffff:127\.)/.test(request.ip)
}
