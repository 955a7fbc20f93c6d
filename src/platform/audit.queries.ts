import type { CivilDate } from '../kernel/calendar.ts'
import type { Db, Trx } from './database.ts'
import { behind } from './page.ts'
import type { Json } from './platform.tables.ts'

export interface AuditEvent {
  readonly seq: string
  readonly recordedAt: Date
  readonly actingOn: CivilDate
  readonly actorCode: string
  readonly actorName: string
  /** `stage.verb-noun`. */
  readonly command: string
  readonly commandId: string
  readonly input: Json
  readonly answer: Json
  readonly hash: string
}

/** The newest events of the audit chain, newest first; those before the event `before` where it is given. */
export async function newestAuditEvents(db: Db | Trx, limit: number, before?: string): Promise<AuditEvent[]> {
  const rows = await db
    .selectFrom('audit_events as e')
    .innerJoin('commands as c', 'c.command_id', 'e.command_id')
    .innerJoin('staff as s', 's.id', 'c.actor_id')
    .select(['e.seq', 'e.hash', 'e.answer', 'c.command_id', 'c.name as command', 'c.acting_on', 'c.input'])
    .select(['c.recorded_at', 's.code as actor_code', 's.name as actor_name'])
    .where(behind(['e.seq'], before === undefined ? undefined : [before], 'desc'))
    .orderBy('e.seq', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    seq: row.seq,
    recordedAt: row.recorded_at,
    actingOn: row.acting_on,
    actorCode: row.actor_code,
    actorName: row.actor_name,
    command: row.command,
    commandId: row.command_id,
    input: row.input as Json,
    answer: row.answer as Json,
    hash: row.hash,
  }))
}

/** The end of the chain: its hash covers every event up to this one, and is printed on statements and packs. */
export async function chainHead(db: Db | Trx): Promise<{ readonly seq: string; readonly hash: string }> {
  return db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow()
}
