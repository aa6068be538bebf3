import { describe, expect, it } from 'vitest'
import { navigationItems } from '../../../dashboard/web/src/components/navigation-items.ts'
import { matchRoute } from '../../../dashboard/web/src/filter/routes.ts'
import { auditQuery, formatAudit, parseAudit } from '../../../dashboard/web/src/filter/audit.ts'
import { catalogues } from '../../../dashboard/web/src/messages/messages.ts'

const words = catalogues.en

describe('the navigation', () => {
  it.each(['analyst', 'leader', 'admin'] as const)(
    'of the role %s has four main entries, and pages behind all',
    (role) => {
      const items = navigationItems(words, role, 'overview')
      expect(items.filter(({ main }) => main)).toHaveLength(4)
      for (const { href } of items) expect(matchRoute(href).page).not.toBe('missing')
    },
  )

  it('shows the audit journal to admins only, and leadership its day first', () => {
    const of = (role: 'analyst' | 'leader' | 'admin') => navigationItems(words, role, 'overview')
    expect(of('admin').map(({ href }) => href)).toContain('/audit')
    expect(of('analyst').map(({ href }) => href)).not.toContain('/audit')
    expect(of('leader').find(({ href }) => href === '/daily')?.main).toBe(true)
  })

  it.each(['alert', 'handover', 'entity'] as const)('puts the page %s under alerts', (page) => {
    const here = navigationItems(words, 'analyst', page).filter((item) => item.here)
    expect(here.map(({ href }) => href)).toEqual(['/alerts'])
  })
})

describe('the filter of the audit journal', () => {
  it.each([
    '',
    '?actor=analyst-1a2b&act=entity',
    '?key=00ff00ff00ff00ff&from=2026-11-01&to=2026-11-30&before=101',
  ])('comes back from the address as it went in: %s', (search) => {
    expect(formatAudit(parseAudit(search))).toBe(search)
  })

  it('leaves out what cannot be read, and asks for whole days', () => {
    expect(formatAudit(parseAudit('?actor=Some Body&act=looked&from=2026-02-30&before=0'))).toBe('')
    expect(auditQuery(parseAudit('?to=2026-11-30'))).toBe('?to=2026-12-01')
  })
})
