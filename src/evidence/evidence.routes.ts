import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { chainHead } from '../platform/audit.queries.ts'
import { line } from '../platform/http/fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { query } from '../platform/http/route.ts'
import { evidencePack } from './evidence-pack.ts'
import { packKindNames, packKinds } from './subject-of.ts'

const head = z.object({ seq: z.string(), hash: z.string() })
const texts = z.array(z.string())
const packAnswer = z.object({
  format: z.string().openapi({ example: 'qingliu-evidence-1' }),
  subject: z.object({ kind: z.string(), number: z.string() }),
  head,
  columns: z.record(z.string(), texts),
  rows: z.array(z.object({ table: z.string(), text: z.string(), event: z.string(), line: z.number().int() })),
  events: z.record(
    z.string(),
    z.object({
      said: texts,
      actorName: z.string(),
      contentDigest: z.string().nullable(),
      lines: texts,
      added: z.record(z.string(), z.string()),
    }),
  ),
  chain: z.object({ from: z.string(), previousHash: z.string(), digests: texts }),
})

/** The head of the chain, for whatever prints it. Verification takes as long as the facts are many: it is for the command line. */
export const evidenceRoutes: RouteGroup = {
  name: 'evidence',
  title: { zh: '证据', en: 'evidence' },
  routes: [
    query('/evidence/head', {
      cli: 'evidence head',
      permits: 'evidence.read',
      title: { zh: '事件链的链头', en: 'the head of the chain of events' },
      answer: head,
      read: async ({ services }) => chainHead(services.db),
    }),
    query('/evidence/packs/{kind}/{number}', {
      cli: 'evidence pack',
      permits: 'evidence.read',
      title: { zh: '证据包', en: 'an evidence pack: every row that bears on it, with its proof' },
      params: { kind: z.enum(packKindNames), number: line(40).openapi({ example: '2026-000001' }) },
      answer: packAnswer,
      read: async ({ services, params: { kind, number } }) => {
        const subject = await packKinds[kind].subject(services.db, number)
        return isRefusal(subject) ? subject : evidencePack(services, subject)
      },
    }),
  ],
}
