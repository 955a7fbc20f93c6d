import type { CivilDate, FeeMonth } from '../kernel/calendar.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { parseVolume, type Volume } from '../kernel/volume.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import {
  type CellReading,
  readDateCell,
  readDecimalCell,
  readIdentifierCell,
  readMonthCell,
} from '../platform/tables/cell-values.ts'
import type { ColumnMapping, HeaderNames } from '../platform/tables/header.ts'
import { type CellKind, cellAt, type DateSystem, kindAt, type TableRow } from '../platform/tables/table-file.ts'
import { type ReasonCode, reasonOf } from './reading.reasons.ts'
import {
  comparableMeterNo,
  type ReadingKind,
  type ReadingSource,
  type SourceRemark,
  type StatedReading,
} from './reading.ts'

/** What the columns of water companies are called (domain §6); the first name is the one shown and used in templates. */
export const readingColumnNames = {
  account: ['户号', '用户编号', '客户编号', '用户号', '资料号'],
  name: ['户名', '用户名', '用户名称', '单位名称'],
  meter: ['表号', '水表编号', '表身码', '水表号'],
  previousReadOn: ['上次抄表日期', '上期抄表日期', '上期抄表时间', '上期抄表日', '上次抄表时间'],
  readOn: ['抄表日期', '本期抄表日期', '本期抄表时间', '本期抄表日', '本次抄表日期'],
  start: [
    '上期读数',
    '上期行度',
    '上期止码',
    '上期示数',
    '起码',
    '起度',
    '上月表数',
    '上期抄度',
    '上次表底',
    '上期抄见读数',
  ],
  end: [
    '本期读数',
    '本期行度',
    '本期止码',
    '本期示数',
    '止码',
    '止度',
    '本月表数',
    '本期抄度',
    '表底数',
    '本期抄见读数',
  ],
  volume: ['用水量', '水量', '实收水量', '应收水量', '抄见水量', '实用水量'],
  month: ['水费月份', '账期', '收费月份', '所属期', '期间'],
  category: ['用水性质', '用水类型', '价格分类', '用水类别'],
  source: ['抄表方式', '示数来源', '抄表状态'],
  kind: ['行类型', '记录类型'],
  residual: ['换表残值', '换表', '残值'],
  remark: ['备注', '抄表信息'],
  wastewaterPrice: ['污水处理费单价', '费率污水费'],
  wastewaterAmount: ['污水处理费', '应收污水费', '排污费'],
  lateFee: ['违约金', '滞纳金'],
  size: ['口径', '水表口径'],
  // Added to the rows that are exported to be corrected; recognised when they come back.
  originImport: ['导入批次'],
  originRow: ['原行号'],
  verdict: ['结论'],
  reason: ['原因'],
  remedy: ['建议'],
} as const satisfies HeaderNames<string>

export type ReadingField = keyof typeof readingColumnNames
export type ReadingColumns = ColumnMapping<ReadingField>

export const readingFields = Object.keys(readingColumnNames) as ReadingField[]

/** Fields that are money: named in the report, and left out (domain §4.4; the fee is computed here, never taken over). */
export const moneyFields = ['wastewaterPrice', 'wastewaterAmount', 'lateFee'] as const satisfies readonly ReadingField[]

/** Columns of an export of held rows that are not the company's. */
export const exportFields = [
  'originImport',
  'originRow',
  'verdict',
  'reason',
  'remedy',
] as const satisfies readonly ReadingField[]

/** A row of a file after its cells were read and before anything is known about its account. */
export interface StatedRow {
  readonly rowNo: number
  readonly cells: readonly string[]
  readonly stated: StatedReading
  /** Cells that could not be read. */
  readonly faults: readonly RowReason[]
  /** Where the row comes back from an export: the held row it corrects. */
  readonly origin: { readonly importId: string; readonly rowNo: number } | undefined
}

/** How cells of one file are read: its columns, what it calls them, its dates. */
export interface RowReader {
  readonly columns: ReadingColumns
  readonly titles: readonly string[]
  readonly dateSystem: DateSystem
  /** A million rows have but a few dates, months and words; each text is read once. */
  readonly dates: Remembered<CivilDate>
  readonly months: Remembered<FeeMonth>
  readonly words: RememberedWords
}

