import { calendarLacking } from './calendar-lacking.ts'
import { draftMonth } from './draft-month.ts'
import { expectedFiles } from './expected-files.ts'
import type { Job } from './job.ts'
import { legalClocks } from './legal-clocks.ts'
import { makeMessagesJob } from './make-messages.ts'
import { overdueList } from './overdue-list.ts'

/**
 * The one table of jobs. What is due at one time is worked in this order. Both runtimes only tick; what a tick finds due
 * follows from this table, the time zone and the slots that were claimed.
 */
export const schedule: readonly Job[] = [
  draftMonth,
  overdueList,
  makeMessagesJob,
  expectedFiles,
  legalClocks,
  calendarLacking,
]
