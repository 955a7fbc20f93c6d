import { loadCalendars } from '../src/calendars/calendar.queries.ts'
import { plusWorkingDays, rollToWorkingDay } from '../src/calendars/calendar.rules.ts'
import { type CollectorWithContracts, listCollectors } from '../src/dischargers/discharger.queries.ts'
import {
  type CivilDate,
  civilDate,
  feeMonth,
  firstDay,
  holdsOn,
  lastDay,
  monthOf,
  plusDays,
  plusMonths,
} from '../src/kernel/calendar.ts'
import { money, moneyForPeople, moneyText } from '../src/kernel/money.ts'
import { isRefusal, type Refusal } from '../src/kernel/refusal.ts'
import { paymentFilesAfter, unpaidDueDays } from '../src/payments/files-in.queries.ts'
import type { Db, Trx } from '../src/platform/database.ts'
import { type NewNotice, type Notice, type NoticeKind, particular } from '../src/platform/notices.ts'
import { readSettings } from '../src/platform/settings.ts'
import { awaitedReadings } from '../src/readings/files-in.queries.ts'
import { countOfBills, type Job, type JobContext, type JobResult, type ParkedItem, parked } from './job.ts'
import { tellStaff } from './tell-staff.ts'

/**
 * Tells the collector and the clerks that a file has not come: the readings of last month by the day that
 * `readings.file_day` names, and the payments up to a due date within `payments.file_working_days` after it, where
 * something that fell due that day through the collector is still unpaid. Only collectors under contract are expected to
 * send any, and none of a month that was billed before they went live. Each file is asked for once.
 */
export const expectedFiles: Job = {
  name: 'expected-files',
  zh: '文件未到提醒',
  en: 'files that have not come',
  timetable: { at: ['08:00'] },
  async run(context: JobContext): Promise<JobResult> {
    const { services, slot } = context
    const lacking = await missingFiles(services.db, slot.day)
    const told = await tellStaff(context, async (db) => (await missingFiles(db, slot.day)).notices)
    const failed = isRefusal(told) ? [...lacking.parked, parked('notices', told)] : lacking.parked
    const raised = isRefusal(told) ? [] : told
    return {
      did: raised.length > 0,
      summary: {
        zh: raised.length > 0 ? `文件未到：${raised.join('、')}` : '没有新的未到文件',
        en: raised.length > 0 ? `not come: ${raised.join(', ')}` : 'no further file is missing',
        raised,
      },
      parked: failed,
    }
  },
}

interface MissingFiles {
  readonly notices: readonly NewNotice[]
  /** What could not be judged, e.g. because a year's calendar is lacking. */
  readonly parked: readonly ParkedItem[]
}

async function missingFiles(db: Db | Trx, today: CivilDate): Promise<MissingFiles> {
  const collectors = await listCollectors(db)
  const readings = await missingReadings(db, collectors, today)
  const payments = await missingPayments(db, collectors, today)
  return {
    notices: [readings, payments].flatMap((found) => (isRefusal(found) ? [] : found)),
    parked: [
      ...(isRefusal(readings) ? [parked('readings', readings)] : []),
      ...(isRefusal(payments) ? [parked('payments', payments)] : []),
    ],
  }
}

/** The collectors whose contract was in force on a day. */
export function underContract(collectors: readonly CollectorWithContracts[], on: CivilDate): CollectorWithContracts[] {
  return collectors.filter(({ contracts }) => contracts.some(({ validity }) => holdsOn(validity, on)))
}

async function missingReadings(
  db: Db | Trx,
  collectors: readonly CollectorWithContracts[],
  today: CivilDate,
): Promise<readonly NewNotice[] | Refusal> {
  const month = plusMonths(monthOf(today), -1)
  const fileDay = (await readSettings(db))['readings.file_day']
  const expectedBy = rollToWorkingDay(plusDays(firstDay(monthOf(today)), fileDay - 1), await loadCalendars(db))
  if (isRefusal(expectedBy)) return expectedBy
  if (today <= expectedBy) return []
  const awaited = await awaitedReadings(db, underContract(collectors, lastDay(month)), month)
  return awaited.map((collector) => ({
    kind: 'readings_file_missing',
    subject: `${collector.code}/${month}`,
    roles: ['bureau_clerk'],
    organisationId: collector.organisationId,
    particulars: { collector: collector.code, name: collector.name, month, expectedBy },
  }))
}

