import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const receiptRefusals = {
  receipt_setting_missing: {
    kind: 'conflict',
    zh: '开票申请须有：{missing}。编码由财政部门给出，请由管理员设置，例如 qingliu settings set receipts.unit_code 000123 --citation 财政编码表。',
    en: 'A request needs: {missing}. Finance gives these codes; an administrator sets them, such as qingliu settings set receipts.unit_code 000123 --citation ….',
  },
  receipt_nothing_to_export: {
    kind: 'conflict',
    zh: '没有待申请的票据。请先运行 qingliu receipts prepare。',
    en: 'Nothing waits to be requested. Run qingliu receipts prepare first.',
  },
  receipt_characters_lacking: {
    kind: 'invalid',
    zh: 'GBK 没有这些字：{characters}。请改用 UTF-8 导出（--encoding）。',
    en: 'GBK lacks these characters: {characters}. Export in UTF-8 (--encoding).',
  },
  receipt_batch_unknown: {
    kind: 'missing',
    zh: '没有申请批次 {batch}。请用 qingliu receipts batches 查看。',
    en: 'There is no batch {batch}. See qingliu receipts batches.',
  },
  receipt_batch_format: {
    kind: 'invalid',
    zh: '批次 {batch} 是 {format} 格式，按原样重写，不能写成 {path}。文件名请以 .{format} 结尾。',
    en: 'Batch {batch} is {format} and written again as it was, so not to {path}. Name a file that ends in .{format}.',
  },
  result_import_unknown: {
    kind: 'missing',
    zh: '没有编号为 {importId} 的回执导入。编号见 qingliu receipts import 的答复。',
    en: 'There is no import of results numbered {importId}. The answer of qingliu receipts import names its number.',
  },
  receipt_unknown: {
    kind: 'missing',
    zh: '没有票据申请 {receipt}。编号如 E2026-000001，请用 qingliu receipts list 查看。',
    en: 'There is no receipt {receipt}. Numbers look like E2026-000001; see qingliu receipts list.',
  },
  notice_bill_not_open: {
    kind: 'conflict',
    zh: '账单 {bill} 没有待缴金额，不能开缴款通知。请用 qingliu payments outstanding 查看。',
    en: 'Bill {bill} has nothing to be paid, so no notice is issued. See qingliu payments outstanding.',
  },
  notice_of_several_payers: {
    kind: 'invalid',
    zh: '账单 {bill} 与 {first} 不是同一缴费人，一张缴款通知只对一个缴费人。请分开申请。',
    en: 'Bill {bill} is not of the payer of {first}; a notice has one payer. Ask for them apart.',
  },
  notice_exists: {
    kind: 'conflict',
    zh: '账单 {bill} 已有有效票据 {receipt}。一部分款项至多一张有效票据。',
    en: 'Bill {bill} has a live receipt {receipt}; there is one for a part at most. Nothing is to be done.',
  },
  receipt_file_malformed: {
    kind: 'invalid',
    zh: '{file} 不是约定格式的回执 XML：{whyZh}。根元素为 receiptResults，每个 result 中可有：{known}。',
    en: '{file} is no result file in the agreed XML: {whyEn}. Its root is receiptResults, and a result may hold: {known}.',
  },
  receipt_file_empty: {
    kind: 'invalid',
    zh: '{file} 没有回执。请核对导出的范围。',
    en: '{file} holds no result. Check what was exported.',
  },
} as const satisfies RefusalTable

export const refuseReceipt = refuser(receiptRefusals)
