import { sql } from 'kysely'
import { moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { collectorFor } from './acting-for.ts'
import { refuseReturn, refuseState, statementForCommand } from './decide-statement.ts'
import { refuseRemittance } from './remittance.refusals.ts'

export type WithdrawnStatement = {
  readonly statement: string
  readonly period: string
  readonly total: string
}

/**
 * Who drew a statement by mistake takes it back while nobody has reviewed it: its lines are free again, its number stays
 * used. Refuses anybody else, a statement that was reviewed, one for which money was confirmed or on which a later one
 * builds, and no reason.
 */
export async function withdrawStatement(
  services: Services,
  envelope: Envelope,
  input: { readonly statement: string; readonly reason: string },
): Promise<CommandAnswer<WithdrawnStatement> | Refusal> {
  const kind = { name: 'remittance.withdraw-statement', zh: '撤回划缴结算单' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, actor, today, commandId } = context
    const statement = await statementForCommand(context, input.statement)
    if (isRefusal(statement)) return statement
    const collector = await collectorFor(context, statement.collectorCode)
    if (isRefusal(collector)) return collector
    if (statement.drawnBy !== actor.id)
      return refuseRemittance('statement_of_another', { statement: statement.number, person: statement.drawnByName })
    if (statement.state !== 'drawn') return refuseState(statement)
    const bound = await refuseReturn(context, statement, input.reason)
    if (bound !== undefined) return bound
    await sql`
      insert into remittance_outcomes (statement_id, outcome, drawn_by, decided_by, decided_on, reason, command_id)
      values (${statement.statementId}::bigint, 'returned', ${statement.drawnBy}::bigint, ${actor.id}::bigint, ${today}::date,
        ${input.reason.trim()}, ${commandId})`.execute(trx)
    return { statement: statement.number, period: statement.period.name, total: moneyText(statement.total) }
  })
}
