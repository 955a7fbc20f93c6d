import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importOpening, type OpeningInput } from '../../src/bills/import-opening.ts'
import { verifyBills } from '../../src/bills/verify-bills.ts'
import { findCollector } from '../../src/dischargers/account.queries.ts'
import { trialBalance } from '../../src/journal/journal.queries.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { present } from '../../src/kernel/invariant.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { collectorMovements } from '../../src/payments/collector-money.queries.ts'
import { listCredits, listOutstanding } from '../../src/payments/payment.queries.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { decideRefund, proposeRefund } from '../../src/payments/refund-payment.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import { takeOverMoney } from '../../src/payments/take-over-money.ts'
import { verifyPayments } from '../../src/payments/verify-payments.ts'
import { disclosureOf } from '../../src/remittance/disclosure.ts'
import { proposeRelease } from '../../src/remittance/release-disclosure.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

const titles = {
  readings: '户号,表号,抄表日期,读数',
  uses: '户号,月份,用水量,估算',
  openBills: '账单年份,账单号,户号,月份,水量,金额,到期日,价格类别',
  credits: '户号,流水号,缴款日期,金额,已划缴',
  held: '缴款日期,月份,金额',
}
/** Going live on 1 March 2026: 1001 owes January, has 30.00 in the treasury and 50.00 with the company; 1002 has 500.00. */
const files = {
  readings: ['1001,M1001,2026-02-28,0', '1002,M1002,2026-02-28,0'],
  uses: ['1001,2026-02,100,否'],
  openBills: ['2026,17,1001,2026-01,100,140.00,2026-02-10,非居民'],
  credits: ['1001,A1,2026-02-20,50.00,否', '1001,A2,2025-12-30,30.00,是', '1002,,2026-02-27,500.00,'],
  held: ['2026-02-09,2026-01,700.00', '2026-02-10,2026-01,20.50', '2026-02-10,2025-12,79.50'],
}
const signed = {
  readings: 2,
  uses: 1,
  usesVolumeM3: '100',
  openBills: 1,
  openBillsAmount: '140.00',
  credits: 3,
  creditsAmount: '580.00',
  held: 3,
  heldAmount: '800.00',
}

