import { type RawBuilder, sql } from 'kysely'
import { findBill } from '../bills/bill.queries.ts'
import { numberOfBillId, parseBillNumber } from '../bills/bill.ts'
import { correctionProposalKind } from '../bills/correct-bill.ts'
import { loadCalendars } from '../calendars/calendar.queries.ts'
import { plusWorkingDays } from '../calendars/calendar.rules.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind, type Page } from '../platform/page.ts'
import { findProposal } from '../platform/proposals.ts'
import { readSettings } from '../platform/settings.ts'
import { refusePayment } from './payment.refusals.ts'

export interface ReceivedObjection {
  /** Number of the bill. */
  readonly bill: string
  readonly receivedOn?: CivilDate | undefined
  readonly from: string
  readonly grounds: string
  readonly evidence: string
}

/**
 * Receives an objection to a bill (异议); its term of working days begins on the day after. The due date stays. Refuses
 * an unknown bill, a day before its issue or to come, and one without a person or grounds.
 */
export async function receiveObjection(
  services: Services,
  envelope: Envelope,
  input: ReceivedObjection,
): Promise<CommandAnswer<{ objectionId: string; bill: string; answerDueOn: string }> | Refusal> {
  const kind = { name: 'objections.receive', zh: '登记账单异议', roles: ['bureau_clerk'] } as const
  const plain = { ...input, receivedOn: input.receivedOn ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx, today } = context
    const number = parseBillNumber(input.bill)
    const bill = number === undefined ? undefined : await findBill(trx, number)
    if (bill === undefined) return refusePayment('objection_bill_unknown', { number: input.bill })
    if (input.from.trim() === '' || input.grounds.trim() === '') return refusePayment('objection_incomplete')
    const receivedOn = input.receivedOn ?? today
    if (receivedOn < bill.issuedOn || receivedOn > today)
      return refusePayment('objection_day_malformed', { day: receivedOn, earliest: bill.issuedOn, today })
    const days = (await readSettings(trx))['objections.answer_days']
    const answerDueOn = plusWorkingDays(receivedOn, days, await loadCalendars(trx))
    if (isRefusal(answerDueOn)) return answerDueOn
    const { rows } = await sql<{ id: string }>`
      insert into objections (bill_id, received_on, received_from, grounds, evidence, answer_due_on, command_id)
      values (${bill.billId}::bigint, ${receivedOn}::date, ${input.from.trim()}, ${input.grounds.trim()}, ${input.evidence.trim()},
        ${answerDueOn}::date, ${context.commandId}) returning id`.execute(trx)
    return { objectionId: rows[0]?.id ?? '', bill: bill.number, answerDueOn }
  })
}

export interface AnsweredObjection {
  readonly objectionId: string
  readonly outcome: 'kept' | 'corrected'
  readonly reason: string
  /** The approved correction of the bill that carries the outcome out. */
  readonly correctionProposalId?: string | undefined
}

/**
 * Answers an objection: the bill is kept, or was corrected by an approved cancellation or adjustment (decision 11); an
 * answer itself changes no amount. Refuses a second answer and a correction that is not of this bill or not approved.
 */
