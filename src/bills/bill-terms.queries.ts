import { sql } from 'kysely'
import type { BillId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { RateSchedule } from '../tariffs/rate-schedule.ts'
import type { Bill, BillLine } from './bill.ts'

/** In what a bill counts and asks for money: the schedule's own unit and currency, which are not always m³ and yuan. */
export interface BillTerms {
  readonly unit: string
  readonly currency: string
}
export type TermsOf = (bill: Bill) => BillTerms

/** The terms of some bills, by what their lines were priced with. */
export async function termsOfBills(db: Db | Trx, found: readonly Bill[]): Promise<TermsOf> {
  const { rows } = await sql<{ bill_id: BillId; unit: string; currency: string }>`
    select distinct l.bill_id, s.unit, s.currency from bill_lines l join rate_schedules s on s.id = l.schedule_id
    where l.bill_id = any(${found.map(({ billId }) => billId)}::bigint[]) order by 1, 2, 3`.execute(db)
  const byBill = new Map<BillId, BillTerms[]>()
  for (const { bill_id: billId, ...terms } of rows) byBill.set(billId, [...(byBill.get(billId) ?? []), terms])
  return ({ billId }) => {
    const used = byBill.get(billId) ?? []
    return { unit: namesOf(used.map(({ unit }) => unit)), currency: namesOf(used.map(({ currency }) => currency)) }
  }
}

/** The same from lines and schedules that were read before. */
export function termsFrom(
  lines: ReadonlyMap<BillId, readonly BillLine[]>,
  schedules: ReadonlyMap<string, RateSchedule>,
): TermsOf {
  return ({ billId }) => {
    const used = (lines.get(billId) ?? []).flatMap(({ scheduleId }) => schedules.get(scheduleId) ?? [])
    return { unit: namesOf(used.map(({ unit }) => unit)), currency: namesOf(used.map(({ currency }) => currency)) }
  }
}

const namesOf = (names: readonly string[]) => [...new Set(names)].join('、')
