import type { DischargerId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { PageAsked, PageRoute, Posted } from '../platform/pages/page-route.ts'
import { refusePortal } from './portal.refusals.ts'

/** The database a page of the portal reads from. */
export function portalDb(asked: Pick<PageAsked, 'services'>): Db | Trx {
  return asked.services.db
}

/** Whose data a page of the portal may show: every query of the portal is handed this list. */
export function ownDischargers(asked: Pick<PageAsked, 'visitor'>): readonly DischargerId[] {
  return asked.visitor.dischargers
}

/** Pages for enterprises alone: whoever has no discharger is told where to go instead. */
export function forEnterprises(pages: readonly PageRoute[]): readonly PageRoute[] {
  const stranger = ({ visitor }: PageAsked) =>
    visitor.dischargers.length > 0 ? undefined : refusePortal('portal_without_discharger', { name: visitor.name })
  return pages.map((route) => {
    const { post } = route
    return {
      ...route,
      get: async (asked: PageAsked) => stranger(asked) ?? route.get(asked),
      post:
        post === undefined
          ? undefined
          : async (asked: PageAsked, posted: Posted) => stranger(asked) ?? post(asked, posted),
    }
  })
}
