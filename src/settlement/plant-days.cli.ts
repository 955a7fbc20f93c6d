import { type Command, Option } from 'commander'
import { firstDay, parseFeeMonth, plusMonths } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { volume, volumeForPeople, volumeText } from '../kernel/volume.ts'
import { type Cli, Ended, type Language, malformed, readCount } from '../platform/cli.ts'
import { alignColumns, instantForPeople } from '../platform/cli-text.ts'
import type { CommandAnswer } from '../platform/command.ts'
import type { Json } from '../platform/platform.tables.ts'
import type { TextEncoding } from '../platform/tables/table-file.ts'
import { refuseReading } from '../readings/readings.refusals.ts'
import { acceptPlantRows, correctPlantRow, type PlantDecisionAnswer, rejectPlantRows } from './decide-plant-rows.ts'
import { exportPlantRows, writePlantDaysTemplate } from './export-plant-rows.ts'
import { importPlantDays, type PlantImportAnswer } from './import-plant-days.ts'
import { indicatorCodes, indicators } from './indicator.ts'
import { plantDays } from './plant-day.queries.ts'
import { plantReasonTitle, sayPlantReason } from './plant-day.reasons.ts'
import { examinePlantDaysFile } from './plant-days-file.ts'
import { findPlantImport, plantImports, plantRowsOf } from './plant-import.queries.ts'
import { findPlant } from './plants.ts'
import { waterBalance } from './water-balance.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`
const collect = (value: string, before: string[] = []) => [...before, value]
const m3 = (text: string) => volumeForPeople(volume(text))

