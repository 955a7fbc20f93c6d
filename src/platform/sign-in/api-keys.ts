import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { reachOf } from '../authorisation/authorisation.ts'
import { type PermissionName, permissions } from '../authorisation/permissions.ts'
import { type CommandAnswer, type Envelope, findActor, runCommand, type Services } from '../command.ts'
import { refusePlatform } from '../platform.refusals.ts'
import type { Role } from '../staff.ts'
import { keyPrefix } from './api-key.queries.ts'
import { needsSecondFactor } from './second-factor.ts'
import { refuseSignIn } from './sign-in.refusals.ts'
import { digestOfToken, newToken } from './tokens.ts'

export interface NewApiKey {
  readonly staffCode: string
  /** What the key is for, in words. */
  readonly name: string
  /** Lines of the table of permissions. */
  readonly permissions: readonly string[]
  readonly days: number
}
export type ApiKeyAnswer = {
  readonly key: string
  readonly staff: string
  readonly name: string
  readonly permissions: readonly string[]
  readonly expiresAt: string
  /** The key itself, told this once; null in a repeat and in a trial. */
  readonly token: string | null
}

export const daysOfKeyMaximum = 366

/** What a key of a person with these roles can be made for. */
export function permissionsForKeys(roles: readonly Role[]): PermissionName[] {
  return (Object.keys(permissions) as PermissionName[]).filter(
    (each) => !each.startsWith('sign-in.') && reachOf(roles, each) !== 'none',
  )
}

/**
 * Makes a key for a system that asks in a person's name. Only its digest is kept, so it is shown once. Refuses a person
 * whose roles need a second factor, permissions their roles do not have, and a term longer than a year.
 */
export async function createApiKey(
  services: Services,
  envelope: Envelope,
  wanted: NewApiKey,
): Promise<CommandAnswer<ApiKeyAnswer> | Refusal> {
  const kind = { name: 'keys.create', zh: '创建 API 密钥' } as const
  const token = newToken(keyPrefix)
  const outcome = await runCommand(services, envelope, kind, { ...wanted }, async (context) => {
    const { trx, today, commandId, recordedAt } = context
    const { staffCode, days } = wanted
    const name = wanted.name.trim()
    if (name === '')
      return refusePlatform('value_malformed', { field: '名称 name', value: name, rule: '不能为空 not blank' })
    if (!Number.isInteger(days) || days < 1 || days > daysOfKeyMaximum)
      return refuseSignIn('api_key_term_malformed', { days, maximum: daysOfKeyMaximum })
    const person = await findActor(trx, staffCode, today)
    if (person === undefined) return refusePlatform('staff_unknown', { code: staffCode })
    if (needsSecondFactor(person.roles)) return refuseSignIn('api_key_needs_person', { name: person.name })
    const known = permissionsForKeys(person.roles)
    const unknown = wanted.permissions.find((each) => !(known as string[]).includes(each))
    if (unknown !== undefined || wanted.permissions.length === 0)
      return refuseSignIn('api_key_permission_unknown', {
        permission: unknown ?? '（空 none）',
        person: person.name,
        known: known.join('、'),
      })
    const expiresAt = new Date(recordedAt.getTime() + days * 86_400_000)
    const { id } = await trx
      .insertInto('api_keys')
      .values({
        staff_id: person.id,
        name,
        hint: token.slice(0, keyPrefix.length + 6),
        token_digest: digestOfToken(token),
        permissions: [...new Set(wanted.permissions)],
        expires_at: expiresAt,
        command_id: commandId,
        recorded_at: recordedAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { key: id, staff: staffCode, name, permissions: wanted.permissions, expiresAt: expiresAt.toISOString() }
  })
  if (isRefusal(outcome)) return outcome
  // The token is no part of the answer that is kept: what stands in the audit trail must open nothing.
  const told = outcome.repeated || outcome.dryRun ? null : token
  return { ...outcome, answer: { ...outcome.answer, token: told } }
}

/** Ends a key at once. Refuses one that is unknown or has ended, and a revocation without a reason. */
export async function revokeApiKey(
  services: Services,
  envelope: Envelope,
  { key, reason }: { readonly key: string; readonly reason: string },
): Promise<CommandAnswer<{ key: string; staff: string; revoked: true }> | Refusal> {
  const kind = { name: 'keys.revoke', zh: '吊销 API 密钥' } as const
  return runCommand(services, envelope, kind, { key, reason }, async ({ trx, commandId, recordedAt }) => {
    if (reason.trim() === '') return refuseSignIn('reason_missing')
    const found = /^\d{1,18}$/.test(key)
      ? await trx
          .selectFrom('api_keys as k')
          .innerJoin('staff as s', 's.id', 'k.staff_id')
          .leftJoin('api_key_revocations as r', 'r.api_key_id', 'k.id')
          .select(['k.id', 's.code', 'k.expires_at', 'r.api_key_id as revoked'])
          .where('k.id', '=', key)
          .forUpdate('k')
          .executeTakeFirst()
      : undefined
    if (found === undefined || found.revoked !== null || found.expires_at <= recordedAt)
      return refuseSignIn('api_key_missing', { key })
    await trx
      .insertInto('api_key_revocations')
      .values({ api_key_id: found.id, reason: reason.trim(), command_id: commandId, recorded_at: recordedAt })
      .execute()
    return { key: found.id, staff: found.code, revoked: true as const }
  })
}
