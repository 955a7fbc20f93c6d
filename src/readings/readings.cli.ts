import { type Command, Option } from 'commander'
import { findAccount } from '../dischargers/account.queries.ts'
import { type CivilDate, type FeeMonth, parseCivilDate, parseFeeMonth } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import { type Cli, Ended, type Language, malformed } from '../platform/cli.ts'
import { alignColumns, instantForPeople } from '../platform/cli-text.ts'
import type { Json } from '../platform/platform.tables.ts'
import { rowDecisionNames } from '../platform/row-decisions.ts'
import type { TextEncoding } from '../platform/tables/table-file.ts'
import { acceptRows, correctRow, type DecisionAnswer, rejectRows } from './decide-row.ts'
import { type EstimateInput, estimateReading } from './estimate-reading.ts'
import { exportRows } from './export-rows.ts'
import { type ImportFinding, sayFinding } from './import.findings.ts'
import { type ImportAnswer, importReadings } from './import-readings.ts'
import {
  absentAccounts,
  type ImportReport,
  importReport,
  type ReadingImport,
  readingImports,
  rowsOf,
} from './import-report.queries.ts'
import { previewReadings } from './preview-readings.ts'
import { isReasonCode, readingReasons, reasonSentence, sayReason } from './reading.reasons.ts'
import { type ChainedReading, readingsOfAccount } from './reading-chain.queries.ts'
import { readingColumnNames, readingFields, type StatedTexts } from './reading-columns.ts'
import { refuseReading } from './readings.refusals.ts'
import { examineReadingsFile, type FileChoice } from './readings-file.ts'
import { writeReadingsTemplate } from './readings-template.ts'
import { titleOfReason } from './reason-titles.ts'
import { type EnteredReading, recordReading } from './record-reading.ts'
import { withdrawReading } from './withdraw-reading.ts'

