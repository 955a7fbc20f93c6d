import { sql } from 'kysely'
import type { Services } from '../command.ts'
import type { Trx } from '../database.ts'
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

type Fenced = Pick<Visitor, 'roles' | 'dischargers' | 'organisation'>

/** The role of the database somebody reads in; `undefined` where they read as the program does. */
function roleFor(visitor: Fenced, permission: PermissionName): string | undefined {
  if (reachOf(visitor.roles, permission) !== 'own') return undefined
  const { own = [] }: Permission = permissions[permission]
  const role = own.flatMap((each) => (visitor.roles.includes(each) ? [partyRoles[each]] : []))[0]
  if (role === undefined) throw new Error(`${permission} has no party for ${visitor.roles.join(', ')}`)
  return role
}

async function enter(trx: Trx, { dischargers, organisation }: Fenced, role: string): Promise<void> {
  await sql`select set_config('qingliu.dischargers', ${dischargers.join(',')}, true),
    set_config('qingliu.organisation', ${organisation.id}, true), set_config('role', ${role}, true)`.execute(trx)
}

/**
 * Does work with what a visitor may see. Where the table gives them their own data alone, everything is read in one
 * transaction that cannot write, as a role of the database that sees the rows of this party and no others, whatever the
 * queries ask. Others read as the program does. Either way the work is handed one database and no way round it.
 */
export async function fenced<Answer>(
  services: Services,
  visitor: Fenced,
  permission: PermissionName,
  work: (services: Services) => Promise<Answer>,
): Promise<Answer> {
  const role = roleFor(visitor, permission)
  const { gathered: reads = services.db, ...rest } = services
  if (role === undefined) return work({ ...rest, db: reads })
  return reads
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      await enter(trx, visitor, role)
      return work({ ...rest, db: trx })
    })
}

/** The same for reading that goes on until its end is told: of one command of the command line. */
export async function fencedReading(
  services: Services,
  visitor: Fenced,
  permission: PermissionName,
): Promise<{ readonly services: Services; readonly end: () => Promise<void> }> {
  const role = roleFor(visitor, permission)
  if (role === undefined) return { services, end: async () => undefined }
  const { gathered: _, ...rest } = services
  const trx = await services.db.startTransaction().setAccessMode('read only').execute()
  await enter(trx, visitor, role)
  return { services: { ...rest, db: trx }, end: () => trx.rollback().execute() }
}
