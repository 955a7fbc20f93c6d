import { assetFromDisk } from '../platform/files-assets.ts'
import { pageFile } from '../platform/files-page.ts'
import { filesOnDisk } from '../platform/files-received.ts'
import { Works } from '../platform/http/works.ts'
import { servePages } from '../platform/pages/serve-pages.ts'
import { worksRoutes } from '../platform/works.routes.ts'
import { sites } from '../sites.ts'
import type { RuntimeParts } from './api.ts'
import { fileRouteGroups } from './file-routes.ts'

/**
 * What Node adds to the API: routes that take and give files, long work, the browsable page, the sites. `settled` waits for the work
 * this process has begun; a server that stops waits for it as long as it can, and what it cuts off is told as interrupted.
 */
export function partsOnNode(
  report: (reference: string, error: unknown) => void,
  secret?: string,
): RuntimeParts & { readonly settled: () => Promise<void> } {
  const works = new Works(report)
  return {
    routes: [worksRoutes(works), ...fileRouteGroups],
    works,
    files: filesOnDisk,
    page: pageFile,
    pages: (app, serving) =>
      servePages(app, sites, {
        ...serving,
        works,
        files: filesOnDisk,
        asset: assetFromDisk,
        ...(secret === undefined ? {} : { secret }),
      }),
    settled: () => works.settled(),
  }
}