export async function answerObjection(
  services: Services,
  envelope: Envelope,
  input: AnsweredObjection,
): Promise<CommandAnswer<{ objectionId: string; outcome: string; inTime: boolean }> | Refusal> {
  const kind = { name: 'objections.answer', zh: '答复账单异议', roles: ['bureau_approver'] } as const
  const plain = { ...input, correctionProposalId: input.correctionProposalId ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx, today } = context
    const { objectionId, outcome } = input
    const [objection] = /^\d{1,18}$/.test(objectionId)
      ? await objectionsWhere(trx, sql`o.id = ${objectionId}::bigint`, 1)
      : []
    if (objection === undefined) return refusePayment('objection_unknown', { objection: objectionId })
    // Whoever answers second waits here, and sees the answer of the first.
    await sql`select from objections where id = ${objectionId}::bigint for update`.execute(trx)
    const [now] = await objectionsWhere(trx, sql`o.id = ${objectionId}::bigint`, 1)
    if (now?.answer !== undefined)
      return refusePayment('objection_answered', { objection: objectionId, answeredOn: now.answer.answeredOn })
    if (input.reason.trim() === '') return refusePayment('objection_incomplete')
    const proposalId = outcome === 'corrected' ? (input.correctionProposalId ?? '') : undefined
    if (proposalId !== undefined) {
      const proposal = /^\d{1,18}$/.test(proposalId) ? await findProposal(trx, proposalId) : undefined
      const carriesOut =
        proposal?.kind === correctionProposalKind &&
        proposal.subject === objection.billId &&
        proposal.decision?.outcome === 'approved'
      if (!carriesOut)
        return refusePayment('objection_correction_missing', { number: objection.bill, proposal: proposalId || '—' })
    }
    await sql`
      insert into objection_answers (objection_id, outcome, answered_on, reason, correction_proposal_id, command_id)
      values (${objectionId}::bigint, ${outcome}, ${today}::date, ${input.reason.trim()}, ${proposalId ?? null}::bigint,
        ${context.commandId})`.execute(trx)
    return { objectionId, outcome, inTime: today <= objection.answerDueOn }
  })
}

/** An objection with its answer, if any. */
export interface Objection {
  readonly objectionId: string
  readonly billId: BillId
  readonly bill: string
  readonly accountNo: string
  readonly receivedOn: CivilDate
  readonly from: string
  readonly grounds: string
  readonly evidence: string
  readonly answerDueOn: CivilDate
  readonly answer:
    | { readonly outcome: 'kept' | 'corrected'; readonly answeredOn: CivilDate; readonly reason: string }
    | undefined
}

/** One objection by its number. */
export async function findObjection(db: Db | Trx, objectionId: string): Promise<Objection | undefined> {
  const [found] = await objectionsWhere(db, sql`o.id = ${objectionId}::bigint`, 1)
  return found
}

/** Objections newest first; `unanswered` gives what waits, the most urgent first. By pages the newest are always first. */
export async function listObjections(
  db: Db | Trx,
  filter: { readonly bill?: BillId | undefined; readonly unanswered?: boolean } & (
    | { readonly limit: number; readonly page?: undefined }
    | { readonly page: Page<readonly [string]> }
  ),
): Promise<Objection[]> {
  const conditions = [
    behind(['o.id'], filter.page?.after, 'desc'),
    ...(filter.bill === undefined ? [] : [sql`o.bill_id = ${filter.bill}::bigint`]),
    ...(filter.unanswered ? [sql`w.objection_id is null`] : []),
  ]
  const limit = filter.page === undefined ? filter.limit : filter.page.limit
  const found = await objectionsWhere(db, sql.join(conditions, sql` and `), limit)
  return filter.unanswered && filter.page === undefined
    ? found.toSorted((a, b) => (a.answerDueOn < b.answerDueOn ? -1 : 1))
    : found
}

async function objectionsWhere(db: Db | Trx, where: RawBuilder<unknown>, limit: number): Promise<Objection[]> {
  const { rows } = await sql<{
    id: string
    bill_id: BillId
    account_no: string
    received_on: CivilDate
    received_from: string
    grounds: string
    evidence: string
    answer_due_on: CivilDate
    outcome: 'kept' | 'corrected' | null
    answered_on: CivilDate | null
    reason: string | null
  }>`
    select o.*, a.account_no, w.outcome, w.answered_on, w.reason
    from objections o join bills b on b.id = o.bill_id join accounts a on a.id = b.account_id
      left join objection_answers w on w.objection_id = o.id
    where ${where} order by o.id desc limit ${limit}`.execute(db)
  return rows.map((row) => ({
    objectionId: row.id,
    billId: row.bill_id,
    bill: numberOfBillId(row.bill_id),
    accountNo: row.account_no,
    receivedOn: row.received_on,
    from: row.received_from,
    grounds: row.grounds,
    evidence: row.evidence,
    answerDueOn: row.answer_due_on,
    answer:
      row.outcome === null || row.answered_on === null
        ? undefined
        : { outcome: row.outcome, answeredOn: row.answered_on, reason: row.reason ?? '' },
  }))
}