/** `settlement import-days`, `imports`, `rows`, `accept`, `correct`, `reject`, `export-rows`, `template`, `days`, `balance`. */
export function registerPlantDays(settlement: Command, cli: Cli): void {
  settlement
    .command('import-days <file>')
    .description('导入污水厂日报（水量、水质） take in a plant’s daily volumes and values')
    .requiredOption('--plant <code>', '污水厂 plant whose file it is')
    .option('--map <field=column>', '改正列对应，可多次；会记住 correct a column; remembered', collect)
    .addOption(
      new Option('--encoding <name>', '文字编码 text encoding').choices(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']),
    )
    .option('--sheet <name>', '工作表 sheet of a workbook')
    .option('--header-row <row>', '表头所在行 row of the header')
    .addHelpText('after', example('qingliu settlement import-days 3月日报.xlsx --plant plant --as plant-operator'))
    .action(
      async (
        path: string,
        options: { plant: string; map?: string[]; encoding?: TextEncoding; sheet?: string; headerRow?: string },
      ) => {
        const services = await cli.services()
        const { plant: plantCode, encoding, sheet } = options
        const headerRow =
          options.headerRow === undefined ? undefined : wholeNumber(cli, '--header-row', options.headerRow)
        const mapping = pairs(cli, options.map ?? [])
        const file = await examinePlantDaysFile(services, { plantCode, path, mapping, encoding, sheet, headerRow })
        if (isRefusal(file)) return cli.refuse(file)
        cli.showOutcome(await importPlantDays(services, cli.envelope(file.identity), file), importLines)
      },
    )

  settlement
    .command('imports')
    .description('日报导入记录 files of plants taken in')
    .option('--plant <code>', '污水厂 plant')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu settlement imports --plant plant'))
    .action(async (options: { plant?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const found = await plantImports((await cli.services()).db, { plantCode: options.plant, limit })
      const json = found.map((each) => ({ ...each, recordedAt: each.recordedAt.toISOString() }))
      cli.show(json as unknown as Json, (language) => {
        if (found.length === 0)
          return [language === 'zh' ? '还没有导入过日报。' : 'No file of a plant was taken in yet.']
        return alignColumns(
          language === 'zh'
            ? ['编号', '污水厂', '行数', '通过', '待审', '拒绝', '未处理', '处理水量(m³)', '文件', '导入人', '时间']
            : ['no.', 'plant', 'rows', 'accepted', 'held', 'rejected', 'undecided', 'm³', 'file', 'by', 'at'],
          found.map(({ importId, plantCode, rows, undecided, volumeInM3, fileName, importedBy, recordedAt }) => [
            importId,
            plantCode,
            ...[rows.in, rows.accepted, rows.held, rows.rejected, undecided].map(String),
            m3(volumeInM3),
            fileName,
            importedBy,
            instantForPeople(recordedAt),
          ]),
          [0, 2, 3, 4, 5, 6, 7],
        )
      })
    })

  settlement
    .command('rows <import>')
    .description('待审和拒绝的日报行 held and rejected rows')
    .option('--undecided', '只看未处理 undecided only')
    .addHelpText('after', example('qingliu settlement rows 12 --undecided'))
    .action(async (importId: string, options: { undecided?: boolean }) => {
      const { db } = await cli.services()
      const found = await findPlantImport(db, importId)
      if (isRefusal(found)) return cli.refuse(found)
      const rows = await plantRowsOf(db, found.importId, options)
      cli.show(rows.map((row) => ({ ...row, decision: row.decision ?? null })) as unknown as Json, (language) => {
        const zh = language === 'zh'
        if (rows.length === 0) return [zh ? '没有待审或拒绝的行。' : 'No held or rejected rows.']
        const verdicts = zh ? { held: '待审', rejected: '拒绝' } : { held: 'held', rejected: 'rejected' }
        return rows.flatMap((row) => [
          [
            zh ? `第 ${row.rowNo} 行` : `Row ${row.rowNo}`,
            verdicts[row.verdict],
            row.stated.day ?? '—',
            `${row.stated.treated ?? '—'} m³`,
            row.decision === undefined
              ? zh
                ? '未处理'
                : 'undecided'
              : `${row.decision.decision}：${row.decision.reason}（${row.decision.by}）`,
          ].join('  '),
          ...row.reasons.flatMap((reason) => {
            const { cause, remedy } = sayPlantReason(reason, language)
            return [`    ${cause}`, ...(remedy === '' ? [] : [`    → ${remedy}`]), `      ${reason.code}`]
          }),
        ])
      })
    })

  settlement
    .command('accept <import>')
    .description('接受待审的行（城管局经办） accept held rows as they stand')
    .requiredOption('--rows <numbers>', '行号，用逗号分开 row numbers, separated by commas')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('qingliu settlement accept 12 --rows 8,9 --reason 现场核对停运 --as clerk'))
    .action(async (importId: string, options: { rows: string; reason: string }) => {
      const input = { importId, rowNos: rowNumbers(cli, options.rows), reason: options.reason }
      showDecision(cli, await acceptPlantRows(await cli.services(), cli.envelope(), input))
    })

  settlement
    .command('reject <import>')
    .description('拒绝行 refuse rows for good')
    .requiredOption('--rows <numbers>', '行号，用逗号分开 row numbers, separated by commas')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('qingliu settlement reject 12 --rows 8 --reason 重复 --as plant-operator'))
    .action(async (importId: string, options: { rows: string; reason: string }) => {
      const input = { importId, rowNos: rowNumbers(cli, options.rows), reason: options.reason }
      showDecision(cli, await rejectPlantRows(await cli.services(), cli.envelope(), input))
    })

  settlement
    .command('correct <import> <row>')
    .description('改正一行；新值重新核对 correct one row; it is judged again')
    .requiredOption('--set <field=value>', '改正的内容，可多次 what is corrected', collect)
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText(
      'after',
      example('qingliu settlement correct 12 8 --set 处理水量=9350 --reason 流量计复核 --as plant-operator'),
    )
    .action(async (importId: string, row: string, options: { set: string[]; reason: string }) => {
      const { reason } = options
      const input = { importId, rowNo: wholeNumber(cli, 'row', row), values: pairs(cli, options.set), reason }
      showDecision(cli, await correctPlantRow(await cli.services(), cli.envelope(), input))
    })

  settlement
    .command('export-rows <import> <path>')
    .description(
      '导出待审和拒绝的行，改正后可再导入（.xlsx 或 .csv） held and rejected rows, to be corrected and imported again',
    )
    .option('--undecided', '只导出未处理的 undecided only')
    .addHelpText('after', example('qingliu settlement export-rows 12 待改正.xlsx --undecided'))
    .action(async (importId: string, path: string, options: { undecided?: boolean }) => {
      const { db } = await cli.services()
      const exported = await exportPlantRows(db, { importId, path, language: cli.language, ...options })
      if (isRefusal(exported)) return cli.refuse(exported)
      cli.show(exported, (language) => [
        language === 'zh'
          ? `已导出 ${exported.rows} 行：${exported.path}`
          : `${exported.rows} rows written: ${exported.path}`,
      ])
    })

  settlement
    .command('template <path>')
    .description('空白日报（.xlsx 或 .csv） a blank form of daily volumes and values')
    .addHelpText('after', example('qingliu settlement template 污水厂日报.xlsx'))
    .action(async (path: string) => {
      const refusal = await writePlantDaysTemplate(path)
      if (refusal !== undefined) return cli.refuse(refusal)
      cli.show({ path }, (language) => [language === 'zh' ? `已生成 ${path}` : `Written: ${path}`])
    })

  settlement
    .command('days <month>')
    .description('某月每日水量与水质 the days of a month as they count')
    .requiredOption('--plant <code>', '污水厂 plant')
    .addHelpText('after', example('qingliu settlement days 2026-03 --plant plant'))
    .action(async (text: string, options: { plant: string }) => {
      const month = parseFeeMonth(text)
      if (month === undefined) return cli.refuse(malformed('MONTH', text, 'YYYY-MM'))
      const { db } = await cli.services()
      const plant = await findPlant(db, options.plant)
      if (isRefusal(plant)) return cli.refuse(plant)
      const range = { from: firstDay(month), until: firstDay(plusMonths(month, 1)) }
      const days = [...(await plantDays(db, plant.plantId, range)).values()]
      const json = days.map((day) => ({
        ...day,
        treatedM3: volumeText(day.treatedM3),
        inflowM3: day.inflowM3 === null ? null : volumeText(day.inflowM3),
      }))
      cli.show(json as unknown as Json, (language) => {
        const zh = language === 'zh'
        if (days.length === 0)
          return [
            zh
              ? `${month} 还没有日报：qingliu settlement import-days`
              : `No day of ${month} is recorded yet: qingliu settlement import-days`,
          ]
        const given = indicatorCodes.filter((code) => days.some(({ effluent }) => effluent[code] !== undefined))
        return alignColumns(
          [
            zh ? '日期' : 'day',
            zh ? '处理水量' : 'treated',
            zh ? '进水量' : 'inflow',
            ...given.map((code) => indicators[code].en),
            zh ? '来源' : 'from',
          ],
          days.map(({ day, treatedM3, inflowM3, effluent, importId, rowNo }) => [
            day,
            volumeForPeople(treatedM3),
            inflowM3 === null ? '' : volumeForPeople(inflowM3),
            ...given.map((code) => effluent[code] ?? ''),
            zh ? `导入 ${importId} 第 ${rowNo} 行` : `import ${importId} row ${rowNo}`,
          ]),
          [1, 2, ...given.map((_, index) => index + 3)],
        )
      })
    })

  settlement
    .command('balance')
    .description('水量平衡：售水、开账、进厂、处理 water sold, billed, arriving and treated')
    .option('--from <month>', '自某月 first month, YYYY-MM')
    .option('--until <month>', '至某月（含） last month')
    .addHelpText('after', example('qingliu settlement balance --from 2026-01 --until 2026-03'))
    .action(async (options: { from?: string; until?: string }) => {
      const [from, until] = [options.from, options.until].map((text) =>
        text === undefined ? undefined : parseFeeMonth(text),
      )
      for (const [name, text, month] of [
        ['--from', options.from, from],
        ['--until', options.until, until],
      ] as const)
        if (text !== undefined && month === undefined) return cli.refuse(malformed(name, text, 'YYYY-MM'))
      const range = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
      const rows = await waterBalance((await cli.services()).db, range)
      const json = rows.map(({ month, plantDays: days, ...volumes }) => ({
        month,
        ...Object.fromEntries(Object.entries(volumes).map(([name, value]) => [name, value && volumeText(value)])),
        plantDays: days,
      }))
      cli.show(json, (language) =>
        alignColumns(
          language === 'zh'
            ? ['月份', '售水', '开账', '开账−售水', '进厂', '进厂−开账', '处理', '有日报天数']
            : ['month', 'sold', 'billed', 'billed−sold', 'inflow', 'inflow−billed', 'treated', 'days recorded'],
          rows.map((row) => [
            row.month,
            ...[
              row.soldM3,
              row.billedM3,
              row.billedLessSoldM3,
              row.inflowM3,
              row.inflowLessBilledM3,
              row.treatedM3,
            ].map((each) => (each === null ? '—' : volumeForPeople(each))),
            String(row.plantDays),
          ]),
          [1, 2, 3, 4, 5, 6, 7],
        ),
      )
    })
}