onEveryDatabase('Money at go-live', (connection) => {
  let town: SmallTown
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-opening-'))
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-03-01')
    for (const account of ['1001', '1002'])
      await town.enrol(account, { openedOn: '2025-12-01', category: 'non-resident' })
  })
  afterAll(() => {
    town.leave()
    rmSync(folder, { recursive: true, force: true })
  })

  const take = (
    changed: Partial<Record<keyof typeof files, readonly string[]>> = {},
    control: Partial<typeof signed> = {},
    without: readonly (keyof typeof files)[] = [],
  ) => {
    const path = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const rows = { ...files, ...changed }
    const paths = Object.fromEntries(
      Object.entries(titles)
        .filter(([name]) => !without.includes(name as keyof typeof files))
        .map(([name, title]) => [name, path(`${name}.csv`, [title, ...rows[name as keyof typeof files]].join('\n'))]),
    )
    const input = {
      collectorCode: 'water',
      ...paths,
      control: path('control.json', JSON.stringify({ ...signed, ...control })),
    }
    return importOpening(town.services, by('clerk'), input as unknown as OpeningInput, settleIssued, takeOverMoney)
  }
  const holds = async () => {
    expect((await verifyPayments(town.services)).faults).toEqual([])
    // What collectors held is due to the treasury like bills, and no fault of theirs.
    expect((await verifyBills(town.services)).monthFaults).toEqual([])
  }
  const balances = async () =>
    Object.fromEntries(
      (await trialBalance(town.services.db)).accounts
        .filter(({ balance }) => !balance.isZero())
        .map((each) => [each.accountCode, moneyText(each.balance)]),
    )
  const credits = async () =>
    (await listCredits(town.services.db, { limit: 10 })).map((each) => [
      each.reference,
      each.accountNo,
      each.paidOn,
      moneyText(each.remaining),
    ])
  const held = async () => {
    const collector = present(await findCollector(town.services.db, 'water'), 'the collector')
    const moved = await collectorMovements(town.services.db, collector.collectorId, {
      from: civilDate('2025-01-01'),
      until: civilDate('2027-01-01'),
    })
    return moved.map(({ kind, paidOn, movedOn, feeMonth, amount }) => [
      kind,
      paidOn,
      movedOn,
      feeMonth,
      moneyText(amount),
    ])
  }

  it.each([
    ['another total of the credits', {}, { creditsAmount: '580.01' }, [], 'opening_total_differs'],
    ['another total of what is held', {}, { heldAmount: '799.99' }, [], 'opening_total_differs'],
    ['a control that knows of credits without their file', {}, {}, ['credits'], 'opening_total_differs'],
    ['an amount of nothing', { credits: ['1001,A1,2026-02-20,0.00,否'] }, {}, [], 'opening_row_faulty'],
    ['a day to come', { held: ['2026-03-02,2026-01,700.00'] }, {}, [], 'opening_row_faulty'],
    ['an account that nobody held', { credits: ['1001,A1,2025-11-30,50.00,否'] }, {}, [], 'opening_row_faulty'],
    ['an unknown word for remitted', { credits: ['1001,A1,2026-02-20,50.00,划了'] }, {}, [], 'opening_row_faulty'],
    [
      'one reference twice',
      { credits: ['1001,,2026-02-20,50.00,否', '1001,,2026-02-21,30.00,', '1002,,2026-02-27,500.00,'] },
      {},
      [],
      'opening_reference_twice',
    ],
  ] as const)('is refused as a whole for %s', async (_, changed, control, without, code) => {
    expect(await refusedWith(take(changed, control, without))).toBe(code)
    expect(await credits()).toEqual([])
    expect(await held()).toEqual([])
  })

  it('stands in the books as it was signed, beside what is open', async () => {
    expect(await done(take())).toMatchObject({ credits: 3, creditsAmount: '580.00', held: 3, heldAmount: '800.00' })
    expect(await credits()).toEqual([
      ['A2', '1001', '2025-12-30', '30.00'],
      ['A1', '1001', '2026-02-20', '50.00'],
      ['启用 1002', '1002', '2026-02-27', '500.00'],
    ])
    const open = await listOutstanding(town.services.db, { limit: 10 })
    expect(open.map(({ bill, outstanding }) => [bill, moneyText(outstanding)])).toEqual([['2026-000017', '140.00']])
    expect(await balances()).toEqual({
      // 50.00 and 500.00 of credits, 800.00 of settled fees; A2 was handed over before.
      collector_held: '1350.00',
      treasury_received: '30.00',
      fees_receivable: '140.00',
      unallocated_receipts: '-580.00',
      fees_due_to_treasury: '-940.00',
    })
    await holds()
  })

  it('is known with its day of payment and month, for whoever asks what a collector holds', async () => {
    expect(await held()).toEqual([
      ['opening', '2026-02-09', '2026-02-09', '2026-01', '700.00'],
      ['opening', '2026-02-10', '2026-02-10', '2026-01', '20.50'],
      ['opening', '2026-02-10', '2026-02-10', '2025-12', '79.50'],
      ['payment', '2026-02-20', '2026-02-20', null, '50.00'],
      ['payment', '2026-02-27', '2026-02-27', null, '500.00'],
    ])
  })

  it('is no year to make public: what was settled before stands in the old books alone', async () => {
    expect(await refusedWith(proposeRelease(town.services, by('clerk'), { year: 2025 }, []))).toBe(
      'disclosure_of_old_books',
    )
    const { leftOut } = await disclosureOf(town.services.db, 2026, '2027-01-10', [])
    expect(leftOut?.zh).toContain('2026-02 及以前各月')
  })

  it('is taken over once', async () => {
    expect(await refusedWith(take({ held: [...files.held, ''] }))).toBe('opening_twice')
    const others = { readings: [], uses: [], openBills: [] }
    const nothing = { readings: 0, uses: 0, usesVolumeM3: '0', openBills: 0, openBillsAmount: '0.00' }
    expect(await refusedWith(take(others, nothing))).toBe('opening_reference_known')
    expect(await refusedWith(take(others, { ...nothing, credits: 0, creditsAmount: '0.00' }, ['credits']))).toBe(
      'opening_held_twice',
    )
  })

  it('pays bills at the next issue, the oldest first, on the day it was paid', async () => {
    town.on('2026-04-02')
    await town.read('2026-03', [
      { account: '1001', start: '0', end: '100', on: '2026-03-31' },
      { account: '1002', start: '0', end: '200', on: '2026-03-31' },
    ])
    await town.bill('2026-03')
    const open = await listOutstanding(town.services.db, { limit: 10 })
    // 80.00 of 1001 on January; 280.00 of 1002 on March.
    expect(open.map(({ bill, feeMonth, outstanding }) => [bill, feeMonth, moneyText(outstanding)])).toEqual([
      ['2026-000017', '2026-01', '60.00'],
      ['2026-000018', '2026-03', '140.00'],
    ])
    expect(await credits()).toEqual([['启用 1002', '1002', '2026-02-27', '220.00']])
    const { rows } = await sql<{ settled_on: string }>`
      select settled_on::text from open_items where settled_on is not null`.execute(town.services.db)
    expect(rows).toEqual([{ settled_on: '2026-02-27' }])
    await holds()
  })

  it('can be refunded and reversed like any payment, what the treasury has by the treasury alone', async () => {
    const refund = { paymentId: '3', amount: '20.00', refundedBy: 'collector', evidence: '申请' } as const
    const { proposalId } = await done(proposeRefund(town.services, by('clerk'), refund))
    await done(decideRefund(town.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
    expect((await held()).at(-1)).toEqual(['refund', '2026-02-27', '2026-04-02', null, '-20.00'])
    await done(reversePayment(town.services, by('clerk'), { paymentId: '2', reason: '退票' }))
    expect(await balances()).toMatchObject({ collector_held: '1330.00' })
    expect(Object.keys(await balances())).not.toContain('treasury_received')
    await holds()
    const paidAgain = { collectorCode: 'water', reference: 'A1', accountNo: '1001', paidOn: civilDate('2026-02-20') }
    expect(await refusedWith(recordPayment(town.services, by('clerk'), { ...paidAgain, amount: '190.00' }))).toBe(
      'payment_reference_taken',
    )
  })
})
