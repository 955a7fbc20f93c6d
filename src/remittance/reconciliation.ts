import type { CivilDate } from '../kernel/calendar.ts'
import type { CollectorId, ReconciliationId } from '../kernel/ids.ts'
import { addVolumes, volumeText } from '../kernel/volume.ts'
import type { Cell } from './cells.rules.ts'
import type { Period } from './period.ts'

export const parties = ['collector', 'bureau', 'finance'] as const
export type Party = (typeof parties)[number]
export const partyNames: Record<Party, { readonly zh: string; readonly en: string }> = {
  collector: { zh: '代征单位', en: 'collector' },
  bureau: { zh: '城管局', en: 'bureau' },
  finance: { zh: '财政局', en: 'finance' },
}

/** Users that stand on one side only: in the company's file alone, read and not billed, billed and not in the file. */
export const userSides = ['unknown_account', 'read_not_billed', 'billed_not_read'] as const
export type UserSide = (typeof userSides)[number]
export const userSideNames: Record<UserSide, { readonly zh: string; readonly en: string }> = {
  unknown_account: { zh: '公司有、名册无', en: 'in the company’s file, not registered' },
  read_not_billed: { zh: '已抄表、未开账', en: 'read, not billed' },
  billed_not_read: { zh: '已开账、公司文件无', en: 'billed, not in the company’s file' },
}

export type ReconciliationState = 'drawn' | 'frozen' | 'returned'

/** What is frozen of a quarter beside its cells: amounts and volumes as text. */
export interface ReconciliationContent {
  readonly collector: string
  readonly collectorName: string
  readonly quarter: string
  readonly drawnOn: string
  readonly held: {
    readonly opening: string
    readonly collected: string
    readonly reversed: string
    readonly refunded: string
    readonly remitted: string
    readonly closing: string
    readonly oldestDays: number
    readonly classes: readonly { readonly days: string; readonly amount: string }[]
  }
  readonly statements: readonly {
    readonly statement: string
    readonly period: string
    readonly state: string
    readonly total: string
    readonly received: string
    readonly balance: string
  }[]
  readonly fees: readonly { readonly claim: string; readonly amount: string; readonly paidOn: string | null }[]
  readonly months: readonly {
    readonly month: string
    /** Null where the company has not declared every category that was billed: what it sold is unknown, not 0. */
    readonly soldM3: string | null
    /** Null where its files have no reading. */
    readonly readM3: string | null
    readonly billedM3: string
    /** What the company sold and nobody was billed for; null where what it sold is unknown. */
    readonly unbilledM3: string | null
  }[]
  /** Public supply that was billed and of which the company declared nothing; absent in what was drawn before it was kept. */
  readonly undeclared?: readonly { readonly month: string; readonly category: string }[]
  readonly uncollected: readonly { readonly days: string; readonly bills: number; readonly amount: string }[]
  readonly users: readonly { readonly side: UserSide; readonly count: number }[]
}

/** m³ sold as a cell says it; null where the company declared nothing, and of own sources, where it sells nothing. */
export function soldOf(cell: Cell, { undeclared = [] }: ReconciliationContent): string | null {
  const isKnown =
    cell.supply === 'public' &&
    !undeclared.some(({ month, category }) => month === cell.feeMonth && category === cell.category)
  return isKnown ? volumeText(cell.soldM3) : null
}

/** The sum over some cells; null where a part of it is unknown. */
export function totalSold(cells: readonly Cell[], content: ReconciliationContent): string | null {
  const sold = cells.filter(({ supply }) => supply === 'public')
  return sold.some((cell) => soldOf(cell, content) === null)
    ? null
    : volumeText(addVolumes(sold.map(({ soldM3 }) => soldM3)))
}

export interface Signature {
  readonly party: Party
  readonly by: string
  readonly on: CivilDate
}

export interface Reconciliation {
  readonly reconciliationId: ReconciliationId
  readonly number: string
  readonly collectorId: CollectorId
  readonly collectorCode: string
  readonly quarter: Period
  readonly state: ReconciliationState
  readonly content: ReconciliationContent
  readonly digest: string
  readonly drawnBy: string
  readonly drawnByCode: string
  readonly drawnByName: string
  readonly drawnOn: CivilDate
  readonly signatures: readonly Signature[]
  readonly returnReason: string | null
  /** Of the quarter's own months, then what changed of earlier ones. */
  readonly cells: readonly Cell[]
}

export interface OneSidedUser {
  readonly side: UserSide
  readonly feeMonth: string
  readonly accountNo: string
  readonly volumeM3: string | null
  readonly amount: string | null
}
