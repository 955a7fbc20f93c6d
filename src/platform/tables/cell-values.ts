import {
  type CivilDate,
  civilDate,
  type FeeMonth,
  monthOf,
  parseCivilDate,
  parseFeeMonth,
  plusDays,
} from '../../kernel/calendar.ts'
import { fillSentence, type RefusalParameters } from '../../kernel/refusal.ts'
import { normaliseCell } from './cell-text.ts'
import { plainNumberText, roundedToExcelPrecision, significantDigits } from './number-text.ts'
import type { CellKind, DateSystem } from './table-file.ts'

/** Why a cell was not read; `{row}`, `{column}` and `{value}` are put in when the sentence is shown. */
export const cellReasons = {
  empty: {
    zh: '第 {row} 行“{column}”是空的。请填写。',
    en: 'Row {row}, "{column}" is empty. Fill it in.',
  },
  error_value: {
    zh: '第 {row} 行“{column}”是 Excel 错误值 {value}。请改正公式或直接填写数值。',
    en: 'Row {row}, "{column}" holds the Excel error {value}. Correct the formula or type the value.',
  },
  formula_without_value: {
    zh: '第 {row} 行“{column}”是公式，但文件里没有保存计算结果。请用 Excel 打开、保存一次，再导入。',
    en: 'Row {row}, "{column}" is a formula whose result was never saved. Open the file in Excel, save it, and import again.',
  },
  cell_is_merged: {
    zh: '第 {row} 行“{column}”被合并单元格盖住，没有自己的值。请取消合并并填写。',
    en: 'Row {row}, "{column}" lies under a merged cell and has no value of its own. Unmerge it and fill it in.',
  },
  not_a_number: {
    zh: '第 {row} 行“{column}”的“{value}”不是数字。请改为纯数字，不带单位和文字。',
    en: 'Row {row}, "{column}": "{value}" is not a number. Write the digits alone, without units or words.',
  },
  number_in_exponent_form: {
    zh: '第 {row} 行“{column}”的“{value}”是科学计数法，原来的数字已丢失。请把该列设为“数值”格式，重新填写或重新导出。',
    en: 'Row {row}, "{column}": "{value}" is in exponent form and has lost its digits. Set the column to Number, then fill in or export again.',
  },
  misplaced_separator: {
    zh: '第 {row} 行“{column}”的“{value}”千分位逗号位置不对，看不出是多少。请去掉逗号重新填写。',
    en: 'Row {row}, "{column}": the thousands separators of "{value}" are misplaced, so its size is unclear. Write it without separators.',
  },
  negative_number: {
    zh: '第 {row} 行“{column}”的“{value}”是负数，这里不能为负。请核对。',
    en: 'Row {row}, "{column}": "{value}" is negative, which this column cannot be. Check it.',
  },
  number_too_long: {
    zh: '第 {row} 行“{column}”的“{value}”位数过多，不像真实的数值。请核对。',
    en: 'Row {row}, "{column}": "{value}" has too many digits for a real figure. Check it.',
  },
  date_instead_of_number: {
    zh: '第 {row} 行“{column}”应是数字，却是日期 {value}。请把单元格格式改为“常规”后核对数值。',
    en: 'Row {row}, "{column}" should be a number but is the date {value}. Set the cell format to General and check the figure.',
  },
  not_a_date: {
    zh: '第 {row} 行“{column}”的“{value}”不是日期。请写成 2026-03-31 或 2026年3月31日。',
    en: 'Row {row}, "{column}": "{value}" is not a date. Write it as 2026-03-31.',
  },
  impossible_date: {
    zh: '第 {row} 行“{column}”的“{value}”在日历上不存在或超出范围。请核对。',
    en: 'Row {row}, "{column}": "{value}" is not in the calendar or out of range. Check it.',
  },
  two_digit_year: {
    zh: '第 {row} 行“{column}”的“{value}”年份只有两位。请写四位年份，如 2026。',
    en: 'Row {row}, "{column}": "{value}" has a two-digit year. Write all four digits, such as 2026.',
  },
  not_a_month: {
    zh: '第 {row} 行“{column}”的“{value}”不是月份。请写成 2026-03 或 2026年3月。',
    en: 'Row {row}, "{column}": "{value}" is not a month. Write it as 2026-03.',
  },
  ambiguous_month: {
    zh: '第 {row} 行“{column}”的“{value}”可能是 1 月，也可能是 10 月末尾的 0 被 Excel 去掉。请写成 2026-01 或 2026-10 的形式。',
    en: 'Row {row}, "{column}": "{value}" may be January, or October whose final 0 Excel dropped. Write it like 2026-01 or 2026-10.',
  },
  identifier_in_exponent_form: {
    zh: '第 {row} 行“{column}”的“{value}”是被 Excel 变成科学计数法的编号，后几位已丢失。请把该列设为“文本”格式，从收费系统重新导出或补录完整编号。',
    en: 'Row {row}, "{column}": "{value}" is an id that Excel turned into exponent form; its last digits are lost. Set the column to Text and export again, or type the full id.',
  },
  identifier_lost_digits: {
    zh: '第 {row} 行“{column}”的“{value}”超过 15 位且存成了数字，Excel 已把后几位变成 0。请把该列设为“文本”格式，重新导出或补录完整编号。',
    en: 'Row {row}, "{column}": "{value}" has more than 15 digits and was stored as a number, so Excel changed its last digits. Set the column to Text and export again, or type the full id.',
  },
  date_instead_of_identifier: {
    zh: '第 {row} 行“{column}”应是编号，却被 Excel 变成了日期 {value}。请把该列设为“文本”格式，重新填写编号。',
    en: 'Row {row}, "{column}" should be an id but Excel turned it into the date {value}. Set the column to Text and type the id again.',
  },
  not_an_identifier: {
    zh: '第 {row} 行“{column}”的“{value}”不能作编号（负数、小数、逻辑值，或含换行等控制字符）。请核对。',
    en: 'Row {row}, "{column}": "{value}" cannot be an id (negative, with decimals, a logical value, or with a line break or another control character). Check it.',
  },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>

export type CellReason = keyof typeof cellReasons

/** What reading one cell gives: the value, or the reason why there is none; never a zero or a default. */
export type CellReading<T> = { readonly value: T } | { readonly reason: CellReason }

/** The reason in words; `parameters` give `row`, `column` and `value`. */
export function cellReasonSentence(reason: CellReason, language: 'zh' | 'en', parameters: RefusalParameters): string {
  return fillSentence(cellReasons[reason][language], parameters)
}

const plainDigits = /^(0|[1-9]\d{0,14})$/
const groupedByThousands = /^\d{1,3}(,\d{3})+(\.\d+)?$/
// Oracle writes 0.5 as .5.
const digitsAlone = /^(\d+(\.\d+)?|\.\d+)$/
const exponentForm = /^[+-]?\d+(\.\d+)?E[+-]?\d+$/i
const longestNumber = 20

/**
 * Reads a number as a plain decimal text (`1234.5`), ready for the kernel's `parseVolume` or `parseMoney`. Takes
 * full-width digits, a leading `+`, well-placed thousands separators; a number stored by Excel is read at the 15
 * significant digits that Excel shows. Refuses exponent forms, units, negative numbers unless told they may be.
 */
export function readDecimalCell(
  text: string,
  kind: CellKind = 'text',
  options: { readonly negative?: boolean } = {},
): CellReading<string> {
  // Nearly all of ten million cells: what is read is what stands there.
  if (kind === 'text' && plainDigits.test(text)) return { value: text }
  const normal = normaliseCell(text)
  const unusable = unusableReason(normal, kind)
  if (unusable !== undefined) return { reason: unusable }
  if (kind === 'date') return { reason: 'date_instead_of_number' }
  const unsigned = normal.replace(/^[+-]/, '')
  if (!digitsAlone.test(unsigned) && !groupedByThousands.test(unsigned)) {
    if (exponentForm.test(normal)) return { reason: 'number_in_exponent_form' }
    return { reason: /^[\d,]+(\.\d+)?$/.test(unsigned) ? 'misplaced_separator' : 'not_a_number' }
  }
  const plain = unsigned
    .replace(/,/g, '')
    .replace(/^0+(?=\d)/, '')
    .replace(/^\./, '0.')
  const magnitude = kind === 'number' ? roundedToExcelPrecision(plain) : plain
  const [whole = '', fraction = ''] = magnitude.split('.')
  if (whole.length > longestNumber || fraction.length > longestNumber) return { reason: 'number_too_long' }
  const isNegative = normal.startsWith('-') && /[1-9]/.test(magnitude)
  if (isNegative && options.negative !== true) return { reason: 'negative_number' }
  return { value: isNegative ? `-${magnitude}` : magnitude }
}

const clockTime = /[ T]?(?<=[ T日])([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?$/
const separatedDate = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/
const chineseDate = /^(\d{4})年(\d{1,2})月(\d{1,2})日?$/
const compactDate = /^(\d{4})(\d{2})(\d{2})$/
const shortYear = /^\d{2}([-/.年])\d{1,2}(\1|月)\d{1,2}日?$/
const storedDays = /^\d{1,5}(\.\d+)?$/

/**
 * Reads a date: 2026-03-31, 2026/3/31, 2026.3.31, 2026年3月31日, 20260331, a date cell, or (number cells only) Excel's
 * day count in the workbook's date system. A time of day is dropped. Refuses two-digit years, day-first forms, times
 * with a zone, and days that are not in the calendar.
 */
export function readDateCell(
  text: string,
  kind: CellKind = 'text',
  dateSystem: DateSystem = 1900,
): CellReading<CivilDate> {
  const normal = normaliseCell(text)
  const unusable = unusableReason(normal, kind)
  if (unusable !== undefined) return { reason: unusable }
  if (kind === 'number' && storedDays.test(normal)) {
    const date = dateOfSerial(normal, dateSystem)
    // Smaller counts are figures that strayed into the column, not dates of the last century.
    return date !== undefined && date >= '2000-01-01' ? { value: date } : { reason: 'not_a_date' }
  }
  const day = normal.replace(clockTime, '').replace(/ /g, '')
  const separated = separatedDate.exec(day)
  const parts =
    separated === null
      ? (chineseDate.exec(day) ?? compactDate.exec(day))?.slice(1)
      : [separated[1], separated[3], separated[4]]
  if (parts === undefined)
    return { reason: shortYear.test(day) ? 'two_digit_year' : kind === 'date' ? 'impossible_date' : 'not_a_date' }
  const [year = '', month = '', dayOfMonth = ''] = parts
  const date = parseCivilDate(`${year}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`)
  return date === undefined ? { reason: 'impossible_date' } : { value: date }
}

const firstDay1900 = civilDate('1900-03-01')
const firstDay1904 = civilDate('1904-01-01')

/**
 * The civil date of Excel's day count, its time of day dropped; `undefined` outside 1900-03-01 … 2199-12-31. The first
 * 60 days of 1900 are left out: Excel counts a 29 February 1900 that never was.
 */
export function dateOfSerial(days: string, dateSystem: DateSystem): CivilDate | undefined {
  if (!storedDays.test(days)) return undefined
  const whole = Number(days.split('.')[0])
  if (dateSystem === 1904) return plusDays(firstDay1904, whole)
  return whole < 61 ? undefined : plusDays(firstDay1900, whole - 61)
}

const separatedMonth = /^(\d{4})[-/.](\d{1,2})$/
const chineseMonth = /^(\d{4})年(\d{1,2})月份?$/
const compactMonth = /^(\d{4})(\d{2})$/
const shortYearMonth = /^\d{2}[-/.年]\d{1,2}(月份?)?$/

/**
 * Reads a fee month: 2019-09, 2019/9, 2019.09, 201909, 2019年9月, or a whole date, of which it is the month. Refuses
 * `2019.1`, which is January as typed but October once Excel has dropped the final zero of 2019.10.
 */
export function readMonthCell(
  text: string,
  kind: CellKind = 'text',
  dateSystem: DateSystem = 1900,
): CellReading<FeeMonth> {
  const normal = normaliseCell(text).replace(/ (?=[年月份])|(?<=[年月]) /g, '')
  const unusable = unusableReason(normal, kind)
  if (unusable !== undefined) return { reason: unusable }
  if (/^\d{4}\.1$/.test(normal)) return { reason: 'ambiguous_month' }
  const parts = separatedMonth.exec(normal) ?? chineseMonth.exec(normal) ?? compactMonth.exec(normal)
  if (parts !== null) {
    const month = parseFeeMonth(`${parts[1]}-${parts[2]?.padStart(2, '0')}`)
    return month === undefined ? { reason: 'not_a_month' } : { value: month }
  }
  if (shortYearMonth.test(normal)) return { reason: 'two_digit_year' }
  const date = readDateCell(text, kind, dateSystem)
  if ('value' in date) return { value: monthOf(date.value) }
  return { reason: date.reason === 'not_a_date' ? 'not_a_month' : date.reason }
}

// Excel always shows the sign: 1.23E+11. A meter number such as 12E10 has none and is an honest id.
const exponentIdentifier = /^\d(\.\d+)?E\+\d{1,3}$/i
const digitsExcelKeeps = 15
const plainIdentifier = /^[0-9A-Za-z-]+$/

/**
 * Reads an id (户号, 表号, 交易流水号) as text: leading zeros stay, a leading apostrophe goes, and for number cells a
 * useless `.0` too. Refuses what Excel has spoilt: 1.23E+11, more than 15 digits stored as a number, an id made a date.
 */
export function readIdentifierCell(text: string, kind: CellKind = 'text'): CellReading<string> {
  if (kind === 'text' && plainIdentifier.test(text)) return { value: text }
  const normal = normaliseCell(text)
  const unusable = unusableReason(normal, kind)
  if (unusable !== undefined) return { reason: unusable }
  if (kind === 'date') return { reason: 'date_instead_of_identifier' }
  if (kind === 'boolean') return { reason: 'not_an_identifier' }
  if (kind === 'number') {
    const whole = (plainNumberText(normal) ?? normal).replace(/\.0+$/, '')
    if (!/^\d+$/.test(whole)) return { reason: 'not_an_identifier' }
    return significantDigits(whole) > digitsExcelKeeps || whole.length > digitsExcelKeeps
      ? { reason: 'identifier_lost_digits' }
      : { value: whole }
  }
  const identifier = normal.replace(/^'/, '').trim()
  if (identifier === '') return { reason: 'empty' }
  if (exponentIdentifier.test(identifier)) return { reason: 'identifier_in_exponent_form' }
  return /\p{Cc}/u.test(text.trim()) ? { reason: 'not_an_identifier' } : { value: identifier }
}

function unusableReason(normal: string, kind: CellKind): CellReason | undefined {
  if (kind === 'error') return 'error_value'
  if (kind === 'formula_without_value') return 'formula_without_value'
  if (normal !== '') return undefined
  return kind === 'merged' ? 'cell_is_merged' : 'empty'
}
