import { type RawBuilder, sql } from 'kysely'
import { findBill } from '../bills/bill.queries.ts'
import { numberOfBillId, parseBillNumber } from '../bills/bill.ts'
import { correctionProposalKind } from '../bills/correct-bill.ts'
import { loadCalendars } from '../calendars/calendar.queries.ts'
import { plusWorkingDays } from '../calendars/calendar.rules.ts'
import { actsFor, type FiledPaper, isParty, keepFiling, papersFiledBy } from '../dischargers/filing.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { BillId, StaffId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind, type Page } from '../platform/page.ts'
import { findProposal } from '../platform/proposals.ts'
import type { Evidence } from '../platform/scanned-paper.ts'
import { readSettings } from '../platform/settings.ts'
import { refusePayment } from './payment.refusals.ts'

export interface ReceivedObjection {
  /** Number of the bill. */
  readonly bill: string
  readonly receivedOn?: CivilDate | undefined
  readonly from: string
  readonly grounds: string
  readonly evidence: string
  /** Papers that came with it. */
  readonly attachments?: readonly Evidence[] | undefined
}

/**
 * Receives an objection to a bill (异议); its term of working days begins on the day after. The due date stays. An
 * enterprise files its own, and it is received then and there. Refuses an unknown bill, to an enterprise any that is not
 * its own, a day before the issue or to come, and one without a person or grounds.
 */
export async function receiveObjection(
  services: Services,
  envelope: Envelope,
  input: ReceivedObjection,
): Promise<CommandAnswer<{ objectionId: string; bill: string; answerDueOn: string }> | Refusal> {
  const kind = { name: 'objections.receive', zh: '登记账单异议' } as const
  const { attachments = [], ...entered } = input
  const papers = attachments.map(({ name, digest }) => ({ name, digest }))
  const plain = { ...entered, receivedOn: input.receivedOn ?? null, ...(papers.length === 0 ? {} : { papers }) }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx, today, actor } = context
    const number = parseBillNumber(input.bill)
    const bill = number === undefined ? undefined : await findBill(trx, number)
    if (bill === undefined || !actsFor(actor, bill.dischargerId))
      return refusePayment('objection_bill_unknown', { number: input.bill })
    if (input.from.trim() === '' || input.grounds.trim() === '') return refusePayment('objection_incomplete')
    const receivedOn = input.receivedOn ?? today
    const earliest = isParty(actor) ? today : bill.issuedOn
    if (receivedOn < earliest || receivedOn > today)
      return refusePayment('objection_day_malformed', { day: receivedOn, earliest, today })
    const days = (await readSettings(trx))['objections.answer_days']
    const answerDueOn = plusWorkingDays(receivedOn, days, await loadCalendars(trx))
    if (isRefusal(answerDueOn)) return answerDueOn
    const { rows } = await sql<{ id: string }>`
      insert into objections (bill_id, received_on, received_from, grounds, evidence, answer_due_on, command_id)
      values (${bill.billId}::bigint, ${receivedOn}::date, ${input.from.trim()}, ${input.grounds.trim()}, ${input.evidence.trim()},
        ${answerDueOn}::date, ${context.commandId}) returning id`.execute(trx)
    if (isParty(actor) || attachments.length > 0) {
      const { dischargerId, number: subject } = bill
      await keepFiling(context, {
        dischargerId,
        kind: 'objection',
        subject,
        statement: input.grounds.trim(),
        attachments,
      })
    }
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
 * answer itself changes no amount. Refuses a second answer, whoever received it, and a correction that is not of this bill,
 * not approved, proposed before the objection was received, or carries out another.
 */
export async function answerObjection(
  services: Services,
  envelope: Envelope,
  input: AnsweredObjection,
): Promise<CommandAnswer<{ objectionId: string; outcome: string; inTime: boolean }> | Refusal> {
  const kind = { name: 'objections.answer', zh: '答复账单异议' } as const
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
    const receiver = await receiverOf(trx, objectionId)
    if (receiver.id === context.actor.id)
      return refusePayment('objection_own_work', { objection: objectionId, receiver: receiver.name })
    const refused = await refuseCorrection(trx, objection, input)
    if (refused !== undefined) return refused
    const proposalId = input.correctionProposalId
    await sql`
      insert into objection_answers (objection_id, outcome, answered_on, reason, correction_proposal_id, command_id)
      values (${objectionId}::bigint, ${outcome}, ${today}::date, ${input.reason.trim()}, ${proposalId ?? null}::bigint,
        ${context.commandId})`.execute(trx)
    return { objectionId, outcome, inTime: today <= objection.answerDueOn }
  })
}

