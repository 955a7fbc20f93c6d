import { createHash } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { sql } from 'kysely'
import { clockActingOn } from '../../kernel/clock.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { fenced } from '../authorisation/fence.ts'
import type { Envelope, Services } from '../command.ts'
import type { Trx } from '../database.ts'
import { refuseVisitor } from '../sign-in/permitted.ts'
import { type Visitor, visitorOf } from '../sign-in/visitor.ts'
import { isUnreachable } from '../unreachable.ts'
import { type Access, refuseForeign } from './access.ts'
import { refuseHttp } from './http.refusals.ts'
import { readInput } from './input.ts'
import { languageOf, problemResponse } from './problem.ts'
import type { FilesOfRequests, Outcome, Route } from './route.ts'
import type { Works } from './works.ts'

export const apiRoot = '/api/v1'

/** What the app gives to the routes: who may ask, the database of a request, and where failures are written down. */
export interface Serving<Bindings extends object> {
  readonly access: Access
  readonly servicesFor: (bindings: Bindings) => Services | undefined
  /** Told of every failure that is a bug; its reference stands in the answer. */
  readonly report: (failure: Failure) => void
  /** Where a process outlives its requests and has folders. */
  readonly works?: Works | undefined
  readonly files?: FilesOfRequests | undefined
}
export interface Failure {
  readonly reference: string
  readonly method: string
  readonly path: string
  readonly error: unknown
}

/** `/bills/{number}` as Hono writes it. */
const honoPath = (path: string): string => `${apiRoot}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`

/**
 * Puts the routes below /api/v1. Everything that is not an answer is a problem document: refusals, unfit requests,
 * unknown paths, other methods, a silent database, and failures of the program (without their insides).
 */
export function serveRoutes<Bindings extends object>(
  app: Hono<{ Bindings: Bindings }>,
  routes: readonly Route[],
  serving: Serving<Bindings>,
): void {
  const admitted = (answer: (asked: Admitted<Bindings>) => Promise<Response>) => {
    return async (context: Context<{ Bindings: Bindings }>) => admit(context, serving, answer)
  }
  const methods = new Map<string, string[]>()
  for (const route of inOrder(routes)) {
    const [path, method] = [honoPath(route.path), route.method.toUpperCase()]
    app.on(
      method,
      path,
      admitted((asked) => answerRoute(route, asked, serving)),
    )
    methods.set(path, [...(methods.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])])
  }
  for (const [path, those] of methods) {
    const allowed = those.join(', ')
    app.all(
      path,
      admitted(async ({ context: { req } }) => {
        const refusal = refuseHttp('method_not_allowed', { path: req.path, method: req.method, allowed })
        return problemResponse(refusal, req.raw, { headers: { allow: allowed } })
      }),
    )
  }
  app.all(
    '/api/*',
    admitted(async ({ context: { req } }) => problemResponse(refuseHttp('route_unknown', { path: req.path }), req.raw)),
  )
}

/** A word of a path before a parameter in its place: `/readings/template` is no reading called template. */
function inOrder(routes: readonly Route[]): Route[] {
  const place = ({ path }: Route) => path.replaceAll(/\{\w+\}/g, '~')
  return routes.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))
}

/** A request whose asker is known. */
interface Admitted<Bindings extends object> {
  readonly context: Context<{ Bindings: Bindings }>
  readonly visitor: Visitor
  readonly services: Services
}

/** Finds out who asks before anything else is looked at; the day they act for is the day of the clock from then on. */
async function admit<Bindings extends object>(
  context: Context<{ Bindings: Bindings }>,
  serving: Pick<Serving<Bindings>, 'access' | 'servicesFor' | 'report'>,
  answer: (asked: Admitted<Bindings>) => Promise<Response>,
): Promise<Response> {
  const request = context.req.raw
  try {
    if (serving.access.kind === 'closed') return problemResponse(refuseHttp('sign_in_missing'), request)
    const foreign = refuseForeign(request, serving.access)
    if (foreign !== undefined) return problemResponse(foreign, request)
    const opened = serving.servicesFor(context.env)
    if (opened === undefined) return problemResponse(refuseHttp('database_absent'), request)
    const visitor = await visitorOf(request, serving.access, opened)
    if (isRefusal(visitor)) return problemResponse(visitor, request)
    const services = visitor.today === undefined ? opened : { ...opened, clock: clockActingOn(visitor.today) }
    return await answer({ context, visitor, services })
  } catch (error) {
    if (isUnreachable(error)) return problemResponse(refuseHttp('database_not_answering'), request)
    const reference = crypto.randomUUID()
    serving.report({ reference, method: request.method, path: context.req.path, error })
    return problemResponse(refuseHttp('program_error', { reference }), request)
  }
}

/** Who asks, for what is no route: the files of the browsable page. */
export async function refuseStranger<Bindings extends object>(
  context: Context<{ Bindings: Bindings }>,
  serving: Pick<Serving<Bindings>, 'access' | 'servicesFor' | 'report'>,
  answer: () => Promise<Response>,
): Promise<Response> {
  return admit(context, serving, ({ visitor }) => {
    const forbidden = refuseVisitor(visitor, 'about.read')
    return forbidden === undefined ? answer() : Promise.resolve(problemResponse(forbidden, context.req.raw))
  })
}

