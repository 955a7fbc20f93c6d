import { Hono } from 'hono'
import { sql } from 'kysely'
import { version } from '../package.json'
import { type RuntimeParts, serveApi } from './api/api.ts'
import type { Services } from './platform/command.ts'
import { type Access, closedAccess, isSecure } from './platform/http/access.ts'
import type { Failure } from './platform/http/serve-routes.ts'

/**
 * How a runtime gives a request its services, from what it binds to the request: Node hands out one pool for all, a
 * worker opens and closes one each time. `undefined` where this installation has no database.
 */
export type ServicesFor<Bindings extends object> = (bindings: Bindings) => Services | undefined

/** What a runtime may add. */
export interface AppOptions {
  /** Who may use the API; nobody unless given. */
  readonly access?: Access
  /** What only this runtime can serve: files need folders, long work a process that outlives its request. */
  readonly parts?: RuntimeParts
  /** Told of every failure of the program; standard error unless given. */
  readonly report?: (failure: Failure) => void
}

/** What every answer says, a file, an error and JSON too; a page has its own policy, which lets its stylesheet in. */
const headersOfEverything: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
}

/** A database that is asked and stays silent this long counts as not answering. */
const patienceMilliseconds = 3_000

/** The app behind every runtime. It knows none of them: requests come in, answers go out. */
export function createApp<Bindings extends object>(
  servicesFor: ServicesFor<Bindings>,
  { access = closedAccess, parts = { routes: [] }, report = writeFailure }: AppOptions = {},
): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(headersOfEverything))
      if (!context.res.headers.has(name)) context.res.headers.set(name, value)
    if (isSecure(access)) context.res.headers.set('strict-transport-security', 'max-age=31536000')
  })
  // For whoever watches the installation: 200 where it can work, 503 where its database does not answer.
  app.get('/health', async (context) => {
    const services = servicesFor(context.env)
    if (services === undefined) return context.json({ status: 'ok', version })
    return (await databaseAnswers(services))
      ? context.json({ status: 'ok', version, database: 'ok' })
      : context.json({ status: 'unavailable', version, database: 'unreachable' }, 503)
  })
  serveApi(app, { access, servicesFor, report }, parts)
  return app
}

function writeFailure({ reference, method, path, error }: Failure): void {
  console.error(`${method} ${path} failed, reference ${reference}`, error)
}

async function databaseAnswers(services: Services): Promise<boolean> {
  let patience: ReturnType<typeof setTimeout> | undefined
  const answer = sql`select 1`.execute(services.db).then(
    () => true,
    () => false,
  )
  const silence = new Promise<boolean>((resolve) => {
    patience = setTimeout(() => resolve(false), patienceMilliseconds)
  })
  const answered = await Promise.race([answer, silence])
  clearTimeout(patience)
  return answered
}
