import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../kernel/refusal.ts'
import { type FoundHeader, findHeader, normaliseHeader, rowRole, settleColumns } from './header.ts'
import type { TableRow } from './table-file.ts'

const names = {
  account: ['户号', '用户编号', '客户编号'],
  name: ['户名', '用户名称'],
  volume: ['用水量', '水量', '实收水量'],
  readOn: ['抄表日期'],
  price: ['污水处理费单价'],
} as const

function rowsOf(...lines: string[]): TableRow[] {
  return lines.map((line, index) => ({ rowNumber: index + 1, cells: line.split(',') }))
}
function headerOf(...lines: string[]): FoundHeader<keyof typeof names> {
  const header = findHeader('三月.csv', rowsOf(...lines), names)
  if (isRefusal(header)) throw new Error(header.sentence('zh'))
  return header
}
function refusalOf(answer: unknown): string {
  return isRefusal(answer) ? `${answer.code}: ${answer.sentence('zh')}` : 'not refused'
}

describe('header texts', () => {
  it.each([
    '水量(吨)',
    '水量（m³）',
    '水量（㎥）',
    ' 水 量 ',
    '水量\n(立方米)',
    '*水量',
    '水量：',
    '水量/吨',
    '水量【t】',
  ])('%j is 水量', (text) => {
    expect(normaliseHeader(text)).toBe('水量')
  })
  it('keeps brackets that say more than a unit', () => {
    expect(normaliseHeader('读数（上期）')).not.toBe(normaliseHeader('读数（本期）'))
    expect(normaliseHeader('水量（万吨）')).not.toBe('水量')
    expect(normaliseHeader('金额(千元)')).not.toBe('金额')
  })
})

describe('finding the header', () => {
  it('passes over titles and maps recognised columns, whatever their order and units', () => {
    const header = headerOf('赣州高新区 2025 年 3 月水费明细,,,', ',,,', '序号,户　号,用水量（吨）,备注,,')
    expect(header.rowNumber).toBe(3)
    expect(header.texts).toEqual(['序号', '户 号', '用水量(吨)', '备注'])
    expect(header.unrecognised.map(({ text }) => text)).toEqual(['序号', '备注'])
    expect(settleColumns(header, names)).toEqual({ account: 1, volume: 2 })
  })
  it('refuses a file without a header and gives examples', () => {
    expect(refusalOf(findHeader('三月.csv', rowsOf('1,2,3', '水量,5,6'), names))).toMatch(
      /^no_header_found.*前 2 行.*户号、户名/,
    )
  })
  it('refuses two rows that both look like the header, by number', () => {
    const twoLevels = rowsOf('水费明细,,,', '户号,户名,抄表读数,', ',,用水量,抄表日期')
    expect(refusalOf(findHeader('三月.csv', twoLevels, names))).toMatch(/^two_header_rows.*第 2 行和第 3 行/)
  })
  it.each([
    ['merged', '户号,户名,读数,,用水量', ',,上期,本期,'],
    ['repeated', '户号,户名,读数,读数,用水量', ',,上期,本期,'],
    ['at the end', '户号,户名,用水量,读数,', ',,,上期,本期'],
    ['without commas behind', '户号,户名,用水量,读数', ',,,上期,本期'],
  ])('reads a title over its parts as one header: %s', (_what, upper, lower) => {
    const levels = { ...names, start: ['上期读数'], end: ['本期读数'] }
    const rows = rowsOf('水费明细', upper, lower, '0003,甲,605,800,195')
    const header = findHeader('三月.csv', rows, levels)
    if (isRefusal(header)) throw new Error(header.sentence('zh'))
    expect(header.rowNumber).toBe(3)
    expect(header.texts).toContain('上期读数')
    const columns = settleColumns(header, levels)
    const at = lower.split(',').indexOf('上期')
    expect(columns).toMatchObject({
      account: 0,
      name: 1,
      volume: upper.split(',').indexOf('用水量'),
      start: at,
      end: at + 1,
    })
    // Both rows again on the next page are passed over.
    const again = rowsOf('', '', '', '', upper, lower, '0004,乙,1,2,1').slice(4)
    expect(again.map((row) => rowRole(header, row))).toEqual(['header_again', 'header_again', 'entry'])
  })
  it('refuses a second level that makes no known names with the first, by number', () => {
    for (const upper of ['户号,户名,抄见,,用水量', '户号,户名,抄见,抄见,用水量']) {
      const refusal = refusalOf(findHeader('三月.csv', rowsOf(upper, ',,上期,本期,', '0003,甲,605,800,195'), names))
      expect(refusal).toMatch(/^two_header_rows.*第 1 行和第 2 行.*拆成一层/)
    }
  })
  it('takes no entry for a second level', () => {
    for (const entry of ['甲,乙,丙,丁,', ',,605,800,', ',,,未抄见,', '0003,,上期,本期,']) {
      expect(headerOf('户号,户名,读数,,用水量', entry).rowNumber).toBe(1)
    }
  })
  it('takes the row a person names', () => {
    const rows = rowsOf('甲,乙', '丙,丁')
    const header = findHeader('三月.csv', rows, names, { headerRow: 2 })
    expect(isRefusal(header) || header.texts).toEqual(['丙', '丁'])
    expect(refusalOf(findHeader('三月.csv', rows, names, { headerRow: 9 }))).toMatch(/^header_row_blank/)
  })
  it('has a digest that only the meaning of the header texts changes', () => {
    const digest = headerOf('户号,水量').headerDigest
    expect(headerOf('标题,', ' 户 号,水量(吨),').headerDigest).toBe(digest)
    expect(headerOf('水量,户号').headerDigest).not.toBe(digest)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
  })
  it('has the digest of the file whose rows come back with the columns of an export', () => {
    const exported = { ...names, originImport: ['导入批次'], originRow: ['原行号'], reason: ['原因'] }
    const digestOf = (line: string) => {
      const header = findHeader('三月.csv', rowsOf(line), exported)
      return isRefusal(header) ? header.code : header.headerDigest
    }
    expect(digestOf('户号,水量,导入批次,原行号,原因')).toBe(digestOf('户号,水量'))
    expect(digestOf('户号,水量,原因')).not.toBe(digestOf('户号,水量'))
    expect(digestOf('导入批次,户号,水量')).not.toBe(digestOf('户号,水量'))
  })
})

