import { sql } from 'kysely'
import type { BillState, BillStates } from '../bills/bill-addition.ts'
import type { CivilDate } from '../kernel/calendar.ts'
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

/** Of a list of bills, read beside each bill: what it asks for and what is open of it, in yuan, parted by a blank. */
export const billStates: BillStates = {
  column: sql`(select o.payable || ' ' || o.outstanding || ' ' || o.due_on from open_items o where o.bill_id = b.id)`,
  of: (standing, today) => {
    const [payable = '', outstanding = '', dueOn = ''] = standing.split(' ')
    return billState({ payable, outstanding, dueOn: dueOn as CivilDate }, today)
  },
}
