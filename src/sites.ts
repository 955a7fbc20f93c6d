import { billPages } from './bills/bill.page.tsx'
import { lastBilledDays } from './bills/bill.queries.ts'
import { checkBill } from './bills/check-bill.ts'
import { lastDayBilledBy } from './bills/last-day-billed.queries.ts'
import { calendarPages, calendarWorkResults } from './calendars/calendar.page.tsx'
import { accountPages } from './dischargers/account.page.tsx'
import { collectorPages } from './dischargers/collector.page.tsx'
import { dischargerPages } from './dischargers/discharger.page.tsx'
import { dischargersFileRoutes } from './dischargers/registry.file-routes.ts'
import { registryPages, registryWorkResults } from './dischargers/registry.page.tsx'
import { rosterPages, rosterWorkResults } from './dischargers/roster.page.tsx'
import { checkOrder } from './enforcement/check-order.ts'
import { officeAccountPages } from './office/account.page.tsx'
import { officeSite } from './office/office.ts'
import { settleIssued } from './payments/settle-issued.ts'
import { checkPages } from './platform/documents/check.page.tsx'
import type { Site } from './platform/pages/layout.tsx'
import { page, Redirect } from './platform/pages/page-route.ts'
import type { SitePages } from './platform/pages/serve-pages.ts'
import { signInPages } from './platform/sign-in/sign-in.page.tsx'
import { workPage } from './platform/works.page.tsx'
import { portalSite } from './portal/portal.ts'
import { readingPages } from './readings/reading.page.tsx'
import { readingImportPages, readingWorkRefused, readingWorkResults } from './readings/reading-import.page.tsx'
import { tariffPages, tariffWorkResults } from './tariffs/rate-schedule.page.tsx'
import { volumePages } from './volumes/volume.page.tsx'

/** What belongs to no site: the front door. */
const publicSite: Site = { prefix: '', name: { zh: '', en: '' }, roomy: true, searchPath: undefined, menu: [] }

const frontDoor = page('/', {
  title: { zh: '首页', en: 'front page' },
  permits: undefined,
  show: async ({ visitor }) => new Redirect(visitor?.dischargers.length > 0 ? '/portal' : '/office'),
})

const dischargerGuards = { lastBilledUse: lastBilledDays }
const dischargerFiles = dischargersFileRoutes(dischargerGuards)

/** Every site with the pages of every stage, with what later stages hand to earlier ones. */
export const sites: readonly SitePages[] = [
  {
    site: officeSite,
    pages: [
      ...calendarPages,
      ...dischargerPages,
      ...accountPages(dischargerGuards),
      ...collectorPages,
      ...registryPages(dischargerFiles),
      ...rosterPages(dischargerFiles),
      ...officeAccountPages,
      ...tariffPages(lastDayBilledBy),
      ...readingImportPages,
      ...readingPages,
      ...volumePages(async (db, accountId) => (await lastBilledDays(db, [accountId])).get(accountId)),
      ...billPages(settleIssued),
      workPage(
        {
          ...calendarWorkResults,
          ...registryWorkResults,
          ...rosterWorkResults,
          ...tariffWorkResults,
          ...readingWorkResults,
        },
        { ...readingWorkRefused },
      ),
    ],
  },
  { site: publicSite, pages: [frontDoor, ...signInPages, ...checkPages([checkBill, checkOrder])] },
  { site: portalSite, pages: [] },
]
