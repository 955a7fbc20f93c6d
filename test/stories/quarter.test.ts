import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOpening } from '../../src/bills/import-opening.ts'
import { verifyBills } from '../../src/bills/verify-bills.ts'
import { addCollectorContract } from '../../src/dischargers/add-collector-contract.ts'
import { openAccount } from '../../src/dischargers/open-account.ts'
import { journalFormats, journalText } from '../../src/journal/export-journal.ts'
import { balancesByMonth, trialBalance } from '../../src/journal/journal.queries.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import type { ImportId } from '../../src/kernel/ids.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { correctPaymentRow } from '../../src/payments/decide-payment-row.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { answerObjection, listObjections, receiveObjection } from '../../src/payments/objections.ts'
import { ageing, listCredits, listOutstanding, listOverdue, listPayments } from '../../src/payments/payment.queries.ts'
import { paymentRowsOf } from '../../src/payments/payment-import.queries.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { decideRefund, proposeRefund } from '../../src/payments/refund-payment.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import { takeOverMoney } from '../../src/payments/take-over-money.ts'
import { tieOut, verifyPayments } from '../../src/payments/verify-payments.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { balancesBy, canRun } from '../support/plain-text-books.ts'
import { SmallTown } from '../support/small-town.ts'

/**
 * The second quarter of 2026 in a town of five accounts at 1.40 yuan/m³, from going live on 1 April to the day after the
 * last bills were due. 1001 and 1005 are of one payer. Every account uses the same each month: 1,000, 2,000, 500, 300 and
 * 100 m³, so that a month is billed at 1,400.00 + 2,800.00 + 700.00 + 420.00 + 140.00 = 5,460.00.
 */
const uses = { '1001': 1_000, '1002': 2_000, '1003': 500, '1004': 300, '1005': 100 } as const
const monthEnds = { '2026-04': '2026-04-30', '2026-05': '2026-05-31', '2026-06': '2026-06-30' } as const

const ofTheFee: ReadonlySet<string> = new Set([
  'fees_receivable',
  'fees_due_to_treasury',
  'unallocated_receipts',
  'collector_held',
  'treasury_received',
])

