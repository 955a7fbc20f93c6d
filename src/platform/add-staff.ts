import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { isCode, malformedCode } from './add-organisation.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from './command.ts'
import { refusePlatform } from './platform.refusals.ts'
import { insertRole, insertStaff, roleFault } from './staff.store.ts'
import { parseRole, type Role, refuseRoleOutside, roleNames } from './staff.ts'

export interface NewStaff {
  /** 2 to 40 of a–z, 0–9 and hyphen: what the person is named by on commands. */
  readonly code: string
  readonly name: string
  readonly organisationCode: string
  /** Codes of roles or their Chinese names. */
  readonly roles: readonly string[]
  /** First day of the roles; the day acted for unless given. */
  readonly from?: CivilDate
  /** Number of the law-enforcement certificate, of case officers. */
  readonly certificateNo?: string
}

/**
 * Adds a person with their roles. Refuses a malformed or taken code, an unknown organisation, an unknown role or one
 * that does not go with the organisation, and the role of the schedule beside another role or while somebody holds it.
 */
export async function addStaff(
  services: Services,
  envelope: Envelope,
  person: NewStaff,
): Promise<CommandAnswer<{ staff: string; roles: Role[] }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'platform.add-staff', zh: '增加人员' },
    { ...person },
    async ({ trx, today }) => {
      const fault = staffFault(person)
      if (fault !== undefined) return fault
      const roles = new Set<Role>()
      for (const written of person.roles) {
        const role = parseRole(written)
        if (isRefusal(role)) return role
        roles.add(role)
      }
      const from = person.from ?? today
      if (roles.has('scheduler') && roles.size > 1) {
        return refusePlatform('scheduler_stands_alone', { person: person.name, from })
      }
      const taken = await trx.selectFrom('staff').select('id').where('code', '=', person.code).executeTakeFirst()
      if (taken !== undefined) return refusePlatform('staff_code_taken', { code: person.code })
      const organisation = await trx
        .selectFrom('organisations')
        .select(['id', 'name', 'kind'])
        .where('code', '=', person.organisationCode)
        .executeTakeFirst()
      if (organisation === undefined) return refusePlatform('organisation_unknown', { code: person.organisationCode })
      for (const role of roles) {
        const outside = refuseRoleOutside(role, organisation)
        if (outside !== undefined) return outside
      }
      const staffId = await insertStaff(trx, {
        code: person.code,
        name: person.name.trim(),
        organisationId: organisation.id,
        certificateNo: person.certificateNo,
      })
      try {
        for (const role of roles) await insertRole(trx, { staffId, role, from })
      } catch (error) {
        const fault = roleFault(error)
        if (fault === undefined) throw error
        return refusePlatform(fault, { person: person.name, role: roleNames.scheduler.zh, from })
      }
      return { staff: person.code, roles: [...roles] }
    },
  )
}

/** What is wrong with a person's code or name as they were entered, if anything. */
export function staffFault(person: { readonly code: string; readonly name: string }): Refusal | undefined {
  if (!isCode(person.code)) return malformedCode('人员代码 staff code', person.code)
  if (person.name.trim() === '') {
    return refusePlatform('value_malformed', { field: '姓名 name', value: person.name, rule: '不能为空 not blank' })
  }
  return undefined
}
