import { type CivilDate, parseCivilDate } from '../../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { refusePlatform } from '../platform.refusals.ts'
import { refuseHttp } from './http.refusals.ts'

/** Who asks, and the day to act for where it is not today. */
export interface Caller {
  readonly actor: string
  readonly today: CivilDate | undefined
}

/** How an installation knows who asks. There is no sign-in yet, so it is closed, or a developer's own machine. */
export type Access = { readonly kind: 'closed' } | { readonly kind: 'development'; readonly actor: string }

export const closedAccess: Access = { kind: 'closed' }

/**
 * The access an environment asks for: a development actor (`QINGLIU_DEV_ACTOR=clerk`), else closed. Production
 * (`QINGLIU_ENV=production`) refuses a development actor.
 */
export function accessFrom(environment: Readonly<Record<string, string | undefined>>): Access | Refusal {
  const actor = environment['QINGLIU_DEV_ACTOR']
  if (actor === undefined || actor === '') return closedAccess
  if (environment['QINGLIU_ENV'] === 'production') return refuseHttp('development_actor_in_production')
  return { kind: 'development', actor }
}

/** The headers by which a developer acts as somebody else, for another day, or looks at the portal of an enterprise. */
export const developmentHeaders = {
  actor: 'Qingliu-Actor',
  today: 'Qingliu-Today',
  dischargers: 'Qingliu-Discharger',
}

/**
 * Who asks. A developer's machine answers its own processes alone: a Host of another name is a rebound DNS entry, and an
 * Origin or Sec-Fetch-Site of elsewhere is a page that a browser on this machine has open.
 */
export function callerOf(request: Request, access: Access): Caller | Refusal {
  if (access.kind === 'closed') return refuseHttp('sign_in_missing')
  const foreign = refuseForeign(request)
  if (isRefusal(foreign)) return foreign
  const written = request.headers.get(developmentHeaders.today)
  const today = written === null ? undefined : parseCivilDate(written)
  if (written !== null && today === undefined) {
    return refusePlatform('value_malformed', { field: developmentHeaders.today, value: written, rule: 'YYYY-MM-DD' })
  }
  return { actor: request.headers.get(developmentHeaders.actor) ?? access.actor, today }
}

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i

function refuseForeign(request: Request): Refusal | undefined {
  const host = request.headers.get('host') ?? new URL(request.url).host
  if (!loopback.test(host)) return refuseHttp('request_host_not_loopback', { host })
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  if (origin !== null && origin.toLowerCase() !== `http://${host}`.toLowerCase())
    return refuseHttp('request_cross_site', { origin })
  // A page of another site, or of another port of this machine. `none` is a person who typed the address.
  if (site !== null && site !== 'same-origin' && site !== 'none')
    return refuseHttp('request_cross_site', { origin: `Sec-Fetch-Site: ${site}` })
  return undefined
}
