import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogin } from '../../dashboard/api/logins.ts'
import { createKey } from '../../ingest/gateway/keys.ts'
import { until } from '../support/until.ts'
import { axeFindings } from './axe.ts'
import { launchChromium, watchedContext } from './chromium.ts'
import { startStandalone, type Standalone } from './standalone.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A whole hour of yesterday in which one checkpoint has ten times its border passes. */
const peak = Math.floor((Date.now() - dayMs) / hourMs) * hourMs
const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`
/** Two days around it, as an address says them. */
const around = `span=custom&from=${iso(peak - dayMs)}&to=${iso(peak + 12 * hourMs)}`
const selected = `selected=${iso(peak)}~${iso(peak + hourMs)}`

let daan: Standalone
let browser: Browser

beforeAll(async () => {
  ;[daan, browser] = await Promise.all([startStandalone(), launchChromium()])
  const { key } = createKey(join(daan.dataDir, 'keys.json'), { source: 'e2e-explore' })
  await send(key)
  const page = await signedIn(browser)
  // Stored, in the cube, and the sites in their provinces: the rollup brings those after the counts.
  await until(
    'the cube to have every record',
    async () => {
      const answer = await page.request.get(
        `${daan.dashboardUrl}/api/explore/boards?show=crossings&from=${iso(peak - 3 * dayMs)}&to=${iso(peak + 12 * hourMs)}`,
      )
      const boards = await answer.text()
      const { total } = JSON.parse(boards) as { total: { now: number } }
      return total.now === sent && boards.includes('"Tak"')
    },
    60_000,
  )
  await page.context().close()
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await daan?.stop()
})

const sites = ['TH-MM-MAESOT1', 'TH-LA-FB1', 'TH-MY-SADAO']
let sent = 0
/** Of them in the view: 36 hours, and the passes of the peak. */
const expected = 36 * 9 + 30

/** Every hour of three days three crossings at each of three checkpoints by passport; at the peak 30 more by border pass at the first. */
async function send(key: string): Promise<void> {
  const records: object[] = []
  const put = (at: number, site: string, documentType: string, n: number): void => {
    records.push({
      id: `e2e-${at}-${site}-${documentType}-${n}`,
      at: iso(at + n * 60_000).replace('Z', ':00Z'),
      site,
      direction: n % 2 === 0 ? 'entry' : 'exit',
      documentType,
      documentNumber: `ZZ${site.slice(-3)}${at / hourMs}${documentType.length}${n}`.replace(/[^A-Z0-9]/g, ''),
      nationality: 'UTO',
    })
  }
  for (let at = peak - 60 * hourMs; at < peak + 12 * hourMs; at += hourMs)
    for (const site of sites) for (let n = 0; n < 3; n++) put(at, site, 'passport', n)
  for (let n = 0; n < 30; n++) put(peak, sites[0] as string, 'border-pass', n)
  const response = await fetch(`${daan.ingestUrl}/v1/feeds/crossings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(records),
  })
  expect(await response.json()).toMatchObject({ accepted: records.length })
  sent = records.length
}

