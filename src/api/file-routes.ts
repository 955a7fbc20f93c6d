import { billFileRoutes } from '../bills/bill.file-routes.ts'
import { calendarFileRoutes } from '../calendars/calendar.file-routes.ts'
import { dischargersFileRoutes } from '../dischargers/registry.file-routes.ts'
import { enforcementFileRoutes } from '../enforcement/enforcement.file-routes.ts'
import { evidenceFileRoutes } from '../evidence/evidence.file-routes.ts'
import { journalFileRoutes } from '../journal/journal.file-routes.ts'
import { afterPayments, dischargerGuards, tieOutOfAll } from '../later-stages.ts'
import { paymentFileRoutes } from '../payments/payment.file-routes.ts'
import { settleIssued } from '../payments/settle-issued.ts'
import { takeOverMoney } from '../payments/take-over-money.ts'
import { documentFileRoutes } from '../platform/documents/document.file-routes.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import type { Route } from '../platform/http/route.ts'
import { qualityFileRoutes } from '../quality/quality.file-routes.ts'
import { readingFileRoutes } from '../readings/reading.file-routes.ts'
import { receiptFileRoutes } from '../receipts/receipt.file-routes.ts'
import { remittanceFileRoutes } from '../remittance/remittance.file-routes.ts'
import { settlementFileRoutes } from '../settlement/settlement.file-routes.ts'
import { tariffFileRoutes } from '../tariffs/rate-schedule.file-routes.ts'
import { routeGroups } from './routes.ts'

const routes: Readonly<Record<string, readonly Route[]>> = {
  documents: documentFileRoutes,
  calendars: calendarFileRoutes,
  journal: journalFileRoutes,
  dischargers: dischargersFileRoutes(dischargerGuards),
  tariffs: tariffFileRoutes,
  quality: qualityFileRoutes,
  readings: readingFileRoutes,
  bills: billFileRoutes(settleIssued, takeOverMoney),
  payments: paymentFileRoutes(afterPayments),
  receipts: receiptFileRoutes,
  enforcement: enforcementFileRoutes,
  remittance: remittanceFileRoutes,
  settlement: settlementFileRoutes,
  evidence: evidenceFileRoutes(tieOutOfAll),
}

/** The routes of every stage that take or give files, or work on after their request: for a runtime with folders. */
export const fileRouteGroups: readonly RouteGroup[] = routeGroups.flatMap((group) => {
  const ofGroup = routes[group.name]
  return ofGroup === undefined ? [] : [{ ...group, routes: ofGroup }]
})
