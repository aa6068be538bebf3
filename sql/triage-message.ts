/** What analysts do with alerts, as messages of the TRIAGE stream: subject `triage.<action>`, message id = action id. */
export const triageActions = ['seen', 'assign', 'comment', 'dispose', 'undo', 'snooze', 'unsnooze'] as const
export type TriageAction = (typeof triageActions)[number]

export const dispositions = ['confirmed', 'benign', 'duplicate', 'data-error'] as const
export type Disposition = (typeof dispositions)[number]

/** One action on one or many alerts, or a snooze (then `alertIds` is empty). Nothing in it names a person under watch. */
export interface TriageMessage {
  /** 16 hexadecimal digits. */
  readonly actionId: string
  readonly action: TriageAction
  readonly alertIds: readonly string[]
  /** Who did it: a session's short name, and its role. */
  readonly actor: string
  readonly role: string
  /** Milliseconds UTC by the clock of the log. */
  readonly at: number
  /** assign: to whom, empty for nobody; dispose: the disposition. */
  readonly value: string
  /** Why: dispose and snooze have one. */
  readonly reason: string
  readonly comment: string
  /** undo: the action undone; unsnooze: the snooze that ends. */
  readonly undoOf: string
  /** snooze: the rule, and either the key with its keyspace or the site. */
  readonly rule: string
  readonly keyspace: string
  readonly key: string
  readonly site: string
  /** snooze: when it ends, ms UTC. */
  readonly expiresAt: number
}

export const triageSubject = (action: TriageAction): string => `triage.${action}`
