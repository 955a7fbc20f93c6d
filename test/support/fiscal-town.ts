import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findCollector } from '../../src/dischargers/account.queries.ts'
import { addCollectorContract, type ContractEntry } from '../../src/dischargers/add-collector-contract.ts'
import { trialBalance } from '../../src/journal/journal.queries.ts'
import { civilDate, plusDays } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { verifyPayments } from '../../src/payments/verify-payments.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import type { Connection } from '../../src/platform/database.ts'
import type { Role } from '../../src/platform/staff.ts'
import { decideStatement, reviewStatement } from '../../src/remittance/decide-statement.ts'
import { decideVoucher, type VoucherDecision } from '../../src/remittance/decide-voucher.ts'
import { type DrawnStatement, drawStatement } from '../../src/remittance/draw-statement.ts'
import { heldAge, heldByDay } from '../../src/remittance/held.queries.ts'
import { remittanceSubledgers } from '../../src/remittance/remittance-subledgers.ts'
import { findStatement } from '../../src/remittance/statement.queries.ts'
import { submitVoucher } from '../../src/remittance/submit-voucher.ts'
import { verifyRemittance } from '../../src/remittance/verify-remittance.ts'
import { by, done } from './office.ts'
import { SmallTown } from './small-town.ts'

const people: readonly (readonly [code: string, organisation: string, roles: readonly Role[]])[] = [
  ['collector-1', 'water-co', ['water_company_operator']],
  ['collector-2', 'water-co', ['water_company_operator']],
  ['outsider', 'other-co', ['water_company_operator']],
  ['treasurer', 'finance', ['finance_officer']],
  ['treasurer-2', 'finance', ['finance_officer']],
]

/** Everybody of the fiscal chain beside the office, and the water company `gx` with staff of its own. */
export class FiscalTown {
  readonly town: SmallTown
  readonly #folder = mkdtempSync(join(tmpdir(), 'qingliu-fiscal-'))
  #files = 0

  private constructor(town: SmallTown) {
    this.town = town
  }

  static async found(connection: Connection, today = '2025-12-20'): Promise<FiscalTown> {
    const town = await SmallTown.found(connection, today, 'water-co')
    const fiscal = new FiscalTown(town)
    for (const [code, organisation, roles] of people)
      await done(addStaff(town.services, by('admin'), { code, name: code, organisationCode: organisation, roles }))
    return fiscal
  }

  get services() {
    return this.town.services
  }
  on(day: string): void {
    this.town.on(day)
  }
  leave(): void {
    this.town.leave()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** A file with this content, of its own name. */
  file(name: string, content: string | Uint8Array): string {
    this.#files += 1
    const path = join(this.#folder, `${this.#files}-${name}`)
    writeFileSync(path, content)
    return path
  }
  path(name: string): string {
    return join(this.#folder, name)
  }

  contract(entry: Partial<ContractEntry> = {}) {
    return addCollectorContract(this.services, by('clerk'), {
      contractNo: 'C-2026',
      collectorCode: 'water',
      document: '示例代征协议2026',
      remittancePeriod: 'quarter',
      feeRate: '0.02',
      feeBase: 'collected',
      from: civilDate('2026-01-01'),
      ...entry,
    })
  }

  pay(reference: string, amount: string, paidOn: string, account = '1001') {
    return recordPayment(this.services, by('collector-1'), {
      collectorCode: 'water',
      reference,
      accountNo: account,
      paidOn: civilDate(paidOn),
      amount,
    })
  }

  draw(
    period: string,
    more: { declared?: string; differenceReason?: string; empty?: boolean } = {},
    person = 'collector-1',
  ) {
    return drawStatement(this.services, by(person), { collectorCode: 'water', period, ...more })
  }
  review(statement: string, person = 'clerk') {
    return reviewStatement(this.services, by(person), { statement })
  }
  approve(statement: string, person = 'approver') {
    return decideStatement(this.services, by(person), { statement, outcome: 'approved', reason: '' })
  }
  giveBack(statement: string, reason = '与台账不符', person = 'approver') {
    return decideStatement(this.services, by(person), { statement, outcome: 'returned', reason })
  }
  /** Drawn, reviewed and approved by three persons. */
  async sign(period: string): Promise<DrawnStatement> {
    const drawn = await done(this.draw(period))
    await done(this.review(drawn.statement))
    await done(this.approve(drawn.statement))
    return drawn
  }

  voucher(statement: string, amount: string, reference: string, more: { reason?: string; paidOn?: string } = {}) {
    return submitVoucher(this.services, by('collector-1'), {
      statement,
      amount,
      paidOn: civilDate(more.paidOn ?? this.today),
      bankReference: reference,
      path: this.file('回单.txt', `银行回单 ${reference} ${amount}`),
      differenceReason: more.reason,
    })
  }
  confirm(voucherId: string, reference: string, more: Partial<VoucherDecision> = {}, person = 'treasurer') {
    return decideVoucher(this.services, by(person), {
      voucherId,
      outcome: 'confirmed',
      treasuryReference: reference,
      ...more,
    })
  }
  /** A voucher of this amount, confirmed the same day. */
  async remit(statement: string, amount: string, reference: string, reason?: string) {
    const { voucherId } = await done(this.voucher(statement, amount, reference, reason === undefined ? {} : { reason }))
    return done(this.confirm(voucherId, `国库${reference}`))
  }

  get today(): string {
    return this.services.clock.today()
  }
  async collectorId() {
    const collector = await findCollector(this.services.db, 'water')
    if (collector === undefined) throw new Error('no collector')
    return collector.collectorId
  }

  async statement(number: string) {
    const found = await findStatement(this.services.db, number)
    if (isRefusal(found)) throw new Error(found.sentence('en'))
    return {
      state: found.state,
      collected: moneyText(found.collected),
      late: moneyText(found.late),
      reversed: moneyText(found.reversed),
      refunded: moneyText(found.refunded),
      carried: moneyText(found.carried),
      total: moneyText(found.total),
      received: moneyText(found.received),
      balance: moneyText(found.balance),
    }
  }

  /** What is held at the end of a day by each day of payment, with the surplus and the sum. */
  async held(asOf = this.today) {
    const { aged, surplus, held } = await heldAge(this.services.db, await this.collectorId(), civilDate(asOf))
    return {
      aged: aged.map(({ paidOn, amount, days }) => `${paidOn} ${moneyText(amount)} ${days}`),
      surplus: moneyText(surplus),
      held: moneyText(held),
    }
  }

  async balances(): Promise<Record<string, string>> {
    const { accounts } = await trialBalance(this.services.db)
    return Object.fromEntries(accounts.map((each) => [each.accountCode, moneyText(each.balance)]))
  }

  /** What must hold after anything: control accounts tie, and what is held is the same by days, by age and in the books. */
  async holds(): Promise<unknown> {
    const { faults } = await verifyPayments(this.services, [remittanceSubledgers])
    const collectorId = await this.collectorId()
    const between = { from: civilDate('1990-01-01'), until: plusDays(civilDate(this.today), 1) }
    const happened = await heldByDay(this.services.db, collectorId, between)
    const recorded = await heldByDay(this.services.db, collectorId, between, 'recorded')
    const { held } = await this.held()
    const books = (await this.balances())['collector_held'] ?? '0.00'
    const verified = await verifyRemittance(this.services)
    return {
      faults: [...faults, ...verified.faults],
      held: [...new Set([held, books, moneyText(happened.closing), moneyText(recorded.closing)])].length,
    }
  }
}

/** The answer of `holds` when all is well. */
export const allHolds = { faults: [], held: 1 }
