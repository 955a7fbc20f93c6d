import { sql } from 'kysely'
import type { CivilDate } from '../../kernel/calendar.ts'
import type { DischargerId, OrganisationId } from '../../kernel/ids.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { findActor, type Services } from '../command.ts'
import { type Access, callerOf, developmentHeaders } from '../http/access.ts'
import type { OrganisationKind } from '../organisation.ts'
import { refusePlatform } from '../platform.refusals.ts'
import type { Role } from '../staff.ts'

/** Who looks at a page or asks the API. */
export interface Visitor {
  /** The staff code: what a command's envelope names as its actor. */
  readonly code: string
  readonly name: string
  readonly organisation: {
    readonly id: OrganisationId
    readonly code: string
    readonly name: string
    readonly kind: OrganisationKind
  }
  readonly roles: readonly Role[]
  /** Whose data an enterprise account sees; empty for staff. */
  readonly dischargers: readonly DischargerId[]
  /** What forms and signing out are bound to. */
  readonly session: string
  /** The day acted for where it is not today: in development alone. */
  readonly today: CivilDate | undefined
}

/** Who asks, or why nobody may. */
export async function visitorOf(request: Request, access: Access, services: Services): Promise<Visitor | Refusal> {
  const caller = callerOf(request, access)
  if (isRefusal(caller)) return caller
  const actor = await findActor(services.db, caller.actor, caller.today ?? services.clock.today())
  if (actor === undefined) return refusePlatform('actor_unknown', { actor: caller.actor })
  const organisation = await services.db
    .selectFrom('organisations')
    .select(['id', 'code', 'name', 'kind'])
    .where('id', '=', actor.organisationId)
    .executeTakeFirstOrThrow()
  return {
    code: actor.code,
    name: actor.name,
    organisation: { ...organisation, kind: organisation.kind as OrganisationKind },
    roles: actor.roles,
    dischargers: await dischargersLookedAt(request, services),
    session: `development:${actor.code}`,
    today: caller.today,
  }
}

/** Whose portal a developer looks at: codes in a header, separated by commas. */
async function dischargersLookedAt(request: Request, { db }: Services): Promise<readonly DischargerId[]> {
  const codes = request.headers.get(developmentHeaders.dischargers)?.split(',') ?? []
  if (codes.length === 0) return []
  const { rows } = await sql<{ id: DischargerId }>`select id from dischargers where code = any(${codes})`.execute(db)
  return rows.map(({ id }) => id)
}
