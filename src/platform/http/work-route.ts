import { z } from '@hono/zod-openapi'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../command.ts'
import type { Json } from '../platform.tables.ts'
import { anyJson, instant } from './fields.ts'
import { refuseHttp } from './http.refusals.ts'
import { operationId } from './operation-id.ts'
import { problemSchema } from './problem.ts'
import {
  type Answerable,
  type Asked,
  type Described,
  described,
  dryRun,
  type FilePart,
  type Given,
  type Outcome,
  type ReceivedFile,
  type Route,
  type RunInput,
  type Shape,
  type Workplace,
} from './route.ts'
import type { WorkReport } from './works.ts'

/** How a work stands, as it is answered when it begins and whenever somebody asks. */
export const workSchema = z
  .object({
    workId: z.uuid(),
    route: z.string().openapi({ description: 'operationId' }),
    state: z.enum(['running', 'done', 'refused', 'failed', 'interrupted']),
    fileName: z.string().nullable(),
    byteCount: z.number().int().nullable(),
    startedAt: instant,
    endedAt: instant.nullable(),
    progress: z
      .object({
        what: z.string().openapi({ example: '导入抄表' }),
        done: z.number().int(),
        total: z.number().int().nullable(),
        perSecond: z.number().int().nullable(),
      })
      .nullable(),
    answer: anyJson,
    repeated: z.boolean(),
    dryRun: z.boolean(),
    problem: problemSchema.nullable(),
  })
  .openapi('Work')

/** A file of any kind of table that is taken: far above what a district sends in a month. */
const fileLimitBytes = 1024 * 1024 * 1024
/** Several files of one request are gathered in memory. */
const formLimitBytes = 128 * 1024 * 1024

const fileName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^/\\]*$/, '文件名，不含路径 · a name without a path')
  .refine((name) => !/^\.{0,2}$/.test(name), '文件名 · a file name')
  .openapi({ description: '文件名，随导入保存 the file’s name, kept with the import', example: '2026-03.csv' })

/** A field of a work: how the answer of its command looks once it is done. */
const answered = (answer: z.ZodType) => workSchema.extend({ answer: answer.nullable() }).openapi({})

/** A write that takes long: answered at once with where to ask, and done afterwards. */
export function work<
  P extends Shape,
  Q extends Shape,
  A extends z.ZodType,
  B extends Shape = Readonly<Record<never, never>>,
>(
  path: string,
  route: Described<P, Q> & {
    readonly body?: B
    readonly example?: z.input<z.ZodObject<NoInfer<B>>>
    readonly answer: A
    readonly run: (
      asked: Asked<P, Q> & { readonly envelope: Envelope; readonly body: Given<B> },
    ) => Promise<CommandAnswer<Answerable<z.input<A>>> | Refusal>
  },
): Route {
  return {
    ...workDescribed(path, route),
    body: route.body === undefined ? undefined : z.strictObject(route.body),
    bodyExample: route.example,
    files: undefined,
    run: async (asked) =>
      start({ ...asked, path }, asked.body ?? null, undefined, undefined, (services) =>
        route.run({ ...asked, services } as never),
      ),
  }
}

/** A write that takes a file as its body. */
export function upload<P extends Shape, Q extends Shape, A extends z.ZodType>(
  path: string,
  route: Described<P, Q> & {
    readonly answer: A
    readonly take: (
      asked: Asked<P, Q> & { readonly envelope: Envelope; readonly file: ReceivedFile },
    ) => Promise<CommandAnswer<Answerable<z.input<A>>> | Refusal>
  },
): Route {
  return {
    ...workDescribed(path, { ...route, query: { ...route.query, fileName } }),
    body: undefined,
    bodyExample: undefined,
    files: 'raw',
    run: async (asked) => {
      const { fileName: name, ...query } = asked.query as { fileName: string }
      const workplace = await workplaceOf(asked)
      const file = await workplace.receive(asked.request.body, name, fileLimitBytes)
      if (isRefusal(file)) {
        await workplace.clear()
        return file
      }
      return start({ ...asked, path }, null, file, workplace, (services) =>
        route.take({ ...asked, services, query, file } as never),
      )
    },
  }
}

