import { sql } from 'kysely'
import { postEntry } from '../journal/post-entry.ts'
import { type CivilDate, yearOf } from '../kernel/calendar.ts'
import type { CollectorId, FeeClaimId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, money, moneyText, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import type { Json } from '../platform/platform.tables.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { collectorFor, lockRemittances } from './acting-for.ts'
import { statementForCommand } from './decide-statement.ts'
import { claimableFee, findFeeClaim, hasFeeContract } from './fee.queries.ts'
import type { FeeLine } from './fee.rules.ts'
import { documentKinds, documentNumber } from './numbers.ts'
import { lastDayOf } from './period.ts'
import { remittancePostings } from './remittance.postings.ts'
import { refuseRemittance } from './remittance.refusals.ts'

export const feeProposalKind = 'remittance.collection-fee'

/** What a claim says when it is proposed; amounts and rates as text. */
export interface FeeContent {
  readonly statement: string
  readonly statementId: string
  readonly collectorId: CollectorId
  readonly collector: string
  readonly collectorName: string
  readonly amount: string
  readonly lines: readonly {
    readonly contractId: string
    readonly contract: string
    readonly document: string
    readonly contractYear: number
    readonly base: string
    readonly baseAmount: string
    readonly rate: string
    readonly cap: string | null
    readonly fee: string
    readonly claimedBefore: string
    readonly amount: string
  }[]
}

/**
 * The collector claims its fee with a signed statement: of each contract year the fee of the whole base so far, less what
 * was claimed before, so that reversals reduce it (decision 7). It is a claim on finance of its own, never a deduction.
 * Refuses without a contract that states a fee, before the statement is signed, while another claim waits, and a claim of
 * nothing.
 */
export async function claimFee(
  services: Services,
  envelope: Envelope,
  input: { readonly statement: string },
): Promise<CommandAnswer<{ statement: string; amount: string; proposalId: string; digest: string }> | Refusal> {
  const kind = {
    name: 'remittance.claim-fee',
    zh: '申请代征手续费',
  } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx } = context
    const statement = await statementForCommand(context, input.statement)
    if (isRefusal(statement)) return statement
    const collector = await collectorFor(context, statement.collectorCode)
    if (isRefusal(collector)) return collector
    if (statement.state !== 'approved') return refuseRemittance('fee_before_signing', { statement: statement.number })
    if (!(await hasFeeContract(trx, collector.collectorId, statement.period))) {
      return refuseRemittance('fee_without_contract', {
        collector: collector.name,
        code: collector.code,
        day: lastDayOf(statement.period),
      })
    }
    const waiting = await pendingClaim(context, collector.collectorId)
    if (waiting !== undefined) return refuseRemittance('fee_claim_pending', { proposal: waiting })
    const lines = await claimableFee(trx, collector.collectorId)
    const amount = addMoney(lines.map((line) => line.amount))
    if (!amount.gt(zeroMoney))
      return refuseRemittance('fee_nothing_to_claim', { statement: statement.number, amount: moneyText(amount) })
    const content: FeeContent = {
      statement: statement.number,
      statementId: statement.statementId,
      collectorId: collector.collectorId,
      collector: collector.code,
      collectorName: collector.name,
      amount: moneyText(amount),
      lines: lines.map(plainLine),
    }
    const proposed = await propose(context, {
      kind: feeProposalKind,
      subject: collector.collectorId,
      content: content as unknown as Json,
    })
    return { statement: statement.number, amount: moneyText(amount), ...proposed }
  })
}

async function pendingClaim({ trx }: CommandContext, collectorId: string): Promise<string | undefined> {
  const [waiting] = await listProposals(trx, { kind: feeProposalKind, subject: collectorId, undecided: true })
  return waiting?.id
}

const plainLine = (line: FeeLine): FeeContent['lines'][number] => ({
  contractId: line.contractId,
  contract: line.contractNo,
  document: line.document,
  contractYear: line.contractYear,
  base: line.base,
  baseAmount: moneyText(line.baseAmount),
  rate: line.rate,
  cap: line.cap === null ? null : moneyText(line.cap),
  fee: moneyText(line.feeAmount),
  claimedBefore: moneyText(line.claimedBefore),
  amount: moneyText(line.amount),
})

