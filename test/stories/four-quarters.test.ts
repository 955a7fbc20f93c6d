import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { evidencePack } from '../../src/evidence/evidence-pack.ts'
import { packKinds } from '../../src/evidence/subject-of.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { volumeText } from '../../src/kernel/volume.ts'
import { listOutstanding } from '../../src/payments/payment.queries.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { pdfPrinter } from '../../src/platform/documents/pdf-printer.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { openTable } from '../../src/platform/tables/read-table.ts'
import { kindAt, type TableRow } from '../../src/platform/tables/table-file.ts'
import { listSettlements, settlementState } from '../../src/remittance/annual-settlement.queries.ts'
import { plainCell } from '../../src/remittance/cells.rules.ts'
import { claimFee, decideFee, payFee } from '../../src/remittance/claim-fee.ts'
import { declareVolume } from '../../src/remittance/declare-volume.ts'
import { collectionFeeUse, disclosureOf } from '../../src/remittance/disclosure.ts'
import { drawReconciliation } from '../../src/remittance/draw-reconciliation.ts'
import { exportDocument } from '../../src/remittance/export-documents.ts'
import { listFeeClaims } from '../../src/remittance/fee.queries.ts'
import { issuePaper } from '../../src/remittance/issue-paper.ts'
import { printRemittance } from '../../src/remittance/print-remittance.ts'
import { findReconciliation, oneSidedUsers } from '../../src/remittance/reconciliation.queries.ts'
import type { Party } from '../../src/remittance/reconciliation.ts'
import { decideSettlement, proposeSettlement } from '../../src/remittance/settle-year.ts'
import { returnReconciliation, signReconciliation } from '../../src/remittance/sign-reconciliation.ts'
import { findStatement, linesOfStatement } from '../../src/remittance/statement.queries.ts'
import { writeDisclosure } from '../../src/remittance/write-disclosure.ts'
import { decideWriteOff, proposeWriteOff } from '../../src/remittance/write-off.ts'
import { waterBalance } from '../../src/settlement/water-balance.ts'
import { decideVolumeBasis, proposeVolumeBasis } from '../../src/volumes/propose-volume-basis.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { allHolds, FiscalTown } from '../support/fiscal-town.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { linesOfPage, textOfPdf } from '../support/pdf-text.ts'
import { flat } from '../support/small-town.ts'

/**
 * A year of a small town, every number by hand. Each month 1001 (non-resident) uses 100 m³, 1002 (resident) 20, 1003
 * (special) 50, and 1004 10 which it treats itself and is exempt for. Prices 1.40, 0.95, 1.60; from 1 July 1.50 for
 * non-residents: 140.00 (150.00) + 19.00 + 80.00 a month, 2,928.00 in the year.
 *
 * 1001 pays on the 8th, 1002 on the 9th of the next month, through the company. 1003 pays January to March on 20 April
 * through the company, April to June on 10 July straight to the treasury, then goes bankrupt. What 1002 pays on 28 June is
 * recorded on 15 July. 1001's payment of 8 March bounces on 20 April, after it was remitted, and is paid anew on the 25th.
 */
