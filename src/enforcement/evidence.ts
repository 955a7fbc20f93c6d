import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Db } from '../platform/database.ts'
import { type Evidence, storeEvidence } from '../platform/scanned-paper.ts'
import { refuseEnforcement, unknownLog } from './enforcement.refusals.ts'
import { enforcementTables } from './enforcement.tables.ts'
import { findLog, type LogKind } from './matter.queries.ts'

/**
 * Keeps a scanned paper before the step, sample or report that names it, for askers that send files and steps apart; the same bytes are
 * kept once. Answers its digest.
 */
export async function keepEvidence(
  services: Services,
  envelope: Envelope,
  file: Evidence,
): Promise<CommandAnswer<{ digest: string; name: string }> | Refusal> {
  const kind = { name: 'enforcement.keep-evidence', zh: '存入证据文件' } as const
  return runCommand(services, envelope, kind, { digest: file.digest, name: file.name }, async (context) => {
    await storeEvidence(context, file)
    return { digest: file.digest, name: file.name }
  })
}

/** The evidence file of a step, by its place in the log. Refuses an unknown log and a step without one. */
export async function evidenceOf(
  db: Db,
  log: LogKind,
  number: string,
  place: string,
): Promise<{ readonly digest: string; readonly name: string } | Refusal> {
  const key = await findLog(db, log, number)
  if (key === undefined) return unknownLog(log, number)
  const row = await enforcementTables(db)
    .selectFrom('enforcement_steps as s')
    .innerJoin('stored_files as f', 'f.digest', 's.evidence_digest')
    .select(['f.digest', 'f.name'])
    .where('s.order_id', '=', key.orderId)
    .where('s.case_id', key.caseId === null ? 'is' : '=', key.caseId)
    .where('s.seq', '=', /^\d{1,6}$/.test(place) ? Number(place) : 0)
    .executeTakeFirst()
  return row ?? refuseEnforcement('step_has_no_evidence', { number, step: place })
}
