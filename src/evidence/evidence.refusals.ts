import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const evidenceRefusals = {
  evidence_bill_unknown: {
    kind: 'missing',
    zh: '没有账单 {number}。请核对账单号，例如 2026-000001。',
    en: 'There is no bill {number}. Check its number, such as 2026-000001.',
  },
  evidence_subject_unnamed: {
    kind: 'usage',
    zh: '请指明一份账单 --bill、案件 --case、结算单 --statement、对账 --reconciliation、清缴 --settlement 或服务费申请 --claim，取一。',
    en: 'Name one bill --bill, case --case, statement --statement, reconciliation --reconciliation, settlement --settlement, or claim --claim.',
  },
  evidence_number_missing: {
    kind: 'usage',
    zh: '请填写{kindZh}的编号，例如 {example}。',
    en: 'Give the number of the {kindEn}, such as {example}.',
  },
  evidence_case_unknown: {
    kind: 'missing',
    zh: '没有案件 {number}。请核对案件号，例如 2026-0001；可用 qingliu cases list 查看。',
    en: 'There is no case {number}. Check its number, such as 2026-0001; see qingliu cases list.',
  },
  evidence_settlement_unknown: {
    kind: 'missing',
    zh: '没有汇算清缴 {number}。请核对编号，例如 Y2026-0001。',
    en: 'There is no annual settlement {number}. Check its number, such as Y2026-0001.',
  },
  evidence_row_uncovered: {
    kind: 'conflict',
    zh: '{table} 的一行不是任何命令所写的内容，不能出具证据包。请先运行 qingliu verify 查明。',
    en: 'A row of {table} is not as any command wrote it, so no pack is made. Find the cause with qingliu verify first.',
  },
} as const satisfies RefusalTable

export const refuseEvidence = refuser(evidenceRefusals)
