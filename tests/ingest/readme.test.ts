import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { reasons } from '../../ingest/intake/reasons.ts'

const text = readFileSync(new URL('../../ingest/README.md', import.meta.url), 'utf8')

describe('the page for suppliers', () => {
  it('has every reason, as the gateway says it', () => {
    const rows = [...text.matchAll(/^\| `([a-z-]+)` +\|[^|]*\| ([^|]+?) +\| ([^|]+?) +\|$/gm)]
    const said = Object.fromEntries(rows.map(([, reason, meaning, fix]) => [reason, { meaning, fix }]))
    expect(said).toEqual(reasons)
  })
})
