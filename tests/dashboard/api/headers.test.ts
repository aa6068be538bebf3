import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDashboard, type Dashboard } from './support.ts'

let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await startDashboard()
})
afterAll(() => dashboard.stop())

test.each(['/', '/login', '/api/me', '/api/nothing', '/health/live'])(
  '%s comes with a strict policy',
  async (url) => {
    const { headers } = await dashboard.inject({ url })
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(policy).not.toContain('http')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
    })
  },
)

test('before the web is built its page says what to run; after, it is served without a restart', async () => {
  const before = await dashboard.inject({ url: '/' })
  expect(before.statusCode).toBe(503)
  expect(before.body).toContain('npm run build')
  const root = join(dashboard.dataDir, 'web')
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>built</title>')
  writeFileSync(join(root, 'assets/app-1234.js'), 'export {}')
  expect((await dashboard.inject({ url: '/alerts/00000000000000a1' })).body).toContain('built')
  const asset = await dashboard.inject({ url: '/assets/app-1234.js' })
  expect(asset.headers['cache-control']).toContain('immutable')
  expect(asset.headers['content-type']).toContain('javascript')
})

test('a compressed copy beside a built file is sent to those who take it', async () => {
  const assets = join(dashboard.dataDir, 'web', 'assets')
  mkdirSync(assets, { recursive: true })
  const script = `export const words = '${'word '.repeat(500)}'`
  writeFileSync(join(assets, 'words-1234.js'), script)
  writeFileSync(join(assets, 'words-1234.js.br'), brotliCompressSync(script))
  const get = (encodings: string) =>
    dashboard.inject({ url: '/assets/words-1234.js', headers: { 'accept-encoding': encodings } })
  const compressed = await get('gzip, deflate, br')
  expect(compressed.headers).toMatchObject({
    'content-encoding': 'br',
    'cache-control': expect.stringContaining('immutable'),
  })
  expect(compressed.headers['content-type']).toContain('javascript')
  expect(brotliDecompressSync(compressed.rawPayload).toString()).toBe(script)
  expect((await get('identity')).body).toBe(script)
})

test.each(['/../logins.json', '/..%2flogins.json', '/assets/%2e%2e/%2e%2e/logins.json', '/absent.js'])(
  'no file outside the web is served: %s',
  async (url) => {
    const answer = await dashboard.inject({ url })
    expect(answer.body).not.toContain('tokens')
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
  },
)

test('answers of the API are never kept by a cache', async () => {
  expect((await dashboard.get('/api/me')).headers['cache-control']).toBe('no-store')
})
