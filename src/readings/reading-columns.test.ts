import { describe, expect, it } from 'vitest'
import type { CellKind, TableRow } from '../platform/tables/table-file.ts'
import { sayReason } from './reading.reasons.ts'
import {
  cellGivenBack,
  type ReadingField,
  readingColumnNames,
  readingFields,
  readRow,
  readTexts,
  rowReader,
  textsOfRow,
} from './reading-columns.ts'

type Cells = Partial<Record<ReadingField, string>>

/** A row with these cells under the usual titles. */
function read(cells: Cells, kinds: Partial<Record<ReadingField, CellKind>> = {}) {
  const fields = Object.keys(cells) as ReadingField[]
  const row: TableRow = {
    rowNumber: 7,
    cells: fields.map((field) => cells[field] ?? ''),
    kinds: fields.map((field) => kinds[field] ?? 'text'),
  }
  const columns = Object.fromEntries(fields.map((field, column) => [field, column]))
  const titles = fields.map((field) => readingColumnNames[field][0])
  const reader = rowReader(columns, titles, 1900)
  const read = readRow(row, reader)
  return { ...read, texts: textsOfRow(read, reader) }
}

describe('cells of a readings file', () => {
  it('are read as people mean them: full-width figures, separators, several forms of dates', () => {
    const { stated, faults } = read({
      account: '　００１０２３３ ',
      meter: 'M-7',
      start: '21,300',
      end: '２１４２０.５',
      readOn: '2026年3月31日',
      month: '202603',
    })
    expect(faults).toEqual([])
    expect(stated).toMatchObject({ accountNo: '0010233', meterNo: 'M-7', readOn: '2026-03-31', feeMonth: '2026-03' })
    expect([stated.start?.toFixed(), stated.end?.toFixed()]).toEqual(['21300', '21420.5'])
  })

  it('of a workbook may be serial numbers of days and numbers with a useless point', () => {
    const { stated } = read({ account: '10233.0', readOn: '46112' }, { account: 'number', readOn: 'number' })
    expect(stated).toMatchObject({ accountNo: '10233', readOn: '2026-03-31' })
  })

  it('that are blank say nothing; they are not 0', () => {
    const { stated, faults } = read({ account: '1', start: '', end: '  ', volume: '' })
    expect([stated.start, stated.end, stated.volumeM3, faults]).toEqual([undefined, undefined, undefined, []])
  })

  it.each<[Cells, string, string]>([
    [{ account: '1.23E+11' }, 'account_in_exponent_form', '户号'],
    [{ meter: '4.5E+10' }, 'identifier_unreadable', '表号'],
    [{ end: '12吨' }, 'number_unreadable', '本期读数'],
    [{ end: '-5' }, 'number_unreadable', '本期读数'],
    [{ volume: '1.2345' }, 'number_unreadable', '用水量'],
    [{ volume: '123456789012' }, 'number_unreadable', '用水量'],
    [{ readOn: '2026-02-30' }, 'date_unreadable', '抄表日期'],
    [{ month: '2019.1' }, 'month_unreadable', '水费月份'],
  ])('that cannot be read are faults with column and value: %o', (cells, code, column) => {
    const { faults } = read(cells)
    expect(faults).toMatchObject([{ code, column, value: Object.values(cells)[0], parameters: { row: 7 } }])
  })

  it('with more digits than a reading has are told how many there may be', () => {
    const { faults } = read({ volume: '123456789012' })
    expect(faults.map((fault) => sayReason(fault, 'zh').remedy)).toEqual([expect.stringContaining('整数最多 11 位')])
  })

  it('a negative volume is read, so that it can be held and counted', () => {
    expect(read({ volume: '-5' }).stated.volumeM3?.toFixed()).toBe('-5')
  })
})

describe('words about a reading', () => {
  it.each([
    [{ source: '实抄' }, 'actual', 'normal', false, undefined],
    [{ source: '1' }, 'actual', 'normal', false, undefined],
    [{ source: '2' }, 'estimated', 'normal', false, undefined],
    [{ source: '远传' }, 'remote', 'normal', false, undefined],
    [{ source: '电话' }, 'phone', 'normal', false, undefined],
    [{ source: '0' }, 'unstated', 'normal', false, undefined],
    [{ source: '未见表' }, 'estimated', 'normal', false, 'not_seen'],
    [{ source: '3' }, 'unstated', 'normal', false, 'abnormal'],
    [{ source: '天晓得' }, 'unstated', 'normal', false, 'unknown'],
    [{ source: 'M' }, 'unstated', 'residual', false, undefined],
    [{ source: '实抄', kind: '换表残值' }, 'actual', 'residual', false, undefined],
    [{ source: '实抄', residual: '是' }, 'actual', 'residual', false, undefined],
    [{ source: '实抄', residual: '0' }, 'actual', 'normal', false, undefined],
    [{ kind: '销户' }, 'unstated', 'final', false, undefined],
    [{ kind: '补抄' }, 'unstated', 'supplement', false, undefined],
    [{ source: '实抄', remark: '超量程' }, 'actual', 'normal', true, undefined],
    [{ remark: '用户要求复核' }, 'unstated', 'normal', false, undefined],
  ])('%o', (cells, source, kind, rolledOver, remark) => {
    const { stated } = read(cells)
    expect([stated.source, stated.kind, stated.rolledOver, stated.remark?.meaning]).toEqual([
      source,
      kind,
      rolledOver,
      remark,
    ])
  })
})

describe('a row kept as texts', () => {
  it('reads the same again', () => {
    const cells = {
      account: '0010233',
      meter: 'M-7',
      start: '21,300',
      end: '21420',
      volume: '-1',
      readOn: '2026/3/31',
      month: '2026.03',
      source: '未见表',
      category: '非居民',
    }
    const once = read(cells)
    expect(readTexts(once.texts, {}).stated).toEqual(once.stated)
  })

  it('keeps what could not be read as it was written', () => {
    expect(read({ account: '1.23E+11', end: '12吨' }).texts).toEqual({ account: '1.23E+11', end: '12吨' })
  })
})

describe('the names of columns', () => {
  it('are each of one field alone', () => {
    const names = readingFields.flatMap((field) => [...readingColumnNames[field]])
    expect(new Set(names).size).toBe(names.length)
  })
})

it.each([
  ['as it came, where that reads the same', 'readOn', '2026/3/31', '2026-03-31', '2026/3/31'],
  ['as it came, with its separators', 'volume', '1,234.50', '1234.5', '1,234.50'],
  ['as it came, where it could not be read', 'end', '11二0', undefined, '11二0'],
  ['as it was read, where its text is no date', 'readOn', '46112', '2026-03-31', '2026-03-31'],
] as const)('a cell is given back %s', (_, field, cell, readAs, givenBack) => {
  expect(cellGivenBack(field, cell, readAs)).toBe(givenBack)
})
