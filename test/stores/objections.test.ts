import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { civilDate } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { answerObjection, listObjections, receiveObjection } from '../../src/payments/objections.ts'
import { listOverdue } from '../../src/payments/payment.queries.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { tieOut } from '../../src/payments/verify-payments.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

onEveryDatabase('A bill that is objected to', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-02-20')
    await town.enrol('1001', { openedOn: '2026-03-01' })
    town.on('2026-04-03')
    await town.read('2026-03', [{ account: '1001', start: '0', end: '100', on: '2026-03-31' }])
    await town.bill('2026-03')
    town.on('2026-04-07')
  })
  afterAll(() => town.leave())
  const objection = { bill: '2026-000001', from: '示例用户', grounds: '表计故障', evidence: '照片' }
  const receive = (more: object = {}) => receiveObjection(town.services, by('clerk'), { ...objection, ...more })
  const answer = (more: object = {}) =>
    answerObjection(town.services, by('approver'), { objectionId: '1', outcome: 'kept', reason: '复核无误', ...more })

  it('is answered within working days from the day after', async () => {
    expect(await refusedWith(receive({ bill: '2026-000099' }))).toBe('objection_bill_unknown')
    expect(await refusedWith(receive({ grounds: ' ' }))).toBe('objection_incomplete')
    expect(await refusedWith(receive({ receivedOn: civilDate('2026-04-08') }))).toBe('objection_day_malformed')
    expect(await refusedWith(receive({ receivedOn: civilDate('2026-04-02') }))).toBe('objection_day_malformed')
    expect(await done(receive())).toEqual({ objectionId: '1', bill: '2026-000001', answerDueOn: '2026-04-28' })
  })

  it('is due as before', async () => {
    const overdue = await listOverdue(town.services.db, civilDate('2026-04-11'), { limit: 10 })
    expect(overdue.map(({ bill, days }) => [bill, days])).toEqual([['2026-000001', 1]])
  })

  it('is kept, or corrected by an approved correction of its own, once', async () => {
    expect(await refusedWith(answer({ objectionId: '9' }))).toBe('objection_unknown')
    expect(await refusedWith(answer({ reason: '' }))).toBe('objection_incomplete')
    const { objectionId } = await done(receiveObjection(town.services, by('both'), objection))
    const own = { objectionId, outcome: 'kept', reason: '复核无误' } as const
    expect(await refusedWith(answerObjection(town.services, by('both'), own))).toBe('objection_own_work')
    expect(await refusedWith(answer({ correctionProposalId: '1' }))).toBe('objection_kept_with_correction')
    const corrected = { outcome: 'corrected' as const }
    expect(await refusedWith(answer(corrected))).toBe('objection_correction_missing')
    await town.read('2026-03', [{ account: '1001', start: '0', end: '50', on: '2026-03-31' }])
    const { proposalId } = await done(town.propose('2026-000001', 'adjust'))
    expect(await refusedWith(answer({ ...corrected, correctionProposalId: proposalId }))).toBe(
      'objection_correction_missing',
    )
    await done(town.decide(proposalId))
    town.on('2026-04-29')
    expect(await done(answer({ ...corrected, correctionProposalId: proposalId }))).toMatchObject({ inTime: false })
    expect(await refusedWith(answer())).toBe('objection_answered')
    expect(await refusedWith(answer({ ...corrected, objectionId, correctionProposalId: proposalId }))).toBe(
      'objection_correction_used',
    )
    const later = await done(receive())
    expect(
      await refusedWith(answer({ ...corrected, objectionId: later.objectionId, correctionProposalId: proposalId })),
    ).toBe('objection_correction_before')
    const [, , stored] = await listObjections(town.services.db, { limit: 10 })
    expect(stored).toMatchObject({
      bill: '2026-000001',
      answer: { outcome: 'corrected', answeredOn: '2026-04-29', correctionProposalId: proposalId },
    })
  })

  it('waits by urgency over all, whatever was received last', async () => {
    const urgent = await done(receive({ receivedOn: civilDate('2026-04-03') }))
    const all = await listObjections(town.services.db, { unanswered: true, limit: 10 })
    expect(all.map(({ answerDueOn }) => answerDueOn)).toEqual(all.map(({ answerDueOn }) => answerDueOn).toSorted())
    expect(all.map(({ objectionId }) => objectionId)).toEqual([urgent.objectionId, '2', '3'])
    const [first] = await listObjections(town.services.db, { unanswered: true, limit: 1 })
    expect(first).toEqual(all[0])
    const after = [all[0]?.answerDueOn ?? '', all[0]?.objectionId ?? ''] as const
    const page = { after, limit: 1 }
    expect(await listObjections(town.services.db, { unanswered: true, page })).toEqual([all[1]])
  })

  describe('and the books', () => {
    beforeAll(async () => {
      const payment = { collectorCode: 'water', reference: 'R;1|a', accountNo: '1001', amount: '100.00' }
      await done(recordPayment(town.services, by('clerk'), { ...payment, paidOn: civilDate('2026-04-05') }))
    })

    it('tie out, by month where there are months', async () => {
      const ties = await tieOut(town.services.db)
      const told = ties.map((tie) => [tie.accountCode, tie.feeMonth, moneyText(tie.books), moneyText(tie.subledger)])
      expect(told).toEqual([
        ['collector_held', null, '100.00', '100.00'],
        ['fees_due_to_treasury', '2026-03', '-70.00', '-70.00'],
        ['unallocated_receipts', null, '-30.00', '-30.00'],
      ])
    })
  })

  it('is answered by another person and once by a correction, also where the program is gone round', async () => {
    const { db } = town.services
    const { objectionId } = await done(receiveObjection(town.services, by('both'), objection))
    const { rows } = await sql<{ id: string }>`
      select correction_proposal_id::text as id from objection_answers where correction_proposal_id is not null`.execute(
      db,
    )
    const insert = (commandOf: string, proposal: string | null) =>
      sql`
      insert into objection_answers (objection_id, outcome, answered_on, reason, correction_proposal_id, command_id)
      select ${objectionId}::bigint, ${proposal === null ? 'kept' : 'corrected'}, '2026-04-29', 'x', ${proposal}::bigint, ${commandOf}::text`.execute(
        db,
      )
    const commandOf = async (actor: string) =>
      (
        await sql<{ id: string }>`
          select c.command_id as id from commands c join staff s on s.id = c.actor_id where s.code = ${actor} limit 1`.execute(
          db,
        )
      ).rows[0]?.id ?? ''
    await expect(insert(await commandOf('both'), null)).rejects.toThrow(/answered by who received it/)
    await expect(insert(await commandOf('approver'), rows[0]?.id ?? '')).rejects.toThrow(
      /objection_answers_by_correction/,
    )
  })
})
