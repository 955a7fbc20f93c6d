import { correctionProposalKind } from '../bills/correct-bill.ts'
import { runProposalKind } from '../bills/draft-run.ts'
import { refundProposalKind } from '../payments/refund-payment.ts'
import type { PermissionName } from '../platform/authorisation/permissions.ts'
import type { Said } from '../platform/http/route.ts'
import type { Json } from '../platform/platform.tables.ts'
import { disclosureProposalKind } from '../remittance/disclosure.queries.ts'

/** How the office speaks of a kind of proposal, and where it is decided. */
export interface ProposalKind extends Said {
  /** The name in the authorisation table of the command that decides it. */
  readonly permits: PermissionName
  /** Where it is looked at, and decided by another person. */
  readonly href: (proposal: { readonly id: string; readonly subject: string; readonly content: Json }) => string
}

/** Every kind of proposal the stages make, in the order of the money. */
export const proposalKinds: Readonly<Record<string, ProposalKind>> = {
  'calendars.year': {
    zh: '年度日历',
    en: 'calendar of a year',
    permits: 'calendars.approve-calendar-year',
    href: ({ id }) => `/office/calendars/proposals/${id}`,
  },
  roster: {
    zh: '征收名单',
    en: 'roster',
    permits: 'dischargers.approve-roster',
    href: ({ id }) => `/office/rosters/proposals/${id}`,
  },
  'quality.limits': {
    zh: '水质限值',
    en: 'permitted limits',
    permits: 'quality.approve-limits',
    href: ({ id }) => `/office/quality/limits/proposals/${id}`,
  },
  'quality.credit-grade': {
    zh: '信用等级',
    en: 'credit grade',
    permits: 'quality.approve-credit-grade',
    href: ({ id }) => `/office/quality/grade-proposals/${id}`,
  },
  'quality.referral': {
    zh: '移送',
    en: 'referral',
    permits: 'quality.approve-referral',
    href: ({ id }) => `/office/quality/referral-proposals/${id}`,
  },
  'tariffs.rate-schedule': {
    zh: '收费标准',
    en: 'rate schedule',
    permits: 'tariffs.approve-rate-schedule',
    href: ({ id }) => `/office/tariffs/proposals/${id}`,
  },
  'volumes.basis': {
    zh: '计量依据',
    en: 'volume basis',
    permits: 'volumes.decide-basis',
    href: ({ id }) => `/office/volume-bases/proposals/${id}`,
  },
  'volumes.own-source-declaration': {
    zh: '自备水源申报',
    en: 'own-source declaration',
    permits: 'volumes.decide-declaration',
    href: ({ id }) => `/office/own-sources/declarations/${id}`,
  },
  'volumes.rated-flow': {
    zh: '按额定流量计费',
    en: 'billing at rated flow',
    permits: 'volumes.decide-rated-flow',
    href: ({ id }) => `/office/own-sources/rated-flows/${id}`,
  },
  [runProposalKind]: {
    zh: '开账批次',
    en: 'bill run',
    permits: 'bills.approve-run',
    href: ({ subject }) => `/office/bill-runs/${subject}`,
  },
  [correctionProposalKind]: {
    zh: '账单更正',
    en: 'correction of a bill',
    permits: 'bills.decide-correction',
    href: ({ id }) => `/office/bill-corrections/${id}`,
  },
  [refundProposalKind]: {
    zh: '退款',
    en: 'refund',
    permits: 'payments.decide-refund',
    href: ({ id }) => `/office/refunds/${id}`,
  },
  'enforcement.grid': {
    zh: '裁量基准',
    en: 'discretion grid',
    permits: 'enforcement.adopt-grid',
    href: ({ id }) => `/office/discretion-grids/proposals/${id}`,
  },
  'enforcement.order': {
    zh: '责令限期缴纳',
    en: 'order to pay',
    permits: 'enforcement.issue-order',
    href: ({ id }) => `/office/order-drafts/${id}`,
  },
  'enforcement.case': {
    zh: '立案',
    en: 'filing of a case',
    permits: 'enforcement.file-case',
    href: ({ id }) => `/office/case-reports/${id}`,
  },
  'enforcement.step': {
    zh: '执法步骤',
    en: 'step of a case',
    permits: 'enforcement.approve-step',
    href: ({ id }) => `/office/enforcement-steps/${id}`,
  },
  'remittance.statement': {
    zh: '划缴结算单',
    en: 'remittance statement',
    permits: 'remittance.approve-statement',
    href: ({ content }) => `/office/remittance/statements/${(content as { readonly statement: string }).statement}`,
  },
  'remittance.collection-fee': {
    zh: '代征手续费',
    en: 'collection fee',
    permits: 'remittance.decide-fee',
    href: ({ id }) => `/office/remittance/fee-proposals/${id}`,
  },
  'remittance.annual-settlement': {
    zh: '汇算清缴',
    en: 'annual settlement',
    permits: 'remittance.decide-settlement',
    href: ({ id }) => `/office/remittance/settlement-proposals/${id}`,
  },
  'remittance.write-off': {
    zh: '坏账核销',
    en: 'write-off',
    permits: 'remittance.decide-write-off',
    href: ({ id }) => `/office/remittance/write-off-proposals/${id}`,
  },
  [disclosureProposalKind]: {
    zh: '征收使用情况公开',
    en: 'disclosure of a year',
    permits: 'remittance.decide-disclosure',
    href: ({ id }) => `/office/remittance/disclosure-proposals/${id}`,
  },
  'settlement.concession': {
    zh: '特许经营协议',
    en: 'concession agreement',
    permits: 'settlement.approve-concession',
    href: ({ id }) => `/office/settlement/agreement-proposals/${id}`,
  },
  'settlement.concession-end': {
    zh: '特许经营协议终止',
    en: 'end of a concession agreement',
    permits: 'settlement.approve-concession-end',
    href: ({ id }) => `/office/settlement/agreement-ends/${id}`,
  },
  'documents.template': {
    zh: '文书模板',
    en: 'template of a document',
    permits: 'documents.approve-template',
    href: ({ id }) => `/office/template-proposals/${id}`,
  },
}
