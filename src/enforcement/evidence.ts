import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Db } from '../platform/database.ts'
import { type GivenFile, storeFile } from '../platform/files.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'

/**
 * Keeps a scanned paper before the step that names it, for askers that send files and steps apart; the same bytes are
 * kept once. Answers its digest.
 */
export async function keepEvidence(
  services: Services,
  envelope: Envelope,
  file: GivenFile,
): Promise<CommandAnswer<{ digest: string; name: string }> | Refusal> {
  const roles = [
    'brigade_officer',
    'bureau_clerk',
    'bureau_approver',
    'bureau_head',
    'hearing_host',
    'legal_reviewer',
    'finance_officer',
  ] as const
  const kind = { name: 'enforcement.keep-evidence', zh: '存入证据文件', roles }
  return runCommand(services, envelope, kind, { digest: file.digest, name: file.name }, async ({ trx, recordedAt }) => {
    await storeFile(trx, file, recordedAt)
    return { digest: file.digest, name: file.name }
  })
}

/** A file that was kept before, by its digest, as a step takes it. Refuses a digest nobody has sent a file for. */
export async function keptEvidence(db: Db, digest: string | undefined): Promise<GivenFile | undefined | Refusal> {
  if (digest === undefined) return undefined
  const row = await db
    .selectFrom('stored_files')
    .select(['name', 'byte_count'])
    .where('digest', '=', digest)
    .executeTakeFirst()
  if (row === undefined) return refuseEnforcement('evidence_unknown', { digest })
  return { path: '', name: row.name, digest, byteCount: Number(row.byte_count) }
}