onEveryDatabase('A quarter, from the meter to the books', (connection) => {
  let town: SmallTown
  const clerksWork = { files: 0, firstImport: '' }
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-quarter-'))
  const write = (name: string, ...lines: string[]) => {
    writeFileSync(join(folder, name), lines.join('\n'))
    return join(folder, name)
  }

  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-04-01')
    for (const account of ['1001', '1002', '1003', '1004']) await town.enrol(account)
    const shared = { collectorCode: 'water', accountNo: '1005', dischargerCode: 'P1001', supply: 'public' } as const
    const terms = { payerGroup: 'urban_resident', category: 'non-resident', openedOn: civilDate('2025-12-01') }
    await done(openAccount(town.services, by('clerk'), { ...shared, ...terms }))
    await done(
      addCollectorContract(town.services, by('clerk'), {
        contractNo: 'DZ-2026',
        collectorCode: 'water',
        document: '示例代征协议',
        remittancePeriod: 'quarter',
        combinedOrder: ['wastewater', 'water'],
        from: civilDate('2026-01-01'),
      }),
    )
  })
  afterAll(() => {
    town.leave()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The company's readings of a month; 1005 has no meter of its own, so the file states its volume. */
  const readAndBill = async (month: keyof typeof monthEnds, count: number) => {
    const on = monthEnds[month]
    const rows = Object.entries(uses).map(([account, use]) =>
      account === '1005'
        ? { account, volume: String(use), on }
        : { account, start: String(use * (count - 1)), end: String(use * count), on },
    )
    expect(await town.read(month, rows)).toMatchObject({ rows: { accepted: 5, held: 0 } })
    return town.bill(month)
  }
  const header = '户号,缴费日期,交易流水号,实收污水处理费,实收合计,冲正标志,违约金'
  const take = (...rows: string[]) => {
    clerksWork.files += 1
    const path = write(`collected-${clerksWork.files}.csv`, header, ...rows)
    return done(importPayments(town.services, by('clerk'), { collectorCode: 'water', path }))
  }
  const pay = (accountNo: string, reference: string, paidOn: string, amount: string) =>
    recordPayment(town.services, by('clerk'), {
      collectorCode: 'water',
      accountNo,
      reference,
      amount,
      paidOn: civilDate(paidOn),
    })

  const outstanding = async () =>
    (await listOutstanding(town.services.db, { limit: 100 })).map((each) =>
      [each.accountNo, each.feeMonth, moneyText(each.outstanding)].join(' '),
    )
  const overdue = async (asOf: string) =>
    (await listOverdue(town.services.db, civilDate(asOf), { limit: 100 })).map((each) =>
      [each.accountNo, each.feeMonth, moneyText(each.outstanding), `${each.days}d`].join(' '),
    )
  const ages = async (asOf: string) =>
    Object.fromEntries(
      (await ageing(town.services.db, civilDate(asOf)))
        .filter(({ bills }) => bills > 0)
        .map(({ bucket, bills, amount }) => [bucket, [bills, moneyText(amount)]]),
    )
  const credit = async () =>
    (await listCredits(town.services.db, { limit: 100 })).map((each) =>
      [each.accountNo, moneyText(each.remaining)].join(' '),
    )
  /** The five accounts of the fee; whatever else has moved. */
  const books = async () =>
    Object.fromEntries(
      (await trialBalance(town.services.db)).accounts
        .filter(({ accountCode, balance }) => ofTheFee.has(accountCode) || !balance.isZero())
        .map((each) => [each.accountCode, moneyText(each.balance)]),
    )
  const holds = async () => {
    expect((await verifyBills(town.services)).faults).toEqual([])
    expect((await verifyPayments(town.services)).faults).toEqual([])
  }

  describe('April: going live', () => {
    it('begins with one open bill, one credit and the money that the company still holds', async () => {
      const answer = await done(
        importOpening(
          town.services,
          by('clerk'),
          {
            collectorCode: 'water',
            readings: write(
              'readings.csv',
              '户号,表号,抄表日期,读数',
              ...['1001', '1002', '1003', '1004'].map((each) => `${each},M${each},2026-03-31,0`),
            ),
            uses: write('uses.csv', '户号,月份,用水量,估算'),
            openBills: write(
              'open-bills.csv',
              '账单年份,账单号,户号,月份,水量,金额,到期日,价格类别',
              '2026,17,1001,2026-02,100,140.00,2026-03-10,非居民',
            ),
            credits: write('credits.csv', '户号,流水号,缴款日期,金额,已划缴', '1003,K1,2026-03-20,50.00,否'),
            held: write('held.csv', '缴款日期,月份,金额', '2026-03-09,2026-02,1000.00'),
            control: write(
              'control.json',
              JSON.stringify({
                ...{ readings: 4, uses: 0, usesVolumeM3: '0', openBills: 1, openBillsAmount: '140.00' },
                ...{ credits: 1, creditsAmount: '50.00', held: 1, heldAmount: '1000.00' },
              }),
            ),
          },
          settleIssued,
          takeOverMoney,
        ),
      )
      expect(answer).toMatchObject({ openBillsAmount: '140.00', creditsAmount: '50.00', heldAmount: '1000.00' })
      expect(await books()).toEqual({
        fees_receivable: '140.00',
        collector_held: '1050.00',
        treasury_received: '0.00',
        fees_due_to_treasury: '-1140.00',
        unallocated_receipts: '-50.00',
      })
    })
  })

  describe('May: the first bills', () => {
    it('are issued for April, and the credit of 1003 pays 50.00 of its bill at once', async () => {
      town.on('2026-05-04')
      expect(await readAndBill('2026-04', 1)).toMatchObject({ totalAmount: '5460.00' })
      // The 10th is a Sunday.
      expect((await town.onPaper('1001', '2026-04'))[0]).toEqual({
        number: '2026-000018',
        kind: 'original',
        payer: 'P1001',
        volume: '1000.000',
        amount: '1400.00',
        due: '2026-05-11',
      })
      expect(await outstanding()).toEqual([
        '1001 2026-02 140.00',
        '1001 2026-04 1400.00',
        '1002 2026-04 2800.00',
        '1003 2026-04 650.00',
        '1004 2026-04 420.00',
        '1005 2026-04 140.00',
      ])
      expect(await overdue('2026-05-04')).toEqual(['1001 2026-02 140.00 55d'])
    })

    it('are paid on time, in part, too much, and within a combined amount', async () => {
      town.on('2026-05-12')
      const answer = await take(
        '1001,2026-05-08,A1,1400.00,,,',
        '1002,2026-05-11,A2,1000.00,,,12.60',
        '1003,2026-05-10,A3,700.00,,,',
        '1004,2026-05-11,A4,,1000.00,,',
        '1005,2026-05-09,,140.00,,,',
        '日结,,,3240.00,,,12.60',
      )
      clerksWork.firstImport = answer.importId
      expect(answer.rows).toEqual({ in: 5, accepted: 4, held: 1, rejected: 0, withoutAmount: 0 })
      expect(answer).toMatchObject({ payments: 4, allocated: '3470.00' })
      expect(answer.findings.map(({ code, parameters }) => [code, parameters['amount']])).toEqual([
        ['amounts_equal', '3240.00'],
        ['late_fees_left_out', '12.60'],
        ['combined_split', '420.00'],
      ])
      const rows = await paymentRowsOf(town.services.db, answer.importId as ImportId, { limit: 10 })
      expect(rows.map(({ rowNo, reasons }) => [rowNo, reasons.map(({ code }) => code)])).toEqual([
        [6, ['payment_reference_blank']],
      ])
      // The oldest bill first: 140.00 of February, so that 140.00 of April stay open.
      expect(await outstanding()).toEqual(['1001 2026-04 140.00', '1002 2026-04 1800.00', '1005 2026-04 140.00'])
      expect(await credit()).toEqual(['1003 50.00'])
      await holds()
    })

    it('were overdue as of a day by what was paid until that day', async () => {
      expect(await overdue('2026-05-07')).toEqual(['1001 2026-02 140.00 58d'])
      expect(await ages('2026-05-07')).toEqual({ '31-60': [1, '140.00'] })
      expect(await overdue('2026-05-11')).toEqual([])
      expect(await overdue('2026-05-12')).toEqual([
        '1001 2026-04 140.00 1d',
        '1002 2026-04 1800.00 1d',
        '1005 2026-04 140.00 1d',
      ])
    })

    it('a row corrected from the bank’s slip undoes the overdue mark of 1005', async () => {
      town.on('2026-05-15')
      const correction = { importId: clerksWork.firstImport, rowNo: 6, values: { 流水号: 'A5' }, reason: '银行回单' }
      const corrected = await done(correctPaymentRow(town.services, by('clerk'), correction))
      expect(corrected).toMatchObject({ payments: 1, allocated: '140.00' })
      expect(await overdue('2026-05-12')).toEqual(['1001 2026-04 140.00 1d', '1002 2026-04 1800.00 1d'])
      await holds()
    })
  })

  describe('June: bills of May', () => {
    it('find the credit of 1003 again', async () => {
      town.on('2026-06-03')
      expect(await readAndBill('2026-05', 2)).toMatchObject({ totalAmount: '5460.00' })
      expect(await credit()).toEqual([])
      expect(await outstanding()).toContain('1003 2026-05 650.00')
    })

    it('1002 objects; the bill is kept, and is due as before', async () => {
      town.on('2026-06-05')
      const objection = { bill: '2026-000024', from: '示例用户P1002', grounds: '水量有疑', evidence: '照片' }
      const received = await done(receiveObjection(town.services, by('clerk'), objection))
      // Fifteen working days: 19 June is the Dragon Boat festival.
      expect(received).toEqual({ objectionId: '1', bill: '2026-000024', answerDueOn: '2026-06-29' })
      town.on('2026-06-18')
      const answer = { objectionId: '1', outcome: 'kept', reason: '现场复核无误' } as const
      expect(await done(answerObjection(town.services, by('approver'), answer))).toMatchObject({ inTime: true })
      expect(await overdue('2026-06-11')).toContain('1002 2026-05 2800.00 1d')
    })

    it('a payment of 1001 pays April, May, and then the other account of its payer', async () => {
      town.on('2026-06-22')
      const answer = await take(
        '1001,2026-06-09,B1,1680.00,,,',
        '1003,2026-06-10,B2,650.00,,,',
        '1004,2026-06-09,B3,520.00,,,',
        '1002,2026-06-20,B4,4600.00,,,',
        '合计,,,7450.00,,,',
      )
      expect(answer).toMatchObject({ payments: 4, allocated: '7350.00' })
      expect(await outstanding()).toEqual([])
      expect(await credit()).toEqual(['1004 100.00'])
      // Paid late: not overdue any more on the day it was paid, and still so on the days before.
      expect(await overdue('2026-06-19')).toEqual(['1002 2026-04 1800.00 39d', '1002 2026-05 2800.00 9d'])
      expect(await overdue('2026-06-20')).toEqual([])
      await holds()
    })

    it('60.00 of what 1004 paid too much are paid back, by two persons', async () => {
      town.on('2026-06-23')
      const [payment] = await listPayments(town.services.db, { reference: 'B3', limit: 1 })
      const refund = { paymentId: payment?.paymentId ?? '', amount: '60.00', evidence: '退款申请' }
      const proposed = await done(proposeRefund(town.services, by('both'), { ...refund, refundedBy: 'collector' }))
      const decision = { proposalId: proposed.proposalId, outcome: 'approved', reason: '' } as const
      expect(await refusedWith(decideRefund(town.services, by('both'), decision))).toBe('proposal_own_work')
      expect(await done(decideRefund(town.services, by('approver'), decision))).toMatchObject({ amount: '60.00' })
      expect(await credit()).toEqual(['1004 40.00'])
      await holds()
    })

    it('the bank takes back the 4,600.00 of 1002: its bills are open and overdue again from that day', async () => {
      town.on('2026-06-26')
      expect(await take('1002,2026-06-25,B4,-4600.00,,,')).toMatchObject({ payments: 0, reversals: 1 })
      expect(await overdue('2026-06-24')).toEqual([])
      expect(await overdue('2026-06-25')).toEqual(['1002 2026-04 1800.00 45d', '1002 2026-05 2800.00 15d'])
      expect(await ages('2026-06-25')).toEqual({ '1-30': [1, '2800.00'], '31-60': [1, '1800.00'] })
      await holds()
    })

    it('at the end of June the books stand at', async () => {
      expect(await books()).toEqual({
        // 1,800.00 and 2,800.00 of 1002.
        fees_receivable: '4600.00',
        // 1,050.00 at go-live, 3,660.00 in May, 2,850.00 in June, less the 60.00 paid back.
        collector_held: '7500.00',
        treasury_received: '0.00',
        // 140.00 + 5,460.00 + 5,460.00 billed and 1,000.00 settled before.
        fees_due_to_treasury: '-12060.00',
        unallocated_receipts: '-40.00',
      })
    })
  })

  describe('July: bills of June', () => {
    it('are issued, and 1004 needs to pay 40.00 less', async () => {
      town.on('2026-07-03')
      expect(await readAndBill('2026-06', 3)).toMatchObject({ totalAmount: '5460.00' })
      expect(await credit()).toEqual([])
      expect(await outstanding()).toContain('1004 2026-06 380.00')
    })

    it('1002 pays 1,000.00 to the treasury, which pays its oldest bill', async () => {
      town.on('2026-07-08')
      const direct = {
        reference: '国库-7',
        dischargerCode: 'P1002',
        paidOn: civilDate('2026-07-08'),
        amount: '1000.00',
      }
      expect(await done(recordPayment(town.services, by('clerk'), direct))).toMatchObject({
        allocated: [{ bill: '2026-000019', amount: '1000.00' }],
      })
    })

    it('1001 pays and objects; its bill is cancelled and billed anew, and what is left pays its other account', async () => {
      expect(await done(pay('1001', 'C1', '2026-07-08', '1400.00'))).toMatchObject({
        allocated: [{ bill: '2026-000028', amount: '1400.00' }],
      })
      const objection = { bill: '2026-000028', from: '示例用户P1001', grounds: '表底数抄错', evidence: '照片' }
      await done(receiveObjection(town.services, by('clerk'), objection))
      town.on('2026-07-09')
      await town.read('2026-06', [{ account: '1001', start: '2000', end: '2900', on: '2026-06-30' }])
      const { proposalId } = await done(town.propose('2026-000028', 'rebill'))
      expect((await done(town.decide(proposalId))).numbers).toEqual(['2026-000033', '2026-000034'])
      const corrected = { objectionId: '2', outcome: 'corrected', reason: '复核为 2900' } as const
      const answer = { ...corrected, correctionProposalId: proposalId }
      expect(await done(answerObjection(town.services, by('approver'), answer))).toMatchObject({ inTime: true })
      expect((await town.onPaper('1001', '2026-06')).map(({ kind, amount, due }) => [kind, amount, due])).toEqual([
        ['original', '1400.00', '2026-07-10'],
        ['red', '-1400.00', '2026-07-10'],
        ['rebill', '1260.00', '2026-07-14'],
      ])
      expect(await outstanding()).not.toContain('1005 2026-06 140.00')
      expect(await credit()).toEqual([])
      expect(
        (await listObjections(town.services.db, { limit: 10 })).map(({ answer: given }) => given?.outcome).sort(),
      ).toEqual(['corrected', 'kept'])
      await holds()
    })

    it('1003 pays 20.00 too much on the last day', async () => {
      town.on('2026-07-10')
      expect(await done(pay('1003', 'C2', '2026-07-10', '720.00'))).toMatchObject({ credit: '20.00' })
    })

    it('and on the day after they were due, these are overdue', async () => {
      town.on('2026-07-11')
      expect(await overdue('2026-07-11')).toEqual([
        '1002 2026-04 800.00 61d',
        '1002 2026-05 2800.00 31d',
        '1002 2026-06 2800.00 1d',
        '1004 2026-06 380.00 1d',
      ])
      expect(await ages('2026-07-11')).toEqual({
        '1-30': [2, '3180.00'],
        '31-60': [1, '2800.00'],
        '61-90': [1, '800.00'],
      })
    })
  })

  describe('The books of the quarter', () => {
    it('balance, and say what happened', async () => {
      expect(await books()).toEqual({
        // 800.00 + 2,800.00 + 2,800.00 of 1002 and 380.00 of 1004.
        fees_receivable: '6780.00',
        // 7,500.00 at the end of June, 1,400.00 and 720.00 in July.
        collector_held: '9620.00',
        treasury_received: '1000.00',
        // 140.00 + 3 × 5,460.00 − 1,400.00 + 1,260.00 billed, 1,000.00 settled before.
        fees_due_to_treasury: '-17380.00',
        unallocated_receipts: '-20.00',
      })
      const { debit, credit: credits } = await trialBalance(town.services.db)
      expect(moneyText(debit)).toBe(moneyText(credits))
      const receivable = await balancesByMonth(town.services.db, 'fees_receivable')
      expect([...receivable].map(([month, balance]) => `${month} ${moneyText(balance)}`)).toEqual([
        '2026-02 0.00',
        '2026-04 800.00',
        '2026-05 2800.00',
        '2026-06 3180.00',
      ])
      await holds()
    })

    it('tie every control account to its subledger', async () => {
      const ties = await tieOut(town.services.db)
      expect(
        ties.map((tie) => [tie.accountCode, tie.feeMonth, moneyText(tie.books), moneyText(tie.subledger)]),
      ).toEqual([
        ['collector_held', null, '9620.00', '9620.00'],
        ['fees_due_to_treasury', '2026-02', '-1140.00', '-1140.00'],
        ['fees_due_to_treasury', '2026-04', '-5460.00', '-5460.00'],
        ['fees_due_to_treasury', '2026-05', '-5460.00', '-5460.00'],
        ['fees_due_to_treasury', '2026-06', '-5320.00', '-5320.00'],
        ['fees_receivable', '2026-04', '800.00', '800.00'],
        ['fees_receivable', '2026-05', '2800.00', '2800.00'],
        ['fees_receivable', '2026-06', '3180.00', '3180.00'],
        ['treasury_received', null, '1000.00', '1000.00'],
        ['unallocated_receipts', null, '-20.00', '-20.00'],
      ])
    })

    for (const format of journalFormats) {
      it.skipIf(!canRun(format))(`are the same when ${format} reads them, in all and of every month`, async () => {
        let text = ''
        for await (const part of journalText(town.services.db, format)) text += part
        expect(Object.fromEntries(balancesBy(format, text))).toEqual(await books())
        for (const month of ['2026-02', '2026-04', '2026-05', '2026-06']) {
          const { accounts } = await trialBalance(town.services.db, { feeMonth: feeMonth(month) })
          const theirs = balancesBy(format, text, month)
          for (const { accountCode, balance } of accounts)
            expect(theirs.get(accountCode) ?? '0.00', `${month} ${accountCode}`).toBe(moneyText(balance))
        }
      })
    }
  })
})
