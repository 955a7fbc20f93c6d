import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { approveRun, type IssuedRun } from '../../src/bills/approve-run.ts'
import { type BillRun, lastBilledDays, linesOf, listBills, listRuns } from '../../src/bills/bill.queries.ts'
import type { Bill, BillLine } from '../../src/bills/bill.ts'
import { type CorrectionAction, decideCorrection, proposeCorrection } from '../../src/bills/correct-bill.ts'
import { type Difference, differences } from '../../src/bills/differences.ts'
import { discardRun, draftRun } from '../../src/bills/draft-run.ts'
import { lastDayBilledBy } from '../../src/bills/last-day-billed.queries.ts'
import { type RunSummary, summariseRun } from '../../src/bills/run-summary.ts'
import { verifyBills } from '../../src/bills/verify-bills.ts'
import { findAccount } from '../../src/dischargers/account.queries.ts'
import { addCollector } from '../../src/dischargers/add-collector.ts'
import { addPriceCategory } from '../../src/dischargers/add-price-category.ts'
import { approveRoster } from '../../src/dischargers/approve-roster.ts'
import { freezeRoster } from '../../src/dischargers/freeze-roster.ts'
import { installMeter } from '../../src/dischargers/install-meter.ts'
import { openAccount } from '../../src/dischargers/open-account.ts'
import { registerDischarger } from '../../src/dischargers/register-discharger.ts'
import { trialBalance } from '../../src/journal/journal.queries.ts'
import { civilDate, feeMonth, lastDay } from '../../src/kernel/calendar.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { volumeText } from '../../src/kernel/volume.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import { addOrganisation } from '../../src/platform/add-organisation.ts'
import type { Services } from '../../src/platform/command.ts'
import type { Connection } from '../../src/platform/database.ts'
import { importReadings } from '../../src/readings/import-readings.ts'
import { approveRateSchedule } from '../../src/tariffs/approve-rate-schedule.ts'
import { type EnteredSchedule, proposeRateSchedule } from '../../src/tariffs/propose-rate-schedule.ts'
import { servicesOn } from './databases.ts'
import { by, done, openOffice } from './office.ts'

/** One row of the water company's file; what is left out stands empty in it. */
export interface FileRow {
  readonly account: string
  readonly meter?: string
  readonly start?: string
  readonly end?: string
  readonly volume?: string
  readonly on?: string
  readonly source?: '实抄' | '估抄'
}

/** What stands on a bill, in the words and numbers a person would check. */
export interface BillOnPaper {
  readonly number: string
  readonly kind: string
  readonly payer: string
  readonly volume: string
  readonly amount: string
  readonly due: string
}

/** The guard that the entries hand to the dischargers stage: nothing changes on or before a billed day. */
export const guards = { lastBilledUse: lastBilledDays }

/**
 * A town for stories about bills: an office, one water company, flat prices of 0.95, 1.40 and 1.60, and whatever
 * accounts a story needs. Every step is an ordinary command by the person whose work it is, on the day the town is at.
 */
export class SmallTown {
  #today: string
  readonly #connection: Connection
  readonly #folder = mkdtempSync(join(tmpdir(), 'qingliu-town-'))
  #files = 0

  /** Founds it on a day before anything is used; with a company, the collector has it and there is finance, too. */
  static async found(connection: Connection, today = '2025-12-20', company?: string): Promise<SmallTown> {
    const town = new SmallTown(connection, today)
    const { services } = town
    await openOffice(services)
    for (const [code, nameZh] of [
      ['resident', '居民'],
      ['non-resident', '非居民'],
      ['special', '特种'],
    ] as const) {
      await done(addPriceCategory(services, by('clerk'), { code, nameZh, nameEn: code }))
    }
    for (const [code, kind] of [
      [company, 'water_company'],
      ['other-co', 'water_company'],
      ['finance', 'finance'],
    ] as const) {
      if (company === undefined || code === undefined) continue
      await done(addOrganisation(services, by('admin'), { code, name: `示例${code}`, kind }))
    }
    const ofCompany = company === undefined ? {} : { organisationCode: company }
    await done(addCollector(services, by('clerk'), { code: 'water', name: '示例供水公司', ...ofCompany }))
    await town.putInForce({
      code: 'flat-2020',
      validFrom: '2020-01-01',
      prices: { resident: flat('0.95'), 'non-resident': flat('1.40'), special: flat('1.60') },
    })
    return town
  }

  private constructor(connection: Connection, today: string) {
    this.#connection = connection
    this.#today = today
  }

