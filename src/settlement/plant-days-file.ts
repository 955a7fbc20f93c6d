import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Services } from '../platform/command.ts'
import { examineFile, type GivenFile } from '../platform/files.ts'
import { headerOfImport, rememberedMapping } from '../platform/imports.ts'
import { type FoundHeader, rowRole } from '../platform/tables/header.ts'
import { openTable } from '../platform/tables/read-table.ts'
import { columnLetters, type TableRow, type TableSource, type TextEncoding } from '../platform/tables/table-file.ts'
import { settleMapping } from '../readings/column-mapping.ts'
import type { StatedPlantDay } from './plant-day.ts'
import {
  type PlantDayColumns,
  type PlantDayField,
  type PlantDayTexts,
  plantDayColumnNames,
  plantDayFields,
  readPlantDayRow,
} from './plant-day-columns.ts'
import { findPlant, type Plant } from './plants.ts'
import { refuseSettlement } from './settlement.refusals.ts'

/** A plant's daily file, and what a person says about it. */
export interface PlantDaysChoice {
  readonly plantCode: string
  readonly path: string
  /** Corrections of the recognised columns: field (`日期` or `day`) → column title, its letters, or `-` for none. */
  readonly mapping?: Readonly<Record<string, string>> | undefined
  readonly encoding?: TextEncoding | undefined
  readonly sheet?: string | undefined
  readonly headerRow?: number | undefined
}

/** A file read to its end: a plant's days are few, so its rows are kept. */
export interface PlantDaysFile {
  readonly plant: Plant
  readonly given: GivenFile
  readonly format: { readonly [key: string]: string | number | readonly string[] }
  readonly header: FoundHeader<PlantDayField>
  readonly columns: PlantDayColumns
  /** Field → title of its column. */
  readonly mapping: PlantDayTexts
  readonly corrected: boolean
  readonly rows: readonly StatedPlantDay[]
  /** What makes the import the same import: plant, content, mapping. */
  readonly identity: readonly string[]
}

/**
 * Opens the file, settles its columns (as corrected now, else as remembered for this plant and header, else as
 * recognised) and reads it to the end. Refuses an unknown plant, a file that is no table, ambiguous or missing columns,
 * and one without rows.
 */
export async function examinePlantDaysFile(
  services: Services,
  choice: PlantDaysChoice,
): Promise<PlantDaysFile | Refusal> {
  const plant = await findPlant(services.db, choice.plantCode)
  if (isRefusal(plant)) return plant
  const given = await examineFile(choice.path)
  if (isRefusal(given)) return given
  const { encoding, sheet } = choice
  const table = await openTable(given, {
    ...(encoding === undefined ? {} : { encoding }),
    ...(sheet === undefined ? {} : { sheet }),
  })
  if (isRefusal(table)) return table
  try {
    return await examineTable(services, choice, plant, given, table)
  } finally {
    await table.close()
  }
}

async function examineTable(
  services: Services,
  choice: PlantDaysChoice,
  plant: Plant,
  given: GivenFile,
  table: TableSource,
): Promise<PlantDaysFile | Refusal> {
  const all: TableRow[] = []
  for await (const block of table.blocks()) {
    if (isRefusal(block)) return block
    all.push(...block.rows)
  }
  const { headerRow, mapping: corrections = {} } = choice
  const header = await headerOfImport(
    services.db,
    { kind: 'plant_days', scope: plant.code },
    { name: given.name, rows: all, headerRow },
    plantDayColumnNames,
  )
  if (isRefusal(header)) return header
  const memory = await rememberedMapping(services.db, 'plant_days', plant.code, header.headerDigest)
  const columns = settleMapping(header, plantDayColumnNames, corrections, memory as PlantDayColumns | undefined, [
    'day',
    'treated',
  ])
  if (isRefusal(columns)) return columns
  const reader = { columns, titles: header.texts, dateSystem: table.dateSystem }
  const rows: StatedPlantDay[] = []
  for (const row of all) {
    const role = rowRole(header, row)
    if (isRefusal(role)) return role
    if (role === 'entry') rows.push(readPlantDayRow(row, reader))
  }
  if (rows.length === 0) return refuseSettlement('plant_days_file_empty', { file: given.name, row: header.rowNumber })
  return {
    plant,
    given,
    format: {
      format: table.format,
      ...(table.encoding === undefined ? {} : { encoding: table.encoding }),
      ...(table.sheet === undefined ? {} : { sheet: table.sheet }),
      headerRow: header.rowNumber,
      titles: header.texts,
    },
    header,
    columns,
    mapping: titlesOf(columns, header),
    corrected: Object.keys(corrections).length > 0,
    rows,
    identity: ['settlement.import-days', plant.code, given.digest, columnsOf(columns)],
  }
}

/** Columns in one order, so that the same mapping is the same text. */
export function columnsOf(columns: PlantDayColumns): string {
  return plantDayFields
    .flatMap((field) => (columns[field] === undefined ? [] : [`${field}=${columns[field]}`]))
    .join(' ')
}

function titlesOf(columns: PlantDayColumns, header: FoundHeader<PlantDayField>): PlantDayTexts {
  const titles: { [Field in PlantDayField]?: string } = {}
  for (const field of plantDayFields) {
    const column = columns[field]
    if (column !== undefined) titles[field] = header.texts[column] ?? columnLetters(column)
  }
  return titles
}
