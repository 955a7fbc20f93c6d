import type { BillId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { listSchedules } from '../tariffs/rate-schedule.queries.ts'
import type { RateSchedule } from '../tariffs/rate-schedule.ts'
import { linesOf } from './bill.queries.ts'
import type { Bill, BillLine } from './bill.ts'

/** In what a bill counts and asks for money: the schedule's own unit and currency, which are not always m³ and yuan. */
export interface BillTerms {
  readonly unit: string
  readonly currency: string
}
export type TermsOf = (bill: Bill) => BillTerms

/** The terms of some bills, read with their lines. */
export async function termsOfBills(db: Db | Trx, found: readonly Bill[]): Promise<TermsOf> {
  const lines = await linesOf(
    db,
    found.map(({ billId }) => billId),
  )
  return termsFrom(lines, new Map((await listSchedules(db)).map((schedule) => [schedule.scheduleId, schedule])))
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
