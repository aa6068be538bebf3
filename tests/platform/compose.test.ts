import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { largePages } from '../../platform/large-pages.ts'
import { pinnedVersion } from '../../platform/setup/provide-nats-server.mjs'
import { programs } from '../support/roles.ts'

/** docker-compose.yml read by lines: the blocks under `services:`, each with its own lines. */
const text = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8')
const services = blocksOf(text)
const roles = {
  ingest: ['ingest'],
  processor: ['processor-1', 'processor-2'],
  archive: ['archive'],
  dashboard: ['dashboard'],
} as const

describe('docker-compose.yml', () => {
  it('has NATS, ClickHouse and every role', () => {
    expect([...services.keys()].sort()).toEqual(['nats', 'clickhouse', ...Object.values(roles).flat()].sort())
  })

  it.each(Object.entries(roles).flatMap(([role, names]) => names.map((name) => [name, role] as const)))(
    'runs %s by the command that the test of separate processes runs',
    (name, role) => {
      expect(services.get(name)).toContain(`command: ['node', '${programs[role as keyof typeof programs]}']`)
    },
  )

  it.each([...services.keys()])('checks the health of %s', (name) => {
    expect(services.get(name)).toContain('healthcheck:')
  })

  it.each([...roles.ingest, ...roles.processor])('gives %s pages of 2 MB, as npm start does', (name) => {
    expect(services.get(name)).toContain('<<: *large-pages')
    expect(text).toContain(`GLIBC_TUNABLES: ${largePages.GLIBC_TUNABLES}`)
  })

  it('gives each slice to one processor', () => {
    const slices = roles.processor.map((name) => /SLICE: (\S+)/.exec(services.get(name) ?? '')?.[1])
    expect(slices).toEqual(['1/2', '2/2'])
  })

  it('expects of the system what it starts', () => {
    expect(services.get('dashboard')).toContain(
      'EXPECT_ROLES: ingest:1,processor:1-of-2,processor:2-of-2,archive:1',
    )
  })

  it('pins images, and the NATS server that is fetched elsewhere too', () => {
    const images = [...text.matchAll(/^\s+image: (\S+)$/gm)].map((match) => match[1] as string)
    for (const image of images) expect(image).toMatch(/:\d+\.\d+/)
    expect(images).toContain(`nats:${pinnedVersion}-alpine3.22`)
  })

  it('makes the NATS server write to disk before it acknowledges', () => {
    expect(text).toContain('sync_interval: always')
  })
})

function blocksOf(compose: string): Map<string, string> {
  const body = /^services:\n([\s\S]*?)^\S/m.exec(compose)?.[1] ?? ''
  const blocks = body.split(/^ {2}(?=[a-z0-9-]+:$)/m).slice(1)
  return new Map(blocks.map((block) => [block.slice(0, block.indexOf(':')), block]))
}
