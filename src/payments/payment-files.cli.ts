import { type Command, Option } from 'commander'
import { money, moneyForPeople } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type Cli, Ended, type Language, malformed, readCount } from '../platform/cli.ts'
import { alignColumns, instantForPeople, listed } from '../platform/cli-text.ts'
import type { CommandAnswer } from '../platform/command.ts'
import type { Json } from '../platform/platform.tables.ts'
import { type RowDecisionName, rowDecisionNames } from '../platform/row-decisions.ts'
import type { TextEncoding } from '../platform/tables/table-file.ts'
import { refuseReading } from '../readings/readings.refusals.ts'
import {
  acceptPaymentRows,
  correctPaymentRow,
  type PaymentDecisionAnswer,
  rejectPaymentRows,
} from './decide-payment-row.ts'
import { exportPaymentRows, writePaymentsTemplate } from './export-payment-rows.ts'
import { importPayments, type PaymentImportAnswer } from './import-payments.ts'
import { refuseUnknownCollector } from './payer-filter.ts'
import { isPaymentReason, paymentReasons, sayPaymentReason } from './payment.reasons.ts'
import { sayPaymentFinding } from './payment-import.findings.ts'
import { findPaymentImport, type PaymentRowFilter, paymentImports, paymentRowsOf } from './payment-import.queries.ts'
import { examinePaymentsFile } from './payments-file.ts'
import { paymentReasonTitle } from './reason-titles.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`
const collect = (value: string, before: string[] = []) => [...before, value]
const yuan = (text: string) => moneyForPeople(money(text))
const count = (number: number) => number.toLocaleString('en')

const noImports = {
  zh: '还没有导入过缴款文件：qingliu payments import 文件 --collector 代码 --as 经办人',
  en: 'No payment file was imported yet: qingliu payments import FILE --collector CODE --as PERSON',
}
const noRows = { zh: '没有这样的行。', en: 'There are no such rows.' }

