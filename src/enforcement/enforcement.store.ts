import { sql } from 'kysely'
import { firstDay, yearOf } from '../kernel/calendar.ts'
import type { BillId, DischargerId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { moneyText } from '../kernel/money.ts'
import type { CommandContext } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import { enforcementTables } from './enforcement.tables.ts'
import type { OrderBill } from './enforcement.ts'
import { type LogKey, paperNumber } from './matter.queries.ts'
import { numberedSteps, type Step, type StepName } from './steps.ts'

/** Everything on one order waits here: its steps, its cases and theirs come one after the other. */
export async function lockOrder(trx: Trx, orderId: string): Promise<void> {
  await sql`select from orders_to_pay where id = ${orderId}::bigint for update`.execute(trx)
}

/** Payments of fines under one number are recorded one after the other, in whatever cases. */
export async function lockReference(trx: Trx, reference: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('fine_paid'), hashtext(${reference}))`.execute(trx)
}

/** Orders to one discharger are made one after the other. */
export async function lockDischarger(trx: Trx, dischargerId: DischargerId): Promise<void> {
  await sql`select from dischargers where id = ${dischargerId}::bigint for update`.execute(trx)
}

export interface NewStep {
  readonly name: StepName
  readonly on: Step['on']
  readonly particulars: object
  readonly evidenceDigest: string | null
  readonly by: string
  readonly approved: { readonly by: string; readonly proposalId: string } | null
}

/** Appends a step to its log and answers it with its row; one that issues a paper takes the next number of its kind. */
export async function appendStep(
  context: CommandContext,
  { orderId, caseId }: LogKey,
  seq: number,
  step: NewStep,
): Promise<{ readonly id: string; readonly step: Step }> {
  const { trx, today } = context
  const sequence = step.name in numberedSteps ? numberedSteps[step.name as keyof typeof numberedSteps] : undefined
  const year = sequence === undefined ? null : yearOf(today)
  const number = sequence === undefined || year === null ? null : await takeNumbers(trx, sequence, year, 1)
  const { id } = await enforcementTables(trx)
    .insertInto('enforcement_steps')
    .values({
      order_id: orderId,
      case_id: caseId,
      seq,
      step: step.name,
      acted_on: step.on,
      recorded_on: today,
      particulars: JSON.stringify(step.particulars),
      evidence_digest: step.evidenceDigest,
      actor_id: step.by,
      approved_by: step.approved?.by ?? null,
      proposal_id: step.approved?.proposalId ?? null,
      number_year: year,
      number,
      command_id: context.commandId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const printed = year === null || number === null ? null : paperNumber(year, number)
  const particulars = printed === null ? step.particulars : { ...step.particulars, number: printed }
  const { name, on, by, evidenceDigest } = step
  const taken = { seq, name, on, particulars, by, approvedBy: step.approved?.by ?? null, evidenceDigest }
  return { id, step: taken as unknown as Step }
}

/** Puts an order with its bills on record, and its bills under it. */
export async function insertOrder(
  context: CommandContext,
  order: {
    readonly dischargerId: DischargerId
    readonly termDays: number
    readonly termCitation: string
    readonly amount: string
    readonly makerId: string
    readonly proposalId: string
    readonly bills: readonly { readonly billId: BillId; readonly amount: string }[]
  },
): Promise<{ readonly orderId: string; readonly number: string }> {
  const { trx, today } = context
  const year = yearOf(today)
  const number = await takeNumbers(trx, 'order_to_pay', year, 1)
  const { id } = await enforcementTables(trx)
    .insertInto('orders_to_pay')
    .values({
      number_year: year,
      number,
      discharger_id: order.dischargerId,
      issued_on: today,
      term_days: order.termDays,
      term_citation: order.termCitation,
      amount: order.amount,
      maker_id: order.makerId,
      approver_id: context.actor.id,
      proposal_id: order.proposalId,
      command_id: context.commandId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await enforcementTables(trx)
    .insertInto('order_bills')
    .values(order.bills.map(({ billId, amount }) => ({ order_id: id, bill_id: billId, amount })))
    .execute()
  await enforcementTables(trx)
    .insertInto('live_orders')
    .values(order.bills.map(({ billId }) => ({ bill_id: billId, order_id: id })))
    .execute()
  return { orderId: id, number: paperNumber(year, number) }
}

/** Bills that are no longer under an order: it was withdrawn or annulled, or nothing of it lapsed. */
export async function releaseBills(
  trx: Trx,
  of: { readonly orderId: string } | { readonly billIds: readonly BillId[] },
): Promise<void> {
  const which = 'orderId' in of ? sql`order_id = ${of.orderId}::bigint` : sql`bill_id = any(${of.billIds}::bigint[])`
  await sql`delete from live_orders where ${which}`.execute(trx)
}

/** Puts a case on record with what lapsed of each bill, and its periods under it. */
export async function insertCase(
  context: CommandContext,
  filed: {
    readonly orderId: string
    readonly baseAmount: string
    readonly reporter: { readonly id: string; readonly certificateNo: string }
    readonly second: { readonly id: string; readonly certificateNo: string }
    readonly reportDigest: string
    readonly proposalId: string
    readonly dischargerId: DischargerId
    readonly bills: readonly (Pick<OrderBill, 'billId' | 'accountId' | 'feeMonth'> & {
      readonly base: OrderBill['named']
    })[]
  },
): Promise<{ readonly caseId: string; readonly number: string }> {
  const { trx, today } = context
  const year = yearOf(today)
  const number = await takeNumbers(trx, 'fine_case', year, 1)
  const { id } = await enforcementTables(trx)
    .insertInto('fine_cases')
    .values({
      number_year: year,
      number,
      order_id: filed.orderId,
      filed_on: today,
      base_amount: filed.baseAmount,
      reporter_id: filed.reporter.id,
      reporter_certificate: filed.reporter.certificateNo,
      second_id: filed.second.id,
      second_certificate: filed.second.certificateNo,
      filed_by: context.actor.id,
      report_digest: filed.reportDigest,
      proposal_id: filed.proposalId,
      command_id: context.commandId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await enforcementTables(trx)
    .insertInto('fine_case_bills')
    .values(
      filed.bills.map(({ billId, accountId, feeMonth, base }) => ({
        case_id: id,
        bill_id: billId,
        account_id: accountId,
        fee_month: firstDay(feeMonth),
        discharger_id: filed.dischargerId,
        base_amount: moneyText(base),
      })),
    )
    .execute()
  await sql`
    insert into fined_periods (account_id, fee_month, discharger_id, case_id)
    select distinct account_id, fee_month, discharger_id, case_id from fine_case_bills where case_id = ${id}::bigint`.execute(
    trx,
  )
  return { caseId: id, number: paperNumber(year, number) }
}

/** A case that was revoked or annulled gives its periods back. */
export async function releasePeriods(trx: Trx, caseId: string): Promise<void> {
  await sql`delete from fined_periods where case_id = ${caseId}::bigint`.execute(trx)
}

/** The decision in numbers and persons; the table refuses what the law forbids once more. */
export async function insertFine(
  context: CommandContext,
  fine: {
    readonly caseId: string
    readonly stepId: string
    readonly baseAmount: string
    readonly multiplier: string
    readonly fineAmount: string
    readonly additionAnnounced: boolean
    readonly reporterId: string
    readonly secondId: string
    readonly makerId: string
    readonly reviewerId: string | undefined
  },
): Promise<void> {
  await enforcementTables(context.trx)
    .insertInto('fines')
    .values({
      case_id: fine.caseId,
      step_id: fine.stepId,
      decided_on: context.today,
      base_amount: fine.baseAmount,
      multiplier: fine.multiplier,
      fine_amount: fine.fineAmount,
      addition_announced: fine.additionAnnounced,
      reporter_id: fine.reporterId,
      second_id: fine.secondId,
      maker_id: fine.makerId,
      reviewer_id: present(fine.reviewerId, 'a decision follows a legal review'),
      head_id: context.actor.id,
    })
    .execute()
}
