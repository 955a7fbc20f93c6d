import { accountTerms } from '../dischargers/account.queries.ts'
import { type FeeMonth, lastDay, monthInterval, plusMonths } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { monthUses } from './month-uses.queries.ts'
import { withoutReading } from './reading.queries.ts'
import { metersInPlace } from './reading.rules.ts'

// An account without a meter of its own is looked for in files while it was in one this lately.
const monthsBack = [1, 2, 3]

/**
 * Of these open accounts, those that a file of the month should have named and nobody did: they have a meter of their own
 * in place, or were in a file lately, are not suspended for the whole month, and have no reading of it nor a row that
 * waits for a decision. Users who only share a meter have no rows of their own.
 */
export async function absentOf<Account extends { readonly accountId: AccountId }>(
  db: Db | Trx,
  accounts: readonly Account[],
  feeMonth: FeeMonth,
): Promise<Account[]> {
  const unread = await withoutReading(db, accounts, feeMonth)
  if (unread.length === 0) return []
  const month = monthInterval(feeMonth)
  const accountIds = unread.map(({ accountId }) => accountId)
  const terms = await accountTerms(db, accountIds, month)
  const uses = await monthUses(
    db,
    accountIds,
    monthsBack.map((back) => plusMonths(feeMonth, -back)),
  )
  return unread.filter(({ accountId }) => {
    const ofAccount = terms.get(accountId)
    if (ofAccount === undefined) return false
    const isSuspended = ofAccount.suspensions.some(
      ({ from, until }) => from <= month.from && (until === null || until > lastDay(feeMonth)),
    )
    return !isSuspended && (metersInPlace(ofAccount, feeMonth).length > 0 || uses.of(accountId).length > 0)
  })
}