/** `payments import`, `imports`, `rows`, `accept`, `correct`, `reject`, `export-rows`, `template`. */
export function registerPaymentFiles(payments: Command, cli: Cli): void {
  payments
    .command('import <file>')
    .description('导入代征单位的缴款文件 take in a collector’s collection file')
    .requiredOption('--collector <code>', '代征单位 collector whose file it is')
    .option('--map <field=column>', '改正列对应，可多次；会记住 correct a column; remembered', collect)
    .addOption(
      new Option('--encoding <name>', '文字编码 text encoding').choices(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']),
    )
    .option('--sheet <name>', '工作表 sheet of a workbook')
    .option('--header-row <row>', '表头所在行 row of the header')
    .addHelpText(
      'after',
      example(
        'qingliu payments import 4月收款.xlsx --collector gx-water --as gx-operator',
        'qingliu payments import 收款.csv --collector gx-water --map 实收污水处理费=污水费 --dry-run --as gx-operator',
      ),
    )
    .action(
      async (
        path: string,
        options: { collector: string; map?: string[]; encoding?: TextEncoding; sheet?: string; headerRow?: string },
      ) => {
        const services = await cli.services()
        const { collector: collectorCode, encoding, sheet } = options
        const headerRow =
          options.headerRow === undefined ? undefined : wholeNumber(cli, '--header-row', options.headerRow)
        const mapping = pairs(cli, options.map ?? [])
        const file = await examinePaymentsFile(services, { collectorCode, path, mapping, encoding, sheet, headerRow })
        if (isRefusal(file)) return cli.refuse(file)
        try {
          cli.showOutcome(await importPayments(services, cli.envelope(file.identity), file), importLines)
        } finally {
          await file.close()
        }
      },
    )

  payments
    .command('imports')
    .description('缴款导入记录 files of payments taken in')
    .option('--collector <code>', '代征单位 collector')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu payments imports --collector gx-water'))
    .action(async (options: { collector?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const unknown = await refuseUnknownCollector(db, options.collector)
      if (unknown !== undefined) return cli.refuse(unknown)
      const found = await paymentImports(db, { collectorCode: options.collector, limit })
      const json = found.map((each) => ({ ...each, recordedAt: each.recordedAt.toISOString() }))
      cli.show(json as unknown as Json, (language) =>
        listed(
          found.length,
          limit,
          language,
          noImports,
          alignColumns(
            language === 'zh'
              ? ['编号', '代征单位', '行数', '通过', '待审', '拒绝', '未处理', '金额(元)', '文件', '导入人', '时间']
              : ['no.', 'collector', 'rows', 'accepted', 'held', 'rejected', 'undecided', 'amount', 'file', 'by', 'at'],
            found.map((each) => [
              each.importId,
              each.collectorCode,
              ...[each.rows.in, each.rows.accepted, each.rows.held, each.rows.rejected, each.undecided].map(count),
              yuan(each.amounts.in),
              each.fileName,
              each.importedBy,
              instantForPeople(each.recordedAt),
            ]),
            [0, 2, 3, 4, 5, 6, 7],
          ),
        ),
      )
    })

  rowFilterOptions(payments.command('rows <import>').description('待审和拒绝的缴款行 held and rejected rows'))
    .option('--limit <count>', '最多几行 how many', '50')
    .addHelpText('after', example('qingliu payments rows 12 --undecided'))
    .action(async (importId: string, options: RowOptions & { limit: string }) => {
      const limit = readCount('--limit', options.limit, 99_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const filter = rowFilter(options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const { db } = await cli.services()
      const found = await findPaymentImport(db, importId)
      if (isRefusal(found)) return cli.refuse(found)
      const rows = await paymentRowsOf(db, found.importId, { ...filter, limit })
      cli.show(rows.map((row) => ({ ...row, decision: row.decision ?? null })) as unknown as Json, (language) => {
        const zh = language === 'zh'
        const verdicts = zh ? { held: '待审', rejected: '拒绝' } : { held: 'held', rejected: 'rejected' }
        const lines = rows.flatMap((row) => [
          [
            zh ? `第 ${row.rowNo} 行` : `Row ${row.rowNo}`,
            verdicts[row.verdict],
            `${zh ? '户号' : 'account'} ${row.stated.account ?? '—'}`,
            row.amount === null ? '—' : `${yuan(row.amount)} ${zh ? '元' : 'yuan'}`,
            row.decision === undefined ? (zh ? '未处理' : 'undecided') : decided(row.decision, zh),
          ].join('  '),
          ...row.reasons.flatMap((reason) => {
            const { cause, remedy } = sayPaymentReason(reason, language)
            return [`    ${cause}`, ...(remedy === '' ? [] : [`    → ${remedy}`]), `      ${reason.code}`]
          }),
        ])
        return listed(rows.length, limit, language, noRows, lines)
      })
    })

  payments
    .command('accept <import>')
    .description('接受待审的行（城管局经办） accept held rows as they stand')
    .requiredOption('--rows <numbers>', '行号，用逗号分开 row numbers, separated by commas')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('qingliu payments accept 12 --rows 118,120 --reason 银行回单核对 --as clerk'))
    .action(async (importId: string, options: { rows: string; reason: string }) => {
      const input = { importId, rowNos: rowNumbers(cli, options.rows), reason: options.reason }
      showDecision(cli, await acceptPaymentRows(await cli.services(), cli.envelope(), input))
    })

  payments
    .command('reject <import>')
    .description('拒绝行 refuse rows for good')
    .requiredOption('--rows <numbers>', '行号，用逗号分开 row numbers, separated by commas')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('qingliu payments reject 12 --rows 38 --reason 重复 --as gx-operator'))
    .action(async (importId: string, options: { rows: string; reason: string }) => {
      const input = { importId, rowNos: rowNumbers(cli, options.rows), reason: options.reason }
      showDecision(cli, await rejectPaymentRows(await cli.services(), cli.envelope(), input))
    })

  payments
    .command('correct <import> <row>')
    .description('改正一行；新值重新核对 correct one row; it is judged again')
    .requiredOption('--set <field=value>', '改正的内容，可多次 what is corrected', collect)
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText(
      'after',
      example('qingliu payments correct 12 118 --set 流水号=20260405000118 --reason 银行回单核对 --as gx-operator'),
    )
    .action(async (importId: string, row: string, options: { set: string[]; reason: string }) => {
      const input = {
        importId,
        rowNo: wholeNumber(cli, 'row', row),
        values: pairs(cli, options.set),
        reason: options.reason,
      }
      showDecision(cli, await correctPaymentRow(await cli.services(), cli.envelope(), input))
    })

  rowFilterOptions(
    payments
      .command('export-rows <import> <path>')
      .description(
        '导出待审和拒绝的行，改正后可再导入（.xlsx 或 .csv） held and rejected rows, to be corrected and imported again',
      ),
  )
    .addHelpText('after', example('qingliu payments export-rows 12 待改正.xlsx --undecided'))
    .action(async (importId: string, path: string, options: RowOptions) => {
      const filter = rowFilter(options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const { db } = await cli.services()
      const exported = await exportPaymentRows(db, { importId, path, filter, language: cli.language })
      if (isRefusal(exported)) return cli.refuse(exported)
      cli.show(exported, (language) => [
        language === 'zh'
          ? `已导出 ${count(exported.rows)} 行：${exported.path}`
          : `${count(exported.rows)} rows written: ${exported.path}`,
      ])
    })

  payments
    .command('template <path>')
    .description('空白缴款导入表（.xlsx 或 .csv） a blank form to fill in')
    .addHelpText('after', example('qingliu payments template 缴款导入表.xlsx'))
    .action(async (path: string) => {
      const refusal = await writePaymentsTemplate(path)
      if (refusal !== undefined) return cli.refuse(refusal)
      cli.show({ path }, (language) => [language === 'zh' ? `已生成 ${path}` : `Written: ${path}`])
    })
}

function importLines(answer: PaymentImportAnswer, language: Language): string[] {
  const zh = language === 'zh'
  const { rows, amounts } = answer
  const verdictRow = (name: string, number: number, amount: string) => [name, count(number), yuan(amount)]
  return [
    zh
      ? `导入 ${answer.importId}：${answer.collector}，文件 ${answer.file}`
      : `Import ${answer.importId}: ${answer.collector}, file ${answer.file}`,
    ...alignColumns(
      ['', zh ? '行' : 'rows', zh ? '金额(元)' : 'yuan'],
      [
        verdictRow(zh ? '通过' : 'accepted', rows.accepted, amounts.accepted),
        verdictRow(zh ? '待审' : 'held', rows.held, amounts.held),
        verdictRow(zh ? '拒绝' : 'rejected', rows.rejected, amounts.rejected),
        verdictRow(zh ? '合计' : 'in all', rows.in, amounts.in),
      ],
      [1, 2],
    ),
    zh
      ? `入账 ${count(answer.payments)} 笔，冲正 ${count(answer.reversals)} 笔，与已登记相同 ${count(answer.unchanged)} 行；核销 ${yuan(answer.allocated)} 元。`
      : `${count(answer.payments)} payments and ${count(answer.reversals)} reversals stored, ${count(answer.unchanged)} rows known before; ${yuan(answer.allocated)} allocated.`,
    ...Object.entries(answer.reasons).map(([code, number]) =>
      zh
        ? `  ${paymentReasonTitle(code, 'zh')} ${count(number)} 行（${code}）`
        : `  ${paymentReasonTitle(code, 'en')}: ${count(number)} ${number === 1 ? 'row' : 'rows'} (${code})`,
    ),
    ...answer.findings.map((each) => `· ${sayPaymentFinding(each, language)}`),
    ...(rows.held + rows.rejected === 0
      ? []
      : [
          zh
            ? `查看：qingliu payments rows ${answer.importId}　导出改正：qingliu payments export-rows ${answer.importId} 待改正.xlsx --undecided`
            : `See: qingliu payments rows ${answer.importId}   export to correct: qingliu payments export-rows ${answer.importId} held.xlsx --undecided`,
        ]),
  ]
}

function decided(
  { decision, reason, by }: { decision: RowDecisionName; reason: string; by: string },
  zh: boolean,
): string {
  const { zh: name, en } = rowDecisionNames[decision]
  return zh ? `${name}：${reason}（${by}）` : `${en}: ${reason} (${by})`
}

function showDecision(cli: Cli, outcome: CommandAnswer<PaymentDecisionAnswer> | Refusal): void {
  cli.showOutcome(outcome, (answer, language) => [
    language === 'zh'
      ? `已处理 ${count(answer.decided)} 行：入账 ${count(answer.payments)} 笔，冲正 ${count(answer.reversals)} 笔，与已登记相同 ${count(answer.unchanged)} 行；核销 ${yuan(answer.allocated)} 元。`
      : `${count(answer.decided)} rows decided: ${count(answer.payments)} payments and ${count(answer.reversals)} reversals stored, ${count(answer.unchanged)} known before; ${yuan(answer.allocated)} allocated.`,
  ])
}

interface RowOptions {
  held?: boolean
  rejected?: boolean
  undecided?: boolean
  code?: string
}

function rowFilterOptions(command: Command): Command {
  return command
    .option('--held', '只看待审 held only')
    .option('--rejected', '只看拒绝 rejected only')
    .option('--undecided', '只看未处理 undecided only')
    .option('--code <code>', '含该原因的 with this reason')
}

function rowFilter(options: RowOptions): Omit<PaymentRowFilter, 'limit'> | Refusal {
  const { code } = options
  if (code !== undefined && !isPaymentReason(code))
    return refuseReading('reason_code_unknown', { code, known: Object.keys(paymentReasons).join('、') })
  return {
    verdict: options.held ? 'held' : options.rejected ? 'rejected' : undefined,
    undecided: options.undecided,
    code,
  }
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
