import { sql } from 'kysely'
import type { StaffId } from '../../kernel/ids.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { instantForPeople } from '../cli-text.ts'
import { type CommandAnswer, type Envelope, findActor, runCommand, type Services } from '../command.ts'
import type { Db, Trx } from '../database.ts'
import { refusePassword } from './password.ts'
import { refuseSignIn } from './sign-in.refusals.ts'
import { digestOfToken } from './tokens.ts'

/** Whom an invitation is for. */
export interface Invitee {
  readonly invitationId: string
  readonly staffId: StaffId
  readonly code: string
  readonly name: string
  readonly organisation: string
}

/** The invitation a link's token proves; refuses one that was used, was replaced, stands for ended access, or has expired. */
export async function findInvitation(db: Db | Trx, token: string, now: Date): Promise<Invitee | Refusal> {
  const { rows } = await sql<Invitee & { expiresAt: Date; inviter: string; invitingBody: string }>`
    select i.id as "invitationId", s.id as "staffId", s.code, s.name, o.name as organisation, i.expires_at as "expiresAt",
      a.name as inviter, b.name as "invitingBody"
    from invitations i join staff s on s.id = i.staff_id join organisations o on o.id = s.organisation_id
      join commands c on c.command_id = i.command_id join staff a on a.id = c.actor_id
      join organisations b on b.id = a.organisation_id
    where i.token_digest = ${digestOfToken(token)}
      and not exists (select from invitation_uses u where u.invitation_id = i.id)
      and not exists (select from invitations newer where newer.staff_id = i.staff_id and newer.id > i.id)
      and not exists (select from access_endings e where e.staff_id = i.staff_id and e.recorded_at >= i.recorded_at)`.execute(
    db,
  )
  const [found] = rows
  if (found === undefined) return refuseSignIn('invitation_unusable')
  const { expiresAt, inviter, invitingBody, ...invitee } = found
  if (expiresAt > now) return invitee
  return refuseSignIn('invitation_expired', {
    person: invitee.name,
    expiredAt: instantForPeople(expiresAt),
    inviter,
    organisation: invitingBody,
  })
}

/**
 * Sets the password of who holds an invitation, who is the actor: from then on they sign in with it, and whoever was signed
 * in as them is no longer. Refuses an unusable invitation and a weak password.
 */
export async function setPassword(
  services: Services,
  envelope: Omit<Envelope, 'actor'>,
  given: { readonly token: string; readonly password: string; readonly hash: (password: string) => Promise<string> },
): Promise<CommandAnswer<{ staff: string; passwordSet: true }> | Refusal> {
  const invitee = await findInvitation(services.db, given.token, services.clock.now())
  if (!('staffId' in invitee)) return invitee
  const weak = refusePassword(given.password, invitee)
  if (weak !== undefined) return weak
  // Slow on purpose, so before the transaction.
  const hash = await given.hash(given.password)
  const kind = { name: 'sign-in.set-password', zh: '设置本人密码' } as const
  const about = { invitation: invitee.invitationId }
  return runCommand(services, { ...envelope, actor: invitee.code }, kind, about, async (context) => {
    const { trx, commandId, recordedAt } = context
    await sql`select from staff where id = ${invitee.staffId}::bigint for update`.execute(trx)
    const still = await findInvitation(trx, given.token, recordedAt)
    if (!('staffId' in still)) return still
    await trx
      .insertInto('invitation_uses')
      .values({ invitation_id: still.invitationId, command_id: commandId, recorded_at: recordedAt })
      .execute()
    await keepPassword(trx, still, hash)
    return { staff: still.code, passwordSet: true as const }
  })
}

/**
 * Sets another password for who is signed in, whose present one the door has judged: every session ends, this one too.
 * Refuses a weak one and the same one again.
 */
export async function changePassword(
  services: Services,
  envelope: Envelope,
  given: {
    readonly present: string
    readonly password: string
    readonly hash: (password: string) => Promise<string>
  },
): Promise<CommandAnswer<{ staff: string; passwordSet: true }> | Refusal> {
  const kind = { name: 'sign-in.change-password', zh: '修改本人密码', permission: 'sign-in.set-password' } as const
  const actor = await findActor(services.db, envelope.actor, services.clock.today())
  if (actor === undefined) return refuseSignIn('not_signed_in')
  const weak = refusePassword(given.password, { ...actor, organisation: actor.organisation.name })
  if (weak !== undefined) return weak
  if (given.password === given.present) return refuseSignIn('password_unchanged')
  // Slow on purpose, so before the transaction.
  const hash = await given.hash(given.password)
  return runCommand(services, envelope, kind, {}, async ({ trx }) => {
    await sql`select from staff where id = ${actor.id}::bigint for update`.execute(trx)
    await keepPassword(trx, { staffId: actor.id, code: actor.code, name: actor.name }, hash)
    return { staff: actor.code, passwordSet: true as const }
  })
}

/** The library's rows of a person who signs in by a password; sessions begun with an earlier one end. */
async function keepPassword(trx: Trx, person: Pick<Invitee, 'staffId' | 'code' | 'name'>, hash: string): Promise<void> {
  const { staffId, code, name } = person
  await sql`
    insert into sign_in_users (id, name, email, username, display_username)
    values (${staffId}, ${name}, ${code}, ${code}, ${code})
    on conflict (id) do update set name = excluded.name, updated_at = now()`.execute(trx)
  await sql`
    insert into sign_in_credentials (id, user_id, account_id, provider_id, password)
    values (${`credential-${staffId}`}, ${staffId}, ${staffId}, 'credential', ${hash})
    on conflict (id) do update set password = excluded.password, updated_at = now()`.execute(trx)
  await sql`delete from sign_in_sessions where user_id = ${staffId}`.execute(trx)
}
