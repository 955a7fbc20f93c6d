import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from './command.ts'
import { refusePlatform } from './platform.refusals.ts'
import { parseRole, roleNames } from './staff.ts'

export interface RoleEnd {
  readonly staffCode: string
  readonly role: string
  /** First day without the role; the day acted for unless given. */
  readonly until?: CivilDate
}

/**
 * Ends a person's open role. Refuses an unknown person or role, a role not held, an end before its start, and the end
 * of the last administrator, after whom nobody could add anyone.
 */
export async function endRole(
  services: Services,
  envelope: Envelope,
  end: RoleEnd,
): Promise<CommandAnswer<{ staff: string; role: string; until: CivilDate }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'platform.end-role', zh: '终止岗位' },
    { ...end },
    async ({ trx, today }) => {
      const role = parseRole(end.role)
      if (isRefusal(role)) return role
      // Every open holder of the role is locked, so that two administrators cannot end each other at once.
      const holders = await trx
        .selectFrom('staff_roles as r')
        .innerJoin('staff as s', 's.id', 'r.staff_id')
        .select(['r.id', 'r.valid_from', 's.code', 's.name'])
        .where('r.role', '=', role)
        .where('r.valid_until', 'is', null)
        .orderBy('r.id')
        .forUpdate('r')
        .execute()
      const held = holders.find((holder) => holder.code === end.staffCode)
      const until = end.until ?? today
      if (held === undefined) return refusePlatform('role_not_held', { code: end.staffCode, role: roleNames[role].zh })
      if (until < held.valid_from) {
        return refusePlatform('role_ends_before_start', { person: held.name, from: held.valid_from, until })
      }
      if (role === 'administrator' && holders.length === 1) {
        return refusePlatform('administrator_last', { person: held.name })
      }
      await trx.updateTable('staff_roles').set({ valid_until: until }).where('id', '=', held.id).execute()
      return { staff: end.staffCode, role, until }
    },
  )
}
