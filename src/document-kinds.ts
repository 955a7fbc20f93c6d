import { billDocument } from './bills/bill.document.ts'
import { hearingDocument } from './enforcement/hearing.document.ts'
import { orderDocument } from './enforcement/order.document.ts'
import {
  courtDocument,
  decisionDocument,
  demandDocument,
  noticeDocument,
  receiptDocument,
} from './enforcement/penalty.documents.ts'
import type { DocumentKind } from './platform/documents/document.ts'
import { referralDocument } from './quality/referral.document.ts'
import { reconciliationDocument, settlementDocument, statementDocument } from './remittance/remittance.document.ts'
import { claimDocument } from './settlement/claim.document.ts'

/** Every kind of document that a stage makes, in the order of the stages. */
export const documentKinds: readonly DocumentKind[] = [
  referralDocument,
  billDocument,
  orderDocument,
  noticeDocument,
  hearingDocument,
  decisionDocument,
  demandDocument,
  courtDocument,
  receiptDocument,
  statementDocument,
  reconciliationDocument,
  settlementDocument,
  claimDocument,
]
