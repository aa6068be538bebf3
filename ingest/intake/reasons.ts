/**
 * Why a record is rejected: a closed list, used in answers, in the REJECTED stream and as a metric label. `meaning` is for
 * the documentation, `fix` for the supplier when the check itself has nothing more precise to say. None quotes a value.
 */
export const reasons = {
  malformed: {
    meaning: 'The line or array element is not JSON, or not UTF-8.',
    fix: 'Send one complete JSON object a line, in UTF-8.',
  },
  oversized: {
    meaning: 'The record is larger than 16 KiB.',
    fix: 'Send only the fields of the schema; a record is at most 16 KiB.',
  },
  'not-an-object': {
    meaning: 'The record is JSON, but no object.',
    fix: 'Send each record as a JSON object: {"id": …}.',
  },
  'unknown-field': {
    meaning: 'The record has a field that the schema does not know. Unknown fields are refused, not stored.',
    fix: 'Leave the field out.',
  },
  'missing-field': {
    meaning: 'A field that this record needs is absent.',
    fix: 'Add the field.',
  },
  'wrong-type': {
    meaning: 'A field has another JSON type than the schema says; nothing is converted.',
    fix: 'Send the type of the schema: numbers without quotes, text with them.',
  },
  'not-allowed': {
    meaning: 'A field holds a word that is not in its list.',
    fix: 'Use a word of the list.',
  },
  'out-of-shape': {
    meaning: 'A text is too long, too short, or does not have the form that the schema describes.',
    fix: 'Send the form that the schema describes.',
  },
  'out-of-range': {
    meaning: 'A number or time lies outside the range of its field.',
    fix: 'Send a value within the range of the schema.',
  },
  'bad-instant': {
    meaning: 'A time is no date and time with offset that exists (2026-02-30, hour 25, no offset).',
    fix: 'Send ISO 8601 with seconds and offset, for example 2026-01-31T06:30:00+07:00.',
  },
  'from-future': {
    meaning: 'The event lies more than 5 minutes ahead of our clock.',
    fix: 'Check the clock and the offset of the sending system; send the record when it has happened.',
  },
  'too-old': {
    meaning: 'The event lies before 2000-01-01.',
    fix: 'Check the date: years are A.D., of four digits (2026, not 2569 or 26).',
  },
  'ends-before-start': {
    meaning: 'checkOutAt lies before checkInAt.',
    fix: 'Send a checkOutAt at or after checkInAt, or leave it out while it is not known.',
  },
  'cancelled-without-revision': {
    meaning: 'cancelled is true, but revision is absent or 0.',
    fix: 'Send the cancellation with revision 1, or one more than the last revision of this id.',
  },
  'id-reused': {
    meaning: 'The id and revision are known with other content.',
    fix: 'If this corrects the record, raise `revision`; if it is another record, give it an id of its own.',
  },
} as const

export type Reason = keyof typeof reasons

export const reasonNames = Object.keys(reasons) as readonly Reason[]

/** A record that is not taken: which field, why, and what to send instead. `field` is empty when it is the record as a whole. */
export interface Refusal {
  readonly reason: Reason
  readonly field: string
  readonly fix: string
}

export function refuse(reason: Reason, field = '', fix: string = reasons[reason].fix): Refusal {
  return { reason, field, fix }
}
