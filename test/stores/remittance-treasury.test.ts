import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { writeXlsx } from '../../src/platform/tables/write-table.ts'
import { decideTreasuryRow } from '../../src/remittance/decide-treasury-row.ts'
import { importTreasuryFile } from '../../src/remittance/import-treasury.ts'
import { sayTreasuryReason } from '../../src/remittance/treasury.reasons.ts'
import { treasuryRowsOf } from '../../src/remittance/treasury-row.queries.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { allHolds, FiscalTown } from '../support/fiscal-town.ts'
import { by, done, found, refusedWith } from '../support/office.ts'

/** Two quarters of 1,000.00 and 2,000.00, signed; vouchers V1 of 600.00 (confirmed), V2 of 400.00 and V3 of 2,000.00. */
onEveryDatabase('A file of the treasury', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    await done(fiscal.contract())
    fiscal.on('2026-03-31')
    await done(fiscal.pay('A1', '1000.00', '2026-03-15'))
    fiscal.on('2026-04-02')
    await fiscal.sign('2026-Q1')
    await fiscal.remit('R2026-0001', '600.00', 'V1', '先缴一部分')
    await done(fiscal.voucher('R2026-0001', '400.00', 'V2'))
    fiscal.on('2026-06-30')
    await done(fiscal.pay('B1', '2000.00', '2026-06-15'))
    fiscal.on('2026-07-02')
    await fiscal.sign('2026-Q2')
    await done(fiscal.voucher('R2026-0002', '2000.00', 'V3'))
    fiscal.on('2026-07-05')
  })
  afterAll(() => fiscal.leave())
  const take = (content: string, name = '专户到账.csv', person = 'treasurer') =>
    importTreasuryFile(fiscal.services, by(person), fiscal.file(name, content))
  const header = '入账日期,入账金额,交易流水号,付款人,摘要'

  it('is matched by reference, statement, or amount and day; every other row is held or rejected, none is lost', async () => {
    const answer = await done(
      take(
        [
          '专户明细,,,,',
          header,
          '2026-04-02,600.00,国库V1,示例供水公司,', // confirmed before
          '2026-04-03,400.00,银8801,示例供水公司,划缴 R2026-0001', // voucher 2, by the statement in the remark
          '2026-07-03,1960.00,银8802,示例供水公司,', // 2,000.00 less 2 %
          '2026-07-03,77.00,银8803,示例物业公司,水资源费',
          '2026-07-04,-5.00,银8804,示例供水公司,退汇',
          '2026-07-04,77.00,银8803,示例物业公司,水资源费',
          '2026-07-04,十元,银8805,示例供水公司,',
          ',10.00,银8806,示例供水公司,',
          '合计,3119.00,,,',
        ].join('\n'),
      ),
    )
    expect(answer.rows).toEqual({ in: 8, accepted: 2, held: 4, rejected: 2 })
    expect(answer.amounts).toEqual({ in: '3119.00', accepted: '1000.00', held: '2109.00', rejected: '10.00' })
    expect(answer.total).toBe('3119.00')
    expect(answer.ready).toEqual([{ voucher: '2', row: 4, amount: '400.00' }])
    expect(answer.ours).toEqual([{ voucher: '3', statement: 'R2026-0002', amount: '2000.00', state: 'submitted' }])
    const rows = await found(treasuryRowsOf(fiscal.services.db, answer.importId, false))
    expect(rows.map((row) => [row.rowNo, row.verdict, row.reasons.map(({ code }) => code).join()])).toEqual([
      [5, 'held', 'treasury_short_by_fee'],
      [6, 'held', 'treasury_no_voucher'],
      [7, 'held', 'treasury_money_back'],
      [8, 'held', 'treasury_row_repeated'],
      [9, 'rejected', 'treasury_cell_unreadable'],
      [10, 'rejected', 'treasury_date_missing'],
    ])
    for (const row of rows)
      for (const reason of row.reasons)
        for (const language of ['zh', 'en'] as const) {
          const { cause, remedy } = sayTreasuryReason(reason, language)
          expect(`${cause}${remedy}`).not.toMatch(/\{\w+\}/)
          expect(remedy).not.toBe('')
        }
    expect(await refusedWith(treasuryRowsOf(fiscal.services.db, '99999', false))).toBe('treasury_import_unknown')
    expect(sayTreasuryReason(rows[0]?.reasons[0] ?? { code: '' }, 'zh').cause).toBe(
      '到账 1,960.00 元，恰为结算单 R2026-0002 应缴 2,000.00 元扣除手续费 40.00 元：疑似坐支。',
    )
  })

  it('the same file is answered as the first time', async () => {
    const path = fiscal.file('同一份.csv', `${header}\n2026-07-06,1.00,银1,甲,`)
    const first = await done(importTreasuryFile(fiscal.services, by('treasurer'), path))
    expect(await done(importTreasuryFile(fiscal.services, by('treasurer-2'), path))).toEqual(first)
  })

  it('a person says to which voucher a held row belongs, once, or that it is none of this fee', async () => {
    const decide = (rowNo: number, voucherId?: string, reason = '已核对', importId = '1') =>
      decideTreasuryRow(fiscal.services, by('treasurer'), { importId, rowNo, voucherId, reason })
    expect(await refusedWith(decide(5, '3', ' '))).toBe('remittance_needs_reason')
    expect(await refusedWith(decide(5, '99'))).toBe('voucher_unknown')
    expect(await refusedWith(decide(4, '2'))).toBe('treasury_row_unknown')
    expect(await refusedWith(decide(9, '3'))).toBe('treasury_row_unreadable')
    expect(await done(decide(6))).toMatchObject({ decision: 'rejected', voucher: null })
    expect(await done(decide(5, '3'))).toMatchObject({ decision: 'accepted', voucher: '3' })
    expect(await refusedWith(decide(5, '3'))).toBe('treasury_row_unknown')
    expect((await found(treasuryRowsOf(fiscal.services.db, '1', true))).map(({ rowNo }) => rowNo)).toEqual([
      7, 8, 9, 10,
    ])
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('comes as a workbook too; unequal amounts and days are held with what differs', async () => {
    await done(fiscal.confirm('3', '国库V3', { amount: '1960.00', reason: '少缴手续费，已责令补缴' }))
    const path = fiscal.path('国库.xlsx')
    const columns = ['到账日期', '金额', '国库流水号'].map((title) => ({ title, kind: 'text' as const }))
    const rows = [
      ['2026-07-05', '1959.00', '国库V3'],
      ['2026-07-04', '600.00', '国库V1'],
    ]
    expect(await writeXlsx(path, [{ name: '到账', columns, rows }])).toBeUndefined()
    const answer = await done(importTreasuryFile(fiscal.services, by('treasurer'), path))
    expect(answer.rows).toEqual({ in: 2, accepted: 0, held: 2, rejected: 0 })
    const shown = await found(treasuryRowsOf(fiscal.services.db, answer.importId, false))
    expect(shown.map((row) => sayTreasuryReason(row.reasons[0] ?? { code: '' }, 'en').cause)).toEqual([
      'Voucher 3 says 1,960.00 yuan, 1,959.00 yuan arrived: a difference of -1.00 yuan.',
      'Voucher 1 was confirmed as received on 2026-04-02, the file says 2026-07-04.',
    ])
    expect(await fiscal.statement('R2026-0002')).toMatchObject({ balance: '40.00' })
  })

  it('matches a voucher with one receipt: a second one is held, the same in another file is not', async () => {
    fiscal.on('2026-08-03')
    await done(fiscal.pay('C1', '500.00', '2026-07-20'))
    fiscal.on('2026-10-02')
    await fiscal.sign('2026-Q3')
    await done(fiscal.voucher('R2026-0003', '500.00', 'V4'))
    fiscal.on('2026-10-20')
    const first = await done(take(`${header}\n2026-10-03,500.00,银9001,示例供水公司,`, '第一份.csv'))
    expect(first.rows).toMatchObject({ accepted: 1 })
    const asMuchAgain = [
      '2026-10-05,500.00,银9002,示例供水公司,', // by day and amount
      '2026-10-06,500.00,银9003,示例供水公司,R2026-0003', // with the statement in the remark
    ]
    const second = await done(take([header, ...asMuchAgain].join('\n'), '第二份.csv'))
    const rows = await found(treasuryRowsOf(fiscal.services.db, second.importId, true))
    expect(rows.map(({ rowNo, reasons }) => [rowNo, reasons.map(({ code }) => code).join()])).toEqual([
      [2, 'treasury_no_voucher'],
      [3, 'treasury_voucher_matched'],
    ])
    const overlapping = `${header}\n2026-10-03,500.00,银9001,示例供水公司,\n2026-10-03,9.00,银9004,甲,`
    expect((await done(take(overlapping, '第三份.csv'))).rows).toMatchObject({ accepted: 1, held: 1 })
    const [voucher = ''] = first.ready.map((each) => each.voucher)
    const decide = (importId: string, rowNo: number) =>
      decideTreasuryRow(fiscal.services, by('treasurer'), { importId, rowNo, voucherId: voucher, reason: '已核对' })
    expect(await refusedWith(decide(second.importId, 2))).toBe('voucher_matched')
    expect(await refusedWith(decide(second.importId, 3))).toBe('voucher_matched')
  })

  it('of the treasury names the voucher by the number it was confirmed with, after the bank had named it by its own', async () => {
    await done(fiscal.confirm('4', '国库V4'))
    const answer = await done(
      take(`${header}\n${fiscal.services.clock.today()},500.00,国库V4,示例供水公司,`, '国库.csv'),
    )
    expect(answer.rows).toMatchObject({ accepted: 1 })
  })

  it('is not matched twice behind the application’s back either', async () => {
    const { db } = fiscal.services
    await expect(
      sql`insert into treasury_matches (import_id, row_no, voucher_id, amount, received_on, treasury_reference, command_id)
        select 1, 77, 4, 500, '2026-10-07', '银9009', min(command_id) from commands`.execute(db),
    ).rejects.toMatchObject({ code: 'QL041' })
  })

  it('is refused where it is no such file', async () => {
    for (const [content, code] of [
      ['姓名,年龄\n甲,3', 'no_header_found'],
      [`${header}\n`, 'treasury_file_empty'],
      ['入账日期,摘要\n2026-01-01,x', 'column_missing'],
    ] as const) {
      const refused = await take(content, `坏 ${code}.csv`)
      expect(isRefusal(refused) ? refused.code : 'taken').toBe(code)
    }
    expect(await refusedWith(take(`${header}\n2026-01-01,1,1,1,1`, 'x.csv', 'collector-1'))).toBe('role_missing')
  })
})
