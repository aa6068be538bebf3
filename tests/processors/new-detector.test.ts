import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Detector } from '../../processors/detector.ts'
import { beginDetector } from '../../processors/new-detector.ts'
import { createRule } from '../../processors/rule.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'daan-new-'))
  await mkdir(join(root, 'tests/oracle'), { recursive: true })
  await writeFile(join(root, 'tests/oracle/oracle.ts'), '')
})
afterEach(() => rm(root, { recursive: true, force: true }))

describe('a new detector', () => {
  it('is a rule that runs, with a test and a twin to fill in', async () => {
    for (const part of ['node_modules', 'package.json', 'platform', 'ingest'])
      await symlink(join(project, part), join(root, part))
    const paths = await beginDetector('night-boat', root)
    expect(paths).toEqual([
      'tests/processors/detectors/night-boat.test.ts',
      'processors/detectors/night-boat.ts',
      'tests/oracle/night-boat.ts',
    ])
    expect(await readFile(join(root, 'tests/oracle/oracle.ts'), 'utf8')).toBe(
      "export * from './night-boat.ts'\n",
    )
    // The contract is the project's own; the file under test is the one that was written.
    await writeFile(
      join(root, 'processors/detector.ts'),
      await readFile(join(project, 'processors/detector.ts'), 'utf8'),
    )
    const { default: detector } = (await import(join(root, 'processors/detectors/night-boat.ts'))) as {
      default: Detector
    }
    expect(createRule(detector).params).toEqual({ windowMs: 6 * 3_600_000, atLeast: 3 })
    expect(detector.id).toBe('night-boat')
  })

  it.each(['Night', 'night_boat', '../boat', '', 'night--boat', '7boats'])(
    'is not begun under the name "%s"',
    async (name) => {
      await expect(beginDetector(name, root)).rejects.toMatchObject({ code: 'NAME' })
    },
  )

  it('does not write over one that is there', async () => {
    await beginDetector('night-boat', root)
    await expect(beginDetector('night-boat', root)).rejects.toThrow(/there already/)
  })
})
