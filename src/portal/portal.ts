import type { Site } from '../platform/pages/layout.tsx'

/** The site of the enterprises: their own bills, payments, notices, and nothing else. */
export const portalSite: Site = {
  prefix: '/portal',
  name: { zh: '企业端', en: 'portal' },
  roomy: true,
  searchPath: undefined,
  menu: [],
}
