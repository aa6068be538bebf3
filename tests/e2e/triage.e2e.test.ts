import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createLogin } from '../../dashboard/api/logins.ts'
import { createKey } from '../../ingest/gateway/keys.ts'
import { axeFindings } from './axe.ts'
import { launchChromium, watchedContext } from './chromium.ts'
import { startStandalone, type Standalone } from './standalone.ts'

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
const reason = 'A guide with a group, asked at the post'

// Many steps, each of which a busy machine may take its time for.
vi.setConfig({ testTimeout: 240_000 })

let daan: Standalone
let browser: Browser
let key: string

beforeAll(async () => {
  ;[daan, browser] = await Promise.all([startStandalone(), launchChromium()])
  key = createKey(join(daan.dataDir, 'keys.json'), { source: 'e2e-triage' }).key
  for (const passport of ['ZA1000001', 'ZA1000002', 'ZA1000003', 'ZA1000004']) await crossFourTimes(passport)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await daan?.stop()
})

/** Four crossings of a made-up passport within hours, which make an alert. */
async function crossFourTimes(documentNumber: string): Promise<void> {
  const records = [200, 140, 80, 20].map((minutesAgo, i) => ({
    id: `${documentNumber}-${i}`,
    at: `${new Date(Date.now() - minutesAgo * 60_000).toISOString().slice(0, 19)}Z`,
    site: i % 2 === 0 ? 'TH-MM-MAESOT1' : 'TH-MM-MAESAI1',
    direction: i % 2 === 0 ? 'entry' : 'exit',
    mode: 'land',
    documentType: 'passport',
    documentNumber,
    nationality: 'UTO',
  }))
  const response = await fetch(`${daan.ingestUrl}/v1/feeds/crossings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(records),
  })
  expect(await response.json()).toMatchObject({ accepted: 4 })
}

/** Signs in and opens the queue once it has the four alerts. */
async function openQueue(page: Page): Promise<void> {
  const token = await createLogin(daan.dataDir, { role: 'analyst', ttlMs: 60_000 })
  await page.goto(`${daan.dashboardUrl}/login?token=${token}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await visitQueue(page, '/alerts?state=any&text=crossed+4', 4)
}
async function visitQueue(page: Page, path: string, alerts: number): Promise<void> {
  const count = page.getByTestId('count')
  await page.goto(daan.dashboardUrl + path)
  for (;;) {
    // What the alerts rest on may still be on its way into the store: the list is loaded anew, as an analyst would.
    await count.getByText(/\d/).waitFor()
    if ((await count.innerText()).startsWith(String(alerts))) break
    await page.reload()
  }
  if (alerts > 0) await page.getByTestId('queue').getByRole('link').first().waitFor()
}
const cursorRow = (page: Page) => page.locator('[data-testid=queue] .row.cursor')
/** Resolves once a press has been answered by the server. */
async function pressAndSave(page: Page, press: string): Promise<void> {
  const saved = page.waitForResponse((response) => response.url().endsWith('/api/alerts/actions'))
  await page.keyboard.press(press)
  expect((await saved).status()).toBe(200)
}
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('[role=status]:has-text("Loading")').first().waitFor({ state: 'detached' })
  await page.locator('.chart:not(:has(svg))').first().waitFor({ state: 'detached' })
}

