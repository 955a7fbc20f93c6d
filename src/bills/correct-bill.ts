import type { BillId } from '../kernel/ids.ts'
import { addMoney, moneyText } from '../kernel/money.ts'
import { inOneLine, isRefusal, type Refusal } from '../kernel/refusal.ts'
import { addVolumes, volumeText } from '../kernel/volume.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
  sha256,
} from '../platform/command.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { heldSentence } from '../volumes/held-reasons.ts'
import type { AfterIssue } from './after-issue.ts'
import { dueDate } from './approve-run.ts'
import {
  amountWithAdjustments,
  billedLines,
  findBill,
  linesOf,
  payersOfOtherBills,
  wasBilledAnew,
} from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { billTables } from './bill.tables.ts'
import {
  type Bill,
  billKindNames,
  type CorrectionReason,
  correctionReasons,
  numberOfBillId,
  parseBillNumber,
} from './bill.ts'
import { computeMonth } from './bill-draft.ts'
import { adjustmentsBetween, mirrorLine } from './correction.rules.ts'
import { type CorrectionDocument, issueCorrection, nextGeneration } from './issue-correction.ts'

export const correctionProposalKind = 'bills.correction'

/** Cancel by full negative; cancel and bill anew from the facts; or bill the difference (decision 11). */
export type CorrectionAction = 'cancel' | 'rebill' | 'adjust'

export interface CorrectionInput {
  readonly number: string
  readonly action: CorrectionAction
  readonly reason: string
  readonly evidence: string
  /** The bill that charges the same water and stands: a duplicate is cancelled because of it. */
  readonly duplicateOf?: string | undefined
}

/** Later stages may forbid a correction (a live order, a fine): their guards are handed in where the entries are composed. */
export type CorrectionGuard = (context: CommandContext, bill: Bill) => Promise<Refusal | undefined>

/** One line of what a correction would issue, for the preview and for the approver. */
export interface CorrectionPreview {
  readonly kind: string
  readonly dischargerId: string
  readonly volumeM3: string
  readonly amount: string
}
export interface ProposedCorrection {
  readonly billId: BillId
  readonly number: string
  readonly action: CorrectionAction
  readonly reason: CorrectionReason
  readonly evidence: string
  readonly duplicateOf?: string
  readonly documents: readonly CorrectionPreview[]
  readonly documentsDigest: string
}

/** A clerk proposes a correction; its amounts are computed from the facts, never typed. Another person decides it. */
export async function proposeCorrection(
  services: Services,
  envelope: Envelope,
  input: CorrectionInput,
  guards: readonly CorrectionGuard[],
): Promise<CommandAnswer<{ proposalId: string; digest: string; documents: { [key: string]: string }[] }> | Refusal> {
  const kind = { name: 'bills.propose-correction', zh: '提出账单更正' } as const
  const { duplicateOf, ...stated } = input
  const asked = duplicateOf === undefined ? stated : { ...stated, duplicateOf }
  return runCommand(services, envelope, kind, asked, async (context) => {
    const reason = correctionReasons.find((each) => each === input.reason)
    if (reason === undefined) return refuseBill('correction_reason_unknown', { reason: input.reason })
    if (input.evidence.trim() === '') return refuseBill('correction_needs_evidence')
    const bill = await correctableBill(context, input, guards)
    if (isRefusal(bill)) return bill
    const other = await billDuplicated(context, bill, input)
    if (isRefusal(other)) return other
    const [pending] = await listProposals(context.trx, {
      kind: correctionProposalKind,
      subject: bill.billId,
      undecided: true,
    })
    if (pending !== undefined) return refuseBill('correction_pending', { number: bill.number, proposal: pending.id })
    const documents = await documentsOf(context, bill, input.action)
    if (isRefusal(documents)) return documents
    const content: ProposedCorrection = {
      billId: bill.billId,
      number: bill.number,
      action: input.action,
      reason,
      evidence: input.evidence,
      ...(other === undefined ? {} : { duplicateOf: other }),
      documents: documents.map(previewOf),
      documentsDigest: digestOf(documents),
    }
    const proposed = await propose(context, {
      kind: correctionProposalKind,
      subject: bill.billId,
      content: JSON.parse(JSON.stringify(content)) as never,
    })
    return { ...proposed, documents: content.documents.map((document) => ({ ...document })) }
  })
}

