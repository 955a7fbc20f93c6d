import { z } from '@hono/zod-openapi'
import { collectorCode } from '../dischargers/account.routes.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { id, month, text } from '../platform/http/fields.ts'
import { rowQuery, tableQuery, textsByName, whole } from '../platform/http/import-fields.ts'
import type { Route } from '../platform/http/route.ts'
import { download, upload } from '../platform/http/work-route.ts'
import { exportRows } from './export-rows.ts'
import { importReadings } from './import-readings.ts'
import { previewReadings } from './preview-readings.ts'
import { importAnswer, refuseUnknownCode } from './reading.routes.ts'
import { examineReadingsFile, type FileChoice } from './readings-file.ts'
import { writeReadingsTemplate } from './readings-template.ts'

const fileQuery = {
  collector: collectorCode,
  month: month
    .optional()
    .openapi({ description: '用水月份，文件没有月份列时必填 where the file has no column for it' }),
  ...tableQuery,
  unitNote: text(500).optional().openapi({ description: '关于单位的说明 a remark on units, kept with the import' }),
}

function choiceOf(
  query: Omit<FileChoice, 'collectorCode' | 'path' | 'feeMonth' | 'mapping'> & {
    readonly collector: string
    readonly month?: FileChoice['feeMonth'] & string
    readonly map: Readonly<Record<string, string>>
  },
  path: string,
): FileChoice {
  const { collector, month: feeMonth, map: mapping, ...rest } = query
  return { ...rest, collectorCode: collector, path, mapping, ...(feeMonth === undefined ? {} : { feeMonth }) }
}

/** Files of readings: taken in, tried, given back to be corrected. */
export const readingFileRoutes: readonly Route[] = [
  upload('/readings/imports', {
    cli: 'readings import',
    permits: 'readings.import',
    title: { zh: '导入供水公司的抄表文件', en: 'take in a water company’s file' },
    query: fileQuery,
    answer: importAnswer,
    take: async ({ services, envelope, query, file }) => {
      const examined = await examineReadingsFile(services, choiceOf(query, file.path))
      if (isRefusal(examined)) return examined
      try {
        return await importReadings(services, envelope, examined)
      } finally {
        await examined.close()
      }
    },
  }),
  upload('/readings/previews', {
    cli: 'readings preview',
    permits: 'readings.import',
    title: {
      zh: '试读文件：列对应、前几行、各类行数，不保存',
      en: 'how a file is understood; nothing of it is stored',
    },
    query: fileQuery,
    answer: z.object({
      headerRow: whole,
      titles: z.array(z.string()),
      mapping: textsByName,
      mappingSource: z.enum(['recognised', 'remembered', 'corrected']),
      firstRows: z.array(z.object({ rowNo: whole, cells: z.array(z.string()) })),
      outcome: importAnswer,
      importedBefore: z.boolean(),
    }),
    take: async ({ services, envelope, query, file }) => {
      const preview = await previewReadings(services, envelope, choiceOf(query, file.path))
      return isRefusal(preview) ? preview : { answer: preview, repeated: false, dryRun: true }
    },
  }),
  download('/readings/imports/{import}/rows/file', {
    cli: 'readings export',
    permits: 'readings.imports.read',
    title: {
      zh: '导出待审和拒绝的行，改正后可再导入',
      en: 'held and rejected rows as a file, to be corrected and imported again',
    },
    params: { import: id() },
    query: rowQuery,
    name: '待改正',
    write: ({ services, params, query, to, language }) => {
      const unknown = refuseUnknownCode(query.code)
      if (unknown !== undefined) return Promise.resolve(unknown)
      return exportRows(services.db, { importId: params.import, path: to, filter: query, language })
    },
  }),
  download('/readings/template', {
    cli: 'readings template',
    permits: 'readings.import',
    title: { zh: '空白导入表', en: 'a blank form to fill in' },
    name: '抄表导入表',
    write: ({ to }) => writeReadingsTemplate(to),
  }),
]
