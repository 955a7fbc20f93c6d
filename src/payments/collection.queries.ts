import { sql } from 'kysely'
import { billedAmounts, billedHere } from '../bills/billed-amount.queries.ts'
import { type CivilDate, type FeeMonth, monthOf } from '../kernel/calendar.ts'
import { fixedText } from '../kernel/decimal.ts'
import type { DischargerId } from '../kernel/ids.ts'
import { type Money, money, subtractMoney, zeroMoney } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'
import { overdueOn } from './payment.queries.ts'

/** One fee month as it is collected by now: billed − outstanding = collected. */
export interface CollectedMonth {
  readonly feeMonth: FeeMonth
  readonly bills: number
  readonly billed: Money
  readonly collected: Money
  readonly outstanding: Money
  /** Collected of billed in per cent with one decimal; null where nothing was billed. */
  readonly percent: string | null
}

/** How much of each fee month is collected by now, from a month on. */
export async function collectionByMonth(db: Db | Trx, from: FeeMonth): Promise<CollectedMonth[]> {
  const billed = await billedAmounts(db, from)
  const { rows } = await sql<{ fee_month: CivilDate; outstanding: string }>`
    select o.fee_month, sum(o.outstanding)::text as outstanding from open_items o join bills b on b.id = o.bill_id
    where o.outstanding > 0 and ${billedHere} group by o.fee_month`.execute(db)
  const open = new Map(rows.map((row) => [monthOf(row.fee_month), money(row.outstanding)]))
  return billed.map(({ feeMonth, bills, amount }) => {
    const outstanding = open.get(feeMonth) ?? zeroMoney
    const collected = subtractMoney(amount, outstanding)
    const percent = amount.gt(0) ? fixedText(collected.div(amount).times(100), 1) : null
    return { feeMonth, bills, billed: amount, collected, outstanding, percent }
  })
}

/** A discharger with what it owed beyond the due date at the end of a day. */
export interface Debtor {
  readonly dischargerId: DischargerId
  readonly code: string
  readonly name: string
  readonly bills: number
  readonly oldestDueOn: CivilDate
  readonly overdue: Money
}

/** Who owed the most beyond the due date at the end of a day, the largest first. */
export async function topDebtors(db: Db | Trx, asOf: CivilDate, limit: number): Promise<Debtor[]> {
  const { rows } = await sql<{
    id: DischargerId
    code: string
    name: string
    bills: number
    oldest: CivilDate
    overdue: string
  }>`
    select d.id, d.code, d.name, t.bills, t.oldest, t.overdue::text from (
      select o.discharger_id, count(*)::int as bills, min(o.due_on) as oldest, sum(o.outstanding) as overdue
      from (${overdueOn(asOf)}) o group by o.discharger_id order by overdue desc, o.discharger_id limit ${limit}) t
      join dischargers d on d.id = t.discharger_id order by t.overdue desc, d.id`.execute(db)
  return rows.map((row) => ({
    dischargerId: row.id,
    code: row.code,
    name: row.name,
    bills: row.bills,
    oldestDueOn: row.oldest,
    overdue: money(row.overdue),
  }))
}
