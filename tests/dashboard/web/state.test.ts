import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import type { AlertItem } from '../../../dashboard/api/shapes.ts'
import { clipRing, regionBounds, regionOf, type Countries } from '../../../dashboard/web/build/region.ts'
import { matchRoute } from '../../../dashboard/web/src/filter/routes.ts'
import { mergeAlerts } from '../../../dashboard/web/src/state/merge-alerts.ts'

const alert = (alertId: string, revision: number, raisedAt: number, status: AlertItem['status'] = 'open') =>
  ({ alertId, revision, raisedAt, status }) as AlertItem
const ids = (list: readonly AlertItem[]): string[] =>
  list.map(({ alertId, revision }) => `${alertId}${revision}`)

describe('live list', () => {
  const list = [alert('b', 1, 20), alert('a', 2, 10)]

  it.each([
    ['a new alert on top', alert('c', 1, 30), ['c1', 'b1', 'a2']],
    ['a revision in the place of the one before', alert('a', 3, 10), ['b1', 'a3']],
    ['nothing from an older revision', alert('a', 1, 10), ['b1', 'a2']],
    ['nothing from the same one again', alert('b', 1, 20), ['b1', 'a2']],
    ['no more of a withdrawn one', alert('b', 2, 20, 'withdrawn'), ['a2']],
    ['nothing from the withdrawal of an unknown one', alert('x', 2, 20, 'withdrawn'), ['b1', 'a2']],
  ])('shows %s', (_, item, expected) => {
    expect(ids(mergeAlerts(list, item, 10))).toEqual(expected)
  })

  it('drops the oldest when it is full', () => {
    expect(ids(mergeAlerts(list, alert('c', 1, 30), 2))).toEqual(['c1', 'b1'])
  })
})

describe('routes', () => {
  it.each([
    ['/', { page: 'overview' }],
    ['/alerts', { page: 'alerts' }],
    ['/alerts/', { page: 'alerts' }],
    ['/alerts/0123456789abcdef', { page: 'alert', id: '0123456789abcdef' }],
    ['/alerts/me', { page: 'missing' }],
    ['/daily', { page: 'daily' }],
    ['/daily/x', { page: 'missing' }],
    ['/feeds', { page: 'feeds' }],
    ['/nothing', { page: 'missing' }],
  ])('%s', (path, route) => {
    expect(matchRoute(path)).toEqual(route)
  })
})

describe('map of the region', () => {
  it('cuts a ring to the frame', () => {
    const [west, south, east, north] = regionBounds
    const ring = clipRing([
      [0, 0],
      [0, 60],
      [160, 60],
      [160, 0],
      [0, 0],
    ])
    expect(new Set(ring.map(String))).toEqual(
      new Set(
        [
          [west, south],
          [west, north],
          [east, north],
          [east, south],
        ].map(String),
      ),
    )
  })

  it('leaves out what lies elsewhere', () => {
    const square = [
      [0, 0],
      [0, 1],
      [1, 1],
      [0, 0],
    ]
    const countries: Countries = {
      features: [{ properties: { name: 'Elsewhere' }, geometry: { type: 'Polygon', coordinates: [square] } }],
    }
    expect(regionOf(countries).features).toEqual([])
  })

  it('finds its source where the build does', () => {
    const file = createRequire(import.meta.url).resolve('world-atlas/countries-10m.json')
    expect(readFileSync(file, 'utf8')).toContain('Thailand')
  })
})
