import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { type CivilDate, civilDate, daysBetween, plusDays } from '../../src/kernel/calendar.ts'
import { addMoney, money, moneyText } from '../../src/kernel/money.ts'
import { isRefusal, type Refusal } from '../../src/kernel/refusal.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { decideRefund, proposeRefund } from '../../src/payments/refund-payment.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { currentCells } from '../../src/remittance/cells.queries.ts'
import { plainCell, sumCells } from '../../src/remittance/cells.rules.ts'
import { claimFee, decideFee } from '../../src/remittance/claim-fee.ts'
import { decideVoucher, reverseReceipt } from '../../src/remittance/decide-voucher.ts'
import { drawReconciliation } from '../../src/remittance/draw-reconciliation.ts'
import { heldByDay } from '../../src/remittance/held.queries.ts'
import { periodContaining } from '../../src/remittance/period.ts'
import { findReconciliation, listReconciliations } from '../../src/remittance/reconciliation.queries.ts'
import { refuseRefundByOther } from '../../src/remittance/refund-guard.ts'
import { signReconciliation } from '../../src/remittance/sign-reconciliation.ts'
import { listStatements, listVouchers } from '../../src/remittance/statement.queries.ts'
import { testDatabases } from '../support/databases.ts'
import { allHolds, FiscalTown } from '../support/fiscal-town.ts'
import { by, done } from '../support/office.ts'

/** What may happen, in any order; days pass between. `one` picks among what there is, `late` how late it is recorded. */
const amount = fc.integer({ min: 1, max: 40_000 }).map((fen) => (fen / 100).toFixed(2))
// Small enough for what a payment has unused.
const small = fc.integer({ min: 1, max: 300 }).map((fen) => (fen / 100).toFixed(2))
const one = fc.nat(1_000)
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('pay' as const),
      amount,
      late: fc.nat(60),
      account: fc.constantFrom('1001', '1002'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('direct' as const), amount }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('reverse' as const), one, back: fc.nat(40) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('refund' as const),
      one,
      amount: small,
      by: fc.constantFrom('collector' as const, 'treasury' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('days' as const), days: fc.integer({ min: 1, max: 70 }) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('draw' as const) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('decide' as const), approve: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('voucher' as const), one, amount, all: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('receipt' as const), one, confirm: fc.boolean(), unequal: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('takeBack' as const), one }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('fee' as const), one }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('reconcile' as const) }) },
)
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

