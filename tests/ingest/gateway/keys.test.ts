import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { createKey, KeyError, KeyRing, readKeys, revokeKey } from '../../../ingest/gateway/keys.ts'
import { pseudonymKey } from '../../../ingest/intake/pseudonym-key.ts'

const root = mkdtempSync(join(tmpdir(), 'daan-keys-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let file = ''
let folders = 0
beforeEach(() => {
  file = join(root, String(folders++), 'keys.json')
})

describe('an API key', () => {
  it('opens the gateway for its source until it is revoked, without a restart', () => {
    const ring = new KeyRing(file)
    expect(ring.find('Bearer daan_x')).toBeUndefined()
    const { key, id } = createKey(file, { source: 'mae-sot', scopes: ['feeds'] })
    expect(ring.find(`Bearer ${key}`)).toMatchObject({ id, source: 'mae-sot', scopes: ['feeds'] })
    expect(ring.find(`bearer ${key}`)?.id).toBe(id)
    expect(revokeKey(file, id)).toBe(true)
    expect(ring.find(`Bearer ${key}`)).toBeUndefined()
    expect(revokeKey(file, id)).toBe(false)
  })

  it('is nowhere in the file, which only its owner may read', () => {
    const { key } = createKey(file, { source: 'mae-sot' })
    expect(key).toMatch(/^daan_[A-Za-z0-9_-]{43}$/)
    expect(readFileSync(file, 'utf8')).not.toContain(key.slice(5))
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it.each([undefined, '', 'Bearer', 'Bearer x', 'Basic daan_0', `Bearer daan_${'A'.repeat(43)}`])(
    'is not %j',
    (header) => {
      createKey(file, { source: 'mae-sot' })
      expect(new KeyRing(file).find(header)).toBeUndefined()
    },
  )

  it.each([['Mae Sot'], ['mae.sot'], [''], ['-x'], ['x'.repeat(33)]])(
    'is not made for the source %j',
    (source) => {
      expect(() => createKey(file, { source })).toThrow(KeyError)
    },
  )

  it.each([[['all']], [[]], [['feeds', 'all']]])('is not made for the scopes %j', (scopes) => {
    expect(() => createKey(file, { source: 'mae-sot', scopes })).toThrow(KeyError)
  })

  it('is not looked for in a file that is broken', () => {
    createKey(file, { source: 'mae-sot' })
    writeFileSync(file, '{"keys": [')
    expect(() => readKeys(file)).toThrow(KeyError)
  })

  it('is made, listed and revoked on the command line', () => {
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, ['ingest/gateway/key-cli.ts', ...args], {
        env: { ...process.env, KEYS_FILE: file },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    const key = run('create', 'mae-sot', '--scopes', 'feeds,volumes').trim()
    const found = new KeyRing(file).find(`Bearer ${key}`)
    expect(found).toMatchObject({ source: 'mae-sot', scopes: ['feeds', 'volumes'] })
    expect(run('list')).toContain(`${found?.id}  mae-sot`)
    run('revoke', found?.id ?? '')
    expect(readKeys(file)).toEqual([])
  })
})

describe('the key of the pseudonyms', () => {
  it('is made once, and only its owner may read it', () => {
    const secret = join(root, String(folders++), 'pseudonym.key')
    const first = pseudonymKey(secret)
    expect(first.length).toBe(32)
    expect(pseudonymKey(secret).equals(first)).toBe(true)
    expect(statSync(secret).mode & 0o777).toBe(0o600)
  })

  it('is refused when others may read it or when it is cut', () => {
    const secret = join(root, `${folders++}.key`)
    writeFileSync(secret, Buffer.alloc(32).toString('base64'), { mode: 0o644 })
    expect(() => pseudonymKey(secret)).toThrow(/mode to 600/)
    rmSync(secret)
    writeFileSync(secret, 'AAAA', { mode: 0o600 })
    expect(() => pseudonymKey(secret)).toThrow(/no key of 32 bytes/)
  })
})
