import { sql } from 'kysely'
import type { Services } from '../command.ts'
import type { Visitor } from '../sign-in/visitor.ts'
import type { Role } from '../staff.ts'
import { reachOf } from './authorisation.ts'
import { type Permission, type PermissionName, permissions } from './permissions.ts'

/** The party a role is of, as the database knows it: a role of its own that owns nothing (0026-fence.sql). */
const partyRoles: Partial<Record<Role, string>> = {
  enterprise_user: 'qingliu_enterprise',
  water_company_operator: 'qingliu_collector',
  plant_operator: 'qingliu_plant',
}

/**
 * Does work with what a visitor may see. Where the table gives them their own data alone, everything is read in one
 * transaction that cannot write, as a role of the database that sees the rows of this party and no others, whatever the
 * queries ask. Others read as the program does.
 */
export async function fenced<Answer>(
  services: Services,
  visitor: Pick<Visitor, 'roles' | 'dischargers' | 'organisation'>,
  permission: PermissionName,
  work: (services: Services) => Promise<Answer>,
): Promise<Answer> {
  if (reachOf(visitor.roles, permission) !== 'own') return work(services)
  const { own = [] }: Permission = permissions[permission]
  const role = own.flatMap((each) => (visitor.roles.includes(each) ? [partyRoles[each]] : []))[0]
  if (role === undefined) throw new Error(`${permission} has no party for ${visitor.roles.join(', ')}`)
  return services.db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`select set_config('qingliu.dischargers', ${visitor.dischargers.join(',')}, true),
        set_config('qingliu.organisation', ${visitor.organisation.id}, true), set_config('role', ${role}, true)`.execute(
        trx,
      )
      return work({ ...services, db: trx })
    })
}
