import { addMoney, type Money, moneyText, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { type PaymentFinding, paymentFinding } from './payment-import.findings.ts'

/** What a total line says: an amount, or a cell that could not be read, or a count, or several of them. */
export interface StatedTotal {
  readonly amount?: Money | undefined
  readonly unreadable?: string | undefined
  readonly rows?: number | undefined
}

interface Sums {
  readonly rows: number
  /** What takes payments back subtracted. */
  readonly sum: Money
  /** As the cells stand: a sum made in Excel adds a reversal that is flagged and bears no minus. */
  readonly asWritten: Money
}

/**
 * Compares the total lines of a file with its rows, in the order in which they stand (domain §6): a line adds up the rows
 * since the line before (日结, a day's end) or all rows above it (合计). Amounts in yuan of the column that is totalled.
 */
export class TotalLines {
  #now: Sums = { rows: 0, sum: zeroMoney, asWritten: zeroMoney }
  #before: Sums & { readonly rowNo: number } = { ...this.#now, rowNo: 0 }
  #compared = false
  #differs: PaymentFinding | undefined
  #countDiffers: PaymentFinding | undefined
  #unreadable: PaymentFinding | undefined

  /** The amount of a row as it counts, and as it is written where that is not the same. */
  row(amount: Money | undefined, asWritten = amount): void {
    const { rows, sum, asWritten: written } = this.#now
    this.#now = {
      rows: rows + 1,
      sum: amount === undefined ? sum : addMoney([sum, amount]),
      asWritten: asWritten === undefined ? written : addMoney([written, asWritten]),
    }
  }

  line(rowNo: number, { amount, unreadable, rows }: StatedTotal): void {
    if (unreadable !== undefined)
      this.#unreadable ??= paymentFinding('amount_total_unreadable', { row: rowNo, value: unreadable })
    else if (amount === undefined && rows === undefined) return
    const now = this.#now
    const since = now.rows - this.#before.rows
    if (rows !== undefined && rows !== since && rows !== now.rows)
      this.#countDiffers ??= paymentFinding('payment_count_differs', { row: rowNo, stated: rows, rows: since })
    if (amount !== undefined) this.#compare(rowNo, amount)
    // A line that repeats the sum of all others adds nothing to what comes after.
    this.#before = { ...now, rowNo }
  }

  #compare(rowNo: number, stated: Money): void {
    this.#compared = true
    const [now, before] = [this.#now, this.#before]
    const since = subtractMoney(now.sum, before.sum)
    const sums = [since, now.sum, subtractMoney(now.asWritten, before.asWritten), now.asWritten]
    if (sums.some((sum) => stated.eq(sum))) return
    this.#differs ??= paymentFinding('amounts_differ', {
      row: rowNo,
      stated: moneyText(stated),
      amount: moneyText(since),
      rows: now.rows - before.rows,
    })
  }

  /** What is said of them: the first of each kind that does not fit, or that all agree; rows below the last; or that there is none. */
  findings(): PaymentFinding[] {
    const { rows, sum } = this.#now
    const before = this.#before
    const faults = [this.#countDiffers, this.#unreadable, this.#differs].flatMap((fault) => fault ?? [])
    const sound = this.#compared
      ? paymentFinding('amounts_equal', { rows: before.rows, amount: moneyText(before.sum) })
      : paymentFinding('no_amount_total', { rows, amount: moneyText(sum) })
    const below = before.rowNo === 0 ? 0 : rows - before.rows
    return [
      ...(faults.length === 0 ? [sound] : faults),
      ...(below === 0 ? [] : [paymentFinding('rows_below_total', { row: before.rowNo, rows: below })]),
    ]
  }
}
