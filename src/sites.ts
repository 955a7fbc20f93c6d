import { noticeKinds } from '../jobs/notice-kinds.ts'
import { noticesWithState, sentenceOf } from '../jobs/notices-with-state.queries.ts'
import { jobPages } from '../jobs/schedule.page.tsx'
import { billFileRoutes } from './bills/bill.file-routes.ts'
import { billPages } from './bills/bill.page.tsx'
import { lastBilledDays } from './bills/bill.queries.ts'
import { billWorkResults } from './bills/bill-run.page.tsx'
import { checkBill } from './bills/check-bill.ts'
import { lastDayBilledBy } from './bills/last-day-billed.queries.ts'
import { calendarPages, calendarWorkResults } from './calendars/calendar.page.tsx'
import { accountPages } from './dischargers/account.page.tsx'
import { collectorPages } from './dischargers/collector.page.tsx'
import { dischargerPages } from './dischargers/discharger.page.tsx'
import { peoplePages } from './dischargers/people.page.tsx'
import { dischargersFileRoutes } from './dischargers/registry.file-routes.ts'
import { registryPages, registryWorkResults } from './dischargers/registry.page.tsx'
import { rosterPages, rosterWorkResults } from './dischargers/roster.page.tsx'
import { documentKinds } from './document-kinds.ts'
import { casePages } from './enforcement/case.page.tsx'
import { checkOrder } from './enforcement/check-order.ts'
import { gridPages } from './enforcement/grid.page.tsx'
import { orderPages } from './enforcement/order.page.tsx'
import { stepPages } from './enforcement/step.page.tsx'
import { evidenceFileRoutes } from './evidence/evidence.file-routes.ts'
import { evidencePages, evidenceWorkResults } from './evidence/evidence.page.tsx'
import { journalFileRoutes } from './journal/journal.file-routes.ts'
import { journalPages } from './journal/journal.page.tsx'
import { afterPayments, correctionGuards, dischargerGuards, tieOutOfAll, usesOfFee } from './later-stages.ts'
import { messageKinds } from './message-kinds.ts'
import { officeAccountPages } from './office/account.page.tsx'
import { officeFilingPages } from './office/filings.page.tsx'
import { homePages, type OpenNoticesOf } from './office/home.page.tsx'
import { officeSite } from './office/office.ts'
import { picturePages } from './office/pictures.page.tsx'
import { proposalPagesOfOffice } from './office/proposals.page.tsx'
import { searchPages } from './office/search.page.tsx'
import { billPayments } from './payments/bill-payments.tsx'
import { billStates } from './payments/bill-state.ts'
import { objectionPages } from './payments/objection.page.tsx'
import { overduePages } from './payments/overdue.page.tsx'
import { paymentFileRoutes } from './payments/payment.file-routes.ts'
import { paymentPages } from './payments/payment.page.tsx'
import { paymentImportPages, paymentWorkRefused, paymentWorkResults } from './payments/payment-import.page.tsx'
import { settleIssued } from './payments/settle-issued.ts'
import { takeOverMoney } from './payments/take-over-money.ts'
import { findActor } from './platform/command.ts'
import { checkPages } from './platform/documents/check.page.tsx'
import { templatePages } from './platform/documents/template.page.tsx'
import { messagePages } from './platform/outbox/message.page.tsx'
import type { Site } from './platform/pages/layout.tsx'
import { page, Redirect } from './platform/pages/page-route.ts'
import type { SitePages } from './platform/pages/serve-pages.ts'
import { accessPages } from './platform/sign-in/access.page.tsx'
import { signInPages } from './platform/sign-in/sign-in.page.tsx'
import { staffPages } from './platform/staff.page.tsx'
import { workPage } from './platform/works.page.tsx'
import { portalSite } from './portal/portal.ts'
import { portalPages } from './portal/portal-pages.ts'
import { qualityPages } from './quality/quality.page.tsx'
import { readingPages } from './readings/reading.page.tsx'
import { readingImportPages, readingWorkRefused, readingWorkResults } from './readings/reading-import.page.tsx'
import { receiptPages } from './receipts/receipt.page.tsx'
import { closingPages } from './remittance/closing.page.tsx'
import { disclosurePages, publicDisclosurePages } from './remittance/disclosure.page.tsx'
import { feePages } from './remittance/fee.page.tsx'
import { statementPages } from './remittance/statement.page.tsx'
import { settlementPages } from './settlement/settlement.page.tsx'
import { tariffPages, tariffWorkResults } from './tariffs/rate-schedule.page.tsx'
import { outletVolumes } from './volumes/outlet-volume.queries.ts'
import { volumePages } from './volumes/volume.page.tsx'

