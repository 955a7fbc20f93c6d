import { z } from '@hono/zod-openapi'
import { reachOf } from './authorisation/authorisation.ts'
import { instant } from './http/fields.ts'
import type { RouteGroup } from './http/openapi.ts'
import { list, query } from './http/route.ts'
import { workSchema } from './http/work-route.ts'
import type { Works } from './http/works.ts'
import type { Visitor } from './sign-in/visitor.ts'

/** Whose works somebody sees: everybody's, or what they began themselves. */
export function ownOnly({ roles, code }: Visitor): string | undefined {
  return reachOf(roles, 'works.read') === 'all' ? undefined : code
}

/** How long work stands, for whoever started it and comes back to ask. */
export function worksRoutes(works: Works): RouteGroup {
  return {
    name: 'works',
    title: { zh: '长时间的办理：进度与结果', en: 'long work: progress and outcome' },
    routes: [
      list('/works', {
        cli: [],
        permits: 'works.read',
        title: { zh: '长时间的办理，最近的在前', en: 'long work, newest first' },
        item: workSchema,
        key: [instant, z.uuid()],
        rows: ({ services, visitor }, page) => works.list(services.db, page, ownOnly(visitor)),
        keyOf: ({ startedAt, workId }) => [startedAt, workId],
        show: (work) => work,
      }),
      query('/works/{work}', {
        cli: [],
        permits: 'works.read',
        title: { zh: '一件办理的进度与结果', en: 'the progress and outcome of one' },
        note: {
          zh: 'state：running 进行中；done 已办，结果在 answer；refused 被拒，原因在 problem；failed 程序出错；interrupted 程序中途停止，用同一 Idempotency-Key 重发即可。',
          en: 'state: running; done, with its answer; refused, with its problem; failed, by an error of the program; interrupted, when the process stopped: send the same again under the same Idempotency-Key.',
        },
        params: { work: z.uuid().openapi({ example: '7b1c9f0e-3a52-4c1e-9d1f-2f6f4f0f9a11' }) },
        answer: workSchema,
        read: ({ services, visitor, params }) => works.find(services.db, params.work, ownOnly(visitor)),
      }),
    ],
  }
}
