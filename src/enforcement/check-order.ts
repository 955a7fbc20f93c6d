import { addMoney } from '../kernel/money.ts'
import { maskedName } from '../platform/documents/check-code.ts'
import type { PaperCheck } from '../platform/documents/check-paper.ts'
import { readSettings } from '../platform/settings.ts'
import { orderStandingNames } from './enforcement.ts'
import { findLog, orderFiles } from './matter.queries.ts'
import { orderDocument } from './order.document.ts'
import { orderState } from './order.rules.ts'
import { numberOnPaper, orderPaperName, orderWord } from './print-papers.ts'

/** Answers for orders to pay: by their names on the check page. */
export const checkOrder: PaperCheck = async (db, paper, today) => {
  const number = /^order-(.+)$/.exec(paper)?.[1]
  const key = number === undefined ? undefined : await findLog(db, 'order', number)
  if (key === undefined) return undefined
  const [file] = await orderFiles(db, { orderIds: [key.orderId] })
  if (file === undefined || orderPaperName(file.order.number) !== paper) return undefined
  const { order, steps } = file
  const { standing, termEndsOn } = orderState(order, steps, today)
  return {
    what: { zh: orderDocument.zh, en: orderDocument.en },
    number: numberOnPaper(await readSettings(db), orderWord, order.number),
    stands: standing !== 'withdrawn' && standing !== 'annulled',
    state: orderStandingNames[standing],
    issuedOn: order.issuedOn,
    amount: addMoney(order.bills.map(({ named }) => named)),
    dueOn: termEndsOn ?? null,
    payer: maskedName(order.dischargerName),
  }
}
