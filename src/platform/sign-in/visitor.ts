import type { CivilDate } from '../../kernel/calendar.ts'
import type { DischargerId, OrganisationId } from '../../kernel/ids.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { PermissionName } from '../authorisation/permissions.ts'
import { findActor, type Services } from '../command.ts'
import { type Access, dayAskedFor, developmentHeaders, refuseForeign, refuseUnprovenWrite } from '../http/access.ts'
import { refuseHttp } from '../http/http.refusals.ts'
import type { OrganisationKind } from '../organisation.ts'
import { refusePlatform } from '../platform.refusals.ts'
import type { Role } from '../staff.ts'
import { bearerToken, keyOf } from './api-key.queries.ts'
import { needsSecondFactor } from './second-factor.ts'
import { refuseSignIn } from './sign-in.refusals.ts'

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
  /** What an API key is limited to; `undefined` for people. */
  readonly keyFor: readonly PermissionName[] | undefined
  /** The day acted for where it is not today: in development and demonstrations alone. */
  readonly today: CivilDate | undefined
}

/**
 * Who asks, or why nobody may. A person whose roles need a second factor and have none yet is refused: they sign in only
 * to set it up.
 */
export async function visitorOf(request: Request, access: Access, services: Services): Promise<Visitor | Refusal> {
  if (access.kind === 'closed') return refuseHttp('sign_in_missing')
  const foreign = refuseForeign(request, access)
  if (foreign !== undefined) return foreign
  if (access.kind === 'development') return developer(request, access, services)
  const token = bearerToken(request)
  if (token !== undefined) return keyHolder(token, access.today, services)
  const session = await access.door.sessionOf(request, services)
  if (session === undefined) return refuseSignIn('not_signed_in')
  const unproven = refuseUnprovenWrite(request)
  if (unproven !== undefined) return unproven
  const person = { code: session.code, session: session.ref, keyFor: undefined, today: access.today }
  const visitor = await visitorFor(person, services)
  if (isRefusal(visitor) || session.secondFactor || !needsSecondFactor(visitor.roles)) return visitor
  return refuseSignIn('second_factor_missing', { name: visitor.name })
}

async function developer(
  request: Request,
  access: Access & { readonly kind: 'development' },
  services: Services,
): Promise<Visitor | Refusal> {
  const asked = dayAskedFor(request)
  if (asked === undefined) {
    const value = request.headers.get(developmentHeaders.today) ?? ''
    return refusePlatform('value_malformed', { field: developmentHeaders.today, value, rule: 'YYYY-MM-DD' })
  }
  const today = asked === 'today' ? access.today : asked
  const code = request.headers.get(developmentHeaders.actor) ?? access.actor
  return visitorFor({ code, session: `development:${code}`, keyFor: undefined, today }, services)
}

async function keyHolder(token: string, today: CivilDate | undefined, services: Services): Promise<Visitor | Refusal> {
  const key = await keyOf(services.db, token, services.clock.now())
  if (key === undefined) return refuseSignIn('api_key_unknown')
  const holder = { code: key.code, session: `key:${key.keyId}`, keyFor: key.permissions, today }
  const visitor = await visitorFor(holder, services)
  // A role that came after the key: no key stands in for a second factor.
  if (!isRefusal(visitor) && needsSecondFactor(visitor.roles))
    return refuseSignIn('api_key_needs_person', { name: visitor.name })
  return visitor
}

async function visitorFor(
  { code, ...how }: { readonly code: string } & Pick<Visitor, 'session' | 'keyFor' | 'today'>,
  services: Services,
): Promise<Visitor | Refusal> {
  const actor = await findActor(services.db, code, how.today ?? services.clock.today())
  if (actor === undefined) return refusePlatform('actor_unknown', { actor: code })
  const { name, organisation, roles, dischargers } = actor
  return { code: actor.code, name, organisation, roles, dischargers, ...how }
}
