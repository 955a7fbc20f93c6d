import type { Child } from 'hono/jsx'
import type { RawBuilder } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import type { Said } from '../platform/http/route.ts'
import type { Figure, PageAsked } from '../platform/pages/page-route.ts'
import type { Happening, Tone } from '../platform/pages/parts.tsx'
import type { Bill } from './bill.ts'

/** What a later stage puts on the page of a bill: what was paid, what was objected, which order names it. */
export interface BillAddition {
  /** The state of the bill as that stage sees it, instead of "issued". */
  readonly state?: Child
  readonly figures?: readonly Figure[]
  readonly body?: Child
  /** Things that may be done with the bill there. */
  readonly buttons?: readonly Child[]
  /** With the instant or day by which they are put in order, as text. */
  readonly happenings?: readonly (Happening & { readonly at: string })[]
}

/**
 * A bill knows nothing of payments, objections and orders: the stages that do hand this in where the sites are composed.
 * They read by the key, beside the bill itself, and say then what is shown of the bill.
 */
export type BillAdditionOf = (asked: PageAsked, billId: BillId) => Promise<(bill: Bill) => BillAddition>

/** How a bill stands, as a word with its shape. */
export interface BillState {
  readonly tone: Tone
  readonly words: Said
}

/**
 * How bills stand as a later stage sees them, for a list of bills: what it reads beside each bill `b` in the same query, as
 * one column that is null for bills it knows nothing of, and what that says on a day.
 */
export interface BillStates {
  readonly column: RawBuilder<string | null>
  readonly of: (standing: string, today: CivilDate) => BillState
}