onEveryDatabase('Four quarters and the annual settlement of 2025', (connection) => {
  let fiscal: FiscalTown
  let references = 0
  const pay = (amount: string, paidOn: string, account: string) => {
    references += 1
    return done(fiscal.pay(`R${references}`, amount, paidOn, account))
  }
  const clerk = () => by('clerk')
  const months = Array.from({ length: 12 }, (_, index) => `2025-${String(index + 1).padStart(2, '0')}`)
  const day = (month: string, of: string) => `${month}-${of}`
  const next = (month: string) => months[months.indexOf(month) + 1] ?? '2026-01'

  /** The readings of a month, its bills on the 3rd of the next, and what the company declares it sold. */
  const closeMonth = async (month: string) => {
    const index = months.indexOf(month)
    const last = new Date(Date.UTC(2025, index + 1, 0)).toISOString().slice(0, 10)
    fiscal.on(day(next(month), '03'))
    await fiscal.town.read(
      month,
      [
        ['1001', 100],
        ['1002', 20],
        ['1003', 50],
        ['1004', 10],
        // In February the company's file has a user whom nobody registered.
        ...(month === '2025-02' ? [['9999', 7]] : []),
      ].map(([account, use]) => ({
        account: String(account),
        start: String(index * Number(use)),
        end: String((index + 1) * Number(use)),
        on: last,
      })),
    )
    await fiscal.town.bill(month)
    if (month === '2025-12') {
      // A year is not settled before the company declared every month and category: each is named as people call it.
      const early = await proposeSettlement(fiscal.services, clerk(), { collectorCode: 'water', year: 2025 })
      expect(isRefusal(early) ? early.sentence('zh') : '').toMatch(/有：2025-12 非居民、2025-12 居民、2025-12 特种。/)
      expect(isRefusal(early) ? early.sentence('en') : '').toContain('2025-12 non-resident, 2025-12 resident, 2025-12 ')
    }
    for (const [category, volumeM3] of [
      // In September 30 m³ more were sold than anybody was billed for.
      ['non-resident', month === '2025-09' ? '140' : '110'],
      ['resident', '20'],
      ['special', '50'],
    ] as const) {
      const entry = { collectorCode: 'water', feeMonth: feeMonth(month), category, volumeM3, document: `申报 ${month}` }
      await done(declareVolume(fiscal.services, by('collector-1'), entry))
    }
  }
  /** The usual payments for a month's bills, on the 8th and 9th of the next. */
  const payUsual = async (month: string, of: readonly string[] = ['1001', '1002']) => {
    fiscal.on(day(next(month), '09'))
    if (of.includes('1001')) await pay(month < '2025-07' ? '140.00' : '150.00', day(next(month), '08'), '1001')
    if (of.includes('1002')) await pay('19.00', day(next(month), '09'), '1002')
  }
  const settleFee = async (statement: string) => {
    const { proposalId, amount } = await done(claimFee(fiscal.services, by('collector-1'), { statement }))
    const { claim } = await done(
      decideFee(fiscal.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }),
    )
    await done(payFee(fiscal.services, by('treasurer'), { claim: claim ?? '', reference: `支付${claim}` }))
    return amount
  }
  const sign = (reconciliation: string, party: Party, person: string, digestSeen: string) =>
    signReconciliation(fiscal.services, by(person), { reconciliation, party, digestSeen })
  const reconcile = async (quarter: string) => {
    const drawn = await done(drawReconciliation(fiscal.services, clerk(), { collectorCode: 'water', quarter }))
    for (const [party, person] of [
      ['collector', 'collector-1'],
      ['bureau', 'approver'],
      ['finance', 'treasurer-2'],
    ] as const)
      await done(sign(drawn.reconciliation, party, person, drawn.digest))
    return reconciliation(drawn.reconciliation)
  }
  const reconciliation = async (number: string) => {
    const found = await findReconciliation(fiscal.services.db, number)
    if (isRefusal(found)) throw new Error(found.sentence('en'))
    return found
  }
  /** Month, category, then billed, collected, direct, remitted, confirmed. */
  const amounts = (found: Awaited<ReturnType<typeof reconciliation>>) =>
    found.cells
      .map(plainCell)
      .map((cell) =>
        [cell.feeMonth, cell.category, cell.billed, cell.collected, cell.direct, cell.remitted, cell.confirmed].join(
          ' ',
        ),
      )

  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2024-12-20')
    for (const [account, category] of [
      ['1001', 'non-resident'],
      ['1002', 'resident'],
      ['1003', 'special'],
      ['1004', 'non-resident'],
    ] as const)
      await fiscal.town.enrol(account, { category, openedOn: '2025-01-01' })
    const { proposalId } = await done(
      proposeVolumeBasis(fiscal.services, clerk(), {
        accountNo: '1004',
        basis: 'exempt',
        evidence: '示例核定：自行处理，全部回用',
        validFrom: civilDate('2025-01-01'),
      }),
    )
    await done(decideVolumeBasis(fiscal.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
    await fiscal.town.putInForce({
      code: 'non-resident-2025',
      validFrom: '2025-07-01',
      endsEarlier: true,
      prices: { 'non-resident': flat('1.50') },
    })
    await done(fiscal.contract({ contractNo: 'C-2025', from: civilDate('2025-01-01') }))
  }, 120_000)
  afterAll(() => fiscal.leave())

  it('first quarter: 318.00 is collected, held, remitted gross; the fee is 6.36', async () => {
    await closeMonth('2025-01')
    await payUsual('2025-01')
    await closeMonth('2025-02')
    await payUsual('2025-02')
    expect(await fiscal.held('2025-03-31')).toEqual({
      aged: ['2025-02-08 140.00 51', '2025-02-09 19.00 50', '2025-03-08 140.00 23', '2025-03-09 19.00 22'],
      surplus: '0.00',
      held: '318.00',
    })
    fiscal.on('2025-04-02')
    expect(await fiscal.sign('2025-Q1')).toMatchObject({
      statement: 'R2025-0001',
      lines: 4,
      late: '0.00',
      total: '318.00',
    })
    await closeMonth('2025-03')
    fiscal.on('2025-04-08')
    await pay('140.00', '2025-04-08', '1001')
    fiscal.on('2025-04-09')
    await pay('19.00', '2025-04-09', '1002')
    fiscal.on('2025-04-10')
    // 318.00 × 2 % = 6.36: 311.64 would be the netted amount.
    expect(await refusedWith(fiscal.voucher('R2025-0001', '311.64', 'B0', { reason: '手续费已扣' }))).toBe(
      'remittance_nets_fee',
    )
    await fiscal.remit('R2025-0001', '318.00', 'B1')
    expect(await settleFee('R2025-0001')).toBe('6.36')
    expect(await fiscal.balances()).toMatchObject({
      collection_fee_appropriation: '-6.36',
      collection_fee_expense: '6.36',
      collection_fee_payable: '0.00',
      collector_held: '159.00',
      // January to March of 1003.
      fees_due_to_treasury: '-717.00',
      fees_receivable: '240.00',
      treasury_received: '318.00',
      unallocated_receipts: '0.00',
    })
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('first reconciliation: billed 717.00, collected 477.00, confirmed 318.00, signed by three, each for one party', async () => {
    fiscal.on('2025-04-15')
    expect(
      await refusedWith(drawReconciliation(fiscal.services, clerk(), { collectorCode: 'water', quarter: '2025-Q2' })),
    ).toBe('period_not_over')
    expect(
      await refusedWith(drawReconciliation(fiscal.services, clerk(), { collectorCode: 'water', quarter: '2025-03' })),
    ).toBe('quarter_malformed')
    const drawn = await done(
      drawReconciliation(fiscal.services, clerk(), { collectorCode: 'water', quarter: '2025-Q1' }),
    )
    expect(drawn).toMatchObject({ reconciliation: 'Q2025-0001', cells: 9, corrections: 0, users: 1 })
    const found = await reconciliation('Q2025-0001')
    expect(amounts(found)).toEqual([
      '2025-01 non-resident 140.00 140.00 0.00 140.00 140.00',
      '2025-01 resident 19.00 19.00 0.00 19.00 19.00',
      '2025-01 special 80.00 0.00 0.00 0.00 0.00',
      '2025-02 non-resident 140.00 140.00 0.00 140.00 140.00',
      '2025-02 resident 19.00 19.00 0.00 19.00 19.00',
      '2025-02 special 80.00 0.00 0.00 0.00 0.00',
      '2025-03 non-resident 140.00 140.00 0.00 0.00 0.00',
      '2025-03 resident 19.00 19.00 0.00 0.00 0.00',
      '2025-03 special 80.00 0.00 0.00 0.00 0.00',
    ])
    expect(found.content).toMatchObject({
      held: {
        opening: '0.00',
        collected: '318.00',
        reversed: '0.00',
        refunded: '0.00',
        remitted: '0.00',
        closing: '318.00',
        oldestDays: 51,
      },
      statements: [
        { statement: 'R2025-0001', state: 'approved', total: '318.00', received: '318.00', balance: '0.00' },
      ],
      fees: [{ claim: 'F2025-0001', amount: '6.36', paidOn: '2025-04-10' }],
      months: [
        { month: '2025-01', soldM3: '180.000', readM3: '180.000', billedM3: '170.000', unbilledM3: '10.000' },
        { month: '2025-02', soldM3: '180.000', readM3: '180.000', billedM3: '170.000', unbilledM3: '10.000' },
        { month: '2025-03', soldM3: '180.000', readM3: '180.000', billedM3: '170.000', unbilledM3: '10.000' },
      ],
      users: [
        { side: 'unknown_account', count: 1 },
        { side: 'read_not_billed', count: 0 },
        { side: 'billed_not_read', count: 0 },
      ],
    })
    // January's bill of 1003 was due on 10 February, February's on 10 March.
    expect(found.content.uncollected.filter(({ bills }) => bills > 0)).toEqual([
      { days: '1-30', bills: 1, amount: '80.00' },
      { days: '31-60', bills: 1, amount: '80.00' },
    ])
    expect(await oneSidedUsers(fiscal.services.db, found.reconciliationId, { limit: 10 })).toEqual([
      { side: 'unknown_account', feeMonth: '2025-02', accountNo: '9999', volumeM3: null, amount: null },
    ])
    const { digest } = drawn
    expect(await refusedWith(sign('Q2025-0001', 'bureau', 'approver', '00000000'))).toBe(
      'reconciliation_digest_differs',
    )
    expect(await refusedWith(sign('Q2025-0001', 'collector', 'outsider', digest))).toBe('collector_of_others')
    expect(await refusedWith(sign('Q2025-0001', 'collector', 'clerk', digest))).toBe('reconciliation_own_work')
    // The treasurer paid F2025-0001, which stands in it.
    expect(await refusedWith(sign('Q2025-0001', 'finance', 'treasurer', digest))).toBe('reconciliation_own_payment')
    expect(await refusedWith(sign('Q2025-0001', 'bureau', 'treasurer', digest))).toBe('role_missing')
    await done(sign('Q2025-0001', 'collector', 'both', digest))
    expect(await refusedWith(sign('Q2025-0001', 'bureau', 'both', digest))).toBe('reconciliation_one_party_each')
    await done(
      returnReconciliation(fiscal.services, by('collector-1'), {
        reconciliation: 'Q2025-0001',
        reason: '应由公司自己签认',
      }),
    )
    expect(await refusedWith(sign('Q2025-0001', 'bureau', 'approver', digest))).toBe('reconciliation_was_returned')
    const again = await reconcile('2025-Q1')
    expect([again.number, again.state, again.signatures.map(({ party }) => party)]).toEqual([
      'Q2025-0002',
      'frozen',
      ['bureau', 'collector', 'finance'],
    ])
    expect(await refusedWith(sign('Q2025-0002', 'bureau', 'approver-2', again.digest))).toBe('reconciliation_frozen')
    expect(
      await refusedWith(returnReconciliation(fiscal.services, clerk(), { reconciliation: 'Q2025-0002', reason: 'x' })),
    ).toBe('reconciliation_frozen')
  })

  it('second quarter: 838.00 collected less 140.00 that bounced, remitted in two parts; a cumulative fee of 13.96', async () => {
    fiscal.on('2025-04-20')
    await pay('240.00', '2025-04-20', '1003')
    // 1001's payment of 8 March, the third that was recorded.
    await done(reversePayment(fiscal.services, clerk(), { paymentId: '3', reason: '银行退票' }))
    expect(await fiscal.held()).toMatchObject({ held: '259.00' })
    fiscal.on('2025-04-25')
    await pay('140.00', '2025-04-25', '1001')
    for (const month of ['2025-04', '2025-05']) {
      await closeMonth(month)
      await payUsual(month, month === '2025-04' ? ['1001', '1002'] : ['1001'])
    }
    fiscal.on('2025-07-02')
    expect(await fiscal.sign('2025-Q2')).toEqual({
      statement: 'R2025-0002',
      collector: 'water',
      period: '2025-Q2',
      lines: 8,
      collected: '838.00',
      late: '0.00',
      reversed: '140.00',
      refunded: '0.00',
      carried: '0.00',
      total: '698.00',
      declared: '698.00',
    })
    await closeMonth('2025-06')
    await payUsual('2025-06')
    fiscal.on('2025-07-10')
    await fiscal.remit('R2025-0002', '500.00', 'B2', '分两次划缴')
    expect(await fiscal.statement('R2025-0002')).toMatchObject({ received: '500.00', balance: '198.00' })
    // The two payments of July and the end of what the second quarter collected: 198.00 of 140 + 19 + 140, oldest first.
    expect((await fiscal.held()).aged).toEqual([
      '2025-05-08 39.00 63',
      '2025-05-09 19.00 62',
      '2025-06-08 140.00 32',
      '2025-07-08 140.00 2',
      '2025-07-09 19.00 1',
    ])
    await fiscal.remit('R2025-0002', '198.00', 'B3')
    await done(
      recordPayment(fiscal.services, clerk(), {
        reference: '国库直缴1',
        accountNo: '1003',
        paidOn: civilDate('2025-07-10'),
        amount: '240.00',
      }),
    )
    // (318.00 + 698.00) × 2 % = 20.32, of which 6.36 were claimed.
    expect(await settleFee('R2025-0002')).toBe('13.96')
    fiscal.on('2025-07-15')
    await pay('19.00', '2025-06-28', '1002')
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('second reconciliation: its own months, and what has changed of the first quarter since it was signed', async () => {
    fiscal.on('2025-07-16')
    const found = await reconcile('2025-Q2')
    expect(amounts(found)).toEqual([
      // Paid on 20 April and remitted with the second statement.
      '2025-01 special 0.00 80.00 0.00 80.00 80.00',
      '2025-02 special 0.00 80.00 0.00 80.00 80.00',
      // Paid on 8 and 9 April.
      '2025-03 non-resident 0.00 0.00 0.00 140.00 140.00',
      '2025-03 resident 0.00 0.00 0.00 19.00 19.00',
      '2025-03 special 0.00 80.00 0.00 80.00 80.00',
      '2025-04 non-resident 140.00 140.00 0.00 140.00 140.00',
      '2025-04 resident 19.00 19.00 0.00 19.00 19.00',
      '2025-04 special 80.00 0.00 80.00 0.00 0.00',
      '2025-05 non-resident 140.00 140.00 0.00 140.00 140.00',
      '2025-05 resident 19.00 19.00 0.00 0.00 0.00',
      '2025-05 special 80.00 0.00 80.00 0.00 0.00',
      '2025-06 non-resident 140.00 140.00 0.00 0.00 0.00',
      '2025-06 resident 19.00 19.00 0.00 0.00 0.00',
      '2025-06 special 80.00 0.00 80.00 0.00 0.00',
    ])
    expect(found.content.held).toMatchObject({
      opening: '318.00',
      // With what was paid on 28 June and recorded on 15 July.
      collected: '857.00',
      reversed: '140.00',
      remitted: '318.00',
      closing: '717.00',
    })
  })

  it('third quarter: 516.00 with 19.00 that came late, marked as of the second; the treasury’s money is none of it', async () => {
    for (const month of ['2025-07', '2025-08']) {
      await closeMonth(month)
      await payUsual(month)
    }
    fiscal.on('2025-10-02')
    expect(await fiscal.sign('2025-Q3')).toMatchObject({
      statement: 'R2025-0003',
      lines: 7,
      collected: '516.00',
      late: '19.00',
      total: '516.00',
    })
    const statement = await findStatement(fiscal.services.db, 'R2025-0003')
    if (isRefusal(statement)) throw new Error('not found')
    const late = await linesOfStatement(fiscal.services.db, statement, { lateOnly: true, limit: 10 })
    expect(late.map((line) => [line.eventOn, line.recordedOn, line.ownPeriod, moneyText(line.amount)])).toEqual([
      ['2025-06-28', '2025-07-15', '2025-Q2', '19.00'],
    ])
    await closeMonth('2025-09')
    await payUsual('2025-09')
    fiscal.on('2025-10-12')
    await fiscal.remit('R2025-0003', '516.00', 'B4')
    // (318 + 698 + 516) × 2 % = 30.64, of which 20.32 were claimed.
    expect(await settleFee('R2025-0003')).toBe('10.32')
    fiscal.on('2025-10-16')
    const found = await reconcile('2025-Q3')
    expect(amounts(found).filter((line) => line < '2025-07')).toEqual([
      '2025-05 resident 0.00 0.00 0.00 19.00 19.00',
      '2025-06 non-resident 0.00 0.00 0.00 140.00 140.00',
      '2025-06 resident 0.00 0.00 0.00 19.00 19.00',
    ])
    expect(found.content.months[2]).toEqual({
      month: '2025-09',
      soldM3: '210.000',
      readM3: '180.000',
      billedM3: '170.000',
      unbilledM3: '40.000',
    })
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('fourth quarter: 507.00; three bills of the bankrupt user are confirmed as uncollectable, the debt stays', async () => {
    for (const month of ['2025-10', '2025-11']) {
      await closeMonth(month)
      await payUsual(month)
    }
    fiscal.on('2025-12-20')
    const overdue = (await listOutstanding(fiscal.services.db, { limit: 100 })).filter(
      ({ accountNo }) => accountNo === '1003',
    )
    expect(overdue.map((item) => [item.feeMonth, moneyText(item.outstanding)])).toEqual(
      ['2025-07', '2025-08', '2025-09', '2025-10', '2025-11'].map((month) => [month, '80.00']),
    )
    const propose = (bill: string, evidence = '（2025）示例法院裁定') =>
      proposeWriteOff(fiscal.services, clerk(), { bill, ground: 'bankrupt', evidence })
    expect(await refusedWith(propose(overdue[0]?.bill ?? '', ' '))).toBe('write_off_evidence_missing')
    expect(await refusedWith(propose('2025-999999'))).toBe('write_off_bill_unknown')
    for (const { bill } of overdue.slice(0, 3)) {
      const { proposalId, amount, volumeM3 } = await done(propose(bill))
      expect([amount, volumeM3]).toEqual(['80.00', '50.000'])
      expect(await refusedWith(propose(bill))).toBe('write_off_pending')
      await done(decideWriteOff(fiscal.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
      expect(await refusedWith(propose(bill))).toBe('written_off_before')
    }
    // The debt is what it was.
    expect(
      (await listOutstanding(fiscal.services.db, { limit: 100 })).filter(({ accountNo }) => accountNo === '1003'),
    ).toEqual(overdue)
    fiscal.on('2026-01-02')
    expect(await fiscal.sign('2025-Q4')).toMatchObject({ statement: 'R2026-0001', total: '507.00' })
    await closeMonth('2025-12')
    await payUsual('2025-12')
    fiscal.on('2026-01-12')
    await fiscal.remit('R2026-0001', '507.00', 'B5')
    // 2,039.00 × 2 % = 40.78, of which 30.64 were claimed.
    expect(await settleFee('R2026-0001')).toBe('10.14')
    fiscal.on('2026-01-16')
    const found = await reconcile('2025-Q4')
    expect(amounts(found).filter((line) => line.startsWith('2025-12'))).toEqual([
      '2025-12 non-resident 150.00 150.00 0.00 0.00 0.00',
      '2025-12 resident 19.00 19.00 0.00 0.00 0.00',
      '2025-12 special 80.00 0.00 0.00 0.00 0.00',
    ])
    expect(found.content.held).toMatchObject({
      opening: '516.00',
      collected: '507.00',
      remitted: '516.00',
      closing: '507.00',
    })
    expect(
      (await listFeeClaims(fiscal.services.db, { limit: 10 })).map(
        ({ number, amount }) => `${number} ${moneyText(amount)}`,
      ),
    ).toEqual(['F2026-0001 10.14', 'F2025-0003 10.32', 'F2025-0002 13.96', 'F2025-0001 6.36'])
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('annual settlement by 31 March: due 2,733.00, remitted 2,039.00, direct 240.00, balance 454.00, explained', async () => {
    fiscal.on('2026-03-20')
    const collector = { collectorId: await fiscal.collectorId(), code: 'water' }
    const steps = async () =>
      (await settlementState(fiscal.services.db, collector, 2025, civilDate(fiscal.today))).map(
        ({ step, done: isDone, late }) => `${step} ${isDone} ${late}`,
      )
    expect(await steps()).toEqual([
      'declared true false',
      'reconciled true false',
      'written_off true false',
      'proposed false false',
      'approved false false',
      'balanced false false',
    ])
    const propose = (year: number) => proposeSettlement(fiscal.services, clerk(), { collectorCode: 'water', year })
    expect(await refusedWith(propose(2026))).toBe('settlement_year_not_over')
    const proposed = await done(propose(2025))
    expect(proposed).toMatchObject({
      due: '2733.00',
      remitted: '2039.00',
      direct: '240.00',
      balance: '454.00',
      late: false,
    })
    expect(await refusedWith(propose(2025))).toBe('settlement_pending')
    const decide = (person: string) =>
      decideSettlement(fiscal.services, by(person), {
        proposalId: proposed.proposalId,
        outcome: 'approved',
        reason: '',
        digestSeen: proposed.digest,
      })
    expect(await done(decide('approver'))).toMatchObject({ settlement: 'Y2026-0001', balance: '454.00' })
    expect(await refusedWith(decide('approver-2'))).toBe('proposal_decided')
    expect(await refusedWith(propose(2025))).toBe('settlement_exists')
    const [settled] = await listSettlements(fiscal.services.db, { year: 2025, limit: 1 })
    const line = (month: string, category: string) => {
      const found = settled?.lines.find((each) => each.feeMonth === month && each.category === category)
      if (found === undefined) throw new Error(`${month} ${category}`)
      return found
    }
    expect(settled?.lines.length).toBe(36)
    // Each month at its version of the rates.
    expect(line('2025-06', 'non-resident')).toMatchObject({
      declaredM3: '110.000',
      exemptM3: '10.000',
      chargeableM3: '100.000',
      billedM3: '100.000',
      gapM3: '0.000',
      due: '140.00',
      remitted: '140.00',
      balance: '0.00',
    })
    expect(line('2025-07', 'non-resident')).toMatchObject({
      unitPrice: '1.5',
      due: '150.00',
      remitted: '150.00',
      balance: '0.00',
    })
    // Sold 130 m³ that were not exempt, billed 100: 30 × 1.50.
    expect(line('2025-09', 'non-resident')).toMatchObject({
      declaredM3: '140.000',
      gapM3: '30.000',
      gapAmount: '45.00',
      due: '195.00',
      remitted: '150.00',
      balance: '45.00',
    })
    // Written off: neither due nor paid, and still owed.
    expect(line('2025-08', 'special')).toMatchObject({
      writtenOffM3: '50.000',
      chargeableM3: '0.000',
      writtenOff: '80.00',
      due: '0.00',
      outstanding: '80.00',
      balance: '0.00',
    })
    expect(line('2025-10', 'special')).toMatchObject({
      writtenOff: '0.00',
      due: '80.00',
      outstanding: '80.00',
      balance: '80.00',
    })
    expect(line('2025-05', 'special')).toMatchObject({
      due: '80.00',
      direct: '80.00',
      remitted: '0.00',
      balance: '0.00',
    })
    // December's money is collected and held.
    expect(line('2025-12', 'non-resident')).toMatchObject({
      due: '150.00',
      remitted: '0.00',
      held: '150.00',
      balance: '150.00',
    })
    const sum = (name: 'gapAmount' | 'outstanding' | 'writtenOff' | 'held' | 'billed') =>
      (settled?.lines ?? []).reduce((fen, each) => fen + Math.round(Number.parseFloat(each[name]) * 100), 0)
    // 454.00 = 45.00 of the gap + 480.00 owed − 240.00 written off + 169.00 held.
    expect([sum('billed'), sum('gapAmount'), sum('outstanding'), sum('writtenOff'), sum('held')]).toEqual([
      292_800, 4_500, 48_000, 24_000, 16_900,
    ])
    expect(await steps()).toEqual([
      'declared true false',
      'reconciled true false',
      'written_off true false',
      'proposed true false',
      'approved true false',
      'balanced false false',
    ])
    fiscal.on('2026-04-01')
    expect((await steps()).at(-1)).toBe('balanced false true')
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  const rowsOf = async (path: string, sheet?: string): Promise<TableRow[]> => {
    const table = await openTable({ path, name: path }, sheet === undefined ? {} : { sheet })
    if (isRefusal(table)) throw new Error(table.sentence('en'))
    const rows: TableRow[] = []
    for await (const block of table.blocks()) if (!isRefusal(block)) rows.push(...block.rows)
    await table.close()
    return rows
  }
  const cellsOf = async (path: string, sheet?: string): Promise<string[]> =>
    (await rowsOf(path, sheet)).flatMap((row) => row.cells)

  it('water of a month no plant has recorded is unknown to the balance, not none', async () => {
    const [january] = await waterBalance(fiscal.services.db, { from: feeMonth('2025-01') })
    expect(january).toMatchObject({ month: '2025-01', inflowM3: null, inflowLessBilledM3: null, treatedM3: null })
    expect(january?.billedM3 && volumeText(january.billedM3)).toBe('170.000')
  })

  it('documents say it in figures and in capitals, as workbooks and on paper', async () => {
    const printer = await pdfPrinter(undefined)
    for (const [number, words] of [
      ['R2025-0002', '698.00 元（人民币陆佰玖拾捌元整）'],
      ['Q2025-0003', '717.00 元（人民币柒佰壹拾柒元整）'],
      ['Y2026-0001', '454.00 元（人民币肆佰伍拾肆元整）'],
    ] as const) {
      const path = fiscal.path(`${number}.xlsx`)
      expect(isRefusal(await exportDocument(fiscal.services.db, number, path))).toBe(false)
      expect(await cellsOf(path)).toContain(words)
      const printed = await printRemittance(fiscal.services.db, printer, number)
      if (isRefusal(printed)) throw new Error(printed.sentence('en'))
      if (number === 'R2025-0002') {
        // 13.96 of 698.00: its rate stands in percent on either.
        expect(await cellsOf(path, '代征手续费')).toContain('2 %')
        // What stands in words is a number, too, to go on computing with.
        const total = (await rowsOf(path)).find(({ cells }) => cells[1] === words)
        expect([total?.cells[2], total && kindAt(total, 2)]).toEqual(['698', 'number'])
        expect(textOfPdf(printed.bytes).flatMap(linesOfPage).join('\n')).toMatch(/ 2 % /)
      }
      expect(Buffer.from(printed.bytes.slice(0, 5)).toString()).toBe('%PDF-')
      const again = await printRemittance(fiscal.services.db, printer, number)
      expect(isRefusal(again) ? again.code : again.digest).toBe(printed.digest)
      const kept = process.env['QINGLIU_KEEP_PAGES']
      if (kept !== undefined) {
        writeFileSync(`${kept}/${number}.pdf`, printed.bytes)
        copyFileSync(path, `${kept}/${number}.xlsx`)
      }
    }
    // Three parties sign the paper: it says all that they compare, and the sums.
    const signed = await printRemittance(fiscal.services.db, printer, 'Q2025-0001')
    if (isRefusal(signed)) throw new Error(signed.sentence('en'))
    const lines = textOfPdf(signed.bytes).flatMap(linesOfPage)
    expect(lines).toEqual(
      expect.arrayContaining([
        '合计 540 510 717.00 477.00 0.00 318.00 318.00',
        '2025-01 180 180 170 10',
        'R2025-0001 2025-Q1 318.00 318.00 0.00',
        '31-60 1 80.00',
        '合计 160.00',
        '公司有、名册无 1',
      ]),
    )
    // What was signed is issued once: the bytes are kept, and the head on them is still in the chain.
    const services = { ...fiscal.services, printer }
    const issue = (number: string, person = 'clerk') => issuePaper(services, by(person), { number })
    expect(await refusedWith(issue('R2025-0002', 'treasurer'))).toBe('role_missing')
    const { digest, documentId } = await done(issue('R2025-0002'))
    const issued = await sql<{ head: string; total: string; digest: string }>`
      select field_values->>'head' as head, field_values->>'total' as total, file_digest as digest from issued_documents
      where id = ${documentId}::bigint`.execute(services.db)
    const [paper] = issued.rows
    expect(paper).toMatchObject({ total: '698.00', digest })
    const [seq, hash] = paper?.head.split(' ') ?? []
    const event = await sql<{ hash: string }>`select hash from audit_events where seq = ${seq}::bigint`.execute(
      services.db,
    )
    expect(event.rows).toEqual([{ hash }])
    expect(await refusedWith(issue('R2025-0002'))).toBe('paper_issued_before')
    expect(await refusedWith(issue('R2025-0099'))).toBe('statement_unknown')
    for (const number of ['R2025-0099', 'Q2025-0099', 'Y2025-0099', 'X'])
      expect(await refusedWith(exportDocument(fiscal.services.db, number, fiscal.path('x.xlsx')))).toMatch(/_unknown$/)
  })

  it('each of them is proven without the database, and a line that was changed is found', async () => {
    const script = fileURLToPath(new URL('../../src/evidence/verify-pack.mjs', import.meta.url))
    const checked = (path: string) => spawnSync(process.execPath, [script, path], { encoding: 'utf8' })
    for (const [kind, number, table] of [
      ['statement', 'R2025-0002', 'remittance_lines'],
      ['reconciliation', 'Q2025-0003', 'reconciliation_signatures'],
      ['settlement', 'Y2026-0001', 'annual_settlement_lines'],
    ] as const) {
      const subject = await packKinds[kind].subject(fiscal.services.db, number)
      if (isRefusal(subject)) throw new Error(subject.sentence('en'))
      const pack = await evidencePack(fiscal.services, subject)
      if (isRefusal(pack)) throw new Error(pack.sentence('en'))
      expect(pack.rows.map((row) => row.table)).toContain(table)
      const path = fiscal.file(`${number}.json`, JSON.stringify(pack))
      expect(checked(path)).toMatchObject({ status: 0 })
      // Without one of the lines it is made of, or under another number, it is not what it says it is.
      const at = pack.rows.findIndex((row) => row.table === table)
      const changed = {
        ...pack,
        rows: pack.rows.map((row, index) => (index === at ? { ...row, text: `${row.text}0` } : row)),
      }
      expect(checked(fiscal.file('changed.json', JSON.stringify(changed)))).toMatchObject({ status: 65 })
      const other = { ...pack, subject: { ...pack.subject, number: `${number.slice(0, -1)}9` } }
      expect(checked(fiscal.file('other.json', JSON.stringify(other)))).toMatchObject({ status: 65 })
    }
    for (const kind of ['statement', 'reconciliation', 'settlement'] as const)
      expect(isRefusal(await packKinds[kind].subject(fiscal.services.db, '2025-0001'))).toBe(true)
  })

  it('the public sees collection and use of the year, and no user by name', async () => {
    const made = () => disclosureOf(fiscal.services.db, 2025, '2026-04-01', [collectionFeeUse])
    // With so few users each sum would tell what one of them used and paid: they stand as one.
    const together = await made()
    expect(together.collection).toEqual([
      {
        category: expect.objectContaining({ zh: '非居民、居民、特种（不足 3 户的合并列示）' }),
        volumeM3: '2040.000',
        billed: '2928.00',
        collected: '2448.00',
        uncollected: '480.00',
      },
    ])
    expect(together.totals).toMatchObject({ billed: '2928.00', toTreasury: '1772.00', direct: null })

    const alone = { name: 'disclosure.fewest_payers', value: '1', citation: '示例' }
    await done(setSetting(fiscal.services, by('admin'), alone))
    const disclosure = await made()
    expect(disclosure.totals).toEqual({
      volumeM3: '2040.000',
      billed: '2928.00',
      collected: '2448.00',
      uncollected: '480.00',
      // 318 + 698 + 516 of the collector in 2025, 240 straight from a payer.
      toTreasury: '1772.00',
      writtenOff: '240.00',
      direct: '240.00',
    })
    expect(disclosure.collection.map(({ category, ...each }) => ({ category: category.zh, ...each }))).toEqual([
      { category: '非居民', volumeM3: '1200.000', billed: '1740.00', collected: '1740.00', uncollected: '0.00' },
      { category: '居民', volumeM3: '240.000', billed: '228.00', collected: '228.00', uncollected: '0.00' },
      { category: '特种', volumeM3: '600.000', billed: '960.00', collected: '480.00', uncollected: '480.00' },
    ])
    // Paid in 2025: 6.36 + 13.96 + 10.32.
    const fee = { item: { zh: '代征手续费', en: 'collection fee' }, amount: '30.64' }
    expect([disclosure.use, disclosure.used]).toEqual([[fee], '30.64'])
    const [collector, ...others] = disclosure.collectors
    expect([collector, others]).toEqual([
      // 318 + (838 − 140) + 516 + 507 were collected in 2025; the last quarter was handed over in 2026.
      { name: '示例供水公司', collected: '2039.00', remitted: '1532.00', confirmed: '1532.00' },
      [],
    ])
    for (const ending of ['xlsx', 'csv', 'json']) {
      const path = fiscal.path(`公开.${ending}`)
      expect(isRefusal(await writeDisclosure(disclosure, path))).toBe(false)
      const text = ending === 'json' ? readFileSync(path, 'utf8') : (await cellsOf(path)).join(' ')
      // A workbook holds the number.
      expect(text).toContain(ending === 'xlsx' ? '2928' : '2928.00')
      expect(text).not.toContain('示例用户')
    }
    expect(await refusedWith(writeDisclosure(disclosure, fiscal.path('公开.doc')))).toBe('value_malformed')
  })
})
