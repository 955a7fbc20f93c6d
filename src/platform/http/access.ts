import { type CivilDate, parseCivilDate } from '../../kernel/calendar.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { Services } from '../command.ts'
import { refuseHttp } from './http.refusals.ts'

/** A session that stands: whose it is, and whether it began with a second factor. */
export interface KnownSession {
  /** The staff code. */
  readonly code: string
  /** Which session, without what its holder proves it by. */
  readonly ref: string
  readonly secondFactor: boolean
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
  /** The session a request carries, by its cookie. */
  readonly sessionOf: (request: Request, services: Services) => Promise<KnownSession | undefined>
  /** The day everyone acts for, of a demonstration; production refuses it. */
  readonly today?: CivilDate
}

export const closedAccess: Access = { kind: 'closed' }

/**
 * The access an environment asks for without sign-in: a development actor (`QINGLIU_DEV_ACTOR=clerk`), else closed.
 * Production (`QINGLIU_ENV=production`) refuses a development actor.
 */
export function accessFrom(environment: Readonly<Record<string, string | undefined>>): Access | Refusal {
  const actor = environment['QINGLIU_DEV_ACTOR']
  if (actor === undefined || actor === '') return closedAccess
  if (environment['QINGLIU_ENV'] === 'production') return refuseHttp('development_actor_in_production')
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

/** A Host of another name on a developer's machine is a rebound DNS entry. */
export function refuseForeignHost(request: Request): Refusal | undefined {
  const host = hostOf(request)
  return loopback.test(host) ? undefined : refuseHttp('request_host_not_loopback', { host })
}

/**
 * Refuses what a page of another site sends: its Origin is not the host that was asked, or the browser says so in
 * Sec-Fetch-Site (`none` is a person who typed the address). A request of a program carries neither.
 */
export function refuseForeignPage(request: Request): Refusal | undefined {
  const origin = request.headers.get('origin')
  if (origin !== null && !isOwnOrigin(origin, hostOf(request))) return refuseHttp('request_cross_site', { origin })
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
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  const said = request.headers.get('origin') ?? request.headers.get('sec-fetch-site')
  return said === null ? refuseHttp('request_origin_missing') : undefined
}

// Behind a proxy that ends TLS the scheme is the proxy's; the host is what browsers hold their cookies by.
const isOwnOrigin = (origin: string, host: string): boolean =>
  [`http://${host}`, `https://${host}`].some((own) => own.toLowerCase() === origin.toLowerCase())
