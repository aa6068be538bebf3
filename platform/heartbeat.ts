import type { Nats } from './nats.ts'

/** Roles of the system, as heartbeats and `EXPECT_ROLES` name them. */
export type Role = 'ingest' | 'processor' | 'archive' | 'dashboard' | 'world'

/** What a role says of itself. `details` are numbers and short words for the status page, never a record's content. */
export interface Status {
  readonly ready: boolean
  readonly details: Readonly<Record<string, number | string>>
}

/** The last heartbeat of a role. `up` is false once nothing has been heard for {@link silenceMs}. */
export interface RoleStatus extends Status {
  readonly role: string
  readonly instance: string
  /** The role's own clock when it spoke, ms UTC. */
  readonly at: number
  /** This process's clock when it was heard, ms UTC: silence is measured by it, so that clocks may differ. */
  readonly heardAt: number
  readonly up: boolean
}

/** A role not heard for this long is down, ms. */
export const silenceMs = 3_500

/** Says once a second on core NATS `status.<role>.<instance>` how the role is. A server that is away is not an error here. */
export function startHeartbeat(
  nats: Nats,
  options: { role: Role; instance: string; status: () => Status; everyMs?: number },
): { stop(): void } {
  const { role, instance } = options
  const beat = (): void => {
    if (nats.connection.isClosed()) return
    const { ready, details } = options.status()
    nats.connection.publish(
      `status.${role}.${instance}`,
      JSON.stringify({ role, instance, ready, at: Date.now(), details }),
    )
  }
  beat()
  const timer = setInterval(beat, options.everyMs ?? 1_000)
  return { stop: () => clearInterval(timer) }
}

/** Listens to every role's heartbeats. `seen()` is sorted by role and instance; `now` is replaceable for tests. */
export function watchHeartbeats(
  nats: Nats,
  options: { now?: () => number } = {},
): { seen(): RoleStatus[]; stop(): void } {
  const now = options.now ?? Date.now
  const last = new Map<string, Omit<RoleStatus, 'up'>>()
  const subscription = nats.connection.subscribe('status.>', {
    callback: (error, message) => {
      const status = error ? undefined : parse(message.string())
      if (status !== undefined) last.set(`${status.role} ${status.instance}`, { ...status, heardAt: now() })
    },
  })
  return {
    seen: () =>
      [...last.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, status]) => ({ ...status, up: now() - status.heardAt < silenceMs })),
    stop: () => subscription.unsubscribe(),
  }
}

/**
 * Those of `expected` (`role:instance`, see `EXPECT_ROLES`) that are not both up and ready. Empty: the system is ready.
 */
export function missingRoles(expected: readonly string[], seen: readonly RoleStatus[]): string[] {
  return expected.filter(
    (name) => !seen.some((one) => `${one.role}:${one.instance}` === name && one.up && one.ready),
  )
}

/** Anyone on the NATS server can write to `status.>`, so a message that is not a heartbeat is left aside. */
function parse(text: string): Omit<RoleStatus, 'up' | 'heardAt'> | undefined {
  try {
    const { role, instance, ready, at, details } = JSON.parse(text) as Record<string, unknown>
    if (typeof role !== 'string' || typeof instance !== 'string') return undefined
    return {
      role,
      instance,
      ready: ready === true,
      at: typeof at === 'number' ? at : 0,
      details: typeof details === 'object' && details !== null ? (details as Status['details']) : {},
    }
  } catch {
    return undefined
  }
}
