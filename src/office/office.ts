import type { Site } from '../platform/pages/layout.tsx'

/** The site of the people inside: the menu follows the way of the money. */
export const officeSite: Site = {
  prefix: '/office',
  name: { zh: '办公端', en: 'office' },
  roomy: false,
  searchPath: '/office/search',
  menu: [
    {
      title: { zh: '工作', en: 'work' },
      items: [{ title: { zh: '今日待办', en: 'today' }, href: '/office', permits: undefined }],
    },
    {
      title: { zh: '账单', en: 'bills' },
      items: [
        { title: { zh: '开账批次', en: 'bill runs' }, href: '/office/bill-runs', permits: 'bills.read' },
        { title: { zh: '账单', en: 'bills' }, href: '/office/bills', permits: 'bills.read' },
      ],
    },
    {
      title: { zh: '全局', en: 'the whole' },
      items: [
        { title: { zh: '企业提交', en: 'filed by enterprises' }, href: '/office/filings', permits: 'objections.read' },
        { title: { zh: '图表', en: 'pictures' }, href: '/office/pictures', permits: 'payments.read' },
      ],
    },
  ],
}
