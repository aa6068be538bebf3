import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import Fastify from 'fastify'
import { guardRoutes, type GuardedRoute } from '../../../dashboard/api/access.ts'
import { Sessions } from '../../../dashboard/api/session.ts'
import { roles } from '../../../dashboard/api/shapes.ts'
import { feedsKey, readKey, startDashboard, type Dashboard } from './support.ts'

describe('access', () => {
  let dashboard: Dashboard
  let routes: readonly GuardedRoute[]
  beforeAll(async () => {
    dashboard = await startDashboard()
    routes = dashboard.app.guardedRoutes
  })
  afterAll(() => dashboard.stop())

  test('every route that is not public refuses who is not signed in, with what to do', async () => {
    const guarded = routes.filter(({ access }) => access !== 'public')
    expect(guarded.length).toBeGreaterThan(15)
    for (const { method, url } of guarded) {
      const answer = await dashboard.inject({
        method: method as 'GET',
        url: filled(url),
        headers: sameOrigin,
      })
      expect([url, answer.statusCode]).toEqual([url, 401])
      if (method !== 'HEAD') expect(answer.json()).toMatchObject({ code: 'SIGN_IN', fix: expect.any(String) })
    }
  })

  test('every route that is not public refuses a forged cookie', async () => {
    const cookie = await dashboard.signIn('admin')
    const forged = cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')).replace(/=./, '=f')
    for (const { method, url } of routes.filter(({ access }) => access !== 'public')) {
      const headers = { ...sameOrigin, cookie: forged }
      const answer = await dashboard.inject({ method: method as 'GET', url: filled(url), headers })
      expect([url, answer.statusCode]).toEqual([url, 401])
    }
  })

  test.each(roles)('the role %s gets 403 where it is not named', async (role) => {
    const cookie = await dashboard.signIn(role)
    for (const { method, url, access } of routes) {
      if (access === 'public' || access.includes(role)) continue
      const answer = await dashboard.inject({
        method: method as 'GET',
        url: filled(url),
        headers: { ...sameOrigin, cookie },
      })
      expect([url, answer.statusCode]).toEqual([url, 403])
    }
  })

  test('only health, sign-in and the pages are public', () => {
    const open = routes.filter(({ access }) => access === 'public').map(({ url }) => url)
    expect([...new Set(open)].sort()).toEqual(['/*', '/health/live', '/health/ready', '/login', '/page.css'])
  })

  test('a leader sees no rows about single persons', async () => {
    expect((await dashboard.get('/api/alerts/00000000000000a1/evidence', 'leader')).statusCode).toBe(403)
  })

  test.each([
    ['with scope read', readKey, 200],
    ['without it', feedsKey, 403],
    ['unknown', 'daan_nobody', 401],
  ])('an API key %s on a read route: %s → %i', async (_, key, status) => {
    const answer = await dashboard.inject({ url: '/api/sites', headers: { authorization: `Bearer ${key}` } })
    expect(answer.statusCode).toBe(status)
  })

  test('an API key opens nothing that is for people', async () => {
    const headers = { authorization: `Bearer ${readKey}` }
    for (const url of ['/api/me', '/api/alerts/00000000000000a1/evidence'])
      expect((await dashboard.inject({ url, headers })).statusCode).toBe(403)
  })

  test('a change that comes from another site is refused', async () => {
    const cookie = await dashboard.signIn('analyst')
    const logout = (headers: Record<string, string>) =>
      dashboard.inject({ method: 'POST', url: '/api/logout', headers: { cookie, ...headers } })
    for (const headers of [
      {},
      { origin: 'http://evil.example' },
      { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[])
      expect((await logout(headers)).json()).toMatchObject({ code: 'ORIGIN' })
    expect((await logout({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(204)
  })
})

test('a route that does not say who may call it stops the start', () => {
  const app = Fastify()
  guardRoutes(app, { sessions: new Sessions(Buffer.alloc(32)), keys: { find: () => undefined } })
  expect(() => app.get('/api/forgotten', async () => 'x')).toThrow(
    '/api/forgotten does not say who may call it',
  )
})

const sameOrigin = { 'sec-fetch-site': 'same-origin' }
const filled = (url: string): string => url.replace(':id', '00000000000000a1').replace('*', 'some/page')