/** How long a due date is looked back upon: older ones have been asked for, or were before the schedule began. */
const daysLookedBack = 45

async function missingPayments(
  db: Db | Trx,
  collectors: readonly CollectorWithContracts[],
  today: CivilDate,
): Promise<readonly NewNotice[] | Refusal> {
  const workingDays = (await readSettings(db))['payments.file_working_days']
  const calendars = await loadCalendars(db)
  const notices: NewNotice[] = []
  for (const unpaid of await unpaidDueDays(db, plusDays(today, -daysLookedBack), today)) {
    const collector = underContract(collectors, unpaid.dueOn).find(({ code }) => code === unpaid.collectorCode)
    if (collector === undefined || unpaid.fileCame) continue
    const expectedBy = plusWorkingDays(unpaid.dueOn, workingDays, calendars)
    if (isRefusal(expectedBy)) return expectedBy
    if (today <= expectedBy) continue
    notices.push({
      kind: 'payments_file_missing',
      subject: `${collector.code}/${unpaid.dueOn}`,
      roles: ['bureau_clerk'],
      organisationId: collector.organisationId,
      particulars: {
        collector: collector.code,
        name: collector.name,
        dueOn: unpaid.dueOn,
        expectedBy,
        bills: unpaid.bills,
        amount: moneyText(unpaid.amount),
      },
    })
  }
  return notices
}

export const readingsFileMissing: NoticeKind = {
  zh: '抄表文件未到',
  en: 'readings file missing',
  sentence: (notice, language) =>
    language === 'zh'
      ? `${particular(notice, 'name')} ${particular(notice, 'month')} 的抄表文件应于 ${particular(notice, 'expectedBy')} 前送达，尚未收到。`
      : `The readings of ${particular(notice, 'name')} for ${particular(notice, 'month')} were expected by ${particular(notice, 'expectedBy')} and have not come.`,
  remedy: (notice) =>
    `qingliu readings import FILE --collector ${particular(notice, 'collector')} --month ${particular(notice, 'month')}`,
  open: async (db, notices) => {
    const open = new Set<string>()
    for (const month of new Set(notices.map((notice) => particular(notice, 'month')))) {
      const asked = notices
        .filter((notice) => particular(notice, 'month') === month)
        .map((notice) => ({ id: notice.id, code: particular(notice, 'collector') }))
      for (const { id } of await awaitedReadings(db, asked, feeMonth(month))) open.add(id)
    }
    return open
  },
}

export const paymentsFileMissing: NoticeKind = {
  zh: '收款文件未到',
  en: 'payment file missing',
  sentence: (notice, language) => {
    const { bills } = notice.particulars
    const amount = moneyForPeople(money(particular(notice, 'amount')))
    return language === 'zh'
      ? `${particular(notice, 'name')} 截至 ${particular(notice, 'dueOn')}（缴费期限）的收款文件应于 ${particular(notice, 'expectedBy')} 前送达，尚未收到；当日到期的账单有 ${bills} 张共 ${amount} 元未见缴款。`
      : `The payments of ${particular(notice, 'name')} up to ${particular(notice, 'dueOn')} (the due date) were expected by ${particular(notice, 'expectedBy')} and have not come; of what fell due that day, ${countOfBills(bills)} of ${amount} yuan show no payment.`
  },
  remedy: (notice) => `qingliu payments import FILE --collector ${particular(notice, 'collector')}`,
  open: async (db, notices) => {
    const came = await paymentFilesAfter(
      db,
      notices.map((notice) => ({
        collectorCode: particular(notice, 'collector'),
        dueOn: civilDate(particular(notice, 'dueOn')),
      })),
    )
    return idsOf(notices, (notice) => !came.has(notice.subject))
  },
}

function idsOf(notices: readonly Notice[], isOpen: (notice: Notice) => boolean): ReadonlySet<string> {
  return new Set(notices.filter(isOpen).map(({ id }) => id))
}
