import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endCollectorContract } from '../../src/dischargers/end-collector-contract.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { claimFee, decideFee, payFee } from '../../src/remittance/claim-fee.ts'
import { decideVoucher } from '../../src/remittance/decide-voucher.ts'
import { importTreasuryFile } from '../../src/remittance/import-treasury.ts'
import { listVouchers } from '../../src/remittance/statement.queries.ts'
import { withdrawStatement } from '../../src/remittance/withdraw-statement.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { allHolds, FiscalTown } from '../support/fiscal-town.ts'
import { by, done, refusedWith } from '../support/office.ts'

/** 10,000.00 of the first quarter and 5,000.00 of the second; the fee is 2 %: 200.00 and 100.00. */
onEveryDatabase('Detours of a remittance', (connection) => {
  let fiscal: FiscalTown
  let claim = ''
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    for (const account of ['1001', '1002']) await fiscal.town.enrol(account)
    await done(fiscal.contract())
    fiscal.on('2026-02-10')
    await done(fiscal.pay('A1', '10000.00', '2026-01-15'))
    fiscal.on('2026-04-02')
  })
  afterAll(() => fiscal.leave())
  const reject = (voucherId: string) =>
    decideVoucher(fiscal.services, by('treasurer'), { voucherId, outcome: 'rejected', reason: '结算单已退回' })
  const claimFor = (statement: string) => claimFee(fiscal.services, by('collector-1'), { statement })
  const approveFee = async (statement: string) => {
    const { proposalId } = await done(claimFor(statement))
    return done(decideFee(fiscal.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
  }
  const withdraw = (statement: string, person: string, reason = '编错') =>
    withdrawStatement(fiscal.services, by(person), { statement, reason })
  const pay = (number: string, reference: string) =>
    payFee(fiscal.services, by('treasurer'), { claim: number, reference })

  it('a transfer handed in for a statement that was returned is handed in again for the next, and never lost', async () => {
    const { statement } = await done(fiscal.draw('2026-Q1'))
    const stranded = await done(fiscal.voucher(statement, '10000.00', 'BANK1'))
    await done(fiscal.giveBack(statement, '与台账不符', 'clerk'))
    expect(await refusedWith(fiscal.confirm(stranded.voucherId, '国库1'))).toBe('statement_was_returned')
    // The treasury's file finds no voucher: what was handed in for a returned statement is none.
    const taken = await done(
      importTreasuryFile(
        fiscal.services,
        by('treasurer'),
        fiscal.file('到账.csv', '入库日期,凭证号,付款人,金额,摘要\n2026-04-02,BANK1,示例供水公司,10000.00,划缴'),
      ),
    )
    expect(taken.rows).toEqual({ in: 1, accepted: 0, held: 1, rejected: 0 })
    const again = await fiscal.sign('2026-Q1')
    const anew = await done(fiscal.voucher(again.statement, '10000.00', 'BANK1'))
    expect(await refusedWith(fiscal.voucher(again.statement, '1.00', 'BANK1', { reason: '重复' }))).toBe(
      'bank_reference_taken',
    )
    await done(reject(stranded.voucherId))
    expect(await refusedWith(reject(stranded.voucherId))).toBe('voucher_state_wrong')
    await done(fiscal.confirm(anew.voucherId, '国库1'))
    expect(
      (await listVouchers(fiscal.services.db, { limit: 10 })).map(({ bankReference, state }) => [bankReference, state]),
    ).toEqual([
      ['BANK1', 'confirmed'],
      ['BANK1', 'rejected'],
    ])
    expect(await fiscal.statement(again.statement)).toMatchObject({ balance: '0.00' })
    expect(await fiscal.holds()).toEqual(allHolds)
    claim = (await approveFee(again.statement)).claim ?? ''
  })

  it('a remittance is refused that is short by a claim of an earlier quarter, alone or with the fee of its own', async () => {
    fiscal.on('2026-05-02')
    await done(fiscal.pay('B1', '5000.00', '2026-05-01'))
    fiscal.on('2026-07-02')
    // 5,000.00 less 200.00 unpaid of the first quarter, less 100.00 of its own, less both.
    for (const declared of ['4800.00', '4900.00', '4700.00'])
      expect(await refusedWith(fiscal.draw('2026-Q2', { declared, differenceReason: '抵手续费' }))).toBe(
        'remittance_nets_fee',
      )
    const { statement } = await fiscal.sign('2026-Q2')
    for (const amount of ['4800.00', '4900.00', '4700.00'])
      expect(await refusedWith(fiscal.voucher(statement, amount, `N${amount}`, { reason: '抵手续费' }))).toBe(
        'remittance_nets_fee',
      )
    // An open difference with its reason is a part like any other: it stays owed with its age.
    expect(await done(fiscal.voucher(statement, '4500.00', 'P1', { reason: '分两次' }))).toMatchObject({
      left: '500.00',
    })
  })

  it('a voucher of finance pays one claim', async () => {
    await done(pay(claim, '支付2026-1'))
    const { claim: second } = await approveFee('R2026-0003')
    expect(await refusedWith(pay(second ?? '', ' 支付2026-1 '))).toBe('fee_voucher_taken')
    await done(pay(second ?? '', '支付2026-2'))
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('a contract does not end within a period whose statement was drawn under it', async () => {
    const end = (until: string) =>
      endCollectorContract(fiscal.services, by('clerk'), { contractNo: 'C-2026', until: civilDate(until) })
    const refused = await end('2026-03-31')
    expect(isRefusal(refused) && [refused.code, refused.parameters['day']]).toEqual([
      'contract_has_statements',
      expect.stringMatching(/^2026-\d\d-01$/),
    ])
    expect(await done(end('2027-01-01'))).toMatchObject({ until: '2027-01-01' })
  })

  it('a statement of nothing is drawn only where that is meant, and withdrawn by who drew it until it is reviewed', async () => {
    fiscal.on('2026-10-02')
    const refused = await fiscal.draw('2026-Q3')
    if (!isRefusal(refused)) throw new Error('drawn')
    expect(refused.code).toBe('statement_of_nothing')
    expect(refused.sentence('zh')).toContain('空结算单也结清该期')
    const { statement, lines } = await done(fiscal.draw('2026-Q3', { empty: true }, 'clerk'))
    expect(lines).toBe(0)
    const own = await fiscal.giveBack(statement, '编错', 'clerk')
    expect(isRefusal(own) && own.sentence('zh')).toContain(`qingliu remittance withdraw ${statement} --reason 原因`)
    expect(await refusedWith(withdraw(statement, 'collector-1'))).toBe('statement_of_another')
    expect(await refusedWith(withdraw(statement, 'outsider'))).toBe('collector_of_others')
    expect(await refusedWith(withdraw(statement, 'clerk', ' '))).toBe('remittance_needs_reason')
    expect(await done(withdraw(statement, 'clerk'))).toEqual({ statement, period: '2026-Q3', total: '0.00' })
    expect(await refusedWith(withdraw(statement, 'clerk'))).toBe('statement_state_wrong')
    // The quarter is open again.
    await done(fiscal.pay('C1', '10.00', '2026-09-01'))
    const anew = await done(fiscal.draw('2026-Q3'))
    expect(anew).toMatchObject({ lines: 1, total: '10.00' })
    await done(fiscal.review(anew.statement))
    expect(await refusedWith(withdraw(anew.statement, 'collector-1'))).toBe('statement_state_wrong')
    expect(await done(fiscal.giveBack(anew.statement))).toMatchObject({ before: 'reviewed', outcome: 'returned' })
    expect(await fiscal.holds()).toEqual(allHolds)
  })

  it('the database lets no drawer end a statement that was reviewed', async () => {
    const { statement } = await done(fiscal.draw('2026-Q3'))
    await done(fiscal.review(statement))
    const ended = sql`
      insert into remittance_outcomes (statement_id, outcome, drawn_by, reviewed_by, decided_by, decided_on, reason, command_id)
      select s.id, 'returned', s.drawn_by, p.maker_id, s.drawn_by, s.drawn_on, '编错', s.command_id from remittance_statements s
        join proposals p on p.kind = 'remittance.statement' and p.subject = s.id::text
      order by s.id desc limit 1`.execute(fiscal.services.db)
    await expect(ended).rejects.toThrow('three_persons')
  })
})
