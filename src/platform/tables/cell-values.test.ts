import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilDate, daysBetween, plusDays } from '../../kernel/calendar.ts'
import { parseExact } from '../../kernel/decimal.ts'
import { normaliseCell } from './cell-text.ts'
import {
  cellReasonSentence,
  cellReasons,
  dateOfSerial,
  readDateCell,
  readDecimalCell,
  readIdentifierCell,
  readMonthCell,
} from './cell-values.ts'
import type { CellKind } from './table-file.ts'

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
}
const someDay = fc.integer({ min: 0, max: 36_500 }).map((days) => plusDays(civilDate('2000-01-01'), days))

describe('a cell as people mean it', () => {
  it('makes full-width forms half-width and trims every kind of space', () => {
    expect(normaliseCell('　２０２６／３／３１ ')).toBe('2026/3/31')
    expect(normaliseCell('\uFEFF００１２３\t')).toBe('00123')
    expect(normaliseCell('－１２．５')).toBe('-12.5')
  })
  it('leaves characters alone that Unicode would turn into other digits', () => {
    expect(normaliseCell('12²')).toBe('12²')
    expect(normaliseCell('①号楼')).toBe('①号楼')
  })
})

describe('numbers', () => {
  it.each([
    ['1,234.5', '1234.5'],
    ['12,345,678', '12345678'],
    ['１２３．４５', '123.45'],
    ['+8', '8'],
    [' 17283.00 ', '17283.00'],
    ['007', '7'],
    ['.5', '0.5'],
    ['0', '0'],
    ['-0', '0'],
    ['-0.00', '0.00'],
  ])('%s is read as %s', (text, value) => {
    expect(readDecimalCell(text)).toEqual({ value })
  })
  it.each([
    ['', 'empty'],
    ['　', 'empty'],
    ['12a', 'not_a_number'],
    ['12吨', 'not_a_number'],
    ['¥12', 'not_a_number'],
    ['12.', 'not_a_number'],
    ['1 234', 'not_a_number'],
    ['(12)', 'not_a_number'],
    ['--12', 'not_a_number'],
    ['12²', 'not_a_number'],
    ['NaN', 'not_a_number'],
    ['1,23', 'misplaced_separator'],
    ['1234,567', 'misplaced_separator'],
    ['1,2345', 'misplaced_separator'],
    ['1.23E+11', 'number_in_exponent_form'],
    ['-5', 'negative_number'],
    ['1'.repeat(21), 'number_too_long'],
  ])('%s is refused as %s', (text, reason) => {
    expect(readDecimalCell(text)).toEqual({ reason })
  })
  it('takes negative numbers only where told', () => {
    expect(readDecimalCell('-1,234.50', 'text', { negative: true })).toEqual({ value: '-1234.50' })
  })
  it('reads a number stored by Excel at the 15 digits that Excel shows', () => {
    expect(readDecimalCell('123.44999999999999', 'number')).toEqual({ value: '123.45' })
    expect(readDecimalCell('0.30000000000000004', 'number')).toEqual({ value: '0.3' })
    // The same text in a CSV was written on purpose.
    expect(readDecimalCell('123.44999999999999')).toEqual({ value: '123.44999999999999' })
  })
  it.each<[CellKind, string, string]>([
    ['error', '#REF!', 'error_value'],
    ['formula_without_value', '', 'formula_without_value'],
    ['merged', '', 'cell_is_merged'],
    ['date', '1900-02-14', 'date_instead_of_number'],
    ['boolean', 'TRUE', 'not_a_number'],
  ])('a cell of kind %s never becomes a number', (kind, text, reason) => {
    expect(readDecimalCell(text, kind)).toEqual({ reason })
  })
  it('reads back any number however it was written', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n }),
        fc.integer({ min: 0, max: 6 }),
        fc.boolean(),
        (digits, places, wide) => {
          const text = digits.toString().padStart(places + 1, '0')
          const whole = text.slice(0, text.length - places)
          const plain = places === 0 ? whole : `${whole}.${text.slice(-places)}`
          const written = plain.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')
          const read = readDecimalCell(wide ? fullWidth(written) : written)
          expect(read).toEqual({ value: plain })
          expect(parseExact(plain)).toBeDefined()
        },
      ),
    )
  })
  it('gives nothing but what the kernel can parse, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.,-+eE ０９，．a') }), (text) => {
        const read = readDecimalCell(text, 'text', { negative: true })
        if ('value' in read) expect(parseExact(read.value)).toBeDefined()
        else expect(cellReasons[read.reason]).toBeDefined()
      }),
    )
  })
})

