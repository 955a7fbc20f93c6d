import type { Hono } from 'hono'
import { refuseHttp } from '../platform/http/http.refusals.ts'
import { openApiDocument, type RouteGroup } from '../platform/http/openapi.ts'
import { problemResponse } from '../platform/http/problem.ts'
import type { FilesOfRequests } from '../platform/http/route.ts'
import { apiRoot, refuseStranger, type Serving, serveRoutes } from '../platform/http/serve-routes.ts'
import type { Works } from '../platform/http/works.ts'
import { documentRoutes } from './document.routes.ts'
import { routeGroups } from './routes.ts'

/** What a runtime adds to the app that has folders and whose process outlives its requests. */
export interface RuntimeParts {
  readonly routes: readonly RouteGroup[]
  readonly works?: Works
  readonly files?: FilesOfRequests
  /** The files of the browsable page. */
  readonly page?: (name: string) => Promise<{ readonly type: string; readonly bytes: Uint8Array | string } | undefined>
  /** Puts the pages of the sites into the app. */
  readonly pages?: <Bindings extends object>(app: Hono<{ Bindings: Bindings }>, serving: Serving<Bindings>) => void
}

/** Puts the JSON API into an app: the routes of every stage, those of the runtime, and the document of them all. */
export function serveApi<Bindings extends object>(
  app: Hono<{ Bindings: Bindings }>,
  serving: Omit<Serving<Bindings>, 'works' | 'files'>,
  parts: RuntimeParts,
): void {
  const groups = together([...routeGroups, ...parts.routes])
  let document: object | undefined
  const about = documentRoutes(() => {
    document ??= openApiDocument([...groups, about], apiRoot)
    return document
  })
  if (parts.page !== undefined) servePage(app, serving, parts.page)
  parts.pages?.(app, serving)
  const routes = [...groups, about].flatMap((group) => group.routes)
  serveRoutes(app, routes, { ...serving, works: parts.works, files: parts.files })
}

/** A stage's routes under one name, wherever they run. */
export function together(groups: readonly RouteGroup[]): RouteGroup[] {
  const byName = new Map<string, RouteGroup>()
  for (const group of groups) {
    const known = byName.get(group.name)
    byName.set(group.name, known === undefined ? group : { ...known, routes: [...known.routes, ...group.routes] })
  }
  return [...byName.values()]
}

// The library sets styles on elements by script, which needs no exception; its icons are data: images.
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

function servePage<Bindings extends object>(
  app: Hono<{ Bindings: Bindings }>,
  serving: Pick<Serving<Bindings>, 'access' | 'servicesFor' | 'report'>,
  page: NonNullable<RuntimeParts['page']>,
): void {
  app.get(`${apiRoot}/docs`, (context) => context.redirect(`${apiRoot}/docs/`))
  app.get(`${apiRoot}/docs/:name{.*}`, (context) =>
    refuseStranger(context, serving, async () => {
      const { req } = context
      const file = await page(req.param('name'))
      if (file === undefined) return problemResponse(refuseHttp('route_unknown', { path: req.path }), req.raw)
      return new Response(file.bytes, {
        headers: {
          'content-type': file.type,
          'content-security-policy': pagePolicy,
          'cache-control': 'private, no-cache',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
        },
      })
    }),
  )
}