describe('settling columns', () => {
  it('asks a person when several columns claim a field', () => {
    const header = headerOf('户号,水量,实收水量')
    expect(refusalOf(settleColumns(header, names))).toMatch(/^column_ambiguous.*“用水量”：B“水量”、C“实收水量”/)
    // Of thousands some are named.
    const many = refusalOf(settleColumns(headerOf(['户号', ...new Array(16_000).fill('水量')].join(',')), names))
    expect(many).toMatch(/^column_ambiguous.*B“水量”.*……/)
    expect(many.length).toBeLessThan(500)
    expect(settleColumns(header, names, { chosen: { account: 0, volume: 2 } })).toEqual({ account: 0, volume: 2 })
  })
  it('refuses a choice beyond the header and required fields without a column', () => {
    const header = headerOf('户号,水量,备注')
    expect(refusalOf(settleColumns(header, names, { chosen: { account: 7 } }))).toMatch(/^column_out_of_range.*第 8 列/)
    expect(refusalOf(settleColumns(header, names, { required: ['account', 'readOn'] }))).toMatch(
      /^column_missing.*抄表日期.*备注/,
    )
  })
})

describe('roles of rows under the header', () => {
  const header = headerOf('标题,,', '户号,户名,水量')
  const roleOf = (cells: string[], rowNumber = 3) => rowRole(header, { rowNumber, cells })
  it.each([
    ['合计', '', '120'],
    ['合 计：', '', '120'],
    ['', '总计', '120'],
    ['合计(3户)', '', ''],
    ['合计3户', '', ''],
    ['Total', '', '1'],
    ['本月合计', '', ''],
    ['日结', '', '120'],
    ['日结合计：', '', '120'],
  ])('%s %s %s is a total', (...cells) => {
    expect(roleOf(cells)).toBe('total')
  })
  it('tells subtotals, blanks, repeated headers and entries', () => {
    expect(roleOf(['小计', '', '1'])).toBe('subtotal')
    expect(roleOf(['本页合计', '', '1'])).toBe('subtotal')
    expect(roleOf(['', '　', ''])).toBe('blank')
    expect(roleOf(['户号', '户名', '水量'])).toBe('header_again')
    expect(roleOf(['标题', '', ''], 1)).toBe('above_header')
    expect(roleOf(['001', '总计算机有限公司', '5'])).toBe('entry')
    expect(roleOf(['001', '甲', '5', '', '  '])).toBe('entry')
  })
  it('does not take a row for blank that only holds an error', () => {
    expect(
      rowRole(header, { rowNumber: 3, cells: ['', '', ''], kinds: ['text', 'text', 'formula_without_value'] }),
    ).toBe('entry')
  })
  it('refuses a row that an unquoted comma made longer than the header', () => {
    expect(refusalOf(roleOf(['001', '甲公司', '乙厂', '120']))).toMatch(/^row_wider_than_header.*第 3 行有 4 格.*120/)
  })
})
