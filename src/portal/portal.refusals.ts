import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const portalRefusals = {
  portal_without_discharger: {
    kind: 'forbidden',
    zh: '{name} 的账号没有对应的排污企业，企业端没有可看的内容。请向城管局申请开通企业账号；工作人员请用办公端 /office。',
    en: 'The account of {name} is tied to no enterprise, so the portal has nothing to show. Ask the bureau for an enterprise account; staff use the office at /office.',
  },
  portal_bill_unknown: {
    kind: 'missing',
    zh: '没有编号为 {number} 的账单。请从账单列表打开。',
    en: 'There is no bill {number}. Open it from the list of bills.',
  },
  portal_matter_unknown: {
    kind: 'missing',
    zh: '没有编号为 {number} 的通知或案件。请从“通知与处罚”打开。',
    en: 'There is no order or case {number}. Open it from “orders and fines”.',
  },
  portal_payment_unknown: {
    kind: 'missing',
    zh: '没有编号为 {number} 的缴款。请从缴款列表打开。',
    en: 'There is no payment {number}. Open it from the list of payments.',
  },
} as const satisfies RefusalTable

export const refusePortal = refuser(portalRefusals)
