import { amountInCapitals, moneyText } from '../kernel/money.ts'
import { volumeText } from '../kernel/volume.ts'
import { encodeText, type WrittenEncoding } from '../platform/tables/encode-text.ts'
import { csvText } from '../platform/tables/write-table.ts'
import type { ReceiptTerms } from './receipt.queries.ts'
import { actionNames, type Receipt, type ReceiptAction } from './receipt.ts'

export interface Request {
  readonly action: ReceiptAction
  readonly receipt: Receipt
}

/** A file of requests as the finance platform takes it in: its bytes, or the characters its encoding lacks. */
export function requestFile(
  batch: {
    readonly number: string
    readonly exportedOn: string
    readonly format: 'csv' | 'xml'
    readonly encoding: WrittenEncoding
  },
  terms: ReceiptTerms,
  requests: readonly Request[],
): Buffer | { readonly lacking: string } {
  const text = batch.format === 'csv' ? requestCsv(batch, terms, requests) : requestXml(batch, terms, requests)
  return encodeText(text, batch.encoding)
}

const csvHeader = [
  '批次号',
  '申请号',
  '动作',
  '票据种类',
  '执收单位编码',
  '执收单位名称',
  '填制日期',
  '付款人全称',
  '付款人代码',
  '付款人账号',
  '付款人开户银行',
  '收款人全称',
  '收款人账号',
  '收款人开户银行',
  '项目编码',
  '收入项目名称',
  '单位',
  '数量',
  '收缴标准',
  '金额',
  '合计金额',
  '合计大写',
  '缴款日期',
  '缴款流水号',
  '原票据代码',
  '原票据号码',
  '备注',
]

const kindWords = { notice: '缴款通知', receipt: '非税收入一般缴款书（电子）' } as const

function requestCsv(
  { number, exportedOn }: { readonly number: string; readonly exportedOn: string },
  terms: ReceiptTerms,
  requests: readonly Request[],
): string {
  const rows = requests.flatMap(({ action, receipt }) =>
    receipt.parts.map((part) => [
      number,
      receipt.number,
      actionNames[action].zh,
      kindWords[receipt.kind],
      terms.unitCode,
      terms.unitName,
      exportedOn,
      receipt.payerName,
      receipt.payerCode,
      receipt.payerAccount,
      receipt.payerBank,
      terms.payeeName,
      terms.payeeAccount,
      terms.payeeBank,
      terms.itemCode,
      terms.itemName,
      '立方米',
      volumeText(part.volumeM3),
      part.unitPrice,
      moneyText(part.amount),
      moneyText(receipt.amount),
      amountInCapitals(receipt.amount),
      receipt.paidOn ?? '',
      receipt.paymentReference ?? '',
      receipt.codes?.billCode ?? '',
      receipt.codes?.billNumber ?? '',
      `账单 ${part.bill} 户号 ${part.accountNo} ${part.feeMonth} ${part.category}`,
    ]),
  )
  return csvText([csvHeader, ...rows])
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** One element with its text on a line; empty ones are left out. */
const element = (indent: string, name: string, text: string): string =>
  text === '' ? '' : `${indent}<${name}>${escaped(text)}</${name}>\n`

function requestXml(
  {
    number,
    exportedOn,
    encoding,
  }: { readonly number: string; readonly exportedOn: string; readonly encoding: WrittenEncoding },
  terms: ReceiptTerms,
  requests: readonly Request[],
): string {
  const body = requests.map(({ action, receipt }) =>
    [
      '  <request>\n',
      element('    ', 'requestNo', receipt.number),
      element('    ', 'action', action),
      element('    ', 'kind', receipt.kind),
      element('    ', 'payerName', receipt.payerName),
      element('    ', 'payerCode', receipt.payerCode),
      element('    ', 'payerAccount', receipt.payerAccount),
      element('    ', 'payerBank', receipt.payerBank),
      element('    ', 'amount', moneyText(receipt.amount)),
      element('    ', 'amountInCapitals', amountInCapitals(receipt.amount)),
      element('    ', 'paidOn', receipt.paidOn ?? ''),
      element('    ', 'paymentReference', receipt.paymentReference ?? ''),
      element('    ', 'billCode', receipt.codes?.billCode ?? ''),
      element('    ', 'billNumber', receipt.codes?.billNumber ?? ''),
      ...receipt.parts.map((part) =>
        [
          '    <item>\n',
          element('      ', 'itemCode', terms.itemCode),
          element('      ', 'itemName', terms.itemName),
          element('      ', 'unit', '立方米'),
          element('      ', 'quantity', volumeText(part.volumeM3)),
          element('      ', 'standard', part.unitPrice),
          element('      ', 'amount', moneyText(part.amount)),
          element('      ', 'bill', part.bill),
          element('      ', 'account', part.accountNo),
          element('      ', 'feeMonth', part.feeMonth),
          '    </item>\n',
        ].join(''),
      ),
      '  </request>\n',
    ].join(''),
  )
  return [
    `<?xml version="1.0" encoding="${encoding === 'gbk' ? 'GBK' : 'UTF-8'}"?>\n<receiptRequests>\n`,
    element('  ', 'batchNo', number),
    element('  ', 'date', exportedOn),
    element('  ', 'unitCode', terms.unitCode),
    element('  ', 'unitName', terms.unitName),
    element('  ', 'payeeName', terms.payeeName),
    element('  ', 'payeeAccount', terms.payeeAccount),
    element('  ', 'payeeBank', terms.payeeBank),
    element('  ', 'count', String(requests.length)),
    ...body,
    '</receiptRequests>\n',
  ].join('')
}
