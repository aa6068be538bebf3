import { connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** A TCP proxy on 127.0.0.1 whose connections can be cut, refused and made to hang, as a bad network would. */
export interface Proxy {
  readonly port: number
  /** Ends every connection at once, without goodbye; new ones are taken. */
  cut(): void
  /** Ends every connection and refuses new ones until {@link Proxy.heal}. */
  refuse(): void
  /** Lets nothing through in either direction, while all connections stay open, until {@link Proxy.heal} cuts them. */
  hang(): void
  /** Holds every piece back for `ms`, in both directions, until {@link Proxy.heal}. Connections stay. */
  slow(ms: number): void
  heal(): void
  close(): Promise<void>
}

/** Starts a proxy to `target`, a port of 127.0.0.1, which may come and go. */
export async function startProxy(target: number): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let state: 'open' | 'refusing' | 'hanging' = 'open'
  let delayMs = 0

  const server = createServer((near) => {
    near.on('error', () => {})
    if (state === 'refusing') return void near.resetAndDestroy()
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true })
    const pair = [near.setNoDelay(true), far] as const
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    far.on('error', end)
    for (const socket of pair) socket.once('close', end)
    if (state === 'hanging') return
    near.pipe(delayed(() => delayMs)).pipe(far)
    far.pipe(delayed(() => delayMs)).pipe(near)
  })

  const cut = (): void => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    pairs.clear()
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  return {
    port: (server.address() as { port: number }).port,
    cut,
    refuse: () => {
      state = 'refusing'
      cut()
    },
    hang: () => {
      state = 'hanging'
      for (const [near, far] of pairs) {
        near.unpipe().pause()
        far.unpipe().pause()
      }
    },
    slow: (ms) => {
      delayMs = ms
    },
    heal: () => {
      delayMs = 0
      if (state === 'open') return
      state = 'open'
      cut()
    },
    close: () => {
      cut()
      return new Promise((done) => server.close(() => done()))
    },
  }
}

/** Passes on what it gets, each piece `ms()` later; what waits is bounded by the stream's own limit. */
function delayed(ms: () => number): Transform {
  return new Transform({
    transform(piece, _encoding, done) {
      if (ms() === 0) done(null, piece)
      else setTimeout(done, ms(), null, piece)
    },
  })
}
