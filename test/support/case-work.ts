import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installMeter } from '../../src/dischargers/install-meter.ts'
import { openAccount } from '../../src/dischargers/open-account.ts'
import { registerDischarger } from '../../src/dischargers/register-discharger.ts'
import { draftOrder, issueOrder } from '../../src/enforcement/draft-order.ts'
import type { LogKind } from '../../src/enforcement/matter.queries.ts'
import { fileCase, reportCase } from '../../src/enforcement/open-case.ts'
import type { StepName } from '../../src/enforcement/steps.ts'
import { approveStep, proposeStep, recordStep, type TakenStep } from '../../src/enforcement/take-step.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal, type Refusal } from '../../src/kernel/refusal.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import type { CommandAnswer } from '../../src/platform/command.ts'
import type { Connection } from '../../src/platform/database.ts'
import { issuedDocuments } from '../../src/platform/documents/documents.queries.ts'
import { readStoredFile, readWholeFile, type WholeFile } from '../../src/platform/files.ts'
import type { Role } from '../../src/platform/staff.ts'
import { by, done } from './office.ts'
import { linesOfPage, textOfPdf } from './pdf-text.ts'
import { SmallTown } from './small-town.ts'

const people: readonly (readonly [code: string, name: string, roles: readonly Role[], certificateNo?: string])[] = [
  ['officer-a', '执法甲', ['brigade_officer'], '示例证001'],
  ['officer-b', '执法乙', ['brigade_officer'], '示例证002'],
  ['officer-c', '执法丙', ['brigade_officer'], '示例证003'],
  ['no-certificate', '协管丁', ['brigade_officer']],
  ['head', '局长', ['bureau_head']],
  ['head-2', '副局长', ['bureau_head', 'legal_reviewer', 'hearing_host']],
  ['reviewer', '法制', ['legal_reviewer']],
  ['host', '主持', ['hearing_host']],
  ['finance', '财政', ['finance_officer']],
]

/** What is filled in where a story does not care. */
const filled: Partial<Record<StepName, Readonly<Record<string, string>>>> = {
  order_served: { how: 'direct', to: '张三', capacity: 'mail_receiver' },
  notice_served: { how: 'direct', to: '张三', capacity: 'mail_receiver' },
  decision_served: { how: 'direct', to: '张三', capacity: 'legal_representative' },
  demand_served: { how: 'mail', to: '张三', capacity: 'mail_receiver' },
  hearing_notified: { how: 'direct', to: '张三', capacity: 'mail_receiver', place: '局二楼会议室', host: 'host' },
  order_withdrawn: { reason: '账单有误' },
  investigated: { facts: '逾期未缴，事实清楚' },
  notice_issued: { multiplier: '2', facts: '逾期未缴', reason: '经责令仍不缴纳' },
  defence_received: { statement: '资金困难' },
  defence_rechecked: { outcome: 'rejected', reason: '不是法定理由' },
  hearing_held: { opinion: '事实清楚' },
  legal_reviewed: { outcome: 'agreed', opinion: '程序合法' },
  discussed: { conclusion: '同意' },
  decided: {
    multiplier: '2',
    facts: '逾期未缴；通知书、送达回证',
    reason: '经责令仍不缴纳',
    bank: '示例银行赣县支行',
    payee: '示例账户 0001',
    reviewBody: '赣县区人民政府',
    court: '赣县区人民法院',
    addition: 'true',
  },
  no_penalty: { ground: 'first', reason: '初次违法并已改正' },
  deferred: { reason: '经济困难' },
  fine_payment_reversed: { reason: '银行退票' },
  fine_refunded: { reason: '多缴' },
  annulled: { reason: '已在期限内缴清' },
  review_filed: { body: '赣县区人民政府' },
  suit_filed: { body: '赣县区人民法院' },
  review_decided: { outcome: 'upheld' },
  suit_decided: { outcome: 'upheld' },
  demand_issued: { bank: '示例银行赣县支行' },
  court_applied: { court: '赣县区人民法院', property: '银行存款' },
  court_accepted: { outcome: 'accepted', caseNumber: '（2025）示例行审1号' },
  court_challenged: { court: '示例市中级人民法院' },
  court_ruled: { outcome: 'allowed' },
  claim_ended: { ground: 'court_over', reason: '期限届满' },
  closed: { ground: 'paid', reason: '已缴清' },
  correction_opened: { reason: '表计故障' },
}

/** Who takes a step, and who approves it. */
const takers: Partial<Record<StepName, readonly [by: string, approver?: string]>> = {
  order_withdrawn: ['clerk', 'approver'],
  correction_opened: ['approver'],
  investigated: ['officer-b'],
  notice_issued: ['officer-a', 'approver'],
  hearing_notified: ['clerk'],
  discussed: ['clerk'],
  fine_paid: ['finance'],
  hearing_held: ['host'],
  legal_reviewed: ['reviewer'],
  decided: ['officer-a', 'head'],
  no_penalty: ['officer-a', 'head'],
  deferred: ['clerk', 'head'],
  fine_payment_reversed: ['clerk', 'approver'],
  fine_refunded: ['clerk', 'approver'],
  annulled: ['clerk', 'head'],
  review_decided: ['clerk', 'approver'],
  suit_decided: ['clerk', 'approver'],
  demand_issued: ['clerk', 'approver'],
  court_applied: ['clerk', 'head'],
  claim_ended: ['clerk', 'approver'],
  closed: ['clerk', 'approver'],
}

