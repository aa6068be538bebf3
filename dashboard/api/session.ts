import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { roles, type Role } from './shapes.ts'

/** Name of the session cookie: HttpOnly, SameSite=Strict, signed. */
export const sessionCookie = 'daan_session'

/** A signed-in person, for as long as a working day. */
export interface Session {
  readonly id: string
  readonly role: Role
  /** Milliseconds UTC. */
  readonly expiresAt: number
}

export const sessionMs = 12 * 3_600_000

/** Sessions that carry themselves in the cookie; ended ones are remembered until they would have run out. */
export class Sessions {
  readonly #secret: Buffer
  readonly #now: () => number
  readonly #ended = new Map<string, number>()

  constructor(secret: Buffer, now: () => number = Date.now) {
    this.#secret = secret
    this.#now = now
  }

  /** A new session of `role` and the cookie's value. */
  open(role: Role): { session: Session; cookie: string } {
    const session = { id: randomBytes(12).toString('base64url'), role, expiresAt: this.#now() + sessionMs }
    const body = Buffer.from(JSON.stringify(session)).toString('base64url')
    return { session, cookie: `${body}.${this.#sign(body).toString('base64url')}` }
  }

  /** The session that a cookie stands for; undefined when it is forged, run out, ended or absent. */
  read(cookie: string | undefined): Session | undefined {
    const [body, signature, rest] = (cookie ?? '').split('.')
    if (!body || !signature || rest !== undefined) return undefined
    const given = Buffer.from(signature, 'base64url')
    const right = this.#sign(body)
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
    const session = JSON.parse(Buffer.from(body, 'base64url').toString()) as Session
    const valid =
      session.expiresAt > this.#now() && roles.includes(session.role) && !this.#ended.has(session.id)
    return valid ? session : undefined
  }

  /** Ends a session before its time. Forgotten at a restart of the process: after one, a stolen cookie lives to its end. */
  end(session: Session): void {
    for (const [id, expiresAt] of this.#ended) if (expiresAt <= this.#now()) this.#ended.delete(id)
    this.#ended.set(session.id, session.expiresAt)
  }

  #sign(body: string): Buffer {
    return createHmac('sha256', this.#secret).update(`session:${body}`).digest()
  }
}