type Options = Record<string, string | undefined>
type ListOptions = Record<string, string[] | undefined>

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`
const collect = (value: string, before: string[] = []) => [...before, value]
const m3 = (text: string) => volumeForPeople(volume(text))
const count = (number: number) => number.toLocaleString('en')

/** `qingliu readings …`: files of water companies, held rows, entries by hand. */
export function registerReadingsCommands(program: Command, cli: Cli): void {
  const readings = program
    .command('readings')
    .description('抄表：导入、审核、登记 meter readings: import, review, entry')
  registerFiles(readings, cli)
  registerRows(readings, cli)
  registerEntries(readings, cli)
}

function registerFiles(readings: Command, cli: Cli): void {
  fileCommand(readings, 'import <file>', '导入供水公司的抄表文件 take in a water company’s file')
    .addHelpText(
      'after',
      example(
        'qingliu readings import 2026-03.csv --collector gx-water --as gx-operator',
        'qingliu readings import 3月.xlsx --collector mt-water --month 2026-03 --map 用水量=实收水量 --as mt-operator',
      ),
    )
    .action(async (path: string, options: Options & ListOptions) => {
      const services = await cli.services()
      const file = await examineReadingsFile(services, fileChoice(cli, path, options))
      if (isRefusal(file)) return cli.refuse(file)
      try {
        const outcome = await importReadings(services, cli.envelope(file.identity), file)
        const isStored = isRefusal(outcome) || outcome.repeated || !outcome.dryRun
        cli.showOutcome(outcome, isStored ? importLines : triedLines(path))
      } finally {
        await file.close()
      }
    })

  fileCommand(
    readings,
    'preview <file>',
    '试读文件：列对应、前几行、各类行数，不保存 how a file is understood; nothing is stored',
  )
    .addHelpText('after', example('qingliu readings preview 2026-03.csv --collector gx-water --as gx-operator'))
    .action(async (path: string, options: Options & ListOptions) => {
      const preview = await previewReadings(await cli.services(), cli.envelope(), fileChoice(cli, path, options))
      if (isRefusal(preview)) return cli.refuse(preview)
      cli.show(preview, (language) => {
        const zh = language === 'zh'
        const sources = {
          recognised: zh ? '自动识别' : 'recognised',
          remembered: zh ? '上次改正的' : 'remembered',
          corrected: zh ? '本次改正' : 'corrected now',
        }
        return [
          zh
            ? `表头在第 ${preview.headerRow} 行。列对应（${sources[preview.mappingSource]}；用 --map 改正）：`
            : `The header is row ${preview.headerRow}. Columns (${sources[preview.mappingSource]}; correct them with --map):`,
          ...mappingLines(preview.mapping, language),
          '',
          ...alignColumns(
            [zh ? '行' : 'row', ...preview.titles],
            preview.firstRows.map(({ rowNo, cells }) => [String(rowNo), ...cells]),
            [0],
          ),
          '',
          ...(preview.importedBefore
            ? [zh ? '该文件以前导入过，结果是：' : 'The file was imported before, with this result:']
            : [zh ? '如果导入，结果会是：' : 'Importing it would come to:']),
          ...(preview.importedBefore ? importLines : triedLines(path))(preview.outcome, language),
        ]
      })
    })

  readings
    .command('imports')
    .description('导入记录 files taken in')
    .option('--collector <code>', '代征单位 collector')
    .option('--month <month>', '用水月份 fee month, YYYY-MM')
    .addHelpText('after', example('qingliu readings imports --month 2026-03'))
    .action(async (options: Options) => {
      const month = monthOption(cli, options['month'])
      const imports = await readingImports((await cli.services()).db, {
        ...(options['collector'] === undefined ? {} : { collectorCode: options['collector'] }),
        ...(month === undefined ? {} : { feeMonth: month }),
      })
      cli.show(imports.map(importJson), (language) =>
        alignColumns(
          language === 'zh'
            ? [
                '编号',
                '代征单位',
                '月份',
                '行数',
                '通过',
                '待审',
                '拒绝',
                '未处理',
                '水量 m³',
                '文件',
                '导入人',
                '时间',
              ]
            : [
                'no.',
                'collector',
                'month',
                'rows',
                'accepted',
                'held',
                'rejected',
                'undecided',
                'm³',
                'file',
                'by',
                'at',
              ],
          imports.map((each) => [
            each.importId,
            each.collectorCode,
            each.feeMonth,
            count(each.rows.in),
            count(each.rows.accepted),
            count(each.rows.held),
            count(each.rows.rejected),
            count(each.undecided),
            m3(each.volumesM3.in),
            each.fileName,
            each.importedBy,
            instantForPeople(each.recordedAt),
          ]),
          [0, 3, 4, 5, 6, 7, 8],
        ),
      )
    })

  readings
    .command('report <import>')
    .description('一次导入的结果与处理情况 what a file came to, and what became of its rows')
    .addHelpText('after', example('qingliu readings report 12'))
    .action(async (importId: string) => {
      const report = await importReport((await cli.services()).db, importId)
      if (isRefusal(report)) return cli.refuse(report)
      cli.show({ ...importJson(report), reasons: report.reasons, decisions: report.decisions } as Json, (language) =>
        reportLines(report, language),
      )
    })

  readings
    .command('absent <import>')
    .description('文件中没有、本月也没有抄表记录的在用户 open accounts without a reading of the import’s month')
    .addHelpText('after', example('qingliu readings absent 12'))
    .action(async (importId: string) => {
      const { db } = await cli.services()
      const report = await importReport(db, importId)
      if (isRefusal(report)) return cli.refuse(report)
      const accountNos: string[] = []
      for await (const page of absentAccounts(db, report.importId))
        accountNos.push(...page.map(({ accountNo }) => accountNo))
      cli.show({ count: accountNos.length, accountNos }, (language) => [
        language === 'zh' ? `${count(accountNos.length)} 户：` : `${count(accountNos.length)} accounts:`,
        ...accountNos,
      ])
    })

  readings
    .command('template <path>')
    .description('空白导入表（.xlsx 或 .csv） a blank form to fill in')
    .addHelpText('after', example('qingliu readings template 抄表导入表.xlsx'))
    .action(async (path: string) => {
      const refusal = await writeReadingsTemplate(path)
      if (refusal !== undefined) return cli.refuse(refusal)
      cli.show({ path }, (language) => [language === 'zh' ? `已生成 ${path}` : `Written: ${path}`])
    })
}

function fileCommand(readings: Command, name: string, description: string): Command {
  return readings
    .command(name)
    .description(description)
    .requiredOption('--collector <code>', '代征单位 collector whose file it is')
    .option('--month <month>', '用水月份，文件没有月份列时必填 fee month, YYYY-MM')
    .option('--map <field=column>', '改正列对应，可多次；会记住 correct a column; remembered', collect)
    .addOption(
      new Option('--encoding <name>', '文字编码 text encoding').choices(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']),
    )
    .option('--sheet <name>', '工作表 sheet of a workbook')
    .option('--header-row <row>', '表头所在行 row of the header')
    .option('--unit-note <text>', '关于单位的说明，随导入保存 a remark on units, kept with the import')
}

function registerRows(readings: Command, cli: Cli): void {
  readings
    .command('rows <import>')
    .description('待审和拒绝的行 held and rejected rows')
    .option('--held', '只看待审 held only')
    .option('--rejected', '只看拒绝 rejected only')
    .option('--undecided', '只看未处理 undecided only')
    .option('--code <code>', '含该原因的 with this reason')
    .option('--limit <count>', '最多几行 how many', '50')
    .addHelpText('after', example('qingliu readings rows 12 --undecided', 'qingliu readings rows 12 --code jump'))
    .action(
      async (importId: string, options: Options & { held?: boolean; rejected?: boolean; undecided?: boolean }) => {
        const { db } = await cli.services()
        const report = await importReport(db, importId)
        if (isRefusal(report)) return cli.refuse(report)
        const { code } = options
        if (code !== undefined && !isReasonCode(code)) return cli.refuse(codeUnknown(code))
        const rows = await rowsOf(db, report.importId, {
          ...rowFilter(options),
          limit: wholeNumber(cli, '--limit', options['limit'] ?? '50'),
        })
        const json = rows.map((row) => ({
          ...row,
          decision: row.decision === undefined ? null : { ...row.decision, at: row.decision.at.toISOString() },
        }))
        cli.show(json as unknown as Json, (language) => {
          const zh = language === 'zh'
          const verdicts = zh ? { held: '待审', rejected: '拒绝' } : { held: 'held', rejected: 'rejected' }
          return rows.flatMap((row) => [
            [
              zh ? `第 ${row.rowNo} 行` : `Row ${row.rowNo}`,
              verdicts[row.verdict],
              `${zh ? '户号' : 'account'} ${row.accountNo ?? '—'}`,
              row.volumeM3 === null ? '—' : `${m3(row.volumeM3)} m³`,
              row.decision === undefined
                ? zh
                  ? '未处理'
                  : 'undecided'
                : `${rowDecisionNames[row.decision.decision][language]}：${row.decision.reason}（${row.decision.by}）`,
            ].join('  '),
            ...row.reasons.flatMap((reason) => {
              const { cause, remedy } = sayReason(reason, language)
              return [
                `    ${titleOfReason(reason.code, language)}`,
                `    ${cause}`,
                ...(remedy === '' ? [] : [`    → ${remedy}`]),
              ]
            }),
          ])
        })
      },
    )

  rowChoice(
    readings.command('accept <import>').description('接受待审的行（城管局经办） accept held rows as they stand'),
  )
    .option('--accept <codes>', '此后新出现、同样接受的原因 reasons that came up since, accepted too')
    .addHelpText(
      'after',
      example(
        'qingliu readings accept 12 --rows 118 --reason 现场核实 --as clerk',
        'qingliu readings accept 12 --code zero_with_history --reason 停产名单 --as clerk',
      ),
    )
    .action(async (importId: string, options: Options) => {
      const choice = {
        importId,
        ...chosenRows(cli, options),
        reason: options['reason'] ?? '',
        accept: listed(options['accept']),
      }
      cli.showOutcome(await acceptRows(await cli.services(), cli.envelope(), choice), decisionLines('接受', 'accepted'))
    })

  rowChoice(readings.command('reject <import>').description('拒绝行 refuse rows for good'))
    .addHelpText('after', example('qingliu readings reject 12 --rows 38 --reason 重复 --as clerk'))
    .action(async (importId: string, options: Options) => {
      const choice = { importId, ...chosenRows(cli, options), reason: options['reason'] ?? '' }
      cli.showOutcome(await rejectRows(await cli.services(), cli.envelope(), choice), decisionLines('拒绝', 'rejected'))
    })

  readings
    .command('correct <import> <row>')
    .description('改正一行；新值重新核对 correct one row; it is judged again')
    .requiredOption('--set <field=value>', '改正的内容，可多次 what is corrected', collect)
    .requiredOption('--reason <text>', '原因 why')
    .option('--accept <codes>', '属实、一并接受的原因 reasons that are true')
    .addHelpText(
      'after',
      example('qingliu readings correct 12 118 --set 本期读数=21420 --reason 照片核对 --as gx-operator'),
    )
    .action(async (importId: string, row: string, options: Options & ListOptions) => {
      const values = pairs(cli, (options['set'] ?? []) as string[])
      const rowNo = wholeNumber(cli, 'row', row)
      const input = {
        importId,
        rowNo,
        values,
        reason: options['reason'] as string,
        accept: listed(options['accept'] as string | undefined),
      }
      cli.showOutcome(await correctRow(await cli.services(), cli.envelope(), input), decisionLines('改正', 'corrected'))
    })

  readings
    .command('export <import> <path>')
    .description(
      '导出待审和拒绝的行，改正后可再导入（.xlsx 或 .csv） held and rejected rows, to be corrected and imported again',
    )
    .option('--held', '只要待审 held only')
    .option('--rejected', '只要拒绝 rejected only')
    .option('--undecided', '只要未处理 undecided only')
    .option('--code <code>', '含该原因的 with this reason')
    .addHelpText('after', example('qingliu readings export 12 待改正.xlsx --undecided'))
    .action(
      async (
        importId: string,
        path: string,
        options: Options & { held?: boolean; rejected?: boolean; undecided?: boolean },
      ) => {
        const { code } = options
        if (code !== undefined && !isReasonCode(code)) return cli.refuse(codeUnknown(code))
        const exported = await exportRows((await cli.services()).db, {
          importId,
          path,
          filter: rowFilter(options),
          language: cli.language,
        })
        if (isRefusal(exported)) return cli.refuse(exported)
        cli.show(exported, (language) => [
          language === 'zh'
            ? `已导出 ${count(exported.rows)} 行：${exported.path}`
            : `${count(exported.rows)} rows written: ${exported.path}`,
        ])
      },
    )
}

function rowChoice(command: Command): Command {
  return command
    .option('--rows <numbers>', '行号，用逗号分开 row numbers, separated by commas')
    .option('--code <codes>', '所有只因这些原因待审、未处理的行 all undecided rows with no reason but these')
    .requiredOption('--reason <text>', '原因 why')
}

function registerEntries(readings: Command, cli: Cli): void {
  readings
    .command('record <account>')
    .description('登记一条抄表（城管局经办，凭证据） enter one reading with its evidence')
    .option('--collector <code>', '代征单位 collector')
    .requiredOption('--month <month>', '用水月份 fee month')
    .option('--meter <no>', '表号，一户多表时必填 meter')
    .option('--read-on <date>', '抄表日期 day it was read')
    .option('--previous-read-on <date>', '上次抄表日期 day of the reading before')
    .option('--start <reading>', '上期读数 reading before; the stored one if left out')
    .option('--end <reading>', '本期读数 this reading')
    .option('--volume <m3>', '用水量 volume')
    .option('--source <word>', '实抄、远传、电话 actual, remote, phone')
    .option('--kind <word>', '换表残值、销户、补抄 residual, final, supplement')
    .requiredOption('--evidence <text>', '依据：照片、现场核查、来函 what it rests on')
    .option('--accept <codes>', '属实、一并接受的原因 reasons against it that are true')
    .addHelpText(
      'after',
      example(
        'qingliu readings record 0010233 --month 2026-03 --read-on 2026-03-31 --end 21420 --evidence 现场照片3号 --as clerk',
      ),
    )
    .action(async (accountNo: string, options: Options) => {
      const optional = {
        collectorCode: options['collector'],
        meterNo: options['meter'],
        start: options['start'],
        end: options['end'],
        volumeM3: options['volume'],
        source: options['source'],
        kind: options['kind'],
        readOn: dateOption(cli, '--read-on', options['readOn']),
        previousReadOn: dateOption(cli, '--previous-read-on', options['previousReadOn']),
      }
      const input: EnteredReading = {
        ...stated(optional),
        accountNo,
        feeMonth: month(cli, options['month']),
        evidence: options['evidence'] ?? '',
        accept: listed(options['accept']),
      }
      cli.showOutcome(await recordReading(await cli.services(), cli.envelope(), input), (answer, language) => [
        language === 'zh'
          ? `${answer.unchanged ? '与已存的相同，未作改动' : answer.replaces === null ? '已登记' : `已登记，取代记录 ${answer.replaces}`}：户号 ${answer.account}，${answer.feeMonth}，用水 ${answer.usedFrom} 至 ${answer.usedUntil}（不含），${m3(answer.volumeM3)} m³。`
          : `${answer.unchanged ? 'The same is stored already; nothing was changed' : answer.replaces === null ? 'Entered' : `Entered in the place of reading ${answer.replaces}`}: account ${answer.account}, ${answer.feeMonth}, used from ${answer.usedFrom} until ${answer.usedUntil} (excluded), ${m3(answer.volumeM3)} m³.`,
      ])
    })

  readings
    .command('estimate <account>')
    .description('估抄一个月（城管局经办，写明原因） estimate one month with the reason')
    .option('--collector <code>', '代征单位 collector')
    .requiredOption('--month <month>', '用水月份 fee month')
    .option('--meter <no>', '表号，一户多表时必填 meter')
    .requiredOption('--reason <text>', '未能实抄的原因 why it was not read')
    .addHelpText('after', example('qingliu readings estimate 0010233 --month 2026-03 --reason 表井积水 --as clerk'))
    .action(async (accountNo: string, options: Options) => {
      const optional = { collectorCode: options['collector'], meterNo: options['meter'] }
      const input: EstimateInput = {
        ...stated(optional),
        accountNo,
        feeMonth: month(cli, options['month']),
        reason: options['reason'] ?? '',
      }
      cli.showOutcome(await estimateReading(await cli.services(), cli.envelope(), input), (answer, language) => [
        language === 'zh'
          ? `户号 ${answer.account}，${answer.feeMonth} 估抄 ${m3(answer.volumeM3)} m³（前三个实抄月的平均），连续第 ${answer.inARow} 个月。`
          : `Account ${answer.account}, ${answer.feeMonth}: ${m3(answer.volumeM3)} m³ estimated (mean of the last three actual months), number ${answer.inARow} in a row.`,
      ])
    })

  readings
    .command('withdraw <reading>')
    .description('撤回一条抄表记录 take a reading back')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('qingliu readings withdraw 88213 --reason 误录他户 --as clerk'))
    .action(async (readingId: string, options: Options) => {
      const outcome = await withdrawReading(await cli.services(), cli.envelope(), {
        readingId,
        reason: options['reason'] ?? '',
      })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `已撤回抄表记录 ${answer.readingId}（${answer.feeMonth}，${m3(answer.volumeM3)} m³）。已开的账单不变，须由人工更正。`
          : `Reading ${answer.readingId} was taken back (${answer.feeMonth}, ${m3(answer.volumeM3)} m³). A bill already issued stands until a person corrects it.`,
      ])
    })

  readings
    .command('history <account>')
    .description('一个户的全部抄表记录，含被取代和撤回的 all readings of an account, superseded and withdrawn ones too')
    .option('--collector <code>', '代征单位 collector')
    .option('--since <month>', '自哪个月起 from this month on')
    .addHelpText('after', example('qingliu readings history 0010233 --since 2025-10'))
    .action(async (accountNo: string, options: Options) => {
      const { db } = await cli.services()
      const account = await findAccount(db, options['collector'], accountNo)
      if (isRefusal(account)) return cli.refuse(account)
      const found = await readingsOfAccount(db, account.accountId, monthOption(cli, options['since']))
      cli.show(
        found.map((each) => ({ ...each, recordedAt: each.recordedAt.toISOString() })) as unknown as Json,
        (language) => historyLines(found, language),
      )
    })
}

const sourceNames = {
  actual: { zh: '实抄', en: 'actual' },
  remote: { zh: '远传', en: 'remote' },
  phone: { zh: '电话', en: 'phone' },
  estimated: { zh: '估抄', en: 'estimated' },
  unstated: { zh: '未说明', en: 'not stated' },
} as const
const kindNames = {
  normal: { zh: '普通', en: 'ordinary' },
  residual: { zh: '换表残值', en: 'residual' },
  final: { zh: '销户', en: 'final' },
  supplement: { zh: '补抄', en: 'supplement' },
} as const
const statusNames = {
  effective: { zh: '有效', en: 'counts' },
  superseded: { zh: '已被取代', en: 'superseded' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
} as const

function historyLines(found: readonly ChainedReading[], language: Language): string[] {
  const zh = language === 'zh'
  const plain = (text: string | null) => (text === null ? '—' : m3(text))
  return alignColumns(
    zh
      ? ['编号', '月份', '抄表日期', '类型', '来源', '起码', '止码', '水量 m³', '状态', '出处', '备注']
      : ['no.', 'month', 'read on', 'kind', 'source', 'from', 'to', 'm³', 'state', 'origin', 'notes'],
    found.map((each) => [
      each.readingId,
      each.feeMonth,
      each.readOn,
      kindNames[each.kind][language],
      sourceNames[each.source][language],
      plain(each.startReading),
      plain(each.endReading),
      m3(each.volumeM3),
      `${statusNames[each.status][language]}${each.endReason === '' ? '' : `：${each.endReason}`}`,
      each.importId === null
        ? `${each.recordedBy}：${each.evidence ?? ''}`
        : zh
          ? `导入 ${each.importId} 第 ${each.rowNo} 行`
          : `import ${each.importId} row ${each.rowNo}`,
      each.notes.map((note) => reasonSentence(note, language)).join(' '),
    ]),
    [0, 5, 6, 7],
  )
}

/** An import that is stored, and how to go on with it. */
function importLines(answer: ImportAnswer, language: Language): string[] {
  const zh = language === 'zh'
  const { rows, importId } = answer
  return [
    zh
      ? `导入 ${importId}：${answer.collector} ${answer.feeMonth}，文件 ${answer.file}`
      : `Import ${importId}: ${answer.collector} ${answer.feeMonth}, file ${answer.file}`,
    ...outcomeLines(answer, language),
    ...absentPointer(answer.findings, importId, language),
    ...(rows.held + rows.rejected === 0
      ? []
      : [
          zh
            ? `查看：qingliu readings rows ${importId}　导出改正：qingliu readings export ${importId} 待改正.xlsx --undecided`
            : `See: qingliu readings rows ${importId}   export to correct: qingliu readings export ${importId} held.xlsx --undecided`,
        ]),
  ]
}

/** What an import would come to: it has no number yet, so all there is to do is to import the file. */
const triedLines =
  (path: string) =>
  (answer: ImportAnswer, language: Language): string[] => {
    const command = `qingliu readings import ${path} --collector ${answer.collector} --month ${answer.feeMonth}`
    return [
      language === 'zh'
        ? `试算：${answer.collector} ${answer.feeMonth}，文件 ${answer.file}`
        : `A trial: ${answer.collector} ${answer.feeMonth}, file ${answer.file}`,
      ...outcomeLines(answer, language),
      language === 'zh'
        ? `以上均未保存。正式导入：${command}（其余选项与本次相同，不加 --dry-run）`
        : `Nothing of this was saved. To import it: ${command} (with the other options as they were, without --dry-run)`,
    ]
  }

function absentPointer(findings: readonly ImportFinding[], importId: string, language: Language): string[] {
  if (!findings.some(({ code }) => code === 'accounts_absent')) return []
  return [
    language === 'zh'
      ? `文件中没有的全部户号：qingliu readings absent ${importId}`
      : `All accounts that are not in the file: qingliu readings absent ${importId}`,
  ]
}

function outcomeLines(answer: ImportAnswer, language: Language): string[] {
  const zh = language === 'zh'
  const { rows, volumesM3 } = answer
  const verdictRow = (name: string, number: number, volumeM3: string) => [name, count(number), m3(volumeM3)]
  return [
    ...alignColumns(
      ['', zh ? '行' : 'rows', 'm³'],
      [
        verdictRow(zh ? '通过' : 'accepted', rows.accepted, volumesM3.accepted),
        verdictRow(zh ? '待审' : 'held', rows.held, volumesM3.held),
        verdictRow(zh ? '拒绝' : 'rejected', rows.rejected, volumesM3.rejected),
        verdictRow(zh ? '合计' : 'in all', rows.in, volumesM3.in),
      ],
      [1, 2],
    ),
    ...(rows.withoutVolume === 0
      ? []
      : [
          zh
            ? `其中 ${count(rows.withoutVolume)} 行读不出水量，只计行数。`
            : `${count(rows.withoutVolume)} of them have no readable volume and count as rows only.`,
        ]),
    ...(answer.unchanged === 0
      ? []
      : [
          zh
            ? `${count(answer.unchanged)} 行与已存的相同，未作改动。`
            : `${count(answer.unchanged)} rows repeat what is stored.`,
        ]),
    ...answer.changes.map((change) =>
      zh
        ? `  更正 第 ${count(change.rowNo)} 行 户号 ${change.accountNo}：${changedValues(change, language).join('，')}`
        : `  corrected, row ${count(change.rowNo)}, account ${change.accountNo}: ${changedValues(change, language).join(', ')}`,
    ),
    ...Object.entries(answer.reasons).map(([code, number]) =>
      zh
        ? `  ${titleOfReason(code, language)}：${count(number)} 行`
        : `  ${titleOfReason(code, language)}: ${count(number)}`,
    ),
    ...answer.findings.map((each) => `· ${sayFinding(each, language)}`),
  ]
}

/** What a corrected file changed in a stored reading, and nothing else of it. */
function changedValues({ before, after }: ImportAnswer['changes'][number], language: Language): string[] {
  const m3OrNone = (text: string | null) => (text === null ? '—' : m3(text))
  const shown = (values: typeof before): [zh: string, en: string, value: string][] => [
    ['用水首日', 'first day of use', values.usedFrom],
    ['抄表日期', 'read on', values.readOn],
    ['起码', 'from', m3OrNone(values.start)],
    ['止码', 'to', m3OrNone(values.end)],
    ['水量', 'volume', `${m3(values.volumeM3)} m³`],
    ['来源', 'source', sourceNames[values.source][language]],
  ]
  const then = shown(after)
  return shown(before).flatMap(([zh, en, value], index) => {
    const now = then[index]?.[2]
    return value === now ? [] : [`${language === 'zh' ? zh : en} ${value} ⇒ ${now}`]
  })
}

function reportLines(report: ImportReport, language: Language): string[] {
  const zh = language === 'zh'
  const { rows, volumesM3 } = report
  return [
    zh
      ? `导入 ${report.importId}：${report.collectorCode} ${report.feeMonth}，文件 ${report.fileName}，${report.importedBy} ${instantForPeople(report.recordedAt)}`
      : `Import ${report.importId}: ${report.collectorCode} ${report.feeMonth}, file ${report.fileName}, ${report.importedBy} ${instantForPeople(report.recordedAt)}`,
    zh
      ? `行 ${count(rows.in)} = 通过 ${count(rows.accepted)} + 待审 ${count(rows.held)} + 拒绝 ${count(rows.rejected)}；水量 ${m3(volumesM3.in)} = ${m3(volumesM3.accepted)} + ${m3(volumesM3.held)} + ${m3(volumesM3.rejected)} m³；未处理 ${count(report.undecided)} 行`
      : `rows ${count(rows.in)} = accepted ${count(rows.accepted)} + held ${count(rows.held)} + rejected ${count(rows.rejected)}; ${m3(volumesM3.in)} = ${m3(volumesM3.accepted)} + ${m3(volumesM3.held)} + ${m3(volumesM3.rejected)} m³; ${count(report.undecided)} undecided`,
    ...mappingLines(report.mapping, language),
    ...alignColumns(
      zh ? ['原因', '行', '未处理'] : ['reason', 'rows', 'undecided'],
      report.reasons.map((each) => [titleOfReason(each.code, language), count(each.rows), count(each.undecided)]),
      [1, 2],
    ),
    ...report.decisions.map(({ decision, rows: decided }) =>
      zh
        ? `已${rowDecisionNames[decision].zh} ${count(decided)} 行`
        : `${count(decided)} ${rowDecisionNames[decision].en}`,
    ),
    ...report.findings.map((each) => `· ${sayFinding(each, language)}`),
    ...absentPointer(report.findings, report.importId, language),
  ]
}

function mappingLines(mapping: StatedTexts, language: Language): string[] {
  return alignColumns(
    language === 'zh' ? ['字段', '文件的列'] : ['field', 'column of the file'],
    readingFields.flatMap((field) => {
      const title = mapping[field]
      return title === undefined ? [] : [[`${readingColumnNames[field][0]} (${field})`, title]]
    }),
  )
}

function importJson(each: ReadingImport): { readonly [key: string]: Json } {
  return { ...each, recordedAt: each.recordedAt.toISOString() } as unknown as { readonly [key: string]: Json }
}

const decisionLines = (zh: string, en: string) => (answer: DecisionAnswer, language: Language) => [
  language === 'zh'
    ? `已${zh} ${count(answer.decided)} 行；新增抄表记录 ${count(answer.readings)} 条，取代 ${count(answer.replaced)} 条，与已存相同 ${count(answer.unchanged)} 条。`
    : `${count(answer.decided)} rows ${en}; ${count(answer.readings)} readings added, ${count(answer.replaced)} replaced, ${count(answer.unchanged)} the same as stored.`,
]

function fileChoice(cli: Cli, path: string, options: Options & ListOptions): FileChoice {
  const single = options as Options
  const mapping = pairs(cli, (options['map'] ?? []) as string[])
  const optional = {
    feeMonth: monthOption(cli, single['month']),
    encoding: single['encoding'] as TextEncoding | undefined,
    sheet: single['sheet'],
    headerRow: single['headerRow'] === undefined ? undefined : wholeNumber(cli, '--header-row', single['headerRow']),
    unitNote: single['unitNote'],
  }
  return { ...stated(optional), collectorCode: single['collector'] ?? '', path, mapping }
}

/** Only what was said: an option left out is no property at all. */
function stated<T extends object>(options: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}

function rowFilter(options: Options & { held?: boolean; rejected?: boolean; undecided?: boolean }) {
  return {
    ...(options.held ? { verdict: 'held' as const } : options.rejected ? { verdict: 'rejected' as const } : {}),
    ...(options.undecided ? { undecided: true } : {}),
    ...(options['code'] === undefined ? {} : { code: options['code'] }),
  }
}

function chosenRows(cli: Cli, options: Options): { rowNos?: number[]; codes?: string[] } {
  const rows = listed(options['rows'])
  return {
    ...(rows.length === 0 ? {} : { rowNos: rows.map((row) => wholeNumber(cli, '--rows', row)) }),
    ...(options['code'] === undefined ? {} : { codes: listed(options['code']) }),
  }
}

function listed(text: string | undefined): string[] {
  return (text ?? '')
    .split(/[,，、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function pairs(cli: Cli, texts: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const text of texts) {
    const at = text.search(/[=＝]/)
    if (at < 1) return end(cli, refuseReading('mapping_malformed', { value: text }))
    found[text.slice(0, at).trim()] = text.slice(at + 1).trim()
  }
  return found
}

function codeUnknown(code: string): Refusal {
  return refuseReading('reason_code_unknown', { code, known: Object.keys(readingReasons).join('、') })
}

function month(cli: Cli, text: string | undefined): FeeMonth {
  return monthOption(cli, text ?? '') ?? end(cli, malformed('--month', text ?? '', 'YYYY-MM'))
}

function monthOption(cli: Cli, text: string | undefined): FeeMonth | undefined {
  if (text === undefined) return undefined
  return parseFeeMonth(text) ?? end(cli, malformed('--month', text, 'YYYY-MM'))
}

function dateOption(cli: Cli, name: string, text: string | undefined): CivilDate | undefined {
  if (text === undefined) return undefined
  return parseCivilDate(text) ?? end(cli, malformed(name, text, 'YYYY-MM-DD'))
}

function wholeNumber(cli: Cli, name: string, text: string): number {
  return /^\d{1,7}$/.test(text) ? Number(text) : end(cli, malformed(name, text, '1 … 9999999'))
}

function end(cli: Cli, refusal: Refusal): never {
  cli.refuse(refusal)
  throw new Ended(refusal.code)
}
