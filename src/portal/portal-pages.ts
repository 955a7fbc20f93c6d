import type { PageRoute } from '../platform/pages/page-route.ts'
import { billPages } from './bills.page.tsx'
import { filingPages } from './filing.page.tsx'
import { homePage } from './home.page.tsx'
import { matterPages } from './matters.page.tsx'
import { forEnterprises } from './own.ts'
import { paymentPages } from './payments.page.tsx'
import { ratePages } from './rates.page.tsx'
import { usePages } from './use.page.tsx'

/** Every page of the portal. */
export const portalPages: readonly PageRoute[] = forEnterprises([
  homePage,
  ...billPages,
  ...usePages,
  ...paymentPages,
  ...matterPages,
  ...filingPages,
  ...ratePages,
])
