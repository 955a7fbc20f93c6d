import type { Refusal } from '../kernel/refusal.ts'
import type { CommandContext } from './command.ts'
import type { Db } from './database.ts'
import { keepBytes } from './documents/keep-bytes.ts'
import { refusePlatform } from './platform.refusals.ts'

/** A scanned paper as a command takes it: its bytes, or null where it was kept before. */
export interface Evidence {
  readonly name: string
  readonly digest: string
  readonly bytes: Uint8Array | null
}

/** Keeps a paper inside the command that it belongs to. */
export async function storeEvidence(context: CommandContext, evidence: Evidence | undefined): Promise<void> {
  if (evidence === undefined || evidence.bytes === null) return
  const { name, digest, bytes } = evidence
  await keepBytes(context.trx, { name, digest, bytes }, context.recordedAt)
}

/**
 * A file that was kept before, by its digest, as a command takes it. Refuses a digest nobody has sent a file for, and that
 * of a file without a byte.
 */
export async function keptEvidence(db: Db, digest: string | undefined): Promise<Evidence | undefined | Refusal> {
  if (digest === undefined) return undefined
  const row = await db
    .selectFrom('stored_files')
    .select(['name', 'byte_count'])
    .where('digest', '=', digest)
    .executeTakeFirst()
  if (row === undefined) return refusePlatform('evidence_unknown', { digest })
  if (Number(row.byte_count) === 0) return refusePlatform('evidence_empty', { file: row.name })
  return { name: row.name, digest, bytes: null }
}