describe('dates', () => {
  it.each([
    '2026-03-31',
    '2026/3/31',
    '2026.03.31',
    '2026年3月31日',
    '2026 年 3 月 31 日',
    '20260331',
    '2026-03-31 10:20:00',
    '2026/3/31 0:00',
    '2026-03-31T10:20:00.000',
    '2026年3月31日10:20',
    '２０２６－０３－３１',
  ])('%s is read', (text) => {
    expect(readDateCell(text)).toEqual({ value: '2026-03-31' })
  })
  it.each([
    ['2026-02-30', 'impossible_date'],
    ['2026-13-01', 'impossible_date'],
    ['20260229', 'impossible_date'],
    ['26-03-31', 'two_digit_year'],
    ['26年3月31日', 'two_digit_year'],
    ['31/03/2026', 'not_a_date'],
    ['2026-03/31', 'not_a_date'],
    ['2026-03-31T10:20:00Z', 'not_a_date'],
    ['2026-03-31 25:00', 'not_a_date'],
    ['202603', 'not_a_date'],
    ['46112', 'not_a_date'],
    ['昨天', 'not_a_date'],
    ['', 'empty'],
  ])('%s is refused as %s', (text, reason) => {
    expect(readDateCell(text)).toEqual({ reason })
  })
  it('reads day counts of number cells in the date system of the workbook', () => {
    expect(readDateCell('46112', 'number')).toEqual({ value: '2026-03-31' })
    expect(readDateCell('46112.75', 'number')).toEqual({ value: '2026-03-31' })
    expect(readDateCell('44650', 'number', 1904)).toEqual({ value: '2026-03-31' })
    expect(readDateCell('20260331', 'number')).toEqual({ value: '2026-03-31' })
    expect(readDateCell('336', 'number')).toEqual({ reason: 'not_a_date' })
  })
  it('counts days as Excel does', () => {
    expect(dateOfSerial('61', 1900)).toBe('1900-03-01')
    expect(dateOfSerial('45292', 1900)).toBe('2024-01-01')
    expect(dateOfSerial('60', 1900)).toBeUndefined()
    expect(dateOfSerial('0', 1904)).toBe('1904-01-01')
  })
  it('reads back any day however it was written', () => {
    fc.assert(
      fc.property(someDay, fc.constantFrom('-', '/', '.'), fc.boolean(), (day, separator, padded) => {
        const [year = '', month = '', dayOfMonth = ''] = padded
          ? day.split('-')
          : day.split('-').map((part) => String(Number(part)))
        expect(readDateCell([year, month, dayOfMonth].join(separator))).toEqual({ value: day })
        expect(readDateCell(`${year}年${month}月${dayOfMonth}日`)).toEqual({ value: day })
        expect(readDateCell(day.replaceAll('-', ''))).toEqual({ value: day })
        expect(readDateCell(String(daysBetween(civilDate('1900-03-01'), day) + 61), 'number')).toEqual({ value: day })
      }),
    )
  })
})

