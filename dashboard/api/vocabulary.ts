/** Values that the routes and the web share. Without a schema in it, so that the web takes no library along. */

/** Position of a list in the live feed. */
export const positionHeader = 'daan-position'
/** Number of camera reads that are older than the reader's role may see. */
export const withheldHeader = 'daan-withheld'
/** Headers of a look at a person, and not the address: that is kept in histories and logs of servers. */
export const purposeHeader = 'daan-purpose'
export const caseHeader = 'daan-case'

/** Why somebody looks at a person. */
export const purposes = [
  'investigation',
  'victim-protection',
  'document-check',
  'inspection',
  'quality',
] as const
export type Purpose = (typeof purposes)[number]
/** What is written into the audit journal. */
export { auditActs, type AuditAct } from '../../sql/audit-message.ts'

/** Number of a case, 3 to 40 characters. */
export const casePattern = '^[A-Za-z0-9][A-Za-z0-9./_-]{2,39}$'

/** How a package must be handled. A welfare alert is always `victim`. */
export const markings = ['official', 'restricted', 'victim'] as const
