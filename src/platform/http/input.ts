import type { z } from '@hono/zod-openapi'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { ruleOf } from '../schema-words.ts'
import { refuseHttp } from './http.refusals.ts'
import { hasUnstorable } from './paging.ts'
import type { FieldFault } from './problem.ts'
import type { Route, Said } from './route.ts'

/** Larger than any command's JSON; files have routes of their own. */
export const bodyLimitBytes = 1024 * 1024

/** Deeper than any command's JSON; what is nested without end would exhaust whatever walks it. */
const bodyDepthLimit = 32

/** A request that does not fit: the refusal, and the faults field by field. */
export interface Unfit {
  readonly refusal: Refusal
  readonly faults: readonly FieldFault[]
}

type Where = FieldFault['where']

/** A request's input, checked by the route's schemas, or what is wrong with it: all of it at once. */
export async function readInput(
  route: Route,
  request: Request,
  params: Readonly<Record<string, string>>,
): Promise<{ params: object; query: object; body: unknown } | Unfit> {
  const search = new URL(request.url).searchParams
  const known = Object.keys(route.query.shape)
  const unknown = [...new Set(search.keys())].filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    return unfit(refuseHttp('query_unknown', { names: unknown.join('、'), known: known.join('、') || '—' }))
  }
  const body = await readBody(route, request)
  if (isRefusal(body)) return unfit(body)
  const written = Object.fromEntries(
    [...new Set(search.keys())].map((name) => {
      const values = search.getAll(name)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )
  const faults: FieldFault[] = []
  const parts = {
    params: check('path', route.params, params, faults),
    query: check('query', route.query, written, faults),
    body: route.body === undefined ? undefined : check('body', route.body, body, faults),
  }
  if (faults.length === 0) return parts as { params: object; query: object; body: unknown }
  return { refusal: refuseHttp('input_invalid', faultsInWords(faults)), faults }
}

const placeNames: Record<Where, Said> = {
  path: { zh: '路径', en: 'path' },
  query: { zh: '查询', en: 'query' },
  header: { zh: '标头', en: 'header' },
  body: { zh: '正文', en: 'body' },
}

/**
 * The parameters and the query of a page, checked by its schemas: an empty field of a filter is one that was not given.
 * Refuses with all faults at once.
 */
export function readParts(
  route: { readonly params: z.ZodObject; readonly query: z.ZodObject },
  url: URL,
  params: Readonly<Record<string, string>>,
): { params: object; query: object } | Refusal {
  const known = Object.keys(route.query.shape)
  const given = [...url.searchParams].filter(([, value]) => value.trim() !== '')
  const unknown = given.map(([name]) => name).filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    return refuseHttp('query_unknown', { names: unknown.join('、'), known: known.join('、') || '—' })
  }
  const faults: FieldFault[] = []
  const parts = {
    params: check('path', route.params, params, faults),
    query: check('query', route.query, Object.fromEntries(given.map(([name, value]) => [name, value.trim()])), faults),
  }
  if (faults.length > 0) return refuseHttp('input_invalid', faultsInWords(faults))
  return parts as { params: object; query: object }
}

/** The faults numbered line by line, in each language. */
function faultsInWords(faults: readonly FieldFault[]) {
  const numbered = (language: 'zh' | 'en') =>
    faults
      .map(({ where, field, value, ...rule }, index) => {
        const place = [placeNames[where][language], field].filter((part) => part !== '').join(' ')
        if (value === undefined)
          return language === 'zh' ? `\n  ${index + 1}. 缺少 ${place}` : `\n  ${index + 1}. ${place} is missing`
        return language === 'zh'
          ? `\n  ${index + 1}. ${place} 的值“${value}”不合要求：${rule.zh}`
          : `\n  ${index + 1}. The value "${value}" of ${place} does not fit: ${rule.en}`
      })
      .join('')
  return { count: faults.length, faultsZh: numbered('zh'), faultsEn: numbered('en') }
}

const unfit = (refusal: Refusal): Unfit => ({ refusal, faults: [] })

/** The value by its schema; what does not fit is added to the faults. */
function check(where: Where, schema: z.ZodType, value: unknown, faults: FieldFault[]): unknown {
  if (hasUnstorable(value)) {
    const rule = {
      zh: '含有不能保存的字符（NUL 或半个代理对）',
      en: 'holds a character that cannot be kept (NUL or half a pair)',
    }
    faults.push({ where, field: '', value: '', ...rule })
    return undefined
  }
  const read = schema.safeParse(value, { reportInput: true })
  if (read.success) return read.data
  for (const issue of read.error.issues) faults.push(...faultsOf(where, issue))
  return undefined
}

function faultsOf(where: Where, issue: z.core.$ZodIssue): FieldFault[] {
  const rule = ruleOf(issue)
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const values: Readonly<Record<string, unknown>> = Object(issue.input)
    return issue.keys.map((key) => {
      return { where, field: [...path, key].join('.'), value: shortened(values[key]), ...rule }
    })
  }
  return [
    { where, field: path.join('.'), value: issue.input === undefined ? undefined : shortened(issue.input), ...rule },
  ]
}

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 100 ? `${[...text].slice(0, 100).join('')}…` : text
}

/** What a file may be sent as: types that no form of another site can send unasked. */
export const fileTypes = [
  'application/octet-stream',
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.ms-excel',
  'application/json',
]

/**
 * The body as JSON, `undefined` where the route takes none or a file, which it reads itself. Refuses another type of
 * content, too much, no JSON, and JSON nested too deep.
 */
async function readBody(route: Route, request: Request): Promise<unknown | Refusal> {
  const given = request.headers.get('content-type') ?? ''
  if (route.files !== undefined) {
    const [type = ''] = given.toLowerCase().split(';')
    const expected = route.files === 'raw' ? fileTypes : ['multipart/form-data']
    if (expected.includes(type.trim())) return undefined
    return refuseHttp('media_type_unsupported', { given, expected: expected.join(' | ') })
  }
  if (route.body === undefined) return undefined
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(given)) {
    return refuseHttp('media_type_unsupported', { given, expected: 'application/json' })
  }
  const bytes = await bytesWithin(request, bodyLimitBytes)
  if (isRefusal(bytes)) return bytes
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return refuseHttp('body_not_json')
  }
  return isDeeper(body, bodyDepthLimit) ? refuseHttp('body_too_deep', { limit: bodyDepthLimit }) : body
}

/** Whether lists and objects stand within one another more than `limit` times; level by level, without recursion. */
function isDeeper(value: unknown, limit: number): boolean {
  const isNested = (part: unknown): part is object => typeof part === 'object' && part !== null
  let level = [value].filter(isNested)
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === limit) return true
    level = level.flatMap((part) => Object.values(part).filter(isNested))
  }
  return false
}

async function bytesWithin(request: Request, limit: number): Promise<Uint8Array | Refusal> {
  const tooLarge = refuseHttp('body_too_large', { limit })
  if (Number(request.headers.get('content-length') ?? 0) > limit) return tooLarge
  const parts: Uint8Array[] = []
  let size = 0
  const reader = request.body?.getReader()
  for (;;) {
    const part = await reader?.read()
    if (part === undefined || part.done) break
    size += part.value.byteLength
    if (size > limit) {
      await reader?.cancel()
      return tooLarge
    }
    parts.push(part.value)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}