/** A write that takes several files at once, as multipart/form-data with a part each. */
export function uploadOfFiles<P extends Shape, Q extends Shape, A extends z.ZodType, Part extends string>(
  path: string,
  route: Described<P, Q> & {
    readonly files: Readonly<Record<Part, 'required' | 'optional'>>
    readonly answer: A
    readonly take: (
      asked: Asked<P, Q> & {
        readonly envelope: Envelope
        readonly files: Readonly<Partial<Record<Part, ReceivedFile>>>
      },
    ) => Promise<CommandAnswer<Answerable<z.input<A>>> | Refusal>
  },
): Route {
  const parts = Object.entries(route.files).map(([name, need]): FilePart => ({ name, required: need === 'required' }))
  return {
    ...workDescribed(path, route),
    body: undefined,
    bodyExample: undefined,
    files: parts,
    run: async (asked) => {
      const form = await formOf(asked.request)
      if (isRefusal(form)) return form
      const workplace = await workplaceOf(asked)
      const files = await receiveParts(form, parts, workplace)
      if (isRefusal(files)) {
        await workplace.clear()
        return files
      }
      const all = Object.values(files)
      const whole = {
        name: all.map(({ name }) => name).join('、'),
        byteCount: all.reduce((sum, { byteCount }) => sum + byteCount, 0),
        digest: all.map(({ digest }) => digest).join('\n'),
      }
      return start({ ...asked, path }, null, whole, workplace, (services) =>
        route.take({ ...asked, services, files } as never),
      )
    },
  }
}

function workDescribed<P extends Shape, Q extends Shape>(
  path: string,
  route: Described<P, Q> & { readonly answer: z.ZodType },
) {
  const plain = described('post', path, route)
  return {
    ...plain,
    query: plain.query.extend({ dryRun }),
    kind: 'work' as const,
    answer: answered(route.answer),
    ifMatch: undefined,
    read: undefined,
  }
}

async function start(
  asked: RunInput & { readonly path: string },
  body: unknown,
  file: Pick<ReceivedFile, 'name' | 'byteCount' | 'digest'> | undefined,
  workplace: Workplace | undefined,
  run: (services: Services) => Promise<CommandAnswer<unknown> | Refusal>,
): Promise<Outcome | Refusal> {
  const { works, services, envelope, params, query } = asked
  if (works === undefined) throw new Error('works are served where a process outlives its requests')
  const input = JSON.parse(JSON.stringify({ params, query, body, dryRun: envelope.dryRun ?? false })) as Json
  const started = await works.start(
    services,
    {
      key: envelope.commandId,
      actor: envelope.actor,
      route: operationId({ method: 'post', path: asked.path }),
      input,
      file,
    },
    run as (services: Services) => Promise<CommandAnswer<Json> | Refusal>,
    async () => workplace?.clear(),
  )
  if (isRefusal(started)) return started
  const json: WorkReport | undefined = await works.find(services.db, started.workId)
  return { json, repeated: started.repeated, location: `/works/${started.workId}` }
}

async function workplaceOf({ files }: RunInput): Promise<Workplace> {
  if (files === undefined) throw new Error('files are taken where there are folders')
  return files.workplace()
}

/** The parts of a form, read within its limit. */
async function formOf(request: Request): Promise<FormData | Refusal> {
  const tooLarge = refuseHttp('body_too_large', { limit: formLimitBytes })
  if (Number(request.headers.get('content-length') ?? 0) > formLimitBytes) return tooLarge
  let size = 0
  const within = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      size += bytes.byteLength
      if (size > formLimitBytes) controller.error(new Error('too large'))
      else controller.enqueue(bytes)
    },
  })
  try {
    const headers = { 'content-type': request.headers.get('content-type') ?? '' }
    return await new Response(request.body?.pipeThrough(within) ?? null, { headers }).formData()
  } catch {
    return size > formLimitBytes ? tooLarge : refuseHttp('body_not_multipart')
  }
}

