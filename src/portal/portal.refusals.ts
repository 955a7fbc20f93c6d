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
  portal_attachment_unknown: {
    kind: 'missing',
    zh: '没有编号为 {number} 的附件。请从“我提交的材料”打开。',
    en: 'There is no attachment {number}. Open it from “what I filed”.',
  },
  portal_too_many_files: {
    kind: 'invalid',
    zh: '一次最多附 {most} 个文件，这里有 {count} 个。请合并后再提交，或分两次提交。',
    en: 'At most {most} files come with one filing; these are {count}. Put them together, or file twice.',
  },
  portal_file_too_large: {
    kind: 'invalid',
    zh: '文件“{file}”超过 {most}。请压缩后再附。',
    en: 'The file "{file}" is larger than {most}. Make it smaller first.',
  },
} as const satisfies RefusalTable

export const refusePortal = refuser(portalRefusals)
