import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import type { Refusal } from '../../kernel/refusal.ts'
import type { PermissionName } from '../authorisation/permissions.ts'
import type { Envelope, Services } from '../command.ts'
import type { Access } from '../http/access.ts'
import type { FilesOfRequests, Given, Said, Shape } from '../http/route.ts'
import type { Works } from '../http/works.ts'
import type { Visitor } from '../sign-in/visitor.ts'
import type { TypedForm } from './kept-form.ts'
import type { Say } from './say.ts'

/** What a page is handed: the open database and clock, who looks, and its input, checked. */
export interface PageAsked<P extends Shape = Shape, Q extends Shape = Shape> {
  readonly services: Services
  readonly visitor: Visitor
  /** As it came: for pages that ask who it is from. */
  readonly request: Request
  readonly access: Access
  readonly params: Given<P>
  readonly query: Given<Q>
  readonly say: Say
  /** Whether the visitor may open or do what has this name in the authorisation table: what to leave out of a page. */
  readonly may: (permits: PermissionName) => boolean
  /** The address as it was asked for: what links of filters, sorting and pages are made from. */
  readonly url: URL
  /** What a form carries so that no other site can send it. */
  readonly csrf: string
  /** Of a runtime that has folders and outlives its requests. */
  readonly works: Works | undefined
  readonly files: FilesOfRequests | undefined
}

/** A page in its parts, in the order in which every page shows them. */
export interface PageContent {
  readonly title: string
  /** Where it stands, from the general to the particular, without itself. */
  readonly crumbs?: readonly Crumb[]
  /** The state of the object as a word with its shape. */
  readonly state?: Child
  /** The one next lawful step: the only primary button. */
  readonly next?: Child
  /** At most four. */
  readonly figures?: readonly Figure[]
  readonly body: Child
  /** Who did what, when: on the right of a desk, below on a phone. */
  readonly aside?: Child
  /** Refresh by itself after so many seconds where scripts are off: pages of work that goes on. */
  readonly refreshSeconds?: number
}
export interface Crumb {
  readonly text: string
  readonly href: string
}
export interface Figure {
  readonly label: string
  readonly value: Child
  readonly tone?: 'settled' | 'waiting' | 'overdue'
}

/** Another address to look at, with what to say there. */
export class Redirect {
  readonly to: string
  readonly said: string | undefined
  constructor(to: string, said?: string) {
    this.to = to
    this.said = said
  }
}

export type PageAnswer = PageContent | Redirect | Response | Refusal

/** What a POST brought: the fields of the form by name, and the id under which the command is carried out once. */
export interface Posted {
  readonly form: FormData
  readonly envelope: Envelope
  readonly request: Request
}

/** A page in its plain form, as the server, the authorisation table and the tests read it. */
export interface PageRoute {
  /** From the root of the site, with `{name}` where a parameter stands: `/office/bills/{bill}`. */
  readonly path: string
  readonly title: Said
  /** The name in the authorisation table; `undefined` where anybody may look, signed in or not. */
  readonly permits: PermissionName | undefined
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly get: (asked: PageAsked) => Promise<PageAnswer>
  readonly post: ((asked: PageAsked, posted: Posted) => Promise<PageAnswer>) | undefined
  /** The name in the table for the POST, where it differs. */
  readonly postPermits: PermissionName | undefined
  /** Where what was typed outlives a sign-in that ended meanwhile; nothing of a form whose fields are secrets. */
  readonly typing?: {
    readonly kept: (form: FormData) => TypedForm
    /** Shows it again, to be sent once more: nothing is carried out. */
    readonly again: (asked: PageAsked, form: TypedForm) => Promise<PageAnswer>
  }
}

export interface PageDescribed<P extends Shape, Q extends Shape> {
  readonly title: Said
  readonly permits: PermissionName | undefined
  readonly params?: P
  readonly query?: Q
}

/** A page that shows: `show` answers its parts, another address, or a refusal, which becomes a page of its own. */
export function page<
  P extends Shape = Readonly<Record<never, never>>,
  Q extends Shape = Readonly<Record<never, never>>,
>(
  path: string,
  route: PageDescribed<P, Q> & { readonly show: (asked: PageAsked<P, Q>) => Promise<PageAnswer> },
): PageRoute {
  return {
    path,
    title: route.title,
    permits: route.permits,
    params: z.object({ ...route.params }),
    query: z.object({ ...route.query }),
    get: (asked) => route.show(asked as unknown as PageAsked<P, Q>),
    post: undefined,
    postPermits: undefined,
  }
}
