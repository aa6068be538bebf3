import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Rule } from './rule.ts'
import { loadRules } from './registry.ts'

const begin = '<!-- detectors: npm run detectors writes what follows -->'
const end = '<!-- detectors: end -->'

/** Where the table stands. */
export const tablePath = fileURLToPath(new URL('./detectors/README.md', import.meta.url))

/**
 * The rules as a table of Markdown, a row each, by measure: what is found (title and reason of the detector), what it asks of the reader,
 * and with which parameters it starts.
 */
export function tableOf(rules: readonly Rule[]): string {
  const rows = [...rules]
    .sort(({ detector: a }, { detector: b }) => a.measure - b.measure || (a.id < b.id ? -1 : 1))
    .map(({ detector, params }) => [
      `[\`${detector.id}\`](${detector.id}.ts)`,
      String(detector.measure),
      detector.class,
      detector.key,
      `**${detector.title.en}.** ${detector.reason.en}`,
      Object.entries(params)
        .map(([name, value]) => `\`${name}\` ${shown(name, value)}`)
        .join(', '),
    ])
  const heads = ['id', 'measure', 'class', 'key', 'what it finds, and why', 'starts with']
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A README with the table in its place. Throws RangeError when it has no place for one. */
export function withTable(readme: string, table: string): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
  if (from < 0 || to < from)
    throw new RangeError(`The README needs a line "${begin}" and, after it, "${end}".`)
  return `${readme.slice(0, from + begin.length)}\n\n<!-- prettier-ignore -->\n${table}\n\n${readme.slice(to)}`
}

/** A value with its unit, which the name ends with: `24 h`, `45 d`, `10 min`. */
function shown(name: string, value: unknown): string {
  if (typeof value === 'number') {
    if (!name.endsWith('Ms')) return String(value)
    const [size, unit] = ([[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min']] as const).find(
      ([size]) => value >= (size === 86_400_000 ? 2 * size : size) && value % size === 0,
    ) ?? [1000, 's'] // prettier-ignore
    return `${value / size} ${unit}`
  }
  if (Array.isArray(value))
    return value.length === 0
      ? 'none'
      : value.map((one) => (Array.isArray(one) ? one.join(' ') : String(one))).join(' or ')
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, one]) => `${key} ${String(one)}`)
      .join(', ')
  return String(value)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await writeFile(tablePath, withTable(await readFile(tablePath, 'utf8'), tableOf(await loadRules())))
