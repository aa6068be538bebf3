import type { Params } from '../store.ts'

/**
 * The text of a query without what its parameters leave empty: the engine takes longer to understand a condition that says nothing than to
 * count a million rows. A line that ends with `-- if name` goes when the list or text `name` is empty, and so do the lines between `-- if name` and
 * `-- end` (`-- if name has value`: when it does not hold the value), with one UNION ALL beside them. The text is as valid whole.
 */
export function relevantText(text: string, params: Params | undefined): string {
  if (params === undefined || !text.includes('-- if ')) return text
  const kept: string[] = []
  let skipping = false
  let leftOut = false
  const keep = (line: string): void => {
    const union = (one: string | undefined): boolean => one?.trim() === 'UNION ALL'
    if (leftOut && union(line)) leftOut = false
    else {
      if (leftOut && union(kept.at(-1))) kept.pop()
      leftOut = false
      kept.push(line)
    }
  }
  for (const line of text.split('\n')) {
    const [, code = '', name, value] = /^(.*?)-- if (\w+)(?: has (\w+))?$/.exec(line) ?? []
    if (name === undefined) {
      if (line.trim() !== '-- end') {
        if (!skipping) keep(line)
      } else {
        leftOut ||= skipping
        skipping = false
      }
      continue
    }
    const given = params[name]
    const holds = Array.isArray(given)
      ? value === undefined
        ? given.length > 0
        : given.includes(value)
      : given !== ''
    if (code.trim() === '') skipping = !holds
    else if (holds && !skipping) keep(code)
  }
  return kept.join('\n')
}