describe.each(testDatabases)('The identities of what is held and remitted ($name)', (database) => {
  it('hold after any sequence of events', { timeout: 900_000 }, async () => {
    const connection = await database.open()
    const fiscal = await FiscalTown.found(connection, '2025-12-20')
    const { db } = connection
    for (const account of ['1001', '1002']) await fiscal.town.enrol(account, { openedOn: '2026-01-01' })
    await done(fiscal.contract({ feeCapAmount: '20.00' }))
    for (const [month, today, start, end, on] of [
      ['2026-01', '2026-02-03', '0', '100', '2026-01-31'],
      ['2026-02', '2026-03-03', '100', '200', '2026-02-28'],
    ] as const) {
      fiscal.on(today)
      await fiscal.town.read(
        month,
        ['1001', '1002'].map((account) => ({ account, start, end, on })),
      )
      await fiscal.town.bill(month)
    }
    const collectorId = await fiscal.collectorId()
    let today = civilDate('2026-03-03')
    let references = 0
    const carriedOut = new Map<string, number>()
    const pick = <T>(some: readonly T[], index: number): T | undefined => some[index % Math.max(some.length, 1)]
    const payments = async () =>
      (await sql<{ id: string; paid_on: CivilDate }>`select id, paid_on from payments order by id`.execute(db)).rows
    const statements = () => listStatements(db, { standing: true, limit: 1_000 })

    const carryOut = async (step: Event): Promise<unknown> => {
      references += 1
      if (step.what === 'days') {
        today = plusDays(today, step.days)
        fiscal.on(today)
        return undefined
      }
      if (step.what === 'pay') {
        const earliest = daysBetween(civilDate('2026-01-02'), today)
        return fiscal.pay(`P${references}`, step.amount, plusDays(today, -Math.min(step.late, earliest)), step.account)
      }
      if (step.what === 'direct') {
        const input = { reference: `T${references}`, accountNo: '1001', paidOn: today, amount: step.amount }
        return recordPayment(fiscal.services, by('clerk'), input)
      }
      if (step.what === 'reverse') {
        const payment = pick(await payments(), step.one)
        if (payment === undefined) return undefined
        const day = plusDays(today, -step.back)
        const reversedOn = day < payment.paid_on ? payment.paid_on : day
        return reversePayment(fiscal.services, by('clerk'), { paymentId: payment.id, reversedOn, reason: '退票' })
      }
      if (step.what === 'refund') {
        const payment = pick(await payments(), step.one)
        if (payment === undefined) return undefined
        const input = { paymentId: payment.id, amount: step.amount, refundedBy: step.by, evidence: '退款申请' }
        const guards = [refuseRefundByOther]
        const first = await proposeRefund(fiscal.services, by('clerk'), input, guards)
        // Whose it is to pay back depends on what was remitted: the other one is asked where the first may not.
        const other = step.by === 'collector' ? 'treasury' : 'collector'
        const proposed = isRefusal(first)
          ? await proposeRefund(fiscal.services, by('clerk'), { ...input, refundedBy: other }, guards)
          : first
        if (isRefusal(proposed)) return proposed
        const decision = { proposalId: proposed.answer.proposalId, outcome: 'approved' as const, reason: '' }
        return decideRefund(fiscal.services, by('approver'), decision, guards)
      }
      if (step.what === 'draw') {
        const [last] = await statements()
        const next = last === undefined ? civilDate('2026-01-01') : last.period.until
        return fiscal.draw(periodContaining(next, 'quarter').name)
      }
      if (step.what === 'decide') {
        const [last] = await statements()
        if (last === undefined || last.state === 'approved') return undefined
        if (!step.approve) return fiscal.giveBack(last.number, '重编', last.state === 'drawn' ? 'clerk' : 'approver')
        if (last.state === 'drawn') await done(fiscal.review(last.number))
        return fiscal.approve(last.number)
      }
      if (step.what === 'voucher') {
        const statement = pick(await statements(), step.one)
        if (statement === undefined) return undefined
        const asked = addMoney([statement.balance, money(`-${moneyText(statement.awaiting)}`.replace('--', ''))])
        const of = step.all && asked.gt('0') ? moneyText(asked) : step.amount
        return fiscal.voucher(statement.number, of, `V${references}`, { reason: '部分划缴' })
      }
      if (step.what === 'receipt') {
        const voucher = pick(await listVouchers(db, { state: 'submitted', limit: 1_000 }), step.one)
        if (voucher === undefined) return undefined
        const { voucherId } = voucher
        if (!step.confirm)
          return decideVoucher(fiscal.services, by('treasurer'), { voucherId, outcome: 'rejected', reason: '未到账' })
        const unequal = step.unequal
          ? { amount: moneyText(addMoney([voucher.amount, money('0.01')])), reason: '多到 1 分' }
          : {}
        return fiscal.confirm(voucherId, `G${references}`, unequal)
      }
      if (step.what === 'takeBack') {
        const voucher = pick(await listVouchers(db, { state: 'confirmed', limit: 1_000 }), step.one)
        if (voucher === undefined) return undefined
        return reverseReceipt(fiscal.services, by('treasurer-2'), { voucherId: voucher.voucherId, reason: '退汇' })
      }
      if (step.what === 'fee') {
        const statement = pick(
          (await statements()).filter(({ state }) => state === 'approved'),
          step.one,
        )
        if (statement === undefined) return undefined
        const claimed = await claimFee(fiscal.services, by('collector-1'), { statement: statement.number })
        if (isRefusal(claimed)) return claimed
        const decision = { proposalId: claimed.answer.proposalId, outcome: 'approved' as const, reason: '' }
        return decideFee(fiscal.services, by('approver'), decision)
      }
      const [latest] = await listReconciliations(db, { standing: true, limit: 1 })
      const from = latest === undefined ? civilDate('2026-01-01') : latest.quarter.until
      const drawn = await drawReconciliation(fiscal.services, by('clerk'), {
        collectorCode: 'water',
        quarter: periodContaining(from, 'quarter').name,
      })
      if (isRefusal(drawn)) return drawn
      await reconciled(drawn.answer.reconciliation, drawn.answer.digest)
      return drawn
    }

    /** Signed by all, and then the cells of all signed reconciliations add up to what stands. */
    const reconciled = async (number: string, digestSeen: string) => {
      for (const [party, person] of [
        ['collector', 'collector-1'],
        ['bureau', 'approver'],
        ['finance', 'treasurer'],
      ] as const)
        await done(signReconciliation(fiscal.services, by(person), { reconciliation: number, party, digestSeen }))
      const found = await findReconciliation(db, number)
      if (isRefusal(found)) throw new Error('not found')
      const all = (await listReconciliations(db, { standing: true, limit: 1_000 })).flatMap(({ cells }) => cells)
      const months = { from: '2026-01', until: found.quarter.until.slice(0, 7) } as never
      const now = await currentCells(db, collectorId, months)
      expect(sumCells(all).map(plainCell)).toEqual(sumCells(now).map(plainCell))
    }

    /** Each day closes with what the next one opens with, and with opening + collected − reversed − refunded − remitted. */
    const daysAddUp = async () => {
      for (const basis of ['happened', 'recorded'] as const) {
        const between = { from: civilDate('2026-02-10'), until: plusDays(today, 1) }
        const { opening, days, closing } = await heldByDay(db, collectorId, between, basis)
        let held = opening
        for (const day of days) {
          expect(moneyText(day.opening)).toBe(moneyText(held))
          const moved = day.opening.plus(day.collected).minus(day.reversed).minus(day.refunded).minus(day.remitted)
          expect(moneyText(day.closing)).toBe(moneyText(money(moved.toFixed())))
          held = day.closing
        }
        expect(moneyText(closing)).toBe(moneyText(held))
      }
    }

    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 6, maxLength: 14 }), async (steps) => {
        for (const step of steps) {
          const outcome = (await carryOut(step)) as Refusal | undefined
          if (outcome !== undefined && !isRefusal(outcome))
            carriedOut.set(step.what, (carriedOut.get(step.what) ?? 0) + 1)
          expect(await fiscal.holds(), JSON.stringify(step)).toEqual(allHolds)
        }
        await daysAddUp()
      }),
      { numRuns: 24, endOnFailure: true },
    )
    // Every kind of event was really carried out, most of them often.
    for (const what of [
      'pay',
      'direct',
      'reverse',
      'refund',
      'draw',
      'decide',
      'voucher',
      'receipt',
      'takeBack',
      'fee',
      'reconcile',
    ])
      expect(carriedOut.get(what) ?? 0, what).toBeGreaterThan(1)
    fiscal.leave()
    await connection.close()
  })
})
