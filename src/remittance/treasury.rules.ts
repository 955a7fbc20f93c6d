import { type CivilDate, daysBetween } from '../kernel/calendar.ts'
import { type Money, moneyText, subtractMoney, zeroMoney } from '../kernel/money.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { netsTheFee } from './fee.rules.ts'
import type { Voucher } from './statement.ts'
import { type TreasuryReason, treasuryReason, treasuryReasons } from './treasury.reasons.ts'
import type { TreasuryRow } from './treasury-row.ts'

/** A voucher a row may be about: confirmed or waiting for its confirmation, with the fees it may be short by. */
export type Candidate = Pick<
  Voucher,
  | 'voucherId'
  | 'statement'
  | 'amount'
  | 'paidOn'
  | 'bankReference'
  | 'state'
  | 'received'
  | 'receivedOn'
  | 'treasuryReference'
> & { readonly asked: Money; readonly fees: readonly Money[]; readonly matched: readonly MatchedReceipt[] }

/** A receipt that a voucher was matched with before, in an earlier file or by a person. */
export interface MatchedReceipt {
  readonly importId: string
  readonly rowNo: number
  readonly reference: string
  readonly receivedOn: CivilDate
}

export interface TreasuryJudgement {
  readonly verdict: 'accepted' | 'held' | 'rejected'
  /** What the row was matched with: confirmed, or ready to be. */
  readonly voucher: Candidate | undefined
  readonly reasons: readonly RowReason[]
}

// Longer between a transfer and its receipt is not taken for the same money without a reference.
const daysUnderway = 15

/**
 * Finds the voucher of each row of a file: by the treasury's reference, by the bank's, by the statement named in the
 * remark, then by amount and day where only one is left. A voucher takes one receipt, of all files together; the same
 * receipt in a later file is accepted again. What is unequal, repeated, without a voucher or of several is held for a person.
 */
export function matchTreasuryRows(rows: readonly TreasuryRow[], candidates: readonly Candidate[]): TreasuryJudgement[] {
  const taken = new Set<string>()
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const judgement = judge(row, candidates, taken, seen)
    if (judgement.voucher !== undefined) taken.add(judgement.voucher.voucherId)
    if (row.reference !== '' && !seen.has(row.reference)) seen.set(row.reference, row.rowNo)
    return judgement
  })
}

function judge(
  row: TreasuryRow,
  candidates: readonly Candidate[],
  taken: ReadonlySet<string>,
  seen: ReadonlyMap<string, number>,
): TreasuryJudgement {
  const { amount, receivedOn, reference } = row
  const faults: RowReason[] = [...row.faults]
  if (faults.length === 0 && amount === undefined) faults.push(treasuryReason('treasury_amount_missing', {}))
  if (faults.length === 0 && receivedOn === undefined) faults.push(treasuryReason('treasury_date_missing', {}))
  if (faults.length > 0 || amount === undefined || receivedOn === undefined) return verdictOf(faults)
  const value = moneyText(amount)
  if (!amount.gt(zeroMoney)) return verdictOf([treasuryReason('treasury_money_back', {}, { value })])
  const repeated = reference === '' ? undefined : seen.get(reference)
  if (repeated !== undefined) return verdictOf([treasuryReason('treasury_row_repeated', { row: repeated })])
  const free = candidates.filter(({ voucherId }) => !taken.has(voucherId))
  const named = free.find(
    (each) => reference !== '' && (each.treasuryReference === reference || each.bankReference === reference),
  )
  if (named !== undefined) return compare(named, amount, receivedOn)
  const known = free.find(({ matched }) => matched.some((receipt) => isSameReceipt(receipt, row)))
  if (known !== undefined) return compare(known, amount, receivedOn)
  const waiting = free.filter(({ state }) => state === 'submitted')
  const ofStatement = waiting.filter(({ statement }) => row.remark.includes(statement))
  const [only, ...others] = ofStatement
  if (only !== undefined && others.length === 0) {
    const [receipt] = only.matched
    return receipt === undefined ? compare(only, amount, receivedOn) : verdictOf([hasItsReceipt(only, receipt, value)])
  }
  const alike = waiting.filter(
    (each) =>
      each.matched.length === 0 && each.amount.eq(amount) && within(daysBetween(each.paidOn, receivedOn), daysUnderway),
  )
  const [match, ...more] = alike
  if (match === undefined) return verdictOf([unknown(row, value, waiting, amount)])
  if (more.length === 0) return { verdict: 'accepted', voucher: match, reasons: [] }
  const vouchers = alike.map(({ voucherId, statement }) => `${voucherId}（${statement}）`).join('、')
  return verdictOf([treasuryReason('treasury_several_vouchers', { vouchers }, { value })])
}

/** Whether a row is the receipt that a voucher was matched with: its number, where it has one, and its day. */
export const isSameReceipt = (
  matched: MatchedReceipt,
  { reference, receivedOn }: { readonly reference: string; readonly receivedOn?: CivilDate | null | undefined },
): boolean => matched.reference === reference && matched.receivedOn === receivedOn

const hasItsReceipt = (
  { voucherId }: Candidate,
  { importId, rowNo, reference }: MatchedReceipt,
  value: string,
): RowReason => {
  const parameters = { voucher: voucherId, import: importId, row: rowNo, reference: reference || '—' }
  return treasuryReason('treasury_voucher_matched', parameters, { value })
}

function compare(voucher: Candidate, amount: Money, receivedOn: CivilDate): TreasuryJudgement {
  const { voucherId, statement } = voucher
  const expected = voucher.received ?? voucher.amount
  const value = moneyText(amount)
  if (!expected.eq(amount)) {
    const fee = netsTheFee(amount, expected, voucher.fees)
    if (fee !== undefined) return verdictOf([shortByFee(statement, expected, fee, value)])
    const difference = moneyText(subtractMoney(amount, expected))
    const parameters = { voucher: voucherId, amount: moneyText(expected), difference }
    return verdictOf([treasuryReason('treasury_amount_unequal', parameters, { value })])
  }
  if (voucher.receivedOn !== null && voucher.receivedOn !== receivedOn) {
    const parameters = { voucher: voucherId, day: voucher.receivedOn }
    return verdictOf([treasuryReason('treasury_day_unequal', parameters, { value: receivedOn })])
  }
  return { verdict: 'accepted', voucher, reasons: [] }
}

function unknown(row: TreasuryRow, value: string, waiting: readonly Candidate[], amount: Money): RowReason {
  for (const { statement, asked, fees } of waiting) {
    const fee = netsTheFee(amount, asked, fees)
    if (fee !== undefined) return shortByFee(statement, asked, fee, value)
  }
  return treasuryReason('treasury_no_voucher', { payer: row.payer || '—' }, { value })
}

const shortByFee = (statement: string, asked: Money, fee: Money, value: string): RowReason =>
  treasuryReason('treasury_short_by_fee', { statement, amount: moneyText(asked), fee: moneyText(fee) }, { value })

function verdictOf(reasons: readonly RowReason[]): TreasuryJudgement {
  const rejected = reasons.some(({ code }) => treasuryReasons[code as TreasuryReason].weight === 'rejected')
  return { verdict: rejected ? 'rejected' : 'held', voucher: undefined, reasons }
}

const within = (days: number, most: number): boolean => days >= 0 && days <= most
