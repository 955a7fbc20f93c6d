import { Exact, plainText } from '../kernel/decimal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { parseVolume, type Volume } from '../kernel/volume.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import { type CellReading, readDateCell, readDecimalCell } from '../platform/tables/cell-values.ts'
import type { ColumnMapping, HeaderNames } from '../platform/tables/header.ts'
import { type CellKind, cellAt, type DateSystem, kindAt, type TableRow } from '../platform/tables/table-file.ts'
import { type IndicatorCode, indicatorCodes, indicators } from './indicator.ts'
import { plantReason } from './plant-day.reasons.ts'
import type { StatedPlantDay } from './plant-day.ts'

/** An effluent column is known by the indicator's names, with or without 出水 before and the unit behind. */
const effluentNames = Object.fromEntries(
  indicatorCodes.map((code) => {
    const { columns, unit } = indicators[code]
    const bare = columns.flatMap((name) => [`出水${name}`, name])
    return [code, unit === '' ? bare : bare.flatMap((name) => [name, `${name}(${unit})`])] as const
  }),
) as unknown as Record<IndicatorCode, readonly string[]>

/** What the columns of a plant's daily file are called; the first name is the one shown and used in templates. */
export const plantDayColumnNames = {
  day: ['日期', '运行日期', '日', 'date'],
  treated: ['处理水量', '出水量', '日处理水量', '处理量', '出水水量'],
  inflow: ['进水量', '进水水量', '日进水量'],
  ...effluentNames,
  // Added to the rows that are exported to be corrected; recognised when they come back.
  originImport: ['导入批次'],
  originRow: ['原行号'],
  verdict: ['结论'],
  reason: ['原因'],
  remedy: ['建议'],
} as const satisfies HeaderNames<string>

export type PlantDayField = keyof typeof plantDayColumnNames
export type PlantDayColumns = ColumnMapping<PlantDayField>
export type PlantDayTexts = { readonly [Field in PlantDayField]?: string }
export const plantDayFields = Object.keys(plantDayColumnNames) as PlantDayField[]
export const plantDayExportFields = ['originImport', 'originRow', 'verdict', 'reason', 'remedy'] as const
export const correctablePlantFields: readonly PlantDayField[] = ['day', 'treated', 'inflow', ...indicatorCodes]

export interface PlantDayReader {
  readonly columns: PlantDayColumns
  readonly titles: readonly string[]
  readonly dateSystem: DateSystem
}

// numeric(14, 3) of the database has 11 digits before the point; a value of the effluent needs no more than 9.
const volumeDigits = /^\d{1,11}(\.|$)/
const valueForm = /^\d{1,9}(\.\d{1,6})?$/

/** Reads the cells of one row. What cannot be read becomes a fault that names column and value, never 0 or nothing. */
export function readPlantDayRow(row: TableRow, { columns, titles, dateSystem }: PlantDayReader): StatedPlantDay {
  const faults: RowReason[] = []
  const titleOf = (field: PlantDayField) => titles[columns[field] ?? -1] ?? plantDayColumnNames[field][0] ?? field
  const text = (field: PlantDayField): string => {
    const column = columns[field]
    return column === undefined ? '' : normaliseCell(cellAt(row, column))
  }
  const read = <T>(field: PlantDayField, readCell: (text: string, kind: CellKind) => CellReading<T>): T | undefined => {
    const column = columns[field]
    if (column === undefined) return undefined
    const [cell, kind] = [cellAt(row, column), kindAt(row, column)]
    if (cell === '' && kind === 'text') return undefined
    const reading = readCell(cell, kind)
    if ('value' in reading) return reading.value
    if (reading.reason === 'empty') return undefined
    const parameters = { row: row.rowNumber, cell: reading.reason }
    faults.push(plantReason('plant_cell_unreadable', parameters, { column: titleOf(field), value: cell }))
    return undefined
  }
  const volumeOf = (field: PlantDayField): Volume | undefined => {
    const plain = read(field, (cell, kind) => readDecimalCell(cell, kind))
    if (plain === undefined) return undefined
    const value = volumeDigits.test(plain) ? parseVolume(plain) : undefined
    if (value === undefined)
      faults.push(plantReason('plant_volume_too_fine', {}, { column: titleOf(field), value: plain }))
    return value
  }
  const effluent: { [Code in IndicatorCode]?: string } = {}
  for (const code of indicatorCodes) {
    const plain = read(code, (cell, kind) => readDecimalCell(cell, kind))
    if (plain === undefined) continue
    if (!valueForm.test(plain) || (code === 'ph' && new Exact(plain).gt(14)))
      faults.push(plantReason('plant_value_impossible', {}, { column: titleOf(code), value: plain }))
    else effluent[code] = plainText(new Exact(plain))
  }
  const isOrigin = /^\d{1,18}$/.test(text('originImport')) && /^\d{1,9}$/.test(text('originRow'))
  return {
    rowNo: row.rowNumber,
    cells: row.cells,
    day: read('day', (cell, kind) => readDateCell(cell, kind, dateSystem)),
    treatedM3: volumeOf('treated'),
    inflowM3: volumeOf('inflow'),
    effluent,
    faults,
    origin: isOrigin ? { importId: text('originImport'), rowNo: Number(text('originRow')) } : undefined,
  }
}

/** The texts of a row by field, values that were read in one form, so that it can be judged again, corrected in some. */
export function textsOfPlantDay(stated: StatedPlantDay, columns: PlantDayColumns): PlantDayTexts {
  const texts: { [Field in PlantDayField]?: string } = {}
  for (const field of correctablePlantFields) {
    const column = columns[field]
    if (column === undefined) continue
    const read: { [Field in PlantDayField]?: string | undefined } = {
      day: stated.day,
      treated: stated.treatedM3?.toFixed(),
      inflow: stated.inflowM3?.toFixed(),
      ...stated.effluent,
    }
    const text = read[field] ?? stated.cells[column]
    if (text !== undefined && text !== '') texts[field] = text
  }
  return texts
}

const everyColumn = Object.fromEntries(plantDayFields.map((field, column) => [field, column])) as Record<
  PlantDayField,
  number
>

/** Reads a row from texts by field: a row to be judged again. */
export function readPlantDayTexts(texts: PlantDayTexts, rowNo: number): StatedPlantDay {
  const row: TableRow = { rowNumber: rowNo, cells: plantDayFields.map((field) => texts[field] ?? '') }
  const titles = plantDayFields.map((field) => plantDayColumnNames[field][0] ?? field)
  return readPlantDayRow(row, { columns: everyColumn, titles, dateSystem: 1900 })
}
