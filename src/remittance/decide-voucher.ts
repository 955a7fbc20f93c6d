import { sql } from 'kysely'
import { postEntry } from '../journal/post-entry.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import { type Money, moneyText, parseMoney, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { statementForCommand } from './decide-statement.ts'
import { remittancePostings } from './remittance.postings.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { listVouchers } from './statement.queries.ts'
import { type Statement, type Voucher, voucherStateNames } from './statement.ts'

export interface VoucherDecision {
  readonly voucherId: string
  readonly outcome: 'confirmed' | 'rejected'
  /** What arrived, in yuan; without it, what the voucher says. */
  readonly amount?: string | undefined
  /** The day the treasury received it. */
  readonly receivedOn?: CivilDate | undefined
  readonly treasuryReference?: string | undefined
  /** Of a rejection, or of an amount that differs. */
  readonly reason?: string | undefined
}

export type VoucherDecisionAnswer = {
  readonly voucherId: string
  readonly statement: string
  readonly outcome: string
  readonly received: string
  /** What the statement still asks for. */
  readonly balance: string
}

/**
 * A person of finance confirms that a transfer reached the treasury, or that it did not; the books move on confirmation
 * alone. Refuses who submitted the voucher, one that was decided, another amount without a reason, and a treasury
 * reference that was confirmed before.
 */
export async function decideVoucher(
  services: Services,
  envelope: Envelope,
  decision: VoucherDecision,
): Promise<CommandAnswer<VoucherDecisionAnswer> | Refusal> {
  const confirms = decision.outcome === 'confirmed'
  const kind = {
    name: confirms ? 'remittance.confirm-voucher' : 'remittance.reject-voucher',
    zh: confirms ? '确认入库' : '驳回划缴凭证',
  } as const
  const plain = {
    voucher: decision.voucherId,
    outcome: decision.outcome,
    amount: decision.amount ?? null,
    receivedOn: decision.receivedOn ?? null,
    treasuryReference: decision.treasuryReference ?? null,
    reason: decision.reason ?? null,
  }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const found = await voucherForCommand(context, decision.voucherId)
    if (isRefusal(found)) return found
    const { voucher, statement } = found
    if (voucher.submittedBy === context.actor.id)
      return refuseRemittance('voucher_own_work', { voucher: voucher.voucherId, person: voucher.submittedByName })
    if (voucher.state !== 'submitted') return refuseVoucherState(voucher)
    if (statement.state === 'returned')
      return refuseRemittance('statement_was_returned', { statement: statement.number })
    return confirms ? confirm(context, decision, voucher, statement) : reject(context, decision, voucher, statement)
  })
}

const refuseVoucherState = ({ voucherId, state }: Voucher): Refusal =>
  refuseRemittance('voucher_state_wrong', {
    voucher: voucherId,
    stateZh: voucherStateNames[state].zh,
    stateEn: voucherStateNames[state].en,
  })

/** A voucher and its statement as they stand under the lock of the collector. */
export async function voucherForCommand(
  context: CommandContext,
  voucherId: string,
): Promise<{ readonly voucher: Voucher; readonly statement: Statement } | Refusal> {
  const unknown = refuseRemittance('voucher_unknown', { voucher: voucherId })
  if (!/^\d{1,18}$/.test(voucherId)) return unknown
  const [found] = await listVouchers(context.trx, { voucherId, limit: 1 })
  if (found === undefined) return unknown
  const statement = await statementForCommand(context, found.statement)
  if (isRefusal(statement)) return statement
  const [voucher] = await listVouchers(context.trx, { voucherId, limit: 1 })
  return voucher === undefined ? unknown : { voucher, statement }
}

async function confirm(
  context: CommandContext,
  decision: VoucherDecision,
  voucher: Voucher,
  statement: Statement,
): Promise<VoucherDecisionAnswer | Refusal> {
  const { trx, actor, today, commandId } = context
  const amount = decision.amount === undefined ? voucher.amount : parseMoney(decision.amount)
  if (amount === undefined || !amount.gt(zeroMoney))
    return refuseRemittance('remittance_amount_malformed', { value: decision.amount ?? '' })
  const receivedOn = decision.receivedOn ?? today
  if (receivedOn > today || receivedOn < voucher.paidOn)
    return refuseRemittance('received_day_malformed', { receivedOn, paidOn: voucher.paidOn, today })
  const treasuryReference = decision.treasuryReference?.trim() ?? ''
  if (treasuryReference === '') return refuseRemittance('treasury_reference_missing')
  const reason = decision.reason?.trim() ?? ''
  if (!amount.eq(voucher.amount) && reason === '') {
    return refuseRemittance('receipt_differs', {
      voucher: voucher.voucherId,
      amount: moneyText(voucher.amount),
      received: moneyText(amount),
    })
  }
  const revision = await nextRevision(context, treasuryReference)
  if (isRefusal(revision)) return revision
  await sql`
    insert into remittance_voucher_outcomes (voucher_id, outcome, submitted_by, decided_by, decided_on, amount, received_on,
      treasury_reference, revision, reason, command_id)
    values (${voucher.voucherId}::bigint, 'confirmed', ${voucher.submittedBy}::bigint, ${actor.id}::bigint, ${today}::date,
      ${moneyText(amount)}::numeric, ${receivedOn}::date, ${treasuryReference}, ${revision}, ${reason}, ${commandId})`.execute(
    trx,
  )
  await postEntry(context, {
    entryOn: today,
    memo: `划缴入库 ${statement.number} ${treasuryReference}`,
    documentCount: 1,
    lines: remittancePostings.confirmed(amount),
  })
  return answerOf(voucher, statement, 'confirmed', amount)
}

