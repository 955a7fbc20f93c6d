import { billDocument } from './bills/bill.document.ts'
import type { DocumentKind } from './platform/documents/document.ts'
import { reconciliationDocument, settlementDocument, statementDocument } from './remittance/remittance.document.ts'

/** Every kind of document that a stage makes, in the order of the stages. */
export const documentKinds: readonly DocumentKind[] = [
  billDocument,
  statementDocument,
  reconciliationDocument,
  settlementDocument,
]
