import { moneyText } from '../kernel/money.ts'
import { inOneLine } from '../kernel/refusal.ts'
import { volumeText } from '../kernel/volume.ts'
import { cited } from '../platform/cited.ts'
import { heldSentence } from '../volumes/held-reasons.ts'
import type { BillRun, ExceptionReason } from './bill.queries.ts'
import { type Bill, type BillLine, numberOfBillId } from './bill.ts'

/** Bills and runs as JSON, on the command line and in the API. */
export function billJson(bill: Bill) {
  return {
    number: bill.number,
    kind: bill.kind,
    collector: bill.collectorCode,
    account: bill.accountNo,
    discharger: bill.dischargerName,
    feeMonth: bill.feeMonth,
    issuedOn: bill.issuedOn,
    dueOn: bill.dueOn,
    volumeM3: volumeText(bill.volumeM3),
    amount: moneyText(bill.totalAmount),
    corrects: bill.correctsBillId === null ? null : numberOfBillId(bill.correctsBillId),
    reason: bill.reason,
    evidence: bill.evidence,
    cancelledBy: bill.cancelledBy === null ? null : numberOfBillId(bill.cancelledBy),
  }
}

export function lineJson(line: BillLine) {
  return { ...line, volumeM3: volumeText(line.volumeM3), amount: moneyText(line.amount) }
}

export function runJson({ scope, issued, ...run }: BillRun) {
  return {
    ...run,
    scope: scope.kind,
    issued: issued === undefined ? null : { ...issued, amount: moneyText(issued.amount) },
  }
}

/** Why an account was held or is exempt, in a sentence. */
export function exceptionSentence({ reasons, evidence, clause }: ExceptionReason, language: 'zh' | 'en'): string {
  if (reasons === undefined)
    return language === 'zh'
      ? `${evidence ?? ''}（${clause ?? ''}）`
      : `${evidence ?? ''} (${cited(clause ?? '', 'en')})`
  return inOneLine(
    reasons.map((reason) => heldSentence(reason as never, language)),
    language,
  )
}
