import { Exact } from '../../kernel/decimal.ts'

const storedNumber = /^-?\d+(\.\d+)?(E[+-]?\d{1,3})?$/i

/**
 * A number as a workbook stores it (`1.0233E-2`, `123000000000`), written out without exponent and without passing
 * through a float: `0.010233`. Digits are neither added nor lost. `undefined` for what is no number.
 */
export function plainNumberText(stored: string): string | undefined {
  if (!storedNumber.test(stored)) return undefined
  return /E/i.test(stored) ? new Exact(stored).toFixed() : stored
}

/** Digits that carry value: `0.010230` has 5, `1200` has 4. */
export function significantDigits(plain: string): number {
  return plain.replace(/[-.]/g, '').replace(/^0+/, '').length
}

/** What Excel shows of a number: it keeps 15 significant digits, and what lies beyond is residue of binary fractions. */
export function roundedToExcelPrecision(plain: string): string {
  return significantDigits(plain) > 15 ? new Exact(plain).toSignificantDigits(15).toFixed() : plain
}
