import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { burnLogin, createLogin } from '../../../dashboard/api/logins.ts'
import { Sessions, sessionMs } from '../../../dashboard/api/session.ts'
import { startDashboard, type Dashboard } from './support.ts'

let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await startDashboard()
})
afterAll(() => dashboard.stop())

test('a link signs in once: cookie, then the start page; used again it says how to get a new one', async () => {
  const token = await createLogin(dashboard.dataDir, { role: 'leader' })
  const first = await dashboard.inject({ url: `/login?token=${token}` })
  expect(first.statusCode).toBe(303)
  expect(first.headers.location).toBe('/')
  const cookie = String(first.headers['set-cookie'])
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Strict/)
  const me = await dashboard.inject({ url: '/api/me', headers: { cookie: cookie.split(';')[0] as string } })
  expect(me.json()).toMatchObject({
    role: 'leader',
    timeZone: 'Asia/Bangkok',
    standalone: true,
    clock: 'wall',
  })

  const second = await dashboard.inject({ url: `/login?token=${token}` })
  expect(second.statusCode).toBe(401)
  expect(second.headers['set-cookie']).toBeUndefined()
  expect(second.body).toContain('npm run login')
})

test('a link that has run out signs nobody in', async () => {
  const token = await createLogin(dashboard.dataDir, { role: 'admin', ttlMs: 1000, now: Date.now() - 1001 })
  expect((await dashboard.inject({ url: `/login?token=${token}` })).statusCode).toBe(401)
})

test.each([
  ['th-TH,th;q=0.9,en;q=0.8', 'th', 'หมดอายุ'],
  ['en-GB,en;q=0.9,th;q=0.5', 'en', 'has run out'],
])('who is refused is told so in the language of the browser: %s', async (languages, language, words) => {
  const headers = { 'accept-language': languages }
  const { body } = await dashboard.inject({ url: '/login?token=gone', headers })
  expect(body).toContain(`<html lang="${language}">`)
  expect(body).toContain(words)
  expect(body).toContain('npm run login')
})

test('a link checker that asks with HEAD does not use the link up', async () => {
  const token = await createLogin(dashboard.dataDir, { role: 'analyst' })
  await dashboard.inject({ method: 'HEAD', url: `/login?token=${token}` })
  expect((await dashboard.inject({ url: `/login?token=${token}` })).statusCode).toBe(303)
})

test('of many who use one token at a time, one gets in', async () => {
  const token = await createLogin(dashboard.dataDir, { role: 'analyst' })
  const roles = await Promise.all(Array.from({ length: 8 }, () => burnLogin(dashboard.dataDir, token)))
  expect(roles.filter((role) => role === 'analyst')).toHaveLength(1)
})

test('the file of logins is for its owner only and holds no token', async () => {
  const token = await createLogin(dashboard.dataDir, { role: 'analyst' })
  const file = join(dashboard.dataDir, 'logins.json')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const { readFile } = await import('node:fs/promises')
  expect(await readFile(file, 'utf8')).not.toContain(token)
})

test('after signing out the cookie is worth nothing', async () => {
  const cookie = await dashboard.signIn('analyst')
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  expect((await dashboard.inject({ method: 'POST', url: '/api/logout', headers })).statusCode).toBe(204)
  expect((await dashboard.inject({ url: '/api/me', headers })).statusCode).toBe(401)
})

test('a session ends after a working day', () => {
  let now = 0
  const sessions = new Sessions(Buffer.alloc(32, 1), () => now)
  const { cookie } = sessions.open('admin')
  now = sessionMs - 1
  expect(sessions.read(cookie)?.role).toBe('admin')
  now = sessionMs
  expect(sessions.read(cookie)).toBeUndefined()
})

test('a cookie of another installation is not taken', () => {
  const { cookie } = new Sessions(Buffer.alloc(32, 1)).open('admin')
  expect(new Sessions(Buffer.alloc(32, 2)).read(cookie)).toBeUndefined()
})

const guess = () => dashboard.app.inject({ url: '/login?token=guess', remoteAddress: '192.0.2.7' })

test('guessing tokens is slowed down', async () => {
  const answers = []
  for (let i = 0; i < 25; i++) answers.push((await guess()).statusCode)
  expect(answers.slice(0, 20)).toEqual(Array(20).fill(401))
  expect(answers.at(-1)).toBe(429)
  expect((await guess()).json()).toMatchObject({ code: 'TOO_MANY', fix: expect.any(String) })
})
