import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createLogin } from '../../dashboard/api/logins.ts'
import { createKey } from '../../ingest/gateway/keys.ts'
import { axeFindings } from './axe.ts'
import { launchChromium, watchedContext } from './chromium.ts'
import { startStandalone, type Standalone } from './standalone.ts'

// Many pages, each of which a busy machine may take its time for.
vi.setConfig({ testTimeout: 240_000 })

const passport = 'ZZ9078563'
const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

let daan: Standalone
let browser: Browser
let key: string

beforeAll(async () => {
  ;[daan, browser] = await Promise.all([startStandalone(), launchChromium()])
  key = createKey(join(daan.dataDir, 'keys.json'), { source: 'e2e-checkpoint' }).key
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await daan?.stop()
})

/** Sends a crossing of the made-up passport, so many minutes ago; resolves once it is accepted. */
async function cross(minutesAgo: number, direction: 'entry' | 'exit'): Promise<void> {
  const response = await fetch(`${daan.ingestUrl}/v1/feeds/crossings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      id: `e2e-${minutesAgo}`,
      at: `${new Date(Date.now() - minutesAgo * 60_000).toISOString().slice(0, 19)}Z`,
      site: 'TH-MM-MAESOT1',
      direction,
      mode: 'land',
      documentType: 'passport',
      documentNumber: passport,
      nationality: 'UTO',
    }),
  })
  expect(await response.json()).toMatchObject({ accepted: 1 })
}

async function signInUrl(role: 'analyst' | 'leader'): Promise<string> {
  return `${daan.dashboardUrl}/login?token=${await createLogin(daan.dataDir, { role, ttlMs: 60_000 })}`
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(daan.dashboardUrl + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  // Nothing is left loading, charts included.
  await page.locator('[role=status]:has-text("Loading")').first().waitFor({ state: 'detached' })
  await page.locator('.chart:not(:has(svg))').first().waitFor({ state: 'detached' })
  // "Select all" of the queue is pale until there is a row; there is one.
  await page.locator('footer > button:disabled').first().waitFor({ state: 'detached' })
}

describe('dashboard', () => {
  it('shows an alert as it is raised, without a reload, and leads to the evidence', async () => {
    const { context, problems } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await page.goto(daan.loginUrl)
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    expect(page.url()).toBe(`${daan.dashboardUrl}/`)
    await page.getByTestId('connection').getByText('Live').waitFor()
    await page.getByText('No alerts yet').waitFor()
    await page.evaluate('window.notReloaded = true')

    await cross(200, 'entry')
    await cross(140, 'exit')
    await cross(80, 'entry')
    await cross(20, 'exit')
    const live = page.getByRole('group', { name: 'Live alerts' })
    const alert = live.getByRole('link').filter({ hasText: 'crossed 4 times' })
    await alert.waitFor()
    expect(await page.evaluate('window.notReloaded')).toBe(true)

    await alert.click()
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'crossed 4 times' }).waitFor()
    const rows = page.getByTestId('evidence').locator('tbody tr')
    await rows.nth(3).waitFor()
    expect(await rows.count()).toBe(4)
    expect(await rows.first().innerText()).toMatch(/Mae Sot.*Entry.*Passport/s)
    expect(await page.getByText('A lead for a person to check, not a verdict').count()).toBe(1)
    expect(await page.content()).not.toContain(passport)

    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await context.close()
    // The live feed may be ahead of the store: the page asks again, and the browser notes the first answer.
    expect(problems.filter((text) => !/ 404 .*\/api\/alerts\/[0-9a-f]{16}\b/.test(text))).toEqual([])
  })

  it.each([
    { name: 'light', options: { viewport: desktop, colorScheme: 'light' } },
    { name: 'dark on a phone', options: { viewport: phone, colorScheme: 'dark' } },
  ] as const)(
    'keeps to its content policy, the width of the screen and what axe asks: $name',
    async ({ options }) => {
      const { context, problems } = await watchedContext(browser, options)
      const page = await context.newPage()
      await page.goto(await signInUrl('analyst'))
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
      await visit(page, '/alerts')
      const alert = await page.getByTestId('queue').getByRole('link').first().getAttribute('href')
      const paths = [
        '/',
        '/?feed=sightings&span=7d',
        '/?span=5y&split=kind',
        '/?span=30d&view=table',
        '/?span=custom&from=2021-01-01&to=2026-03-08&grain=month',
        '/alerts?status=all',
        String(alert),
        '/daily',
        '/feeds',
        '/sites',
        '/no-such-page',
      ]
      for (const path of paths) {
        await visit(page, path)
        const width = await page.evaluate<number>('document.documentElement.scrollWidth')
        expect(width, `width of ${path}`).toBeLessThanOrEqual(options.viewport.width)
        expect(await axeFindings(page)).toEqual([])
      }
      await context.close()
      expect(problems).toEqual([])
    },
  )

  it('speaks Thai once it is chosen, and remembers it', async () => {
    const { context, problems } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await page.goto(await signInUrl('leader'))
    await page.getByLabel('Language').selectOption('th')
    await page.getByRole('heading', { level: 1, name: 'ภาพรวม' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'ภาพรวม' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('th')
    await context.close()
    expect(problems).toEqual([])
  })

  it('tells who is not signed in how to get a link', async () => {
    const { context } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await page.goto(`${daan.dashboardUrl}/daily`)
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect(await page.getByText('npm run login').count()).toBe(1)
    await context.close()
  })
})
