import { jobRoutes } from '../../jobs/jobs.routes.ts'
import { lastBilledDays } from '../bills/bill.queries.ts'
import { billRoutes } from '../bills/bill.routes.ts'
import { lastDayBilledBy } from '../bills/last-day-billed.queries.ts'
import { calendarRoutes } from '../calendars/calendar.routes.ts'
import { findDischarger } from '../dischargers/account.queries.ts'
import { dischargersRoutes } from '../dischargers/dischargers.routes.ts'
import { documentKinds } from '../document-kinds.ts'
import { enforcementRoutes } from '../enforcement/enforcement.routes.ts'
import { evidenceRoutes } from '../evidence/evidence.routes.ts'
import { journalRoutes } from '../journal/journal.routes.ts'
import { afterPayments, correctionGuards, dischargerGuards, tieOutOfAll, usesOfFee } from '../later-stages.ts'
import { messageKinds } from '../message-kinds.ts'
import { paymentsRoutes } from '../payments/payment.routes.ts'
import { settleIssued } from '../payments/settle-issued.ts'
import { documentRoutes } from '../platform/documents/document.routes.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { outboxRoutes } from '../platform/outbox/message.routes.ts'
import { platformRoutes } from '../platform/platform.routes.ts'
import { signInRoutes } from '../platform/sign-in/sign-in.routes.ts'
import { qualityRoutes } from '../quality/quality.routes.ts'
import { readingRoutes } from '../readings/reading.routes.ts'
import { receiptRoutes } from '../receipts/receipt.routes.ts'
import { remittanceRoutes } from '../remittance/remittance.routes.ts'
import { settlementRoutes } from '../settlement/settlement.routes.ts'
import { tariffRoutes } from '../tariffs/rate-schedule.routes.ts'
import { outletVolumes } from '../volumes/outlet-volume.queries.ts'
import { volumeRoutes } from '../volumes/volume.routes.ts'

/** The routes of every stage that run on either runtime, with what later stages hand to earlier ones. */
export const routeGroups: readonly RouteGroup[] = [
  platformRoutes,
  signInRoutes(findDischarger),
  documentRoutes(documentKinds),
  outboxRoutes(messageKinds),
  calendarRoutes,
  journalRoutes(tieOutOfAll),
  dischargersRoutes(dischargerGuards),
  qualityRoutes(outletVolumes),
  readingRoutes,
  tariffRoutes(lastDayBilledBy),
  volumeRoutes(async (db, accountId) => (await lastBilledDays(db, [accountId])).get(accountId)),
  billRoutes(settleIssued, correctionGuards),
  paymentsRoutes(afterPayments),
  receiptRoutes,
  enforcementRoutes,
  remittanceRoutes(usesOfFee),
  settlementRoutes,
  evidenceRoutes,
  jobRoutes,
]
