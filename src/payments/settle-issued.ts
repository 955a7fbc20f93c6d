import { sql } from 'kysely'
import type { AfterIssue } from '../bills/after-issue.ts'
import type { BillKind } from '../bills/bill.ts'
import { type CivilDate, type FeeMonth, monthOf } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId, PaymentId } from '../kernel/ids.ts'
import { addMoney, type Money, money, subtractMoney } from '../kernel/money.ts'
import type { CommandContext } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { lapsesFor } from './allocation.rules.ts'
import { groupedBy } from './grouped-by.ts'
import { type OwedBill, payablesOf } from './payable.rules.ts'
import {
  allocateByOrder,
  deriveAnew,
  lapseAllocations,
  liveAllocations,
  lockAllPayments,
  manyAtOnce,
  postMovements,
} from './payment.store.ts'
import type { Allocation, LapseReason } from './payment.ts'

/**
 * What issued bills mean for payments, in the transaction that issues them: bills that ask for money become open items;
 * what a cancellation or reduction leaves without a bill lapses and is credit; payers of new bills have their credit
 * applied, oldest payment first (decisions 11 and 22); one journal entry says so.
 */
export const settleIssued: AfterIssue = async (context, { issueId }) => {
  const { trx } = context
  await lockAllPayments(trx)
  const { numAffectedRows: items = 0n } = await sql`
    insert into open_items (bill_id, account_id, discharger_id, fee_month, due_on, payable, outstanding)
    select id, account_id, discharger_id, fee_month, due_on, total_amount, total_amount from bills
    where issue_id = ${issueId}::bigint and ${asksForMoney}`.execute(trx)
  const lapsed = await settleReduced(context, issueId)
  const credits = sql`c.discharger_id in (
    select discharger_id from bills where issue_id = ${issueId}::bigint and ${asksForMoney})`
  const allocated = await manyAtOnce(trx, Number(items), () => allocateByOrder(context, { credits }, 'credit'))
  await postMovements(context, `账单 ${issueId} 批核销与退回预收`, lapsed.count + allocated.count, {
    allocated: allocated.byMonth,
    lapsed: lapsed.byMonth,
  })
}

const asksForMoney = sql`kind in ('original', 'rebill', 'upward') and total_amount > 0`

const groupsPerBlock = 2_000

/** Bills of the months in which this issue took something back are asked for anew, a block of months at a time. */
async function settleReduced(
  context: CommandContext,
  issueId: string,
): Promise<{ byMonth: ReadonlyMap<FeeMonth, Money>; count: number }> {
  const { rows } = await sql<{ account_id: AccountId; fee_month: CivilDate }>`
    select distinct account_id, fee_month from bills where issue_id = ${issueId}::bigint and kind in ('red', 'downward')
    order by account_id, fee_month`.execute(context.trx)
  const byMonth = new Map<FeeMonth, Money>()
  let count = 0
  for (let from = 0; from < rows.length; from += groupsPerBlock) {
    const lapsed = await settleMonths(context, rows.slice(from, from + groupsPerBlock))
    for (const { feeMonth, amount } of lapsed)
      byMonth.set(feeMonth, addMoney([amount, byMonth.get(feeMonth) ?? money('0')]))
    count += lapsed.length
  }
  return { byMonth, count }
}

