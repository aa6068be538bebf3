import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createLogin } from '../../../dashboard/api/logins.ts'
import { startNats } from '../../support/nats-server.ts'

let server: Awaited<ReturnType<typeof startNats>>
let dataDir: string
beforeAll(async () => {
  server = await startNats()
  dataDir = mkdtempSync(join(tmpdir(), 'daan-main-'))
})
afterAll(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 })
})

/** The role as a process of its own, on a free port. */
async function start() {
  const env = {
    ...process.env,
    NATS_URL: server.url,
    DATA_DIR: dataDir,
    PORT: '0',
    EXPECT_ROLES: 'archive:1,dashboard:1',
  }
  const child = spawn(process.execPath, ['dashboard/main.ts'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const exit = once(child, 'exit')
  for await (const line of createInterface({ input: child.stderr })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port?: number }
    if (msg === 'dashboard listens') return { child, exit, url: `http://127.0.0.1:${port}` }
  }
  throw new Error('the dashboard ended before it listened')
}

test('the role starts, archives, gets ready, stops in order, and goes on with its data; open streams do not hold it up', async () => {
  for (const round of [1, 2]) {
    const { child, exit, url } = await start()
    await vi.waitFor(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200), 10_000)
    const signedIn = await fetch(`${url}/login?token=${await createLogin(dataDir, { role: 'admin' })}`, {
      redirect: 'manual',
    })
    const cookie = String(signedIn.headers.get('set-cookie')).split(';')[0] as string
    const { roles } = (await (await fetch(`${url}/api/status`, { headers: { cookie } })).json()) as {
      roles: { role: string }[]
    }
    expect([round, roles.map(({ role }) => role)]).toEqual([round, ['archive', 'dashboard']])
    const stream = await fetch(`${url}/api/alerts/stream`, { headers: { cookie } })
    expect(stream.status).toBe(200)

    const before = performance.now()
    child.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
    expect(performance.now() - before).toBeLessThan(4000)
  }
})
