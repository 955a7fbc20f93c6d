import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from './command.ts'
import { refusePlatform } from './platform.refusals.ts'
import { insertRole, roleFault } from './staff.store.ts'
import { parseRole, refuseRoleOutside, roleNames } from './staff.ts'

export interface RoleGrant {
  readonly staffCode: string
  /** Code of the role or its Chinese name. */
  readonly role: string
  /** First day; the day acted for unless given. */
  readonly from?: CivilDate
}

/**
 * Gives a person one more role, open-ended. Refuses an unknown person or role, one that does not go with the person's
 * organisation, and a role held already on those days; the role of the schedule is one holder's at a time, who holds no other.
 */
export async function grantRole(
  services: Services,
  envelope: Envelope,
  grant: RoleGrant,
): Promise<CommandAnswer<{ staff: string; role: string; from: CivilDate }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'platform.grant-role', zh: '授予岗位' },
    { ...grant },
    async ({ trx, today }) => {
      const role = parseRole(grant.role)
      if (isRefusal(role)) return role
      const person = await trx
        .selectFrom('staff as s')
        .innerJoin('organisations as o', 'o.id', 's.organisation_id')
        .select(['s.id', 's.name', 'o.name as organisation', 'o.kind'])
        .where('s.code', '=', grant.staffCode)
        .executeTakeFirst()
      if (person === undefined) return refusePlatform('staff_unknown', { code: grant.staffCode })
      const outside = refuseRoleOutside(role, { name: person.organisation, kind: person.kind })
      if (outside !== undefined) return outside
      const from = grant.from ?? today
      try {
        await insertRole(trx, { staffId: person.id, role, from })
      } catch (error) {
        const fault = roleFault(error)
        if (fault === undefined) throw error
        return refusePlatform(fault, { person: person.name, role: roleNames[role].zh, from })
      }
      return { staff: grant.staffCode, role, from }
    },
  )
}
