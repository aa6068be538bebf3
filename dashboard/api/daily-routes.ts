import type { FastifyInstance } from 'fastify'
import alertsOfDays from '../../sql/queries/alerts-of-days.ts'
import alertsOfSpan from '../../sql/queries/alerts-of-span.ts'
import firstHours from '../../sql/queries/first-hours.ts'
import volumesOfDays from '../../sql/queries/volumes-of-days.ts'
import volumesOfDaysBySite from '../../sql/queries/volumes-of-days-by-site.ts'
import { readers } from './access.ts'
import { summarise, type Day } from './daily.ts'
import { addDays, dateOf, parseDate, startOf } from './local-day.ts'
import type { NameBook } from './name-book.ts'
import type { Reader } from './reader.ts'
import { titleOf } from './rule-words.ts'
import { DailyQuery, type Daily } from './shapes.ts'

const listedAlerts = 50

/** GET /api/daily: one day for leadership. No pseudonym leaves here: alerts are sentences and places. */
export function dailyRoutes(
  app: FastifyInstance,
  options: { timeZone: string },
  deps: { reader: Reader; names: NameBook; now: () => Promise<number> },
): void {
  const { timeZone } = options
  const { reader, names } = deps
  const dayOf = (date: string): Day => ({
    date,
    from: startOf(date, timeZone),
    to: startOf(addDays(date, 1), timeZone),
  })

  app.get<{ Querystring: { date?: string } }>(
    '/api/daily',
    { config: readers, schema: { querystring: DailyQuery } },
    async (request): Promise<Daily> => {
      const now = await deps.now()
      const asked = request.query.date
      const date = asked === undefined ? addDays(dateOf(now, timeZone), -1) : parseDate(asked, 'date')
      const today = dayOf(date)
      const past = [7, 14, 21, 28].map((back) => dayOf(addDays(date, -back)))
      const spans = {
        froms: [today, ...past].map(({ from }) => from),
        tos: [today, ...past].map(({ to }) => to),
      }
      const [hours, sites, byRule, firsts, alerts] = await Promise.all([
        reader.rows(volumesOfDays, spans),
        reader.rows(volumesOfDaysBySite, spans),
        reader.rows(alertsOfDays, spans),
        reader.rows(firstHours, {}),
        reader.rows(alertsOfSpan, { from: today.from, to: today.to, limit: listedAlerts }),
        names.refresh(),
      ])
      const words = { nameOf: names.nameOf, titleOf }
      const summary = summarise({ hours, sites, alerts: byRule, firsts }, [today, ...past], words)
      return {
        ...today,
        timeZone,
        complete: now >= today.to,
        ...summary,
        alerts: alerts.map((alert) => ({
          alertId: alert.alert_id,
          rule: alert.rule,
          title: titleOf(alert.rule),
          class: alert.class as Daily['alerts'][number]['class'],
          severity: alert.severity as Daily['alerts'][number]['severity'],
          site: alert.site,
          siteName: names.nameOf(alert.site),
          raisedAt: alert.raised_ms,
          sentence: { en: alert.sentence_en, th: alert.sentence_th },
        })),
        alertsTotal: summary.alertsByRule.reduce((sum, { count }) => sum + count, 0),
      }
    },
  )
}
