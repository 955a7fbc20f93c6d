import type { Hono } from 'hono'
import { openApiDocument, type RouteGroup } from '../platform/http/openapi.ts'
import { apiRoot, type Serving, serveRoutes } from '../platform/http/serve-routes.ts'
import { documentRoutes } from './document.routes.ts'
import { routeGroups } from './routes.ts'

/** Puts the JSON API into an app: the routes of every stage, those of the runtime, and the document of them all. */
export function serveApi<Bindings extends object>(
  app: Hono<{ Bindings: Bindings }>,
  serving: Serving<Bindings>,
  ofTheRuntime: readonly RouteGroup[],
): void {
  const groups = [...routeGroups, ...ofTheRuntime]
  let document: object | undefined
  const describe = () => (document ??= openApiDocument([...groups, about], apiRoot))
  const about = documentRoutes(describe)
  serveRoutes(
    app,
    [...groups, about].flatMap(({ routes }) => routes),
    serving,
  )
}
