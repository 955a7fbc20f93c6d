import type { BillState, BillStatesOf } from '../bills/bill-addition.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import { standingsOf } from './named-item.queries.ts'
import { daysOverdue } from './overdue.rules.ts'

/** How a bill stands among what is asked for: amounts in yuan as the database writes them, with two decimals. */
export function billState(
  item: { readonly payable: string; readonly outstanding: string; readonly dueOn: CivilDate },
  today: CivilDate,
): BillState {
  const { payable, outstanding, dueOn } = item
  if (payable === '0.00') return { tone: 'plain', words: { zh: '无须缴费', en: 'nothing to pay' } }
  if (outstanding === '0.00') return { tone: 'settled', words: { zh: '已缴', en: 'paid' } }
  const days = daysOverdue(dueOn, today)
  if (days > 0)
    return {
      tone: 'overdue',
      words: { zh: `逾期 ${days} 天`, en: days === 1 ? '1 day overdue' : `${days} days overdue` },
    }
  return outstanding === payable
    ? { tone: 'waiting', words: { zh: '未缴', en: 'not paid' } }
    : { tone: 'waiting', words: { zh: '部分缴', en: 'part-paid' } }
}

/** How the bills of a list stand today; bills that ask for no money are left out. */
export const billStates: BillStatesOf = async ({ db, clock }, billIds) => {
  const today = clock.today()
  const items = await standingsOf(db, billIds)
  return new Map(items.map((item) => [item.billId, billState(item, today)]))
}
