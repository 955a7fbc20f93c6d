import { addMoney, type Money, moneyText, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { type PaymentFinding, paymentFinding } from './payment-import.findings.ts'

/**
 * Compares the total lines of a file with its rows, in the order in which they stand (domain §6): a line adds up the rows
 * since the line before (日结, a day's end) or all rows above it (合计). Amounts in yuan of the column that is totalled.
 */
export class TotalLines {
  #rows = 0
  #sum = zeroMoney
  #before = { rows: 0, sum: zeroMoney, rowNo: 0 }
  #differs: PaymentFinding | undefined

  row(amount: Money | undefined): void {
    this.#rows += 1
    if (amount !== undefined) this.#sum = addMoney([this.#sum, amount])
  }

  line(rowNo: number, stated: Money): void {
    const { rows, sum } = this.#before
    const since = subtractMoney(this.#sum, sum)
    if (!stated.eq(since) && !stated.eq(this.#sum)) {
      this.#differs ??= paymentFinding('amounts_differ', {
        row: rowNo,
        stated: moneyText(stated),
        amount: moneyText(since),
        rows: this.#rows - rows,
      })
    }
    // A line that repeats the sum of all others adds nothing to what comes after.
    this.#before = { rows: this.#rows, sum: this.#sum, rowNo }
  }

  /** What is said of them: the first that differs, or that all agree; rows below the last; or that there is none. */
  findings(): PaymentFinding[] {
    const sums = { rows: this.#rows, amount: moneyText(this.#sum) }
    const { rows, rowNo } = this.#before
    if (rowNo === 0) return [paymentFinding('no_amount_total', sums)]
    const below = this.#rows - rows
    return [
      this.#differs ??
        paymentFinding('amounts_equal', below === 0 ? sums : { rows, amount: moneyText(this.#before.sum) }),
      ...(below === 0 ? [] : [paymentFinding('rows_below_total', { row: rowNo, rows: below })]),
    ]
  }
}
