import { z } from '@hono/zod-openapi'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { PermissionName } from '../authorisation/permissions.ts'
import type { CommandAnswer, Envelope, Services } from '../command.ts'
import type { Page } from '../page.ts'
import type { Visitor } from '../sign-in/visitor.ts'
import { flag } from './fields.ts'
import { nextLink, pageQuery, readCursor, writeCursor } from './paging.ts'
import type { Works } from './works.ts'

/** Words for people. */
export interface Said {
  readonly zh: string
  readonly en: string
}
export type Shape = Readonly<Record<string, z.ZodType>>
/** Values of a shape as commands take them: a field that was left out is absent, never `undefined`. */
export type Given<S extends Shape> = Exact<z.output<z.ZodObject<{ -readonly [Name in keyof S]: S[Name] }>>>
type Exact<T> = { readonly [Name in keyof T]: Exclude<T[Name], undefined> }
/** What a route may answer with: a schema's JSON, read-only parts included. */
export type Answerable<T> = T extends readonly (infer Item)[]
  ? readonly Answerable<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Answerable<T[Name]> }
    : T

/** What a route is handed: the open database and clock, and its input, checked. */
export interface Asked<P extends Shape, Q extends Shape> {
  readonly services: Services
  /** Who asks. */
  readonly visitor: Visitor
  readonly params: Given<P>
  readonly query: Given<Q>
}

export interface Described<P extends Shape, Q extends Shape> {
  /** The words of the command line that do the same, e.g. `bills show`. */
  readonly cli: string | readonly string[]
  /** Who may ask: a line of the table of permissions. */
  readonly permits: PermissionName
  readonly title: Said
  readonly note?: Said
  /** One schema for each `{name}` in the path. */
  readonly params?: P
  readonly query?: Q
}

/** A route in its plain form, as the server, the OpenAPI document and the tests read it. */
export interface Route {
  readonly kind: 'query' | 'list' | 'command' | 'work' | 'download'
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** Below /api/v1, with `{name}` where a parameter stands. */
  readonly path: string
  readonly cli: readonly string[]
  readonly permits: PermissionName
  readonly title: Said
  readonly note: Said | undefined
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly body: z.ZodType | undefined
  readonly bodyExample: unknown
  /** `raw`: the body is a file; names: it is multipart, a file each. */
  readonly files: 'raw' | readonly FilePart[] | undefined
  readonly answer: z.ZodType
  /** The path whose ETag a write must name in If-Match. */
  readonly ifMatch: string | undefined
  readonly run: (asked: RunInput) => Promise<Outcome | Refusal>
  /** What GET answers, for the ETag: of a query alone. */
  readonly read: ((asked: Asked<Shape, Shape>) => Promise<unknown>) | undefined
}
export interface RunInput extends Asked<Shape, Shape> {
  readonly body: unknown
  /** Of a write. */
  readonly envelope: Envelope
  readonly request: Request
  readonly language: 'zh' | 'en'
  /** Of a runtime that has folders and outlives its requests. */
  readonly works: Works | undefined
  readonly files: FilesOfRequests | undefined
}
export interface Outcome {
  readonly json?: unknown
  readonly repeated?: boolean
  readonly dryRun?: boolean
  /** Of a list: the cursor of what comes after this page. */
  readonly next?: string
  /** Of a work: where to ask how it stands. */
  readonly location?: string
  /** Of a download: the answer itself. */
  readonly response?: Response
}

/** A file of a request, on disk while it is worked on. */
export interface ReceivedFile {
  readonly path: string
  readonly name: string
  readonly digest: string
  readonly byteCount: number
}
/** A folder of its own for one request. */
export interface Workplace {
  path(name: string): string
  receive(body: ReadableStream<Uint8Array> | null, name: string, limitBytes: number): Promise<ReceivedFile | Refusal>
  /** Opens a file for sending; the folder is cleared when it was sent. */
  send(name: string): Promise<{ readonly body: ReadableStream<Uint8Array>; readonly size: number }>
  clear(): Promise<void>
}
export interface FilesOfRequests {
  workplace(): Promise<Workplace>
  /** Keeps a file that was only tried, under the id it came with, so that it need not be sent again to be taken in. */
  keep(key: string, file: File): Promise<void>
  /** A file that was kept within the last day; `undefined` where it is gone or another machine has it. */
  kept(key: string): Promise<File | undefined>
}
export interface FilePart {
  readonly name: string
  readonly required: boolean
}

/** A query route that a command can name in `ifMatch`. */
export interface QueryRoute extends Route {
  readonly kind: 'query'
}

/**
 * GET of one thing or report. `read` answers its JSON, `undefined` where there is no such thing (404), or a refusal.
 * The answer carries an ETag.
 */
