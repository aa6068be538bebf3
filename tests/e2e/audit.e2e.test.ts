import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createLogin } from '../../dashboard/api/logins.ts'
import type { Role } from '../../dashboard/api/shapes.ts'
import { createKey } from '../../ingest/gateway/keys.ts'
import { axeFindings } from './axe.ts'
import { launchChromium, watchedContext } from './chromium.ts'
import { startStandalone, type Standalone } from './standalone.ts'

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

// Many steps, each of which a busy machine may take its time for.
vi.setConfig({ testTimeout: 240_000 })

let daan: Standalone
let browser: Browser

beforeAll(async () => {
  ;[daan, browser] = await Promise.all([startStandalone(), launchChromium()])
  const { key } = createKey(join(daan.dataDir, 'keys.json'), { source: 'e2e-audit' })
  const records = [200, 140, 80, 20].map((minutesAgo, i) => ({
    id: `audit-${i}`,
    at: `${new Date(Date.now() - minutesAgo * 60_000).toISOString().slice(0, 19)}Z`,
    site: 'TH-MM-MAESOT1',
    direction: i % 2 === 0 ? 'entry' : 'exit',
    mode: 'land',
    documentType: 'passport',
    documentNumber: 'ZA2000001',
    nationality: 'UTO',
  }))
  const response = await fetch(`${daan.ingestUrl}/v1/feeds/crossings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(records),
  })
  expect(await response.json()).toMatchObject({ accepted: 4 })
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await daan?.stop()
})

async function signIn(page: Page, role: Role): Promise<void> {
  const token = await createLogin(daan.dataDir, { role, ttlMs: 60_000 })
  await page.goto(`${daan.dashboardUrl}/login?token=${token}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

/** An analyst looks at the evidence of the alert, then at the traveller for a case, then hands a package over. */
async function work(page: Page): Promise<void> {
  await signIn(page, 'analyst')
  const count = page.getByTestId('count')
  await page.goto(`${daan.dashboardUrl}/alerts?state=any&text=crossed+4`)
  for (;;) {
    await count.getByText(/\d/).waitFor()
    if ((await count.innerText()).startsWith('1')) break
    await page.reload()
  }
  await page.getByTestId('queue').getByRole('link').first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('canvas[data-drawn="4"]').waitFor()
  await page.keyboard.press('e')
  await page.getByLabel('Case number').fill('INV-7/2026')
  await page.keyboard.press('Enter')
  await page.locator('canvas[data-drawn="4"]').waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'Hand over' }).click()
  await page.getByLabel('Recipient').fill('Embassy of Utopia')
  await page.getByLabel('Case number').fill('INV-7/2026')
  await page.getByRole('button', { name: 'Make the package' }).click()
  await page.getByTestId('package').waitFor()
}

it('is empty, then tells who looked at whom, why and for which case, and that its chain is whole', async () => {
  const { context, problems } = await watchedContext(browser, { viewport: desktop })
  const page = await context.newPage()
  await signIn(page, 'admin')
  await page.getByRole('link', { name: 'Audit journal' }).click()
  await page.getByText('Nobody has looked at anybody yet').waitFor()
  await page.getByTestId('chain').getByText('The chain is whole').waitFor()
  expect(await axeFindings(page)).toEqual([])

  const analyst = await watchedContext(browser, { viewport: desktop })
  await work(await analyst.context.newPage())
  await analyst.context.close()

  await page.reload()
  const rows = page.locator('tbody tr')
  await rows.nth(3).waitFor()
  expect(await rows.allInnerTexts()).toEqual([
    expect.stringMatching(/^4\s.*analyst-.*Handed over a package to Embassy of Utopia.*INV-7\/2026/s),
    expect.stringMatching(/^3\s.*Looked at the evidence\s+Traveller/s),
    expect.stringMatching(/^2\s.*Looked at all records\s+Traveller.*Investigation\s+INV-7\/2026/s),
    expect.stringMatching(/^1\s.*Looked at the evidence\s+Traveller.*Triage\s+Alert [0-9a-f]{8}/s),
  ])
  // The server keeps a check for 5 s: who was quick is shown the one of before.
  const held = page.getByTestId('chain').getByText('4 entries held against the one before')
  await expect
    .poll(
      async () => {
        await page.reload()
        await rows.nth(3).waitFor()
        await page.getByTestId('chain').getByText('held against the one before').waitFor()
        return held.isVisible()
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBe(true)

  await page.getByLabel('What was done').selectOption('entity')
  await page.getByTestId('audit-total').getByText('1 entry').waitFor()
  expect(await rows.count()).toBe(1)
  expect(new URL(page.url()).search).toBe('?act=entity')
  await page.getByRole('link', { name: 'Clear filters' }).click()
  await page.getByTestId('audit-total').getByText('4 entries').waitFor()
  await page.getByLabel('Who').fill('admin')
  await page.keyboard.press('Enter')
  await page.getByText('No entry matches').waitFor()
  await page.getByLabel('Who').fill('Some Body')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('Small letters').waitFor()
  await page.goto(`${daan.dashboardUrl}/audit`)
  await rows
    .first()
    .getByRole('link', { name: /^[0-9a-f]{8}$/ })
    .first()
    .click()
  await page.getByRole('button', { name: /About/ }).waitFor()
  await page.goto(`${daan.dashboardUrl}/audit?before=4`)
  await page.getByRole('link', { name: 'Newest' }).click()
  await rows.nth(3).waitFor()
  expect(await rows.count()).toBe(4)
  await context.close()
  expect(problems).toEqual([])
})

it.each([
  { name: 'light', options: { viewport: desktop, colorScheme: 'light' } },
  { name: 'dark on a phone', options: { viewport: phone, colorScheme: 'dark' } },
] as const)('passes axe, whole, broken and failed: $name', async ({ options }) => {
  const { context, problems } = await watchedContext(browser, options)
  const page = await context.newPage()
  await signIn(page, 'admin')
  const fits = async (): Promise<void> => {
    expect(await axeFindings(page)).toEqual([])
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(options.viewport.width)
  }
  await page.goto(`${daan.dashboardUrl}/audit`)
  await page.getByText('The chain is whole').waitFor()
  await page.locator('tbody tr').first().waitFor()
  await fits()

  const whole = {
    first: 1,
    last: 4,
    checked: 1,
    brokenAt: 2,
    brokenWhen: Date.now(),
    missing: 0,
    checkedAt: Date.now(),
  }
  await page.route('**/api/audit/chain', (route) => route.fulfill({ json: whole }))
  await page.reload()
  await page.getByText('The chain is broken at entry 2').waitFor()
  await page.getByRole('row').filter({ hasText: 'The chain breaks here' }).waitFor()
  await fits()

  await page.route('**/api/audit?*', (route) => route.abort())
  await page.route('**/api/audit', (route) => route.abort())
  await page.route('**/api/audit/chain', (route) =>
    route.fulfill({
      status: 503,
      json: { code: 'STORE_UNREACHABLE', message: 'The store does not answer now.' },
    }),
  )
  await page.reload()
  await page.getByText('The chain could not be checked').waitFor()
  await page.getByText('This could not be loaded').waitFor()
  await fits()
  await context.close()
  expect(problems.filter((text) => !text.includes('/api/audit'))).toEqual([])
})

it('is not shown to others, and speaks Thai', async () => {
  const { context, problems } = await watchedContext(browser, { viewport: desktop })
  const page = await context.newPage()
  await signIn(page, 'analyst')
  expect(await page.getByRole('link', { name: 'Audit journal' }).count()).toBe(0)
  await page.goto(`${daan.dashboardUrl}/audit`)
  await page.getByText('Your role may not see this.').waitFor()
  await signIn(page, 'admin')
  await page.getByLabel('Language').selectOption('th')
  await page.goto(`${daan.dashboardUrl}/audit`)
  await page.getByText('ลูกโซ่สมบูรณ์').waitFor()
  await page.getByRole('row').filter({ hasText: 'ดูหลักฐาน' }).first().waitFor()
  await context.close()
  expect(problems).toEqual([])
})

it('has four entries and the rest under More on a phone, in reach of keys', async () => {
  const { context, problems } = await watchedContext(browser, { viewport: phone })
  const page = await context.newPage()
  await signIn(page, 'admin')
  for (const [language, more, feeds] of [
    ['en', 'More', 'Feeds'],
    ['th', 'เพิ่มเติม', 'แหล่งข้อมูล'],
  ] as const) {
    await page.locator('header select').first().selectOption(language)
    const bar = page.getByRole('navigation').first()
    expect(await bar.getByRole('link').count()).toBe(4)
    expect((await bar.boundingBox())?.height).toBeLessThan(70)
    const button = bar.getByRole('button', { name: more })
    await button.press('Enter')
    expect(await button.getAttribute('aria-expanded')).toBe('true')
    expect(await bar.getByRole('link').count()).toBe(8)
    // What is being loaded anew is faint for a moment.
    await page.locator('.stale').first().waitFor({ state: 'detached' })
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    expect(await button.getAttribute('aria-expanded')).toBe('false')
    expect(await page.evaluate("document.activeElement?.getAttribute('aria-expanded')")).toBe('false')
    await button.click()
    await bar.getByRole('link', { name: feeds }).click()
    await page.getByRole('heading', { level: 1, name: feeds }).waitFor()
    expect(await bar.getByRole('link').count()).toBe(4)
  }
  await context.close()
  expect(problems).toEqual([])
})