async function reject(
  { trx, actor, today, commandId }: CommandContext,
  decision: VoucherDecision,
  voucher: Voucher,
  statement: Statement,
): Promise<VoucherDecisionAnswer | Refusal> {
  const reason = decision.reason?.trim() ?? ''
  if (reason === '') return refuseRemittance('remittance_needs_reason')
  await sql`
    insert into remittance_voucher_outcomes (voucher_id, outcome, submitted_by, decided_by, decided_on, reason, command_id)
    values (${voucher.voucherId}::bigint, 'rejected', ${voucher.submittedBy}::bigint, ${actor.id}::bigint, ${today}::date,
      ${reason}, ${commandId})`.execute(trx)
  return answerOf(voucher, statement, 'rejected', zeroMoney)
}

const answerOf = (voucher: Voucher, statement: Statement, outcome: string, received: Money): VoucherDecisionAnswer => ({
  voucherId: voucher.voucherId,
  statement: statement.number,
  outcome,
  received: moneyText(received),
  balance: moneyText(subtractMoney(statement.balance, received)),
})

/** A reference is one receipt; entered anew only after it was taken back. */
async function nextRevision({ trx }: CommandContext, treasuryReference: string): Promise<number | Refusal> {
  const { rows } = await sql<{ voucher_id: string; amount: string; taken_back: boolean }>`
    select r.voucher_id, r.amount, exists (select from remittance_receipt_reversals b where b.voucher_id = r.voucher_id) as taken_back
    from remittance_voucher_outcomes r where r.treasury_reference = ${treasuryReference}`.execute(trx)
  const live = rows.find(({ taken_back }) => !taken_back)
  if (live === undefined) return rows.length
  return refuseRemittance('treasury_reference_taken', {
    reference: treasuryReference,
    voucher: live.voucher_id,
    amount: live.amount,
  })
}

/**
 * Another person of finance takes a confirmed receipt back: it was entered wrongly, or the bank returned the money (退汇).
 * The statement asks for it again, with what a later one took over of it. Refuses who confirmed it, and no reason.
 */
export async function reverseReceipt(
  services: Services,
  envelope: Envelope,
  input: { readonly voucherId: string; readonly reason: string },
): Promise<CommandAnswer<{ voucherId: string; statement: string; takenBack: string; balance: string }> | Refusal> {
  const kind = { name: 'remittance.reverse-receipt', zh: '冲回入库' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, actor, today, commandId } = context
    const found = await voucherForCommand(context, input.voucherId)
    if (isRefusal(found)) return found
    const { voucher, statement } = found
    if (input.reason.trim() === '') return refuseRemittance('remittance_needs_reason')
    if (voucher.state !== 'confirmed' || voucher.received === null) return refuseVoucherState(voucher)
    if (voucher.decidedBy === actor.id)
      return refuseRemittance('receipt_own_work', { voucher: voucher.voucherId, person: voucher.decidedByName ?? '' })
    await sql`
      insert into remittance_receipt_reversals (voucher_id, confirmed_by, reversed_by, reversed_on, reason, command_id)
      values (${voucher.voucherId}::bigint, ${voucher.decidedBy}::bigint, ${actor.id}::bigint, ${today}::date,
        ${input.reason.trim()}, ${commandId})`.execute(trx)
    await postEntry(context, {
      entryOn: today,
      memo: `冲回入库 ${statement.number} 凭证 ${voucher.voucherId}`,
      documentCount: 1,
      lines: remittancePostings.takenBack(voucher.received),
    })
    return {
      voucherId: voucher.voucherId,
      statement: statement.number,
      takenBack: moneyText(voucher.received),
      balance: moneyText(subtractMoney(statement.balance, subtractMoney(zeroMoney, voucher.received))),
    }
  })
}