/** What became of a plant's file, in words. */
export function importLines(answer: PlantImportAnswer, language: Language): string[] {
  const zh = language === 'zh'
  const { rows, volumes, importId } = answer
  const row = (name: string, count: number, m3Text: string) => [name, String(count), m3(m3Text)]
  return [
    zh
      ? `导入 ${importId}：${answer.plant}，文件 ${answer.file}`
      : `Import ${importId}: ${answer.plant}, file ${answer.file}`,
    ...alignColumns(
      ['', zh ? '行' : 'rows', 'm³'],
      [
        row(zh ? '通过' : 'accepted', rows.accepted, volumes.accepted),
        row(zh ? '待审' : 'held', rows.held, volumes.held),
        row(zh ? '拒绝' : 'rejected', rows.rejected, volumes.rejected),
        row(zh ? '合计' : 'in all', rows.in, volumes.in),
      ],
      [1, 2],
    ),
    zh
      ? `记录 ${answer.stored} 天，与已记录相同 ${answer.unchanged} 天。`
      : `${answer.stored} days stored, ${answer.unchanged} known before.`,
    ...(answer.superseded === 0
      ? []
      : [
          zh
            ? `此前导入的 ${answer.superseded} 行由本文件取代。`
            : `${answer.superseded} rows of earlier files were taken over.`,
        ]),
    ...Object.entries(answer.reasons).map(([code, count]) =>
      zh ? `  ${plantReasonTitle(code, 'zh')}：${count} 行` : `  ${plantReasonTitle(code, 'en')}: ${count}`,
    ),
    ...(rows.held + rows.rejected === 0
      ? []
      : [
          zh
            ? `查看：qingliu settlement rows ${importId}　导出改正：qingliu settlement export-rows ${importId} 待改正.xlsx --undecided`
            : `See: qingliu settlement rows ${importId}   export to correct: qingliu settlement export-rows ${importId} held.xlsx --undecided`,
        ]),
  ]
}

function showDecision(cli: Cli, outcome: CommandAnswer<PlantDecisionAnswer> | Refusal): void {
  cli.showOutcome(outcome, ({ decided, stored, unchanged }, language) => [
    language === 'zh'
      ? `已处理 ${decided} 行：记录 ${stored} 天，与已记录相同 ${unchanged} 天。`
      : `${decided} rows decided: ${stored} days stored, ${unchanged} known before.`,
  ])
}

function rowNumbers(cli: Cli, text: string): number[] {
  return text
    .split(/[,，、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => wholeNumber(cli, '--rows', part))
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

function wholeNumber(cli: Cli, name: string, text: string): number {
  return /^\d{1,7}$/.test(text) ? Number(text) : end(cli, malformed(name, text, '1 … 9999999'))
}

function end(cli: Cli, refusal: Refusal): never {
  cli.refuse(refusal)
  throw new Ended(refusal.code)
}
