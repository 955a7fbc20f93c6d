import { sql } from 'kysely'
import { likelyAccounts } from '../dischargers/account.queries.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, BillId, CollectorId, PaymentId } from '../kernel/ids.ts'
import type { Trx } from '../platform/database.ts'
import { billIdOfNumber, itemsOf } from './named-item.queries.ts'
import type { StatedPayment } from './payment.ts'
import type { KnownOfPayment, KnownPayment } from './payment-row.rules.ts'
import { holderKey, holdersOn } from './record-payment.ts'

/**
 * What is stored that rows of a collector's file are judged by: accounts, those meant where zeros were lost, who held
 * them on the day, payments with the same references, bills that are named. A few set-based reads for thousands of rows.
 */
export async function knownPayments(
  trx: Trx,
  collectorId: CollectorId,
  rows: readonly StatedPayment[],
): Promise<(row: StatedPayment, rowsAlike: readonly number[]) => KnownOfPayment> {
  const accountNos = [...new Set(rows.map(({ accountNo }) => accountNo))].filter((no) => no !== '')
  const accounts = await accountsByNo(trx, collectorId, accountNos)
  const unknown = accountNos.filter((no) => !accounts.has(no))
  const likely = await likelyAccounts(trx, collectorId, unknown)
  const meant = [...likely.values()].flatMap((nos) => (nos.length === 1 ? nos : []))
  if (meant.length > 0)
    for (const [no, id] of await accountsByNo(trx, collectorId, [...new Set(meant)])) accounts.set(no, id)
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
  return (row, rowsAlike) => {
    const { account, likelyAccountNos } = accountOf(row.accountNo)
    return {
      account,
      likelyAccountNos,
      dischargerId:
        account === undefined || row.paidOn === undefined
          ? undefined
          : holders.get(holderKey(account.accountId, row.paidOn)),
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

async function accountsByNo(
  trx: Trx,
  collectorId: CollectorId,
  accountNos: readonly string[],
): Promise<Map<string, AccountId>> {
  if (accountNos.length === 0) return new Map()
  const { rows } = await sql<{ account_no: string; id: AccountId }>`
    select account_no, id from accounts where collector_id = ${collectorId}::bigint and account_no = any(${accountNos}::text[])`.execute(
    trx,
  )
  return new Map(rows.map((row) => [row.account_no, row.id]))
}

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
    reversed_on: CivilDate | null
    refunded: boolean
  }>`
    select p.reference, p.id, p.account_id, a.account_no, p.paid_on, p.amount, v.reversed_on,
      exists (select from refunds r where r.payment_id = p.id) as refunded
    from payments p left join accounts a on a.id = p.account_id left join payment_reversals v on v.payment_id = p.id
    where p.channel = 'collector' and p.collector_id = ${collectorId}::bigint and p.reference = any(${references}::text[])`.execute(
    trx,
  )
  return new Map(
    rows.map((row) => [
      row.reference,
      {
        paymentId: row.id,
        accountId: row.account_id,
        accountNo: row.account_no ?? '',
        paidOn: row.paid_on,
        amount: row.amount,
        reversedOn: row.reversed_on,
        refunded: row.refunded,
      },
    ]),
  )
}
