import { firstDay } from '../kernel/calendar.ts'
import { addMoney, moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  findActor,
  runCommand,
  type Services,
  sqlState,
} from '../platform/command.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { returnProposal } from '../platform/return-proposal.ts'
import { type Evidence, storeEvidence } from '../platform/scanned-paper.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import { insertCase, lockOrder } from './enforcement.store.ts'
import { enforcementTables } from './enforcement.tables.ts'
import type { OrderBill } from './enforcement.ts'
import { orderStandingNames } from './enforcement.ts'
import { refuseSharedCertificate } from './gate.ts'
import {
  certificatesOf,
  findLog,
  groundOn,
  matterOf,
  type OrderFile,
  orderFiles,
  paperNumber,
} from './matter.queries.ts'
import { filingObstacle, orderState, unpaidOfBill } from './order.rules.ts'
import { changesInWords } from './step-words.ts'

export const caseProposalKind = 'enforcement.case'

export interface CaseReport {
  /** Number of the order. */
  readonly order: string
  /** Code of the second officer; the first is who reports. */
  readonly second: string
  /** The report signed by both. */
  readonly report?: Evidence | undefined
}

/** What an approver sees of a reported case. */
export interface ReportedCase {
  readonly order: string
  readonly dischargerName: string
  readonly base: string
  readonly bills: readonly { readonly number: string; readonly feeMonth: string; readonly base: string }[]
  readonly reporter: Officer
  readonly second: Officer
  readonly report: { readonly name: string; readonly digest: string }
}
interface Officer {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly certificateNo: string
}

/**
 * An officer reports a case on an order that lapsed unpaid, with a second officer and the report signed by both (APL 42,
 * 54). Refuses an order that did not lapse or is paid, an estimate nobody reviewed, the end of limitation (36), an open
 * case, a period whose 90 days a former case has used up (60) or whose term was kept after all, officers without office or certificate, and a report without its file.
 */
export async function reportCase(
  services: Services,
  envelope: Envelope,
  input: CaseReport,
): Promise<CommandAnswer<{ proposalId: string; digest: string; base: string }> | Refusal> {
  const kind = { name: 'enforcement.report-case', zh: '提出立案报告' } as const
  const plain = { order: input.order, second: input.second, report: input.report?.digest ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const file = await lapsedOrder(context, input.order)
    if (isRefusal(file)) return file
    const { report } = input
    if (report === undefined)
      return refuseEnforcement('step_needs_evidence', { stepZh: '立案报告', stepEn: 'Report to file a case' })
    const reporter = await officerFor(context, context.actor.code)
    if (isRefusal(reporter)) return reporter
    const second = await officerFor(context, input.second)
    if (isRefusal(second)) return second
    if (reporter.id === second.id) return refuseEnforcement('officers_equal')
    const shared = refuseSharedCertificate(await certificatesOf(context.trx), reporter.id, second.id)
    if (shared !== undefined) return shared
    const [waiting] = await listProposals(context.trx, {
      kind: caseProposalKind,
      subject: input.order,
      undecided: true,
    })
    if (waiting !== undefined) return refuseEnforcement('case_pending', { order: input.order, proposal: waiting.id })
    const bills = lapsedBills(file, context)
    await storeEvidence(context, report)
    const base = moneyText(addMoney(bills.map((bill) => bill.base)))
    const content: ReportedCase = {
      order: input.order,
      dischargerName: file.order.dischargerName,
      base,
      bills: bills.map((bill) => ({ number: bill.number, feeMonth: bill.feeMonth, base: moneyText(bill.base) })),
      reporter,
      second,
      report: { name: report.name, digest: report.digest },
    }
    const plainContent = JSON.parse(JSON.stringify(content)) as never
    return {
      ...(await propose(context, { kind: caseProposalKind, subject: input.order, content: plainContent })),
      base,
    }
  })
}

/**
 * A third person files the case (立案); the 90 days run from today (APL 60). Everything is looked up again. Refuses what
 * `reportCase` refuses, an officer of the case, and a period that is in another case: nothing is punished twice (29).
 */
