import { z } from '@hono/zod-openapi'
import { amountText, date, decimalText, id } from '../platform/http/fields.ts'
import { whole } from '../platform/http/import-fields.ts'

// What the API says of the documents of this chain, field by field; `remittance.json.ts` fills it.

export const heldDayFields = z.object({
  on: date,
  opening: amountText,
  collected: amountText,
  reversed: amountText,
  refunded: amountText,
  remitted: amountText,
  closing: amountText,
})

export const statementFields = z.object({
  statement: z.string(),
  collector: z.string(),
  period: z.string(),
  from: date,
  until: date,
  state: z.enum(['drawn', 'reviewed', 'approved', 'returned']),
  lines: whole,
  collected: amountText,
  late: amountText,
  reversed: amountText,
  refunded: amountText,
  carried: amountText,
  total: amountText,
  totalInCapitals: z.string(),
  declared: amountText,
  differenceReason: z.string().nullable(),
  received: amountText,
  awaiting: amountText,
  carriedOn: amountText,
  balance: amountText,
  drawnOn: date,
  drawnBy: z.string(),
  reviewedBy: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedOn: date.nullable(),
  returnReason: z.string().nullable(),
  proposalId: z.string().nullable(),
  digest: z.string().nullable(),
})

export const voucherFields = z.object({
  voucherId: id(),
  statement: z.string(),
  collectorCode: z.string(),
  amount: amountText,
  paidOn: date,
  bankReference: z.string(),
  fileDigest: z.string(),
  fileName: z.string(),
  differenceReason: z.string().nullable(),
  submittedOn: date,
  submittedByName: z.string(),
  state: z.enum(['submitted', 'confirmed', 'rejected', 'reversed']),
  received: amountText.nullable(),
  receivedOn: date.nullable(),
  treasuryReference: z.string().nullable(),
  decidedByName: z.string().nullable(),
  reason: z.string(),
  reversedOn: date.nullable(),
  reversalReason: z.string().nullable(),
})

export const feeFields = z.object({
  claim: z.string(),
  statement: z.string(),
  collector: z.string(),
  amount: amountText,
  claimedBy: z.string(),
  approvedBy: z.string(),
  approvedOn: date,
  paidOn: date.nullable(),
  paidBy: z.string().nullable(),
  reference: z.string().nullable(),
  lines: z.array(
    z.object({
      contractNo: z.string(),
      document: z.string(),
      contractYear: whole,
      rate: decimalText,
      base: z.enum(['collected', 'remitted', 'confirmed']),
      baseAmount: amountText,
      cap: amountText.nullable(),
      feeAmount: amountText,
      claimedBefore: amountText,
      amount: amountText,
    }),
  ),
})
