import { sql } from 'kysely'
import { type CivilDate, yearOf } from '../kernel/calendar.ts'
import type { CollectorId, SettlementId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { holdPayments } from '../payments/hold-payments.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import type { Json } from '../platform/platform.tables.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { collectorFor, lockRemittances } from './acting-for.ts'
import {
  listSettlements,
  plainSettlementLine,
  settlementDeadline,
  settlementLines,
  settlementProposalKind,
  settlementState,
  settlementSubject,
  settlementTotals,
} from './annual-settlement.queries.ts'
import type { PlainSettlementLine } from './annual-settlement.ts'
import { refuseClosing } from './closing.refusals.ts'
import type { ProposalDecision } from './decision.ts'
import { documentKinds, documentNumber } from './numbers.ts'

/** What an approver sees of a year: the lines, their totals, and how far each step is. */
export interface SettlementContent {
  readonly collector: string
  readonly collectorName: string
  readonly collectorId: CollectorId
  readonly year: number
  readonly settledOn: string
  readonly deadline: string
  readonly due: string
  readonly remitted: string
  readonly direct: string
  readonly balance: string
  readonly steps: readonly { readonly step: string; readonly done: boolean; readonly detail: string }[]
  readonly lines: readonly PlainSettlementLine[]
}

export type ProposedSettlement = {
  readonly collector: string
  readonly year: number
  readonly due: string
  readonly remitted: string
  readonly direct: string
  readonly balance: string
  readonly late: boolean
  readonly proposalId: string
  readonly digest: string
}

/**
 * A clerk proposes the annual settlement (汇算清缴) of a year: by fee month, each at its version of the rates; due by
 * 31 March (151 art. 16). Refuses a year that is not over, is settled or waits for its decision, months billed and not
 * declared, write-offs that wait for their decision, and a gap without a price.
 */
export async function proposeSettlement(
  services: Services,
  envelope: Envelope,
  input: { readonly collectorCode: string; readonly year: number },
): Promise<CommandAnswer<ProposedSettlement> | Refusal> {
  const kind = { name: 'remittance.propose-settlement', zh: '编制汇算清缴' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, today } = context
    const { year } = input
    const collector = await collectorFor(context, input.collectorCode)
    if (isRefusal(collector)) return collector
    await lockRemittances(trx, collector.collectorId)
    await holdPayments(trx)
    if (yearOf(today) <= year) return refuseClosing('settlement_year_not_over', { year, today })
    const [before] = await listSettlements(trx, { collectorCode: collector.code, year, limit: 1 })
    if (before !== undefined) return refuseClosing('settlement_exists', { year, settlement: before.number })
    const subject = settlementSubject(collector.collectorId, year)
    const [waiting] = await listProposals(trx, { kind: settlementProposalKind, subject, undecided: true })
    if (waiting !== undefined) return refuseClosing('settlement_pending', { year, proposal: waiting.id })
    const steps = await settlementState(trx, collector, year, today)
    const open = steps.find(({ step, done }) => step === 'written_off' && !done)
    if (open !== undefined) return refuseClosing('settlement_write_offs_open', { year, proposals: open.detail })
    const lines = await settlementLines(trx, collector.collectorId, year)
    if (isRefusal(lines)) return lines
    const plain = lines.map(plainSettlementLine)
    const totals = settlementTotals(plain)
    const content: SettlementContent = {
      collector: collector.code,
      collectorName: collector.name,
      collectorId: collector.collectorId,
      year,
      settledOn: today,
      deadline: settlementDeadline(year),
      due: moneyText(totals.due),
      remitted: moneyText(totals.remitted),
      direct: moneyText(totals.direct),
      balance: moneyText(totals.balance),
      steps: steps.slice(0, 3).map(({ step, done, detail }) => ({ step, done, detail })),
      lines: plain,
    }
    const proposed = await propose(context, {
      kind: settlementProposalKind,
      subject,
      content: content as unknown as Json,
    })
    return {
      collector: collector.code,
      year,
      due: content.due,
      remitted: content.remitted,
      direct: content.direct,
      balance: content.balance,
      late: today > settlementDeadline(year),
      ...proposed,
    }
  })
}

/** The second person approves a year as it was proposed, or returns it; what comes later goes into the current period. */
export async function decideSettlement(
  services: Services,
  envelope: Envelope,
  decision: ProposalDecision,
): Promise<CommandAnswer<{ settlement: string | null; outcome: string; year: number; balance: string }> | Refusal> {
  const kind = { name: 'remittance.decide-settlement', zh: '审批汇算清缴' } as const
  const { proposalId, outcome, reason, digestSeen } = decision
  const plain = { proposalId, outcome, reason, digestSeen: digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx, today, commandId } = context
    const proposal = await openProposal(context, { kind: settlementProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    const content = proposal.content as unknown as SettlementContent
    const { year, balance } = content
    await decideProposal(context, proposal, decision)
    if (outcome === 'returned') return { settlement: null, outcome, year, balance }
    const numberYear = yearOf(today as CivilDate)
    const number = await takeNumbers(trx, documentKinds.settlement.sequence, numberYear, 1)
    const { rows } = await sql<{ id: SettlementId }>`
      insert into annual_settlements (number_year, number, collector_id, year, settled_on, due_amount, remitted_amount, direct_amount,
        balance_amount, proposal_id, approved_on, command_id)
      values (${numberYear}, ${number}, ${content.collectorId}::bigint, ${year}, ${content.settledOn}::date, ${content.due}::numeric,
        ${content.remitted}::numeric, ${content.direct}::numeric, ${balance}::numeric, ${proposal.id}::bigint, ${today}::date,
        ${commandId}) returning id`.execute(trx)
    const id = present(rows[0], 'an inserted settlement has an id').id
    const { lines } = content
    const of = (name: keyof PlainSettlementLine) => lines.map((line) => line[name])
    await sql`
      insert into annual_settlement_lines (settlement_id, fee_month, category_code, declared_m3, exempt_m3, discharge_m3,
        written_off_m3, chargeable_m3, billed_m3, gap_m3, unit_price, price_source, billed_amount, gap_amount, written_off_amount,
        due_amount, remitted_amount, direct_amount, balance_amount, outstanding_amount, held_amount)
      select ${id}::bigint, * from unnest(${lines.map(({ feeMonth }) => `${feeMonth}-01`)}::date[], ${of('category')}::text[],
        ${of('declaredM3')}::numeric[], ${of('exemptM3')}::numeric[], ${of('dischargeM3')}::numeric[], ${of('writtenOffM3')}::numeric[],
        ${of('chargeableM3')}::numeric[], ${of('billedM3')}::numeric[], ${of('gapM3')}::numeric[], ${of('unitPrice')}::numeric[],
        ${of('priceSource')}::text[], ${of('billed')}::numeric[], ${of('gapAmount')}::numeric[], ${of('writtenOff')}::numeric[],
        ${of('due')}::numeric[], ${of('remitted')}::numeric[], ${of('direct')}::numeric[], ${of('balance')}::numeric[],
        ${of('outstanding')}::numeric[], ${of('held')}::numeric[])`.execute(trx)
    return { settlement: documentNumber('settlement', numberYear, number), outcome, year, balance }
  })
}
