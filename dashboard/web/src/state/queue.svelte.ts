import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { QueueItem, Rows } from '../../../api/shapes.ts'
import type { ActionAnswer, ActionBody } from '../../../api/triage-shapes.ts'
import { positionHeader } from '../../../api/vocabulary.ts'
import { ApiFailure, getJson } from '../api/client.ts'
import { send } from '../api/send.ts'
import { indexQuery, type AlertsFilter } from '../filter/filter.ts'
import { idAt, inParts, linesOf, type IndexColumns, type Line, type Lines } from './queue-lines.ts'

/** Rows that are asked for at once at most, and kept. */
const mostAsked = 120
const mostKept = 3_000
const gatherMs = 40

const nothing: Lines = { length: 0, at: () => undefined, rows: [], suppressed: 0 }

export interface Done {
  readonly action: ActionBody['action']
  readonly alertIds: readonly string[]
}

/**
 * The queue: all alerts of the filter in order (an index of ids), the full rows of what is on the screen, the cursor, the selection and
 * what was done, to be taken back. The order stays until it is loaded anew: whatever comes in, nobody loses the place.
 */
export class Queue {
  index = $state.raw<IndexColumns>()
  failure = $state.raw<ApiFailure>()
  loading = $state(false)
  /** What could not be done, in words; until the next action. */
  refused = $state.raw<ApiFailure>()
  /** Whether what is shown was asked for with groups. */
  grouped = $state(false)
  cursor = $state(0)
  readonly selected = new SvelteSet<string>()
  readonly open = new SvelteSet<string>()
  readonly rows = new SvelteMap<string, QueueItem>()
  readonly lines: Lines = $derived.by(() =>
    this.index === undefined
      ? nothing
      : linesOf(this.index, {
          snoozed: this.#filter().snoozed,
          grouped: this.grouped,
          open: this.open,
        }),
  )
  readonly #filter: () => AlertsFilter
  #abort: AbortController | undefined
  #asked = new Set<string>()
  #wanted: string[] = []
  #gathering: ReturnType<typeof setTimeout> | undefined
  #undoable: string[][] = []

  constructor(filter: () => AlertsFilter) {
    this.#filter = filter
  }

  get canUndo(): boolean {
    return this.#undoable.length > 0
  }

  /**
   * Loads the order anew. `keep`: the cursor stays on its alert and the selection with it; else both begin anew, at once. What somebody
   * moves to or selects while the answer is on its way holds, as far as the answer has it.
   */
  async load({ keep = false } = {}): Promise<void> {
    this.#abort?.abort()
    const abort = (this.#abort = new AbortController())
    if (!keep) {
      this.selected.clear()
      this.cursor = 0
    }
    this.loading = true
    try {
      const filter = this.#filter()
      const url = `/api/alerts/index${indexQuery(filter)}`
      const [response, { indexOf }] = await Promise.all([
        fetch(url, { signal: abort.signal, credentials: 'same-origin' }),
        import('../api/queue-index.ts'),
      ])
      if (!response.ok)
        throw new ApiFailure(response.status, { code: 'HTTP', message: `HTTP ${response.status}` })
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (abort.signal.aborted) return
      const index = indexOf(bytes, response.headers.get(positionHeader) ?? '')
      const here = keep || this.cursor > 0 ? this.idAtCursor() : undefined
      this.index = index
      this.grouped = filter.group !== 'none'
      this.failure = undefined
      // Rows that are known stand in until they are read anew.
      this.#asked.clear()
      this.#selectOnly(index)
      this.cursor = Math.max(0, here === undefined ? 0 : this.lineOf(here))
    } catch (cause) {
      if (abort.signal.aborted) return
      this.failure =
        cause instanceof ApiFailure
          ? cause
          : new ApiFailure(0, { code: 'UNREACHABLE', message: String(cause) })
    } finally {
      if (!abort.signal.aborted) this.loading = false
    }
  }

  /** Nothing stays selected that no list shows. */
  #selectOnly(index: IndexColumns): void {
    if (this.selected.size === 0) return
    const there = new Set(index.ids)
    for (const id of this.selected) if (!there.has(BigInt(`0x${id}`))) this.selected.delete(id)
  }

