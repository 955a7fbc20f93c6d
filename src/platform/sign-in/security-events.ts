import { sql } from 'kysely'
import type { StaffId } from '../../kernel/ids.ts'
import type { Services } from '../command.ts'
import type { Db } from '../database.ts'

export const securityEvents = [
  'signed_in',
  'sign_in_failed',
  'sign_in_throttled',
  'second_factor_failed',
  'second_factor_set',
  'backup_code_used',
  'session_ended',
] as const
export type SecurityEventName = (typeof securityEvents)[number]

/** The origin under which events stand in the digests of the audit chain: no command wrote them. */
export const signInOrigin = 'sign-in'

export interface NewSecurityEvent {
  readonly event: SecurityEventName
  /** Whose account; `undefined` where nobody has the name that was typed. */
  readonly staffId: StaffId | undefined
  readonly address: string
  readonly sessionRef?: string | undefined
}

/**
 * Appends what happened at the door. It is no command, since in a failed attempt nobody acts; the next event of the audit
 * chain covers it. The chain's head is held meanwhile, so that an event is never appended around it.
 */
export async function noteSecurityEvent(services: Services, noted: NewSecurityEvent): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    await sql`select set_config('qingliu.origin', ${signInOrigin}, true) from audit_head for share`.execute(trx)
    await trx
      .insertInto('security_events')
      .values({
        event: noted.event,
        staff_id: noted.staffId ?? null,
        address: noted.address,
        happened_at: services.clock.now(),
        session_ref: noted.sessionRef ?? '',
      })
      .execute()
  })
}

export interface SecurityEvent {
  readonly id: string
  readonly event: SecurityEventName
  readonly code: string | null
  readonly name: string | null
  readonly address: string
  readonly happenedAt: Date
}

/** The newest events, of everyone or of one person; a page at a time by their number. */
export async function listSecurityEvents(
  db: Db,
  filter: { readonly code?: string | undefined; readonly before?: string | undefined; readonly limit: number },
): Promise<SecurityEvent[]> {
  const { rows } = await sql<SecurityEvent>`
    select e.id, e.event, s.code, s.name, e.address, e.happened_at as "happenedAt"
    from security_events e left join staff s on s.id = e.staff_id
    where (${filter.code ?? null}::text is null or s.code = ${filter.code ?? null})
      and (${filter.before ?? null}::bigint is null or e.id < ${filter.before ?? null}::bigint)
    order by e.id desc limit ${filter.limit}`.execute(db)
  return rows
}
