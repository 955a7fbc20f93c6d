import { sql } from 'kysely'
import type { CivilDate } from '../../kernel/calendar.ts'
import type { DischargerId, StaffId } from '../../kernel/ids.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { staffFault } from '../add-staff.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  findActor,
  runCommand,
  type Services,
} from '../command.ts'
import type { Trx } from '../database.ts'
import { insertOrganisation, insertRole, insertStaff } from '../staff.store.ts'
import { addInvitation, withToken } from './invite.ts'
import { refuseSignIn } from './sign-in.refusals.ts'

/** Looks a discharger up inside the command: the stage that knows them hands this in. */
export type FindDischarger = (
  trx: Trx,
  code: string,
) => Promise<{ readonly dischargerId: DischargerId; readonly name: string } | Refusal>

export interface EnterpriseUserEntry {
  /** The staff code they sign in with. */
  readonly code: string
  readonly name: string
  readonly discharger: string
}
export type EnterpriseUserAnswer = {
  readonly staff: string
  readonly discharger: string
  readonly from: CivilDate
  /** When the link stops; null where the person signs in already and needs none. */
  readonly expiresAt: string | null
  /** What the link ends in, told this once. */
  readonly token: string | null
}

/**
 * Invites a person of an enterprise: they are entered as a person of it, see what is of this discharger from today, and get a
 * link for their password; a person who is there already gets this discharger as well. Refuses an unknown discharger, a
 * code of somebody else, and a tie that stands.
 */
export async function inviteEnterpriseUser(
  services: Services,
  envelope: Envelope,
  entry: EnterpriseUserEntry,
  findDischarger: FindDischarger,
): Promise<CommandAnswer<EnterpriseUserAnswer> | Refusal> {
  const kind = { name: 'sign-in.invite-enterprise', zh: '邀请排污企业人员' } as const
  return withToken((token) =>
    runCommand(services, envelope, kind, { ...entry }, async (context) => {
      const { trx, today, commandId } = context
      const fault = staffFault(entry)
      if (fault !== undefined) return fault
      const discharger = await findDischarger(trx, entry.discharger)
      if (isRefusal(discharger)) return discharger
      const known = await findActor(trx, entry.code, today)
      if (known !== undefined && (known.organisation.kind !== 'enterprise' || known.name !== entry.name.trim()))
        return refuseSignIn('enterprise_code_taken', { code: entry.code })
      if (known?.dischargers.includes(discharger.dischargerId))
        return refuseSignIn('enterprise_tied_already', {
          code: entry.code,
          person: known.name,
          discharger: entry.discharger,
        })
      const staffId = known?.id ?? (await enter(context, entry, discharger))
      await trx
        .insertInto('enterprise_dischargers')
        .values({
          staff_id: staffId,
          discharger_id: discharger.dischargerId,
          valid_from: today,
          valid_until: null,
          command_id: commandId,
        })
        .execute()
      const tied = { staff: entry.code, discharger: entry.discharger, from: today }
      if (known !== undefined && (await signsIn(trx, staffId))) return { ...tied, expiresAt: null }
      const person = { id: staffId, code: entry.code, name: entry.name, roles: ['enterprise_user'] as const }
      const invited = await addInvitation(context, person, token)
      return isRefusal(invited) ? invited : { ...tied, expiresAt: invited.expiresAt }
    }),
  )
}

/** A new person of the enterprise, whose organisation is made with the first of them. */
async function enter(
  { trx, today }: CommandContext,
  entry: EnterpriseUserEntry,
  discharger: { readonly dischargerId: DischargerId; readonly name: string },
): Promise<StaffId> {
  const code = `enterprise-${discharger.dischargerId}`
  const known = await trx.selectFrom('organisations').select('id').where('code', '=', code).executeTakeFirst()
  const organisationId =
    known?.id ?? (await insertOrganisation(trx, { code, name: discharger.name, kind: 'enterprise' }))
  const person = { code: entry.code, name: entry.name.trim(), organisationId, certificateNo: undefined }
  const staffId = await insertStaff(trx, person)
  await insertRole(trx, { staffId, role: 'enterprise_user', from: today })
  return staffId
}

async function signsIn(trx: Trx, staffId: StaffId): Promise<boolean> {
  const { rows } = await sql`select from sign_in_users where staff_id = ${staffId}::bigint`.execute(trx)
  return rows.length > 0
}

/** Ends what a person of an enterprise sees of a discharger. Refuses where they see nothing of it on that day. */
export async function endEnterpriseTie(
  services: Services,
  envelope: Envelope,
  end: { readonly code: string; readonly discharger: string; readonly until?: CivilDate | undefined },
  findDischarger: FindDischarger,
): Promise<CommandAnswer<{ staff: string; discharger: string; until: CivilDate }> | Refusal> {
  const kind = { name: 'sign-in.end-enterprise', zh: '终止企业人员的查看范围' } as const
  const about = { ...end, until: end.until ?? null }
  return runCommand(services, envelope, kind, about, async ({ trx, today }) => {
    const until = end.until ?? today
    const discharger = await findDischarger(trx, end.discharger)
    if (isRefusal(discharger)) return discharger
    const { rows } = await sql`
      update enterprise_dischargers e set valid_until = ${until}::date from staff s
      where s.id = e.staff_id and s.code = ${end.code} and e.discharger_id = ${discharger.dischargerId}::bigint
        and e.valid_from <= ${until}::date and e.valid_until is null returning e.id`.execute(trx)
    if (rows.length === 0) return refuseSignIn('enterprise_not_tied', { code: end.code, discharger: end.discharger })
    return { staff: end.code, discharger: end.discharger, until }
  })
}
