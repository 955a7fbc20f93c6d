import { sql } from 'kysely'
import { type Money, moneyText, parseMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import type { RefundGuard } from './later-stages.ts'
import { refusePayment } from './payment.refusals.ts'
import { deriveAnew, postMovements, type StoredPayment } from './payment.store.ts'
import type { PaymentChannel } from './payment.ts'
import { paymentForCommand } from './payment-for-command.ts'

export const refundProposalKind = 'payments.refund'

export interface ProposedRefund {
  readonly paymentId: string
  /** Yuan as text; no more than is unused of the payment. */
  readonly amount: string
  /** Who pays it back: the collector out of what it holds, or the treasury (退付). */
  readonly refundedBy: PaymentChannel
  readonly evidence: string
}

/**
 * A clerk proposes to pay back what a payment has unused. Refuses more than that, a second one while one waits, and what
 * the guards of later stages refuse the one who would pay.
 */
export async function proposeRefund(
  services: Services,
  envelope: Envelope,
  input: ProposedRefund,
  guards: readonly RefundGuard[] = [],
): Promise<CommandAnswer<{ proposalId: string; digest: string }> | Refusal> {
  const kind = { name: 'payments.propose-refund', zh: '提出退款' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    if (input.evidence.trim() === '') return refusePayment('payment_needs_reason')
    const checked = await check(context, input, guards)
    if (isRefusal(checked)) return checked
    const [waiting] = await listProposals(context.trx, {
      kind: refundProposalKind,
      subject: input.paymentId,
      undecided: true,
    })
    if (waiting !== undefined)
      return refusePayment('refund_pending', { payment: input.paymentId, proposal: waiting.id })
    const content = { ...input, amount: moneyText(checked.amount), evidence: input.evidence.trim() }
    return propose(context, { kind: refundProposalKind, subject: input.paymentId, content })
  })
}

/** The second person's decision; what is refunded must still be unused then. */
export async function decideRefund(
  services: Services,
  envelope: Envelope,
  decision: {
    readonly proposalId: string
    readonly outcome: 'approved' | 'returned'
    readonly reason: string
    readonly digestSeen?: string | undefined
  },
  guards: readonly RefundGuard[] = [],
): Promise<CommandAnswer<{ proposalId: string; outcome: string; amount: string }> | Refusal> {
  const kind = { name: 'payments.decide-refund', zh: '审批退款' } as const
  const { proposalId, outcome, reason, digestSeen } = decision
  const plain = { proposalId, outcome, reason, digestSeen: digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const proposal = await openProposal(context, { kind: refundProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    if (outcome === 'returned') {
      await decideProposal(context, proposal, decision)
      return { proposalId, outcome, amount: moneyText(zeroMoney) }
    }
    const content = proposal.content as unknown as ProposedRefund
    const checked = await check(context, content, guards)
    if (isRefusal(checked)) return checked
    const { payment, amount } = checked
    await decideProposal(context, proposal, decision)
    await sql`
      insert into refunds (payment_id, amount, refunded_on, refunded_by, evidence, proposal_id, command_id)
      values (${payment.paymentId}::bigint, ${moneyText(amount)}::numeric, ${context.today}::date, ${content.refundedBy},
        ${content.evidence}, ${proposal.id}::bigint, ${context.commandId})`.execute(context.trx)
    await deriveAnew(context.trx, { paymentIds: [payment.paymentId] })
    await postMovements(context, `退款 缴款 ${payment.paymentId}`, 1, {
      refunded: { collector: zeroMoney, treasury: zeroMoney, [content.refundedBy]: amount },
    })
    return { proposalId, outcome, amount: moneyText(amount) }
  })
}

async function check(
  context: CommandContext,
  input: ProposedRefund,
  guards: readonly RefundGuard[],
): Promise<{ payment: StoredPayment; amount: Money } | Refusal> {
  const payment = await paymentForCommand(context, input.paymentId)
  if (isRefusal(payment)) return payment
  const amount = parseMoney(input.amount)
  if (amount === undefined || !amount.gt(zeroMoney))
    return refusePayment('payment_amount_malformed', { value: input.amount })
  if (payment.channel === 'treasury' && input.refundedBy === 'collector')
    return refusePayment('refund_of_collector_money', { payment: payment.paymentId })
  for (const guard of payment.channel === 'collector' ? guards : []) {
    const refused = await guard(context.trx, payment.paymentId, input.refundedBy)
    if (refused !== undefined) return refused
  }
  if (payment.remaining.lt(amount)) {
    return refusePayment('credit_too_small', {
      payment: payment.paymentId,
      remaining: moneyText(payment.remaining),
      amount: moneyText(amount),
    })
  }
  return { payment, amount }
}