export interface Taken {
  readonly on?: string
  readonly as?: string
  readonly approver?: string
  readonly evidence?: boolean
  readonly fields?: Readonly<Record<string, string | undefined>>
}

/** A town with people for cases: every step by an ordinary command, what a story does not care about filled in. */
export class CaseWork {
  readonly town: SmallTown
  readonly #folder = mkdtempSync(join(tmpdir(), 'qingliu-cases-'))
  #files = 0

  private constructor(town: SmallTown) {
    this.town = town
  }

  static async found(connection: Connection, today = '2024-12-20'): Promise<CaseWork> {
    const town = await SmallTown.found(connection, today)
    for (const [code, name, roles, certificateNo] of people) {
      const person = { code, name, organisationCode: 'bureau', roles, ...(certificateNo && { certificateNo }) }
      await done(addStaff(town.services, by('admin'), person))
    }
    return new CaseWork(town)
  }

  on(today: string): void {
    this.town.on(today)
  }

  /** The text of an issued paper by its number, without blanks and page numbers. */
  async printed(number: string): Promise<string> {
    const { db } = this.town.services
    const [found] = await issuedDocuments(db, { number })
    const pieces: Uint8Array[] = []
    for await (const piece of readStoredFile(db, found?.fileDigest ?? '')) pieces.push(piece)
    const lines = textOfPdf(Buffer.concat(pieces)).flatMap(linesOfPage)
    return lines.join('').replaceAll(/\s/g, '').replaceAll(/—\d—/g, '')
  }

  leave(): void {
    this.town.leave()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** A party (`P` and the number) with one account and meter of that number. */
  async enrol(
    accountNo: string,
    more: { kind?: 'institution' | 'shop' | 'resident'; initialReading?: string; openedOn?: string } = {},
  ) {
    const { services } = this.town
    const code = `P${accountNo}`
    const party = {
      code,
      name: `示例单位${accountNo}`,
      kind: more.kind ?? 'institution',
      address: '赣县区示例路1号',
    } as const
    await done(registerDischarger(services, by('clerk'), { ...party, productIsMainlyWater: false }))
    const openedOn = civilDate(more.openedOn ?? '2025-01-01')
    const terms = { supply: 'public', payerGroup: 'urban_resident', category: 'non-resident', openedOn } as const
    await done(
      openAccount(services, by('clerk'), { collectorCode: 'water', accountNo, dischargerCode: code, ...terms }),
    )
    const meter = {
      meterNo: `M${accountNo}`,
      purpose: 'supply',
      digits: 6,
      multiplier: '1',
      runsBackwards: false,
    } as const
    const initialReading = more.initialReading ?? '0'
    await done(installMeter(services, by('clerk'), { accountNo, ...meter, initialReading, on: openedOn }))
  }

  /** A scanned paper. */
  async paper(): Promise<WholeFile> {
    this.#files += 1
    const path = join(this.#folder, `paper-${this.#files}.txt`)
    writeFileSync(path, `扫描件 ${this.#files}`)
    const file = await readWholeFile(path)
    if (isRefusal(file)) throw new Error(file.sentence('en'))
    return file
  }

  async pay(accountNo: string, amount: string, paidOn: string, reference: string): Promise<void> {
    const payment = { collectorCode: 'water', reference, accountNo, amount, paidOn: civilDate(paidOn) }
    await done(recordPayment(this.town.services, by('clerk'), payment))
  }

  draft(discharger: string, bills?: readonly string[], person = 'clerk') {
    return draftOrder(this.town.services, by(person), { discharger, bills })
  }

  /** Drafts and issues an order; answers its number. */
  async order(discharger: string, bills?: readonly string[]): Promise<string> {
    const { proposalId } = await done(this.draft(discharger, bills))
    return (await done(issueOrder(this.town.services, by('approver'), { proposalId }))).number
  }

  async report(order: string, more: { as?: string; second?: string; report?: boolean } = {}) {
    const report = more.report === false ? undefined : await this.paper()
    const input = { order, second: more.second ?? 'officer-b', report }
    return reportCase(this.town.services, by(more.as ?? 'officer-a'), input)
  }

  /** Reports and files a case; answers its number. */
  async file(order: string): Promise<string> {
    const { proposalId } = await done(this.report(order))
    return (await done(fileCase(this.town.services, by('approver'), { proposalId }))).number
  }

  /** The fields of a step with what a story leaves out filled in. */
  fields(step: StepName, more: Taken['fields'] = {}): Readonly<Record<string, string | undefined>> {
    return { ...filled[step], ...more }
  }

  /** Takes a step as a person would: recorded, or proposed and approved by another. */
  async try(
    log: LogKind,
    number: string,
    step: StepName,
    more: Taken = {},
  ): Promise<CommandAnswer<TakenStep> | Refusal> {
    const { services } = this.town
    const [taker, second] = takers[step] ?? ['officer-a']
    const as = more.as ?? taker
    const fields = this.fields(step, more.fields)
    const evidence = more.evidence === false ? undefined : await this.paper()
    const approver = more.approver ?? second
    if (approver === undefined) {
      const on = more.on === undefined ? undefined : civilDate(more.on)
      return recordStep(services, by(as), { log, number, step, on, fields, evidence })
    }
    const proposed = await proposeStep(services, by(as), { log, number, step, fields, evidence })
    if (isRefusal(proposed)) return proposed
    return approveStep(services, by(approver), { proposalId: proposed.answer.proposalId })
  }

  async take(log: LogKind, number: string, step: StepName, more: Taken = {}): Promise<TakenStep> {
    return done(this.try(log, number, step, more))
  }
}