  /** Its services, on the day it is at. */
  get services(): Services {
    return servicesOn(this.#connection, this.#today)
  }

  /** The calendar moves on (or back). */
  on(today: string): void {
    this.#today = today
  }

  leave(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Proposes a rate schedule and has it approved. */
  async putInForce(schedule: Record<string, unknown>): Promise<void> {
    const entered = {
      title: '示例收费标准',
      approvalDocument: `示例文号 ${String(schedule['code'])}`,
      issuer: '示例发展和改革委员会',
      unit: 'm³',
      currency: '元',
      straddle: 'by-days',
      clause: '办法第九条',
      ...schedule,
    } as EnteredSchedule
    const { proposalId } = await done(proposeRateSchedule(this.services, by('clerk'), entered))
    await done(approveRateSchedule(this.services, by('approver'), { proposalId }, lastDayBilledBy))
  }

  /** A discharger that holds no account yet. */
  async register(code: string): Promise<void> {
    const entry = { code, name: `示例用户${code}`, kind: 'resident', productIsMainlyWater: false } as const
    await done(registerDischarger(this.services, by('clerk'), entry))
  }

  /** A discharger (`P` and the number) with one account and, for public supply, one meter (`M` and the number). */
  async enrol(
    accountNo: string,
    more: {
      category?: string
      openedOn?: string
      initialReading?: string
      supply?: 'public' | 'own_source'
      meter?: boolean
    } = {},
  ): Promise<void> {
    const supply = more.supply ?? 'public'
    const openedOn = civilDate(more.openedOn ?? '2025-12-01')
    await this.register(`P${accountNo}`)
    await done(
      openAccount(this.services, by('clerk'), {
        collectorCode: 'water',
        accountNo,
        dischargerCode: `P${accountNo}`,
        supply,
        payerGroup: 'urban_resident',
        category: more.category ?? 'non-resident',
        openedOn,
      }),
    )
    if (more.meter === false || supply === 'own_source') return
    await done(
      installMeter(this.services, by('clerk'), {
        accountNo,
        meterNo: `M${accountNo}`,
        purpose: 'supply',
        digits: 6,
        multiplier: '1',
        initialReading: more.initialReading ?? '0',
        runsBackwards: false,
        on: openedOn,
      }),
    )
  }

  /** The company's file of a month, imported. */
  async read(month: string, rows: readonly FileRow[]) {
    this.#files += 1
    const path = join(this.#folder, `${month}-${this.#files}.csv`)
    const lines = rows.map(({ account, meter = '', start = '', end = '', volume = '', on = '', source = '' }) =>
      [account, meter, start, end, volume, on, source].join(','),
    )
    // The same file again would be recognised and change nothing; each export says which it is.
    const titles = [`第 ${this.#files} 次导出`, '户号,表号,上期读数,本期读数,用水量,抄表日期,抄表方式']
    writeFileSync(path, [...titles, ...lines].join('\n'))
    const choice = { collectorCode: 'water', path, feeMonth: feeMonth(month) }
    return done(importReadings(this.services, by('clerk'), choice))
  }

  /** Freezes the roster as of the month's last day and has it approved. */
  async freeze(month: string): Promise<number> {
    const asOf = lastDay(feeMonth(month))
    const { proposalId } = await done(freezeRoster(this.services, by('clerk'), { asOf }))
    return (await done(approveRoster(this.services, by('approver'), { proposalId }))).accountCount
  }

  async idOf(accountNo: string): Promise<AccountId> {
    const account = await findAccount(this.services.db, 'water', accountNo)
    if (isRefusal(account)) throw new Error(account.sentence('en'))
    return account.accountId
  }

  /** Drafts a month, of all accounts or of these; answers what its approver sees. */
  async draft(month: string, accountNos?: readonly string[]): Promise<RunSummary> {
    const accountIds = accountNos && (await Promise.all(accountNos.map((each) => this.idOf(each))))
    const { runId } = await done(
      draftRun(this.services, by('clerk'), { feeMonth: feeMonth(month), ...(accountIds && { accountIds }) }),
    )
    return this.summary(runId)
  }

  async run(runId: string): Promise<BillRun> {
    const [run] = await listRuns(this.services.db, { runId })
    if (run === undefined) throw new Error(`no run ${runId}`)
    return run
  }

  async summary(runId: string): Promise<RunSummary> {
    return summariseRun(this.services.db, await this.run(runId))
  }

  /** Approval of what was drafted, by another person; with a reason where the brake asks for one. */
  async issue({ runId, digest, brake }: RunSummary): Promise<IssuedRun> {
    const acknowledge = brake.length > 0 ? '已逐户核对' : undefined
    return done(approveRun(this.services, by('approver'), { runId, digestSeen: digest, acknowledge }, settleIssued))
  }

  async discard({ runId }: RunSummary): Promise<void> {
    await done(discardRun(this.services, by('clerk'), { runId, reason: '无可开账' }))
  }

  /** Roster, draft and approval of a month in one go. */
  async bill(month: string): Promise<IssuedRun> {
    await this.freeze(month)
    return this.issue(await this.draft(month))
  }

  async bills(accountNo: string, month: string): Promise<Bill[]> {
    return listBills(this.services.db, { accountNo, feeMonth: feeMonth(month), limit: 1_000 })
  }

  /** Every bill of an account and month, oldest first, as people read them. */
  async onPaper(accountNo: string, month: string): Promise<BillOnPaper[]> {
    return (await this.bills(accountNo, month)).map((bill) => ({
      number: bill.number,
      kind: bill.kind,
      payer: bill.dischargerName.replace('示例用户', ''),
      volume: volumeText(bill.volumeM3),
      amount: moneyText(bill.totalAmount),
      due: bill.dueOn,
    }))
  }

  /** The lines of the bill with that number. */
  async lines(number: string): Promise<BillLine[]> {
    const [year = '', digits = ''] = number.split('-')
    const id = String(Number(year) * 100_000_000 + Number(digits)) as Bill['billId']
    return (await linesOf(this.services.db, [id])).get(id) ?? []
  }

  /** Category, first day, day after the last, volume and amount of each line of a bill. */
  async linesOnPaper(number: string): Promise<string[][]> {
    return (await this.lines(number)).map((line) => [
      line.categoryCode,
      line.used.from,
      line.used.until,
      volumeText(line.volumeM3),
      moneyText(line.amount),
    ])
  }

  /** A correction as a clerk proposes it; of a duplicate, naming the latest other bill of its month that stands. */
  async propose(
    number: string,
    action: CorrectionAction,
    reason = 'volume',
    evidence = '示例复核记录',
    person = 'clerk',
  ) {
    const duplicateOf = action === 'cancel' && reason === 'duplicate' ? await this.#otherThan(number) : undefined
    return proposeCorrection(this.services, by(person), { number, action, reason, evidence, duplicateOf }, [])
  }

  async #otherThan(number: string): Promise<string | undefined> {
    const all = await listBills(this.services.db, { limit: 1000 })
    const month = all.find((bill) => bill.number === number)?.feeMonth
    return all.findLast(
      (bill) =>
        bill.number !== number &&
        bill.feeMonth === month &&
        bill.cancelledBy === null &&
        (bill.kind === 'original' || bill.kind === 'rebill'),
    )?.number
  }

  decide(proposalId: string, person = 'approver', outcome: 'approved' | 'returned' = 'approved') {
    const reason = outcome === 'approved' ? '' : '依据不足'
    return decideCorrection(this.services, by(person), { proposalId, outcome, reason }, [], settleIssued)
  }

  /** Proposed by one, approved by another: the numbers issued. */
  async correct(number: string, action: CorrectionAction, reason = 'volume'): Promise<string[]> {
    const { proposalId } = await done(this.propose(number, action, reason))
    return (await done(this.decide(proposalId))).numbers
  }

  differences(month: string): Promise<Difference[]> {
    return differences(this.services, feeMonth(month))
  }

  /** What must hold after anything: bills recompute, entries balance, receivable is what was billed. */
  async books(): Promise<{ faults: unknown[]; receivable: string; dueToTreasury: string; billed: string }> {
    const { faults } = await verifyBills(this.services)
    const { accounts } = await trialBalance(this.services.db)
    const balanceOf = (code: string) => {
      const account = accounts.find(({ accountCode }) => accountCode === code)
      return account === undefined ? '—' : moneyText(account.balance)
    }
    const { rows } = await sql<{ total: string }>`
      select coalesce(sum(total_amount), 0.00)::text as total from bills`.execute(this.services.db)
    return {
      faults,
      receivable: balanceOf('fees_receivable'),
      dueToTreasury: balanceOf('fees_due_to_treasury'),
      billed: rows[0]?.total ?? '',
    }
  }
}

/** Books in which these fees stand and nothing else: every bill recomputes, and the two accounts mirror each other. */
export const booksOf = (fees: string) => ({
  faults: [],
  receivable: fees,
  dueToTreasury: fees === '0.00' ? fees : fees.startsWith('-') ? fees.slice(1) : `-${fees}`,
  billed: fees,
})

export const flat = (perM3: string) => ({ form: 'flat', perM3 })
