import { maskedName } from '../platform/documents/check-code.ts'
import type { PaperCheck } from '../platform/documents/check-paper.ts'
import { findBill } from './bill.queries.ts'
import { billKindNames, numberOfBillId, parseBillNumber } from './bill.ts'

/** Answers for bills: by their numbers. */
export const checkBill: PaperCheck = async (db, paper) => {
  const number = parseBillNumber(paper)
  const bill = number === undefined ? undefined : await findBill(db, number)
  if (bill === undefined) return undefined
  const { cancelledBy, totalAmount } = bill
  const stands = cancelledBy === null
  return {
    what: billKindNames[bill.kind],
    number: bill.number,
    stands,
    state: stands
      ? { zh: '已签发，有效', en: 'issued, stands' }
      : { zh: `已由 ${numberOfBillId(cancelledBy)} 全额红冲`, en: `cancelled by ${numberOfBillId(cancelledBy)}` },
    issuedOn: bill.issuedOn,
    amount: totalAmount,
    dueOn: stands && bill.kind !== 'red' && totalAmount.gt(0) ? bill.dueOn : null,
    payer: maskedName(bill.dischargerName),
  }
}
