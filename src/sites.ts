import { billPages } from './bills/bill.page.tsx'
import { officeFilingPages } from './office/filings.page.tsx'
import { officeSite } from './office/office.ts'
import { picturePages } from './office/pictures.page.tsx'
import { settleIssued } from './payments/settle-issued.ts'
import type { Site } from './platform/pages/layout.tsx'
import { page, Redirect } from './platform/pages/page-route.ts'
import type { SitePages } from './platform/pages/serve-pages.ts'
import { workPage } from './platform/works.page.tsx'
import { portalSite } from './portal/portal.ts'
import { portalPages } from './portal/portal-pages.ts'

/** What belongs to no site: the front door. */
const publicSite: Site = { prefix: '', name: { zh: '', en: '' }, roomy: true, searchPath: undefined, menu: [] }

const frontDoor = page('/', {
  title: { zh: '首页', en: 'front page' },
  permits: undefined,
  show: async ({ visitor }) => new Redirect(visitor?.dischargers.length > 0 ? '/portal' : '/office'),
})

/** Every site with the pages of every stage, with what later stages hand to earlier ones. */
export const sites: readonly SitePages[] = [
  { site: officeSite, pages: [...billPages(settleIssued), workPage({}), ...picturePages, ...officeFilingPages] },
  { site: publicSite, pages: [frontDoor] },
  { site: portalSite, pages: portalPages },
]
