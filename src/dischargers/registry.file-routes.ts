import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { count, id, instant, text } from '../platform/http/fields.ts'
import { whole } from '../platform/http/import-fields.ts'
import { list, type Route } from '../platform/http/route.ts'
import { download, upload } from '../platform/http/work-route.ts'
import { collectorCode } from './account.routes.ts'
import { compareRoster, differenceKinds, type RosterDifference } from './compare-roster.ts'
import { exportRegistry, exportRejected, writeRegistryTemplate } from './export-registry.ts'
import type { Guards } from './guards.ts'
import { importRegistry } from './import-registry.ts'
import { listRegistryImports } from './registry.queries.ts'
import { registryKinds } from './registry.ts'
import { writeRosterList } from './write-roster.ts'

const kind = z.enum(registryKinds).openapi({ example: 'accounts' })
const version = count(1, 999_999_999).openapi({ example: 3 })
const differencesShown = 1_000

/** Files of the registry and of the roster. The guards of the stages that bill are handed in. */
export function dischargersFileRoutes(guards: Guards): readonly Route[] {
  return [
    upload('/registry/{kind}/imports', {
      cli: 'dischargers import',
      permits: 'dischargers.import-registry',
      title: { zh: '导入登记表，逐行给出结论', en: 'take a file of the registry, row by row' },
      params: { kind },
      query: {
        collector: collectorCode.optional().openapi({
          description: '户号、水表、分摊、变更须说明 for what belongs to a collector',
        }),
        sheet: text(100).optional().openapi({ description: '工作表 sheet of a workbook' }),
      },
      answer: z.object({
        importId: z.string(),
        kind,
        file: z.string(),
        rowsIn: whole,
        rowsAccepted: whole,
        rowsRejected: whole,
        added: whole,
        alreadyThere: whole,
        rejected: whole,
        reasons: z.array(
          z.object({
            code: z.string(),
            count: whole,
            firstRow: whole,
            first: z.array(
              z.object({ row: whole, column: z.string(), value: z.string(), zh: z.string(), en: z.string() }),
            ),
          }),
        ),
      }),
      take: ({ services, envelope, params, query, file }) => {
        const { collector, ...rest } = query
        const ofCollector = collector === undefined ? {} : { collectorCode: collector }
        const input = { kind: params.kind, path: file.path, ...ofCollector, ...rest }
        return importRegistry(services, envelope, input, { guards })
      },
    }),
    list('/registry/imports', {
      cli: 'dischargers imports',
      permits: 'registry.read',
      title: { zh: '登记表导入记录，最近的在前', en: 'the imports of registry files, newest first' },
      item: z
        .object({
          importId: id(),
          kind: z.string().openapi({ example: 'registry.accounts' }),
          scope: z.string(),
          fileName: z.string(),
          rowsIn: whole,
          rowsAccepted: whole,
          rowsRejected: whole,
          recordedAt: instant,
        })
        .openapi('RegistryImport'),
      key: [id()],
      rows: ({ services }, page) => listRegistryImports(services.db, page),
      keyOf: ({ importId }) => [importId],
      show: (each) => ({ ...each, recordedAt: each.recordedAt.toISOString() }),
    }),
    download('/registry/imports/{import}/rejected-rows/file', {
      cli: 'dischargers export-rejected',
      permits: 'registry.read',
      title: { zh: '被拒绝的行（原列加结论、原因、建议）', en: 'the rejected rows with their reasons' },
      params: { import: id() },
      name: '待改',
      write: ({ services, params, to, language }) =>
        exportRejected(services.db, { importId: params.import, to, language }),
    }),
    download('/registry/{kind}/file', {
      cli: 'dischargers export',
      permits: 'registry.read',
      title: { zh: '导出登记表，与导入同列', en: 'a registry file in the columns of its import' },
      params: { kind },
      query: { collector: collectorCode.optional() },
      name: '登记表',
      write: ({ services, params, query, to }) =>
        exportRegistry(services.db, {
          kind: params.kind,
          to,
          ...(query.collector === undefined ? {} : { collectorCode: query.collector }),
        }),
    }),
    download('/registry/{kind}/template', {
      cli: 'dischargers template',
      permits: 'dischargers.import-registry',
      title: { zh: '空白登记表，含填写说明', en: 'a blank form with its explanations' },
      params: { kind },
      name: '空白登记表',
      write: ({ params, to }) => writeRegistryTemplate(params.kind, to),
    }),
    download('/rosters/{version}/collectors/{collector}/file', {
      cli: 'dischargers roster',
      permits: 'rosters.read',
      title: { zh: '某版名单中一家供水公司的清单', en: 'a collector’s list of a version' },
      params: { version, collector: collectorCode },
      name: '征收名单',
      write: ({ services, params, to }) =>
        writeRosterList(services.db, { versionNo: params.version, collectorCode: params.collector, to }),
    }),
    upload('/rosters/{version}/collectors/{collector}/comparisons', {
      cli: 'dischargers compare-roster',
      permits: 'dischargers.freeze-roster',
      title: {
        zh: '名单与供水公司自己的用户清单双向比对',
        en: 'compare the roster with the company’s own list, both ways',
      },
      note: {
        zh: `答复列出前 ${differencesShown} 处差异与各类总数；全部差异用命令行写成文件。`,
        en: `The answer has the first ${differencesShown} differences and the number of each kind; the command line writes all of them to a file.`,
      },
      params: { version, collector: collectorCode },
      answer: z.object({
        versionNo: whole,
        asOf: z.string(),
        collector: z.string(),
        rosterCount: whole,
        listCount: whole,
        counts: z.record(z.enum(differenceKinds), whole),
        differences: z.array(
          z.object({
            kind: z.enum(differenceKinds),
            accountNo: z.string(),
            rowNo: whole.nullable(),
            inRoster: z.string(),
            inList: z.string(),
          }),
        ),
      }),
      take: async ({ services, params, file }) => {
        const differences: RosterDifference[] = []
        const wanted = { versionNo: params.version, collectorCode: params.collector, path: file.path }
        const comparison = await compareRoster(services.db, wanted, (difference) => {
          if (differences.length < differencesShown) differences.push(difference)
        })
        if (isRefusal(comparison)) return comparison
        const { roster, collectorCode: collector, rosterCount, listCount, counts } = comparison
        const head = { versionNo: roster.versionNo, asOf: roster.asOf, collector, rosterCount, listCount, counts }
        return { answer: { ...head, differences }, repeated: false, dryRun: true }
      },
    }),
  ]
}
