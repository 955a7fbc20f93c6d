import { pageFile } from '../platform/files-page.ts'
import { filesOnDisk } from '../platform/files-received.ts'
import { Works } from '../platform/http/works.ts'
import { worksRoutes } from '../platform/works.routes.ts'
import type { RuntimeParts } from './api.ts'
import { fileRouteGroups } from './file-routes.ts'

/**
 * What Node adds to the API: routes that take and give files, long work, the browsable page. `settled` waits for the work
 * this process has begun; a server that stops waits for it as long as it can, and what it cuts off is told as interrupted.
 */
export function partsOnNode(
  report: (reference: string, error: unknown) => void,
): RuntimeParts & { readonly settled: () => Promise<void> } {
  const works = new Works(report)
  return {
    routes: [worksRoutes(works), ...fileRouteGroups],
    works,
    files: filesOnDisk,
    page: pageFile,
    settled: () => works.settled(),
  }
}
