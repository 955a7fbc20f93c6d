import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trialBalance } from '../../src/journal/journal.queries.ts'
import type { ImportId } from '../../src/kernel/ids.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { acceptPaymentRows, correctPaymentRow, rejectPaymentRows } from '../../src/payments/decide-payment-row.ts'
import { exportPaymentRows, writePaymentsTemplate } from '../../src/payments/export-payment-rows.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { listCredits, listOutstanding, listPayments } from '../../src/payments/payment.queries.ts'
import { paymentReasons, sayPaymentReason } from '../../src/payments/payment.reasons.ts'
import { sayPaymentFinding } from '../../src/payments/payment-import.findings.ts'
import { findPaymentImport, paymentImports, paymentRowsOf } from '../../src/payments/payment-import.queries.ts'
import { verifyPayments } from '../../src/payments/verify-payments.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

const folder = mkdtempSync(join(tmpdir(), 'qingliu-payments-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const fileOf = (...lines: string[]): string => {
  files += 1
  const path = join(folder, `${files}.csv`)
  writeFileSync(path, lines.join('\n'))
  return path
}
const header = '户号,户名,缴费日期,交易流水号,实收污水处理费,实收合计,收款方式,冲正标志,账单号,违约金'

onEveryDatabase('A collection file', (connection) => {
  let town: SmallTown
  const take = (path: string, options: { commandId?: string; dryRun?: boolean } = {}, mapping = {}) =>
    importPayments(town.services, by('clerk', options), { collectorCode: 'water', path, mapping })
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-02-20')
    const accounts = ['0011', '0012', '0013', '0014', '0015']
    for (const account of accounts) await town.enrol(account, { openedOn: '2026-03-01' })
    town.on('2026-04-03')
    await town.read(
      '2026-03',
      accounts.map((account) => ({ account, start: '0', end: '100', on: '2026-03-31' })),
    )
    await town.bill('2026-03')
    town.on('2026-04-12')
  })
  afterAll(() => town.leave())
  const holds = async () => expect((await verifyPayments(town.services)).faults).toEqual([])
  const outstanding = async () =>
    Object.fromEntries(
      (await listOutstanding(town.services.db, { limit: 100 })).map((item) => [
        item.accountNo,
        moneyText(item.outstanding),
      ]),
    )
  const reasonsOf = async (importId: string) =>
    Object.fromEntries(
      (await paymentRowsOf(town.services.db, importId as ImportId, { limit: 100 })).map((row) => [
        row.rowNo,
        row.reasons.map(({ code }) => code).join(' '),
      ]),
    )

  const first = [
    header,
    '0011,甲,2026-04-05,A1,140.00,200.00,代扣,,,1.50',
    '0012,乙,2026-04-05,A2,100.00,,柜台,,,',
    '0013,丙,2026-04-05,A3,150.00,,柜台,,2026-000003,',
    // Taken back before and after it stands in the file.
    '0014,丁,2026-04-06,A4,-140.00,,柜台,,,',
    '0014,丁,2026-04-05,A4,140.00,,柜台,,,',
    '12,乙,2026-04-05,A5,10.00,,柜台,,,',
    '0015,戊,2026-04-05,,140.00,,柜台,,,',
    '0015,戊,2026-04-05,A7,,300.00,柜台,,,',
    '0015,戊,2026-04-13,A8,5.00,,柜台,,,',
    '0015,戊,2026-02-01,A9,5.00,,柜台,,,',
    '0015,戊,2026-04-05,A10,0.00,,柜台,,,',
    '0015,戊,2026-04-05,A11,1.00,,柜台,,,',
    '0015,戊,2026-04-05,A11,2.00,,柜台,,,',
    '0015,戊,2026-04-06,A12,7.00,,柜台,是,,',
    '9999,己,2026-04-05,A13,1.00,,柜台,,,',
    '0015,戊,昨天,A14,1.00,,柜台,,,',
    '0015,戊,2026-04-05,A15,1.005,,柜台,,,',
    '0015,戊,2026-04-05,A16,1.00,,柜台,,2026-000001,',
    '0015,戊,2026-04-05,A17,,,柜台,,,',
    '合计,,,,423.01,500.00,,,,1.50',
  ]
  let path = ''

  it('gives every row one verdict, and its amounts add up', async () => {
    path = fileOf(...first)
    const answer = await done(take(path))
    expect(await reasonsOf(answer.importId)).toEqual({
      7: 'payment_zeros_lost',
      8: 'payment_reference_blank',
      9: 'payment_combined_only',
      10: 'payment_in_future',
      11: 'payment_without_holder',
      12: 'payment_amount_zero',
      13: 'payment_twice_in_file',
      14: 'payment_twice_in_file',
      15: 'reversal_of_unknown',
      16: 'payment_account_unknown',
      17: 'payment_cell_unreadable',
      18: 'payment_amount_too_fine',
      19: 'payment_bill_not_open',
      20: 'payment_amount_missing',
    })
    expect(answer.rows).toEqual({ in: 19, accepted: 5, held: 10, rejected: 4, withoutAmount: 2 })
    expect(answer.amounts).toEqual({ in: '849.00', accepted: '390.00', held: '457.00', rejected: '2.00' })
    expect(answer).toMatchObject({ payments: 4, reversals: 1, unchanged: 0, allocated: '380.00' })
    const said = answer.findings.map((each) => sayPaymentFinding(each, 'zh')).join('\n')
    expect(said).toContain('违约金 1 行、合计 1.50 元')
    expect(said).toContain('第 21 行的合计不一致：文件合计 423.01 元，逐行相加 549.00 元')
  })

  it('pays bills, leaves the rest as credit, and takes back what it reverses', async () => {
    expect(await outstanding()).toEqual({ '0012': '40.00', '0014': '140.00', '0015': '140.00' })
    const credits = await listCredits(town.services.db, { limit: 10 })
    expect(credits.map(({ reference, remaining }) => [reference, moneyText(remaining)])).toEqual([['A3', '10.00']])
    const balances = Object.fromEntries(
      (await trialBalance(town.services.db)).accounts.map((each) => [
        each.accountCode,
        [each.debit, each.credit].map(moneyText),
      ]),
    )
    // Gross: 530.00 came in, 140.00 of it went back.
    expect(balances['collector_held']).toEqual(['530.00', '140.00'])
    expect(balances['fees_receivable']).toEqual(['700.00', '380.00'])
    const [reversed] = await listPayments(town.services.db, { reference: 'A4', limit: 1 })
    expect(reversed?.reversedOn).toBe('2026-04-06')
    await holds()
  })

  it('is recognised when it comes again, as the same command or another', async () => {
    const again = await done(take(path))
    expect(again).toMatchObject({ importId: '2', payments: 4 })
    expect(await listPayments(town.services.db, { limit: 100 })).toHaveLength(4)
    expect(await paymentImports(town.services.db, { collectorCode: 'water', limit: 10 })).toHaveLength(1)
  })

  it('repeated with other rows changes nothing of what is stored, and holds what differs', async () => {
    const answer = await done(
      take(
        fileOf(
          header,
          '0011,甲,2026-04-05,A1,140.00,,代扣,,,',
          '0012,乙,2026-04-05,A2,100.01,,柜台,,,',
          '0014,丁,2026-04-06,A4,140.00,,柜台,冲正,,',
          '0011,甲,2026-04-06,A1,-139.00,,代扣,,,',
          '0011,甲,2026-04-04,A1,-140.00,,代扣,,,',
          '合计,,,,101.01,,,,,',
        ),
      ),
    )
    expect(answer).toMatchObject({ payments: 0, reversals: 0, unchanged: 2 })
    expect(await reasonsOf(answer.importId)).toEqual({
      3: 'payment_reference_known',
      5: 'payment_twice_in_file reversal_differs',
      6: 'payment_twice_in_file reversal_before_payment',
    })
    await holds()
  })

  it('repeated is compared in all it states: method, bills, and whether it was taken back', async () => {
    const other = await done(
      take(
        fileOf(
          header,
          '0012,乙,2026-04-05,A2,100.00,,代扣,,,',
          '0013,丙,2026-04-05,A3,150.00,,,,2026-000001,',
          '0014,丁,2026-04-05,A4,141.00,,柜台,,,',
        ),
      ),
    )
    expect(await reasonsOf(other.importId)).toEqual({
      2: 'payment_reference_known',
      3: 'payment_reference_known payment_bill_not_open',
      4: 'payment_reference_reversed',
    })
    const same = ['0012,乙,2026-04-05,A2,100.00,,,,,', '0013,丙,2026-04-05,A3,150.00,,柜台,,,']
    const reversed = '0014,丁,2026-04-05,A4,140.00,,柜台,,,'
    const again = await done(take(fileOf(header, ...same, reversed)))
    expect(again).toMatchObject({ payments: 0, unchanged: 3, rows: { held: 0, rejected: 0 } })
    expect(again.reasons).toMatchObject({ payment_unchanged: 2, payment_unchanged_reversed: 1 })
  })

  it('a later file takes back a payment of an earlier one, which opens its bill', async () => {
    const answer = await done(take(fileOf(header, '0011,甲,2026-04-07,A1,140.00,,代扣,Y,,')))
    expect(answer).toMatchObject({ payments: 0, reversals: 1 })
    expect(await outstanding()).toMatchObject({ '0011': '140.00' })
    await holds()
  })

  it('as a trial says what would come of it and keeps nothing', async () => {
    const trial = fileOf(header, '0014,丁,2026-04-08,B1,20.00,,柜台,,,')
    expect(await done(take(trial, { dryRun: true }))).toMatchObject({ payments: 1, allocated: '20.00' })
    expect(await listPayments(town.services.db, { reference: 'B1', limit: 1 })).toEqual([])
  })

  it('is refused without what payments are made of', async () => {
    expect(await refusedWith(take(fileOf('户号,缴费日期,备注', '0011,2026-04-05,x')))).toBe(
      'payment_columns_insufficient',
    )
    expect(await refusedWith(take(fileOf(header)))).toBe('payments_file_empty')
    expect(await refusedWith(importPayments(town.services, by('clerk'), { collectorCode: 'x', path }))).toBe(
      'payment_collector_unknown',
    )
    expect(await refusedWith(take(path, {}, { 什么: 'A' }))).toBe('mapping_field_unknown')
  })

  it('a corrected column is remembered for the company', async () => {
    const strange = ['户号,入账,交易流水号,污水', '0014,2026-04-09,C1,30.00']
    const corrections = { 缴费日期: '入账', amount: '污水' }
    expect(await done(take(fileOf(...strange), {}, corrections))).toMatchObject({ payments: 1 })
    expect(await done(take(fileOf(...strange, '0014,2026-04-09,C2,10.00')))).toMatchObject({
      payments: 1,
      unchanged: 1,
    })
    await holds()
  })

  describe('its held rows', () => {
    const decide = { importId: '2', reason: '核对缴费凭证' }

    it('are accepted by the bureau where a person’s word is enough', async () => {
      const accept = (rowNos: number[]) => acceptPaymentRows(town.services, by('clerk'), { ...decide, rowNos })
      expect(await refusedWith(accept([8]))).toBe('payment_row_needs_correction')
      expect(await refusedWith(accept([16]))).toBe('payment_row_needs_correction')
      expect(await refusedWith(accept([13, 14]))).toBe('payment_rows_exclude')
      expect(await refusedWith(accept([99]))).toBe('payment_rows_unknown')
      expect(await done(accept([7, 13]))).toMatchObject({ decided: 2, payments: 2, allocated: '11.00' })
      expect(await refusedWith(accept([7]))).toBe('payment_rows_unknown')
      expect(await outstanding()).toMatchObject({ '0012': '30.00', '0015': '139.00' })
      await holds()
    })

    it('are corrected and judged again, or rejected', async () => {
      const correct = (rowNo: number, values: Record<string, string>) =>
        correctPaymentRow(town.services, by('clerk'), { ...decide, rowNo, values })
      expect(await refusedWith(correct(8, { 户名: 'x' }))).toBe('correction_field_unknown')
      expect(await refusedWith(correct(8, { 流水号: 'A1' }))).toBe('payment_row_needs_correction')
      expect(await done(correct(8, { 流水号: 'A6' }))).toMatchObject({ payments: 1, allocated: '139.00' })
      expect(await done(correct(9, { 污水处理费: '12.00' }))).toMatchObject({ payments: 1, allocated: '0.00' })
      const reject = rejectPaymentRows(town.services, by('clerk'), { ...decide, rowNos: [10, 14] })
      expect(await done(reject)).toMatchObject({ decided: 2, payments: 0 })
      await holds()
    })

    it('come back corrected in an exported file, and take the old rows over', async () => {
      const exported = join(folder, `held-${connection().engine}.csv`)
      const written = await exportPaymentRows(town.services.db, {
        importId: '2',
        path: exported,
        filter: { undecided: true },
      })
      expect(written).toEqual({ path: exported, rows: 8 })
      const text = readFileSync(exported, 'utf8')
      expect(text).toContain('导入批次,原行号,结论,原因,建议')
      const lines = text.split('\r\n')
      // The unknown account is corrected; the others stay as they were.
      writeFileSync(exported, lines.map((line) => line.replace('9999,己', '0015,戊')).join('\r\n'))
      const answer = await done(take(exported))
      expect(answer).toMatchObject({ payments: 1 })
      expect(answer.findings.map(({ code }) => code)).toContain('payment_rows_settled')
      const found = await findPaymentImport(town.services.db, '2')
      // Held or rejected again, they wait in the new file alone.
      expect(found).toMatchObject({ undecided: 0 })
      await holds()
    })
  })

  it('is compared with the total of each of its days', async () => {
    const days = ['0014,丁,2026-04-09,E1,1.00,,,,,', '日结,,,,1.00,,,,,', '0014,丁,2026-04-10,E2,2.00,,,,,']
    const sayings = async (...lines: string[]) =>
      (await done(take(fileOf(header, ...lines), { dryRun: true }))).findings.map((each) =>
        sayPaymentFinding(each, 'zh'),
      )
    expect(await sayings(...days, '日结,,,,2.00,,,,,', '合计,,,,3.00,,,,,')).toEqual(['合计行一致：2 行，3.00 元。'])
    expect(await sayings(...days, '日结,,,,2.50,,,,,')).toEqual([
      '第 5 行的合计不一致：文件合计 2.50 元，逐行相加 2.00 元（1 行）。请核对文件是否完整。',
    ])
  })

  it('subtracts what is flagged as taken back without a minus, and says what of its lines it did not use', async () => {
    const answer = await done(
      take(
        fileOf(
          header,
          '0014,丁,2026-04-09,F1,5.00,,,,,',
          '本页小计,,,,5.00,,,,,',
          '0014,丁,2026-04-09,F1,5.00,,,冲正,,',
          ',,,,,,,,,',
          '0014,丁,2026-04-09,,2.00,,,冲正,,',
          '合计(25笔),,,,12元,,,,,',
        ),
        { dryRun: true },
      ),
    )
    expect(answer.amounts).toEqual({ in: '-2.00', accepted: '0.00', held: '-2.00', rejected: '0.00' })
    expect(answer.findings.map((each) => sayPaymentFinding(each, 'zh'))).toEqual([
      '第 7 行的合计笔数不一致：文件写 25 笔，实有 3 行。请核对文件是否完整。',
      '第 7 行合计的金额“12元”读不出，未能核对。',
      '跳过小计 1 行、重复表头 0 行、空行 1 行。',
    ])
  })

  it('refuses by name a file whose amounts add up to more than the books have room for', async () => {
    const rows = Array.from({ length: 3 }, (_, index) => `0014,丁,2026-04-09,BIG${index},99999999999999.99,,,,,`)
    expect(await refusedWith(take(fileOf(header, ...rows)))).toBe('file_sum_beyond_measure')
  })

  it('holds a flag that nobody understands, and says which late fees it could not read', async () => {
    const answer = await done(
      take(
        fileOf(
          header,
          '0014,丁,2026-04-09,E3,1.00,,,已冲正,,3 元整',
          '0014,丁,2026-04-09,E4,1.00,,,否,,',
          '0014,丁,2026-04-09,E5,1.00,,,正常,,0.00',
        ),
        { dryRun: true },
      ),
    )
    expect(answer.rows).toMatchObject({ accepted: 2, held: 1 })
    expect(answer.reasons).toEqual({ payment_flag_unknown: 1 })
    expect(answer.findings.map((each) => sayPaymentFinding(each, 'zh'))).toContain(
      '有 1 行的违约金读不出来，同样略去。',
    )
  })

  it('every reason has its sentences, and the blank form is understood', async () => {
    for (const code of Object.keys(paymentReasons)) {
      expect(sayPaymentReason({ code }, 'zh').cause).toMatch(/\p{Script=Han}/u)
      expect(sayPaymentReason({ code }, 'en').cause).toMatch(/[a-z] [a-z]/i)
    }
    const blank = join(folder, `blank-${connection().engine}.xlsx`)
    await writePaymentsTemplate(blank)
    expect(readFileSync(blank).subarray(0, 2).toString()).toBe('PK')
  })
})