/** The second person's decision; what is issued is computed again and must equal what was proposed. */
export async function decideCorrection(
  services: Services,
  envelope: Envelope,
  decision: {
    readonly proposalId: string
    readonly outcome: 'approved' | 'returned'
    readonly reason: string
    readonly digestSeen?: string | undefined
  },
  guards: readonly CorrectionGuard[],
  afterIssue: AfterIssue,
): Promise<CommandAnswer<{ proposalId: string; outcome: string; numbers: string[]; amount: string }> | Refusal> {
  const kind = { name: 'bills.decide-correction', zh: '审批账单更正' } as const
  const plain = {
    proposalId: decision.proposalId,
    outcome: decision.outcome,
    reason: decision.reason,
    digestSeen: decision.digestSeen ?? '',
  }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const proposal = await openProposal(context, { kind: correctionProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    if (decision.outcome === 'returned') {
      await decideProposal(context, proposal, decision)
      return { proposalId: proposal.id, outcome: 'returned', numbers: [], amount: '0.00' }
    }
    const content = proposal.content as unknown as ProposedCorrection
    const bill = await correctableBill(context, content, guards)
    if (isRefusal(bill)) return bill
    const other = await billDuplicated(context, bill, content)
    if (isRefusal(other)) return other
    const documents = await documentsOf(context, bill, content.action)
    if (isRefusal(documents)) return documents
    if (digestOf(documents) !== content.documentsDigest)
      return refuseBill('correction_facts_changed', { number: bill.number })
    await decideProposal(context, proposal, decision)
    const { issueId, numbers, amount } = await issueCorrection(context, documents, {
      reason: content.reason,
      evidence: other === undefined ? content.evidence : `${content.evidence}（与账单 ${other} 重复）`,
      proposalId: proposal.id,
    })
    await afterIssue(context, { issueId })
    return { proposalId: proposal.id, outcome: 'approved', numbers, amount: moneyText(amount) }
  })
}

/**
 * The bill if it may be corrected so. A cancelled one may still be billed anew, once: no fact of billed days can change
 * under a bill that stands (decision 19), so that a wrong category or payer is cancelled, registered and then rebilled.
 */
async function correctableBill(
  context: CommandContext,
  { number: text, action }: { readonly number: string; readonly action: CorrectionAction },
  guards: readonly CorrectionGuard[],
): Promise<Bill | Refusal> {
  const number = parseBillNumber(text)
  if (number === undefined) return refuseBill('bill_number_malformed', { value: text })
  const bill = await findBill(context.trx, number)
  if (bill === undefined) return refuseBill('bill_missing', { number: text })
  const bills = bill.kind === 'original' || bill.kind === 'rebill'
  const waitsForRebill =
    bill.cancelledBy !== null && action === 'rebill' && !(await wasBilledAnew(context.trx, bill.billId))
  if (!bills || (bill.cancelledBy !== null && !waitsForRebill)) {
    const { zh, en } = billKindNames[bill.kind]
    return refuseBill('bill_not_live', { number: bill.number, kind: zh, kindEn: en })
  }
  for (const guard of guards) {
    const blocked = await guard(context, bill)
    if (blocked !== undefined) return blocked
  }
  return bill
}

/**
 * The bill that a duplicate repeats. One cancelled as a duplicate is never billed anew, so that without another bill of
 * the month that stands its cancellation would waive what is due, which nobody may (decision 4). Both are locked: two
 * bills cannot each be cancelled because of the other.
 */
async function billDuplicated(
  context: CommandContext,
  bill: Bill,
  { action, reason, duplicateOf }: Pick<CorrectionInput, 'action' | 'reason' | 'duplicateOf'>,
): Promise<string | undefined | Refusal> {
  const text = duplicateOf?.trim() ?? ''
  if (action !== 'cancel' || reason !== 'duplicate')
    return text === '' ? undefined : refuseBill('duplicate_unasked', { other: text })
  if (text === '') return refuseBill('duplicate_needs_other', { number: bill.number })
  const number = parseBillNumber(text)
  if (number === undefined) return refuseBill('bill_number_malformed', { value: text })
  const named = await findBill(context.trx, number)
  if (named === undefined) return refuseBill('bill_missing', { number: text })
  const both = [bill.billId, named.billId]
  await billTables(context.trx)
    .selectFrom('bills')
    .select('id')
    .where('id', 'in', both)
    .orderBy('id')
    .forUpdate()
    .execute()
  const other = (await findBill(context.trx, number)) ?? named
  const stands = (other.kind === 'original' || other.kind === 'rebill') && other.cancelledBy === null
  if (!stands || other.billId === bill.billId || other.feeMonth !== bill.feeMonth)
    return refuseBill('duplicate_of_unfit', { number: bill.number, other: other.number, month: bill.feeMonth })
  return other.number
}

