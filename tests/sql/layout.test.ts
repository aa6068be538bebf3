import { afterAll, beforeAll, expect, test } from 'vitest'
import { feedNames, layouts, type ColumnType } from '../../ingest/feeds/layout.ts'
import type { Store } from '../../sql/store.ts'
import { embeddedStore } from './embedded.ts'

let store: Store
let close: () => Promise<void>
beforeAll(async () => {
  ;({ store, close } = await embeddedStore())
})
afterAll(() => close())

const takes: Record<ColumnType, readonly string[]> = {
  u64: ['UInt64'],
  u16: ['UInt16'],
  u8: ['UInt8'],
  f32: ['Float32'],
  ms: [`DateTime64(3, 'UTC')`],
  'ms?': [`Nullable(DateTime64(3, 'UTC'))`],
  utf8: ['String', 'LowCardinality(String)'],
}

const columnsOf = (table: string) =>
  store.query<{ name: string; type: string }>(
    'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table: String} ORDER BY position',
    { table },
  )

test.each(feedNames)(
  'the table %s has the columns of its layout, in order, of the right type',
  async (feed) => {
    const columns = await columnsOf(feed)
    expect(columns.map(({ name }) => name)).toEqual(layouts[feed].map(([name]) => name))
    for (const [i, [name, type]] of layouts[feed].entries())
      expect({ name, is: takes[type] }).toEqual({ name, is: expect.arrayContaining([columns[i]?.type]) })
  },
)

test.each(feedNames)('the view %s_current shows every column of its table', async (feed) => {
  expect(await columnsOf(`${feed}_current`)).toEqual(await columnsOf(feed))
})
