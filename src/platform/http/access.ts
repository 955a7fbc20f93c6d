import { type CivilDate, parseCivilDate } from '../../kernel/calendar.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { Services } from '../command.ts'
import { isProduction } from '../production.ts'
import { refuseHttp } from './http.refusals.ts'

/** A session that stands: whose it is, and whether it began with a second factor. */
export interface KnownSession {
  /** The staff code. */
  readonly code: string
  /** Which session, without what its holder proves it by. */
  readonly ref: string
  readonly secondFactor: boolean
}

/** What signing in answers: cookies for the browser, and what comes next. */
export interface SignedIn {
  readonly next: 'signed_in' | 'second_factor'
  readonly cookies: readonly string[]
}
/** A second factor as it is shown once: an address for the authenticator, and codes for the day it is lost. */
export interface NewSecondFactor {
  readonly uri: string
  readonly backupCodes: readonly string[]
}

/** The door of an installation where people sign in. Whoever knocks is judged there: passwords, throttling, sessions. */
export interface Door {
  /** The session a request carries, by its cookie. */
  sessionOf(request: Request, services: Services): Promise<KnownSession | undefined>
  byPassword(
    request: Request,
    services: Services,
    given: { readonly code: string; readonly password: string },
  ): Promise<SignedIn | Refusal>
  bySecondFactor(request: Request, services: Services, code: string): Promise<SignedIn | Refusal>
  /** Ends the session of a request; answers the cookies that say so. */
  out(request: Request, services: Services): Promise<readonly string[]>
  /** Whether whoever holds the session of a request knows its password, judged and throttled like signing in. */
  refuseUnlessPassword(request: Request, services: Services, password: string): Promise<Refusal | undefined>
  beginSecondFactor(request: Request, services: Services, password: string): Promise<NewSecondFactor | Refusal>
  confirmSecondFactor(request: Request, services: Services, code: string): Promise<SignedIn | Refusal>
  hash(password: string): Promise<string>
}

/**
 * How an installation knows who asks: nobody may; a developer's own machine, where everyone is the development actor; or
 * people sign in and systems bring keys.
 */
export type Access =
  | { readonly kind: 'closed' }
  | { readonly kind: 'development'; readonly actor: string; readonly today?: CivilDate }
  | SignInAccess
export interface SignInAccess {
  readonly kind: 'sign-in'
  readonly door: Door
  /** This machine alone is served, so a Host of another name is a rebound DNS entry. */
  readonly loopbackOnly: boolean
  /** Browsers come by https alone: no cookie, and no later visit, goes without. */
  readonly secure?: boolean
  /** The day everyone acts for, of a demonstration; production refuses it. */
  readonly today?: CivilDate
}

/** Whether browsers come by https alone. */
export const isSecure = (access: Access): boolean => access.kind === 'sign-in' && access.secure === true

export const closedAccess: Access = { kind: 'closed' }

/**
 * The access an environment asks for without sign-in: a development actor (`QINGLIU_DEV_ACTOR=clerk`), else closed.
 * Production (`QINGLIU_ENV=production`) refuses a development actor.
 */
export function accessFrom(environment: Readonly<Record<string, string | undefined>>): Access | Refusal {
  const actor = environment['QINGLIU_DEV_ACTOR']
  if (actor === undefined || actor === '') return closedAccess
  if (isProduction(environment)) return refuseHttp('development_actor_in_production')
  return { kind: 'development', actor }
}

/** The headers by which a developer acts as somebody else, or for another day. */
export const developmentHeaders = { actor: 'Qingliu-Actor', today: 'Qingliu-Today' }

/** The day a developer's request acts for; `undefined` where its header is malformed. */
export function dayAskedFor(request: Request): CivilDate | 'today' | undefined {
  const written = request.headers.get(developmentHeaders.today)
  return written === null ? 'today' : parseCivilDate(written)
}

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i

const hostOf = (request: Request): string => request.headers.get('host') ?? new URL(request.url).host

/**
 * Refuses what a page of another site sends: its Origin is not the host that was asked, or the browser says so in
 * Sec-Fetch-Site (`none` is a person who typed the address). A request of a program carries neither. On a developer's
 * machine a Host of another name is a rebound DNS entry.
 */
export function refuseForeign(request: Request, access: Access): Refusal | undefined {
  const host = hostOf(request)
  const thisMachine = access.kind === 'development' || (access.kind === 'sign-in' && access.loopbackOnly)
  if (thisMachine && !loopback.test(host)) return refuseHttp('request_host_not_loopback', { host })
  // A link that leads here from elsewhere is how people arrive: it only looks, and the cookie is of that kind.
  if (access.kind === 'sign-in' && isLookedAt(request)) return undefined
  const origin = request.headers.get('origin')
  if (origin !== null && !isOwnOrigin(origin, host)) return refuseHttp('request_cross_site', { origin })
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none')
    return refuseHttp('request_cross_site', { origin: `Sec-Fetch-Site: ${site}` })
  return undefined
}

/**
 * Refuses a write under a cookie unless the browser says that our own page sent it: the cookie alone proves nothing, as a
 * browser adds it to whatever it is made to send.
 */
export function refuseUnprovenWrite(request: Request): Refusal | undefined {
  if (isLookedAt(request)) return undefined
  const said = request.headers.get('origin') ?? request.headers.get('sec-fetch-site')
  return said === null ? refuseHttp('request_origin_missing') : undefined
}

const isLookedAt = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD'

// Behind a proxy that ends TLS the scheme is the proxy's; the host is what browsers hold their cookies by.
const isOwnOrigin = (origin: string, host: string): boolean =>
  [`http://${host}`, `https://${host}`].some((own) => own.toLowerCase() === origin.toLowerCase())
