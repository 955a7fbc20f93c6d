import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  as,
  collectors,
  districtFolder,
  done,
  loadBases,
  loadDeclarations,
  loadEvents,
  loadOnlineMeters,
  loadOpening,
  loadPaymentsFile,
  loadRegistry,
  loadRoster,
  loadSupplierFile,
  loadTreasuryPayments,
} from '../../fixtures/load-district.ts'
import { approveRun, type IssuedRun } from '../../src/bills/approve-run.ts'
import { linesOf, listBills, listRuns, runExceptions } from '../../src/bills/bill.queries.ts'
import { differences } from '../../src/bills/differences.ts'
import { draftRun } from '../../src/bills/draft-run.ts'
import { summariseRun } from '../../src/bills/run-summary.ts'
import { verifyBills } from '../../src/bills/verify-bills.ts'
import { trialBalance } from '../../src/journal/journal.queries.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import type { ImportId } from '../../src/kernel/ids.ts'
import { addMoney, type Money, moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { ageing } from '../../src/payments/payment.queries.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import { verifyPayments } from '../../src/payments/verify-payments.ts'
import type { Services } from '../../src/platform/command.ts'
import { rowsOf } from '../../src/readings/import-report.queries.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'

/** What an independent judge with arithmetic of its own says of March 2026; see fixtures/README.md. */
const expected = JSON.parse(readFileSync(`${districtFolder}expected/2026-03.json`, 'utf8')) as {
  files: {
    collector: (typeof collectors)[number]
    rows: number
    accepted: number
    held: number
    rejected: number
    statedVolumeM3: string
    exceptions: { rowNo: number; verdict: string; check: string }[]
  }[]
  census: {
    roster: number
    billed: number
    held: number
    exempt: number
    bills: number
    volumeM3: string
    amount: string
  }
  held: { accountNo: string; reason: string }[]
  exempt: { accountNo: string }[]
  split: { accountNo: string; lines: { amount: string; volumeM3: string }[] }[]
  billed: { accountNo: string; basis: string; volumeM3: string; amount: string }[]
}
const month = feeMonth('2026-03')

onEveryDatabase('The demo district goes live and bills March 2026', (connection) => {
  let services: Services
  let issued: IssuedRun
  const reports = new Map<string, Awaited<ReturnType<typeof loadSupplierFile>>>()

  beforeAll(async () => {
    services = servicesOn(connection(), '2026-04-03')
    const silent = () => undefined
    await loadRegistry(services, silent)
    await loadEvents(services, silent)
    await loadBases(services, silent)
    await loadOpening(services, silent)
    await loadRoster(services, '2026-03-31')
    for (const collector of collectors) reports.set(collector, await loadSupplierFile(services, collector, month))
    await loadOnlineMeters(services, month)
    await loadDeclarations(services, month)
    const drafted = done(await draftRun(services, as('clerk', 'draft'), { feeMonth: month }))
    const approval = { runId: drafted.runId, digestSeen: drafted.digest, acknowledge: '已逐户核对' }
    issued = done(await approveRun(services, as('approver', 'approve'), approval, settleIssued))
  })

  for (const file of expected.files) {
    it(`${file.collector}: every row of the file has the verdict and reason the judge gives`, async () => {
      const report = reports.get(file.collector)
      if (report === undefined) throw new Error('not imported')
      const { rows: counts } = report
      expect([counts.in, counts.accepted, counts.held, counts.rejected]).toEqual([
        file.rows,
        file.accepted,
        file.held,
        file.rejected,
      ])
      expect(report.volumesM3.in).toBe(file.statedVolumeM3)
      const rows = await rowsOf(services.db, report.importId as ImportId, {})
      expect(rows.map((row) => [row.rowNo, row.verdict, row.reasons.map((reason) => reason.code)])).toEqual(
        file.exceptions.map((each) => [each.rowNo, each.verdict, expect.arrayContaining([each.check])]),
      )
    })
  }

  it('the census adds up to the roster, with the numbers the judge gives', async () => {
    const { census } = expected
    expect([issued.billed, issued.held, issued.exempt, issued.billCount, issued.totalAmount]).toEqual([
      census.billed,
      census.held,
      census.exempt,
      census.bills,
      census.amount,
    ])
    expect(issued.billed + issued.held + issued.exempt).toBe(census.roster)
    expect(issued.dueOn).toBe('2026-04-10')
  })

  it('every held and exempt account is named with its reason', async () => {
    const [run] = await listRuns(services.db, { runId: issued.runId })
    if (run === undefined) throw new Error('no run')
    const exceptions = await runExceptions(services.db, run, { limit: 1000 })
    const held = exceptions.filter((each) => each.status === 'held')
    expect(new Map(held.map((each) => [each.accountNo, each.reason.reasons?.map((reason) => reason.code)]))).toEqual(
      new Map(expected.held.map((each) => [each.accountNo, expect.arrayContaining([each.reason])])),
    )
    expect(
      exceptions
        .filter((each) => each.status === 'exempt')
        .map((each) => each.accountNo)
        .toSorted(),
    ).toEqual(expected.exempt.map((each) => each.accountNo).toSorted())
  })

  it('every account owes to the fen what the judge computed, meter by meter', async () => {
    const bills = await listBills(services.db, { runId: issued.runId, limit: 5_000 })
    const amounts = new Map<string, Money[]>()
    for (const bill of bills) amounts.set(bill.accountNo, [...(amounts.get(bill.accountNo) ?? []), bill.totalAmount])
    for (const { accountNo, amount } of expected.billed) {
      expect([accountNo, moneyText(addMoney(amounts.get(accountNo) ?? []))]).toEqual([accountNo, amount])
    }
    expect(amounts.size).toBe(expected.census.billed)
    const lines = await linesOf(
      services.db,
      bills.map((bill) => bill.billId),
    )
    for (const { accountNo, lines: parts } of expected.split) {
      const ofAccount = bills
        .filter((bill) => bill.accountNo === accountNo)
        .flatMap((bill) => lines.get(bill.billId) ?? [])
      expect(ofAccount.map((line) => [line.amount.toFixed(2), line.volumeM3.toFixed(3)])).toEqual(
        parts.map((part) => [part.amount, part.volumeM3]),
      )
    }
  })

  it('numbers follow the last one used before, without gap, in account order', async () => {
    const bills = await listBills(services.db, { runId: issued.runId, limit: 5_000 })
    const [used] = JSON.parse(readFileSync(`${districtFolder}opening/numbers-used.json`, 'utf8')) as {
      lastNumber: number
    }[]
    const last = used?.lastNumber ?? 0
    expect(bills.map((bill) => bill.number)).toEqual(
      bills.map((_, index) => `2026-${String(last + 1 + index).padStart(6, '0')}`),
    )
    const order = bills.map(
      (bill) => `${collectors.indexOf(bill.collectorCode as (typeof collectors)[number])} ${bill.accountNo}`,
    )
    expect(order).toEqual(order.toSorted())
  })

  it('every bill computes again to the fen, the books balance and tie to the bills', async () => {
    const verified = await verifyBills(services)
    expect(verified.faults).toEqual([])
    expect(verified.checked).toBeGreaterThan(expected.census.bills)
    const books = await trialBalance(services.db)
    expect(moneyText(books.debit)).toBe(moneyText(books.credit))
    // What was billed, less what credits of go-live paid at once: 19.00, of which 0.50 are more than was billed.
    const { rows } = await sql<{ total: string }>`select (sum(total_amount) - 18.50)::text as total from bills`.execute(
      services.db,
    )
    expect(
      moneyText(books.accounts.find((account) => account.accountCode === 'fees_receivable')?.balance ?? books.debit),
    ).toBe(rows[0]?.total)
    expect((await verifyPayments(services)).faults).toEqual([])
    expect(await differences(services, month)).toEqual([])
  })

  describe('and what was paid for March', () => {
    const payments = JSON.parse(readFileSync(`${districtFolder}expected/2026-04-payments.json`, 'utf8')) as {
      files: { collector: (typeof collectors)[number]; rows: number; held: number; reversals: number; amount: string }[]
      treasury: { payments: number }
      overdue: { on: string; bills: number; amount: string }[]
    }

    for (const file of payments.files) {
      it(`${file.collector}: comes in as the judge counts it`, async () => {
        const answer = await loadPaymentsFile(servicesOn(connection(), '2026-04-21'), file.collector)
        const { rows, reversals } = answer
        expect([rows.in, rows.held, rows.rejected, reversals]).toEqual([file.rows, file.held, 0, file.reversals])
        const { rows: stored } = await sql<{ amount: string }>`
          select sum(amount)::text as amount from payments where import_id = ${answer.importId}::bigint`.execute(
          services.db,
        )
        expect(stored[0]?.amount).toBe(file.amount)
        expect(answer.findings[0]?.code).toBe('amounts_equal')
      })
    }

    it('leaves overdue, on each of three days, what the judge says', async () => {
      const today = servicesOn(connection(), '2026-04-21')
      expect(await loadTreasuryPayments(today)).toBe(payments.treasury.payments)
      for (const { on, bills, amount } of payments.overdue) {
        const classes = await ageing(services.db, civilDate(on))
        expect([
          classes.reduce((sum, each) => sum + each.bills, 0),
          moneyText(addMoney(classes.map((each) => each.amount))),
        ]).toEqual([bills, amount])
      }
      expect((await verifyPayments(services)).faults).toEqual([])
    })
  })

  describe('what must not happen, does not', () => {
    it('the same file again changes nothing and gives the first answer', async () => {
      const again = await loadSupplierFile(services, 'gx-water', month)
      expect(again).toEqual(reports.get('gx-water'))
    })
    it('the same approval again gives the first answer', async () => {
      const again = await approveRun(
        services,
        as('approver', 'approve'),
        {
          runId: issued.runId,
          digestSeen: 'x',
          acknowledge: 'y',
        },
        settleIssued,
      )
      expect(isRefusal(again) && again.code).toBe('command_id_reused')
    })
    it('the month is not billed twice: a second run finds only what was left', async () => {
      const second = done(await draftRun(services, as('clerk', 'second'), { feeMonth: month }))
      const [run] = await listRuns(services.db, { runId: second.runId })
      if (run === undefined) throw new Error('no run')
      const summary = await summariseRun(services.db, run)
      expect([summary.census.billedBefore, summary.census.held, summary.bills]).toEqual([
        expected.census.billed,
        expected.census.held,
        0,
      ])
      const refused = await approveRun(
        services,
        as('approver', 'second', 'approve'),
        {
          runId: second.runId,
          digestSeen: second.digest,
        },
        settleIssued,
      )
      expect(isRefusal(refused) && refused.code).toBe('nothing_to_bill')
    })
  })
})