async function receiveParts(
  form: FormData,
  parts: readonly FilePart[],
  workplace: Workplace,
): Promise<Record<string, ReceivedFile> | Refusal> {
  const expected = parts.map(({ name, required }) => (required ? name : `[${name}]`)).join('、')
  const files: Record<string, ReceivedFile> = {}
  for (const [position, { name, required }] of parts.entries()) {
    const part = form.get(name)
    if (part === null || typeof part === 'string') {
      if (required || part !== null) return refuseHttp('file_name_missing', { part: name, expected })
      continue
    }
    const read = fileName.safeParse(part.name)
    // Two parts may have the same name: each lies in the folder under its own.
    const stored = `${position + 1}-${read.success ? read.data : name}`
    const file = await workplace.receive(part.stream(), stored, formLimitBytes)
    if (isRefusal(file)) return file
    files[name] = file
  }
  return files
}

const formats = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

/** GET of a list as a file for Excel: `write` writes it to a path whose ending says which format. */
export function download<P extends Shape, Q extends Shape>(
  path: string,
  route: Described<P, Q> & {
    /** Without its ending. */
    readonly name: string
    readonly write: (
      asked: Asked<P, Q> & { readonly to: string; readonly language: 'zh' | 'en' },
    ) => Promise<Refusal | unknown>
  },
): Route {
  const format = z.enum(['csv', 'xlsx']).default('xlsx').openapi({ example: 'xlsx' })
  return {
    ...described('get', path, { ...route, query: { ...route.query, format } }),
    kind: 'download',
    body: undefined,
    bodyExample: undefined,
    files: undefined,
    answer: z.string().openapi({ format: 'binary' }),
    ifMatch: undefined,
    read: undefined,
    run: async (asked) => {
      const { format, ...query } = asked.query as { format: keyof typeof formats }
      const workplace = await workplaceOf(asked)
      const name = `${route.name}.${format}`
      try {
        const written = await route.write({ ...asked, query, to: workplace.path(name) } as never)
        if (isRefusal(written)) {
          await workplace.clear()
          return written
        }
        const { body, size } = await workplace.send(name)
        return { response: new Response(body, { headers: fileHeaders(name, formats[format], size) }) }
      } catch (error) {
        await workplace.clear()
        throw error
      }
    },
  }
}

/** GET of a text for another program, as it is read from the database. */
export function textDownload<P extends Shape, Q extends Shape>(
  path: string,
  route: Described<P, Q> & {
    readonly name: (asked: Asked<P, Q>) => string
    readonly text: (asked: Asked<P, Q>) => AsyncIterable<string>
  },
): Route {
  return {
    ...described('get', path, route),
    kind: 'download',
    body: undefined,
    bodyExample: undefined,
    files: undefined,
    answer: z.string(),
    ifMatch: undefined,
    read: undefined,
    run: async (asked) => {
      const given = asked as unknown as Asked<P, Q>
      const lines = route.text(given)[Symbol.asyncIterator]()
      // The first piece is read before the answer begins: a failure is still a problem document.
      const first = await lines.next()
      const encoder = new TextEncoder()
      let waiting: IteratorResult<string> | undefined = first
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const next = waiting ?? (await lines.next())
          waiting = undefined
          if (next.done) controller.close()
          else controller.enqueue(encoder.encode(next.value))
        },
        async cancel() {
          await lines.return?.()
        },
      })
      return { response: new Response(body, { headers: fileHeaders(route.name(given), 'text/plain; charset=utf-8') }) }
    },
  }
}

/** GET of a file that is made or kept as a whole: a document. */
export function bytesDownload<P extends Shape, Q extends Shape>(
  path: string,
  route: Described<P, Q> & {
    readonly type: string
    readonly file: (
      asked: Asked<P, Q>,
    ) => Promise<{ readonly name: string; readonly bytes: Blob | Uint8Array } | Refusal>
  },
): Route {
  return {
    ...described('get', path, route),
    kind: 'download',
    body: undefined,
    bodyExample: undefined,
    files: undefined,
    answer: z.string().openapi({ format: 'binary' }),
    ifMatch: undefined,
    read: undefined,
    run: async (asked) => {
      const file = await route.file(asked as unknown as Asked<P, Q>)
      if (isRefusal(file)) return file
      return { response: new Response(file.bytes, { headers: fileHeaders(file.name, route.type) }) }
    },
  }
}

function fileHeaders(name: string, type: string, size?: number): Record<string, string> {
  return {
    'content-type': type,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(size === undefined ? {} : { 'content-length': String(size) }),
  }
}
