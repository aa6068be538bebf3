import type { ReferenceRow, TableName } from '../../ingest/feeds/log-subjects.ts'
import {
  applyChange,
  capacityAt,
  createReference,
  nameOf,
  type Reference,
} from '../../ingest/reference/reference.ts'
import { highRisk, isOpen, zoneOf } from '../../ingest/reference/places.ts'
import type { Words } from '../../processors/detector.ts'
import { createWords } from '../../processors/words.ts'
import type { Named } from './alert-item.ts'
import type { Site } from './shapes.ts'

const freshMs = 10_000
/** Opening hours are told by the minute, and kept to by less. */
const stepMs = 5 * 60_000

/** One row of the store's reference data. */
export interface StoredReference {
  readonly table: TableName
  readonly row: ReferenceRow
}

export interface NameBookDeps {
  /** Changes with every row that comes in. */
  readonly version: () => Promise<string>
  readonly load: () => Promise<readonly StoredReference[]>
}

/** Names, kinds and capacities of sites and premises, as the store's reference data has them; read again every 10 s. */
export class NameBook {
  readonly #deps: NameBookDeps
  #reference: Reference = createReference()
  #loading: Promise<void> | undefined
  #loadedAt = -Infinity
  #version = ''

  constructor(deps: NameBookDeps) {
    this.#deps = deps
  }

  /** Reads the reference data unless what is known is fresh. Call it before an answer that has names in it. */
  async refresh(): Promise<void> {
    if (performance.now() - this.#loadedAt < freshMs) return
    this.#loading ??= this.#read().finally(() => (this.#loading = undefined))
    // Old names are better than waiting; the first time there are none.
    if (this.#loadedAt === -Infinity) await this.#loading
    else this.#loading.catch(() => undefined)
  }

  /** Changes with every row of the reference data. */
  get version(): string {
    return this.#version
  }

  /** The name in both languages; the id itself where the reference data has none. */
  readonly nameOf = (id: string): Named => ({
    en: nameOf(this.#reference, id, 'en'),
    th: nameOf(this.#reference, id, 'th'),
  })

  /** Words for sentences, with the names of the reference data. */
  words(language: 'en' | 'th', timeZone: string): Words {
    return createWords(language, this.#reference, timeZone)
  }

  capacityAt(id: string, at: number): number {
    return capacityAt(this.#reference, id, at)
  }

  /** A span (ms UTC) without the times at its ends at which the site is closed; empty when it never opens in it. */
  openPart(id: string, span: { readonly from: number; readonly to: number }): { from: number; to: number } {
    let { from, to } = span
    while (from < to && !isOpen(this.#reference, id, from)) from += stepMs
    while (from < to && !isOpen(this.#reference, id, to - 1)) to -= stepMs
    return { from: Math.min(from, to), to }
  }

  knowsPremises(id: string): boolean {
    return this.#reference.premises.latest(id) !== undefined
  }

  /** What holds at `at` (ms UTC), sites first, by id. */
  sites(at: number): Site[] {
    return (['sites', 'premises'] as const).flatMap((table) =>
      this.#reference[table]
        .ids()
        .sort()
        .flatMap((id) => {
          const row = this.#reference[table].at(id, at)
          return row === undefined ? [] : [this.#site(table, row, at)]
        }),
    )
  }

  #site(table: Site['table'], row: ReferenceRow, at: number): Site {
    const text = (field: string): string => (row[field] === null ? '' : String(row[field] ?? ''))
    const number = (field: string): number | null => (typeof row[field] === 'number' ? row[field] : null)
    return {
      id: row.id,
      table,
      name: this.nameOf(row.id),
      kind: table === 'premises' ? 'premises' : text('kind'),
      province: text('province'),
      district: text('district'),
      zone: zoneOf(this.#reference, row.id, at),
      highRisk: highRisk(this.#reference, row.id, at),
      latitude: number('lat'),
      longitude: number('lon'),
      capacity: table === 'premises' ? this.capacityAt(row.id, at) : null,
    }
  }

  async #read(): Promise<void> {
    const version = await this.#deps.version()
    if (version !== this.#version) {
      const reference = createReference()
      for (const { table, row } of await this.#deps.load())
        applyChange(reference, { table, rows: [row], loggedAt: 0 })
      this.#reference = reference
      this.#version = version
    }
    this.#loadedAt = performance.now()
  }
}
