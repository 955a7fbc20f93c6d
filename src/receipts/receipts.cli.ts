import { type Command, Option } from 'commander'
import type { CivilDate } from '../kernel/calendar.ts'
import { money, moneyForPeople } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { volumeText } from '../kernel/volume.ts'
import { type Cli, type Language, malformed, readCount } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { type WrittenEncoding, writtenEncodings } from '../platform/tables/encode-text.ts'
import { exportReceipts, writeBatch } from './export-receipts.ts'
import { importResults, type ResultImportAnswer } from './import-results.ts'
import { draftNotice, prepareReceipts } from './prepare-receipts.ts'
import { receiptJson } from './receipt.json.ts'
import { findReceipt, listBatches, listReceipts, numbersByCode } from './receipt.queries.ts'
import { gapsIn } from './receipt.rules.ts'
import { actionNames, receiptStateNames, results, resultWords } from './receipt.ts'
import { sayResultReason } from './result.reasons.ts'
import { readResultFile } from './result-file.ts'
import { resultRowsOf } from './result-row.queries.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`

/** `qingliu receipts …`: e-receipts of finance (财政电子票据), by files of requests and results. */
export function registerReceiptsCommands(program: Command, cli: Cli): void {
  const receipts = program
    .command('receipts')
    .description('财政电子票据：申请、回执、作废、冲红 e-receipts of the finance platform, by file')
  registerRequests(receipts, cli)
  registerResults(receipts, cli)
  registerLists(receipts, cli)
}

function registerRequests(receipts: Command, cli: Cli): void {
  receipts
    .command('prepare')
    .description('按缴款事实准备票据：已缴的开票，变动的作废或冲红 draft what the facts ask for')
    .option('--collector <code>', '只办这个代征单位代收的 only what this collector took')
    .option('--paid-until <date>', '只办此日以前缴的（不含） only what was paid before this day')
    .addHelpText('after', example('qingliu receipts prepare --collector gx-water --as clerk'))
    .action(async (options: { collector?: string; paidUntil?: string }) => {
      const paidUntil = readDate('--paid-until', options.paidUntil)
      if (isRefusal(paidUntil)) return cli.refuse(paidUntil)
      const input = { collectorCode: options.collector, paidUntil }
      cli.showOutcome(await prepareReceipts(await cli.services(), cli.envelope(), input), (answer, language) => {
        const zh = language === 'zh'
        return [
          zh
            ? `新备票据 ${answer.receipts} 张、${moneyForPeople(money(answer.amount))} 元，缴款通知 ${answer.notices} 张；撤销未申请的 ${answer.dropped} 张；待作废或冲红 ${answer.toEnd} 张。`
            : `${answer.receipts} receipts of ${moneyForPeople(money(answer.amount))} and ${answer.notices} notices are drafted, ${answer.dropped} drafts dropped; ${answer.toEnd} are to be voided or reversed.`,
          ...(answer.receipts === 5_000 ? [zh ? '每次 5,000 张，请再次运行。' : '5,000 at a time: run it again.'] : []),
          zh
            ? '下一步：qingliu receipts export --to 开票申请.csv --encoding gbk'
            : 'Next: qingliu receipts export --to requests.csv --encoding gbk',
        ]
      })
    })

  receipts
    .command('notice <bills...>')
    .description('申请缴款通知：直接缴入国库的账单 ask for a notice of bills to be paid to the treasury')
    .addHelpText('after', example('qingliu receipts notice 2026-000118 --as clerk'))
    .action(async (bills: string[]) => {
      cli.showOutcome(await draftNotice(await cli.services(), cli.envelope(), { bills }), (answer, language) => [
        language === 'zh'
          ? `已备缴款通知 ${answer.receipt}，${moneyForPeople(money(answer.amount))} 元。导出：qingliu receipts export --to 开票申请.csv`
          : `Notice ${answer.receipt} of ${moneyForPeople(money(answer.amount))} is drafted. Export it: qingliu receipts export --to requests.csv`,
      ])
    })

  receipts
    .command('export')
    .description('导出开票、作废、冲红申请（CSV 或 XML，UTF-8 或 GBK） write what waits to be requested')
    .requiredOption('--to <file>', '文件，以 .csv 或 .xml 结尾 file')
    .addOption(new Option('--encoding <name>', '文字编码 encoding').choices([...writtenEncodings]).default('utf-8'))
    .option('--batch <number>', '重写已有批次的文件 write the file of this batch again')
    .addHelpText(
      'after',
      example(
        'qingliu receipts export --to 开票申请.xml --encoding gbk --as clerk',
        'qingliu receipts export --batch B2026-0003 --to 再次.xml',
      ),
    )
    .action(async (options: { to: string; encoding: WrittenEncoding; batch?: string }) => {
      const format = /\.(csv|xml)$/i.exec(options.to)?.[1]?.toLowerCase()
      if (format !== 'csv' && format !== 'xml') return cli.refuse(malformed('--to', options.to, '.csv / .xml'))
      const services = await cli.services()
      if (options.batch !== undefined) {
        const written = await writeBatch(services.db, options.batch, options.to)
        if (isRefusal(written)) return cli.refuse(written)
        return cli.show(written, (language) => [
          language === 'zh'
            ? `已写入 ${written.path}（批次 ${written.batch}）。`
            : `Written to ${written.path} (batch ${written.batch}).`,
        ])
      }
      const envelope = cli.envelope()
      const outcome = await exportReceipts(services, envelope, { format, encoding: options.encoding })
      if (!isRefusal(outcome) && !outcome.dryRun) {
        const written = await writeBatch(services.db, outcome.answer.batch, options.to)
        if (isRefusal(written)) return cli.refuse(written)
      }
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `批次 ${answer.batch}：开具 ${answer.issue}、作废 ${answer.void}、冲红 ${answer.reverse}，写入 ${options.to}。回执导入：qingliu receipts import 回执文件`
          : `Batch ${answer.batch}: ${answer.issue} to issue, ${answer.void} to void, ${answer.reverse} to reverse, written to ${options.to}. Take in the answer: qingliu receipts import FILE`,
      ])
    })
}

