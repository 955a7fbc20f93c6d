import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Envelope, Services } from '../platform/command.ts'
import { findImport } from '../platform/imports.ts'
import { type ImportAnswer, importReadings, importScope } from './import-readings.ts'
import type { StatedTexts } from './reading-columns.ts'
import { examineReadingsFile, type FileChoice } from './readings-file.ts'

/** What a file is taken for and what would become of it; nothing is stored. */
export type ReadingsPreview = {
  readonly headerRow: number
  readonly titles: readonly string[]
  /** Field → title of its column. */
  readonly mapping: StatedTexts
  readonly mappingSource: 'recognised' | 'remembered' | 'corrected'
  readonly firstRows: readonly { readonly rowNo: number; readonly cells: readonly string[] }[]
  readonly outcome: ImportAnswer
  /** True where the file was imported before: the outcome is what it was answered then. */
  readonly importedBefore: boolean
}

/** Shows how a file's columns are understood, its first rows, and what importing it would come to. Refuses like the import. */
export async function previewReadings(
  services: Services,
  envelope: Envelope,
  choice: FileChoice,
): Promise<ReadingsPreview | Refusal> {
  const file = await examineReadingsFile(services, choice)
  if (isRefusal(file)) return file
  try {
    const earlier = await findImport(services.db, { kind: 'readings', scope: importScope(file), file: file.given })
    const tried = await importReadings(services, { ...envelope, dryRun: true }, file)
    if (isRefusal(tried)) return tried
    const { header, mapping, mappingSource, contents } = file
    return {
      headerRow: header.rowNumber,
      titles: header.texts,
      mapping,
      mappingSource,
      firstRows: contents.firstRows.map(({ rowNumber, cells }) => ({ rowNo: rowNumber, cells })),
      outcome: tried.answer,
      importedBefore: earlier !== undefined,
    }
  } finally {
    await file.close()
  }
}
