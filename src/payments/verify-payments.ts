import { type RawBuilder, sql } from 'kysely'
import { trialBalance } from '../journal/journal.queries.ts'
import type { JournalAccountCode } from '../journal/journal-entry.ts'
import type { SubledgersOf, TieOut } from '../journal/subledger.ts'
import { type CivilDate, type FeeMonth, firstDay, monthOf } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import { addMoney, type Money, money, moneyText, zeroMoney } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { collectorMoney } from './collector-money.queries.ts'
import { creditFacts, lockAllPayments } from './payment.store.ts'
import { itemsOfBills } from './settle-issued.ts'

/** What bills and payments add to the control accounts, by month where they have months (domain §8). */
export const paymentSubledgers: SubledgersOf = async (db) => {
  const { rows } = await sql<{ account_code: JournalAccountCode; fee_month: CivilDate | null; amount: string }>`
    select 'fees_receivable' as account_code, fee_month, sum(outstanding)::text as amount from open_items group by fee_month
    union all
    select 'fees_due_to_treasury', fee_month, (-sum(total_amount))::text from bills group by fee_month
    union all
    select 'fees_due_to_treasury', fee_month, (-sum(amount))::text from opening_held_money group by fee_month
    union all
    select 'unallocated_receipts', null, (-coalesce(sum(remaining), 0))::text from credits
    union all
    select 'collector_held', null, coalesce(sum(amount), 0)::text from (${collectorMoney}) held
    union all
    select 'treasury_received', null, coalesce(sum(amount), 0)::text from (
      select amount from payments where channel = 'treasury'
      union all
      select -p.amount from payment_reversals v join payments p on p.id = v.payment_id where p.channel = 'treasury'
      union all
      select -amount from refunds where refunded_by = 'treasury') received`.execute(db)
  return rows.map((row) => ({
    accountCode: row.account_code,
    feeMonth: row.fee_month === null ? null : monthOf(row.fee_month),
    amount: money(row.amount),
  }))
}

const controlled: readonly JournalAccountCode[] = [
  'fees_receivable',
  'fees_due_to_treasury',
  'unallocated_receipts',
  'collector_held',
  'treasury_received',
]

/**
 * Every control account beside the sum of its subledgers: of fees and payments, and of the later stages that move them,
 * which are handed in where the entries are composed.
 */
export async function tieOut(db: Db | Trx, later: readonly SubledgersOf[] = []): Promise<TieOut[]> {
  const sums = (await Promise.all([paymentSubledgers, ...later].map((subledgersOf) => subledgersOf(db)))).flat()
  const codes = [...new Set([...controlled, ...sums.map(({ accountCode }) => accountCode)])]
  const { rows } = await sql<{ account_code: JournalAccountCode; fee_month: CivilDate | null; amount: string }>`
    select account_code, fee_month, sum(amount)::text as amount from postings
    where account_code = any(${codes}::text[]) group by account_code, fee_month`.execute(db)
  const ties = new Map<string, TieOut>()
  const add = (
    accountCode: JournalAccountCode,
    feeMonth: FeeMonth | null,
    side: 'books' | 'subledger',
    amount: Money,
  ) => {
    const key = `${accountCode} ${feeMonth ?? ''}`
    const tie = ties.get(key) ?? { accountCode, feeMonth, books: zeroMoney, subledger: zeroMoney }
    ties.set(key, { ...tie, [side]: addMoney([tie[side], amount]) })
  }
  for (const row of rows)
    add(row.account_code, row.fee_month === null ? null : monthOf(row.fee_month), 'books', money(row.amount))
  for (const { accountCode, feeMonth, amount } of sums) add(accountCode, feeMonth, 'subledger', amount)
  return [...ties]
    .filter(([, { books, subledger }]) => !books.isZero() || !subledger.isZero())
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, tie]) => tie)
}

export interface PaymentFault {
  readonly what: 'open_item' | 'allocated' | 'month' | 'credit' | 'overpaid' | 'control_account' | 'trial_balance'
  readonly subject: string
  readonly stored: string
  readonly derived: string
}

export interface PaymentVerification {
  readonly items: number
  readonly payments: number
  readonly controlAccounts: number
  readonly faults: readonly PaymentFault[]
}

const faultsShown = 200

/**
 * Computes open items, credits and control accounts again from the facts and compares: what each bill asks for by the
 * rule, what is allocated to it, billed + adjusted − cancelled = payable of each account, month and payer, what remains
 * of each payment, no payment used beyond its amount, and every control account against its subledgers, those of `later`
 * stages among them. Reads only.
 */
