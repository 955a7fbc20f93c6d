import { billDocument } from './bills/bill.document.ts'
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

/** Every kind of document that a stage makes, in the order of the stages. */
export const documentKinds: readonly DocumentKind[] = [
  referralDocument,
  billDocument,
  orderDocument,
  noticeDocument,
  decisionDocument,
  demandDocument,
  courtDocument,
  receiptDocument,
]
