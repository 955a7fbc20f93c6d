import { z } from '@hono/zod-openapi'
import { type Refusal, refusalKinds } from '../../kernel/refusal.ts'

/** A refusal as RFC 9457 says it, in both languages, with its parameters for machines. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: '/api/v1/problems/command_id_reused' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().openapi({ description: '按 Accept-Language 的一句 the sentence in the language asked for' }),
    code: z.string().openapi({ example: 'command_id_reused' }),
    zh: z.string(),
    en: z.string(),
    parameters: z.record(z.string(), z.union([z.string(), z.number()])),
    errors: z
      .array(
        z.object({
          where: z.enum(['path', 'query', 'header', 'body']),
          field: z.string(),
          value: z.string().optional().openapi({ description: '没有填写时不列 absent where nothing was given' }),
          zh: z.string(),
          en: z.string(),
        }),
      )
      .optional()
      .openapi({ description: '逐个字段：位置、值、规则 field by field: place, value, rule' }),
  })
  .openapi('Problem', { description: '拒绝（RFC 9457） a refusal' })
export type Problem = z.infer<typeof problemSchema>

/** One field that does not fit: where it is, what it holds, the rule in both languages. */
export type FieldFault = NonNullable<Problem['errors']>[number]

/** An option of the command line is a field of a request: `--paid-on` is `paidOn`. */
const inFields = (sentence: string): string =>
  sentence.replaceAll(/--([a-z]+(?:-[a-z]+)*)/g, (_, option: string) =>
    option.replaceAll(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase()),
  )

/** The problem document of a refusal; its status is that of the refusal's kind. */
export function problemOf(refusal: Refusal, language: 'zh' | 'en', errors?: readonly FieldFault[]): Problem {
  const kind = refusalKinds[refusal.entry.kind]
  return {
    type: `/api/v1/problems/${refusal.code}`,
    title: kind[language],
    status: kind.httpStatus,
    detail: inFields(refusal.sentence(language)),
    code: refusal.code,
    zh: inFields(refusal.sentence('zh')),
    en: inFields(refusal.sentence('en')),
    parameters: { ...refusal.parameters },
    ...(errors === undefined || errors.length === 0 ? {} : { errors: [...errors] }),
  }
}

/** English where the request prefers it, else Chinese. */
export function languageOf(acceptLanguage: string | undefined): 'zh' | 'en' {
  return /^\s*en\b/i.test(acceptLanguage ?? '') ? 'en' : 'zh'
}

/** The refusal as an HTTP answer. */
export function problemResponse(
  refusal: Refusal,
  request: Request,
  more: { readonly faults?: readonly FieldFault[]; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const language = languageOf(request.headers.get('accept-language') ?? undefined)
  const problem = problemOf(refusal, language, more.faults)
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'content-language': language === 'zh' ? 'zh-CN' : 'en',
      'cache-control': 'no-store',
      ...more.headers,
    },
  })
}
