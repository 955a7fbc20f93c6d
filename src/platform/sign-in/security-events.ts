import { type RawBuilder, sql } from 'kysely'
import type { StaffId } from '../../kernel/ids.ts'
import type { Services } from '../command.ts'
import type { Db } from '../database.ts'
import type { Said } from '../http/route.ts'

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

export const securityEventNames: Record<SecurityEventName, Said> = {
  signed_in: { zh: '登录', en: 'signed in' },
  sign_in_failed: { zh: '登录失败', en: 'sign-in failed' },
  sign_in_throttled: { zh: '登录被限', en: 'sign-in held up' },
  second_factor_failed: { zh: '验证码错误', en: 'wrong code' },
  second_factor_set: { zh: '设置第二因素', en: 'second factor set' },
  backup_code_used: { zh: '使用备用码', en: 'backup code used' },
  session_ended: { zh: '退出登录', en: 'signed out' },
}

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

/** Events as a list: of everyone or of one person, of one kind or of all. */
export function securityEventRows(filter: {
  readonly code?: string | undefined
  readonly event?: SecurityEventName | undefined
}): RawBuilder<SecurityEvent> {
  return sql<SecurityEvent>`
    select e.id, e.event, s.code, s.name, e.address, e.happened_at as "happenedAt"
    from security_events e left join staff s on s.id = e.staff_id
    where (${filter.code ?? null}::text is null or s.code = ${filter.code ?? null})
      and (${filter.event ?? null}::text is null or e.event = ${filter.event ?? null})`
}