async function documentsOf(
  context: CommandContext,
  bill: Bill,
  action: CorrectionAction,
): Promise<readonly CorrectionDocument[] | Refusal> {
  const { trx } = context
  const stays = { accountId: bill.accountId, feeMonth: bill.feeMonth, generation: 0, correctsBillId: bill.billId }
  const reds = action === 'adjust' || bill.cancelledBy !== null ? [] : await redDocuments(context, bill)
  if (action === 'cancel') return reds

  const outcome = (await computeMonth(trx, [bill.accountId], bill.feeMonth)).byAccount.get(bill.accountId)
  if (outcome === undefined || outcome.outcome !== 'billed') {
    const held = outcome?.outcome === 'held' ? outcome.reasons : []
    return refuseBill('not_adjustable', {
      number: bill.number,
      reasons:
        inOneLine(
          held.map((reason) => heldSentence(reason, 'zh')),
          'zh',
        ) || '免征',
      reasonsEn:
        inOneLine(
          held.map((reason) => heldSentence(reason, 'en')),
          'en',
        ) || 'exempt',
    })
  }
  const dueOn = await dueDate(trx, bill.feeMonth, context.today)
  if (isRefusal(dueOn)) return dueOn
  const othersBilled = await payersOfOtherBills(trx, bill)

  if (action === 'rebill') {
    const generation = await nextGeneration(context, bill.accountId, bill.feeMonth)
    const anew = outcome.bills.filter((each) => !othersBilled.has(each.dischargerId))
    if (reds.length + anew.length === 0) return refuseBill('nothing_to_rebill', { number: bill.number })
    const amountBefore = await amountWithAdjustments(trx, bill.billId)
    return [
      ...reds,
      ...anew.map((each) => {
        // The same debt of the same payer stays due when it was: a later day would be a deferral (decision 4).
        const amount = addMoney(each.lines.map((line) => line.amount))
        const isSameDebt = each.dischargerId === bill.dischargerId && amount.equals(amountBefore)
        return {
          ...stays,
          kind: 'rebill' as const,
          generation,
          dischargerId: each.dischargerId,
          dueOn: isSameDebt ? bill.dueOn : dueOn,
          lines: each.lines,
        }
      }),
    ]
  }
  if (outcome.bills.some((each) => each.dischargerId !== bill.dischargerId && !othersBilled.has(each.dischargerId))) {
    return refuseBill('payer_differs', { number: bill.number })
  }
  const standing = (await billedLines(trx, [bill.accountId], bill.feeMonth)).get(bill.accountId) ?? []
  const adjustments = adjustmentsBetween(outcome.bills, standing).filter(
    (each) => each.dischargerId === bill.dischargerId,
  )
  if (adjustments.length === 0) return refuseBill('nothing_to_adjust', { number: bill.number })
  return adjustments.map((each) => ({
    ...stays,
    kind: each.kind,
    dischargerId: each.dischargerId,
    // A 退补 keeps the due date of the bill it lowers.
    dueOn: each.kind === 'downward' ? bill.dueOn : dueOn,
    lines: each.lines,
  }))
}

/** The full negative of a bill and of every adjustment that stands on it. */
async function redDocuments(context: CommandContext, bill: Bill): Promise<readonly CorrectionDocument[]> {
  const standing = (await billedLines(context.trx, [bill.accountId], bill.feeMonth)).get(bill.accountId) ?? []
  const adjusting = new Set(
    standing
      .filter(
        (each) =>
          each.live && each.dischargerId === bill.dischargerId && (each.kind === 'upward' || each.kind === 'downward'),
      )
      .map((each) => each.billId),
  )
  const billIds = [bill.billId, ...[...adjusting].map((id) => id as BillId)]
  const lines = await linesOf(context.trx, billIds)
  return billIds.map((billId) => ({
    kind: 'red' as const,
    accountId: bill.accountId,
    dischargerId: bill.dischargerId,
    feeMonth: bill.feeMonth,
    generation: 0,
    correctsBillId: billId,
    dueOn: bill.dueOn,
    lines: (lines.get(billId) ?? []).map((line) => mirrorLine(numberOfBillId(billId), line)),
  }))
}

function previewOf(document: CorrectionDocument): CorrectionPreview {
  return {
    kind: document.kind,
    dischargerId: document.dischargerId,
    volumeM3: volumeText(addVolumes(document.lines.map((line) => line.volumeM3))),
    amount: moneyText(addMoney(document.lines.map((line) => line.amount))),
  }
}

function digestOf(documents: readonly CorrectionDocument[]): string {
  // The due date is left out: it follows the day of issue, which may be later than that of the proposal.
  return sha256(
    JSON.stringify(
      documents.map(({ kind, dischargerId, correctsBillId, lines }) => [
        kind,
        dischargerId,
        correctsBillId,
        lines.map((line) => [
          line.categoryCode,
          line.scheduleId,
          line.used,
          volumeText(line.volumeM3),
          moneyText(line.amount),
        ]),
      ]),
    ),
  )
}