async function receiverOf(trx: Trx, objectionId: string): Promise<{ id: StaffId; name: string }> {
  const { rows } = await sql<{ id: StaffId; name: string }>`
    select s.id, s.name from objections o join commands c on c.command_id = o.command_id join staff s on s.id = c.actor_id
    where o.id = ${objectionId}::bigint`.execute(trx)
  return present(rows[0], 'an objection was received by somebody')
}

/** Refuses a correction with a bill that is kept, and as one any that cannot have followed from the objection. */
async function refuseCorrection(
  trx: Trx,
  { objectionId, bill, billId, receivedOn }: Objection,
  { outcome, correctionProposalId }: AnsweredObjection,
): Promise<Refusal | undefined> {
  if (outcome === 'kept') {
    return correctionProposalId === undefined
      ? undefined
      : refusePayment('objection_kept_with_correction', { objection: objectionId, proposal: correctionProposalId })
  }
  const proposalId = correctionProposalId ?? ''
  const proposal = /^\d{1,18}$/.test(proposalId) ? await findProposal(trx, proposalId) : undefined
  const isCorrection =
    proposal?.kind === correctionProposalKind &&
    proposal.subject === billId &&
    proposal.decision?.outcome === 'approved'
  if (!isCorrection) return refusePayment('objection_correction_missing', { number: bill, proposal: proposalId || '—' })
  // Two answers with the same correction wait for one another here.
  await sql`select from proposals where id = ${proposalId}::bigint for update`.execute(trx)
  const { rows } = await sql<{ proposed_on: CivilDate; other: string | null }>`
    select c.acting_on as proposed_on,
      (select w.objection_id from objection_answers w where w.correction_proposal_id = p.id limit 1) as other
    from proposals p join commands c on c.command_id = p.command_id where p.id = ${proposalId}::bigint`.execute(trx)
  const { proposed_on: proposedOn, other } = present(rows[0], 'a proposal was made by a command')
  if (proposedOn < receivedOn)
    return refusePayment('objection_correction_before', { proposal: proposalId, proposedOn, receivedOn })
  return other === null ? undefined : refusePayment('objection_correction_used', { proposal: proposalId, other })
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
    | {
        readonly outcome: 'kept' | 'corrected'
        readonly answeredOn: CivilDate
        readonly reason: string
        /** The correction that carried it out. */
        readonly correctionProposalId: string | null
      }
    | undefined
}

/** An objection as JSON, on the command line and in the API. */
export const objectionJson = (each: Objection) => ({ ...each, answer: each.answer ?? null })

/** One objection by its number. */
export async function findObjection(db: Db | Trx, objectionId: string): Promise<Objection | undefined> {
  const [found] = await objectionsWhere(db, sql`o.id = ${objectionId}::bigint`, 1)
  return found
}

/** The papers that came with an objection. */
export async function papersOfObjection(db: Db | Trx, objectionId: string): Promise<FiledPaper[]> {
  const { rows } = await sql<{ command_id: string }>`
    select command_id from objections where id = ${objectionId}::bigint`.execute(db)
  return rows[0] === undefined ? [] : papersFiledBy(db, rows[0].command_id)
}

/** Objections newest first; `unanswered` gives what waits, the most urgent first. A page's key is the day of the term and the number. */
export async function listObjections(
  db: Db | Trx,
  filter: { readonly bill?: BillId | undefined; readonly unanswered?: boolean } & (
    | { readonly limit: number; readonly page?: undefined }
    | { readonly page: Page<readonly [string, string]> }
  ),
): Promise<Objection[]> {
  const after = filter.page?.after
  const conditions = [
    filter.unanswered
      ? behind(['o.answer_due_on', 'o.id'], after)
      : behind(['o.id'], after === undefined ? undefined : [after[1]], 'desc'),
    ...(filter.bill === undefined ? [] : [sql`o.bill_id = ${filter.bill}::bigint`]),
    ...(filter.unanswered ? [sql`w.objection_id is null`] : []),
  ]
  const limit = filter.page === undefined ? filter.limit : filter.page.limit
  const order = filter.unanswered ? sql`o.answer_due_on, o.id` : sql`o.id desc`
  return objectionsWhere(db, sql.join(conditions, sql` and `), limit, order)
}

async function objectionsWhere(
  db: Db | Trx,
  where: RawBuilder<unknown>,
  limit: number,
  order: RawBuilder<unknown> = sql`o.id desc`,
): Promise<Objection[]> {
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
    correction_proposal_id: string | null
  }>`
    select o.*, a.account_no, w.outcome, w.answered_on, w.reason, w.correction_proposal_id
    from objections o join bills b on b.id = o.bill_id join accounts a on a.id = b.account_id
      left join objection_answers w on w.objection_id = o.id
    where ${where} order by ${order} limit ${limit}`.execute(db)
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
        : {
            outcome: row.outcome,
            answeredOn: row.answered_on,
            reason: row.reason ?? '',
            correctionProposalId: row.correction_proposal_id,
          },
  }))
}