export async function fileCase(
  services: Services,
  envelope: Envelope,
  decision: { readonly proposalId: string; readonly digestSeen?: string | undefined },
): Promise<CommandAnswer<{ proposalId: string; number: string; order: string; base: string }> | Refusal> {
  const kind = { name: 'enforcement.file-case', zh: '批准立案' } as const
  const plain = { proposalId: decision.proposalId, digestSeen: decision.digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const proposal = await openProposal(context, { kind: caseProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    const reported = proposal.content as unknown as ReportedCase
    if (context.actor.id === reported.second.id) return refuseEnforcement('officer_approves')
    const certificates = await certificatesOf(context.trx)
    for (const officer of [reported.reporter, reported.second]) {
      const shared = refuseSharedCertificate(certificates, officer.id, context.actor.id)
      if (shared !== undefined) return shared
    }
    const file = await lapsedOrder(context, reported.order)
    if (isRefusal(file)) return file
    const bills = lapsedBills(file, context)
    const base = moneyText(addMoney(bills.map((bill) => bill.base)))
    if (base !== reported.base)
      return refuseEnforcement('step_facts_changed', {
        number: reported.order,
        ...changesInWords({ baseAmount: reported.base }, { baseAmount: base }),
      })
    await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
    try {
      const { number } = await insertCase(context, {
        orderId: file.order.orderId,
        baseAmount: base,
        reporter: reported.reporter,
        second: reported.second,
        reportDigest: reported.report.digest,
        proposalId: proposal.id,
        dischargerId: file.order.dischargerId,
        bills,
      })
      return { proposalId: proposal.id, number, order: reported.order, base }
    } catch (error) {
      // Another order over the same period was filed a moment ago, after the look above.
      if (sqlState(error) !== '23505') throw error
      const [bill] = bills
      return refuseEnforcement('period_has_case', {
        account: bill?.accountNo ?? '',
        month: bill?.feeMonth ?? '',
        number: '—',
      })
    }
  })
}

/** Returns a reported case to its officer with a reason. */
export function returnCase(
  services: Services,
  envelope: Envelope,
  returned: { readonly proposalId: string; readonly reason: string; readonly digestSeen?: string | undefined },
): ReturnType<typeof returnProposal> {
  const command = {
    name: 'enforcement.return-case',
    zh: '退回立案报告',
    proposalKind: caseProposalKind,
  } as const
  return returnProposal(services, envelope, command, returned)
}

/** The file of an order, locked, if a case may be filed on it today. */
async function lapsedOrder(context: CommandContext, number: string): Promise<OrderFile | Refusal> {
  const { trx, today } = context
  const key = await findLog(trx, 'order', number)
  if (key === undefined) return refuseEnforcement('order_unknown', { number })
  await lockOrder(trx, key.orderId)
  const [file] = await orderFiles(trx, { orderIds: [key.orderId] })
  if (file === undefined) return refuseEnforcement('order_unknown', { number })
  const { liveCase } = matterOf(await groundOn(trx, today), file, null)
  const obstacle = filingObstacle(file.order, file.steps, liveCase, file.formerCases, today)
  switch (obstacle?.code) {
    case undefined:
      return (await refuseJudgedPeriod(context, file)) ?? file
    case 'not_lapsed': {
      const { zh, en } = orderStandingNames[obstacle.standing]
      return refuseEnforcement('order_not_lapsed', { order: number, standingZh: zh, standingEn: en })
    }
    case 'estimated':
      return refuseEnforcement('estimate_unreviewed', { bill: obstacle.bill })
    case 'too_late':
      return refuseEnforcement('filing_too_late', { order: number, by: obstacle.fileBy })
    case 'case_open':
      return refuseEnforcement('case_open', { order: number, number: obstacle.number })
    case 'paid_in_time':
      return refuseEnforcement('period_paid_in_time', { order: number, number: obstacle.number })
    case 'decision_days_over':
      return refuseEnforcement('refiled_too_late', { order: number, by: obstacle.by, from: obstacle.from })
  }
}

/** The bills of which something lapsed, with that amount. */
function lapsedBills(
  file: OrderFile,
  { today }: CommandContext,
): (OrderBill & { readonly base: OrderBill['named'] })[] {
  const { termEndsOn } = orderState(file.order, file.steps, today)
  return file.order.bills.flatMap((bill) => {
    const base = termEndsOn === undefined ? bill.named : unpaidOfBill(bill, termEndsOn)
    return base.isZero() ? [] : [{ ...bill, base }]
  })
}

async function officerFor(context: CommandContext, code: string): Promise<Officer | Refusal> {
  const actor = await findActor(context.trx, code, context.today)
  const row = await context.trx.selectFrom('staff').select('certificate_no').where('code', '=', code).executeTakeFirst()
  const certificateNo = row?.certificate_no?.trim() ?? ''
  if (actor === undefined || !actor.roles.includes('brigade_officer') || certificateNo === '')
    return refuseEnforcement('officer_unfit', { code })
  return { id: actor.id, code, name: actor.name, certificateNo }
}

/** Refuses an order with a period that is in a case, or was judged in one (APL 29). */
async function refuseJudgedPeriod(context: CommandContext, file: OrderFile): Promise<Refusal | undefined> {
  for (const bill of lapsedBills(file, context)) {
    const row = await enforcementTables(context.trx)
      .selectFrom('fined_periods as p')
      .innerJoin('fine_cases as c', 'c.id', 'p.case_id')
      .select(['c.number_year', 'c.number'])
      .where('p.account_id', '=', bill.accountId)
      .where('p.fee_month', '=', firstDay(bill.feeMonth))
      .where('p.discharger_id', '=', file.order.dischargerId)
      .executeTakeFirst()
    if (row === undefined) continue
    const number = paperNumber(row.number_year, row.number)
    return refuseEnforcement('period_has_case', { account: bill.accountNo, month: bill.feeMonth, number })
  }
  return undefined
}
