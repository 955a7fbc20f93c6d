import { civilDate } from '../src/kernel/calendar.ts'
import { money, moneyForPeople } from '../src/kernel/money.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import { fellOverdue, keepOverdueList } from '../src/payments/keep-overdue-list.ts'
import { openOverdueLists } from '../src/payments/overdue-list.queries.ts'
import { type NoticeKind, particular } from '../src/platform/notices.ts'
import { countOfBills, type Job, type JobContext, type JobResult, nothing, parked } from './job.ts'
import { tellStaff } from './tell-staff.ts'

/**
 * On the day after a due date (as a rule the 10th, rolled to a working day; later for bills issued late) keeps the list
 * of all that is overdue, and tells the clerks and the brigade. Other days have nothing new to list.
 */
export const overdueList: Job = {
  name: 'overdue-list',
  zh: '逾期清单',
  en: 'overdue list on the day after a due date',
  timetable: { at: ['07:00'] },
  daysStandAlone: true,
  async run(context: JobContext): Promise<JobResult> {
    const { services, slot } = context
    const asOf = slot.day
    if (!(await fellOverdue(services.db, asOf))) {
      return nothing('没有账单于前一日到期而未缴', 'no bill fell due the day before and is unpaid')
    }
    const outcome = await keepOverdueList(services, context.envelope('list'), { asOf })
    if (isRefusal(outcome)) {
      return {
        did: true,
        summary: { zh: `${asOf} 的清单未能留存`, en: `the list of ${asOf} could not be kept` },
        parked: [parked(asOf, outcome)],
      }
    }
    const list = outcome.answer
    const told = await tellStaff(context, async () => [
      { kind: 'overdue_list', subject: asOf, roles: ['bureau_clerk', 'brigade_officer'], particulars: { ...list } },
    ])
    const amount = moneyForPeople(money(list.amount))
    return {
      did: true,
      summary: {
        zh: `逾期 ${list.bills} 张共 ${amount} 元`,
        en: `${countOfBills(list.bills)} of ${amount} yuan overdue`,
        ...list,
      },
      parked: isRefusal(told) ? [parked('notices', told)] : [],
    }
  },
}

export const overdueListed: NoticeKind = {
  zh: '逾期清单',
  en: 'overdue list',
  sentence: (notice, language) => {
    const amount = moneyForPeople(money(particular(notice, 'amount')))
    const digest = particular(notice, 'digest').slice(0, 12)
    return language === 'zh'
      ? `截至 ${notice.subject} 逾期未缴 ${particular(notice, 'bills')} 张共 ${amount} 元（按当时已入账的收款；清单摘要 ${digest}）。`
      : `Overdue on ${notice.subject}: ${countOfBills(notice.particulars['bills'])} of ${amount} yuan (by the payments known then; digest ${digest}).`
  },
  remedy: (notice) => `qingliu notices show ${notice.id}`,
  open: async (db, notices) => {
    const open = await openOverdueLists(
      db,
      notices.map(({ subject }) => civilDate(subject)),
    )
    return new Set(notices.filter(({ subject }) => open.has(civilDate(subject))).map(({ id }) => id))
  },
}
