import { moneyText } from '../kernel/money.ts'
import { volumeText } from '../kernel/volume.ts'
import type { Receipt } from './receipt.ts'

/** The form in which the command line and the API answer: amounts in yuan and volumes in m³ as text. */
export const receiptJson = (receipt: Receipt) => ({
  receipt: receipt.number,
  kind: receipt.kind,
  state: receipt.state,
  waitsFor: receipt.waitsFor ?? null,
  payer: receipt.payerName,
  payment: receipt.paymentId,
  paidOn: receipt.paidOn,
  amount: moneyText(receipt.amount),
  codes: receipt.codes === undefined ? null : { ...receipt.codes },
  parts: receipt.parts.map((part) => ({
    ...part,
    amount: moneyText(part.amount),
    volumeM3: volumeText(part.volumeM3),
  })),
})
