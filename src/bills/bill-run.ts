import type { FeeMonth } from '../kernel/calendar.ts'
import type { AccountId, BillRunId, RosterVersionId } from '../kernel/ids.ts'

/** Which accounts a run is about. */
export type RunScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'accounts'; readonly accountIds: readonly AccountId[] }

export interface OpenRun {
  readonly runId: BillRunId
  readonly feeMonth: FeeMonth
  readonly scope: RunScope
  readonly rosterVersionId: RosterVersionId
}

/** A bill that stands out against the account's own history, for a person to open before approving. */
export interface Outlier {
  readonly accountId: AccountId
  readonly accountNo: string
  readonly volumeM3: string
  readonly meanM3: string
  readonly amount: string
}

/** What a block adds up to; the run's summary is the sum of its blocks. */
export interface BlockSummary {
  /** Accounts of the roster in this block; `accounts` leaves out those an earlier run of the month has billed. */
  readonly visited: number
  readonly accounts: number
  readonly billed: number
  readonly held: number
  readonly exempt: number
  readonly bills: number
  readonly volumeM3: string
  readonly amountByMonth: Readonly<Record<string, string>>
  readonly heldByCode: Readonly<Record<string, number>>
  readonly adjustments: number
  /** Estimated months with a true reading that got no adjustment: the month is held now, or its payer has no live bill. */
  readonly trueUpsLeft: number
  readonly outlierCount: number
  readonly outliers: readonly Outlier[]
}