describe('the queue', () => {
  it('is worked by keyboard alone from new to disposed, and back', async () => {
    const { context, problems } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await openQueue(page)
    expect(await cursorRow(page).innerText()).toContain('New')

    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    expect(await cursorRow(page).getAttribute('aria-rowindex')).toBe('2')
    await pressAndSave(page, 'a')
    await cursorRow(page).getByText('Me', { exact: true }).waitFor()

    await page.keyboard.press('c')
    await page.getByRole('dialog').getByRole('textbox').waitFor()
    await page.keyboard.type('The same group as last week.')
    await pressAndSave(page, 'Control+Enter')
    await cursorRow(page).getByText('1 comment').waitFor()

    await page.keyboard.press('2')
    await page.getByRole('dialog').getByLabel('Reason').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Say why in at least three letters.').waitFor()
    await page.keyboard.type(reason)
    await pressAndSave(page, 'Enter')
    // The next one is at hand; the one before says what became of it.
    await page.locator('[data-testid=queue] [aria-rowindex="2"]').getByText('Benign').waitFor()
    expect(await cursorRow(page).getAttribute('aria-rowindex')).toBe('3')

    await pressAndSave(page, 'u')
    await page.locator('[data-testid=queue] [aria-rowindex="2"]').getByText('Me', { exact: true }).waitFor()

    await page.keyboard.press('k')
    await page.keyboard.press('1')
    await page.keyboard.type(reason)
    await pressAndSave(page, 'Enter')
    await page.locator('[data-testid=queue] [aria-rowindex="2"]').getByText('Confirmed').waitFor()
    await visitQueue(page, '/alerts?state=disposed', 1)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'crossed 4 times' }).waitFor()
    await page.getByText(reason).first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('queue').waitFor()
    await context.close()
    expect(problems).toEqual([])
  })

  it('groups, selects and assigns many at once', async () => {
    const { context, problems } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await openQueue(page)
    await page.keyboard.press('v')
    await page.getByTestId('queue').getByText('Traveller').first().waitFor()
    expect(await page.locator('[data-testid=queue] .row.group').count()).toBe(4)
    await page.keyboard.press('Enter')
    await page.locator('[data-testid=queue] .row.alert').waitFor()
    await page.keyboard.press('v')
    await page.locator('[data-testid=queue] .row.group').filter({ hasText: 'Mae S' }).first().waitFor()
    await page.keyboard.press('*')
    await page.getByText('4 selected').waitFor()
    await pressAndSave(page, 'a')
    await page.getByText('4 assigned to you').waitFor()
    await pressAndSave(page, 'u')
    await context.close()
    expect(problems).toEqual([])
  })

  it('keeps what is selected while another order is on its way, and who types where they type', async () => {
    const { context, problems } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await openQueue(page)
    let answer = (): void => undefined
    const held = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/api/alerts/index?*by=site*', async (route) => {
      await held
      await route.continue()
    })
    await page.keyboard.press('v')
    await page.locator('[data-testid=queue] .row.group').nth(3).waitFor()
    await page.keyboard.press('v')
    await page.waitForURL(/group=site/)
    // What is shown is still the order before, under its own groups.
    expect(await page.locator('[data-testid=queue] .row.group').count()).toBe(4)
    await page.keyboard.press('*')
    await page.getByText('4 selected').waitFor()
    const loaded = page.waitForResponse(/by=site/)
    answer()
    await (await loaded).finished()
    await page.locator('[data-testid=queue] .row.group').filter({ hasText: 'Mae S' }).first().waitFor()
    expect(await page.getByText('4 selected').count()).toBe(1)
    await page.keyboard.press('Escape')

    await page.keyboard.press('/')
    const search = page.getByRole('searchbox')
    for (const part of ['cro', 'ssed', ' 4 t']) {
      const found = page.waitForResponse(/\/api\/alerts\/index/)
      await page.keyboard.type(part)
      await (await found).finished()
      await page.locator('section[aria-busy=false]').waitFor()
    }
    expect(await search.inputValue()).toBe('crossed 4 t')
    expect(await page.evaluate('document.activeElement?.type')).toBe('search')
    await context.close()
    expect(problems).toEqual([])
  })

  it('shows what a snooze would have hidden, hides it, counts it, and ends it', async () => {
    const { context, problems } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await openQueue(page)
    await page.keyboard.press('End')
    await cursorRow(page).getByRole('link').waitFor()
    await page.keyboard.press('s')
    const preview = page.getByTestId('snooze-preview')
    await preview.getByText('alerts', { exact: true }).waitFor()
    expect(await preview.locator('dd').first().innerText()).toBe('1')
    await page.keyboard.type('A known courier')
    await page.keyboard.press('Enter')
    await page.getByTestId('count').getByText('3 alerts').waitFor()
    await visitQueue(page, '/alerts?state=any&snoozed=only', 1)
    await page.getByRole('button', { name: 'Snoozes' }).click()
    await page.getByText('A known courier').waitFor()
    await page.getByRole('button', { name: 'End now' }).click()
    await page.getByText('Nothing is snoozed.').waitFor()
    await page.keyboard.press('Escape')
    await visitQueue(page, '/alerts?state=any&text=crossed+4', 4)
    await context.close()
    expect(problems).toEqual([])
  })

  it('shows the keys, and goes where they say', async () => {
    const { context, problems } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await openQueue(page)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('f')
    await page.getByRole('heading', { level: 1, name: 'Feeds' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    await page.getByRole('heading', { level: 1, name: 'Explore' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.getByRole('heading', { level: 1, name: 'Map' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await page.getByTestId('queue').waitFor()
    expect(await page.getByTestId('lag').innerText()).toMatch(/Record to screen/)
    await context.close()
    expect(problems).toEqual([])
  })
})

describe('an alert', () => {
  it('shows its evidence on one axis, what would have made it not fire, and leaves as a package', async () => {
    const { context, problems } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await openQueue(page)
    await page.keyboard.press('Enter')
    await page.getByText('It would not have been flagged with 3 crossings or fewer in any 24 h.').waitFor()
    await page.locator('canvas[data-drawn="4"]').waitFor()
    expect(await page.getByText('4 of 4 records in view').count()).toBe(1)
    const timeline = page.getByRole('img', { name: 'Evidence events by time and site' })
    await timeline.press('+')
    await page.getByText(/[1-3] of 4 records in view/).waitFor()
    await timeline.press('0')
    await page.getByText('4 of 4 records in view').waitFor()
    await page.getByText('Seen', { exact: true }).first().waitFor()
    const traveller = /entities\/traveller\/([0-9a-f]{16})/.exec(
      (await page
        .getByRole('link')
        .filter({ has: page.locator('code') })
        .first()
        .getAttribute('href')) ?? '',
    )?.[1]
    expect(traveller).toBeDefined()

    await page.getByRole('link', { name: 'Hand over' }).click()
    await page.getByLabel('Recipient').fill('Embassy of Utopia')
    await page.getByLabel('Case number').fill('INV-7/2026')
    await page.getByRole('button', { name: 'Make the package' }).click()
    const sheet = page.getByTestId('package')
    await sheet.getByText('Embassy of Utopia').waitFor()
    expect(await sheet.locator('tbody tr').count()).toBe(4)
    const text = await sheet.innerText()
    expect(text).toContain('RESTRICTED')
    expect(text).not.toContain(String(traveller))
    expect(text).not.toContain('UTO')
    await context.close()
    expect(problems).toEqual([])
  })
})

describe('an entity', () => {
  it('is shown for a purpose and a case, which the tab remembers', async () => {
    const { context, problems } = await watchedContext(browser, { viewport: desktop })
    const page = await context.newPage()
    await openQueue(page)
    await page.keyboard.press('e')
    await page.getByText('Why do you look at this person?').waitFor()
    await page.keyboard.type('?')
    await page.keyboard.press('Enter')
    await page.getByText('Give a case number').waitFor()
    await page.getByLabel('Case number').fill('INV-7/2026')
    await page.keyboard.press('Enter')
    await page.locator('canvas[data-drawn="4"]').waitFor()
    await page.getByText('Mae Sot').first().waitFor()
    await page.reload()
    await page.locator('canvas[data-drawn="4"]').waitFor()
    expect(await page.getByTestId('purpose').innerText()).toContain('INV-7/2026')
    await page.getByText('Table', { exact: true }).click()
    await page.getByRole('row').filter({ hasText: 'Mae Sai' }).first().waitFor()
    await context.close()
    expect(problems).toEqual([])
  })
})

it.each([
  { name: 'light', options: { viewport: desktop, colorScheme: 'light' } },
  { name: 'dark on a phone', options: { viewport: phone, colorScheme: 'dark' } },
] as const)('axe finds nothing on the pages of triage: $name', async ({ options }) => {
  const { context, problems } = await watchedContext(browser, options)
  const page = await context.newPage()
  await openQueue(page)
  expect(await axeFindings(page)).toEqual([])
  const alert = await page.getByTestId('queue').getByRole('link').first().getAttribute('href')
  await page.keyboard.press(' ')
  await page.getByRole('complementary').getByRole('heading').first().waitFor()
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('d')
  await page.getByRole('dialog').waitFor()
  expect(await axeFindings(page)).toEqual([])
  for (const path of [
    '/alerts?queue=welfare',
    '/alerts?state=any&group=entity',
    String(alert),
    `${alert}/handover`,
    '/feeds',
  ]) {
    await page.goto(daan.dashboardUrl + path)
    await settled(page)
    expect(await axeFindings(page)).toEqual([])
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(width, `width of ${path}`).toBeLessThanOrEqual(options.viewport.width)
  }
  await page.goto(daan.dashboardUrl + String(alert))
  await page
    .getByRole('link')
    .filter({ has: page.locator('code') })
    .first()
    .click()
  await page.getByLabel('Case number').fill('INV-7/2026')
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.locator('canvas[data-drawn="4"]').waitFor()
  await settled(page)
  expect(await axeFindings(page)).toEqual([])
  await context.close()
  expect(problems).toEqual([])
})

it('speaks Thai, with Buddhist years where they are chosen', async () => {
  const { context, problems } = await watchedContext(browser, { viewport: desktop })
  const page = await context.newPage()
  await openQueue(page)
  await page.getByLabel('Language').selectOption('th')
  await page.getByRole('heading', { level: 1, name: 'การแจ้งเตือน' }).waitFor()
  await page.getByTestId('queue').getByText('เอกสารฉบับเดียวข้ามแดน').first().waitFor()
  await page.getByLabel('ปี').selectOption('buddhist')
  await page.keyboard.press('Escape')
  await page.goto(`${daan.dashboardUrl}/daily?date=2026-01-05`)
  await page.getByRole('heading', { level: 1 }).filter({ hasText: '2569' }).waitFor()
  await context.close()
  expect(problems).toEqual([])
})
