import type { RouteGroup } from '../platform/http/openapi.ts'
import { accountRoutes } from './account.routes.ts'
import { collectorRoutes, dischargerRoutes, wordRoutes } from './discharger.routes.ts'
import type { Guards } from './guards.ts'
import { rosterRoutes } from './roster.routes.ts'

/** Who owes: dischargers, accounts, meters, collectors, the roster. */
export function dischargersRoutes(guards: Guards): RouteGroup {
  return {
    name: 'dischargers',
    title: { zh: '排污者、户号、水表、代征单位、名单', en: 'dischargers, accounts, meters, collectors, the roster' },
    routes: [...dischargerRoutes, ...accountRoutes(guards), ...rosterRoutes, ...collectorRoutes, ...wordRoutes],
  }
}
