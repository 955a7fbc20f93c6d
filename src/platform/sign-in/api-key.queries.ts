import { sql } from 'kysely'
import type { PermissionName } from '../authorisation/permissions.ts'
import type { Db } from '../database.ts'
import { digestOfToken } from './tokens.ts'

export const keyPrefix = 'qlk_'

/** The token of `Authorization: Bearer …`; `undefined` where the request carries none. */
export function bearerToken(request: Request): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,200})$/i.exec(request.headers.get('authorization') ?? '')?.[1]
}

/** The key a token proves: whose it is and what it is for; `undefined` where there is none in force. One indexed look-up. */
export async function keyOf(
  db: Db,
  token: string,
  now: Date,
): Promise<{ readonly keyId: string; readonly code: string; readonly permissions: PermissionName[] } | undefined> {
  if (!token.startsWith(keyPrefix)) return undefined
  const { rows } = await sql<{ keyId: string; code: string; permissions: PermissionName[] }>`
    select k.id as "keyId", s.code, k.permissions from api_keys k join staff s on s.id = k.staff_id
    where k.token_digest = ${digestOfToken(token)} and k.expires_at > ${now}::timestamptz
      and not exists (select from api_key_revocations r where r.api_key_id = k.id)
      and not exists (select from access_endings e where e.staff_id = k.staff_id and e.recorded_at >= k.recorded_at)`.execute(
    db,
  )
  return rows[0]
}

export interface ApiKey {
  readonly keyId: string
  readonly code: string
  readonly person: string
  readonly name: string
  readonly hint: string
  readonly permissions: readonly string[]
  readonly expiresAt: Date
  readonly recordedAt: Date
  readonly state: 'in_force' | 'expired' | 'revoked'
}

export const keyStateNames: Record<ApiKey['state'], { readonly zh: string; readonly en: string }> = {
  in_force: { zh: '有效', en: 'in force' },
  expired: { zh: '已过期', en: 'expired' },
  revoked: { zh: '已吊销', en: 'revoked' },
}

/** Keys, newest first: of everyone or of one person, without their tokens, which nobody has. */
export async function listApiKeys(
  db: Db,
  filter: {
    readonly code?: string | undefined
    readonly now: Date
    readonly before?: string | undefined
    readonly limit: number
  },
): Promise<ApiKey[]> {
  const { rows } = await sql<ApiKey>`
    select k.id as "keyId", s.code, s.name as person, k.name, k.hint, k.permissions, k.expires_at as "expiresAt",
      k.recorded_at as "recordedAt",
      case when exists (select from api_key_revocations r where r.api_key_id = k.id)
          or exists (select from access_endings e where e.staff_id = k.staff_id and e.recorded_at >= k.recorded_at) then 'revoked'
        when k.expires_at <= ${filter.now}::timestamptz then 'expired' else 'in_force' end as state
    from api_keys k join staff s on s.id = k.staff_id
    where (${filter.code ?? null}::text is null or s.code = ${filter.code ?? null})
      and (${filter.before ?? null}::bigint is null or k.id < ${filter.before ?? null}::bigint)
    order by k.id desc limit ${filter.limit}`.execute(db)
  return rows
}
