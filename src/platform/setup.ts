import type { CivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { organisationFault } from './add-organisation.ts'
import { staffFault } from './add-staff.ts'
import { type CommandAnswer, type Envelope, findActor, runCommand, type Services } from './command.ts'
import type { Trx } from './database.ts'
import type { OrganisationKind } from './organisation.ts'
import { refusePlatform } from './platform.refusals.ts'
import { insertSetting } from './set-setting.ts'
import { insertOrganisation, insertRole, insertStaff } from './staff.store.ts'

export interface OfficeSetUp {
  readonly organisation: { readonly code: string; readonly name: string; readonly kind: string }
  readonly administrator: { readonly code: string; readonly name: string }
  /** Why `--as` may name the actor in production from the start; without it only sign-in does. */
  readonly actorByFlagCitation?: string
}

/**
 * The first organisation and its administrator, in a database where nobody is yet; everyone else is added by them.
 * The administrator is the actor of this command, made inside its transaction, so even the beginning is audited.
 * Refuses where there is staff already; a repeat of the same set-up returns the first answer.
 */
export async function setUpOffice(
  services: Services,
  envelope: Omit<Envelope, 'actor'>,
  office: OfficeSetUp,
): Promise<CommandAnswer<{ organisation: string; administrator: string }> | Refusal> {
  const fault = organisationFault(office.organisation) ?? staffFault(office.administrator)
  if (fault !== undefined) return fault
  let staffBefore = 0
  const founding = async (trx: Trx, today: CivilDate): Promise<Refusal | undefined> => {
    // Two set-ups at once: the second waits here, then finds the staff of the first.
    await trx.selectFrom('audit_head').select('seq').forUpdate().executeTakeFirstOrThrow()
    staffBefore = await countStaff(trx)
    if (staffBefore === 0) return found(trx, office, today)
    const known = await findActor(trx, office.administrator.code, today)
    return known === undefined ? refusePlatform('staff_not_first', { count: staffBefore }) : undefined
  }
  return runCommand(
    services,
    { ...envelope, actor: office.administrator.code },
    { name: 'platform.set-up-office', zh: '初始化', founding },
    { ...office },
    async ({ trx, commandId, recordedAt }) => {
      if (staffBefore > 0) return refusePlatform('staff_not_first', { count: staffBefore })
      const citation = office.actorByFlagCitation
      if (citation !== undefined) {
        await insertSetting(trx, { name: 'cli.actor_by_flag', value: true, citation, commandId, recordedAt })
      }
      return { organisation: office.organisation.code, administrator: office.administrator.code }
    },
  )
}

async function countStaff(trx: Trx): Promise<number> {
  const { count } = await trx
    .selectFrom('staff')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function found(trx: Trx, office: OfficeSetUp, today: CivilDate): Promise<undefined> {
  const organisationId = await insertOrganisation(trx, {
    ...office.organisation,
    kind: office.organisation.kind as OrganisationKind,
  })
  const staffId = await insertStaff(trx, { ...office.administrator, organisationId, certificateNo: undefined })
  await insertRole(trx, { staffId, role: 'administrator', from: today })
}
