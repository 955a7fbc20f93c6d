import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  findActor,
  runCommand,
  type Services,
} from '../command.ts'
import { refusePlatform } from '../platform.refusals.ts'
import type { Actor } from '../staff.ts'
import { refuseSignIn } from './sign-in.refusals.ts'
import { digestOfToken, newToken } from './tokens.ts'

/** How long the link of an invitation stands. */
export const invitationDays = 7

export type Invited = {
  readonly invitation: string
  readonly staff: string
  readonly expiresAt: string
}
export type InvitationAnswer = Invited & {
  /** What the link ends in, told this once; null in a repeat and in a trial. */
  readonly token: string | null
}

/**
 * Invites a person to set their password, for the first time or anew: the link works once, for a week, and replaces every
 * earlier one. Refuses an unknown person and the schedule.
 */
export async function invite(
  services: Services,
  envelope: Envelope,
  { staffCode }: { readonly staffCode: string },
): Promise<CommandAnswer<InvitationAnswer> | Refusal> {
  const kind = { name: 'sign-in.invite', zh: '邀请设置密码' } as const
  return withToken((token) =>
    runCommand(services, envelope, kind, { staff: staffCode }, async (context) => {
      const person = await findActor(context.trx, staffCode, context.today)
      if (person === undefined) return refusePlatform('staff_unknown', { code: staffCode })
      return addInvitation(context, person, token)
    }),
  )
}

/** Stores an invitation under the digest of its token. Refuses the schedule, which is nobody. */
export async function addInvitation(
  { trx, commandId, recordedAt }: CommandContext,
  person: Pick<Actor, 'id' | 'code' | 'name' | 'roles'>,
  token: string,
): Promise<Invited | Refusal> {
  if (person.roles.includes('scheduler')) return refuseSignIn('scheduler_signs_in_not', { person: person.name })
  const expiresAt = new Date(recordedAt.getTime() + invitationDays * 86_400_000)
  const { id } = await trx
    .insertInto('invitations')
    .values({
      staff_id: person.id,
      token_digest: digestOfToken(token),
      expires_at: expiresAt,
      command_id: commandId,
      recorded_at: recordedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { invitation: id, staff: person.code, expiresAt: expiresAt.toISOString() }
}

/** Runs a command that hands out a token and puts it beside the answer: the answer that is kept must open nothing. */
export async function withToken<Answer extends object>(
  command: (token: string) => Promise<CommandAnswer<Answer> | Refusal>,
): Promise<CommandAnswer<Answer & { readonly token: string | null }> | Refusal> {
  const token = newToken()
  const outcome = await command(token)
  if (isRefusal(outcome)) return outcome
  const told = outcome.repeated || outcome.dryRun ? null : token
  return { ...outcome, answer: { ...outcome.answer, token: told } }
}
