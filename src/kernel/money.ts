import { Exact, fixedText, parseExact, splitByLargestRemainder, sumOf, withThousands } from './decimal.ts'
import { invariant } from './invariant.ts'
import type { Volume } from './volume.ts'

declare const moneyBrand: unique symbol
declare const priceBrand: unique symbol
declare const productBrand: unique symbol

/** An amount at the fen. Only `money` and `roundToMoney` make one. */
export type Money = Exact & { readonly [moneyBrand]: true }
/** A price per unit of volume, never rounded. */
export type UnitPrice = Exact & { readonly [priceBrand]: true }
/** Volume × price before its one rounding; the compiler keeps it apart from Money. */
export type UnroundedAmount = Exact & { readonly [productBrand]: true }

/** Money from text such as `17283.00`; a bug if it is not a decimal or finer than a fen. */
export function money(text: string): Money {
  const value = parseExact(text)
  invariant(value !== undefined && value.decimalPlaces() <= 2, `"${text}" is not an amount at the fen`)
  return value as Money
}

export const zeroMoney = money('0.00')

// What numeric(16, 2) of the database holds.
const wholeDigits = 14
const tooMuch = new Exact(10).pow(wholeDigits)

/**
 * The same as `money`, but answers `undefined` where a person may have typed the text, and for amounts of more than 14
 * digits before the point, which no column of the database holds.
 */
export function parseMoney(text: string): Money | undefined {
  const value = parseExact(text)
  if (value === undefined || value.decimalPlaces() > 2) return undefined
  return text.length > wholeDigits && value.abs().gte(tooMuch) ? undefined : (value as Money)
}

/** A price from text; answers `undefined` for anything but a plain decimal that is not negative. */
export function parseUnitPrice(text: string): UnitPrice | undefined {
  const value = parseExact(text)
  return value !== undefined && !value.isNegative() ? (value as UnitPrice) : undefined
}

/** A price from text that was checked before. */
export function unitPrice(text: string): UnitPrice {
  const value = parseUnitPrice(text)
  invariant(value !== undefined, `"${text}" is not a unit price`)
  return value
}

/** m³ × yuan per m³, unrounded. */
export function priceOf(volumeM3: Volume, perM3: UnitPrice): UnroundedAmount {
  return volumeM3.times(perM3) as UnroundedAmount
}

/** A share of an amount, such as a fee of 0.02, unrounded. */
export function shareOf(amount: Money, share: UnitPrice): UnroundedAmount {
  return amount.times(share) as UnroundedAmount
}

/** The one rounding of a bill line: half-up to the fen (decision 13). Half-up is away from zero for negatives. */
export function roundToMoney(amount: UnroundedAmount): Money {
  return amount.toDecimalPlaces(2, Exact.ROUND_HALF_UP) as Exact as Money
}

/** Sum of amounts; `0.00` for none. */
export function addMoney(amounts: Iterable<Money>): Money {
  return sumOf(amounts) as Money
}

/** a − b. */
export function subtractMoney(a: Money, b: Money): Money {
  return a.minus(b) as Exact as Money
}

/** −a, for a full negative (红冲). */
export function negateMoney(amount: Money): Money {
  return (amount.isZero() ? amount : amount.negated()) as Exact as Money
}

/** Splits an amount at the fen so that the parts add up (decision 13). */
export function splitMoney(total: Money, weights: readonly Exact[]): Money[] {
  return splitByLargestRemainder(total, weights, 2) as Money[]
}

/** Text with exactly two decimals, the form of JSON, CSV and the database: `17283.00`. */
export function moneyText(amount: Money): string {
  return fixedText(amount, 2)
}

/** Text for people: `17,283.00`. */
export function moneyForPeople(amount: Money): string {
  return withThousands(fixedText(amount, 2))
}

const digits = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'] as const
const smallUnits = ['', '拾', '佰', '仟'] as const
// From a million million yuan on, 万 counts 亿: 壹万贰仟亿.
const largeUnits = ['', '万', '亿', '万'] as const
const yi = 2

function groupInCapitals(group: string): string {
  let text = ''
  let zeroPending = false
  for (let place = 0; place < group.length; place += 1) {
    const digit = Number(group[place])
    if (digit === 0) {
      zeroPending = text !== ''
      continue
    }
    text += `${zeroPending ? '零' : ''}${digits[digit]}${smallUnits[group.length - 1 - place]}`
    zeroPending = false
  }
  return text
}

/**
 * The amount in capitals (大写) as 《支付结算办法》 asks: ¥1,409.50 → 人民币壹仟肆佰零玖元伍角整,
 * ¥16,409.02 → 人民币壹万陆仟肆佰零玖元零贰分, 0.00 → 人民币零元整; a negative amount begins with 负. Holds for every
 * amount that the database does, of 16 digits before the point at most.
 */
export function amountInCapitals(amount: Money): string {
  const [whole = '0', fraction = '00'] = amount.abs().toFixed(2).split('.')
  const padded = whole.padStart(Math.ceil(whole.length / 4) * 4, '0')
  invariant(padded.length / 4 <= largeUnits.length, `${whole} is too large to write in capitals`)
  let yuan = ''
  let zeroPending = false
  for (let start = 0; start < padded.length; start += 4) {
    const group = padded.slice(start, start + 4)
    const place = padded.length / 4 - 1 - start / 4
    const unit = largeUnits[place]
    const text = groupInCapitals(group)
    if (text === '') {
      if (place === yi) yuan += unit
      zeroPending = yuan !== ''
      continue
    }
    if (yuan !== '' && (zeroPending || group.startsWith('0'))) yuan += '零'
    yuan += text + unit
    zeroPending = false
  }
  const jiao = Number(fraction[0])
  const fen = Number(fraction[1])
  let tail = '整'
  if (jiao !== 0 && fen !== 0) tail = `${digits[jiao]}角${digits[fen]}分`
  else if (jiao !== 0) tail = `${digits[jiao]}角整`
  else if (fen !== 0) tail = `${yuan === '' ? '' : '零'}${digits[fen]}分`
  const yuanPart = yuan === '' ? (jiao === 0 && fen === 0 ? '零元' : '') : `${yuan}元`
  return `${amount.isNegative() && !amount.isZero() ? '负' : ''}人民币${yuanPart}${tail}`
}
