import { sql } from 'kysely'
import type { StaffId } from '../../kernel/ids.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { reachOf } from '../authorisation/authorisation.ts'
import { type CommandAnswer, type CommandContext, type Envelope, runCommand, type Services } from '../command.ts'
import { refusePlatform } from '../platform.refusals.ts'
import { refuseSignIn } from './sign-in.refusals.ts'

/**
 * Ends a person's access: sessions, password, second factor, keys and open invitations, until they are invited anew. Refuses
 * an unknown person, one's own access, and an end without a reason.
 */
export async function endAccess(
  services: Services,
  envelope: Envelope,
  { staffCode, reason }: { readonly staffCode: string; readonly reason: string },
): Promise<CommandAnswer<{ staff: string; accessEnded: true; sessions: number }> | Refusal> {
  const kind = { name: 'sign-in.end-access', zh: '停用登录' } as const
  return runCommand(services, envelope, kind, { staff: staffCode, reason }, async (context) => {
    const { trx, actor, commandId, recordedAt } = context
    if (reason.trim() === '') return refuseSignIn('reason_missing')
    const person = await lockPerson(context, staffCode)
    if (isRefusal(person)) return person
    if (person.id === actor.id) return refuseSignIn('access_own')
    const sessions = await endSessionsOf(context, person.id)
    await sql`delete from sign_in_users where id = ${person.id}`.execute(trx)
    await trx
      .insertInto('access_endings')
      .values({ staff_id: person.id, reason: reason.trim(), command_id: commandId, recorded_at: recordedAt })
      .execute()
    return { staff: staffCode, accessEnded: true as const, sessions }
  })
}

/**
 * Ends sessions of a person, all or one by its number: one's own, or anybody's by an administrator. Refuses an unknown
 * person and a session that has ended.
 */
export async function endSessions(
  services: Services,
  envelope: Envelope,
  { staffCode, session }: { readonly staffCode: string; readonly session?: string | undefined },
): Promise<CommandAnswer<{ staff: string; sessions: number }> | Refusal> {
  const kind = { name: 'sign-in.end-sessions', zh: '终止登录会话' } as const
  return runCommand(services, envelope, kind, { staff: staffCode, session: session ?? null }, async (context) => {
    const { actor } = context
    const person = await lockPerson(context, staffCode)
    if (isRefusal(person)) return person
    if (person.id !== actor.id && reachOf(actor.roles, 'sign-in.end-sessions') !== 'all')
      return refuseSignIn('session_of_other')
    const sessions = await endSessionsOf(context, person.id, session)
    if (session !== undefined && sessions === 0) return refuseSignIn('session_unknown', { session })
    return { staff: staffCode, sessions }
  })
}

/**
 * Takes a person's second factor away, so that they set up another at their next sign-in. Always by somebody else: who holds
 * a stolen session must not be able to. Refuses an unknown person and one without a second factor.
 */
export async function resetSecondFactor(
  services: Services,
  envelope: Envelope,
  { staffCode, reason }: { readonly staffCode: string; readonly reason: string },
): Promise<CommandAnswer<{ staff: string; secondFactorReset: true }> | Refusal> {
  const kind = { name: 'sign-in.reset-second-factor', zh: '重置第二因素' } as const
  return runCommand(services, envelope, kind, { staff: staffCode, reason }, async (context) => {
    const { trx, actor } = context
    if (reason.trim() === '') return refuseSignIn('reason_missing')
    const person = await lockPerson(context, staffCode)
    if (isRefusal(person)) return person
    if (person.id === actor.id) return refuseSignIn('second_factor_own')
    const { rows } = await sql`delete from sign_in_second_factors where user_id = ${person.id} returning id`.execute(
      trx,
    )
    if (rows.length === 0) return refuseSignIn('second_factor_not_set', { person: person.name })
    await sql`update sign_in_users set two_factor_enabled = false, updated_at = now() where id = ${person.id}`.execute(
      trx,
    )
    await endSessionsOf(context, person.id)
    return { staff: staffCode, secondFactorReset: true as const }
  })
}

async function lockPerson(
  { trx }: CommandContext,
  code: string,
): Promise<{ readonly id: StaffId; readonly name: string } | Refusal> {
  const person = await trx
    .selectFrom('staff')
    .select(['id', 'name'])
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirst()
  return person ?? refusePlatform('staff_unknown', { code })
}

/** Ends a person's sessions, or the one with this number; answers how many there were. */
async function endSessionsOf({ trx }: CommandContext, staffId: StaffId, session?: string): Promise<number> {
  const { rows } = await sql`
    delete from sign_in_sessions where user_id = ${staffId} and (${session ?? null}::text is null or id = ${session ?? null})
    returning id`.execute(trx)
  return rows.length
}
