import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { accountLedger, newestEntries, trialBalance } from '../../src/journal/journal.queries.ts'
import type { NewEntry } from '../../src/journal/journal-entry.ts'
import { postEntry } from '../../src/journal/post-entry.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { addMoney, money, moneyText, negateMoney } from '../../src/kernel/money.ts'
import { type Envelope, runCommand, sqlState } from '../../src/platform/command.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice } from '../support/office.ts'

const [february, march] = [feeMonth('2026-02'), feeMonth('2026-03')]
const issue = (entryOn: string, month: typeof march, amount: string, documentCount = 1): NewEntry => ({
  entryOn: civilDate(entryOn),
  memo: `开账 ${month}`,
  documentCount,
  lines: [
    { accountCode: 'fees_receivable', feeMonth: month, amount: money(amount) },
    { accountCode: 'fees_due_to_treasury', feeMonth: month, amount: negateMoney(money(amount)) },
  ],
})

onEveryDatabase('the journal', (connection) => {
  const services = () => servicesOn(connection(), '2026-04-03')
  const kind = { name: 'test.post', zh: '测试', permission: 'bills.open-run' } as const
  const post = (entry: NewEntry, envelope: Envelope = by('clerk')) =>
    runCommand(services(), envelope, kind, {}, (context) => postEntry(context, entry))
  beforeAll(() => openOffice(services()))

  it('has exactly the accounts that the code may post to', async () => {
    const { accounts } = await trialBalance(connection().db)
    expect(accounts.map(({ accountCode }) => accountCode).toSorted()).toEqual([
      'collection_fee_appropriation',
      'collection_fee_expense',
      'collection_fee_payable',
      'collector_held',
      'fees_due_to_treasury',
      'fees_receivable',
      'fine_income',
      'fine_treasury_received',
      'fines_receivable',
      'service_fee_appropriation',
      'service_fee_expense',
      'service_fee_payable',
      'treasury_received',
      'unallocated_receipts',
    ])
    expect(accounts.every(({ balance }) => balance.isZero())).toBe(true)
  })

  it('adds up what was posted, by account, day and fee month', async () => {
    const { db } = connection()
    await done(post(issue('2026-03-03', february, '12345678901234.56', 30_000)))
    await done(post(issue('2026-04-03', march, '17283.00')))
    await done(post(issue('2026-04-05', march, '-283.00')))
    const all = await trialBalance(db)
    const said = (balance: typeof all) =>
      balance.accounts
        .filter(({ accountCode }) => accountCode.startsWith('fees_'))
        .map(({ debit, credit, balance: left }) => [debit, credit, left].map(moneyText))
    expect(said(all)).toEqual([
      ['12345678918517.56', '283.00', '12345678918234.56'],
      ['283.00', '12345678918517.56', '-12345678918234.56'],
    ])
    expect(moneyText(all.debit)).toBe(moneyText(all.credit))
    // `until` is excluded.
    expect(said(await trialBalance(db, { until: civilDate('2026-04-03') }))[0]?.[2]).toBe('12345678901234.56')
    expect(said(await trialBalance(db, { feeMonth: march }))[0]).toEqual(['17283.00', '283.00', '17000.00'])
    expect(said(await trialBalance(db, { until: civilDate('2026-04-05'), feeMonth: march }))[0]?.[2]).toBe('17283.00')
  })

  it('shows one account line by line, with what it began and ended with', async () => {
    const { db } = connection()
    const ledger = await accountLedger(db, 'fees_receivable', {
      from: civilDate('2026-04-03'),
      until: civilDate('2026-04-06'),
      limit: 1,
    })
    expect(ledger).toMatchObject({ nameEn: 'fees receivable', more: true })
    expect([ledger?.opening, ledger?.closing].map((each) => each && moneyText(each))).toEqual([
      '12345678901234.56',
      '12345678918234.56',
    ])
    expect(
      ledger?.lines.map(({ entryOn, amount, balance }) => [entryOn, moneyText(amount), moneyText(balance)]),
    ).toEqual([['2026-04-03', '17283.00', '12345678918517.56']])
    const ofMarch = await accountLedger(db, 'fees_receivable', { feeMonth: march, limit: 10 })
    expect(ofMarch?.lines.map(({ balance }) => moneyText(balance))).toEqual(['17283.00', '17000.00'])
    expect(ofMarch).toMatchObject({ more: false })
    expect(await accountLedger(db, 'fees', { limit: 10 })).toBeUndefined()
  })

  it('shows entries newest first with their lines and the number of documents', async () => {
    const entries = await newestEntries(connection().db, 2)
    expect(entries.map(({ entryOn, documentCount }) => [entryOn, documentCount])).toEqual([
      ['2026-04-05', 1],
      ['2026-04-03', 1],
    ])
    expect(entries[0]?.lines.map(({ feeMonth: month, amount }) => [month, moneyText(amount)])).toEqual([
      ['2026-03', '-283.00'],
      ['2026-03', '283.00'],
    ])
  })

  describe('what does not balance', () => {
    it('stops the command and leaves no trace', async () => {
      const before = (await newestEntries(connection().db, 100)).length
      const unbalanced = {
        ...issue('2026-04-05', march, '1.00'),
        lines: issue('2026-04-05', march, '1.00').lines.slice(1),
      }
      await expect(post(unbalanced)).rejects.toThrow(/Broken invariant: an entry has a debit and a credit/)
      expect(await newestEntries(connection().db, 100)).toHaveLength(before)
    })

    const tipped = (envelope: Envelope) =>
      runCommand(services(), envelope, kind, {}, async (context) => {
        const id = await postEntry(context, issue('2026-04-05', march, '1.00'))
        await sql`insert into postings values (${id}, 3, 'fees_receivable', '2026-03-01', 0.01)`.execute(context.trx)
        return id
      })

    it('is refused by the database at commit', async () => {
      const before = (await newestEntries(connection().db, 100)).length
      expect(await tipped(by('clerk')).then(() => undefined, sqlState)).toBe('QL004')
      expect(await newestEntries(connection().db, 100)).toHaveLength(before)
    })

    it('is found by a dry run too', async () => {
      expect(await tipped(by('clerk', { dryRun: true })).then(() => undefined, sqlState)).toBe('QL004')
    })
  })

  it('any entries leave both sides of the trial balance equal', async () => {
    const amounts = ['0.01', '99999999.99', '-0.01', '1234.50']
    for (const amount of amounts) await done(post(issue('2026-04-06', march, amount)))
    const balance = await trialBalance(connection().db)
    expect(moneyText(balance.debit)).toBe(moneyText(balance.credit))
    expect(addMoney(balance.accounts.map((account) => account.balance)).isZero()).toBe(true)
  })
})