function registerResults(receipts: Command, cli: Cli): void {
  const lines = (answer: ResultImportAnswer, language: Language) => {
    const zh = language === 'zh'
    const { rows } = answer
    return [
      zh
        ? `导入 ${answer.importId}：${rows.in} 行，通过 ${rows.accepted}（其中无变化 ${answer.unchanged}），待查 ${rows.held}，拒绝 ${rows.rejected}。`
        : `Import ${answer.importId}: ${rows.in} rows, ${rows.accepted} accepted (${answer.unchanged} unchanged), ${rows.held} held, ${rows.rejected} rejected.`,
      ...results.flatMap((result) =>
        answer.results[result] === undefined
          ? []
          : [`  ${zh ? resultWords[result][1] : result}　${answer.results[result]}`],
      ),
      ...answer.gaps.map(({ billCode, from, to, count }) =>
        zh
          ? `断号：票据代码 ${billCode}，${from} – ${to}，共 ${count} 号`
          : `Gap: ${billCode}, ${from} – ${to}, ${count} numbers`,
      ),
      ...(rows.held + rows.rejected === 0 ? [] : [`${zh ? '查看' : 'See'}: qingliu receipts rows ${answer.importId}`]),
    ]
  }
  receipts
    .command('import <file>')
    .description('导入财政平台的回执（CSV、XML、XLSX） take in what the platform answered')
    .addHelpText('after', example('qingliu receipts import 回执20260410.xml --as clerk'))
    .action(async (path: string) => {
      const file = await readResultFile(path)
      if (isRefusal(file)) return cli.refuse(file)
      const envelope = cli.envelope(['receipts.import-results', file.given.digest])
      cli.showOutcome(await importResults(await cli.services(), envelope, file), lines)
    })

  receipts
    .command('rows <import>')
    .description('回执中待查和拒绝的行 held and rejected rows')
    .addHelpText('after', example('qingliu receipts rows 12'))
    .action(async (importId: string) => {
      const rows = await resultRowsOf((await cli.services()).db, importId)
      if (isRefusal(rows)) return cli.refuse(rows)
      cli.show(rows as unknown as Json, (language) => {
        const zh = language === 'zh'
        const verdicts = zh ? { held: '待查', rejected: '拒绝' } : { held: 'held', rejected: 'rejected' }
        if (rows.length === 0) return [zh ? '没有待查的行。' : 'No row is held or rejected.']
        return rows.flatMap((row) => [
          `${zh ? `第 ${row.rowNo} 行` : `Row ${row.rowNo}`}　${row.requestNo}　${verdicts[row.verdict]}`,
          ...row.reasons.flatMap((reason) => {
            const { cause, remedy } = sayResultReason(reason, language)
            return [`    ${cause}`, `    → ${remedy}`]
          }),
        ])
      })
    })
}

