import { money, moneyForPeople } from '../kernel/money.ts'
import { fillSentence } from '../kernel/refusal.ts'

/** What is said of a payment file as a whole; parameters are counts and yuan as text. */
export type PaymentFinding = {
  readonly code: PaymentFindingCode
  readonly parameters: { readonly [name: string]: string | number }
}

const findings = {
  amounts_equal: {
    zh: '合计行一致：{rows} 行，{amount} 元。',
    en: 'The file’s own totals agree: {rows} [row|rows], {amount} yuan.',
  },
  amounts_differ: {
    zh: '第 {row} 行的合计不一致：文件合计 {stated} 元，逐行相加 {amount} 元（{rows} 行）。请核对文件是否完整。',
    en: 'The file’s own total in row {row} differs: it says {stated}, its {rows} [row adds|rows add] up to {amount}. Check that the file is complete.',
  },
  payment_count_differs: {
    zh: '第 {row} 行的合计笔数不一致：文件写 {stated} 笔，实有 {rows} 行。请核对文件是否完整。',
    en: 'The count in the file’s own total in row {row} differs: it says {stated}, there are in fact {rows}. Check that the file is complete.',
  },
  amount_total_unreadable: {
    zh: '第 {row} 行合计的金额“{value}”读不出，未能核对。',
    en: 'The amount "{value}" in the file’s own total in row {row} cannot be read, so it was not compared.',
  },
  no_amount_total: {
    zh: '文件没有可核对的合计行（逐行相加 {amount} 元，{rows} 行）。',
    en: 'The file has no total to compare with (its {rows} [row adds|rows add] up to {amount}).',
  },
  rows_below_total: {
    zh: '第 {row} 行的合计以下还有 {rows} 行，没有合计可核对。请核对文件是否完整。',
    en: '{rows} [row stands|rows stand] below the total of row {row} with none to be compared with. Check that the file is complete.',
  },
  late_fees_unreadable: {
    zh: '有 {rows} 行的违约金读不出来，同样略去。',
    en: 'The late fee of {rows} [row|rows] cannot be read; it was left out too.',
  },
  combined_split: {
    zh: '{rows} 行只列合计（共 {combined} 元）：按合同 {contract} 的次序计入污水处理费 {amount} 元，其余属供水公司的其他收费。',
    en: '{rows} [row states|rows state] a combined amount alone ({combined} in all): by the order of contract {contract} {amount} of it is wastewater fee, the rest the company’s own charges.',
  },
  late_fees_left_out: {
    zh: '文件有违约金 {rows} 行、合计 {amount} 元：污水处理费不收滞纳金，已略去，请与供水公司核对收取依据。',
    en: 'The file has late fees in {rows} [row|rows], {amount} in all: the wastewater fee knows none, so they were left out. Ask the company on what ground they were taken.',
  },
  payment_columns_unrecognised: {
    zh: '以下列没有认出，未使用：{columns}。',
    en: 'These columns were not recognised and not used: {columns}.',
  },
  payment_lines_passed_over: {
    zh: '跳过小计 {subtotals} 行、重复表头 {headers} 行、空行 {blanks} 行。',
    en: 'Passed over: {subtotals} [subtotal|subtotals], {headers} [repeated header|repeated headers], {blanks} [blank row|blank rows].',
  },
  payment_sheets_ignored: {
    zh: '只读取了工作表“{sheet}”，其余未读：{others}。',
    en: 'Only the sheet "{sheet}" was read, not: {others}.',
  },
  payment_rows_settled: {
    zh: '此前导入的 {count} 个待审或拒绝的行由本文件取代。',
    en: '{count} [held or rejected row of an earlier file was|held or rejected rows of earlier files were] taken over by this one.',
  },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>

export type PaymentFindingCode = keyof typeof findings

export function paymentFinding(code: PaymentFindingCode, parameters: PaymentFinding['parameters']): PaymentFinding {
  return { code, parameters }
}

/** The sentence of a finding for people. */
export function sayPaymentFinding({ code, parameters }: PaymentFinding, language: 'zh' | 'en'): string {
  const shown = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, forPeople(name, value)]))
  return Object.hasOwn(findings, code) ? fillSentence(findings[code][language], shown) : code
}

/** Counts and amounts with separators; the number of a row as Excel shows it. */
function forPeople(name: string, value: string | number): string {
  if (typeof value === 'number') return name === 'row' ? String(value) : value.toLocaleString('en')
  return /^-?\d+\.\d\d$/.test(value) ? moneyForPeople(money(value)) : value
}
