import type { FastifyRequest } from 'fastify'
import { Check } from 'typebox/value'
import type { AuditAct } from '../../sql/audit-message.ts'
import type { AuditLog } from './audit-log.ts'
import { CaseNumber, Purpose } from './audit-shapes.ts'
import { Problem } from './problem.ts'
import { actorOf } from './triage-item.ts'
import { caseHeader, purposeHeader } from './vocabulary.ts'

/** Whose rows are about to be shown. */
export interface Subject {
  readonly keyspace: string
  readonly key: string
  readonly alertId?: string
}

/** What a request says it is for, from its headers. Throws Problem 403 PURPOSE when it does not say. */
export function purposeOf(request: FastifyRequest): { purpose: string; caseNumber: string } {
  const purpose = request.headers[purposeHeader]
  const caseNumber = request.headers[caseHeader]
  if (!Check(Purpose, purpose) || !Check(CaseNumber, caseNumber))
    throw new Problem(403, {
      code: 'PURPOSE',
      message: 'Whoever looks at a person says why and for which case.',
      field: Check(Purpose, purpose) ? caseHeader : purposeHeader,
      fix: `Send the headers ${purposeHeader} and ${caseHeader}; both are written down.`,
    })
  return { purpose, caseNumber }
}

/** Writes a look down, then lets it happen. */
export async function writeDown(
  audit: AuditLog,
  request: FastifyRequest,
  act: AuditAct,
  { keyspace, key, alertId = '' }: Subject,
  why: { purpose: string; caseNumber: string; detail?: string },
): Promise<void> {
  if (request.caller?.kind !== 'person')
    throw new Problem(403, { code: 'SCOPE', message: 'Only people may.' })
  const { session } = request.caller
  await audit.write({
    actor: actorOf(session),
    role: session.role,
    act,
    keyspace,
    key,
    alertId,
    purpose: why.purpose,
    caseNumber: why.caseNumber,
    detail: why.detail ?? '',
  })
}
