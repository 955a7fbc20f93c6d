import { z } from '@hono/zod-openapi'
import { refusalKinds } from '../kernel/refusal.ts'
import { line, text } from '../platform/http/fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { list, query } from '../platform/http/route.ts'
import { pageOf } from '../platform/page.ts'
import { refusals } from '../refusals.ts'

const kindOfProblem = z
  .object({
    code: z.string(),
    status: z.number().int(),
    title: z.string(),
    zh: z.string().openapi({ description: '句中 {名称} 为参数 `{name}` is where a parameter goes' }),
    en: z.string(),
  })
  .openapi('KindOfProblem')

const problems = Object.entries(refusals).map(([code, { kind, zh, en }]) => ({
  code,
  status: refusalKinds[kind].httpStatus,
  title: `${refusalKinds[kind].zh} · ${refusalKinds[kind].en}`,
  zh,
  en,
}))

/** What the API says of itself: its document, and every problem it may answer with. */
export function documentRoutes(document: () => object): RouteGroup {
  return {
    name: 'document',
    title: { zh: '接口说明', en: 'about this API' },
    routes: [
      query('/openapi.json', {
        cli: [],
        permits: 'about.read',
        title: { zh: 'OpenAPI 3.1 文档', en: 'the OpenAPI 3.1 document' },
        answer: z.looseObject({ openapi: z.string() }),
        read: async () => document() as { openapi: string },
      }),
      list('/problems', {
        cli: [],
        permits: 'about.read',
        title: { zh: '全部拒绝及其补救', en: 'every problem and its remedy' },
        item: kindOfProblem,
        key: [text()],
        rows: async (_, page) => pageOf(problems, ({ code }) => code, page),
        keyOf: ({ code }) => [code],
        show: (problem) => problem,
      }),
      query('/problems/{code}', {
        cli: [],
        permits: 'about.read',
        title: { zh: '一种拒绝', en: 'one problem' },
        params: { code: line().openapi({ example: 'command_id_reused' }) },
        answer: kindOfProblem,
        read: async ({ params }) => problems.find(({ code }) => code === params.code),
      }),
    ],
  }
}
