import { likelyAccounts, supplyAccounts } from '../dischargers/account.queries.ts'
import type { SupplyAccount } from '../dischargers/account.ts'
import { type DateInterval, type FeeMonth, firstDay, monthInterval, plusMonths } from '../kernel/calendar.ts'
import type { CollectorId, ImportId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { monthsWithReadings } from './reading.queries.ts'
import { type KnownOfRow, noHistory } from './reading.rules.ts'
import { type AccountHistories, accountHistories, type HistoryDepth } from './reading-history.queries.ts'

/** The depth for a collector's accounts; `exceptImport` is the import on its way, whose own month does not count yet. */
export async function historyDepth(
  db: Db | Trx,
  collectorCode: string,
  monthsBack: number,
  exceptImport: ImportId | null = null,
): Promise<HistoryDepth> {
  return { monthsBack, monthsRead: await monthsWithReadings(db, collectorCode, exceptImport) }
}

/** The accounts that rows mean, by the number the rows state. */
export class KnownAccounts {
  readonly #accounts: ReadonlyMap<string, SupplyAccount>
  readonly #likely: ReadonlyMap<string, readonly string[]>
  readonly #histories: AccountHistories

  constructor(
    accounts: ReadonlyMap<string, SupplyAccount>,
    likely: ReadonlyMap<string, readonly string[]>,
    histories: AccountHistories,
  ) {
    this.#accounts = accounts
    this.#likely = likely
    this.#histories = histories
  }

  /** What a row of this account number is judged by. */
  of(accountNo: string, rowsAlike: readonly number[]): KnownOfRow {
    const likelyAccountNos = this.#likely.get(accountNo) ?? none
    const [only] = likelyAccountNos
    const meant = likelyAccountNos.length === 1 && only !== undefined ? only : accountNo
    const account = this.#accounts.get(meant)
    const history = account === undefined ? noHistory : this.#histories.of(account)
    return { account, likelyAccountNos, history, rowsAlike }
  }
}

const none: readonly never[] = []

// Meters that were taken down this long before the month may still have their last reading in its file.
const monthsOfRemovals = 3

/**
 * Looks up the accounts that rows of a collector's fee month state, those they likely mean where leading zeros were
 * lost, and what is stored about them. A few set-based reads for thousands of numbers.
 */
export async function knownAccounts(
  db: Db | Trx,
  collectorId: CollectorId,
  feeMonth: FeeMonth,
  accountNos: readonly string[],
  depth: HistoryDepth,
): Promise<KnownAccounts> {
  const interval: DateInterval = {
    from: firstDay(plusMonths(feeMonth, -monthsOfRemovals)),
    until: monthInterval(feeMonth).until,
  }
  const accounts = await supplyAccounts(db, collectorId, accountNos, interval)
  const unknown = accountNos.filter((accountNo) => accountNo !== '' && !accounts.has(accountNo))
  const likely = unknown.length === 0 ? new Map() : await likelyAccounts(db, collectorId, unknown)
  const meant = [...likely.values()].flatMap((nos) => (nos.length === 1 ? nos : []))
  if (meant.length > 0) {
    for (const [accountNo, account] of await supplyAccounts(db, collectorId, meant, interval))
      accounts.set(accountNo, account)
  }
  return new KnownAccounts(accounts, likely, await accountHistories(db, [...accounts.values()], feeMonth, depth))
}
