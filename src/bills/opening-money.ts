import type { Collector } from '../dischargers/discharger.ts'
import type { CivilDate, FeeMonth } from '../kernel/calendar.ts'
import type { AccountId, DischargerId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandContext } from '../platform/command.ts'

/** What a payer had paid and nothing had used on the first day (预收). */
export interface OpeningCredit {
  readonly accountId: AccountId
  readonly accountNo: string
  /** Who held the account on the day of payment. */
  readonly dischargerId: DischargerId
  /** Of the payment; where the previous system kept none, 启用 and the account. */
  readonly reference: string
  readonly paidOn: CivilDate
  readonly amount: Money
  /** The treasury has the money already; otherwise the collector holds it. */
  readonly remitted: boolean
  /** File and row, for refusals. */
  readonly source: string
}

/** Fees that were collected and settled before the first day and that the collector had not yet handed over (待缴). */
export interface OpeningHeld {
  readonly paidOn: CivilDate
  readonly month: FeeMonth
  readonly amount: Money
}

/**
 * Takes over money at go-live. Bills know nothing of payments, so this is handed in where the entries are composed, as
 * `AfterIssue` is. Answers a refusal, or what writes once every refusal of the import is past.
 */
export type TakeOverMoney = (
  context: CommandContext,
  opening: {
    readonly collector: Collector
    readonly credits: readonly OpeningCredit[]
    readonly held: readonly OpeningHeld[]
  },
) => Promise<Refusal | (() => Promise<void>)>
