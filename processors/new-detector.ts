import { existsSync } from 'node:fs'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A detector cannot be begun under this name; the message says which names can. */
export class NameError extends Error {
  readonly code = 'NAME'
}

/**
 * Begins a detector: its file, a table test whose first row is red until `evaluate` is written, and its twin for the batch oracle. Gives the
 * paths in the order in which they are filled in, relative to `root`. Throws {@link NameError}.
 */
export async function beginDetector(id: string, root: string): Promise<string[]> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 40)
    throw new NameError(
      `"${id}" is no name for a detector: use small letters, digits and single hyphens, as in night-boat.`,
    )
  const camel = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const files: [path: string, text: string][] = [
    [`tests/processors/detectors/${id}.test.ts`, testText(id)],
    [`processors/detectors/${id}.ts`, detectorText(id)],
    [`tests/oracle/${id}.ts`, oracleText(id, camel)],
  ]
  const there = files.map(([path]) => path).find((path) => existsSync(join(root, path)))
  if (there !== undefined)
    throw new NameError(`${there} is there already: choose another name, or remove it first.`)
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text, { flag: 'wx' })
  }
  await appendFile(join(root, 'tests/oracle/oracle.ts'), `export * from './${id}.ts'\n`)
  return files.map(([path]) => path)
}

const title = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ')

const detectorText = (id: string): string => `import { Type } from 'typebox'
import { defineDetector } from '../detector.ts'

const hour = 3_600_000

/** Say in one sentence what a finding of this detector is. */
export default defineDetector({
  id: '${id}',
  // Whose history it looks at: traveller, vehicle, premises or site; and the feeds whose events count.
  key: 'traveller',
  reads: ['crossings'],
  // Which of the seven enforcement measures it answers, and what it asks of the reader (see processors/alert.ts).
  measure: 2,
  class: 'investigate',
  title: { en: '${title(id)}', th: 'ชื่อภาษาไทย' },
  reason: {
    en: 'Name the documented pattern behind it, so that an analyst knows why this is worth a look.',
    th: 'อธิบายรูปแบบที่พบจริง เพื่อให้ผู้วิเคราะห์ทราบเหตุผล',
  },
  // Every number that decides is a parameter, with its unit in its name.
  params: Type.Object({
    windowMs: Type.Integer({ minimum: 60_000, default: 6 * hour, description: 'Span of the events, ms.' }),
    atLeast: Type.Integer({ minimum: 2, default: 3, description: 'Events in one span that make a finding.' }),
  }),
  // The numbers that decided: SQL, the alert page and the sentence read them.
  evidence: Type.Object({
    events: Type.Integer({ description: 'Events in the finding.' }),
    spanMs: Type.Integer({ description: 'First to last event, ms.' }),
  }),
  // No event further away than this can change a finding.
  lookbackMs: ({ windowMs }) => windowMs,
  // Pure: no clock, random or input; \`history\` is in the order of event time. Return a finding for each episode:
  //   { start, end, site: history.site(i), events: [history.event(i), …], evidence: { events: …, spanMs: … } }
  // processors/engine/episodes.ts has shapes in time that other detectors use.
  evaluate: ({ history, params: { atLeast } }) => {
    if (history.length < atLeast) return []
    return []
  },
  severity: ({ events }, { atLeast }) => (events > 2 * atLeast ? 'high' : 'medium'),
  // A lead, never a verdict: what the records show, with the numbers.
  explain: ({ evidence: { events, spanMs }, site }, words) =>
    words.language === 'th'
      ? \`\${events} รายการที่ \${words.name(site)} ภายใน \${words.span(spanMs)}\`
      : \`\${events} events at \${words.name(site)} within \${words.span(spanMs)}.\`,
})
`

const testText = (id: string): string => `import { describe, expect, it } from 'vitest'
import detector from '../../../processors/detectors/${id}.ts'
import { findingsOf } from '../../support/detect.ts'
import { hour, monday, type TestEvent } from '../../support/events.ts'

/** One event a number: hours after a Monday's midnight. */
const at = (...hours: number[]): TestEvent[] =>
  hours.map((h, i) => ({ feed: 'crossings', id: String(i), at: monday + h * hour, traveller: 7n }))

describe('${id.replaceAll('-', ' ')}', () => {
  it.each<[string, TestEvent[], findings: [fromHour: number, toHour: number][]]>([
    // The first row is red until evaluate is written. Then: the edges, what must not fire, two episodes, late and repeated events.
    ['three within six hours are one', at(1, 3, 5), [[1, 5]]],
    ['two are none', at(1, 3), []],
  ])('%s', async (_, events, expected) => {
    const found = await findingsOf(detector, {}, events)
    expect(found.map(({ start, end }) => [(start - monday) / hour, (end - monday) / hour])).toEqual(expected)
  })
})
`

const oracleText = (
  id: string,
  camel: string,
): string => `import type { TestEvent } from '../support/events.ts'
import { settled, type OracleFinding } from './oracle.ts'

/**
 * ${title(id)} by brute force: straight from the definition, over all events at once, with no code of the engine or the detector.
 * The law test holds the two against each other.
 */
export function ${camel}(events: readonly TestEvent[]): OracleFinding[] {
  const all = settled(events)
  void all
  throw new Error('${id}: write its definition here, by brute force.')
}
`

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = fileURLToPath(new URL('../', import.meta.url))
  try {
    const paths = await beginDetector(process.argv[2] ?? '', root)
    const shown = paths.map((path) => `  ${relative(process.cwd(), join(root, path))}`).join('\n')
    process.stdout.write(
      `Begun. Fill in, from the first to the last:\n${shown}\n\nThen: npm test -- ${process.argv[2]}\n`,
    )
  } catch (error) {
    if (!(error instanceof NameError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