async function signedIn(from: Browser, options: Parameters<typeof watchedContext>[1] = {}): Promise<Page> {
  const { context } = await watchedContext(from, { viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  await page.goto(
    `${daan.dashboardUrl}/login?token=${await createLogin(daan.dataDir, { role: 'analyst', ttlMs: 60_000 })}`,
  )
  return page
}

/** Opens a page and waits until nothing on it is loading, charts included. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(daan.dashboardUrl + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
}
async function settled(page: Page): Promise<void> {
  await page.locator('.loading').first().waitFor({ state: 'detached' })
  await page.locator('.chart:not(:has(svg))').first().waitFor({ state: 'detached' })
  await page.locator('.content.stale').first().waitFor({ state: 'detached' })
}
const total = (page: Page): Promise<string> => page.getByTestId('total').innerText()

describe('explore', () => {
  it('a link reproduces a view exactly, and back and forward walk through the views', async () => {
    const page = await signedIn(browser)
    await open(page, `/explore?${around}`)
    expect(await total(page)).toBe(String(expected))
    await page
      .getByTestId('board-documentType')
      .getByRole('button', { name: /Border pass/ })
      .click()
    await settled(page)
    await page.getByTestId('total').getByText('30', { exact: true }).waitFor()
    await page.getByRole('combobox', { name: /^Split by/ }).selectOption('site')
    await page.getByRole('radio', { name: 'Table' }).check({ force: true })
    await page.getByRole('columnheader', { name: /^Mae Sot/ }).waitFor()
    const link = page.url()
    expect(link).toContain('documentType=border-pass')
    const seen = await page.locator('main').innerText()

    const other = await signedIn(browser)
    await open(other, link.slice(daan.dashboardUrl.length))
    await other.getByRole('columnheader', { name: /^Mae Sot/ }).waitFor()
    expect(await other.locator('main').innerText()).toBe(seen)
    await other.context().close()

    await page.goBack()
    await page.goBack()
    await page.goBack()
    await page.getByTestId('total').getByText(String(expected), { exact: true }).waitFor()
    await page.goForward()
    await page.getByTestId('total').getByText('30', { exact: true }).waitFor()
    await page.context().close()
  })

  it('brushing selects, zooms and explains: the planted cause comes first', async () => {
    const page = await signedIn(browser)
    await open(page, `/explore?${around}`)
    const plot = page.getByTestId('plot')
    const box = await plot.boundingBox()
    if (box === null) throw new Error('The chart has no plot.')
    // 36 hours are drawn; the peak is the 25th.
    const x = box.x + (box.width * 24.5) / 36
    await page.mouse.click(x, box.y + 40)
    await page.waitForURL((url) => url.searchParams.get('selected') === `${iso(peak)}~${iso(peak + hourMs)}`)
    await page.getByRole('button', { name: 'Explain this change' }).click()
    const first = page.getByTestId('causes').locator('tbody tr').first()
    await first.waitFor()
    expect(await first.innerText()).toContain('Border pass')
    expect(await page.getByTestId('causes').innerText()).toMatch(/Site\s*Mae Sot/)

    await page.mouse.move(box.x + (box.width * 20.5) / 36, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + (box.width * 29.5) / 36, box.y + 60, { steps: 4 })
    await page.mouse.up()
    await page.waitForURL(
      (url) => url.searchParams.get('selected') === `${iso(peak - 4 * hourMs)}~${iso(peak + 6 * hourMs)}`,
    )
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await page.waitForURL((url) => url.searchParams.get('from') === iso(peak - 4 * hourMs))
    await page
      .getByTestId('total')
      .getByText(String(10 * 9 + 30), { exact: true })
      .waitFor()
    await page.context().close()
  })

  it('the keyboard alone selects, explains and opens the records, which lead to the log message', async () => {
    const page = await signedIn(browser)
    await open(page, `/explore?${around}`)
    const plot = page.getByTestId('plot')
    await plot.focus()
    for (let i = 0; i < 24; i++) await plot.press('ArrowRight')
    await plot.press('Enter')
    await page.waitForURL((url) => url.searchParams.get('selected') === `${iso(peak)}~${iso(peak + hourMs)}`)
    await plot.press('e')
    await page.getByTestId('causes').waitFor()
    await plot.press('r')
    const rows = page.getByTestId('rows').locator('tbody tr')
    await rows.nth(38).waitFor()
    expect(await rows.count()).toBe(39)
    expect(await rows.first().innerText()).toMatch(/e2e-explore:e2e-.*\d+$/s)
    await plot.press('Escape')
    await page.waitForURL((url) => !url.searchParams.has('selected'))
    await page.context().close()
  })

  it('compares, and an export opened in apache-arrow holds the numbers of the table', async () => {
    const page = await signedIn(browser)
    await open(page, `/explore?${around}&split=none&view=table&compare=previous`)
    const shown = await page
      .getByTestId('table')
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => Number(row.querySelectorAll('td')[0]?.textContent?.replaceAll(',', ''))),
      )
    await page.getByText('Export', { exact: true }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Arrow' }).click(),
    ])
    const table = tableFromIPC(await readFile(await download.path()))
    const exported = table
      .toArray()
      .filter((row) => Number(row.period) === 0)
      .map((row) => Number(row.value))
    expect(exported.toReversed()).toEqual(shown.filter((value) => value > 0))
    await page.context().close()
  })

  it('keeps a view under a name, and shows the query that made the number', async () => {
    const page = await signedIn(browser)
    await open(page, `/explore?${around}&documentType=border-pass`)
    await page.getByText('Saved views', { exact: true }).click()
    await page.getByLabel('Name of this view').fill('Passes')
    await page.getByRole('button', { name: 'Save' }).click()
    await open(page, '/explore?panel=query')
    expect(await page.getByTestId('sql').innerText()).toContain('cube_hours')
    await page.getByText('Saved views', { exact: true }).click()
    await page.getByRole('link', { name: 'Passes' }).click()
    await page.getByTestId('total').getByText('30', { exact: true }).waitFor()
    await page.context().close()
  })

  it.each([
    { name: 'light', options: { colorScheme: 'light' } },
    {
      name: 'dark, on a phone, in Thai',
      options: { colorScheme: 'dark', viewport: { width: 390, height: 2400 }, locale: 'th-TH' },
    },
  ] as const)(
    'keeps to its policy, to the width of the screen and to what axe asks: $name',
    { timeout: 240_000 },
    async ({ options }) => {
      const { context, problems } = await watchedContext(browser, {
        // High enough that what sticks to the foot of the window covers nothing.
        viewport: { width: 1280, height: 2400 },
        ...options,
      })
      const page = await context.newPage()
      await page.goto(
        `${daan.dashboardUrl}/login?token=${await createLogin(daan.dataDir, { role: 'analyst', ttlMs: 60_000 })}`,
      )
      const width = page.viewportSize()?.width ?? 0
      for (const path of [
        `/explore?${around}`,
        `/explore?${around}&${selected}&panel=explain&site=${sites[0]}`,
        `/explore?${around}&view=table&panel=rows`,
        '/explore?show=lateShare&panel=query&span=30d',
        '/explore?show=alerts&span=1y&panel=rows',
        `/map?date=${iso(peak).slice(0, 10)}&site=${sites[0]}`,
        `/map?date=${iso(peak).slice(0, 10)}&view=table`,
      ]) {
        await page.goto(daan.dashboardUrl + path)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.locator('.loading').first().waitFor({ state: 'detached' })
        await page.locator('.chart:not(:has(svg))').first().waitFor({ state: 'detached' })
        expect(await page.evaluate<number>('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(
          width,
        )
        expect(await axeFindings(page)).toEqual([])
      }
      await context.close()
      expect(problems).toEqual([])
    },
  )

  it('the map plays a day hour by hour', async () => {
    const page = await signedIn(browser)
    await open(page, `/map?date=${iso(peak).slice(0, 10)}`)
    await page.getByRole('img', { name: /Map of Thailand/ }).waitFor()
    await page.getByRole('button', { name: 'Play the day' }).click()
    await page.waitForURL((url) => url.searchParams.get('hour') === '1')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByLabel('Hour of the day').press('End')
    await page.waitForURL((url) => url.searchParams.get('hour') === '23')
    await page.context().close()
  })
})
