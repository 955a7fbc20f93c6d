import { type Command, Option } from 'commander'
import { type FeeMonth, parseFeeMonth, plusDays } from '../kernel/calendar.ts'
import { type Money, moneyForPeople, negateMoney, subtractMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type Cli, type Language, malformed, readCount } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { readDate } from '../platform/platform.cli.ts'
import { type JournalFormat, journalFormats, journalText } from './export-journal.ts'
import { entryJson, ledgerJson, tieOutJson, trialBalanceJson } from './journal.json.ts'
import { accountLedger, newestEntries, trialBalance } from './journal.queries.ts'
import type { Posting } from './journal-entry.ts'
import type { TieOutOf } from './subledger.ts'

function readMonth(text: string | undefined): FeeMonth | undefined | Refusal {
  return text === undefined ? undefined : (parseFeeMonth(text) ?? malformed('--month', text, 'YYYY-MM'))
}

/** 借 and 贷 as bookkeepers write a balance. */
function sideOf(balance: Money, language: Language): string {
  const zh = language === 'zh'
  if (balance.isZero()) return zh ? '平' : 'zero'
  if (balance.isNegative()) return `${zh ? '贷' : 'Cr'} ${moneyForPeople(negateMoney(balance))}`
  return `${zh ? '借' : 'Dr'} ${moneyForPeople(balance)}`
}

