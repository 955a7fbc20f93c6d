import type { CivilDate } from '../kernel/calendar.ts'
import { fillSentence, type Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import {
  type CellReading,
  type CellReason,
  cellReasonSentence,
  cellReasons,
  readDateCell,
  readDecimalCell,
  readIdentifierCell,
} from '../platform/tables/cell-values.ts'
import { cellAt, type DateSystem, kindAt, type TableRow } from '../platform/tables/table-file.ts'
import { faults } from './dischargers.refusals.ts'
import type { RegistryColumn } from './registry.ts'

/**
 * Reads the cells of one row after another by the field they belong to. What cannot be read becomes a reason, with the
 * column, the value and what should stand there; a row with reasons is rejected whatever else was read of it.
 */
export class RowCells<Field extends string> {
  readonly #columns: Readonly<Record<Field, RegistryColumn>>
  readonly #mapping: ReadonlyMap<string, number>
  readonly #dateSystem: DateSystem
  #row: TableRow = { rowNumber: 0, cells: [] }
  #reasons: RowReason[] = []

  constructor(
    columns: Readonly<Record<Field, RegistryColumn>>,
    mapping: ReadonlyMap<string, number>,
    dateSystem: DateSystem,
  ) {
    this.#columns = columns
    this.#mapping = mapping
    this.#dateSystem = dateSystem
  }

  /** Turns to the next row; what was said of the one before is forgotten. */
  turnTo(row: TableRow): void {
    this.#row = row
    if (this.#reasons.length > 0) this.#reasons = []
  }

  get reasons(): readonly RowReason[] {
    return this.#reasons
  }

  /** An id as text, with its leading zeros; `''` where nothing stands there or it cannot be read. */
  identifier(field: Field): string {
    const column = this.#mapping.get(field)
    if (column === undefined) return ''
    return this.#take(field, readIdentifierCell(cellAt(this.#row, column), kindAt(this.#row, column))) ?? ''
  }

  /** A text in one line as people wrote it, brackets of a name included; `''` where nothing stands there or can be read. */
  text(field: Field): string {
    const column = this.#mapping.get(field)
    if (column === undefined) return ''
    const text = cellAt(this.#row, column).replace(invisible, '').replace(blanks, ' ').trim()
    const kind = kindAt(this.#row, column)
    if (kind === 'error') this.#refuse(field, 'error_value')
    else if (kind === 'formula_without_value') this.#refuse(field, 'formula_without_value')
    else if (text === '') this.#missing(field)
    return text
  }

  /** A text as it is compared with known words: full-width forms made half-width. */
  word(field: Field): string {
    return normaliseCell(this.text(field))
  }

  date(field: Field): CivilDate | undefined {
    const column = this.#mapping.get(field)
    if (column === undefined) return undefined
    return this.#take(field, readDateCell(cellAt(this.#row, column), kindAt(this.#row, column), this.#dateSystem))
  }

  /** A plain decimal that `parse` accepts. */
  decimal<T>(field: Field, parse: (text: string) => T | undefined): T | undefined {
    const column = this.#mapping.get(field)
    if (column === undefined) return undefined
    const text = this.#take(field, readDecimalCell(cellAt(this.#row, column), kindAt(this.#row, column)))
    return text === undefined ? undefined : this.#parsed(field, text, parse)
  }

  /** A word that `parse` accepts. */
  form<T>(field: Field, parse: (text: string) => T | undefined): T | undefined {
    const text = this.word(field)
    return text === '' ? undefined : this.#parsed(field, text, parse)
  }

  /** 是 or 否; `undefined` where nothing stands there. */
  yesOrNo(field: Field): boolean | undefined {
    return this.form(field, (text) => yesAndNo.get(text.toLowerCase()))
  }

  /** Rejects the row for what a rule says of this field. */
  refuse(field: Field, refusal: Refusal): void {
    this.#reasons.push(reasonOf(refusal, this.#columns[field].titles[0], this.raw(field)))
  }

  /** Rejects the row for a value that should stand there although not every row needs one. */
  missing(field: Field): void {
    this.#fault('value_missing', field)
  }

  /** The cell as the file holds it. */
  raw(field: Field): string {
    const column = this.#mapping.get(field)
    return column === undefined ? '' : cellAt(this.#row, column)
  }

  #take<T>(field: Field, reading: CellReading<T>): T | undefined {
    if ('value' in reading) return reading.value
    if (reading.reason === 'empty') this.#missing(field)
    else this.#refuse(field, reading.reason)
    return undefined
  }

  #parsed<T>(field: Field, text: string, parse: (text: string) => T | undefined): T | undefined {
    const value = parse(text)
    if (value === undefined) this.#fault('value_wrong', field)
    return value
  }

  #missing(field: Field): void {
    if (this.#columns[field].required) this.#fault('value_missing', field)
  }

  #fault(code: 'value_missing' | 'value_wrong', field: Field): void {
    const { titles, rule } = this.#columns[field]
    this.#reasons.push({ code, column: titles[0], value: this.raw(field), parameters: { rule } })
  }

  #refuse(field: Field, reason: CellReason): void {
    const { titles, rule } = this.#columns[field]
    this.#reasons.push({
      code: `${cellPrefix}${reason}`,
      column: titles[0],
      value: this.raw(field),
      parameters: { rule },
    })
  }
}

const invisible = /[\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/g
const blanks = /[\s\u00A0\u3000]+/g

const yesAndNo: ReadonlyMap<string, boolean> = new Map([
  ['是', true],
  ['yes', true],
  ['否', false],
  ['no', false],
])

const cellPrefix = 'cell.'

/** What a rule says of a row, as it is kept. */
export function reasonOf(refusal: Refusal, column: string, value: string): RowReason {
  return { code: refusal.code, column, value, parameters: refusal.parameters }
}

/** A kept reason in words: what is wrong, and what to do. */
export function sayReason(
  reason: RowReason,
  rowNo: number,
  language: 'zh' | 'en',
): { readonly reason: string; readonly remedy: string } {
  const parameters = { row: rowNo, column: reason.column ?? '', value: reason.value ?? '', ...reason.parameters }
  const cell = reason.code.startsWith(cellPrefix) ? reason.code.slice(cellPrefix.length) : undefined
  if (cell !== undefined && cell in cellReasons) {
    const rule = fillSentence(language === 'zh' ? '应为：{rule}。' : 'It should be: {rule}.', parameters)
    return { reason: cellReasonSentence(cell as CellReason, language, parameters), remedy: rule }
  }
  const fault = reason.code in faults ? faults[reason.code as keyof typeof faults] : undefined
  if (fault === undefined) return { reason: reason.code, remedy: '' }
  const [said, remedy] = language === 'zh' ? [fault.zh, fault.remedyZh] : [fault.en, fault.remedyEn]
  return { reason: fillSentence(said, parameters), remedy: fillSentence(remedy, parameters) }
}
