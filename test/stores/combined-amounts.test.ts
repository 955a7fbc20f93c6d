import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addCollectorContract } from '../../src/dischargers/add-collector-contract.ts'
import type { Charge } from '../../src/dischargers/discharger.ts'
import { endCollectorContract } from '../../src/dischargers/end-collector-contract.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import type { ImportId } from '../../src/kernel/ids.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { acceptPaymentRows, correctPaymentRow } from '../../src/payments/decide-payment-row.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { listCredits, listOutstanding } from '../../src/payments/payment.queries.ts'
import { sayPaymentReason } from '../../src/payments/payment.reasons.ts'
import { sayPaymentFinding } from '../../src/payments/payment-import.findings.ts'
import { paymentRowsOf } from '../../src/payments/payment-import.queries.ts'
import { verifyPayments } from '../../src/payments/verify-payments.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

const folder = mkdtempSync(join(tmpdir(), 'qingliu-combined-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** 0011 … 0014 owe 140.00 each for March; 合计 is all that the company's files state of most rows. */
onEveryDatabase('A combined amount', (connection) => {
  let town: SmallTown
  let files = 0
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-02-20')
    const accounts = ['0011', '0012', '0013', '0014']
    for (const account of accounts) await town.enrol(account, { openedOn: '2026-03-01' })
    town.on('2026-04-03')
    await town.read(
      '2026-03',
      accounts.map((account) => ({ account, start: '0', end: '100', on: '2026-03-31' })),
    )
    await town.bill('2026-03')
    town.on('2026-04-20')
  })
  afterAll(() => town.leave())

  const take = (header: string, ...rows: string[]) => {
    files += 1
    const path = join(folder, `${connection().engine}-${files}.csv`)
    writeFileSync(path, [header, ...rows].join('\n'))
    return done(importPayments(town.services, by('clerk'), { collectorCode: 'water', path }))
  }
  const plain = '户号,缴费日期,交易流水号,实收污水处理费,实收合计,冲正标志'
  const contract = (contractNo: string, from: string, combinedOrder?: Charge[]) =>
    done(
      addCollectorContract(town.services, by('clerk'), {
        contractNo,
        collectorCode: 'water',
        document: '示例代征协议',
        remittancePeriod: 'quarter',
        from: civilDate(from),
        ...(combinedOrder === undefined ? {} : { combinedOrder }),
      }),
    )
  const outstanding = async () =>
    Object.fromEntries(
      (await listOutstanding(town.services.db, { limit: 100 })).map((each) => [
        each.accountNo,
        moneyText(each.outstanding),
      ]),
    )
  const held = async (importId: string) =>
    (await paymentRowsOf(town.services.db, importId as ImportId, { limit: 100 })).map((row) => [
      row.rowNo,
      ...row.reasons.map((reason) => sayPaymentReason(reason, 'zh').cause),
    ])
  const holds = async () => expect((await verifyPayments(town.services)).faults).toEqual([])

  it('is held without an order in the contract', async () => {
    await contract('DZ-2025', '2025-01-01')
    const answer = await take(plain, '0011,2026-04-05,A1,,300.00,')
    expect(answer).toMatchObject({ payments: 0, rows: { held: 1 } })
    expect(await held(answer.importId)).toEqual([
      [2, '只有合计金额 300.00 元，没有其中的污水处理费；合同没有约定分配次序。'],
    ])
  })

  it('is split by the order of the contract in force on the day of payment', async () => {
    const end = { contractNo: 'DZ-2025', until: civilDate('2026-04-06') }
    await done(endCollectorContract(town.services, by('clerk'), end))
    await contract('DZ-2026', '2026-04-06', ['wastewater', 'water', 'garbage'])
    const answer = await take(
      plain,
      '0011,2026-04-05,B1,,300.00,',
      '0012,2026-04-06,B2,,100.00,',
      // What the row before left of it, then nothing.
      '0012,2026-04-07,B3,,100.00,',
      '0012,2026-04-08,B4,,50.00,',
      // A row that states the fee itself leaves the next one less.
      '0013,2026-04-08,B5,139.00,500.00,',
      '0013,2026-04-08,B6,,9.00,',
    )
    expect(answer).toMatchObject({ payments: 4, allocated: '280.00' })
    expect(answer.rows).toMatchObject({ in: 6, accepted: 4, held: 2, rejected: 0 })
    // Rows count with what the file states of them.
    expect(answer.amounts).toEqual({ in: '698.00', accepted: '348.00', held: '350.00', rejected: '0.00' })
    expect(answer.findings.map((each) => sayPaymentFinding(each, 'zh'))).toContain(
      '3 行只列合计（共 209.00 元）：按合同 DZ-2026 的次序计入污水处理费 141.00 元，其余属供水公司的其他收费。',
    )
    expect(await held(answer.importId)).toEqual([
      [2, '只有合计金额 300.00 元，没有其中的污水处理费；合同没有约定分配次序。'],
      [5, '只有合计金额 50.00 元；按合同 DZ-2026 的次序，没有一分计入该户的污水处理费（未缴 0.00 元）。'],
    ])
    expect(await outstanding()).toEqual({ '0011': '140.00', '0014': '140.00' })
    const { rows } = await sql<{ reference: string; amount: string; combined: string; contract: string }>`
      select reference, amount::text, combined_amount::text as combined, contract_no as contract
      from payments join collector_contracts c on c.id = contract_id order by reference`.execute(town.services.db)
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['B2', '100.00', '100.00', 'DZ-2026'],
      ['B3', '40.00', '100.00', 'DZ-2026'],
      ['B6', '1.00', '9.00', 'DZ-2026'],
    ])
    await holds()
  })

  it('repeated changes nothing; taken back, the whole payment is; another amount is held', async () => {
    const answer = await take(plain, '0012,2026-04-06,B2,,100.00,', '0012,2026-04-07,B3,,101.00,')
    expect(answer).toMatchObject({ payments: 0, unchanged: 1, rows: { accepted: 1, held: 1 } })
    const back = await take(
      plain,
      '0012,2026-04-09,B3,,-100.00,',
      '0013,2026-04-09,B6,,9.00,是',
      '0012,2026-04-09,B2,,-1.00,',
      '0012,2026-04-09,B99,,-1.00,',
    )
    expect(back).toMatchObject({ reversals: 2, rows: { held: 2 } })
    // The contract has its order: what lacks is the payment, or its amount.
    const [other, unknown] = await held(back.importId)
    expect([other, unknown]).toEqual([
      [4, expect.stringContaining('只能整笔冲正')],
      [5, '冲正行：没有流水号为 B99 的缴款。'],
    ])
    expect(await outstanding()).toMatchObject({ '0012': '40.00', '0013': '1.00' })
    await holds()
  })

  it('held before is taken when the contract that states the order is there', async () => {
    const accept = (importId: string, rowNo: number) =>
      acceptPaymentRows(town.services, by('clerk'), { importId, rowNos: [rowNo], reason: '合同已登记' })
    const { importId } = await take(plain, '0014,2026-04-05,C1,,150.00,')
    expect(await refusedWith(accept(importId, 2))).toBe('payment_row_needs_correction')
    const correct = { importId, rowNo: 2, values: { 缴费日期: '2026-04-06' }, reason: '日期有误' }
    expect(await done(correctPaymentRow(town.services, by('clerk'), correct))).toMatchObject({ allocated: '140.00' })
    expect(await listCredits(town.services.db, { limit: 10 })).toEqual([])
    await holds()
  })

  it('after other charges is split where the row says what is due of them', async () => {
    const end = { contractNo: 'DZ-2026', until: civilDate('2026-04-10') }
    await done(endCollectorContract(town.services, by('clerk'), end))
    await contract('DZ-2027', '2026-04-10', ['water', 'wastewater'])
    const header = '户号,缴费日期,交易流水号,应收水费,应收垃圾费,实收合计'
    const answer = await take(
      header,
      '0011,2026-04-10,D1,200.00,8.00,300.00',
      '0011,2026-04-11,D2,200.00,8.00,200.00',
      '0011,2026-04-11,D3,,8.00,40.00',
    )
    expect(answer).toMatchObject({ payments: 1, allocated: '100.00' })
    expect(await held(answer.importId)).toEqual([
      [3, '只有合计金额 200.00 元；按合同 DZ-2027 的次序，没有一分计入该户的污水处理费（未缴 40.00 元）。'],
      [4, '只有合计金额 40.00 元；合同 DZ-2027 约定先计水费，而本行没有应收水费。'],
    ])
    await holds()
  })

  it('never is less than the part taken of it, says the database too', async () => {
    const add = (amount: string, more: string) =>
      sql
        .raw(
          `insert into payments (channel, collector_id, reference, discharger_id, paid_on, recorded_on, amount, import_id, row_no, combined_amount, contract_id)
           select channel, collector_id, reference || 'x', discharger_id, paid_on, recorded_on, ${amount}, import_id, row_no, ${more}
           from payments where reference = 'B2'`,
        )
        .execute(town.services.db)
        .then(
          () => 'done',
          (error: { constraint?: string }) => error.constraint,
        )
    expect(await add('100.01', 'combined_amount, contract_id')).toBe('part_of_the_combined')
    expect(await add('100.00', 'combined_amount, null')).toBe('split_by_a_contract')
  })
})
