import type { CivilDate } from '../kernel/calendar.ts'
import type { OrganisationId, StaffId } from '../kernel/ids.ts'
import { sqlState } from './command.ts'
import type { Trx } from './database.ts'
import type { OrganisationKind } from './organisation.ts'
import type { Role } from './staff.ts'

export async function insertOrganisation(
  trx: Trx,
  organisation: { code: string; name: string; kind: OrganisationKind },
): Promise<OrganisationId> {
  const { code, name, kind } = organisation
  const { id } = await trx
    .insertInto('organisations')
    .values({ code, name, kind })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function insertStaff(
  trx: Trx,
  person: { code: string; name: string; organisationId: OrganisationId; certificateNo: string | undefined },
): Promise<StaffId> {
  const { id } = await trx
    .insertInto('staff')
    .values({
      code: person.code,
      name: person.name,
      organisation_id: person.organisationId,
      certificate_no: person.certificateNo ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function insertRole(trx: Trx, grant: { staffId: StaffId; role: Role; from: CivilDate }): Promise<void> {
  await trx
    .insertInto('staff_roles')
    .values({ staff_id: grant.staffId, role: grant.role, valid_from: grant.from, valid_until: null })
    .execute()
}

/** Which rule about roles the database named when it refused one; `undefined` for any other error. */
export function roleFault(
  error: unknown,
): 'role_held' | 'scheduler_taken' | 'scheduler_stands_alone' | 'enterprise_role_alone' | undefined {
  if (sqlState(error) === 'QL030') return 'enterprise_role_alone'
  if (sqlState(error) !== '23P01') return undefined
  const { constraint } = error as { constraint?: string }
  if (constraint === 'scheduler_is_one') return 'scheduler_taken'
  return constraint === 'scheduler_stands_alone' ? 'scheduler_stands_alone' : 'role_held'
}