export function rowReader(columns: ReadingColumns, titles: readonly string[], dateSystem: DateSystem): RowReader {
  return {
    columns,
    titles,
    dateSystem,
    dates: new Remembered((text, kind) => readDateCell(text, kind, dateSystem)),
    months: new Remembered((text, kind) => readMonthCell(text, kind, dateSystem)),
    words: new RememberedWords(columns, titles),
  }
}

type ReadCell<T> = (text: string, kind: CellKind) => CellReading<T>

const mostRemembered = 1_000

/** What texts were read as; mostly a row says what the row before it said. */
class Remembered<T> {
  readonly #known = new Map<string, CellReading<T>>()
  readonly #readAnew: ReadCell<T>
  #last: { readonly text: string; readonly reading: CellReading<T> } | undefined

  constructor(readAnew: ReadCell<T>) {
    this.#readAnew = readAnew
  }

  readonly read: ReadCell<T> = (text, kind) => {
    if (kind !== 'text') return this.#readAnew(text, kind)
    if (this.#last?.text === text) return this.#last.reading
    const reading = this.#known.get(text) ?? this.#readAnew(text, kind)
    if (this.#known.size < mostRemembered) this.#known.set(text, reading)
    this.#last = { text, reading }
    return reading
  }
}

// Before the point: numeric(14, 3) of the database has no more.
const mostDigits = 11

/** Reads the cells of one row. What cannot be read becomes a fault that names column and value, never 0 or nothing. */
export function readRow(row: TableRow, reader: RowReader): StatedRow {
  const cells = new CellsOfRow(row, reader)
  const accountNo = cells.identifier('account')
  const meterNo = cells.identifier('meter')
  const start = cells.volume('start')
  const end = cells.volume('end')
  const volumeM3 = cells.volume('volume', true)
  const readOn = cells.date('readOn')
  const previousReadOn = cells.date('previousReadOn')
  const feeMonth = cells.month()
  const words = reader.words.of(row)
  return {
    rowNo: row.rowNumber,
    cells: row.cells,
    stated: {
      accountNo: accountNo ?? '',
      holderName: cells.text('name'),
      meterNo,
      start,
      end,
      volumeM3,
      readOn,
      previousReadOn,
      feeMonth,
      category: cells.text('category'),
      kind: words.kind,
      source: words.source,
      rolledOver: words.rolledOver,
      remark: words.remark,
    },
    faults: cells.faults,
    origin: originOf(cells),
  }
}

function titleOf(field: ReadingField, columns: ReadingColumns, titles: readonly string[]): string {
  const column = columns[field]
  return column === undefined ? readingColumnNames[field][0] : (titles[column] ?? readingColumnNames[field][0])
}

/** The cells of a row by field. */
class CellsOfRow {
  readonly #row: TableRow
  readonly #reader: RowReader
  #faults: RowReason[] | undefined

  constructor(row: TableRow, reader: RowReader) {
    this.#row = row
    this.#reader = reader
  }

  get faults(): readonly RowReason[] {
    return this.#faults ?? none
  }

  titleOf(field: ReadingField): string {
    const { columns, titles } = this.#reader
    return titleOf(field, columns, titles)
  }

  /** The text of a cell as people mean it; `undefined` for a blank one or a missing column. */
  text(field: ReadingField): string | undefined {
    const column = this.#reader.columns[field]
    if (column === undefined) return undefined
    const text = normaliseCell(cellAt(this.#row, column))
    return text === '' ? undefined : text
  }

  /** The value of a cell; `undefined` for a blank one, a missing column, and one that cannot be read: then it is a fault. */
  #read<T>(field: ReadingField, readCell: ReadCell<T>, fault: ReasonCode): T | undefined {
    const column = this.#reader.columns[field]
    if (column === undefined) return undefined
    const text = cellAt(this.#row, column)
    const kind = kindAt(this.#row, column)
    if (text === '' && kind === 'text') return undefined
    const reading = readCell(text, kind)
    if ('value' in reading) return reading.value
    if (reading.reason === 'empty') return undefined
    const isExponent = reading.reason === 'identifier_in_exponent_form' && field === 'account'
    this.#fault(field, isExponent ? 'account_in_exponent_form' : fault, text, reading.reason)
    return undefined
  }

  identifier(field: 'account' | 'meter'): string | undefined {
    return this.#read(field, readIdentifierCell, 'identifier_unreadable')
  }

  volume(field: ReadingField, mayBeNegative = false): Volume | undefined {
    const plain = this.#read(field, mayBeNegative ? readSignedCell : readUnsignedCell, 'number_unreadable')
    if (plain === undefined) return undefined
    const value = parseVolume(plain)
    const digits = (plain.startsWith('-') ? -1 : 0) + (plain.includes('.') ? plain.indexOf('.') : plain.length)
    if (value !== undefined && digits <= mostDigits) return value
    this.#fault(field, 'number_unreadable', plain)
    return undefined
  }

  date(field: 'readOn' | 'previousReadOn'): CivilDate | undefined {
    return this.#read(field, this.#reader.dates.read, 'date_unreadable')
  }

  month(): FeeMonth | undefined {
    return this.#read('month', this.#reader.months.read, 'month_unreadable')
  }

  #fault(field: ReadingField, code: ReasonCode, value: string, cell?: string): void {
    const parameters = { row: this.#row.rowNumber, ...(cell === undefined ? {} : { cell }) }
    this.#faults = [...this.faults, reasonOf(code, parameters, { column: this.titleOf(field), value })]
  }
}

const none: readonly RowReason[] = []
const readSignedCell = (text: string, kind: CellKind) => readDecimalCell(text, kind, { negative: true })
const readUnsignedCell = (text: string, kind: CellKind) => readDecimalCell(text, kind)

interface Words {
  readonly kind: ReadingKind
  readonly source: ReadingSource
  readonly rolledOver: boolean
  readonly remark: SourceRemark | undefined
}

type Meaning = { readonly [Key in keyof Omit<Words, 'remark'>]?: Words[Key] } & {
  readonly remark?: 'abnormal' | 'not_seen'
}

/** Words of the columns for source, state and kind of row; codes as several companies' systems write them. */
const meanings: Readonly<Record<string, Meaning>> = {
  实抄: { source: 'actual' },
  见表: { source: 'actual' },
  '1': { source: 'actual' },
  估抄: { source: 'estimated' },
  估读: { source: 'estimated' },
  估算: { source: 'estimated' },
  '2': { source: 'estimated' },
  未见表: { source: 'estimated', remark: 'not_seen' },
  远传: { source: 'remote' },
  电话: { source: 'phone' },
  电话件: { source: 'phone' },
  '0': {},
  正常: {},
  普通: {},
  默认: {},
  异常: { remark: 'abnormal' },
  '3': { remark: 'abnormal' },
  残值: { kind: 'residual' },
  换表残值: { kind: 'residual' },
  换表: { kind: 'residual' },
  故障换表: { kind: 'residual' },
  周期换表: { kind: 'residual' },
  M: { kind: 'residual' },
  L: { kind: 'residual' },
  销户: { kind: 'final' },
  销户末次: { kind: 'final' },
  末次: { kind: 'final' },
  补抄: { kind: 'supplement' },
  超量程: { rolledOver: true },
  翻转: { rolledOver: true },
  过零: { rolledOver: true },
  ACTUAL: { source: 'actual' },
  REMOTE: { source: 'remote' },
  PHONE: { source: 'phone' },
  ESTIMATED: { source: 'estimated' },
  NORMAL: {},
  RESIDUAL: { kind: 'residual' },
  FINAL: { kind: 'final' },
  SUPPLEMENT: { kind: 'supplement' },
}
/** In a column named for it, 换表 or 残值, a plain yes is enough. */
const residualMeanings: Readonly<Record<string, Meaning>> = {
  ...meanings,
  是: { kind: 'residual' },
  '1': { kind: 'residual' },
  否: {},
  '0': {},
}

/** What the words of rows mean; mostly they are those of the row before. */
class RememberedWords {
  readonly #columns: readonly { readonly field: WordField; readonly column: number; readonly title: string }[]
  #last: { readonly cells: readonly string[]; readonly words: Words } | undefined

  constructor(columns: ReadingColumns, titles: readonly string[]) {
    this.#columns = wordFields.flatMap((field) => {
      const column = columns[field]
      return column === undefined ? [] : [{ field, column, title: titleOf(field, columns, titles) }]
    })
  }

  of(row: TableRow): Words {
    const last = this.#last
    if (last !== undefined && this.#columns.every(({ column }, index) => last.cells[index] === cellAt(row, column)))
      return last.words
    const words = this.#read(row)
    this.#last = { cells: this.#columns.map(({ column }) => cellAt(row, column)), words }
    return words
  }

  #read(row: TableRow): Words {
    let words: Words = plainWords
    for (const { field, column, title } of this.#columns) {
      const value = normaliseCell(cellAt(row, column))
      if (value === '') continue
      const meaning = (field === 'residual' ? residualMeanings : meanings)[value.toUpperCase()]
      // Remarks are free text: only the words that are known there say something.
      if (meaning === undefined && field === 'remark') continue
      words =
        meaning === undefined
          ? { ...words, remark: { meaning: 'unknown', column: title, value } }
          : {
              kind: meaning.kind ?? words.kind,
              source: meaning.source ?? words.source,
              rolledOver: meaning.rolledOver ?? words.rolledOver,
              remark: meaning.remark === undefined ? words.remark : { meaning: meaning.remark, column: title, value },
            }
    }
    return words
  }
}

const wordFields = ['source', 'kind', 'residual', 'remark'] as const
type WordField = (typeof wordFields)[number]
const plainWords: Words = { kind: 'normal', source: 'unstated', rolledOver: false, remark: undefined }

function originOf(cells: CellsOfRow): StatedRow['origin'] {
  const importId = cells.text('originImport')
  const rowNo = cells.text('originRow')
  if (importId === undefined || rowNo === undefined) return undefined
  return /^\d{1,18}$/.test(importId) && /^\d{1,9}$/.test(rowNo) ? { importId, rowNo: Number(rowNo) } : undefined
}

/** The account number of a row of which nothing else is read yet; empty where there is none. */
export function accountNoOf(row: TableRow, reader: RowReader): string {
  return new CellsOfRow(row, reader).identifier('account') ?? ''
}

/** Of a row of which only these cells are read yet: what may make it the same as another row of the file. */
export interface RowKey {
  readonly accountNo: string
  /** Without leading zeros and in small letters; empty where the row names no meter. */
  readonly meterNo: string
  readonly kind: ReadingKind
  readonly feeMonth: FeeMonth | undefined
}

export function keyOfRow(row: TableRow, reader: RowReader): RowKey {
  const cells = new CellsOfRow(row, reader)
  return {
    accountNo: cells.identifier('account') ?? '',
    meterNo: comparableMeterNo(cells.identifier('meter') ?? ''),
    kind: reader.words.of(row).kind,
    feeMonth: cells.month(),
  }
}

/** What a row said, by field: values that were read in one form (2026-03-31, 1234.5), others as the cell held them. */
export type StatedTexts = { readonly [Field in ReadingField]?: string }

/** The texts of a row, so that it can be judged again later, corrected in some fields. */
export function textsOfRow({ stated, cells }: StatedRow, { columns }: Pick<RowReader, 'columns'>): StatedTexts {
  const texts: { [Field in ReadingField]?: string } = {}
  for (const field of readingFields) {
    const column = columns[field]
    if (column === undefined) continue
    const text = readTextOf(stated, field) ?? cells[column]
    if (text !== undefined && text !== '') texts[field] = text
  }
  return texts
}

function readTextOf(stated: StatedReading, field: ReadingField): string | undefined {
  switch (field) {
    case 'account':
      return stated.accountNo === '' ? undefined : stated.accountNo
    case 'meter':
      return stated.meterNo
    case 'start':
    case 'end':
      return stated[field]?.toFixed()
    case 'volume':
      return stated.volumeM3?.toFixed()
    case 'readOn':
    case 'previousReadOn':
      return stated[field]
    case 'month':
      return stated.feeMonth
    default:
      return undefined
  }
}

const everyColumn = Object.fromEntries(readingFields.map((field, column) => [field, column])) as Record<
  ReadingField,
  number
>

/** Reads a row from texts by field: a row to be judged again, or an entry by hand. */
export function readTexts(texts: StatedTexts, titles: StatedTexts, rowNo = 0): StatedRow {
  const row: TableRow = { rowNumber: rowNo, cells: readingFields.map((field) => texts[field] ?? '') }
  const shown = readingFields.map((field) => titles[field] ?? readingColumnNames[field][0])
  return readRow(row, rowReader(everyColumn, shown, 1900))
}

/**
 * A cell as it is given back to be corrected: as it came, where that says the same as plain text. A date that a workbook
 * kept as 45863 would come back as no date, so it goes out as it was read.
 */
export function cellGivenBack(field: ReadingField, cell: string, readAs: string | undefined): string {
  if (readAs === undefined || readAs === cell) return cell
  const again = textsOfRow(readTexts({ [field]: cell }, {}), { columns: everyColumn })
  return again[field] === readAs ? cell : readAs
}
