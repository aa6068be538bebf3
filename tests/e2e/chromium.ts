import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core'

/** Chromium from CHROMIUM_PATH, the usual place or the PATH; throws saying what to install. */
export function launchChromium(): Promise<Browser> {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const places = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  const program = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', ...places].find(
    (path) => path !== undefined && runs(path),
  )
  if (program === undefined)
    throw new Error(
      'No Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to its program.',
    )
  return chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A browser context that writes down what must not happen on any page: policy violations, console errors, exceptions. */
export async function watchedContext(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<{ context: BrowserContext; problems: string[] }> {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })
  const problems: string[] = []
  await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile))`)
  context.on('page', (page) => {
    page.on('console', (message) => {
      if (message.type() === 'error')
        problems.push(`${page.url()}: ${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`))
  })
  return { context, problems }
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
