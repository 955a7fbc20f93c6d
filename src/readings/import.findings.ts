import { fillSentence } from '../kernel/refusal.ts'

/** What is said of a file as a whole when it was taken in; parameters are counts and m³ as text. */
export type ImportFinding = {
  readonly code: FindingCode
  readonly parameters: { readonly [name: string]: string | number }
}

const findings = {
  totals_equal: {
    zh: '合计行一致：{rows} 行，{volume} m³。',
    en: 'The file’s own total agrees: {rows} [row|rows], {volume} m³.',
  },
  totals_differ: {
    zh: '合计行不一致：文件合计 {statedVolume} m³，逐行相加 {volume} m³（{rows} 行），差 {difference} m³。请核对文件是否完整。',
    en: 'The file’s own total differs: it says {statedVolume} m³, its {rows} [row adds|rows add] up to {volume} m³, a difference of {difference} m³. Check that the file is complete.',
  },
  count_differs: {
    zh: '合计行的户数或行数不一致：文件写 {statedRows}，实有 {rows} 行。请核对文件是否完整。',
    en: 'The count in the file’s own total differs: it says {statedRows}, there are in fact {rows}. Check that the file is complete.',
  },
  total_unreadable: {
    zh: '合计行的水量“{value}”读不出，未能核对。',
    en: 'The volume "{value}" in the file’s own total cannot be read, so it was not compared.',
  },
  no_total: {
    zh: '文件没有合计行，未能核对总数（逐行相加 {volume} m³，{rows} 行）。',
    en: 'The file has no total of its own to compare with (its {rows} [row adds|rows add] up to {volume} m³).',
  },
  accounts_absent: {
    zh: '{count} 个在用户号不在文件里，本月也没有抄表记录，例如：{examples}。',
    en: '{count} [open account is|open accounts are] not in the file with no reading for this month, for example {examples}.',
  },
  columns_left_out: {
    zh: '以下列是金额，只作记录，不参与计费：{columns}。',
    en: 'These columns are money; they are left out: {columns}.',
  },
  columns_unrecognised: {
    zh: '以下列没有认出，未使用：{columns}。',
    en: 'These columns were not recognised and not used: {columns}.',
  },
  sheets_ignored: {
    zh: '只读取了工作表“{sheet}”，其余未读：{others}。',
    en: 'Only the sheet "{sheet}" was read, not: {others}.',
  },
  lines_passed_over: {
    zh: '跳过小计 {subtotals} 行、重复表头 {headers} 行、空行 {blanks} 行。',
    en: 'Passed over: {subtotals} [subtotal|subtotals], {headers} [repeated header|repeated headers], {blanks} [blank row|blank rows].',
  },
  master_below_subs: {
    zh: '总表 {master} 计 {masterVolume} m³，小于其分表之和 {subsVolume} m³（{subs}）。开账时该户会待审，请核对读数。',
    en: 'Master meter {master} counted {masterVolume} m³, less than its sub-meters’ {subsVolume} m³ ({subs}). The account will be held when bills are drafted; check the readings.',
  },
  readings_replaced: {
    zh: '{count} 条此前的抄表记录被本文件更正；其中已开账的月份账单不变，差额由人工更正。',
    en: '{count} [earlier reading was|earlier readings were] corrected by this file; bills already issued stand, and a person adjusts the difference.',
  },
  rows_settled: {
    zh: '此前导入的 {count} 个待审或拒绝的行由本文件取代。',
    en: '{count} [held or rejected row of an earlier file was|held or rejected rows of earlier files were] taken over by this one.',
  },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>

export type FindingCode = keyof typeof findings

export function finding(code: FindingCode, parameters: ImportFinding['parameters']): ImportFinding {
  return { code, parameters }
}

/** The sentence of a finding for people. */
export function sayFinding({ code, parameters }: ImportFinding, language: 'zh' | 'en'): string {
  return Object.hasOwn(findings, code) ? fillSentence(findings[code][language], parameters) : code
}