async function settleMonths(
  context: CommandContext,
  months: readonly { readonly account_id: AccountId; readonly fee_month: CivilDate }[],
) {
  const { trx } = context
  const { rows: bills } = await sql<OwedRow>`
    select ${owedColumns} from bills b join unnest(
      ${months.map((each) => each.account_id)}::bigint[], ${months.map((each) => each.fee_month)}::date[]) as m (account_id, fee_month)
      on b.account_id = m.account_id and b.fee_month = m.fee_month`.execute(trx)
  const payables = payablesOfRows(bills)
  const cancelled = new Set(bills.filter(({ kind }) => kind === 'red').map((bill) => bill.corrects_bill_id))
  const lapses: { allocationId: Allocation['allocationId']; reason: LapseReason }[] = []
  const anew: Omit<Allocation, 'allocationId'>[] = []
  const freed: { feeMonth: FeeMonth; amount: Money }[] = []
  const payments = new Set<PaymentId>()
  const live = groupedBy(await liveAllocations(trx, { billIds: [...payables.keys()] }), ({ billId }) => billId)
  for (const [billId, payable] of payables) {
    const allocations = live.get(billId) ?? []
    const lapsing = lapsesFor(payable, allocations)
    if (lapsing.lapsed.length === 0) continue
    const reason = cancelled.has(billId) ? 'bill_cancelled' : 'bill_reduced'
    lapses.push(...lapsing.lapsed.map(({ allocationId }) => ({ allocationId, reason }) as const))
    anew.push(...lapsing.anew)
    for (const { paymentId } of lapsing.lapsed) payments.add(paymentId)
    const sum = (some: readonly { readonly amount: Money }[]) => addMoney(some.map(({ amount }) => amount))
    const [first] = allocations
    if (first !== undefined)
      freed.push({ feeMonth: first.feeMonth, amount: subtractMoney(sum(lapsing.lapsed), sum(lapsing.anew)) })
  }
  await lapseAllocations(context, lapses, anew)
  await deriveAnew(trx, { payables, paymentIds: [...payments] })
  return freed
}

interface OwedRow {
  readonly id: BillId
  readonly kind: BillKind
  readonly account_id: AccountId
  readonly discharger_id: DischargerId
  readonly fee_month: CivilDate
  readonly due_on: CivilDate
  readonly total_amount: string
  readonly corrects_bill_id: BillId | null
}
const owedColumns = sql`b.id, b.kind, b.account_id, b.discharger_id, b.fee_month, b.due_on, b.total_amount, b.corrects_bill_id`

/** What bills of any accounts, months and payers ask for, each month and payer by the rule. */
function payablesOfRows(bills: readonly OwedRow[]): Map<BillId, Money> {
  const groups = groupedBy(bills, (bill) => `${bill.account_id} ${bill.fee_month} ${bill.discharger_id}`)
  const payables = new Map<BillId, Money>()
  for (const group of groups.values())
    for (const [id, payable] of payablesOf(group.map(owedBill))) payables.set(id, payable)
  return payables
}

function owedBill(row: OwedRow): OwedBill {
  return {
    billId: row.id,
    kind: row.kind,
    amount: money(row.total_amount),
    dueOn: row.due_on,
    correctsBillId: row.corrects_bill_id,
  }
}

/** An item as the bills say it, without what was paid. */
export interface ItemOfBills {
  readonly billId: BillId
  readonly accountId: AccountId
  readonly dischargerId: DischargerId
  readonly feeMonth: FeeMonth
  readonly dueOn: CivilDate
  readonly payable: Money
}

const accountsPerBlock = 2_000

/** Every item as the issued bills alone say it, in blocks of accounts: what open items are checked against or made of. */
export async function* itemsOfBills(db: Db | Trx): AsyncGenerator<ItemOfBills[]> {
  let after = '0'
  for (;;) {
    const { rows } = await sql<OwedRow>`
      select ${owedColumns} from bills b where b.account_id in (
        select id from accounts where id > ${after}::bigint order by id limit ${accountsPerBlock})
      order by b.account_id, b.id`.execute(db)
    const { rows: last } = await sql<{ last: string | null }>`
      select max(id)::text as last from (select id from accounts where id > ${after}::bigint order by id limit ${accountsPerBlock}) a`.execute(
      db,
    )
    const payables = payablesOfRows(rows)
    yield rows.flatMap((row) => {
      const payable = payables.get(row.id)
      if (payable === undefined) return []
      const { id: billId, account_id: accountId, discharger_id: dischargerId, due_on: dueOn } = row
      return [{ billId, accountId, dischargerId, feeMonth: monthOf(row.fee_month), dueOn, payable }]
    })
    const next = last[0]?.last ?? null
    if (next === null) return
    after = next
  }
}
