import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import { createLogin } from '../../dashboard/api/logins.ts'
import { silentLog } from '../../platform/log.ts'
import { migrate, readMigrations } from '../../sql/migrate.ts'
import { openStore } from '../../sql/store.ts'
import { launchChromium } from '../e2e/chromium.ts'
import { until as waitFor } from '../support/until.ts'
import { quantile, runCommand, type Bench } from './command.ts'
import { exploreViews } from './explore-views.ts'
import { post } from './ingest.ts'
import { recordsPerMessage, worldInput } from './input.ts'
import { openSite, type Site } from './site.ts'
import { busyVehicle, fillStore } from './stored-events.ts'

const cache = fileURLToPath(new URL('../../.cache/bench/', import.meta.url))
const days = 90
const eventsPerSecond = 1_000
/** Size of the world that sends them. */
const worldKeys = 20_000

/** The dashboard on a store of `rows` events and 100,000 alerts, in Chromium, while suppliers send 1,000 events a second. */
export const bench: Bench = async ({ rows, say }) => {
  const until = Math.floor(Date.now() / 3_600_000) * 3_600_000
  const prepared = await prepare(rows, until, say)
  const site = await openSite()
  const browser = await launchChromium()
  const abort = new AbortController()
  try {
    cpSync(prepared, join(site.dataDir, 'store'), { recursive: true })
    await Promise.all([site.start('ingest'), site.start('dashboard')])
    // As on a system that has been up for a while: what it keeps in memory is there.
    await waitFor('the cube in memory', () => site.detail('dashboard', 'cubeFilled') === 1, 600_000)
    const open = async (): Promise<{ context: BrowserContext; page: Page }> => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
      const login = await createLogin(site.dataDir, { role: 'analyst' })
      await context.request.get(`${site.dashboardUrl}/login?token=${login}`, { maxRedirects: 0 })
      return { context, page: await context.newPage() }
    }
    const sending = send(site, abort.signal)
    const first = await firstChart(site, await open())
    say(`first chart after ${Math.round(first.ms)} ms, ${Math.round(first.kb)} KB`)
    const { page } = await open()
    const explored = await explore(site, page, until, say)
    const queueOpenMs = await timed(page, `${site.dashboardUrl}/alerts`, '[data-testid="queue"] [role="row"]')
    await page.evaluate(
      `sessionStorage.setItem('daan.purpose', JSON.stringify({ purpose: 'investigation', caseNumber: 'BENCH-1' }))`,
    )
    const timelineMs = await timed(
      page,
      `${site.dashboardUrl}/entities/vehicle/${busyVehicle}`,
      'canvas[data-drawn]',
    )
    const drawn = await page.locator('canvas[data-drawn]').first().getAttribute('data-drawn')
    abort.abort()
    const failed = await sending
    return {
      exploreP50Ms: quantile(explored, 0.5),
      exploreP95Ms: quantile(explored, 0.95),
      exploreViews: explored.length,
      firstChartMs: first.ms,
      firstLoadKb: first.kb,
      queueOpenMs,
      timelineMs,
      timelineEvents: Number(drawn),
      rows,
      refusedRequests: failed,
    }
  } finally {
    abort.abort()
    await browser.close()
    await site.close()
  }
}

/** A folder with a store of that size that ends today, made when it is not there yet; older ones go. */
async function prepare(rows: number, until: number, say: (text: string) => void): Promise<string> {
  const schema = createHash('sha256')
    .update(
      readMigrations()
        .map(({ sha256 }) => sha256)
        .join(),
    )
    .digest('hex')
    .slice(0, 8)
  const name = `dashboard-${rows}-${schema}-${new Date(until).toISOString().slice(0, 10)}`
  const folder = join(cache, name)
  mkdirSync(cache, { recursive: true })
  for (const other of readdirSync(cache))
    if (other.startsWith(`dashboard-${rows}-`) && other !== name)
      rmSync(join(cache, other), { recursive: true })
  if (existsSync(folder)) return folder
  const unfinished = join(cache, `unfinished-${name}`)
  rmSync(unfinished, { recursive: true, force: true })
  const store = await openStore({ path: unfinished, log: silentLog })
  try {
    await migrate(store, { log: silentLog })
    const premises = Math.min(20_000, Math.ceil(rows / 50))
    const busySightings = Math.min(10_000, Math.ceil(rows / 10))
    await fillStore(
      store,
      { rows, alerts: Math.min(100_000, rows), until, days, premises, busySightings },
      say,
    )
  } finally {
    await store.close()
  }
  rmSync(`${unfinished}-spool`, { recursive: true, force: true })
  renameSync(unfinished, folder)
  return folder
}

/** 1,000 events a second until told to stop; gives how many requests were not taken. */
async function send(site: Site, signal: AbortSignal): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const everyMs = (recordsPerMessage / eventsPerSecond) * 1000
  const started = performance.now()
  let [message, failed] = [0, 0]
  for await (const { feed, data } of worldInput(worldKeys)) {
    await sleep(Math.max(0, started + message++ * everyMs - performance.now()), undefined, { signal }).catch(
      () => {},
    )
    if (signal.aborted) break
    if ((await post(site, agent, { feed, text: data.toString() })) !== 200) failed++
  }
  agent.destroy()
  return failed
}

/** From an empty cache to the first chart of the overview: ms, and what came over the wire until then, KB compressed. */
async function firstChart(
  site: Site,
  { context, page }: { context: BrowserContext; page: Page },
): Promise<{ ms: number; kb: number }> {
  const wire = await context.newCDPSession(page)
  await wire.send('Network.enable')
  let bytes = 0
  wire.on('Network.dataReceived', ({ encodedDataLength }) => (bytes += encodedDataLength))
  const ms = await timed(page, `${site.dashboardUrl}/`, '.chart svg')
  const kb = bytes / 1024
  await context.close()
  return { ms, kb }
}

/** From asking for an address until something is there, ms. */
async function timed(page: Page, url: string, selector: string): Promise<number> {
  const started = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator(selector).first().waitFor({ timeout: 120_000 })
  return performance.now() - started
}

/** Every view by a click on a link within the page: ms until chart and leaderboards have changed for the last time, sorted. */
async function explore(
  site: Site,
  page: Page,
  until: number,
  say: (text: string) => void,
): Promise<number[]> {
  await page.goto(`${site.dashboardUrl}/explore`)
  await page.locator('.chart svg').first().waitFor({ timeout: 120_000 })
  const found: number[] = []
  for (const view of exploreViews(until)) {
    const ms = await page.evaluate<number>(`(${clickUntilDrawn})(${JSON.stringify(view)})`)
    say(`${Math.round(ms)} ms ${view}`)
    found.push(ms)
  }
  return found.sort((a, b) => a - b)
}

/** Runs in the page, so that its own clock counts: settled is when nothing is stale or loading and nothing changed for 250 ms. */
const clickUntilDrawn = `async (href) => {
  const link = Object.assign(document.createElement('a'), { href })
  document.body.append(link)
  const from = performance.now()
  let changed = from
  const observer = new MutationObserver(() => { changed = performance.now() })
  observer.observe(document.querySelector('main .grid'), { childList: true, subtree: true })
  link.click()
  link.remove()
  const busy = '.loading, .content.stale, .chart:not(:has(svg))'
  for (let quiet = 0; performance.now() - from < 60000; ) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
    if (document.querySelector('main')?.querySelector(busy)) changed = performance.now()
    quiet = performance.now() - Math.max(changed, from)
    if (quiet > 250) break
  }
  observer.disconnect()
  return changed - from
}`

if (import.meta.main) void runCommand('dashboard')
