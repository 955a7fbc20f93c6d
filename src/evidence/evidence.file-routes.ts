import { z } from '@hono/zod-openapi'
import type { TieOutOf } from '../journal/subledger.ts'
import { whole } from '../platform/http/import-fields.ts'
import type { Route } from '../platform/http/route.ts'
import { work } from '../platform/http/work-route.ts'
import { verifyAll } from './verify.ts'

const head = z.object({ seq: z.string(), hash: z.string() })

/** The check of everything, which takes as long as the facts are many. */
export const evidenceFileRoutes = (tieOutOf: TieOutOf): readonly Route[] => [
  work('/evidence/verifications', {
    cli: 'verify',
    permits: 'evidence.verify',
    title: { zh: '核对全部', en: 'check everything: chain, rows, files, numbers, books, arithmetic' },
    query: { head: z.string().max(64).optional().openapi({ example: '5f2c8a10b3d4' }) },
    answer: z.object({
      head,
      headAsked: z.object({ digest: z.string(), seq: z.string().nullable(), eventsAfter: whole }).nullable(),
      checks: z.array(
        z.object({
          check: z.string(),
          zh: z.string(),
          en: z.string(),
          counted: z.array(z.object({ what: z.string(), zh: z.string(), count: whole })),
          findings: z.array(
            z.object({
              table: z.string(),
              row: z.string(),
              event: z.string().nullable(),
              zh: z.string(),
              en: z.string(),
            }),
          ),
        }),
      ),
      sound: z.boolean(),
    }),
    run: async ({ services, query }) => ({
      answer: await verifyAll(services, { head: query.head, tieOutOf }),
      repeated: false,
      dryRun: true,
    }),
  }),
]
