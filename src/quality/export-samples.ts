import { plainText } from '../kernel/decimal.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import { sayVerdict } from '../platform/row-decisions.ts'
import { formatOfName, writeCsv, writeForm, writeXlsx, type XlsxColumn } from '../platform/tables/write-table.ts'
import { findingText } from './finding.rules.ts'
import { judgedText, limitText, timesOverText } from './judged-text.ts'
import { type JudgedResult, judgeSamples, listPollutants, listSamples, type SampleFilter } from './quality.queries.ts'
import { refuseQuality } from './quality.refusals.ts'
import { saySampleReason } from './sample.reasons.ts'
import { sourceNames } from './sample.ts'
import { type SampleField, sampleColumnNames, sampleExportFields } from './samples-file.ts'
import { samplesRowsOf } from './samples-import.queries.ts'

type Table = { readonly columns: readonly XlsxColumn[]; readonly rows: readonly (readonly string[])[] }

/**
 * Writes the undecided held and rejected rows as the file had them, with verdict, reason, remedy and where they come
 * from: corrected in Excel, the file is imported again and takes them over.
 */
export async function exportSampleRows(
  db: Db,
  input: { readonly importId: string; readonly path: string; readonly language: 'zh' | 'en' },
): Promise<{ readonly path: string; readonly rows: number } | Refusal> {
  const { importId, path, language } = input
  const told = await samplesRowsOf(db, importId)
  if (isRefusal(told)) return told
  const exported = new Set<string>(sampleExportFields.flatMap((field) => sampleColumnNames[field]))
  const kept = told.found.titles.flatMap((title, column) => (exported.has(title) ? [] : [{ title, column }]))
  const join = (texts: readonly string[]) => [...new Set(texts)].join(language === 'zh' ? '；' : ' ')
  const rows = told.rows
    .filter(({ decision }) => decision === null)
    .map(({ rowNo, verdict, cells, reasons }) => {
      const said = reasons.map((reason) => saySampleReason(reason, language))
      return [
        ...kept.map(({ column }) => cells[column] ?? ''),
        importId,
        String(rowNo),
        sayVerdict(verdict, undefined, language),
        join(said.map(({ cause }) => cause)),
        join(said.map(({ remedy }) => remedy)),
      ]
    })
  const titles = [...kept.map(({ title }) => title), ...sampleExportFields.map((field) => sampleColumnNames[field][0])]
  return write(path, '待改正', { columns: titles.map((title) => ({ title, kind: 'text' })), rows })
}

/** Writes samples with every result, its limit and verdict. */
export async function exportSamples(
  db: Db,
  filter: SampleFilter,
  path: string,
): Promise<{ readonly path: string; readonly rows: number } | Refusal> {
  const pollutants = new Map((await listPollutants(db)).map(({ code, zh }) => [code, zh]))
  const judged = await judgeSamples(db, await listSamples(db, { ...filter, limit: 50_000 }))
  const text = (title: string): XlsxColumn => ({ title, kind: 'text' })
  const titles = [
    '编号',
    '排污者代码',
    '排污者',
    '排污口',
    '采样日期',
    '采样时间',
    '来源',
    '监测单位',
    '样品编号',
    '采样人',
    '污染物',
    '结果',
    '单位',
    '检出限',
    '方法',
    '限值',
    '限值单位',
    '判定',
    '超标倍数',
    '依据',
    '报告编号',
    '撤回原因',
  ]
  const rows = judged.map(({ sample, result, judged: outcome }: JudgedResult) => [
    sample.sampleId,
    sample.outlet.dischargerCode,
    sample.outlet.dischargerName,
    sample.outlet.outletNo,
    sample.takenOn,
    sample.takenAt,
    sourceNames[sample.source].zh,
    sample.body,
    sample.sampleNo,
    sample.sampler,
    pollutants.get(result.pollutant) ?? result.pollutant,
    findingText(result.finding),
    result.unit,
    result.finding.kind === 'below' ? plainText(result.finding.detectionLimit) : '',
    result.method,
    outcome.limit === undefined ? '' : limitText(outcome.limit, 'zh'),
    outcome.limit?.unit ?? '',
    judgedText(outcome, 'zh'),
    timesOverText(outcome),
    outcome.limit?.document ?? '',
    sample.reportNo,
    sample.withdrawn ?? '',
  ])
  return write(path, '样品', { columns: titles.map(text), rows })
}

async function write(
  path: string,
  name: string,
  { columns, rows }: Table,
): Promise<{ path: string; rows: number } | Refusal> {
  const format = formatOfName(path)
  if (isRefusal(format)) return format
  if (rows.length === 0) return refuseQuality('samples_export_empty')
  if (format === 'csv') {
    const header = columns.map(({ title }) => title)
    return { path, rows: await writeCsv(path, header, rows) }
  }
  return (await writeXlsx(path, [{ name, columns, rows }])) ?? { path, rows: rows.length }
}

/** Writes the blank form of a file of samples. */
export async function writeSamplesTemplate(path: string): Promise<Refusal | undefined> {
  const sources = Object.values(sourceNames).map(({ zh }) => zh)
  const column = (field: SampleField, example: string, note: string) => ({
    title: sampleColumnNames[field][0],
    kind: 'text' as const,
    example,
    note,
  })
  return writeForm(
    path,
    [
      column('dischargerCode', 'P0012', '必填。'),
      column('outletNo', '1', '必填。采样日须已登记。'),
      column('body', '示例检测有限公司', '必填。出具结果的单位。'),
      column('sampleNo', 'W260310-01', '必填。同一样品的各行相同；同一单位不得重复。'),
      column('source', '有资质单位', `必填。${sources.join('、')}。`),
      column('certificateNo', '181412341234', '有资质单位必填。'),
      column('takenOn', '2026-03-10', '必填。按当日的许可限值判定。'),
      column('takenAt', '08:30', '可不填。'),
      column('sampler', '示例甲', '必填。'),
      column('dayVolumeM3', '412.5', '可不填；核算日排放总量时需要，立方米。'),
      column('reportNo', '示例检字〔2026〕31号', '可不填。'),
      column('pollutant', '化学需氧量', '必填。名称、代码或通用缩写。'),
      column('result', '85', '必填。低于检出限写 <4、4L 或 ND（并填检出限），不得写 0。'),
      column('unit', 'mg/L', '空则用该污染物的单位。'),
      column('detectionLimit', '4', '结果写 ND 的必填。'),
      column('method', 'HJ 828-2017', '必填。'),
    ],
    '样品导入表：每行一个样品的一项结果。一个样品的各行要么全部登记，要么全部退回改正。',
  )
}