/** The bureau approves or returns a claim; approved, it is owed by finance and stands in the books. */
export async function decideFee(
  services: Services,
  envelope: Envelope,
  decision: {
    readonly proposalId: string
    readonly outcome: 'approved' | 'returned'
    readonly reason: string
    readonly digestSeen?: string | undefined
  },
): Promise<CommandAnswer<{ claim: string | null; outcome: string; amount: string }> | Refusal> {
  const kind = { name: 'remittance.decide-fee', zh: '审批代征手续费' } as const
  const { proposalId, outcome, reason, digestSeen } = decision
  const plain = { proposalId, outcome, reason, digestSeen: digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx, actor, today, commandId } = context
    const proposal = await openProposal(context, { kind: feeProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    const content = proposal.content as unknown as FeeContent
    await lockRemittances(trx, content.collectorId)
    await decideProposal(context, proposal, decision)
    if (outcome === 'returned') return { claim: null, outcome, amount: content.amount }
    const year = yearOf(today)
    const number = await takeNumbers(trx, documentKinds.fee.sequence, year, 1)
    const { rows } = await sql<{ id: FeeClaimId }>`
      insert into collection_fee_claims (number_year, number, statement_id, amount, claimed_by, approved_by, approved_on, proposal_id,
        command_id)
      values (${year}, ${number}, ${content.statementId}::bigint, ${content.amount}::numeric, ${proposal.makerId}::bigint,
        ${actor.id}::bigint, ${today}::date, ${proposal.id}::bigint, ${commandId}) returning id`.execute(trx)
    const claimId = present(rows[0], 'an inserted claim has an id').id
    const of = (textOf: (line: FeeContent['lines'][number]) => string | null) => content.lines.map(textOf)
    await sql`
      insert into collection_fee_lines (claim_id, contract_id, contract_year, base_amount, fee_rate, cap_amount, fee_amount,
        claimed_before_amount, amount)
      select ${claimId}::bigint, * from unnest(${of((line) => line.contractId)}::bigint[],
        ${of(({ contractYear }) => String(contractYear))}::smallint[], ${of((line) => line.baseAmount)}::numeric[],
        ${of((line) => line.rate)}::numeric[], ${of((line) => line.cap)}::numeric[], ${of((line) => line.fee)}::numeric[],
        ${of((line) => line.claimedBefore)}::numeric[], ${of((line) => line.amount)}::numeric[])`.execute(trx)
    const claim = documentNumber('fee', year, number)
    await postEntry(context, {
      entryOn: today,
      memo: `代征手续费 ${claim} ${content.collectorName}`,
      documentCount: 1,
      lines: remittancePostings.feeApproved(money(content.amount)),
    })
    return { claim, outcome, amount: content.amount }
  })
}

/**
 * Finance pays an approved claim, whole, out of its budget (151 art. 17). Refuses who claimed or approved it, a claim
 * that was paid, a voucher that paid another, a day to come or before its approval.
 */
export async function payFee(
  services: Services,
  envelope: Envelope,
  input: { readonly claim: string; readonly paidOn?: CivilDate | undefined; readonly reference: string },
): Promise<CommandAnswer<{ claim: string; amount: string; paidOn: string }> | Refusal> {
  const kind = { name: 'remittance.pay-fee', zh: '支付代征手续费' } as const
  const plain = { claim: input.claim, paidOn: input.paidOn ?? null, reference: input.reference }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx, actor, today, commandId } = context
    const found = await findFeeClaim(trx, input.claim)
    if (isRefusal(found)) return found
    await sql`select from collection_fee_claims where id = ${found.claimId}::bigint for update`.execute(trx)
    const claim = await findFeeClaim(trx, input.claim)
    if (isRefusal(claim)) return claim
    if (claim.paidOn !== null)
      return refuseRemittance('fee_paid_before', {
        claim: claim.number,
        paidOn: claim.paidOn,
        person: claim.paidByName ?? '',
      })
    if (claim.claimedBy === actor.id || claim.approvedBy === actor.id)
      return refuseRemittance('fee_own_work', { claim: claim.number, person: actor.name })
    const paidOn = input.paidOn ?? today
    if (paidOn > today || paidOn < claim.approvedOn)
      return refuseRemittance('fee_day_malformed', { paidOn, approvedOn: claim.approvedOn, today })
    const reference = input.reference.trim()
    if (reference === '') return refuseRemittance('fee_reference_missing')
    const taken = await claimPaidBy(context, reference)
    if (taken !== undefined) return refuseRemittance('fee_voucher_taken', { reference, claim: taken })
    await sql`
      insert into collection_fee_payments (claim_id, claimed_by, approved_by, paid_by, paid_on, reference, command_id)
      values (${claim.claimId}::bigint, ${claim.claimedBy}::bigint, ${claim.approvedBy}::bigint, ${actor.id}::bigint,
        ${paidOn}::date, ${reference}, ${commandId})`.execute(trx)
    await postEntry(context, {
      entryOn: today,
      memo: `支付代征手续费 ${claim.number}`,
      documentCount: 1,
      lines: remittancePostings.feePaid(claim.amount),
    })
    return { claim: claim.number, amount: moneyText(claim.amount), paidOn }
  })
}

/** The claim that a voucher of finance has paid; the index of references refuses what two commands do at once. */
async function claimPaidBy({ trx }: CommandContext, reference: string): Promise<string | undefined> {
  const { rows } = await sql<{ number_year: number; number: number }>`
    select f.number_year, f.number from collection_fee_payments p join collection_fee_claims f on f.id = p.claim_id
    where p.reference = ${reference}`.execute(trx)
  const [row] = rows
  return row && documentNumber('fee', row.number_year, row.number)
}
