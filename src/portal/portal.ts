import type { Site } from '../platform/pages/layout.tsx'

/** The site of the enterprises: their own bills, payments, notices, and nothing else. */
export const portalSite: Site = {
  prefix: '/portal',
  name: { zh: '企业端', en: 'portal' },
  roomy: true,
  searchPath: undefined,
  menu: [
    {
      title: { zh: '我的', en: 'mine' },
      items: [
        { title: { zh: '应缴与期限', en: 'what to pay' }, href: '/portal', permits: 'bills.read' },
        { title: { zh: '账单', en: 'bills' }, href: '/portal/bills', permits: 'bills.read' },
        { title: { zh: '用水与费用', en: 'use and fees' }, href: '/portal/use', permits: 'bills.read' },
        { title: { zh: '缴款', en: 'payments' }, href: '/portal/payments', permits: 'payments.read' },
        { title: { zh: '财政票据', en: 'receipts' }, href: '/portal/receipts', permits: 'receipts.read' },
        { title: { zh: '通知与处罚', en: 'orders and fines' }, href: '/portal/matters', permits: 'enforcement.read' },
        { title: { zh: '我提交的材料', en: 'what I filed' }, href: '/portal/filings', permits: 'objections.read' },
        { title: { zh: '收费标准', en: 'rates' }, href: '/portal/rates', permits: 'tariffs.read' },
      ],
    },
  ],
}
