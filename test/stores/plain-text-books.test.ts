import { beforeAll, describe, expect, it } from 'vitest'
import { journalFormats, journalText } from '../../src/journal/export-journal.ts'
import { trialBalance } from '../../src/journal/journal.queries.ts'
import type { NewEntry } from '../../src/journal/journal-entry.ts'
import { postEntry } from '../../src/journal/post-entry.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { money, moneyText, negateMoney } from '../../src/kernel/money.ts'
import { runCommand } from '../../src/platform/command.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice } from '../support/office.ts'
import { balancesBy, canRun } from '../support/plain-text-books.ts'

const fee = (entryOn: string, month: string, amount: string, memo: string): NewEntry => ({
  entryOn: civilDate(entryOn),
  memo,
  documentCount: 3,
  lines: [
    { accountCode: 'fees_receivable', feeMonth: feeMonth(month), amount: money(amount) },
    { accountCode: 'fees_due_to_treasury', feeMonth: feeMonth(month), amount: negateMoney(money(amount)) },
  ],
})
const paid = (entryOn: string, amount: string, memo: string): NewEntry => ({
  entryOn: civilDate(entryOn),
  memo,
  documentCount: 1,
  lines: [
    { accountCode: 'collector_held', feeMonth: null, amount: money(amount) },
    { accountCode: 'unallocated_receipts', feeMonth: null, amount: negateMoney(money(amount)) },
  ],
})

/** Memos hold names of files, which may be anything; no character of theirs may change what the books say. */
const entries = [
  fee('2026-03-03', '2026-02', '12345678901234.56', '开账 2026-02'),
  fee('2026-04-03', '2026-03', '17283.00', '开账 2026-03; month: 1999-01'),
  fee('2026-04-05', '2026-03', '-283.00', '* ! (x) | = ~ "账单" 红冲'),
  paid('2026-04-05', '17000.00', '导入缴款 7 四月\r\n2026-04-05 x\n    Assets:collector_held  99.00 CNY'),
  paid('2026-04-06', '0.01', '#1 {100 CNY} @ 3 [2026-01-01]\t; 2'),
]

onEveryDatabase('the books as text', (connection) => {
  const kind = { name: 'test.post', zh: '测试', permission: 'bills.open-run' } as const
  beforeAll(async () => {
    const services = servicesOn(connection(), '2026-04-06')
    await openOffice(services)
    for (const [index, entry] of entries.entries()) {
      const envelope = by('clerk', { commandId: index === 0 ? 'a; b, c: d | e' : `entry-number-${index}` })
      await done(runCommand(services, envelope, kind, {}, (context) => postEntry(context, entry)))
    }
  })

  describe.each(journalFormats)('for %s', (format) => {
    const text = async (until?: string) => {
      let all = ''
      for await (const part of journalText(connection().db, format, until ? { until: civilDate(until) } : {}))
        all += part
      return all
    }
    const ours = async (filter: Parameters<typeof trialBalance>[1]) =>
      Object.fromEntries(
        (await trialBalance(connection().db, filter)).accounts
          .filter(({ debit, credit }) => !debit.isZero() || !credit.isZero())
          .map(({ accountCode, balance }) => [accountCode, moneyText(balance)]),
      )
    const theirs = async (month?: string, until?: string) =>
      Object.fromEntries([...balancesBy(format, await text(until), month)].filter(([, balance]) => balance !== '0.00'))

    it.skipIf(!canRun(format))('have the balances of the trial balance, account by account', async () => {
      expect(await theirs()).toEqual(await ours({}))
      expect(await ours({})).toMatchObject({ fees_receivable: '12345678918234.56', collector_held: '17000.01' })
    })

    it.skipIf(!canRun(format))('and of any day and fee month', async () => {
      const until = civilDate('2026-04-05')
      expect(await theirs(undefined, until)).toEqual(await ours({ until }))
      for (const month of ['2026-02', '2026-03'])
        expect(await theirs(month)).toEqual(await ours({ feeMonth: feeMonth(month) }))
    })
  })
})
