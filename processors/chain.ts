import { createHash } from 'node:crypto'
import type { AlertRevision } from './alert.ts'

/**
 * A running hash over all revisions of a slice: two runs over one log must meet at every count. Each link hashes the link before and
 * the revision as JSON, so that a link can be computed from the last one alone.
 */
export class Chain {
  #link: string
  #count: number

  constructor(link = '', count = 0) {
    this.#link = link
    this.#count = count
  }

  add(revision: AlertRevision): void {
    this.#link = createHash('sha256').update(this.#link).update(JSON.stringify(revision)).digest('hex')
    this.#count++
  }

  get link(): string {
    return this.#link
  }

  get count(): number {
    return this.#count
  }
}