  stop(): void {
    this.#abort?.abort()
    clearTimeout(this.#gathering)
  }

  /** Id of an alert line; undefined for a group. */
  idOf(line: Line | undefined): string | undefined {
    return line?.kind === 'alert' && this.index !== undefined ? idAt(this.index, line.row) : undefined
  }

  idAtCursor(): string | undefined {
    return this.idOf(this.lines.at(this.cursor))
  }

  lineOf(id: string): number {
    for (let line = 0; line < this.lines.length; line++)
      if (this.idOf(this.lines.at(line)) === id) return line
    return -1
  }

  /** Asks for the full rows of lines [from, to); answers gather for a moment, so that scrolling asks little. */
  want(from: number, to: number): void {
    const missing: string[] = []
    for (let line = from; line < to; line++) {
      const id = this.idOf(this.lines.at(line))
      if (id !== undefined && !this.#asked.has(id)) missing.push(id)
    }
    this.#wanted = missing
    if (missing.length === 0) return
    if (this.#asked.size === 0) void this.#fetchWanted()
    else this.#gathering ??= setTimeout(() => void this.#fetchWanted(), gatherMs)
  }

  /** Loads rows again that are kept: somebody else did something with them. */
  async refresh(ids: readonly string[]): Promise<void> {
    const kept = ids.filter((id) => this.rows.has(id))
    if (kept.length > 0) await this.#fetch(kept.slice(0, mostAsked))
  }

  async #fetchWanted(): Promise<void> {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    const ids = this.#wanted.splice(0, mostAsked)
    if (ids.length === 0) return
    if (this.rows.size > mostKept) {
      this.rows.clear()
      this.#asked.clear()
    }
    for (const id of ids) this.#asked.add(id)
    await this.#fetch(ids)
  }

  async #fetch(ids: readonly string[]): Promise<void> {
    try {
      const { alerts } = await getJson<Rows>(
        `/api/alerts/rows?ids=${ids.join(',')}`,
        new AbortController().signal,
      )
      for (const alert of alerts) this.rows.set(alert.alertId, alert)
    } catch {
      // Asked for again when they are next on the screen.
      for (const id of ids) this.#asked.delete(id)
    }
  }

  /** Ids that an action is for: the selection, else what is under the cursor. */
  targets(): readonly string[] {
    if (this.selected.size > 0) return [...this.selected]
    const line = this.lines.at(this.cursor)
    if (line === undefined || this.index === undefined) return []
    const index = this.index
    return line.kind === 'alert' ? [idAt(index, line.row)] : line.group.rows.map((row) => idAt(index, row))
  }

  /** Does something with alerts, in as many parts as it takes; false when it was refused. */
  async act(
    body: Pick<ActionBody, 'action' | 'value' | 'reason' | 'comment'>,
    ids: readonly string[],
  ): Promise<boolean> {
    this.refused = undefined
    const done: string[] = []
    try {
      for (const alertIds of inParts(ids)) {
        const answer = await send<ActionAnswer>('POST', '/api/alerts/actions', { ...body, alertIds })
        done.push(answer.actionId)
        this.#take(answer)
      }
      return true
    } catch (cause) {
      if (!(cause instanceof ApiFailure)) throw cause
      this.refused = cause
      return false
    } finally {
      if (done.length > 0 && body.action !== 'seen') this.#undoable.push(done)
    }
  }

  /** Takes back the last thing done here; false when there is nothing, or it was refused. */
  async undo(): Promise<boolean> {
    const last = this.#undoable.pop()
    if (last === undefined) return false
    this.refused = undefined
    try {
      for (const undoOf of last)
        this.#take(await send<ActionAnswer>('POST', '/api/alerts/actions', { action: 'undo', undoOf }))
      return true
    } catch (cause) {
      if (!(cause instanceof ApiFailure)) throw cause
      this.refused = cause
      return false
    }
  }

  #take({ alerts }: ActionAnswer): void {
    for (const { alertId, triage } of alerts) {
      const row = this.rows.get(alertId)
      if (row !== undefined) this.rows.set(alertId, { ...row, triage })
    }
  }

  toggle(id: string): void {
    if (!this.selected.delete(id)) this.selected.add(id)
  }

  toggleAll(): void {
    const { index } = this
    if (index === undefined) return
    const all = this.lines.rows
    if (this.selected.size >= all.length) this.selected.clear()
    else for (const row of all) this.selected.add(idAt(index, row))
  }

  toggleGroup(key: string): void {
    if (!this.open.delete(key)) this.open.add(key)
  }

  move(to: number): void {
    this.cursor = Math.max(0, Math.min(this.lines.length - 1, to))
  }
}
