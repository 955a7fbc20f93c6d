import { sql } from 'kysely'
import { accountIdsByNo, likelyAccounts } from '../dischargers/account.queries.ts'
import { combinedOrders } from '../dischargers/discharger.queries.ts'
import type { CombinedOrder } from '../dischargers/discharger.ts'
import { type CivilDate, holdsOn } from '../kernel/calendar.ts'
import type { AccountId, BillId, CollectorId, DischargerId, PaymentId } from '../kernel/ids.ts'
import { type Money, money, zeroMoney } from '../kernel/money.ts'
import type { Trx } from '../platform/database.ts'
import { PaidBefore } from './combined-amount.rules.ts'
import { billIdOfNumber, itemsOf } from './named-item.queries.ts'
import type { StatedPayment } from './payment.ts'
import type { KnownOfPayment, KnownPayment } from './payment-row.rules.ts'
import { holderKey, holdersOn } from './record-payment.ts'

/** What the rows of one file have in common: whose they are, what the contracts say, what rows before them pay. */
export interface FileOfPayments {
  readonly collectorId: CollectorId
  readonly orders: readonly CombinedOrder[]
  readonly paidBefore: PaidBefore
}

export async function fileOfPayments(trx: Trx, collectorId: CollectorId): Promise<FileOfPayments> {
  return { collectorId, orders: await combinedOrders(trx, collectorId), paidBefore: new PaidBefore() }
}

/**
 * What is stored that rows of a collector's file are judged by: accounts, those meant where zeros were lost, who held
 * them on the day, payments with the same references, bills that are named. A few set-based reads for thousands of rows.
 */
export async function knownPayments(
  trx: Trx,
  { collectorId, orders, paidBefore }: FileOfPayments,
  rows: readonly StatedPayment[],
): Promise<(row: StatedPayment, rowsAlike: readonly number[]) => KnownOfPayment> {
  const accountNos = [...new Set(rows.map(({ accountNo }) => accountNo))].filter((no) => no !== '')
  const accounts = await accountIdsByNo(trx, collectorId, accountNos)
  const unknown = accountNos.filter((no) => !accounts.has(no))
  const likely = await likelyAccounts(trx, collectorId, unknown)
  const meant = [...likely.values()].flatMap((nos) => (nos.length === 1 ? nos : []))
  if (meant.length > 0)
    for (const [no, id] of await accountIdsByNo(trx, collectorId, [...new Set(meant)])) accounts.set(no, id)
  const accountOf = (accountNo: string) => {
    const likelyAccountNos = likely.get(accountNo) ?? none
    const [only] = likelyAccountNos
    const no = likelyAccountNos.length === 1 && only !== undefined ? only : accountNo
    const accountId = accounts.get(no)
    return { account: accountId === undefined ? undefined : { accountId, accountNo: no }, likelyAccountNos }
  }
  const asked = rows.flatMap(({ accountNo, paidOn }) => {
    const { account } = accountOf(accountNo)
    return account === undefined || paidOn === undefined ? [] : [{ accountId: account.accountId, on: paidOn }]
  })
  const holders = await holdersOn(trx, asked)
  const references = [...new Set(rows.map(({ reference }) => reference))].filter((text) => text !== '')
  const payments = await paymentsByReference(trx, collectorId, references)
  const billIds = [...new Set(rows.flatMap(({ bills }) => bills.flatMap((number) => billIdOfNumber(number) ?? [])))]
  const items = await itemsOf(trx, billIds)
  const split = orders.length === 0 ? [] : rows.filter(({ amount, combined }) => amount === undefined && combined)
  const outstanding = await outstandingOf(
    trx,
    split.flatMap(({ accountNo }) => accountOf(accountNo).account?.accountId ?? []),
  )
  return (row, rowsAlike) => {
    const { account, likelyAccountNos } = accountOf(row.accountNo)
    const { paidOn } = row
    const dischargerId =
      account === undefined || paidOn === undefined ? undefined : holders.get(holderKey(account.accountId, paidOn))
    const due =
      account === undefined || dischargerId === undefined
        ? undefined
        : outstanding.get(`${account.accountId} ${dischargerId}`)
    return {
      account,
      likelyAccountNos,
      dischargerId,
      combinedOrder: paidOn === undefined ? undefined : orders.find(({ validity }) => holdsOn(validity, paidOn)),
      outstanding:
        account === undefined || dischargerId === undefined || due === undefined
          ? zeroMoney
          : paidBefore.leaves(account.accountId, dischargerId, due),
      payment: payments.get(row.reference),
      bills: row.bills.map((number) => {
        const item = items.get(billIdOfNumber(number) ?? ('' as BillId))
        return { number, billId: item?.billId, accountId: item?.accountId }
      }),
      rowsAlike,
    }
  }
}

const none: readonly never[] = []

/** What is outstanding of accounts, by account and payer. */
async function outstandingOf(trx: Trx, accountIds: readonly AccountId[]): Promise<Map<string, Money>> {
  if (accountIds.length === 0) return new Map()
  const { rows } = await sql<{ account_id: AccountId; discharger_id: DischargerId; amount: string }>`
    select account_id, discharger_id, sum(outstanding)::text as amount from open_items
    where outstanding > 0 and account_id = any(${[...new Set(accountIds)]}::bigint[]) group by 1, 2`.execute(trx)
  return new Map(rows.map((row) => [`${row.account_id} ${row.discharger_id}`, money(row.amount)]))
}

/**
 * One look into the index for each: for a list of them the planner reads all payments, as many as came in before. It knows
 * nothing of those that this file has just brought; `+ 0` keeps it from reading all of the collector's instead.
 */
async function paymentsByReference(
  trx: Trx,
  collectorId: CollectorId,
  references: readonly string[],
): Promise<Map<string, KnownPayment>> {
  if (references.length === 0) return new Map()
  const { rows } = await sql<{
    reference: string
    id: PaymentId
    account_id: AccountId | null
    account_no: string | null
    paid_on: CivilDate
    amount: string
    combined_amount: string | null
    method: string | null
    named_bills: BillId[] | null
    reversed_on: CivilDate | null
    refunded: boolean
  }>`
    select p.reference, p.id, p.account_id, a.account_no, p.paid_on, p.amount, p.combined_amount, p.method,
      p.named_bills::text[] as named_bills, v.reversed_on,
      exists (select from refunds r where r.payment_id = p.id) as refunded
    from unnest(${references}::text[]) as asked (reference)
      cross join lateral (select * from payments p
        where p.channel = 'collector' and p.reference = asked.reference and p.collector_id + 0 = ${collectorId}::bigint limit 1) p
      left join accounts a on a.id = p.account_id left join payment_reversals v on v.payment_id = p.id`.execute(trx)
  return new Map(
    rows.map((row) => [
      row.reference,
      {
        paymentId: row.id,
        accountId: row.account_id,
        accountNo: row.account_no ?? '',
        paidOn: row.paid_on,
        amount: row.amount,
        combined: row.combined_amount,
        method: row.method,
        namedBills: row.named_bills,
        reversedOn: row.reversed_on,
        refunded: row.refunded,
      },
    ]),
  )
}
