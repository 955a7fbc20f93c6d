import { sql } from 'kysely'
import { moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { decideProposal, openProposal, propose } from '../platform/proposals.ts'
import { lockRemittances } from './acting-for.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { findStatement, lastStatement, statementProposalKind } from './statement.queries.ts'
import { type Statement, type StatementState, statementStateNames } from './statement.ts'

/** The statement by its number, under the lock of its collector, as it stands then. */
export async function statementForCommand(context: CommandContext, number: string): Promise<Statement | Refusal> {
  const found = await findStatement(context.trx, number)
  if (isRefusal(found)) return found
  await lockRemittances(context.trx, found.collectorId)
  return findStatement(context.trx, number)
}

export const refuseState = ({ number, state }: Statement): Refusal =>
  refuseRemittance('statement_state_wrong', {
    statement: number,
    stateZh: statementStateNames[state].zh,
    stateEn: statementStateNames[state].en,
  })

/**
 * A clerk of the bureau has compared a drawn statement with the facts and proposes it for approval. Refuses who drew it,
 * and a statement in another state.
 */
export async function reviewStatement(
  services: Services,
  envelope: Envelope,
  input: { readonly statement: string },
): Promise<CommandAnswer<{ statement: string; proposalId: string; digest: string }> | Refusal> {
  const kind = { name: 'remittance.review-statement', zh: '复核划缴结算单' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const statement = await statementForCommand(context, input.statement)
    if (isRefusal(statement)) return statement
    if (statement.state !== 'drawn') return refuseState(statement)
    if (statement.drawnBy === context.actor.id)
      return refuseRemittance('statement_own_work', { statement: statement.number, person: statement.drawnByName })
    const proposed = await propose(context, {
      kind: statementProposalKind,
      subject: statement.statementId,
      content: contentOf(statement),
    })
    return { statement: statement.number, ...proposed }
  })
}

/** What the approver sees and its digest covers; the lines behind it are closed since they were drawn. */
function contentOf(statement: Statement) {
  return {
    statement: statement.number,
    collector: statement.collectorCode,
    collectorName: statement.collectorName,
    period: statement.period.name,
    drawnOn: statement.drawnOn,
    drawnBy: statement.drawnByName,
    lines: statement.lineCount,
    collected: moneyText(statement.collected),
    late: moneyText(statement.late),
    reversed: moneyText(statement.reversed),
    refunded: moneyText(statement.refunded),
    carried: moneyText(statement.carried),
    total: moneyText(statement.total),
    declared: moneyText(statement.declared),
    differenceReason: statement.differenceReason,
  }
}

export interface StatementDecision {
  readonly statement: string
  readonly outcome: 'approved' | 'returned'
  readonly reason: string
  readonly digestSeen?: string | undefined
}

/**
 * The third person signs a reviewed statement, which is for good, or returns it. One that was only drawn is returned by
 * whoever may and did not draw it. Refuses a return of what money was confirmed for, or of a statement that a later one builds on: what is wrong
 * there is put right in the next one.
 */
export async function decideStatement(
  services: Services,
  envelope: Envelope,
  decision: StatementDecision,
): Promise<CommandAnswer<{ statement: string; before: StatementState; outcome: string; total: string }> | Refusal> {
  const approves = decision.outcome === 'approved'
  const kind = {
    name: approves ? 'remittance.approve-statement' : 'remittance.return-statement',
    zh: approves ? '审批划缴结算单' : '退回划缴结算单',
  } as const
  const { digestSeen, reason, outcome } = decision
  const plain = { statement: decision.statement, outcome, reason, digestSeen: digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const statement = await statementForCommand(context, decision.statement)
    if (isRefusal(statement)) return statement
    const answer = { statement: statement.number, before: statement.state, outcome, total: moneyText(statement.total) }
    const { trx, actor, today, commandId } = context
    if (statement.drawnBy === actor.id)
      return refuseRemittance('statement_own_work', { statement: statement.number, person: statement.drawnByName })
    if (statement.state === 'approved' || statement.state === 'returned') return refuseState(statement)
    if (outcome === 'returned') {
      const bound = await refuseReturn(context, statement, reason)
      if (bound !== undefined) return bound
    } else if (statement.state !== 'reviewed') return refuseState(statement)
    const { proposalId } = statement
    let reviewer: string | null = null
    if (proposalId !== null) {
      const proposal = await openProposal(context, {
        kind: statementProposalKind,
        proposalId,
        outcome,
        reason,
        digestSeen,
      })
      if (isRefusal(proposal)) return proposal
      await decideProposal(context, proposal, decision)
      reviewer = proposal.makerId
    }
    await sql`
      insert into remittance_outcomes (statement_id, outcome, drawn_by, reviewed_by, decided_by, decided_on, reason, proposal_id, command_id)
      values (${statement.statementId}::bigint, ${outcome}, ${statement.drawnBy}::bigint, ${reviewer}::bigint, ${actor.id}::bigint,
        ${today}::date, ${reason.trim()}, ${proposalId}::bigint, ${commandId})`.execute(trx)
    return answer
  })
}

/** Why the lines of a statement cannot be freed, if so. */
export async function refuseReturn(
  { trx }: CommandContext,
  statement: Statement,
  reason: string,
): Promise<Refusal | undefined> {
  const { number } = statement
  if (reason.trim() === '') return refuseRemittance('remittance_needs_reason')
  if (!statement.received.isZero())
    return refuseRemittance('statement_has_receipts', { statement: number, received: moneyText(statement.received) })
  const last = await lastStatement(trx, statement.collectorId)
  if (last !== undefined && last.statementId !== statement.statementId)
    return refuseRemittance('statement_built_on', { statement: number, later: last.number })
  return undefined
}
