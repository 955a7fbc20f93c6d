import { z } from '@hono/zod-openapi'
import { chainHead } from '../platform/audit.queries.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { query } from '../platform/http/route.ts'

/** The head of the chain, for whatever prints it. Verification takes as long as the facts are many: it is for the command line. */
export const evidenceRoutes: RouteGroup = {
  name: 'evidence',
  title: { zh: '证据', en: 'evidence' },
  routes: [
    query('/evidence/head', {
      cli: 'evidence head',
      permits: 'evidence.read',
      title: { zh: '事件链的链头', en: 'the head of the chain of events' },
      answer: z.object({ seq: z.string(), hash: z.string() }),
      read: async ({ services }) => chainHead(services.db),
    }),
  ],
}
