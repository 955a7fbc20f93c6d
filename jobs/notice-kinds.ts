import type { NoticeKinds } from '../src/platform/notices.ts'
import { calendarAwaited } from './calendar-lacking.ts'
import { runWaits } from './draft-month.ts'
import { paymentsFileMissing, readingsFileMissing } from './expected-files.ts'
import { legalClockEnds } from './legal-clocks.ts'
import { overdueListed } from './overdue-list.ts'

/** Every kind of notice the jobs raise. */
export const noticeKinds: NoticeKinds = {
  readings_file_missing: readingsFileMissing,
  payments_file_missing: paymentsFileMissing,
  run_drafted: runWaits,
  overdue_list: overdueListed,
  legal_clock: legalClockEnds,
  calendar_lacking: calendarAwaited,
}
