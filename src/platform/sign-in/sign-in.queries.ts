import { sql } from 'kysely'
import type { CivilDate } from '../../kernel/calendar.ts'
import type { DischargerId } from '../../kernel/ids.ts'
import type { Db } from '../database.ts'
import type { Said } from '../http/route.ts'

/** How a person stands with signing in. */
export interface User {
  readonly code: string
  readonly name: string
  readonly organisation: string
  readonly state: 'never_invited' | 'invited' | 'invitation_expired' | 'active' | 'ended'
  readonly secondFactor: boolean
  readonly sessions: number
  readonly lastSignedInAt: Date | null
}

export const userStateNames: Record<User['state'], Said> = {
  never_invited: { zh: '未邀请', en: 'not invited' },
  invited: { zh: '已邀请', en: 'invited' },
  invitation_expired: { zh: '邀请已过期', en: 'invitation expired' },
  active: { zh: '已启用', en: 'active' },
  ended: { zh: '已停用', en: 'ended' },
}

/** Everyone with how they sign in, by code. */
export async function listUsers(
  db: Db,
  filter: {
    readonly now: Date
    readonly code?: string | undefined
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<User[]> {
  const { rows } = await sql<User>`
    select s.code, s.name, o.name as organisation,
      case when u.id is not null then 'active'
        when i.id is null and e.id is null then 'never_invited'
        when i.id is null or e.recorded_at >= i.recorded_at then 'ended'
        when i.expires_at <= ${filter.now}::timestamptz then 'invitation_expired' else 'invited' end as state,
      coalesce(u.two_factor_enabled, false) as "secondFactor",
      (select count(*)::int from sign_in_sessions x where x.user_id = u.id and x.expires_at > ${filter.now}::timestamptz) as sessions,
      (select max(v.happened_at) from security_events v where v.staff_id = s.id and v.event = 'signed_in') as "lastSignedInAt"
    from staff s join organisations o on o.id = s.organisation_id
      left join sign_in_users u on u.staff_id = s.id
      left join lateral (select * from invitations x where x.staff_id = s.id order by x.id desc limit 1) i on true
      left join lateral (select * from access_endings x where x.staff_id = s.id order by x.id desc limit 1) e on true
    where (${filter.code ?? null}::text is null or s.code = ${filter.code ?? null})
      and (${filter.after ?? null}::text is null or s.code > ${filter.after ?? null})
    order by s.code limit ${filter.limit}`.execute(db)
  return rows
}

/** A session that stands, without its token. */
export interface Session {
  readonly session: string
  readonly code: string
  readonly name: string
  readonly address: string
  readonly program: string
  readonly beganAt: Date
  readonly expiresAt: Date
}

/** Sessions that stand, newest first: everyone's, or one person's. */
export async function listSessions(
  db: Db,
  filter: { readonly now: Date; readonly code?: string | undefined },
): Promise<Session[]> {
  const { rows } = await sql<Session>`
    select x.id as session, s.code, s.name, coalesce(x.ip_address, '') as address, coalesce(x.user_agent, '') as program,
      x.created_at as "beganAt", x.expires_at as "expiresAt"
    from sign_in_sessions x join sign_in_users u on u.id = x.user_id join staff s on s.id = u.staff_id
    where x.expires_at > ${filter.now}::timestamptz and (${filter.code ?? null}::text is null or s.code = ${filter.code ?? null})
    order by x.created_at desc, x.id`.execute(db)
  return rows
}

/** A person of an enterprise, and since when they see what is of a discharger. */
export interface EnterpriseTie {
  readonly code: string
  readonly name: string
  readonly from: CivilDate
  /** The first day they no longer do. */
  readonly until: CivilDate | null
}

/** Who sees what is of a discharger in the portal, and who did, newest first. */
export async function tiesOfDischarger(db: Db, dischargerId: DischargerId): Promise<EnterpriseTie[]> {
  const { rows } = await sql<EnterpriseTie>`
    select s.code, s.name, e.valid_from as "from", e.valid_until as "until"
    from enterprise_dischargers e join staff s on s.id = e.staff_id
    where e.discharger_id = ${dischargerId}::bigint and e.valid_until is distinct from e.valid_from
    order by e.id desc`.execute(db)
  return rows
}

/** Whether this is an administrator, while none of them signs in yet. */
export async function isFirstAdministrator(db: Db, code: string, on: CivilDate): Promise<boolean> {
  const { rows } = await sql<{ code: string; signs_in: boolean }>`
    select s.code, u.id is not null as signs_in
    from staff_roles r join staff s on s.id = r.staff_id left join sign_in_users u on u.staff_id = s.id
    where r.role = 'administrator' and r.valid_from <= ${on}::date and (r.valid_until is null or r.valid_until > ${on}::date)`.execute(
    db,
  )
  return rows.some((row) => row.code === code) && !rows.some((row) => row.signs_in)
}
