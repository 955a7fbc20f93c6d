import { type Command, Option } from 'commander'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type Cli, Ended, type Language, malformed, readCount } from '../platform/cli.ts'
import { alignColumns, instantForPeople } from '../platform/cli-text.ts'
import { readWholeFile } from '../platform/files.ts'
import { readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { exportSampleRows, exportSamples, writeSamplesTemplate } from './export-samples.ts'
import { findingText } from './finding.rules.ts'
import { importSamplesFile, type SamplesImportAnswer } from './import-samples.ts'
import { judgedText, limitWithUnit, timesOverText } from './judged-text.ts'
import { sampleJson, sampleLineJson, samplesImportJson } from './quality.json.ts'
import { listJudgedSamples, listPollutants, type SampleFilter, samplingDays } from './quality.queries.ts'
import { refuseQuality } from './quality.refusals.ts'
import { recordSample, withdrawSample } from './record-sample.ts'
import { sampleReasonTitle, saySampleReason } from './sample.reasons.ts'
import { sourceNames, sources } from './sample.ts'
import { readSamplesFile } from './samples-file.ts'
import { samplesImports, samplesRowsOf } from './samples-import.queries.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`

/** `quality samples …`. */
export function registerSampleCommands(quality: Command, cli: Cli): void {
  const samples = quality.command('samples').description('样品与结果 samples and their results')
  registerReads(samples, cli)
  registerEntry(samples, cli)
  registerFiles(samples, cli)
}

/** Options that narrow samples: whose, and days of sampling, the last one included. */
export interface PeriodOptions {
  discharger?: string
  from?: string
  until?: string
}
export function periodOptions(command: Command): Command {
  return command
    .option('--discharger <code>', '排污者编号 discharger')
    .option('--from <date>', '采样自 taken from')
    .option('--until <date>', '采样至（含当日） taken until, inclusive')
}
export function sampleFilter(options: PeriodOptions): SampleFilter | Refusal {
  const from = readDate('--from', options.from)
  const until = readDate('--until', options.until)
  if (isRefusal(from)) return from
  if (isRefusal(until)) return until
  const taken = samplingDays(from, until)
  return { taken, ...(options.discharger === undefined ? {} : { dischargerCode: options.discharger }) }
}

function registerReads(samples: Command, cli: Cli): void {
  periodOptions(samples.command('list').description('样品，新的在前 samples, newest first'))
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu quality samples list --discharger P0012 --from 2026-03-01'))
    .action(async (options: PeriodOptions & { limit: string }) => {
      const filter = sampleFilter(options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const found = await listJudgedSamples(db, { ...filter, limit })
      const lines = found.map(sampleLineJson)
      cli.show(lines as unknown as Json, (language) => {
        const zh = language === 'zh'
        if (found.length === 0) {
          return [
            zh
              ? '没有样品。空白表：qingliu quality samples template 样品.xlsx'
              : 'No samples. A blank form: qingliu quality samples template samples.xlsx',
          ]
        }
        return alignColumns(
          zh
            ? ['编号', '采样日', '排污者', '排污口', '来源', '监测单位', '样品编号', '结果', '超标']
            : ['no.', 'taken on', 'discharger', 'outlet', 'source', 'body', 'sample', 'results', 'exceeds'],
          lines.map((sample) => [
            sample.sampleId,
            sample.takenOn,
            sample.dischargerName,
            sample.outletNo,
            sourceNames[sample.source][language],
            sample.body,
            sample.sampleNo,
            String(sample.results),
            sample.withdrawn === null ? String(sample.exceeds) : zh ? '已撤回' : 'withdrawn',
          ]),
          [0, 7, 8],
        )
      })
    })

  samples
    .command('show <sample>')
    .description('一个样品的全部结果与判定 one sample with its results under the limits of its day')
    .addHelpText('after', example('qingliu quality samples show 12'))
    .action(async (sampleId: string) => {
      const { db } = await cli.services()
      const [found] = /^\d{1,18}$/.test(sampleId) ? await listJudgedSamples(db, { sampleId }) : []
      if (found === undefined) return cli.refuse(refuseQuality('sample_missing', { sample: sampleId }))
      const { sample, judged } = found
      const names = new Map((await listPollutants(db)).map((each) => [each.code, each]))
      const { outlet, withdrawn } = sample
      cli.show(sampleJson(found) as unknown as Json, (language) => {
        const zh = language === 'zh'
        const time = sample.takenAt === '' ? '' : ` ${sample.takenAt}`
        return [
          zh
            ? `样品 ${sample.sampleNo}（${sample.body}，${sourceNames[sample.source].zh}）　${outlet.dischargerName} ${outlet.outletNo} 号排污口　${sample.takenOn}${time}　采样人 ${sample.sampler}`
            : `Sample ${sample.sampleNo} (${sample.body}, ${sourceNames[sample.source].en})  ${outlet.dischargerName}, outlet ${outlet.outletNo}  ${sample.takenOn}${time}  by ${sample.sampler}`,
          ...(withdrawn === undefined ? [] : [zh ? `已撤回：${withdrawn}` : `Withdrawn: ${withdrawn}`]),
          ...alignColumns(
            zh
              ? ['污染物', '结果', '单位', '限值', '判定', '超标倍数', '方法', '限值依据']
              : ['pollutant', 'result', 'unit', 'limit', 'verdict', 'times above', 'method', 'document'],
            judged.map(({ result, judged: outcome }) => [
              names.get(result.pollutant)?.[language] ?? result.pollutant,
              findingText(result.finding),
              result.unit,
              outcome.limit === undefined ? '' : limitWithUnit(outcome.limit, language),
              judgedText(outcome, language),
              timesOverText(outcome),
              result.method,
              outcome.limit?.document ?? '',
            ]),
            [1, 5],
          ),
        ]
      })
    })
}

interface RecordOptions {
  outlet: string
  body: string
  sampleNo: string
  source: string
  certificate?: string
  on: string
  at?: string
  sampler: string
  dayVolume?: string
  report?: string
  method: string
  result: string[]
  evidence?: string
}

function registerEntry(samples: Command, cli: Cli): void {
  samples
    .command('record <discharger>')
    .description('登记一个样品 enter one sample')
    .requiredOption('--outlet <no>', '排污口 outlet')
    .requiredOption('--body <name>', '监测单位 who analysed it')
    .requiredOption('--sample-no <no>', '样品编号 its number')
    .addOption(new Option('--source <source>', '来源').choices(sources).makeOptionMandatory())
    .option('--certificate <no>', '资质证书号 certificate of a qualified body')
    .requiredOption('--on <date>', '采样日 taken on')
    .option('--at <time>', '采样时间 time, 08:30')
    .requiredOption('--sampler <name>', '采样人 who took it')
    .option('--day-volume <m3>', '当日排水量 m³ discharged that day')
    .option('--report <no>', '报告编号 number of the report')
    .requiredOption('--method <text>', '方法 method, of results that name none')
    .requiredOption(
      '--result <pollutant=result>',
      '结果，可多次；=结果@方法 repeatable, a method after @',
      (value: string, before: string[] = []) => [...before, value],
    )
    .option('--evidence <file>', '监测报告文件 file of the report')
    .addHelpText(
      'after',
      example(
        'qingliu quality samples record P0012 --outlet 1 --body 园区污水处理厂 --sample-no W0310 --source plant --on 2026-03-10 --sampler 示例甲 --method "HJ 828-2017" --result COD=850 --as plant',
      ),
    )
    .action(async (dischargerCode: string, options: RecordOptions) => {
      const takenOn = readDate('--on', options.on)
      if (isRefusal(takenOn)) return cli.refuse(takenOn)
      const results = options.result.map((text) => {
        const parts = /^([^=＝]+)[=＝]([^@]+)(?:@(.+))?$/.exec(text)
        if (parts === null) return end(cli, malformed('--result', text, '污染物=结果[@方法]，例 COD=85、总铅=<0.05'))
        const [, pollutant = '', result = '', method = options.method] = parts
        return {
          pollutant: pollutant.trim(),
          result: result.trim(),
          unit: '',
          detectionLimit: '',
          method: method.trim(),
        }
      })
      const evidence = options.evidence === undefined ? undefined : await readWholeFile(options.evidence)
      if (isRefusal(evidence)) return cli.refuse(evidence)
      const entered = {
        dischargerCode,
        outletNo: options.outlet,
        body: options.body,
        sampleNo: options.sampleNo,
        source: options.source,
        certificateNo: options.certificate ?? '',
        takenOn,
        takenAt: options.at ?? '',
        sampler: options.sampler,
        dayVolumeM3: options.dayVolume ?? '',
        reportNo: options.report ?? '',
        results,
      }
      const outcome = await recordSample(await cli.services(), cli.envelope(), entered, evidence)
      cli.showOutcome(outcome, (answer, language) => {
        const zh = language === 'zh'
        if (answer.unchanged)
          return [
            zh
              ? `样品 ${answer.sampleNo} 已登记过，未作改动。`
              : `Sample ${answer.sampleNo} was stored before; nothing was changed.`,
          ]
        return [
          zh
            ? `已登记样品 ${answer.sampleNo}（编号 ${answer.sampleId}），结果 ${answer.results} 项，超标 ${answer.exceeds} 项。`
            : `Stored sample ${answer.sampleNo} (no. ${answer.sampleId}): ${answer.results} results, ${answer.exceeds} above their limits.`,
          ...(answer.exceeds === 0
            ? []
            : [
                zh
                  ? `移送：qingliu quality referrals propose --sample ${answer.sampleId} --recipient 受移送机关 --as brigade`
                  : `To refer it: qingliu quality referrals propose --sample ${answer.sampleId} --recipient AUTHORITY --as brigade`,
              ]),
        ]
      })
    })

  samples
    .command('withdraw <sample>')
    .description('撤回登记有误的样品 withdraw a mistaken sample')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('qingliu quality samples withdraw 12 --reason 样品编号登记错误 --as plant'))
    .action(async (sampleId: string, options: { reason: string }) => {
      const withdrawal = { sampleId, reason: options.reason }
      cli.showOutcome(await withdrawSample(await cli.services(), cli.envelope(), withdrawal), (answer, language) => [
        language === 'zh' ? `样品 ${answer.sampleNo} 已撤回。` : `Sample ${answer.sampleNo} is withdrawn.`,
      ])
    })
}

function registerFiles(samples: Command, cli: Cli): void {
  samples
    .command('import <file>')
    .description('导入样品（.xlsx、.xls、.csv），每行一项结果 take in a file of samples, a row per result')
    .addHelpText('after', example('qingliu quality samples import 3月水质.xlsx --as plant'))
    .action(async (path: string) => {
      const services = await cli.services()
      const file = await readSamplesFile(path)
      if (isRefusal(file)) return cli.refuse(file)
      cli.showOutcome(await importSamplesFile(services, cli.envelope(file.identity), file), importLines)
    })

  samples
    .command('imports')
    .description('样品导入记录 files of samples taken in')
    .addHelpText('after', example('qingliu quality samples imports'))
    .action(async () => {
      const found = await samplesImports((await cli.services()).db)
      cli.show(found.map(samplesImportJson) as unknown as Json, (language) =>
        alignColumns(
          language === 'zh'
            ? ['编号', '行数', '通过', '待审', '拒绝', '未处理', '文件', '导入人', '时间']
            : ['no.', 'rows', 'accepted', 'held', 'rejected', 'undecided', 'file', 'by', 'at'],
          found.map((each) => [
            each.importId,
            ...[each.rows.in, each.rows.accepted, each.rows.held, each.rows.rejected, each.undecided].map(String),
            each.fileName,
            each.importedBy,
            instantForPeople(each.recordedAt),
          ]),
          [0, 1, 2, 3, 4, 5],
        ),
      )
    })

  samples
    .command('rows <import>')
    .description('待审和拒绝的行 held and rejected rows')
    .addHelpText('after', example('qingliu quality samples rows 12'))
    .action(async (importId: string) => {
      const told = await samplesRowsOf((await cli.services()).db, importId)
      if (isRefusal(told)) return cli.refuse(told)
      cli.show(told.rows as unknown as Json, (language) => {
        const zh = language === 'zh'
        const verdicts = zh ? { held: '待审', rejected: '拒绝' } : { held: 'held', rejected: 'rejected' }
        if (told.rows.length === 0) return [zh ? '各行均已通过。' : 'Every row was accepted.']
        return told.rows.flatMap((row) => [
          `${zh ? `第 ${row.rowNo} 行` : `Row ${row.rowNo}`}  ${verdicts[row.verdict]}  ${row.decision ?? ''}`.trimEnd(),
          ...row.reasons.flatMap((reason) => {
            const { cause, remedy } = saySampleReason(reason, language)
            return [`    ${cause}`, `    → ${remedy}`]
          }),
        ])
      })
    })

  samples
    .command('export-rows <import> <path>')
    .description('导出待审和拒绝的行，改正后可再导入 held and rejected rows, to be corrected and imported again')
    .addHelpText('after', example('qingliu quality samples export-rows 12 待改正.xlsx'))
    .action(async (importId: string, path: string) => {
      const exported = await exportSampleRows((await cli.services()).db, { importId, path, language: cli.language })
      if (isRefusal(exported)) return cli.refuse(exported)
      showWritten(cli, exported)
    })

  periodOptions(samples.command('export').description('导出样品、限值与判定 samples with limits and verdicts'))
    .requiredOption('--to <path>', '目标文件 .xlsx 或 .csv target file')
    .addHelpText(
      'after',
      example('qingliu quality samples export --from 2026-03-01 --until 2026-03-31 --to 水质2026-03.xlsx'),
    )
    .action(async (options: PeriodOptions & { to: string }) => {
      const filter = sampleFilter(options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const exported = await exportSamples((await cli.services()).db, filter, options.to)
      if (isRefusal(exported)) return cli.refuse(exported)
      showWritten(cli, exported)
    })

  samples
    .command('template <path>')
    .description('空白样品导入表 a blank form to fill in')
    .addHelpText('after', example('qingliu quality samples template 样品.xlsx'))
    .action(async (path: string) => {
      const refusal = await writeSamplesTemplate(path)
      if (refusal !== undefined) return cli.refuse(refusal)
      cli.show({ path }, (language) => [language === 'zh' ? `已生成 ${path}` : `Written: ${path}`])
    })
}

function showWritten(cli: Cli, written: { path: string; rows: number }): void {
  cli.show(written, (language) => [
    language === 'zh' ? `已导出 ${written.rows} 行：${written.path}` : `${written.rows} rows written: ${written.path}`,
  ])
}

/** What became of a file of samples, in words. */
export function importLines(answer: SamplesImportAnswer, language: Language): string[] {
  const zh = language === 'zh'
  const { rows } = answer
  return [
    zh ? `导入 ${answer.importId}：文件 ${answer.file}` : `Import ${answer.importId}: file ${answer.file}`,
    zh
      ? `${rows.in} 行：通过 ${rows.accepted}，待审 ${rows.held}，拒绝 ${rows.rejected}`
      : `${rows.in} rows: ${rows.accepted} accepted, ${rows.held} held, ${rows.rejected} rejected`,
    zh
      ? `登记样品 ${answer.samples} 个，与已登记相同 ${answer.unchanged} 个；超标结果 ${answer.exceeds} 项。`
      : `${answer.samples} samples stored, ${answer.unchanged} known before; ${answer.exceeds} results above their limits.`,
    ...(answer.settled === 0
      ? []
      : [
          zh
            ? `改正后取代了以前导入的 ${answer.settled} 行。`
            : `${answer.settled} rows of earlier imports were taken over.`,
        ]),
    ...Object.entries(answer.reasons).map(([code, number]) =>
      zh ? `  ${sampleReasonTitle(code, 'zh')}：${number} 行` : `  ${sampleReasonTitle(code, 'en')}: ${number}`,
    ),
    ...(rows.held + rows.rejected === 0
      ? []
      : [
          zh
            ? `查看：qingliu quality samples rows ${answer.importId}　导出改正：qingliu quality samples export-rows ${answer.importId} 待改正.xlsx`
            : `See: qingliu quality samples rows ${answer.importId}   export to correct: qingliu quality samples export-rows ${answer.importId} held.xlsx`,
        ]),
    ...(answer.exceeds === 0
      ? []
      : [zh ? '超标：qingliu quality exceedances' : 'Exceedances: qingliu quality exceedances']),
  ]
}

function end(cli: Cli, refusal: Refusal): never {
  cli.refuse(refusal)
  throw new Ended(refusal.code)
}