/** What belongs to no site: the front door, and what anybody may see. */
const publicSite: Site = { prefix: '', name: { zh: '', en: '' }, roomy: true, searchPath: undefined, menu: [] }

const frontDoor = page('/', {
  title: { zh: '首页', en: 'front page' },
  permits: undefined,
  show: async ({ visitor }) => new Redirect(visitor?.dischargers.length > 0 ? '/portal' : '/office'),
})

const noticesShown = 20

/** What the jobs have to tell a visitor, as far as nobody has dealt with it. */
const openNotices: OpenNoticesOf = async ({ services, visitor, say }) => {
  const actor = await findActor(services.db, visitor.code, services.clock.today())
  if (actor === undefined) return []
  const wanted = { actor, all: false, today: services.clock.today(), limit: noticesShown }
  return (await noticesWithState(services.db, wanted)).map((notice) => ({
    sentence: sentenceOf(notice, noticeKinds[notice.kind], say.language),
    since: notice.since,
  }))
}
const dischargerFiles = dischargersFileRoutes(dischargerGuards)

/** Every site with the pages of every stage, with what later stages hand to earlier ones. */
export const sites: readonly SitePages[] = [
  {
    site: officeSite,
    pages: [
      ...calendarPages,
      ...homePages(openNotices),
      ...searchPages,
      ...proposalPagesOfOffice(documentKinds),
      ...dischargerPages,
      ...peoplePages,
      ...accountPages(dischargerGuards),
      ...collectorPages,
      ...registryPages(dischargerFiles),
      ...rosterPages(dischargerFiles),
      ...officeAccountPages,
      ...tariffPages(lastDayBilledBy),
      ...readingImportPages,
      ...readingPages,
      ...volumePages(async (db, accountId) => (await lastBilledDays(db, [accountId])).get(accountId)),
      ...billPages({
        afterIssue: settleIssued,
        guards: correctionGuards,
        additions: [billPayments],
        states: billStates,
        fileRoutes: billFileRoutes(settleIssued, takeOverMoney),
      }),
      ...paymentPages(afterPayments.refundGuards),
      ...paymentImportPages(paymentFileRoutes(afterPayments)),
      ...overduePages,
      ...objectionPages,
      ...journalPages(tieOutOfAll, journalFileRoutes),
      ...receiptPages,
      ...orderPages,
      ...casePages,
      ...gridPages,
      ...stepPages,
      ...statementPages,
      ...feePages,
      ...closingPages,
      ...disclosurePages(usesOfFee),
      ...settlementPages,
      ...qualityPages(outletVolumes),
      ...evidencePages(evidenceFileRoutes(tieOutOfAll)),
      ...staffPages,
      ...accessPages,
      ...templatePages(documentKinds),
      ...picturePages,
      ...officeFilingPages,
      ...jobPages,
      ...messagePages(messageKinds),
      workPage(
        {
          ...calendarWorkResults,
          ...registryWorkResults,
          ...rosterWorkResults,
          ...tariffWorkResults,
          ...readingWorkResults,
          ...billWorkResults,
          ...paymentWorkResults,
          ...evidenceWorkResults,
        },
        { ...readingWorkRefused, ...paymentWorkRefused },
      ),
    ],
  },
  {
    site: publicSite,
    pages: [frontDoor, ...signInPages, ...checkPages([checkBill, checkOrder]), ...publicDisclosurePages],
  },
  { site: portalSite, pages: portalPages },
]
