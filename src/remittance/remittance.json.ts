import { amountInCapitals, moneyText } from '../kernel/money.ts'
import { volumeText } from '../kernel/volume.ts'
import { plainCell } from './cells.rules.ts'
import type { FeeClaim } from './fee.queries.ts'
import type { HeldDay } from './held.queries.ts'
import type { HeldAge } from './held.rules.ts'
import { type Reconciliation, soldOf } from './reconciliation.ts'
import type { Statement, Voucher } from './statement.ts'
import type { WriteOff } from './write-off.ts'

// The forms in which the command line and the API answer: amounts in yuan and volumes in m³ as text.

export const statementJson = (statement: Statement) => ({
  statement: statement.number,
  collector: statement.collectorCode,
  period: statement.period.name,
  from: statement.period.from,
  until: statement.period.until,
  state: statement.state,
  lines: statement.lineCount,
  collected: moneyText(statement.collected),
  late: moneyText(statement.late),
  reversed: moneyText(statement.reversed),
  refunded: moneyText(statement.refunded),
  carried: moneyText(statement.carried),
  total: moneyText(statement.total),
  totalInCapitals: amountInCapitals(statement.total),
  declared: moneyText(statement.declared),
  differenceReason: statement.differenceReason,
  received: moneyText(statement.received),
  awaiting: moneyText(statement.awaiting),
  carriedOn: moneyText(statement.carriedOn),
  balance: moneyText(statement.balance),
  drawnOn: statement.drawnOn,
  drawnBy: statement.drawnByName,
  reviewedBy: statement.reviewedByName,
  decidedBy: statement.decidedByName,
  decidedOn: statement.decidedOn,
  returnReason: statement.returnReason,
  proposalId: statement.proposalId,
  digest: statement.digest,
})

export const feeJson = (claim: FeeClaim) => ({
  claim: claim.number,
  statement: claim.statement,
  collector: claim.collectorCode,
  amount: moneyText(claim.amount),
  claimedBy: claim.claimedByName,
  approvedBy: claim.approvedByName,
  approvedOn: claim.approvedOn,
  paidOn: claim.paidOn,
  paidBy: claim.paidByName,
  reference: claim.paymentReference,
  lines: claim.lines.map((line) => ({
    ...line,
    baseAmount: moneyText(line.baseAmount),
    cap: line.cap === null ? null : moneyText(line.cap),
    feeAmount: moneyText(line.feeAmount),
    claimedBefore: moneyText(line.claimedBefore),
    amount: moneyText(line.amount),
  })),
})

export const voucherJson = ({
  statementId: _,
  submittedBy: _submitter,
  submittedByCode: _submitterCode,
  decidedBy: _decider,
  decidedByCode: _deciderCode,
  ...each
}: Voucher) => ({
  ...each,
  amount: moneyText(each.amount),
  received: each.received === null ? null : moneyText(each.received),
})

export const heldDayJson = (day: HeldDay) => ({
  on: day.on,
  opening: moneyText(day.opening),
  collected: moneyText(day.collected),
  reversed: moneyText(day.reversed),
  refunded: moneyText(day.refunded),
  remitted: moneyText(day.remitted),
  closing: moneyText(day.closing),
})

export const heldAgeJson = (found: HeldAge) => ({
  held: moneyText(found.held),
  surplus: moneyText(found.surplus),
  oldestDays: found.oldestDays,
  days: found.aged.map((each) => ({ ...each, amount: moneyText(each.amount) })),
})

export const reconciliationJson = (found: Reconciliation) => ({
  ...found,
  quarter: found.quarter.name,
  cells: found.cells.map((cell) => ({ ...plainCell(cell), soldM3: soldOf(cell, found.content) })),
})

export const writeOffJson = (each: WriteOff) => ({
  ...each,
  amount: moneyText(each.amount),
  volumeM3: volumeText(each.volumeM3),
  outstanding: moneyText(each.outstanding),
})
