import { findBill, linesOf } from '../bills/bill.queries.ts'
import { parseBillNumber } from '../bills/bill.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { type Evidence, storeEvidence } from '../platform/scanned-paper.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import { enforcementTables } from './enforcement.tables.ts'
import { restsOnEstimate } from './matter.queries.ts'

/**
 * Puts on record that a person reviewed the estimate a bill rests on; without it the period is never fined (decision 5).
 * Refuses an unknown bill, one that rests on no estimate, a second review, and one without a finding or its evidence.
 */
export async function reviewEstimate(
  services: Services,
  envelope: Envelope,
  input: { readonly bill: string; readonly finding: string; readonly evidence?: Evidence | undefined },
): Promise<CommandAnswer<{ bill: string }> | Refusal> {
  const kind = {
    name: 'enforcement.review-estimate',
    zh: '复核估抄水量',
  } as const
  const plain = { bill: input.bill, finding: input.finding, evidence: input.evidence?.digest ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const { trx, today, commandId } = context
    const said = { stepZh: '估抄复核', stepEn: 'Review of an estimate' }
    const number = parseBillNumber(input.bill)
    const bill = number === undefined ? undefined : await findBill(trx, number)
    if (bill === undefined || !restsOnEstimate((await linesOf(trx, [bill.billId])).get(bill.billId) ?? []))
      return refuseEnforcement('estimate_review_not_needed', { bill: input.bill })
    if (input.finding.trim() === '')
      return refuseEnforcement('step_field_missing', {
        ...said,
        field: 'finding',
        fieldZh: '复核结果',
        fieldEn: 'finding',
      })
    if (input.evidence === undefined) return refuseEnforcement('step_needs_evidence', said)
    await storeEvidence(context, input.evidence)
    const stored = await enforcementTables(trx)
      .insertInto('estimate_reviews')
      .values({
        bill_id: bill.billId,
        reviewed_on: today,
        finding: input.finding.trim(),
        evidence_digest: input.evidence.digest,
        command_id: commandId,
      })
      .onConflict((conflict) => conflict.column('bill_id').doNothing())
      .returning('bill_id')
      .executeTakeFirst()
    return stored === undefined ? refuseEnforcement('estimate_reviewed', { bill: input.bill }) : { bill: bill.number }
  })
}
