import type { Rule } from '../../processors/rule.ts'

/** CPU time that evaluation takes, by detector, ms. */
export interface StopWatch {
  readonly evaluateMs: Readonly<Record<string, number>>
  /** The same rule; it adds the CPU time of each evaluation to its detector's. */
  timed(rule: Rule): Rule
}

export function createStopWatch(): StopWatch {
  const evaluateMs: Record<string, number> = {}
  return {
    evaluateMs,
    timed(rule) {
      const { id, evaluate } = rule.detector
      evaluateMs[id] = 0
      return {
        ...rule,
        detector: {
          ...rule.detector,
          evaluate: (context) => {
            const before = process.threadCpuUsage()
            try {
              return evaluate(context)
            } finally {
              const { user, system } = process.threadCpuUsage(before)
              evaluateMs[id] = (evaluateMs[id] as number) + (user + system) / 1_000
            }
          },
        },
      }
    },
  }
}
