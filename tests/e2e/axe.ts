import axe from 'axe-core'
import type { Page } from 'playwright-core'

/**
 * What axe-core finds on the page as it stands (WCAG 2.2 A and AA, and its best practices): one line a rule, with the first
 * three places. Empty: nothing. The script goes in by the debugger, past the content policy, and changes nothing.
 */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<{
    violations: { id: string; help: string; nodes: { target: string[]; failureSummary?: string }[] }[]
  }>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )
  return violations.map(({ id, help, nodes }) => {
    const places = nodes
      .slice(0, 3)
      .map(
        ({ target, failureSummary }) =>
          `${target.join(' ')} (${failureSummary?.split('\n')[1]?.trim() ?? ''})`,
      )
    return `${page.url()}: ${id}: ${help}: ${nodes.length} × ${places.join('; ')}`
  })
}
