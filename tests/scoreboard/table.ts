import type { Figures } from './score.ts'

const cells: readonly (readonly [string, (one: Figures) => string])[] = [
  ['detector', ({ id }) => id],
  ['class', ({ class: alertClass }) => alertClass],
  ['planted', ({ planted }) => String(planted)],
  ['found', ({ found }) => String(found)],
  ['precision', ({ precision }) => fixed(precision, 3)],
  ['recall', ({ recall }) => fixed(recall, 3)],
  ['median delay, s', ({ medianDelayS }) => fixed(medianDelayS, 0)],
  ['hard negatives', ({ negatives, negativesFound }) => `${negativesFound} of ${negatives}`],
  ['alerts', ({ alerts }) => String(alerts)],
  ['withdrawn', ({ withdrawn }) => String(withdrawn)],
  ['a day per 100,000 arrivals', ({ alertsADayPer100kArrivals: all, falseADayPer100kArrivals: wrong }) => `${all.toFixed(1)} (${wrong.toFixed(1)} false)`],
  ['CPU share', ({ cpuShare }) => `${(cpuShare * 100).toFixed(1)} %`],
] // prettier-ignore

const fixed = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits))

/** As a Markdown table, as the page of the docs has it. */
export function table(figures: readonly Figures[]): string {
  const rows = [
    cells.map(([name]) => name),
    cells.map(() => '---'),
    ...figures.map((one) => cells.map(([, cell]) => cell(one))),
  ]
  return rows.map((row) => `| ${row.join(' | ')} |\n`).join('')
}
