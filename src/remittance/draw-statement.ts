import { sql } from 'kysely'
import { listCollectors } from '../dischargers/discharger.queries.ts'
import type { CollectorContract } from '../dischargers/discharger.ts'
import { type CivilDate, holdsOn, yearOf } from '../kernel/calendar.ts'
import type { CollectorId, RemittanceId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import {
  addMoney,
  type Money,
  money,
  moneyText,
  negateMoney,
  parseMoney,
  subtractMoney,
  zeroMoney,
} from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { holdPayments } from '../payments/hold-payments.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import { collectorFor, lockRemittances } from './acting-for.ts'
import { possibleFees } from './fee.queries.ts'
import { netsTheFee } from './fee.rules.ts'
import { untaken } from './movements.queries.ts'
import { documentKinds, documentNumber } from './numbers.ts'
import { lastDayOf, type Period, parsePeriod } from './period.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { lastStatement, listStatements } from './statement.queries.ts'
import { refuseUntimely } from './statement.rules.ts'
import type { Statement, StatementAmounts } from './statement.ts'

export interface StatementToDraw {
  readonly collectorCode: string
  /** `2026-Q1`, or `2026-03` where the contract says months. */
  readonly period: string
  /** What the collector's own books say it has to remit, in yuan; without it, what the facts say. */
  readonly declared?: string | undefined
  /** Why that differs from the facts. */
  readonly differenceReason?: string | undefined
  /** Whether one of nothing is meant: it closes the period all the same. */
  readonly empty?: boolean | undefined
}

export type DrawnStatement = {
  readonly statement: string
  readonly collector: string
  readonly period: string
  readonly lines: number
  readonly collected: string
  readonly late: string
  readonly reversed: string
  readonly refunded: string
  readonly carried: string
  readonly total: string
  readonly declared: string
}

/**
 * Draws the statement of a period from the facts: every fen paid on or before its last day that no standing statement has
 * taken, late arrivals among them, less what was taken back, gross (151 art. 4; decision 7). From then on it is closed.
 * Refuses a period that is not over, one before the last statement, months without a contract that says so, a period of
 * nothing unless that is meant, a declared amount that differs without a reason, and one that is short by the collection fee.
 */
export async function drawStatement(
  services: Services,
  envelope: Envelope,
  input: StatementToDraw,
): Promise<CommandAnswer<DrawnStatement> | Refusal> {
  const kind = {
    name: 'remittance.draw-statement',
    zh: '编制划缴结算单',
  } as const
  const plain = {
    collector: input.collectorCode,
    period: input.period,
    declared: input.declared ?? null,
    differenceReason: input.differenceReason ?? null,
    ...(input.empty ? { empty: true } : {}),
  }
  return runCommand(services, envelope, kind, plain, (context) => draw(context, input))
}

async function draw(context: CommandContext, input: StatementToDraw): Promise<DrawnStatement | Refusal> {
  const { trx, today, actor, commandId, recordedAt } = context
  const collector = await collectorFor(context, input.collectorCode)
  if (isRefusal(collector)) return collector
  const period = parsePeriod(input.period)
  if (period === undefined) return refuseRemittance('period_malformed', { value: input.period })
  await lockRemittances(trx, collector.collectorId)
  await holdPayments(trx)
  const contract = await contractOn(trx, collector.collectorId, lastDayOf(period))
  const last = await lastStatement(trx, collector.collectorId)
  const untimely = refuseUntimely(period, contract, last, today)
  if (untimely !== undefined) return untimely

  const carried = await carriedOver(trx, collector.collectorId)
  const amounts = await amountsOf(trx, collector.collectorId, period, last, carried)
  if (amounts.lines + carried.length === 0 && !input.empty)
    return refuseRemittance('statement_of_nothing', { period: period.name, collector: collector.code })
  const fees = await possibleFees(trx, { collectorId: collector.collectorId, period }, amounts)
  const declared = declaredAmount(input, amounts, fees)
  if (isRefusal(declared)) return declared

  const year = yearOf(today)
  const number = await takeNumbers(trx, documentKinds.statement.sequence, year, 1)
  const { rows } = await sql<{ id: RemittanceId; payment_mark: string }>`
    insert into remittance_statements (number_year, number, collector_id, contract_id, period_kind, period_from, period_until,
      payment_mark, line_count, collected_amount, late_amount, reversed_amount, refunded_amount, carried_amount, total_amount,
      declared_amount, difference_reason, drawn_on, drawn_by, command_id, recorded_at)
    select ${year}, ${number}, ${collector.collectorId}::bigint, (select id from collector_contracts where contract_no = ${contract?.contractNo ?? null}),
      ${period.kind}, ${period.from}::date, ${period.until}::date, (select coalesce(max(id), 0) from payments),
      ${amounts.lines + carried.length}, ${moneyText(amounts.collected)}::numeric, ${moneyText(amounts.late)}::numeric,
      ${moneyText(amounts.reversed)}::numeric, ${moneyText(amounts.refunded)}::numeric, ${moneyText(amounts.carried)}::numeric,
      ${moneyText(amounts.total)}::numeric, ${moneyText(declared.amount)}::numeric, ${declared.reason}, ${today}::date,
      ${actor.id}::bigint, ${commandId}, ${recordedAt}::timestamptz
    returning id, payment_mark::text`.execute(trx)
  const statementId = present(rows[0], 'an inserted statement has an id').id
  await sql`
    insert into remittance_lines (statement_id, kind, source_id, payment_id, amount, event_on, recorded_on)
    select ${statementId}::bigint, m.kind, m.source_id, m.payment_id, m.amount, m.event_on, m.recorded_on
      from (${movementsToTake(collector.collectorId, period, last)}) m
    union all
    select ${statementId}::bigint, 'carried', c.id, null, c.amount, c.on_day, ${today}::date
      from unnest(${carried.map(({ statementId: from }) => from)}::bigint[],
        ${carried.map(({ amount }) => moneyText(amount))}::numeric[], ${carried.map(({ on }) => on)}::date[]) as c (id, amount, on_day)`.execute(
    trx,
  )
  return {
    statement: documentNumber('statement', year, number),
    collector: collector.code,
    period: period.name,
    lines: amounts.lines + carried.length,
    collected: moneyText(amounts.collected),
    late: moneyText(amounts.late),
    reversed: moneyText(amounts.reversed),
    refunded: moneyText(amounts.refunded),
    carried: moneyText(amounts.carried),
    total: moneyText(amounts.total),
    declared: moneyText(declared.amount),
  }
}

/** The contract in force on a day; `undefined` where there is none. */
export async function contractOn(
  db: Db | Trx,
  collectorId: CollectorId,
  day: CivilDate,
): Promise<CollectorContract | undefined> {
  const collectors = await listCollectors(db)
  const contracts = collectors.find((each) => each.collectorId === collectorId)?.contracts ?? []
  return contracts.find(({ validity }) => holdsOn(validity, day))
}

const movementsToTake = (collectorId: CollectorId, period: Period, last: Statement | undefined) => sql`
  select * from (${untaken(
    collectorId,
    last && { paymentMark: last.paymentMark, until: last.period.until },
  )}) free where free.event_on < ${period.until}::date`

async function amountsOf(
  trx: Trx,
  collectorId: CollectorId,
  period: Period,
  last: Statement | undefined,
  carried: readonly { readonly amount: Money }[],
): Promise<StatementAmounts & { readonly lines: number }> {
  const { rows } = await sql<{
    lines: number
    collected: string
    late: string
    reversed: string
    refunded: string
  }>`
    select count(*)::int as lines,
      coalesce(sum(amount) filter (where kind in ('payment', 'opening')), 0)::text as collected,
      coalesce(sum(amount) filter (where kind in ('payment', 'opening') and event_on < ${period.from}::date), 0)::text as late,
      coalesce(-sum(amount) filter (where kind = 'reversal'), 0)::text as reversed,
      coalesce(-sum(amount) filter (where kind = 'refund'), 0)::text as refunded
    from (${movementsToTake(collectorId, period, last)}) m`.execute(trx)
  const row = present(rows[0], 'a sum answers a row')
  const [collected, reversed, refunded] = [money(row.collected), money(row.reversed), money(row.refunded)]
  const broughtOver = addMoney(carried.map(({ amount }) => amount))
  return {
    lines: row.lines,
    collected,
    late: money(row.late),
    reversed,
    refunded,
    carried: broughtOver,
    total: addMoney([collected, negateMoney(reversed), negateMoney(refunded), broughtOver]),
  }
}

/** What standing statements have too much: a negative total, or more received than asked for. */
async function carriedOver(
  trx: Trx,
  collectorId: CollectorId,
): Promise<{ readonly statementId: RemittanceId; readonly amount: Money; readonly on: CivilDate }[]> {
  const statements = await listStatements(trx, { collectorId, standing: true, limit: 10_000 })
  return statements
    .filter(({ balance }) => balance.lt(zeroMoney))
    .map(({ statementId, balance, period }) => ({ statementId, amount: balance, on: lastDayOf(period) }))
}

function declaredAmount(
  input: StatementToDraw,
  amounts: StatementAmounts,
  fees: readonly Money[],
): { readonly amount: Money; readonly reason: string | null } | Refusal {
  if (input.declared === undefined) return { amount: amounts.total, reason: null }
  const amount = parseMoney(input.declared)
  if (amount === undefined) return refuseRemittance('remittance_amount_malformed', { value: input.declared })
  const fee = netsTheFee(amount, amounts.total, fees)
  if (fee !== undefined) {
    return refuseRemittance('remittance_nets_fee', {
      amount: moneyText(amount),
      gross: moneyText(amounts.total),
      fee: moneyText(fee),
    })
  }
  const reason = input.differenceReason?.trim() ?? ''
  if (!amount.eq(amounts.total) && reason === '') {
    return refuseRemittance('declared_differs', {
      declared: moneyText(amount),
      total: moneyText(amounts.total),
      difference: moneyText(subtractMoney(amount, amounts.total)),
    })
  }
  return { amount, reason: amount.eq(amounts.total) ? null : reason }
}