export async function verifyPayments(
  { db }: Pick<Services, 'db'>,
  later: readonly SubledgersOf[] = [],
): Promise<PaymentVerification> {
  const faults: PaymentFault[] = []
  let items = 0
  for await (const block of itemsOfBills(db)) {
    items += block.length
    const { rows } = await sql<{ bill_id: BillId; payable: string }>`
      select bill_id, payable::text from open_items where bill_id = any(${block.map(({ billId }) => billId)}::bigint[])`.execute(
      db,
    )
    const stored = new Map(rows.map((row) => [row.bill_id, row.payable]))
    for (const { billId, payable } of block) {
      const found = stored.get(billId)
      if (found !== moneyText(payable))
        faults.push({ what: 'open_item', subject: billId, stored: found ?? '—', derived: moneyText(payable) })
    }
  }
  const { rows: counts } = await sql<{ items: number; payments: number }>`
    select (select count(*)::int from open_items) as items, (select count(*)::int from payments) as payments`.execute(
    db,
  )
  const [count] = counts
  if (count !== undefined && count.items !== items)
    faults.push({ what: 'open_item', subject: '*', stored: String(count.items), derived: String(items) })
  const compare = async (what: PaymentFault['what'], query: RawBuilder<unknown>) => {
    const { rows } = await sql<{ subject: string; stored: string | null; derived: string | null }>`
      select subject::text, stored::text, derived::text from (${query}) found limit ${faultsShown}`.execute(db)
    for (const row of rows)
      faults.push({ what, subject: row.subject, stored: row.stored ?? '—', derived: row.derived ?? '—' })
  }
  await compare(
    'allocated',
    sql`select o.bill_id as subject, o.payable - o.outstanding || ' ' || coalesce(o.last_paid_on::text, '') as stored,
        coalesce(a.amount, 0.00) || ' ' || coalesce(a.paid_on::text, '') as derived
      from open_items o full join (${liveByBill}) a using (bill_id)
      where o.bill_id is null or o.payable - o.outstanding <> coalesce(a.amount, 0) or o.last_paid_on is distinct from a.paid_on`,
  )
  await compare(
    'month',
    sql`select concat_ws(' ', b.account_id, b.fee_month, b.discharger_id) as subject, coalesce(o.payable, 0) as stored, b.amount as derived
      from (select account_id, fee_month, discharger_id, sum(total_amount) as amount from bills group by 1, 2, 3) b
        left join (select account_id, fee_month, discharger_id, sum(payable) as payable from open_items group by 1, 2, 3) o
          using (account_id, fee_month, discharger_id)
      where b.amount <> coalesce(o.payable, 0)`,
  )
  await compare(
    'credit',
    sql`select coalesce(k.payment_id, f.payment_id) as subject, k.remaining as stored, f.remaining as derived
      from credits k full join (${creditFacts(sql`true`)}) f (payment_id, account_id, discharger_id, paid_on, remaining) using (payment_id)
      where k.remaining is distinct from f.remaining`,
  )
  await compare(
    'overpaid',
    sql`select f.payment_id as subject, 0 as stored, f.remaining as derived
      from (${creditFacts(sql`true`)}) f (payment_id, account_id, discharger_id, paid_on, remaining) where f.remaining < 0`,
  )
  const ties = await tieOut(db, later)
  for (const { accountCode, feeMonth, books, subledger } of ties) {
    if (books.eq(subledger)) continue
    const subject = feeMonth === null ? accountCode : `${accountCode} ${feeMonth}`
    faults.push({ what: 'control_account', subject, stored: moneyText(books), derived: moneyText(subledger) })
  }
  const { debit, credit } = await trialBalance(db)
  if (!debit.eq(credit))
    faults.push({ what: 'trial_balance', subject: '*', stored: moneyText(debit), derived: moneyText(credit) })
  return { items, payments: count?.payments ?? 0, controlAccounts: ties.length, faults }
}

const liveByBill = sql`
  select a.bill_id, sum(a.amount) as amount, max(p.paid_on) as paid_on from allocations a join payments p on p.id = a.payment_id
  where not exists (select from allocation_lapses l where l.allocation_id = a.id) group by a.bill_id`

/** Makes open items and credits anew from the facts; they say the same afterwards, or they were wrong before. */
export async function rebuildOpenItems(
  services: Services,
  envelope: Envelope,
): Promise<CommandAnswer<{ items: number; credits: number }> | Refusal> {
  const kind = { name: 'payments.rebuild', zh: '重建欠费与预收' } as const
  return runCommand(services, envelope, kind, {}, async ({ trx }) => {
    await lockAllPayments(trx)
    await sql`delete from open_items`.execute(trx)
    await sql`delete from credits`.execute(trx)
    let items = 0
    for await (const block of itemsOfBills(trx)) {
      items += block.length
      await sql`
        insert into open_items (bill_id, account_id, discharger_id, fee_month, due_on, payable, outstanding, last_paid_on)
        select b, a, d, m, due, payable, payable - coalesce(live.amount, 0), live.paid_on from unnest(
          ${block.map((item) => item.billId)}::bigint[], ${block.map((item) => item.accountId)}::bigint[],
          ${block.map((item) => item.dischargerId)}::bigint[], ${block.map((item) => firstDay(item.feeMonth))}::date[],
          ${block.map((item) => item.dueOn)}::date[], ${block.map((item) => moneyText(item.payable))}::numeric[])
          as item (b, a, d, m, due, payable)
        left join lateral (
          select sum(x.amount) as amount, max(p.paid_on) as paid_on from allocations x join payments p on p.id = x.payment_id
          where x.bill_id = b and not exists (select from allocation_lapses l where l.allocation_id = x.id)) live on true`.execute(
        trx,
      )
    }
    await sql`
      insert into credits (payment_id, account_id, discharger_id, paid_on, remaining) ${creditFacts(sql`true`)}`.execute(
      trx,
    )
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from credits`.execute(trx)
    return { items, credits: rows[0]?.count ?? 0 }
  })
}
