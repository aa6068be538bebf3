import { untrack } from 'svelte'
import { ApiFailure } from '../api/client.ts'

export interface ResourceOptions {
  /** Load again this often while the page is visible; absent: never. */
  readonly everyMs?: number
}

/**
 * What a URL answers, as state: loaded when the URL changes and again at intervals. The last answer stays while the next
 * one loads or fails, so that a page never blinks. Made in a component; ends with it.
 */
export class Resource<T> {
  data = $state.raw<T>()
  failure = $state.raw<ApiFailure>()
  /** The answer shown belongs to an earlier URL. */
  stale = $state(false)
  readonly #url: () => string | null
  readonly #read: (url: string, signal: AbortSignal) => Promise<T>
  readonly #everyMs: number | undefined
  #abort: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    url: () => string | null,
    read: (url: string, signal: AbortSignal) => Promise<T>,
    { everyMs }: ResourceOptions = {},
  ) {
    this.#url = url
    this.#read = read
    this.#everyMs = everyMs
    const current = $derived(url())
    $effect(() => {
      const url = current
      untrack(() => {
        this.stale = this.data !== undefined
        void this.#load(url)
      })
      return () => this.#stop()
    })
    $effect(() => {
      const wake = (): void => {
        if (document.visibilityState === 'visible' && this.#everyMs !== undefined) this.reload()
      }
      document.addEventListener('visibilitychange', wake)
      return () => document.removeEventListener('visibilitychange', wake)
    })
  }

  reload(): void {
    this.#stop()
    void this.#load(untrack(this.#url))
  }

  async #load(url: string | null): Promise<void> {
    if (url === null) return
    const abort = (this.#abort = new AbortController())
    try {
      const data = await this.#read(url, abort.signal)
      if (abort.signal.aborted) return
      this.data = data
      this.failure = undefined
      this.stale = false
    } catch (cause) {
      if (abort.signal.aborted) return
      this.failure =
        cause instanceof ApiFailure
          ? cause
          : new ApiFailure(0, { code: 'UNREADABLE', message: String(cause) })
    }
    if (this.#everyMs !== undefined)
      this.#timer = setTimeout(() => {
        if (document.visibilityState === 'visible') void this.#load(untrack(this.#url))
      }, this.#everyMs)
  }

  #stop(): void {
    this.#abort?.abort()
    clearTimeout(this.#timer)
  }
}
