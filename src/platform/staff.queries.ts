import { sql } from 'kysely'
import type { CivilDate, Validity } from '../kernel/calendar.ts'
import type { Db, Trx } from './database.ts'
import type { OrganisationKind } from './organisation.ts'
import type { Role } from './staff.ts'

export interface StaffMember {
  readonly code: string
  readonly name: string
  readonly organisationCode: string
  readonly organisationName: string
  readonly certificateNo: string | null
  /** Roles in force on the day asked for, and those to come; ended ones are left out. */
  readonly roles: readonly { readonly role: Role; readonly validity: Validity }[]
}

/** Everyone, ordered by organisation and code, with the roles they hold on a day or later. */
export async function listStaff(db: Db | Trx, on: CivilDate): Promise<StaffMember[]> {
  const rows = await db
    .selectFrom('staff as s')
    .innerJoin('organisations as o', 'o.id', 's.organisation_id')
    .leftJoin('staff_roles as r', (join) =>
      join
        .onRef('r.staff_id', '=', 's.id')
        .on((eb) => eb.or([eb('r.valid_until', 'is', null), eb('r.valid_until', '>', on)])),
    )
    .select(['s.code', 's.name', 's.certificate_no', 'o.code as organisation_code', 'o.name as organisation_name'])
    .select(['r.role', 'r.valid_from', 'r.valid_until'])
    .orderBy('o.code')
    .orderBy('s.code')
    .orderBy('r.id')
    .execute()
  const members = new Map<string, StaffMember & { roles: { role: Role; validity: Validity }[] }>()
  for (const row of rows) {
    const member = members.get(row.code) ?? {
      code: row.code,
      name: row.name,
      organisationCode: row.organisation_code,
      organisationName: row.organisation_name,
      certificateNo: row.certificate_no,
      roles: [],
    }
    members.set(row.code, member)
    if (row.role !== null && row.valid_from !== null) {
      member.roles.push({ role: row.role, validity: { from: row.valid_from, until: row.valid_until } })
    }
  }
  return [...members.values()]
}

/** People by their code or a piece of their name. */
export async function findStaffLike(
  db: Db | Trx,
  text: string,
  limit: number,
): Promise<{ readonly code: string; readonly name: string }[]> {
  const { rows } = await sql<{ code: string; name: string }>`
    select code, name from staff where code = ${text} or strpos(lower(name), lower(${text})) > 0
    order by code limit ${limit}`.execute(db)
  return rows
}

/** The organisations of some kinds, each by its code with its name. */
export async function organisationNames(
  db: Db | Trx,
  kinds: readonly OrganisationKind[],
): Promise<(readonly [code: string, name: string])[]> {
  const rows = await db
    .selectFrom('organisations')
    .select(['code', 'name'])
    .where('kind', 'in', kinds)
    .orderBy('code')
    .execute()
  return rows.map(({ code, name }) => [code, name] as const)
}