describe('fee months', () => {
  it.each([
    '2019.09',
    '201909',
    '2019-09',
    '2019/9',
    '2019.9',
    '2019年9月',
    '2019年09月份',
    '2019 年 9 月',
    '2019-09-30',
    '2019-09-01 00:00:00',
  ])('%s is September 2019', (text) => {
    expect(readMonthCell(text)).toEqual({ value: '2019-09' })
  })
  it('refuses 2019.1, which Excel makes of 2019.10 too', () => {
    expect(readMonthCell('2019.1')).toEqual({ reason: 'ambiguous_month' })
    expect(readMonthCell('2019.1', 'number')).toEqual({ reason: 'ambiguous_month' })
    expect(readMonthCell('2019.10')).toEqual({ value: '2019-10' })
    expect(readMonthCell('2019-1')).toEqual({ value: '2019-01' })
  })
  it.each([
    ['2019-13', 'not_a_month'],
    ['201900', 'not_a_month'],
    ['9月', 'not_a_month'],
    ['19-09', 'two_digit_year'],
    ['19年9月', 'two_digit_year'],
    ['2019-02-30', 'impossible_date'],
    ['', 'empty'],
  ])('%s is refused as %s', (text, reason) => {
    expect(readMonthCell(text)).toEqual({ reason })
  })
  it('reads date cells and day counts by their month', () => {
    expect(readMonthCell('2026-03-31', 'date')).toEqual({ value: '2026-03' })
    expect(readMonthCell('46112', 'number')).toEqual({ value: '2026-03' })
    expect(readMonthCell('202603', 'number')).toEqual({ value: '2026-03' })
  })
})

describe('ids', () => {
  it('keeps leading zeros and drops an apostrophe', () => {
    expect(readIdentifierCell(' ００１２３ ')).toEqual({ value: '00123' })
    expect(readIdentifierCell("'000456")).toEqual({ value: '000456' })
    expect(readIdentifierCell('GZ-001/2')).toEqual({ value: 'GZ-001/2' })
    expect(readIdentifierCell('12E10')).toEqual({ value: '12E10' })
  })
  it('drops a useless .0 of number cells only', () => {
    expect(readIdentifierCell('1023.0', 'number')).toEqual({ value: '1023' })
    expect(readIdentifierCell('1023.0')).toEqual({ value: '1023.0' })
  })
  it.each<[string, CellKind, string]>([
    ['1.23E+11', 'text', 'identifier_in_exponent_form'],
    ['1E+12', 'text', 'identifier_in_exponent_form'],
    ['１．２３Ｅ＋１１', 'text', 'identifier_in_exponent_form'],
    ['123456789012345680', 'number', 'identifier_lost_digits'],
    ['2026-02-03', 'date', 'date_instead_of_identifier'],
    ['12.5', 'number', 'not_an_identifier'],
    ['-12', 'number', 'not_an_identifier'],
    ['TRUE', 'boolean', 'not_an_identifier'],
    ['00\n12', 'text', 'not_an_identifier'],
    ['00\t12', 'text', 'not_an_identifier'],
    ['0012\u0007', 'text', 'not_an_identifier'],
    ["'", 'text', 'empty'],
    ['#N/A', 'error', 'error_value'],
    ['', 'merged', 'cell_is_merged'],
  ])('%s in a cell of kind %s is refused as %s', (text, kind, reason) => {
    expect(readIdentifierCell(text, kind)).toEqual({ reason })
  })
  it('reads any id of digits as it stands', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,30}$/), (digits) => {
        expect(readIdentifierCell(fullWidth(digits))).toEqual({ value: digits })
      }),
    )
  })
})

it('says every reason in both languages with row, column and, where there is one, the value', () => {
  for (const reason of Object.keys(cellReasons) as (keyof typeof cellReasons)[]) {
    for (const language of ['zh', 'en'] as const) {
      const sentence = cellReasonSentence(reason, language, { row: 12, column: '水量', value: 'x' })
      expect(sentence).toContain('12')
      expect(sentence).toContain('水量')
      expect(sentence).not.toMatch(/[{}]/)
    }
  }
})
