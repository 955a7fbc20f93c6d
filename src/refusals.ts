import { jobRefusals } from '../jobs/jobs.refusals.ts'
import { billRefusals } from './bills/bill.refusals.ts'
import { calendarRefusals } from './calendars/calendar.ts'
import { calendarYearRefusals } from './calendars/calendar-year.refusals.ts'
import { dischargersRefusals } from './dischargers/dischargers.refusals.ts'
import { enforcementRefusals } from './enforcement/enforcement.refusals.ts'
import { evidenceRefusals } from './evidence/evidence.refusals.ts'
import type { RefusalTable } from './kernel/refusal.ts'
import { paymentRefusals } from './payments/payment.refusals.ts'
import { documentRefusals } from './platform/documents/documents.refusals.ts'
import { httpRefusals } from './platform/http/http.refusals.ts'
import { outboxRefusals } from './platform/outbox/outbox.refusals.ts'
import { platformRefusals } from './platform/platform.refusals.ts'
import { signInRefusals } from './platform/sign-in/sign-in.refusals.ts'
import { tableRefusals } from './platform/tables/tables.refusals.ts'
import { portalRefusals } from './portal/portal.refusals.ts'
import { qualityRefusals } from './quality/quality.refusals.ts'
import { readingRefusals } from './readings/readings.refusals.ts'
import { receiptRefusals } from './receipts/receipts.refusals.ts'
import { closingRefusals } from './remittance/closing.refusals.ts'
import { remittanceRefusals } from './remittance/remittance.refusals.ts'
import { settlementRefusals } from './settlement/settlement.refusals.ts'
import { priceRefusals } from './tariffs/price.ts'
import { rateScheduleRefusals } from './tariffs/rate-schedule.refusals.ts'
import { volumeRefusals } from './volumes/volume.refusals.ts'

const tables = [
  platformRefusals,
  httpRefusals,
  signInRefusals,
  tableRefusals,
  documentRefusals,
  outboxRefusals,
  calendarRefusals,
  calendarYearRefusals,
  dischargersRefusals,
  qualityRefusals,
  priceRefusals,
  rateScheduleRefusals,
  readingRefusals,
  volumeRefusals,
  billRefusals,
  paymentRefusals,
  receiptRefusals,
  remittanceRefusals,
  closingRefusals,
  jobRefusals,
  enforcementRefusals,
  settlementRefusals,
  evidenceRefusals,
  portalRefusals,
] as const

type CodeOf<Table> = Table extends unknown ? keyof Table & string : never
/** Codes that stand in two tables. */
type Repeated<Tables extends readonly unknown[]> = Tables extends readonly [infer First, ...infer Rest]
  ? (CodeOf<First> & CodeOf<Rest[number]>) | Repeated<Rest>
  : never
type MustBeNever<Code extends never> = Code

/** One code means one thing, for whoever reads it in an answer: a repeated code does not compile and is named. */
export type RefusalCode = CodeOf<(typeof tables)[number]> | MustBeNever<Repeated<typeof tables>>

/** Every expected "no": its kind gives HTTP status and exit code, its sentences the page and the terminal. */
export const refusals: Readonly<Record<RefusalCode, RefusalTable[string]>> = Object.assign({}, ...tables)
