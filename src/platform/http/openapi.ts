import { OpenAPIHono, z } from '@hono/zod-openapi'
import { version } from '../../../package.json'
import { refusalKinds } from '../../kernel/refusal.ts'
import { fileTypes } from './input.ts'
import { operationId } from './operation-id.ts'
import { problemSchema } from './problem.ts'
import type { Route, Said } from './route.ts'

/** The routes of one stage under its name. */
export interface RouteGroup {
  readonly name: string
  readonly title: Said
  readonly routes: readonly Route[]
}

const inBoth = ({ zh, en }: Said): string => `${zh} · ${en}`

const introduction = inBoth({
  zh: [
    '清流的 JSON 接口：与命令行同一套命令与查询。',
    '金额、水量是文本（"12.30"），日期是 YYYY-MM-DD，时刻是 UTC。',
    '写入带 Idempotency-Key；重发得到首次的答复（Idempotent-Replayed: true）。加 dryRun=true 只试算。',
    '列表按 next 翻页。拒绝是 application/problem+json，写明原因与补救。',
  ].join(''),
  en: [
    'The JSON API of Qingliu: the commands and queries of the command line. ',
    'Amounts and volumes are text ("12.30"), days are YYYY-MM-DD, instants are in UTC. ',
    'A write carries an Idempotency-Key; a repeat is given the first answer (Idempotent-Replayed: true). dryRun=true tries it only. ',
    'Lists go on with next. A refusal is application/problem+json and says why and what to do.',
  ].join(''),
})

const idempotencyKey = z
  .string()
  .min(8)
  .max(200)
  .openapi({
    param: { name: 'Idempotency-Key', in: 'header' },
    description: '命令编号 the command id',
    example: 'bills-2026-03-approve-1',
  })
const ifMatch = z.string().openapi({
  param: { name: 'If-Match', in: 'header' },
  description: '所见内容的 ETag the ETag that was seen',
  example: '"0123456789abcdef0123456789abcdef"',
})
const ifNoneMatch = z
  .string()
  .optional()
  .openapi({
    param: { name: 'If-None-Match', in: 'header' },
    description: '已有内容的 ETag；未变则答 304 the ETag one has; 304 where nothing changed',
    example: '"0123456789abcdef0123456789abcdef"',
  })

/** The OpenAPI 3.1 document of the routes below `root`, made from the schemas that check their input. */
export function openApiDocument(groups: readonly RouteGroup[], root: string): object {
  const app = new OpenAPIHono()
  for (const { name, routes } of groups) {
    for (const route of routes) app.openAPIRegistry.registerPath(operation(route, name))
  }
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: inBoth({
      zh: '程序用密钥（qingliu keys create 或“接口密钥”页）；登录的人用其会话，无须密钥。',
      en: 'Programs send a key (qingliu keys create, or the page of keys); people who signed in need none.',
    }),
  })
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: '清流 Qingliu',
      version,
      description: introduction,
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: root }],
    security: [{ key: [] }, {}],
    tags: groups.map(({ name, title }) => ({ name, description: inBoth(title) })),
  })
}

type RouteConfig = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0]

function operation(route: Route, tag: string): RouteConfig {
  const cli = route.cli.map((words) => `\`qingliu ${words}\``).join(', ')
  return {
    method: route.method,
    path: route.path,
    operationId: operationId(route),
    tags: [tag],
    summary: inBoth(route.title),
    description: [...(route.note === undefined ? [] : [inBoth(route.note)]), ...(cli === '' ? [] : [cli])].join('\n\n'),
    request: {
      params: route.params,
      query: route.query,
      headers: headersOf(route),
      ...bodyOf(route),
    },
    responses: {
      ...answerOf(route),
      ...(route.method === 'get' && route.kind !== 'download'
        ? { 304: { description: inBoth({ zh: '未变', en: 'not modified' }) } }
        : {}),
      default: {
        description: inBoth({
          zh: `拒绝：${Object.values(refusalKinds)
            .map(({ httpStatus, zh }) => `${httpStatus} ${zh}`)
            .join('、')}`,
          en: 'a refusal, by its kind',
        }),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  }
}

function bodyOf({ body, bodyExample, files }: Route) {
  if (body !== undefined) {
    return { body: { required: true, content: { 'application/json': { schema: body, example: bodyExample } } } }
  }
  if (files === undefined) return {}
  const file = { type: 'string', format: 'binary' } as const
  if (files === 'raw') {
    return { body: { required: true, content: Object.fromEntries(fileTypes.map((type) => [type, { schema: file }])) } }
  }
  const schema = {
    type: 'object' as const,
    properties: Object.fromEntries(files.map(({ name }) => [name, file])),
    required: files.filter(({ required }) => required).map(({ name }) => name),
  }
  return { body: { required: true, content: { 'multipart/form-data': { schema } } } }
}

function answerOf({ kind, answer }: Route) {
  if (kind === 'work') {
    const location = {
      description: inBoth({ zh: '进度与结果的地址', en: 'where to ask how it stands' }),
      schema: { type: 'string' as const },
    }
    return {
      202: {
        description: inBoth({
          zh: '已受理；办完后 answer 为命令的答复',
          en: 'taken; once it is done, answer is what the command answers',
        }),
        headers: { Location: location },
        content: { 'application/json': { schema: answer } },
      },
    }
  }
  const type = kind === 'download' ? 'application/octet-stream' : 'application/json'
  return { 200: { description: inBoth({ zh: '答复', en: 'the answer' }), content: { [type]: { schema: answer } } } }
}

function headersOf({ kind, ifMatch: guarded }: Route): z.ZodType<unknown>[] {
  if (kind === 'download') return []
  if (kind === 'query' || kind === 'list') return [ifNoneMatch]
  return guarded === undefined ? [idempotencyKey] : [idempotencyKey, ifMatch]
}
