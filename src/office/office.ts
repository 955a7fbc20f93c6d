import type { Site } from '../platform/pages/layout.tsx'

/** The site of the people inside: the menu follows the way of the money. */
export const officeSite: Site = {
  prefix: '/office',
  name: { zh: '办公端', en: 'office' },
  roomy: false,
  searchPath: '/office/search',
  closedTo: 'enterprise_user',
  menu: [
    {
      title: { zh: '工作', en: 'work' },
      items: [
        { title: { zh: '今日待办', en: 'today' }, href: '/office', permits: 'notices.read' },
        { title: { zh: '待审批', en: 'to be approved' }, href: '/office/proposals', permits: 'proposals.read' },
      ],
    },
    {
      title: { zh: '登记', en: 'registry' },
      items: [
        { title: { zh: '排污者', en: 'dischargers' }, href: '/office/dischargers', permits: 'dischargers.read' },
        { title: { zh: '用水户', en: 'accounts' }, href: '/office/accounts', permits: 'accounts.read' },
        { title: { zh: '征收名单', en: 'roster' }, href: '/office/rosters', permits: 'rosters.read' },
        { title: { zh: '登记表导入', en: 'registry files' }, href: '/office/registry', permits: 'registry.read' },
        { title: { zh: '代征单位', en: 'collectors' }, href: '/office/collectors', permits: 'collectors.read' },
        {
          title: { zh: '群体与类别', en: 'groups, categories' },
          href: '/office/categories',
          permits: 'categories.read',
        },
        { title: { zh: '工作日历', en: 'calendar' }, href: '/office/calendars', permits: 'calendars.read' },
      ],
    },
    {
      title: { zh: '计费依据', en: 'basis of the fee' },
      items: [
        { title: { zh: '收费标准', en: 'rates' }, href: '/office/tariffs', permits: 'tariffs.read' },
        { title: { zh: '抄表', en: 'readings' }, href: '/office/readings/imports', permits: 'readings.imports.read' },
        { title: { zh: '计量依据', en: 'volume bases' }, href: '/office/volume-bases', permits: 'volumes.read' },
        { title: { zh: '自备水源', en: 'own sources' }, href: '/office/own-sources', permits: 'volumes.read' },
      ],
    },
    {
      title: { zh: '账单', en: 'bills' },
      items: [
        { title: { zh: '开账批次', en: 'bill runs' }, href: '/office/bill-runs', permits: 'bills.runs.read' },
        { title: { zh: '账单', en: 'bills' }, href: '/office/bills', permits: 'bills.read' },
        { title: { zh: '异议', en: 'objections' }, href: '/office/objections', permits: 'objections.read' },
      ],
    },
    {
      title: { zh: '缴款', en: 'payments' },
      items: [
        { title: { zh: '缴款', en: 'payments' }, href: '/office/payments', permits: 'payments.read' },
        {
          title: { zh: '缴款导入', en: 'files of payments' },
          href: '/office/payments/imports',
          permits: 'payments.imports.read',
        },
        { title: { zh: '未核销余额', en: 'credit' }, href: '/office/credits', permits: 'payments.read' },
        { title: { zh: '未缴账单', en: 'outstanding' }, href: '/office/outstanding', permits: 'payments.read' },
        { title: { zh: '逾期与账龄', en: 'overdue and ageing' }, href: '/office/overdue', permits: 'payments.read' },
      ],
    },
    {
      title: { zh: '票据', en: 'receipts' },
      items: [
        { title: { zh: '财政电子票据', en: 'e-receipts' }, href: '/office/receipts', permits: 'receipts.read' },
        {
          title: { zh: '申请批次', en: 'batches' },
          href: '/office/receipts/batches',
          permits: 'receipts.batches.read',
        },
      ],
    },
    {
      title: { zh: '催缴与处罚', en: 'enforcement' },
      items: [
        { title: { zh: '时限', en: 'clocks' }, href: '/office/enforcement', permits: 'enforcement.read' },
        { title: { zh: '责令限期缴纳', en: 'orders to pay' }, href: '/office/orders', permits: 'enforcement.read' },
        { title: { zh: '处罚案件', en: 'fine cases' }, href: '/office/cases', permits: 'enforcement.read' },
        {
          title: { zh: '裁量基准', en: 'discretion grids' },
          href: '/office/discretion-grids',
          permits: 'enforcement.read',
        },
      ],
    },
    {
      title: { zh: '划缴', en: 'remittance' },
      items: [
        { title: { zh: '待缴款', en: 'money held' }, href: '/office/remittance/held', permits: 'remittance.read' },
        {
          title: { zh: '结算单', en: 'statements' },
          href: '/office/remittance/statements',
          permits: 'remittance.read',
        },
        { title: { zh: '划缴凭证', en: 'vouchers' }, href: '/office/remittance/vouchers', permits: 'remittance.read' },
        {
          title: { zh: '国库到账', en: 'treasury files' },
          href: '/office/remittance/treasury',
          permits: 'treasury.read',
        },
        {
          title: { zh: '季度对账', en: 'reconciliation' },
          href: '/office/remittance/reconciliations',
          permits: 'remittance.read',
        },
        {
          title: { zh: '代征手续费', en: 'collection fees' },
          href: '/office/remittance/fees',
          permits: 'remittance.read',
        },
        {
          title: { zh: '坏账核销', en: 'write-offs' },
          href: '/office/remittance/write-offs',
          permits: 'settlements.read',
        },
        {
          title: { zh: '汇算清缴', en: 'annual settlement' },
          href: '/office/remittance/settlements',
          permits: 'settlements.read',
        },
        {
          title: { zh: '信息公开', en: 'disclosure' },
          href: '/office/remittance/disclosure',
          permits: 'settlements.read',
        },
      ],
    },
    {
      title: { zh: '污水处理服务费', en: 'service fee' },
      items: [
        { title: { zh: '服务费申请', en: 'claims' }, href: '/office/settlement/claims', permits: 'settlement.read' },
        {
          title: { zh: '污水厂日报', en: 'plant files' },
          href: '/office/settlement/imports',
          permits: 'settlement.read',
        },
        { title: { zh: '每日水量水质', en: 'days' }, href: '/office/settlement/days', permits: 'settlement.read' },
        {
          title: { zh: '水量平衡', en: 'water balance' },
          href: '/office/settlement/balance',
          permits: 'settlement.verify',
        },
        {
          title: { zh: '特许经营协议', en: 'agreements' },
          href: '/office/settlement/agreements',
          permits: 'settlement.read',
        },
      ],
    },
    {
      title: { zh: '水质', en: 'quality' },
      items: [
        { title: { zh: '样品', en: 'samples' }, href: '/office/quality/samples', permits: 'quality.read' },
        { title: { zh: '超标', en: 'exceedances' }, href: '/office/quality/exceedances', permits: 'quality.read' },
        { title: { zh: '许可限值', en: 'limits' }, href: '/office/quality/limits', permits: 'quality.read' },
        { title: { zh: '事故报告', en: 'accidents' }, href: '/office/quality/accidents', permits: 'quality.read' },
        { title: { zh: '移送', en: 'referrals' }, href: '/office/quality/referrals', permits: 'quality.read' },
      ],
    },
    {
      title: { zh: '账簿', en: 'books' },
      items: [
        { title: { zh: '试算平衡', en: 'trial balance' }, href: '/office/journal', permits: 'journal.read' },
        { title: { zh: '凭证', en: 'entries' }, href: '/office/journal/entries', permits: 'journal.read' },
        { title: { zh: '总账与明细核对', en: 'tie-out' }, href: '/office/journal/tie-out', permits: 'journal.read' },
      ],
    },
    {
      title: { zh: '证据', en: 'evidence' },
      items: [
        {
          title: { zh: '核验与证据包', en: 'verification and packs' },
          href: '/office/evidence',
          permits: 'evidence.read',
        },
        { title: { zh: '办理记录', en: 'audit trail' }, href: '/office/audit', permits: 'audit.read' },
      ],
    },
    {
      title: { zh: '平台', en: 'platform' },
      items: [
        { title: { zh: '人员与岗位', en: 'people and roles' }, href: '/office/staff', permits: 'staff.read' },
        { title: { zh: 'API 密钥', en: 'API keys' }, href: '/office/api-keys', permits: 'keys.read' },
        {
          title: { zh: '登录记录', en: 'sign-ins' },
          href: '/office/security-events',
          permits: 'sign-in.events.read',
        },
        { title: { zh: '设置', en: 'settings' }, href: '/office/settings', permits: 'settings.read' },
        { title: { zh: '文书模板', en: 'templates' }, href: '/office/templates', permits: 'templates.read' },
        { title: { zh: '定时任务', en: 'schedule' }, href: '/office/jobs', permits: 'jobs.read' },
        { title: { zh: '提醒', en: 'notices' }, href: '/office/notices', permits: 'notices.read' },
        { title: { zh: '通知', en: 'messages' }, href: '/office/messages', permits: 'outbox.read' },
        { title: { zh: '联系方式', en: 'contacts' }, href: '/office/contacts', permits: 'outbox.read' },
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
