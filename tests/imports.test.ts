import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/**
 * Imports point down the flow: a stage knows the shapes that the stages before it publish, and never what comes after.
 * Each line: who may import what, as path prefixes.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const published = ['ingest/feeds/', 'ingest/reference/', 'ingest/streams.ts']
const allowed: Record<string, readonly string[]> = {
  platform: ['platform/'],
  ingest: ['ingest/', 'platform/'],
  processors: ['processors/', ...published, 'platform/'],
  sql: ['sql/', 'processors/alert.ts', ...published, 'platform/'],
  dashboard: ['dashboard/', 'sql/', 'processors/', ...published, 'platform/', 'package.json'],
}
/** Exceptions, each with its reason. */
const exceptions = new Map([
  ['processors/new-detector.ts', 'it holds the texts of files elsewhere'],
  ['platform/start.ts', 'the standalone start prepares keys and login links for the roles that it starts'],
  ['dashboard/main.ts', 'tools read with the API keys that the gateway keeps'],
])

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter(
      (entry) =>
        entry.isFile() && /\.(ts|mjs|svelte)$/.test(entry.name) && !entry.parentPath.includes('/dist'),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
}

async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(root, file), 'utf8')
  const paths = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] as string)
  return paths.map((path) => normalize(join(dirname(file), path)))
}

describe('imports', () => {
  it.each(Object.entries(allowed))('of %s point down the flow', async (stage, prefixes) => {
    const files = await sources(stage)
    expect(files.length).toBeGreaterThan(1)
    const wrong: string[] = []
    for (const file of files.filter((name) => !exceptions.has(name)))
      for (const path of await importsOf(file))
        if (!prefixes.some((prefix) => path.startsWith(prefix))) wrong.push(`${file} imports ${path}`)
    expect(wrong).toEqual([])
  })

  it('of the pure core reach no input, output or clock', async () => {
    const core = [...(await sources('processors/engine')), ...(await sources('processors/detectors'))]
    for (const file of core) {
      const text = await readFile(join(root, file), 'utf8')
      expect(text, file).not.toMatch(
        /from 'node:|Date\.now|new Date\(\)|Math\.random|process\.env|performance\.now/,
      )
    }
  })
})
