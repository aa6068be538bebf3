import type { Verdicts } from '../supplier/supplier.ts'
import type { PremisesPeak } from './dashboard-client.ts'

/** What `--json` prints. */
export interface Summary {
  readonly sent: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  readonly premises: readonly {
    readonly id: string
    /** Most people present at one time, and the local day on which that began (YYYY-MM-DD); empty when nobody ever was. */
    readonly peak: number
    readonly peakFrom: string
    /** Open findings of overcrowding. */
    readonly findings: number
  }[]
}

/** The summary of a replay: what was sent, and what the product says of the premises `ids`. */
export function summarise(
  sent: number,
  verdicts: Verdicts,
  ids: readonly string[],
  peaks: readonly PremisesPeak[],
): Summary {
  const { accepted, duplicate, rejected } = verdicts
  const premises = ids.map((id) => {
    const { peak = 0, peakFrom = '', findings = 0 } = peaks.find((row) => row.id === id) ?? {}
    return { id, peak, peakFrom: peak > 0 ? peakFrom : '', findings }
  })
  return { sent, accepted, duplicate, rejected, premises }
}

const number = (value: number): string => value.toLocaleString('en')

/** The summary as a person reads it. */
export function inWords(
  summary: Summary,
  reasons: Readonly<Record<string, number>>,
  capacities: Readonly<Record<string, number>>,
): string {
  const { sent, accepted, duplicate, rejected, premises } = summary
  const lines = [
    `Sent ${number(sent)}: ${number(accepted)} accepted, ${number(duplicate)} duplicates, ${number(rejected)} rejected.`,
    ...(sent > 0 && duplicate === sent ? ['All were duplicates: nothing has changed.'] : []),
    ...Object.entries(reasons).map(([reason, count]) => `  rejected, ${reason}: ${number(count)}`),
    ...premises.map(
      ({ id, peak, peakFrom, findings }) =>
        `${id} (capacity ${number(capacities[id] ?? 0)}): peak of ${number(peak)} people present, from ${peakFrom || 'never'}; ` +
        `${number(findings)} ${findings === 1 ? 'finding' : 'findings'} of overcrowding.`,
    ),
  ]
  return `${lines.join('\n')}\n`
}