/** `journal trial-balance`, `ledger`, `entries`, `export`, `tie-out`; the subledgers are of later stages and handed in. */
export function registerJournalCommands(program: Command, cli: Cli, tieOutOf: TieOutOf): void {
  const journal = program.command('journal').description('账簿：凭证与试算平衡 the books: entries and trial balance')

  journal
    .command('trial-balance')
    .description('试算平衡表 the trial balance')
    .option('--as-of <date>', '截至该日（含） up to and with this day')
    .option('--month <month>', '只看一个用水月份 of one fee month, YYYY-MM')
    .addHelpText('after', '\n例 Example:\n  qingliu journal trial-balance --as-of 2026-03-31')
    .action(async (options: { asOf?: string; month?: string }) => {
      const asOf = readDate('--as-of', options.asOf)
      if (isRefusal(asOf)) return cli.refuse(asOf)
      const month = readMonth(options.month)
      if (isRefusal(month)) return cli.refuse(month)
      const balance = await trialBalance((await cli.services()).db, {
        ...(asOf === undefined ? {} : { until: plusDays(asOf, 1) }),
        ...(month === undefined ? {} : { feeMonth: month }),
      })
      const { accounts, debit, credit } = balance
      cli.show(trialBalanceJson(balance), (language) => {
        const zh = language === 'zh'
        return alignColumns(
          zh ? ['科目', '借方', '贷方', '余额'] : ['account', 'debit', 'credit', 'balance'],
          [
            ...accounts.map((account) => [
              zh ? account.nameZh : account.nameEn,
              moneyForPeople(account.debit),
              moneyForPeople(account.credit),
              sideOf(account.balance, language),
            ]),
            [zh ? '合计' : 'total', moneyForPeople(debit), moneyForPeople(credit), ''],
          ],
          [1, 2, 3],
        )
      })
    })

  journal
    .command('ledger <account>')
    .description('一个科目的明细账：期初、逐笔、期末 one account: opening balance, lines, closing balance')
    .option('--from <date>', '自该日起 on or after this day')
    .option('--as-of <date>', '截至该日（含） up to and with this day')
    .option('--month <month>', '只看一个用水月份 of one fee month, YYYY-MM')
    .option('--limit <count>', '最多几行 how many lines', '200')
    .addHelpText('after', '\n例 Example:\n  qingliu journal ledger collector_held --from 2026-04-01 --as-of 2026-06-30')
    .action(async (code: string, options: { from?: string; asOf?: string; month?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 99_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const from = readDate('--from', options.from)
      if (isRefusal(from)) return cli.refuse(from)
      const asOf = readDate('--as-of', options.asOf)
      if (isRefusal(asOf)) return cli.refuse(asOf)
      const month = readMonth(options.month)
      if (isRefusal(month)) return cli.refuse(month)
      const { db } = await cli.services()
      const until = asOf === undefined ? undefined : plusDays(asOf, 1)
      const found = await accountLedger(db, code, { from, until, feeMonth: month, limit })
      if (found === undefined) {
        const { accounts } = await trialBalance(db)
        const known = accounts.map(({ accountCode, nameZh }) => `${accountCode} ${nameZh}`).join('、')
        return cli.refuse(malformed('account', code, known))
      }
      const { opening, closing, lines, more } = found
      cli.show(ledgerJson(found), (language) => {
        const zh = language === 'zh'
        const sides = (amount: Money) =>
          amount.isNegative() ? ['', moneyForPeople(negateMoney(amount))] : [moneyForPeople(amount), '']
        return [
          zh ? `${found.nameZh}（${found.accountCode}）` : `${found.nameEn} (${found.accountCode})`,
          ...alignColumns(
            zh
              ? ['日期', '凭证', '摘要', '用水月份', '借方', '贷方', '余额']
              : ['date', 'entry', 'memo', 'fee month', 'debit', 'credit', 'balance'],
            [
              [from ?? '', '', zh ? '期初余额' : 'opening balance', '', '', '', sideOf(opening, language)],
              ...lines.map(({ entryOn, entryId, memo, feeMonth, amount, balance }) => [
                entryOn,
                entryId,
                memo,
                feeMonth ?? '',
                ...sides(amount),
                sideOf(balance, language),
              ]),
              [asOf ?? '', '', zh ? '期末余额' : 'closing balance', '', '', '', sideOf(closing, language)],
            ],
            [1, 4, 5, 6],
          ),
          ...(more ? [zh ? '还有更多行，见 --limit。' : 'There are more lines, see --limit.'] : []),
        ]
      })
    })

  journal
    .command('entries')
    .description('最近的凭证 the newest entries')
    .option('--limit <count>', '条数 how many', '20')
    .addHelpText('after', '\n例 Example:\n  qingliu journal entries --limit 5')
    .action(async (options: { limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const [entries, { accounts }] = await Promise.all([newestEntries(db, limit), trialBalance(db)])
      const names = new Map(accounts.map((account) => [account.accountCode, account]))
      cli.show(entries.map(entryJson), (language) => {
        const zh = language === 'zh'
        const rowOf = ({ accountCode, feeMonth, amount }: Posting) => {
          const name = names.get(accountCode)
          const label = (zh ? name?.nameZh : name?.nameEn) ?? accountCode
          const sides = amount.isNegative() ? ['', moneyForPeople(negateMoney(amount))] : [moneyForPeople(amount), '']
          return [label, feeMonth ?? '', ...sides]
        }
        return entries.flatMap((entry) => [
          zh
            ? `凭证 ${entry.entryId}　${entry.entryOn}　${entry.memo}（单据 ${entry.documentCount} 份）`
            : `Entry ${entry.entryId}  ${entry.entryOn}  ${entry.memo} (${entry.documentCount} documents)`,
          ...alignColumns(
            zh ? ['科目', '用水月份', '借方', '贷方'] : ['account', 'fee month', 'debit', 'credit'],
            entry.lines.map(rowOf),
            [2, 3],
          ).map((line) => `  ${line}`),
          '',
        ])
      })
    })

  journal
    .command('export')
    .description(
      '导出为 hledger 或 ledger 文本（标准输出） the books as text for hledger or ledger, to standard output',
    )
    .addOption(new Option('--format <name>', '格式 which program').choices([...journalFormats]).default('hledger'))
    .option('--as-of <date>', '截至该日（含） up to and with this day')
    .addHelpText('after', '\n例 Example:\n  qingliu journal export --format ledger --as-of 2026-03-31 > 2026.ledger')
    .action(async (options: { format: JournalFormat; asOf?: string }) => {
      const asOf = readDate('--as-of', options.asOf)
      if (isRefusal(asOf)) return cli.refuse(asOf)
      const { db } = await cli.services()
      const filter = asOf === undefined ? {} : { until: plusDays(asOf, 1) }
      for await (const text of journalText(db, options.format, filter)) {
        // A slow reader is waited for, so that memory does not grow with the books.
        if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve))
      }
    })

  journal
    .command('tie-out')
    .description('总账与明细核对 control accounts beside their subledgers')
    .addHelpText('after', '\n例 Example:\n  qingliu journal tie-out')
    .action(async () => {
      const { db } = await cli.services()
      const [ties, { accounts }] = [await tieOutOf(db), await trialBalance(db)]
      const names = new Map(accounts.map((account) => [account.accountCode, account]))
      const rows = ties.map((tie) => ({ ...tie, difference: subtractMoney(tie.books, tie.subledger) }))
      const json = tieOutJson(ties)
      const { equal } = json
      if (!equal) process.exitCode = 65
      cli.show(json, (language) => {
        const zh = language === 'zh'
        const lines = alignColumns(
          zh
            ? ['科目', '用水月份', '账簿', '明细', '差额']
            : ['account', 'fee month', 'books', 'subledger', 'difference'],
          rows.map(({ accountCode, feeMonth, books, subledger, difference }) => {
            const name = names.get(accountCode)
            const label = (zh ? name?.nameZh : name?.nameEn) ?? accountCode
            return [label, feeMonth ?? '', ...[books, subledger, difference].map(moneyForPeople)]
          }),
          [2, 3, 4],
        )
        const word = zh ? (equal ? '全部相符。' : '有差额。') : equal ? 'All are equal.' : 'There are differences.'
        return [...lines, word]
      })
    })
}