async function answerRoute<Bindings extends object>(
  route: Route,
  { context, visitor, services }: Admitted<Bindings>,
  serving: Serving<Bindings>,
): Promise<Response> {
  const request = context.req.raw
  const forbidden = refuseVisitor(visitor, route.permits)
  if (forbidden !== undefined) return problemResponse(forbidden, request)
  const conditions = readConditions(route, request)
  if (isRefusal(conditions)) return problemResponse(conditions, request)
  const input = await readInput(route, request, context.req.param())
  if ('refusal' in input) return problemResponse(input.refusal, request, { faults: input.faults })
  const { dryRun, ...query } = input.query as { dryRun?: boolean }
  const asked = { services, visitor, params: input.params as never, query: query as never }
  const seen = conditions.ifMatch
  const envelope: Envelope = {
    actor: visitor.code,
    commandId: conditions.key,
    dryRun: dryRun ?? false,
    ...(seen === undefined ? {} : { unchanged: (trx) => refuseChanged(route, asked, seen, trx) }),
  }
  const given = {
    ...asked,
    body: input.body,
    envelope,
    request,
    language: languageOf(request.headers.get('accept-language') ?? undefined),
    works: serving.works,
    files: serving.files,
  }
  const outcome = isWrite(route)
    ? await route.run(given)
    : await fenced(services, visitor, route.permits, (inside) => route.run({ ...given, services: inside }))
  if (isRefusal(outcome)) return problemResponse(outcome, request)
  if (outcome.response !== undefined) return outcome.response
  if (outcome.json === undefined) {
    return problemResponse(refuseHttp('resource_missing', { path: context.req.path }), request)
  }
  return jsonResponse(route, outcome, request)
}

const isWrite = ({ kind }: Route): boolean => kind === 'command' || kind === 'work'

/** The command id and the ETag that were seen, where the route asks for them. */
function readConditions(route: Route, request: Request): { key: string; ifMatch: string | undefined } | Refusal {
  if (!isWrite(route)) return { key: '', ifMatch: undefined }
  const key = request.headers.get('idempotency-key')
  if (key === null || key === '') return refuseHttp('idempotency_key_missing')
  if (!/^[\x21-\x7e]{8,200}$/.test(key)) return refuseHttp('idempotency_key_malformed', { length: key.length })
  if (route.ifMatch === undefined) return { key, ifMatch: undefined }
  const ifMatch = request.headers.get('if-match')
  // `*` would mean "whatever it is now": the opposite of what this is for.
  if (ifMatch === null || ifMatch.trim() === '*')
    return refuseHttp('if_match_missing', { resource: apiRoot + route.ifMatch })
  return { key, ifMatch }
}

/** Refuses where the resource is no longer what was seen. Writers who name one resource wait here for each other. */
async function refuseChanged(
  route: Route,
  asked: Parameters<NonNullable<Route['read']>>[0],
  seen: string,
  trx: Trx,
): Promise<Refusal | undefined> {
  const resource = (route.ifMatch ?? '').replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    String(asked.params[name as never]),
  )
  await sql`select pg_advisory_xact_lock(hashtextextended(${resource}, 0))`.execute(trx)
  const now = await route.read?.({ ...asked, query: {} as never, services: { ...asked.services, db: trx } })
  if (isRefusal(now)) return now
  if (now === undefined) return refuseHttp('resource_missing', { path: apiRoot + resource })
  return namesTag(seen, etagOf(JSON.stringify(now)))
    ? undefined
    : refuseHttp('resource_changed', { resource: apiRoot + resource })
}

function jsonResponse(route: Route, outcome: Outcome, request: Request): Response {
  const headers = new Headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  if (outcome.repeated) headers.set('idempotent-replayed', 'true')
  if (outcome.dryRun) headers.set('dry-run', 'true')
  if (outcome.location !== undefined) headers.set('location', apiRoot + outcome.location)
  let json = outcome.json
  if (outcome.next !== undefined) {
    const next = new URL(request.url)
    next.searchParams.set('cursor', outcome.next)
    const address = next.pathname + next.search
    headers.set('link', `<${address}>; rel="next"`)
    json = { ...(json as object), next: address }
  }
  const text = JSON.stringify(json)
  if (route.method === 'get') {
    const etag = etagOf(text)
    headers.set('etag', etag)
    headers.set('cache-control', 'private, no-cache')
    const known = request.headers.get('if-none-match')
    if (known !== null && (known.trim() === '*' || namesTag(known.replaceAll('W/', ''), etag)))
      return new Response(null, { status: 304, headers })
  }
  return new Response(text, { status: outcome.location === undefined ? 200 : 202, headers })
}

/** A strong validator: equal answers have equal tags. */
function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`
}

const namesTag = (header: string, tag: string): boolean => header.split(',').some((part) => part.trim() === tag)
