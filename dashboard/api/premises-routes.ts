import type { FastifyInstance } from 'fastify'
import { Default } from 'typebox/value'
import overcrowded from '../../processors/detectors/overcrowded-lodgings.ts'
import openBySite from '../../sql/queries/open-alerts-by-site.ts'
import presencePeaks from '../../sql/queries/presence-peaks.ts'
import presenceSteps from '../../sql/queries/presence-steps.ts'
import { readers } from './access.ts'
import { dateOf, parseMoment } from './local-day.ts'
import type { NameBook } from './name-book.ts'
import { badInput, Problem } from './problem.ts'
import type { Reader } from './reader.ts'
import {
  PremisesParams,
  PresenceQuery,
  type PremisesPeak,
  type PremisesPeaks,
  type Presence,
} from './shapes.ts'

const dayMs = 86_400_000
const maxSteps = 2_000

/** A stay without check-out lasts as long here as the detector takes it to. */
const { assumedNights } = Default(overcrowded.params, {}) as { assumedNights: number }
const assumed_ms = assumedNights * dayMs

/** GET /api/premises/peaks, /api/premises/:id/presence. */
export function premisesRoutes(
  app: FastifyInstance,
  options: { timeZone: string },
  deps: { reader: Reader; names: NameBook },
): void {
  const { reader, names } = deps

  app.get('/api/premises/peaks', { config: readers }, async (): Promise<PremisesPeaks> => {
    const [rows, open] = await Promise.all([
      reader.rows(presencePeaks, { assumed_ms }),
      openAlerts(),
      names.refresh(),
    ])
    const premises = rows.map((row) => describe(row.site, row, row.registrations, open.get(row.site)))
    return { premises: premises.sort((a, b) => b.peak / b.capacity - a.peak / a.capacity) }
  })

  app.get<{ Params: { id: string }; Querystring: { from?: string; to?: string } }>(
    '/api/premises/:id/presence',
    { config: readers, schema: { params: PremisesParams, querystring: PresenceQuery } },
    async (request): Promise<Presence> => {
      const { id } = request.params
      const { query } = request
      const from = query.from === undefined ? -Infinity : parseMoment(query.from, 'from', options.timeZone)
      const to = query.to === undefined ? Infinity : parseMoment(query.to, 'to', options.timeZone)
      if (to <= from) throw badInput('to', 'The span is empty.', 'Give a `to` that is later than `from`.')
      const [steps, open] = await Promise.all([
        reader.rows(presenceSteps, { assumed_ms, site: id }),
        openAlerts(),
        names.refresh(),
      ])
      if (steps.length === 0 && !names.knowsPremises(id))
        throw new Problem(404, {
          code: 'NOT_FOUND',
          message: 'There is no such premises.',
          field: 'id',
          fix: 'Take an id of /api/sites or /api/premises/peaks.',
        })
      const shown = within(steps, from, to)
      const top = shown.reduce((best, step) => (step.present > best.present ? step : best), {
        at: 0,
        present: 0,
      })
      const registrations = steps.reduce((sum, { arrivals }) => sum + arrivals, 0)
      return {
        ...describe(id, { peak: top.present, peak_at: top.at }, registrations, open.get(id)),
        steps: around(shown, top.at),
      }
    },
  )

  async function openAlerts(): Promise<Map<string, Open>> {
    const rows = await reader.rows(openBySite, { rule: overcrowded.id })
    return new Map(rows.map(({ site, count, of_rule }) => [site, { openAlerts: count, findings: of_rule }]))
  }

  function describe(
    id: string,
    { peak, peak_at }: { peak: number; peak_at: number },
    registrations: number,
    { openAlerts, findings }: Open = { openAlerts: 0, findings: 0 },
  ): PremisesPeak {
    return {
      id,
      name: names.nameOf(id),
      capacity: names.capacityAt(id, peak_at),
      peak,
      peakAt: peak_at,
      peakFrom: dateOf(peak_at, options.timeZone),
      registrations,
      findings,
      openAlerts,
    }
  }
}

/** Open alerts of a premises: of overcrowding, and of any rule. */
type Open = Pick<PremisesPeak, 'findings' | 'openAlerts'>

interface Step {
  readonly at: number
  readonly present: number
}

/** The steps in [from, to), with whoever was present at `from` as the first. */
function within(steps: readonly Step[], from: number, to: number): Step[] {
  const before = steps.findLast(({ at }) => at < from)
  const inside = steps.filter(({ at }) => at >= from && at < to)
  const carried =
    before !== undefined && inside[0]?.at !== from ? [{ at: from, present: before.present }] : []
  return [...carried, ...inside].map(({ at, present }) => ({ at, present }))
}

/** At most {@link maxSteps} steps, with the peak among them. */
function around(steps: readonly Step[], peakAt: number): Step[] {
  const peak = steps.findIndex(({ at }) => at === peakAt)
  const start = Math.max(0, Math.min(peak - maxSteps / 2, steps.length - maxSteps))
  return steps.slice(start, start + maxSteps)
}
