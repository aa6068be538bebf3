import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Detector } from './detector.ts'
import { createRule, type Rule } from './rule.ts'

const folder = new URL('./detectors/', import.meta.url)

/** Every detector of the folder `detectors`, by file name. A file is a detector; its default export is all that is needed. */
export async function loadDetectors(): Promise<Detector[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort()
  const modules = await Promise.all(
    files.map((name) => import(new URL(name, folder).href) as Promise<{ default: Detector }>),
  )
  return modules.map((module) => module.default)
}

/** Every detector as a rule with its default parameters. */
export async function loadRules(): Promise<Rule[]> {
  return (await loadDetectors()).map((detector) => createRule(detector))
}

/**
 * Hash over the code that decides what is found (engine, detectors, words): 16 hexadecimal digits. With the same code and log the same
 * revisions follow; with another, what stands is compared afresh.
 */
export async function codeFingerprint(): Promise<string> {
  const hash = createHash('sha256')
  const base = new URL('./', import.meta.url)
  const files = (await readdir(base, { recursive: true })).filter((name) => name.endsWith('.ts')).sort()
  for (const name of files.map((file) => file.replaceAll('\\', '/')))
    hash.update(name).update(await readFile(new URL(name, base)))
  return hash.digest('hex').slice(0, 16)
}
