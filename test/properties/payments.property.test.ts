import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, expect, it } from 'vitest'
import { openAccount } from '../../src/dischargers/open-account.ts'
import { type CivilDate, civilDate, plusDays } from '../../src/kernel/calendar.ts'
import type { AccountId, BillId, DischargerId, PaymentId } from '../../src/kernel/ids.ts'
import { addMoney, type Money, money, moneyText, subtractMoney } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { allocateByHand } from '../../src/payments/allocate-by-hand.ts'
import { allocateInOrder } from '../../src/payments/allocation.rules.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { unpaidOn } from '../../src/payments/overdue.rules.ts'
import { ageing, listCredits, listOutstanding, listOverdue } from '../../src/payments/payment.queries.ts'
import type { OpenItem } from '../../src/payments/payment.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { decideRefund, proposeRefund } from '../../src/payments/refund-payment.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { rebuildOpenItems, verifyPayments } from '../../src/payments/verify-payments.ts'
import type { Connection } from '../../src/platform/database.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

const folder = mkdtempSync(join(tmpdir(), 'qingliu-payments-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every run of the property has accounts of its own: bills that an earlier run has paid would leave it nothing to do. */
const runs = 20
const accountsOf = (run: number) => ['1', '2', '3'].map((last) => `${1000 + run * 10}`.slice(0, 3) + last)
const accounts = Array.from({ length: runs }, (_, run) => accountsOf(run)).flat()

/** Of each three accounts, two are of one payer and the third of another; bills of February and March. */
async function townOf(connection: Connection): Promise<SmallTown> {
  const town = await SmallTown.found(connection, '2026-01-20')
  for (let run = 0; run < runs; run += 1) {
    const [first = '', second = '', third = ''] = accountsOf(run)
    await town.enrol(first, { openedOn: '2026-02-01', meter: false })
    await town.enrol(third, { openedOn: '2026-02-01', meter: false })
    const shared = { collectorCode: 'water', accountNo: second, dischargerCode: `P${first}`, supply: 'public' } as const
    const terms = { payerGroup: 'urban_resident', category: 'non-resident', openedOn: civilDate('2026-02-01') }
    await done(openAccount(town.services, by('clerk'), { ...shared, ...terms }))
  }
  for (const [month, today, on] of [
    ['2026-02', '2026-03-03', '2026-02-28'],
    ['2026-03', '2026-04-03', '2026-03-31'],
  ] as const) {
    town.on(today)
    await town.read(
      month,
      accounts.map((each) => ({ account: each, volume: '100', on })),
    )
    await town.bill(month)
  }
  town.on('2026-06-01')
  return town
}

const fen = (count: number): string => `${Math.floor(count / 100)}.${String(count % 100).padStart(2, '0')}`
const account = fc.nat(2)
const amount = fc.integer({ min: 1, max: 25_000 }).map(fen)
// Due on 10 March and 10 April: before, on and after.
const day = fc.integer({ min: 0, max: 90 }).map((days) => plusDays(civilDate('2026-03-01'), days))
const one = fc.nat(50)

type Act =
  | { act: 'pay'; account: number; amount: string; day: CivilDate; bill: number | undefined }
  | { act: 'file'; rows: { account: number; amount: string; day: CivilDate }[] }
  | { act: 'reverse'; one: number; later: number }
  | { act: 'takeBack'; one: number; other: number; later: number; again: boolean }
  | { act: 'refund' | 'move'; one: number; other: number; amount: string }
  | { act: 'correct'; one: number; how: 'cancel' | 'rebill' | 'adjust'; volume: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('pay' as const),
      account,
      amount,
      day,
      bill: fc.option(one, { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('file' as const),
      rows: fc.array(fc.record({ account, amount, day }), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('reverse' as const), one, later: fc.nat(30) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('takeBack' as const),
      one,
      other: one,
      later: fc.nat(30),
      again: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constantFrom('refund' as const, 'move' as const), one, other: one, amount }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('correct' as const),
      one,
      how: fc.constantFrom('cancel' as const, 'rebill' as const, 'adjust' as const),
      volume: fc.integer({ min: 0, max: 200 }),
    }),
  },
)

onEveryDatabase('After any sequence of payments, reversals, refunds and corrections', (connection) => {
  it('balances are what the facts say, and overdue is what the rule says', async () => {
    const town = await townOf(connection())
    let references = 0
    const { db } = town.services
    let run = 0
    let own: readonly string[] = []
    const ids = async (from: 'payments' | 'bills') => {
      const { rows } = await sql<{ id: string }>`
        select id::text from ${sql.table(from)} where account_id in (select id from accounts where account_no = any(${own}::text[]))
        order by id`.execute(db)
      return rows.map(({ id }) => id)
    }
    const pick = <T>(values: readonly T[], index: number): T | undefined => values[index % Math.max(values.length, 1)]
    const items = async (): Promise<OpenItem[]> =>
      (await listOutstanding(db, { limit: 1_000 })).map((item) => ({ ...item, ...payers.get(item.accountNo)! }))
    const payers = new Map<string, { accountId: AccountId; dischargerId: DischargerId }>()
    for (const no of accounts) {
      const { rows } = await sql<{ accountId: AccountId; dischargerId: DischargerId }>`
        select a.id as "accountId", h.discharger_id as "dischargerId" from accounts a join account_holders h on h.account_id = a.id
        where a.account_no = ${no}`.execute(db)
      payers.set(no, rows[0]!)
    }

    /** A file pays as the rule says it in words, each payment numbered in the order of its rows. */
    const takeFile = async (stated: { account: number; amount: string; day: CivilDate }[]) => {
      const rows = stated.map((row) => ({ ...row, account: own[row.account] ?? '' }))
      references += 1
      const path = join(folder, `${connection().engine}-${references}.csv`)
      const lines = rows.map((row, index) => `${row.account},${row.day},F${references}-${index},${row.amount}`)
      writeFileSync(path, ['户号,缴费日期,交易流水号,污水处理费', ...lines].join('\n'))
      const before = await items()
      const unused = rows.map((row, index) => ({
        paymentId: String(index + 1) as PaymentId,
        ...payers.get(row.account)!,
        paidOn: row.day,
        remaining: money(row.amount),
      }))
      const expected = new Map<BillId, Money>(before.map(({ billId, outstanding }) => [billId, outstanding]))
      for (const { billId, amount: paid } of allocateInOrder(unused, before))
        expected.set(billId, subtractMoney(expected.get(billId)!, paid))
      await done(importPayments(town.services, by('clerk'), { collectorCode: 'water', path }))
      const left = new Map((await items()).map(({ billId, outstanding }) => [billId, moneyText(outstanding)]))
      for (const [billId, outstanding] of expected) expect(left.get(billId) ?? '0.00').toBe(moneyText(outstanding))
    }

    /** Overdue and ageing of a day, computed from the facts by the pure rule. */
    const compareOverdue = async (asOf: CivilDate) => {
      const { rows } = await sql<{
        bill_id: BillId
        due_on: CivilDate
        payable: string
        paid: { amount: string; paidOn: CivilDate; reversedOn: CivilDate | null }[]
      }>`
        select o.bill_id, o.due_on, o.payable::text, coalesce((
          select jsonb_agg(jsonb_build_object('amount', a.amount::text, 'paidOn', p.paid_on::text, 'reversedOn', v.reversed_on::text))
          from allocations a join payments p on p.id = a.payment_id left join payment_reversals v on v.payment_id = p.id
            left join allocation_lapses l on l.allocation_id = a.id
          where a.bill_id = o.bill_id and (l.allocation_id is null or l.reason = 'payment_reversed')), '[]') as paid
        from open_items o where o.due_on < ${asOf}::date`.execute(db)
      const expected = rows
        .map((row) => {
          const paid = row.paid.map((each) => ({ ...each, amount: money(each.amount) }))
          return [row.bill_id, moneyText(unpaidOn(money(row.payable), paid, asOf))]
        })
        .filter(([, unpaid]) => unpaid !== '0.00')
      const found = await listOverdue(db, asOf, { limit: 1_000 })
      expect(found.map(({ billId, outstanding }) => [billId, moneyText(outstanding)]).toSorted()).toEqual(
        expected.toSorted(),
      )
      const total = addMoney((await ageing(db, asOf)).map((each) => each.amount))
      expect(moneyText(total)).toBe(moneyText(addMoney(found.map(({ outstanding }) => outstanding))))
    }

    const carryOut = async (step: Act): Promise<void> => {
      const payments = await ids('payments')
      const bills = await ids('bills')
      const numberOf = (id: string | undefined) => (id === undefined ? '2026-999999' : `2026-${id.slice(-6)}`)
      if (step.act === 'pay') {
        references += 1
        const named = step.bill === undefined ? [] : [numberOf(pick(bills, step.bill))]
        const entered = {
          collectorCode: 'water',
          reference: `S${references}`,
          accountNo: own[step.account] ?? '',
          paidOn: step.day,
        }
        // A bill of somebody else is refused, and that is one of the sequences.
        await recordPayment(town.services, by('clerk'), { ...entered, amount: step.amount, bills: named })
      } else if (step.act === 'file') await takeFile(step.rows)
      else if (step.act === 'takeBack') {
        // A file that takes two payments back, one of them perhaps repeated in it: after its reversal, as files may.
        const chosen = [pick(payments, step.one), pick(payments, step.other)].filter((id) => id !== undefined)
        const { rows } = await sql<{ account_no: string; on: CivilDate; reference: string; amount: string }>`
          select a.account_no, p.paid_on as "on", p.reference, p.amount::text from payments p join accounts a on a.id = p.account_id
          where p.id = any(${[...new Set(chosen)]}::bigint[])`.execute(db)
        references += 1
        const path = join(folder, `${connection().engine}-${references}.csv`)
        const lines = rows.flatMap((row) => [
          `${row.account_no},${plusDays(row.on, step.later)},${row.reference},-${row.amount},${references}`,
          ...(step.again ? [`${row.account_no},${row.on},${row.reference},${row.amount},${references}`] : []),
        ])
        if (lines.length === 0) return
        writeFileSync(path, ['户号,缴费日期,交易流水号,污水处理费,备注', ...lines].join('\n'))
        await done(importPayments(town.services, by('clerk'), { collectorCode: 'water', path }))
      } else if (step.act === 'reverse') {
        const paymentId = pick(payments, step.one) ?? '0'
        const { rows } = await sql<{
          on: CivilDate
        }>`select paid_on as "on" from payments where id = ${paymentId}::bigint`.execute(db)
        const reversedOn = rows[0] === undefined ? undefined : plusDays(rows[0].on, step.later)
        await reversePayment(town.services, by('clerk'), { paymentId, reversedOn, reason: '退票' })
      } else if (step.act === 'refund') {
        // Of somebody's credit as a rule, sometimes more than there is.
        const credits = (await listCredits(db, { limit: 1_000 })).filter(({ accountNo }) =>
          own.includes(accountNo ?? ''),
        )
        const credit = pick(credits, step.one)
        const least = credit === undefined || step.other % 5 === 0 ? undefined : credit.remaining
        const amount = least?.lt(money(step.amount)) ? moneyText(least) : step.amount
        const refund = { paymentId: credit?.paymentId ?? pick(payments, step.one) ?? '0', amount, evidence: '申请' }
        const proposed = await proposeRefund(town.services, by('clerk'), { ...refund, refundedBy: 'collector' })
        if (isRefusal(proposed)) return
        const { proposalId } = proposed.answer
        await decideRefund(town.services, by('approver'), { proposalId, outcome: 'approved', reason: '' })
      } else if (step.act === 'move') {
        const from = step.one % 2 === 0 ? {} : { fromBill: numberOf(pick(bills, step.one)) }
        const move = { paymentId: pick(payments, step.one) ?? '0', bill: numberOf(pick(bills, step.other)), ...from }
        await allocateByHand(town.services, by('clerk'), {
          ...move,
          ...(step.other % 3 === 0 ? { amount: step.amount } : {}),
        })
      } else if (step.act === 'correct') {
        const { rows } = await sql<{ account_no: string; month: string }>`
          select a.account_no, to_char(b.fee_month, 'YYYY-MM') as month from bills b join accounts a on a.id = b.account_id
          where b.id = ${pick(bills, step.one)}::bigint`.execute(db)
        const on = rows[0]!.month === '2026-02' ? '2026-02-28' : '2026-03-31'
        await town.read(rows[0]!.month, [{ account: rows[0]!.account_no, volume: String(step.volume), on }])
        const proposed = await town.propose(numberOf(pick(bills, step.one)), step.how)
        if (!isRefusal(proposed)) await done(town.decide(proposed.answer.proposalId))
      }
    }

    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 6, maxLength: 12 }), day, async (steps, asOf) => {
        own = accountsOf(run)
        run += 1
        for (const step of steps) {
          await carryOut(step)
          expect((await verifyPayments(town.services)).faults, JSON.stringify(step)).toEqual([])
        }
        await compareOverdue(asOf)
        await compareOverdue(civilDate('2026-06-01'))
        const before = await items()
        await done(rebuildOpenItems(town.services, by('clerk')))
        expect(await items()).toEqual(before)
      }),
      { numRuns: runs, endOnFailure: true },
    )
    // Each kind of act was really carried out some of the times.
    for (const facts of ['refunds', 'payment_reversals', 'allocation_lapses', 'imports', 'bill_issues']) {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(facts)}`.execute(db)
      expect(rows[0]?.n, facts).toBeGreaterThan(3)
    }
    town.leave()
  })
})
