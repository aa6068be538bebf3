import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig, parseSlice } from '../../platform/config.ts'

describe('configuration', () => {
  it('has a default for everything', () => {
    const config = loadConfig({})
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      ingestPort: 8081,
      natsPort: 4222,
      clock: 'wall',
    })
    expect(config.dataDir).toBe(resolve('.data'))
    expect(config.natsUrl).toBeUndefined()
  })

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ PORT: '', NATS_URL: '', CLOCK: '' })).toMatchObject({
      port: 8080,
      natsUrl: undefined,
    })
  })

  it.each([
    ['PORT', '80a', '0 to 65535'],
    ['PORT', '70000', '0 to 65535'],
    ['PORT', '-1', '0 to 65535'],
    ['INGEST_PORT', '1.5', '0 to 65535'],
    ['NATS_PORT', 'x', '0 to 65535'],
    ['TICK_MS', '1', '10 to 60000'],
    ['STREAM_REPLICAS', '9', '1 to 5'],
    ['CLOCK', 'sun', 'wall, events'],
    ['LOG_LEVEL', 'loud', 'info'],
    ['TIMEZONE', 'Mars/Base', 'Asia/Bangkok'],
    ['SLICE', '3/2', '1/2'],
  ])('refuses %s=%s and says what it takes', (name, value, hint) => {
    const load = () => loadConfig({ [name]: value })
    expect(load).toThrow(ConfigError)
    expect(load).toThrow(name)
    expect(load).toThrow(value)
    expect(load).toThrow(hint)
  })

  it.each([
    ['1/1', { index: 1, count: 1 }],
    ['2/16', { index: 2, count: 16 }],
  ])('reads slice %s', (text, slice) => {
    expect(parseSlice(text)).toEqual(slice)
  })

  it.each(['', '0/1', '1', '1/0', '1/2000', 'a/b', '1/2/3', ' 1/2'])('refuses slice "%s"', (text) => {
    expect(() => parseSlice(text)).toThrow(ConfigError)
  })
})
