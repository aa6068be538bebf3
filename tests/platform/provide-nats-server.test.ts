import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { atLeast } from '../../platform/setup/find-nats-server.mjs'
import { pinnedVersion, provideNatsServer } from '../../platform/setup/provide-nats-server.mjs'

/** Programs are small scripts in temporary folders: what is tested is where they are looked for and in which order. */
let folder: string
let said: string[]
let releases: Server | undefined
const paths = { bin: '', cache: '' }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daan-find-'))
  paths.bin = join(folder, 'bin')
  paths.cache = join(folder, 'cache')
  mkdirSync(paths.bin)
  mkdirSync(paths.cache)
  program(paths.bin, 'go', 'exit 1')
  said = []
})
afterEach(() => {
  releases?.close()
  releases = undefined
  rmSync(folder, { recursive: true })
})

describe('a nats-server is taken', () => {
  it('from the PATH before the cache', async () => {
    program(paths.bin, 'nats-server', server('2.10.1'))
    program(paths.cache, 'nats-server', server('2.12.15'))
    expect(await provide()).toEqual({ path: join(paths.bin, 'nats-server'), version: '2.10.1', from: 'PATH' })
    expect(said).toEqual([])
  })

  it('from the cache when one on the PATH does not run', async () => {
    program(paths.bin, 'nats-server', 'exit 1')
    program(paths.cache, 'nats-server', server('2.12.15'))
    expect(await provide()).toMatchObject({ version: '2.12.15', from: 'cache' })
  })

  it('from the official release when its sha256 is the known one, before Go is asked', async () => {
    const archive = tarOf(
      `nats-server-v${pinnedVersion}/nats-server`,
      `#!/bin/sh\n${server(pinnedVersion)}\n`,
    )
    const found = await provide({ baseUrl: await serve(archive), checksums: sums(archive) })
    expect(found).toMatchObject({ version: pinnedVersion, from: 'official release' })
    expect(readFileSync(found.path, 'utf8')).toContain(pinnedVersion)
  })

  it('never from a release with another sha256', async () => {
    program(paths.bin, 'apt-get', 'exit 1')
    const archive = tarOf('x/nats-server', `#!/bin/sh\n${server(pinnedVersion)}\n`)
    const provided = provide({ baseUrl: await serve(archive), checksums: sums(Buffer.from('another')) })
    await expect(provided).rejects.toThrow(/install one by hand/)
    expect(said.join('\n')).toMatch(/Skipped the official release: its sha256 is [0-9a-f]{64}, not /)
  })

  it('from Go when the release cannot be had, into the cache', async () => {
    program(
      paths.bin,
      'go',
      `[ "$1" = version ] || { printf '#!/bin/sh\\n${server('2.12.15')}\\n' > "$GOBIN/nats-server"; chmod +x "$GOBIN/nats-server"; }`,
    )
    expect(await provide()).toMatchObject({ path: join(paths.cache, 'nats-server'), from: 'go install' })
    expect(said.join('\n')).toContain('Skipped the official release: 127.0.0.1:1 is not reached.')
  })

  it('from the package manager last, after its lists were updated', async () => {
    const calls = join(folder, 'calls')
    program(
      paths.bin,
      'apt-get',
      `echo "$@" >> ${calls}; case "$*" in *install*) printf '#!/bin/sh\\n${server('2.9.10')}\\n' > ${paths.bin}/nats-server; chmod +x ${paths.bin}/nats-server;; esac`,
    )
    expect(await provide()).toMatchObject({ version: '2.9.10', from: 'package manager' })
    expect(readFileSync(calls, 'utf8')).toMatch(/--version[\s\S]*update[\s\S]*install -y .* nats-server/)
    expect(said.join('\n')).toContain('Skipped the go install: go ended with code 1.')
  })

  it('by nobody, in one sentence that says what to install by hand', async () => {
    program(paths.bin, 'apt-get', 'exit 0')
    program(paths.bin, 'sudo', 'exit 1')
    await expect(provide({}, 1000)).rejects.toThrow(
      /^No nats-server could be had: install one by hand \(.*\), or set NATS_URL/,
    )
    expect(said.join('\n')).toContain(
      'Skipped the package manager: apt-get needs root, and sudo asks for a password.',
    )
  })
})

it.each([
  ['2.12.0', '2.12.0', true],
  ['2.12.15', '2.12.7', true],
  ['2.9.10', '2.12.0', false],
  ['3.0.0-RC.1', '2.12.0', true],
  ['2.12.0-RC.1', '2.12.1', false],
])('%s is at least %s: %s', (version, wanted, answer) => {
  expect(atLeast(version, wanted)).toBe(answer)
})

/** Nothing is found but what the test put there: `sh` and `printf` are all that its programs need. */
function provide(release: { baseUrl?: string; checksums?: Record<string, string> } = {}, uid = 0) {
  return provideNatsServer({
    env: { PATH: paths.bin },
    cache: paths.cache,
    extra: [],
    say: (text) => said.push(text),
    release: { baseUrl: 'http://127.0.0.1:1', ...release },
    uid,
  })
}

function server(version: string): string {
  return `echo "nats-server: v${version}"`
}

function program(where: string, name: string, body: string): void {
  writeFileSync(join(where, name), `#!/bin/sh\nPATH=$PATH:/usr/bin:/bin\n${body}\n`)
  chmodSync(join(where, name), 0o755)
}

function sums(archive: Buffer): Record<string, string> {
  const sum = createHash('sha256').update(archive).digest('hex')
  return Object.fromEntries(
    ['linux', 'darwin'].flatMap((os) =>
      ['amd64', 'arm64'].map((cpu) => [`${pinnedVersion}-${os}-${cpu}`, sum]),
    ),
  )
}

/** One file as a gzipped tar archive. */
function tarOf(name: string, content: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write(Buffer.byteLength(content).toString(8).padStart(11, '0'), 124)
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512)
  body.write(content)
  return gzipSync(Buffer.concat([header, body, Buffer.alloc(1024)]))
}

function serve(archive: Buffer): Promise<string> {
  releases = createServer((_request, response) => response.end(archive))
  const listening = releases
  return new Promise((done) =>
    listening.listen(0, '127.0.0.1', () =>
      done(`http://127.0.0.1:${(listening.address() as { port: number }).port}`),
    ),
  )
}