function registerLists(receipts: Command, cli: Cli): void {
  receipts
    .command('list')
    .description('票据及其状态 receipts and their states')
    .option('--payment <id>', '一笔缴款的 of a payment')
    .option('--live', '只看有效的 only live ones')
    .option('--limit <count>', '条数 how many', '100')
    .addHelpText('after', example('qingliu receipts list --payment 118'))
    .action(async (options: { payment?: string; live?: boolean; limit: string }) => {
      const limit = readCount('--limit', options.limit, 99_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      if (options.payment !== undefined && !/^\d{1,18}$/.test(options.payment))
        return cli.refuse(malformed('--payment', options.payment, '118'))
      const filter = { paymentId: options.payment, live: options.live ?? false, limit }
      const found = await listReceipts((await cli.services()).db, filter)
      cli.show(found.map(receiptJson), (language) => {
        const zh = language === 'zh'
        if (found.length === 0)
          return [
            zh ? '还没有票据。准备：qingliu receipts prepare' : 'No receipt yet. Draft them: qingliu receipts prepare',
          ]
        return alignColumns(
          zh
            ? ['申请号', '种类', '状态', '待办', '缴费人', '金额(元)', '缴款日期', '票据代码', '票据号码', '校验码']
            : ['request', 'kind', 'state', 'waits for', 'payer', 'amount', 'paid on', 'code', 'number', 'check'],
          found.map((each) => [
            each.number,
            each.kind === 'notice' ? (zh ? '缴款通知' : 'notice') : zh ? '票据' : 'receipt',
            receiptStateNames[each.state][language],
            each.waitsFor === undefined ? '' : actionNames[each.waitsFor][language],
            each.payerName,
            moneyForPeople(each.amount),
            each.paidOn ?? ('' as CivilDate),
            each.codes?.billCode ?? '',
            each.codes?.billNumber ?? '',
            each.codes?.checkCode ?? '',
          ]),
          [5],
        )
      })
    })

  receipts
    .command('show <receipt>')
    .description('一张票据及其明细 one receipt with its parts')
    .addHelpText('after', example('qingliu receipts show E2026-000001'))
    .action(async (number: string) => {
      const found = await findReceipt((await cli.services()).db, number)
      if (isRefusal(found)) return cli.refuse(found)
      cli.show(receiptJson(found), (language) => {
        const zh = language === 'zh'
        return [
          `${found.number}　${found.payerName}　${moneyForPeople(found.amount)}　${receiptStateNames[found.state][language]}${found.lastReason === '' ? '' : `（${found.lastReason}）`}`,
          ...(found.codes === undefined
            ? []
            : [
                `${zh ? '票据代码' : 'code'} ${found.codes.billCode}　${zh ? '票据号码' : 'number'} ${found.codes.billNumber}　${zh ? '校验码' : 'check'} ${found.codes.checkCode}　${zh ? '缴款码' : 'payment code'} ${found.codes.paymentCode}`,
              ]),
          ...alignColumns(
            zh
              ? ['账单', '户号', '月份', '类别', '数量(m³)', '标准', '金额(元)']
              : ['bill', 'account', 'month', 'category', 'm³', 'price', 'amount'],
            found.parts.map((part) => [
              part.bill,
              part.accountNo,
              part.feeMonth,
              zh ? part.category : part.categoryEn,
              volumeText(part.volumeM3),
              part.unitPrice || '—',
              moneyForPeople(part.amount),
            ]),
            [4, 5, 6],
          ),
        ]
      })
    })

  receipts
    .command('batches')
    .description('导出过的申请批次 batches that were exported')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu receipts batches'))
    .action(async (options: { limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const found = await listBatches((await cli.services()).db, limit)
      cli.show(found as unknown as Json, (language) =>
        found.length === 0
          ? [language === 'zh' ? '还没有导出过。' : 'Nothing was exported yet.']
          : alignColumns(
              language === 'zh'
                ? ['批次', '日期', '格式', '编码', '申请数', '文件摘要']
                : ['batch', 'on', 'format', 'encoding', 'requests', 'digest'],
              found.map((each) => [
                each.number,
                each.exportedOn,
                each.format,
                each.encoding,
                String(each.requests),
                each.fileDigest.slice(0, 16),
              ]),
              [4],
            ),
      )
    })

  receipts
    .command('gaps')
    .description('已收票据号码的断号 gaps in the official numbers received')
    .addHelpText('after', example('qingliu receipts gaps'))
    .action(async () => {
      const numbers = await numbersByCode((await cli.services()).db)
      const gaps = [...numbers].flatMap(([billCode, found]) => gapsIn(found).map((gap) => ({ billCode, ...gap })))
      cli.show(gaps, (language) =>
        gaps.length === 0
          ? [language === 'zh' ? '没有断号。' : 'There is no gap.']
          : alignColumns(
              language === 'zh' ? ['票据代码', '自', '至', '号数'] : ['code', 'from', 'to', 'numbers'],
              gaps.map((gap) => [gap.billCode, gap.from, gap.to, gap.count]),
              [3],
            ),
      )
    })
}