export function query<P extends Shape, Q extends Shape, A extends z.ZodType>(
  path: string,
  route: Described<P, Q> & {
    readonly answer: A
    readonly read: (asked: Asked<P, Q>) => Promise<Answerable<z.input<A>> | undefined | Refusal>
  },
): QueryRoute {
  const read = (asked: Asked<Shape, Shape>): Promise<unknown> => route.read(asked as unknown as Asked<P, Q>)
  return {
    ...described('get', path, route),
    kind: 'query',
    body: undefined,
    bodyExample: undefined,
    files: undefined,
    answer: route.answer,
    ifMatch: undefined,
    read,
    run: async (asked) => {
      const json = await read(asked)
      return isRefusal(json) ? json : { json }
    },
  }
}

/** Every write can be tried: what would happen is answered, nothing is kept. */
export const dryRun = flag.optional().openapi({ description: '只试算，不保存 show what would happen, save nothing' })

type KeySchemas = readonly [z.ZodType<string>, ...z.ZodType<string>[]]
type KeyOf<K extends KeySchemas> = { readonly [Index in keyof K]: z.output<K[Index]> }

/**
 * GET of a list by pages. `rows` answers the rows after `page.after` in the order of the key, at most `page.limit` (one
 * more than the page holds: it shows whether there is a next one). The key of a row, unique and stored, makes the
 * cursor, so rows that are added or decided meanwhile never shift a page.
 */
export function list<P extends Shape, Q extends Shape, I extends z.ZodType, K extends KeySchemas, Row>(
  path: string,
  route: Described<P, Q> & {
    readonly item: I
    readonly key: K
    readonly rows: (asked: Asked<P, Q>, page: Page<KeyOf<K>>) => Promise<readonly Row[] | Refusal>
    readonly keyOf: (row: Row) => KeyOf<K>
    readonly show: (row: Row) => Answerable<z.input<I>>
  },
): Route {
  const key = z.tuple(route.key as never)
  return {
    ...described('get', path, route),
    query: z.object({ ...route.query, ...pageQuery }),
    kind: 'list',
    body: undefined,
    bodyExample: undefined,
    files: undefined,
    answer: z.object({ items: z.array(route.item), next: nextLink }),
    ifMatch: undefined,
    read: undefined,
    run: async (asked) => {
      const { cursor, limit, ...filter } = asked.query as { cursor?: string; limit: number }
      const after = cursor === undefined ? undefined : readCursor(cursor, key)
      if (isRefusal(after)) return after
      const rows = await route.rows({ ...asked, query: filter } as unknown as Asked<P, Q>, {
        after: after as KeyOf<K> | undefined,
        limit: limit + 1,
      })
      if (isRefusal(rows)) return rows
      const shown = rows.slice(0, limit)
      const last = rows.length > limit ? shown.at(-1) : undefined
      return {
        json: { items: shown.map(route.show), next: null },
        ...(last === undefined ? {} : { next: writeCursor(route.keyOf(last)) }),
      }
    },
  }
}

/**
 * A write, through a stage's command. `run` hands the envelope on as it is. With `ifMatch` the request must name the
 * ETag of that resource (its path takes the same parameters), judged inside the command's transaction.
 */
export function command<
  P extends Shape,
  Q extends Shape,
  A extends z.ZodType,
  B extends Shape = Readonly<Record<never, never>>,
>(
  method: 'post' | 'put' | 'delete',
  path: string,
  route: Described<P, Q> & {
    readonly body?: B
    /** A body as somebody would send it. */
    readonly example?: z.input<z.ZodObject<NoInfer<B>>>
    readonly answer: A
    readonly ifMatch?: QueryRoute
    readonly run: (
      asked: Asked<P, Q> & { readonly envelope: Envelope; readonly body: Given<B> },
    ) => Promise<CommandAnswer<Answerable<z.input<A>>> | Refusal>
  },
): Route {
  return {
    ...described(method, path, route),
    query: z.object({ ...route.query, dryRun }),
    kind: 'command',
    body: route.body === undefined ? undefined : z.strictObject(route.body),
    bodyExample: route.example,
    files: undefined,
    answer: route.answer,
    ifMatch: route.ifMatch?.path,
    read: route.ifMatch?.read,
    run: async (asked) => {
      const outcome = await route.run(asked as never)
      return isRefusal(outcome) ? outcome : { json: outcome.answer, repeated: outcome.repeated, dryRun: outcome.dryRun }
    },
  }
}

export function described<P extends Shape, Q extends Shape>(
  method: Route['method'],
  path: string,
  route: Described<P, Q>,
) {
  return {
    method,
    path,
    cli: typeof route.cli === 'string' ? [route.cli] : route.cli,
    permits: route.permits,
    title: route.title,
    note: route.note,
    params: z.object({ ...route.params }),
    query: z.object({ ...route.query }),
  }
}
