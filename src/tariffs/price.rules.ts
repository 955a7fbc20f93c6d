import { z } from 'zod'
import { Exact, plainText, withThousands } from '../kernel/decimal.ts'
import { invariant } from '../kernel/invariant.ts'
import type { UnroundedAmount } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { roundToVolume, type Volume } from '../kernel/volume.ts'
import {
  type FlatPrice,
  type MonthShare,
  type PercentagePrice,
  type PercentageStep,
  type Price,
  type PriceBand,
  type PricedVolume,
  type PriceStep,
  type PriceTable,
  refusePrice,
  type TieredPrice,
  type UnpricedPrice,
} from './price.ts'

const priceShape: z.ZodType<Price> = z.lazy(() =>
  z.discriminatedUnion('form', [
    z.strictObject({ form: z.literal('flat'), perM3: z.string() }),
    z.strictObject({
      form: z.literal('tiers'),
      period: z.literal('month'),
      bands: z.array(z.strictObject({ fromM3: z.string(), untilM3: z.string().nullable(), perM3: z.string() })),
    }),
    z.strictObject({ form: z.literal('percentage'), of: z.string(), percent: z.string() }),
    z.strictObject({ form: z.literal('coefficient'), factor: z.string(), price: priceShape }),
    z.strictObject({ form: z.literal('unpriced'), see: z.string() }),
  ]),
)

/**
 * Checks the prices of a schedule when it is entered: everything that is wrong, each with its category and band, or an
 * empty list. What passes can be priced for every volume, except where it says `unpriced`.
 */
export function checkPrices(prices: Readonly<Record<string, unknown>>): Refusal[] {
  const entries = Object.entries(prices)
  if (entries.length === 0) return [refusePrice('no_categories')]
  const readable: Record<string, Price> = {}
  const faults: Refusal[] = []
  for (const [category, entered] of entries) {
    const shape = priceShape.safeParse(entered)
    if (shape.success) {
      faults.push(...numberFaults(category, shape.data))
      readable[category] = shape.data
    } else faults.push(...shape.error.issues.flatMap((issue) => shapeFaults(category, entered, issue)))
  }
  for (const category of Object.keys(readable)) {
    const fault = referenceFault(category, readable, prices)
    if (fault !== undefined) faults.push(fault)
  }
  return faults
}

/** Prices that were checked before, as they lie in the database; stops (a bug) where they do not pass. */
export function priceTable(prices: Readonly<Record<string, unknown>>): PriceTable {
  const [fault] = checkPrices(prices)
  invariant(fault === undefined, `the prices of a schedule in force were checked: ${fault?.sentence('en')}`)
  return prices as PriceTable
}

function shapeFaults(category: string, entered: unknown, issue: z.core.$ZodIssue): Refusal[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => refusePrice('field_unknown', { category, field: fieldName([...issue.path, key]) }))
  }
  let found = entered
  for (const part of issue.path) found = (found as Record<PropertyKey, unknown> | undefined)?.[part]
  const value = JSON.stringify(found) ?? '—'
  if (issue.code === 'invalid_union') return [refusePrice('form_unknown', { category, value })]
  const field = fieldName(issue.path)
  if (found !== undefined && issue.path.at(-1) === 'period') return [refusePrice('period_unknown', { category, value })]
  return [refusePrice(found === undefined ? 'field_missing' : 'field_unreadable', { category, field, value })]
}

/** `bands[2].perM3`, counted from 1 as people do; `price` for the whole. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${String(part)}`)).join('')
  return name === '' ? 'price' : name.replace(/^\./, '')
}

// Within these lengths volume × price × percentage stays exact in 40 digits.
const readableNumber = /^\d{1,6}(\.\d{1,8})?$/
const readableVolume = /^\d{1,9}(\.\d{1,3})?$/

function numberFault(text: string, readable: RegExp): 'unreadable' | 'negative' | undefined {
  if (readable.test(text)) return undefined
  return text.startsWith('-') && readable.test(text.slice(1)) ? 'negative' : 'unreadable'
}

function numberFaults(category: string, price: Price): Refusal[] {
  const check = (field: string, value: string): Refusal[] => {
    const fault = numberFault(value, readableNumber)
    return fault === undefined ? [] : [refusePrice(`number_${fault}`, { category, field, value })]
  }
  switch (price.form) {
    case 'flat':
      return check('perM3', price.perM3)
    case 'tiers':
      return bandFaults(category, price.bands)
    case 'percentage': {
      const faults = check('percent', price.percent)
      if (faults.length > 0 || !new Exact(price.percent).isZero()) return faults
      return [refusePrice('percent_not_positive', { category })]
    }
    case 'coefficient': {
      const faults = check('factor', price.factor)
      if (faults.length === 0) {
        const factor = new Exact(price.factor)
        if (factor.isZero() || factor.greaterThan('1.5')) {
          faults.push(refusePrice('factor_out_of_range', { category, value: price.factor }))
        }
      }
      return [...faults, ...numberFaults(category, price.price)]
    }
    case 'unpriced':
      return price.see.trim() === '' ? [refusePrice('reference_blank', { category })] : []
  }
}

/** Bands may be listed in any order; they are named by their place in the list. */
function bandFaults(category: string, bands: readonly PriceBand[]): Refusal[] {
  if (bands.length === 0) return [refusePrice('bands_empty', { category })]
  const faults: Refusal[] = []
  bands.forEach((band, index) => {
    const check = (field: string, value: string, readable: RegExp): void => {
      const fault = numberFault(value, readable)
      if (fault === undefined) return
      faults.push(refusePrice(`band_number_${fault}`, { category, band: index + 1, field, value }))
    }
    check('fromM3', band.fromM3, readableVolume)
    if (band.untilM3 !== null) check('untilM3', band.untilM3, readableVolume)
    check('perM3', band.perM3, readableNumber)
  })
  if (faults.length > 0) return faults

  const ascending = bands
    .map(({ fromM3, untilM3 }, index) => ({
      band: index + 1,
      from: new Exact(fromM3),
      until: untilM3 === null ? null : new Exact(untilM3),
    }))
    .sort((a, b) => a.from.comparedTo(b.from))
  ascending.forEach(({ band, from, until }, index) => {
    const below = ascending[index - 1]
    const named = { category, band, from: plainText(from) }
    if (below === undefined) {
      if (!from.isZero()) faults.push(refusePrice('first_band_not_from_zero', named))
    } else if (below.until !== null) {
      const bounds = { ...named, until: plainText(below.until) }
      if (below.until.lessThan(from)) faults.push(refusePrice('band_gap', bounds))
      if (below.until.greaterThan(from)) faults.push(refusePrice('band_overlap', bounds))
    }
    const last = index === ascending.length - 1
    if (until === null) {
      if (!last) faults.push(refusePrice('open_band_not_last', named))
    } else {
      const bounds = { ...named, until: plainText(until) }
      if (until.lessThanOrEqualTo(from)) faults.push(refusePrice('band_inverted', bounds))
      if (last) faults.push(refusePrice('last_band_closed', bounds))
    }
  })
  return faults
}

/** Follows the percentages from a category to the price they rest on. */
function referenceFault(
  category: string,
  readable: PriceTable,
  entered: Readonly<Record<string, unknown>>,
): Refusal | undefined {
  const path = [category]
  let price = readable[category]
  let of: string | undefined
  while (price !== undefined) {
    if (price.form === 'coefficient') price = price.price
    else if (price.form === 'percentage') {
      if (!Object.hasOwn(entered, price.of)) {
        return of === undefined ? refusePrice('percentage_of_unknown', { category, of: price.of }) : undefined
      }
      of ??= price.of
      const seen = path.includes(price.of)
      path.push(price.of)
      // A circle is told to the categories on it, not to those that lead into it.
      if (seen)
        return price.of === category
          ? refusePrice('percentage_in_circle', { category, path: path.join(' → ') })
          : undefined
      price = Object.hasOwn(readable, price.of) ? readable[price.of] : undefined
    } else if (price.form === 'unpriced' && of !== undefined)
      return refusePrice('percentage_of_unpriced', { category, of })
    else return undefined
  }
  return undefined
}

/** A price with its coefficients and percentages taken off. */
interface RestingPrice {
  readonly rate: FlatPrice | TieredPrice | UnpricedPrice
  readonly factors: readonly string[]
  /** From the rate outwards: the first is a percentage of the rate itself. */
  readonly percentages: readonly PercentagePrice[]
}

const none: readonly never[] = []

function restingPrice(price: Price, prices: PriceTable): RestingPrice {
  switch (price.form) {
    case 'flat':
    case 'tiers':
    case 'unpriced':
      return { rate: price, factors: none, percentages: none }
    case 'coefficient': {
      const inner = restingPrice(price.price, prices)
      return { ...inner, factors: [price.factor, ...inner.factors] }
    }
    case 'percentage': {
      const other = priceOfCategory(prices, price.of)
      invariant(other !== undefined, `a checked schedule has the category "${price.of}"`)
      const inner = restingPrice(other, prices)
      return { ...inner, percentages: [...inner.percentages, price] }
    }
  }
}

function priceOfCategory(prices: PriceTable, category: string): Price | undefined {
  return Object.hasOwn(prices, category) ? prices[category] : undefined
}

/**
 * Prices a volume of use (m³, not negative) of one category. A volume coefficient rounds the volume half-up to 0.001 m³
 * once; percentages and prices are not rounded; the bounds of monthly bands shrink to `monthShare`, unrounded (decision
 * 13). The amount is unrounded: the bill line rounds it, once. Refuses a category that the schedule does not have or
 * whose price stands in a table that is not entered (decision 25). Stops (a bug) on a negative volume.
 */
export function priceVolume(
  prices: PriceTable,
  category: string,
  volumeM3: Volume,
  monthShare: MonthShare,
): PricedVolume | Refusal {
  invariant(!volumeM3.isNegative() || volumeM3.isZero(), 'a volume to be priced is not negative')
  const price = priceOfCategory(prices, category)
  if (price === undefined) return refusePrice('category_without_price', { category })
  const { rate, factors, percentages } = restingPrice(price, prices)

  const steps: PriceStep[] = []
  let billableVolumeM3 = volumeM3
  if (factors.length > 0) {
    const unrounded = factors.reduce((product: Exact, factor) => product.times(factor), volumeM3)
    billableVolumeM3 = roundToVolume(unrounded)
    steps.push({
      step: 'coefficient',
      volumeM3: plainText(volumeM3),
      factors,
      unroundedM3: plainText(unrounded),
      billableVolumeM3: plainText(billableVolumeM3),
    })
  }
  switch (rate.form) {
    case 'flat': {
      const perM3 = applyPercentages(rate.perM3, percentages, steps)
      const amount = billableVolumeM3.times(perM3)
      steps.push({ step: 'flat', volumeM3: plainText(billableVolumeM3), perM3, amount: plainText(amount) })
      return withinMeasure(category, { billableVolumeM3, unroundedAmount: amount as Exact as UnroundedAmount, steps })
    }
    case 'tiers': {
      const unroundedAmount = priceByBands(rate, billableVolumeM3, monthShare, percentages, steps)
      return withinMeasure(category, { billableVolumeM3, unroundedAmount, steps })
    }
    case 'unpriced':
      return refusePrice('unpriced', { category, see: rate.see })
  }
}

// A million million in money and a hundred thousand million m³: beyond them lies a slip of the pen, and no table or
// amount in capitals has room for it.
const amountDigits = 12
const volumeDigits = 11

/** Digits before the point. */
const digitsOf = (value: Exact): number => value.e + 1

/** The price, or its refusal by name where it is of a size that no bill can have; else one such row stops a whole run. */
function withinMeasure(category: string, priced: PricedVolume): PricedVolume | Refusal {
  const { billableVolumeM3, unroundedAmount } = priced
  if (digitsOf(unroundedAmount) <= amountDigits && digitsOf(billableVolumeM3) <= volumeDigits) return priced
  return refusePrice('amount_beyond_measure', { category, volume: plainText(billableVolumeM3) })
}

/** The rate after its percentages, unrounded; every percentage is a step. */
function applyPercentages(ratePerM3: string, percentages: readonly PercentagePrice[], steps: PriceStep[]): string {
  let perM3 = ratePerM3
  for (const { of, percent } of percentages) {
    const basePerM3 = perM3
    perM3 = plainText(new Exact(basePerM3).times(percent).div(100))
    steps.push({ step: 'percentage', of, percent, basePerM3, perM3 } satisfies PercentageStep)
  }
  return perM3
}

function priceByBands(
  tiers: TieredPrice,
  billableVolumeM3: Volume,
  monthShare: MonthShare,
  percentages: readonly PercentagePrice[],
  steps: PriceStep[],
): UnroundedAmount {
  const { days, of } = monthShare
  invariant(
    Number.isInteger(days) && Number.isInteger(of) && days > 0 && days <= of,
    'a share of a month is a part of its days',
  )
  const whole = days === of
  // A part month is priced in days of it: bounds × days against volume × all days, divided once at the end, so that
  // no bound is cut off at 40 digits.
  const scaled = (m3: string): Exact => (whole ? new Exact(m3) : new Exact(m3).times(days))
  const unscaledText = (value: Exact): string =>
    plainText(whole ? value : value.div(of).toDecimalPlaces(10, Exact.ROUND_HALF_UP))
  const volume: Exact = whole ? billableVolumeM3 : billableVolumeM3.times(of)
  let amount = new Exact(0)
  for (const { fromM3, untilM3, perM3: bandPerM3 } of ascendingBands(tiers)) {
    const from = scaled(fromM3)
    // Zero use lies in the first band, so that a bill of 0.00 shows its price too.
    if (volume.lessThanOrEqualTo(from) && !from.isZero()) break
    const until = untilM3 === null ? volume : Exact.min(volume, scaled(untilM3))
    const inBand = until.minus(from)
    const perM3 = applyPercentages(bandPerM3, percentages, steps)
    const bandAmount = inBand.times(perM3)
    amount = amount.plus(bandAmount)
    steps.push({
      step: 'band',
      fromM3,
      untilM3,
      ...(whole ? {} : { monthShare: `${days}/${of}` }),
      volumeM3: unscaledText(inBand),
      perM3,
      amount: unscaledText(bandAmount),
    })
  }
  return (whole ? amount : amount.div(of)) as Exact as UnroundedAmount
}

function ascendingBands({ bands }: TieredPrice): readonly PriceBand[] {
  return bands.toSorted((a, b) => new Exact(a.fromM3).comparedTo(b.fromM3))
}

/** What a schedule's prices are in: yuan per cubic metre unless it says otherwise. */
export interface PriceUnits {
  readonly unit: string
  readonly currency: string
}

/** The steps as sentences for a bill, a page or a court file, e.g. `12,345 m³ × 1.40 元/m³ = 17,283.00`. */
export function explainSteps(
  steps: readonly PriceStep[],
  language: 'zh' | 'en',
  units: PriceUnits = { unit: 'm³', currency: '元' },
): string[] {
  return steps.map((step) => explainStep(step, language === 'zh', units))
}

function explainStep(step: PriceStep, zh: boolean, { unit: m3, currency }: PriceUnits): string {
  const unit = `${zh || currency !== '元' ? currency : 'yuan'}/${m3}`
  switch (step.step) {
    case 'coefficient': {
      const product = `${withThousands(step.volumeM3)} ${m3} × ${step.factors.join(' × ')} = ${withThousands(step.unroundedM3)} ${m3}`
      const rounded =
        step.unroundedM3 === step.billableVolumeM3
          ? ''
          : `${zh ? '，四舍五入为 ' : ', rounded half-up to '}${withThousands(step.billableVolumeM3)} ${m3}`
      return `${zh ? '计费水量：' : 'Billable volume: '}${product}${rounded}`
    }
    case 'percentage': {
      const label = zh ? `按“${step.of}”价格的 ${step.percent} %：` : `${step.percent} % of the price of "${step.of}": `
      return `${label}${atLeast2Decimals(step.basePerM3)} ${unit} × ${step.percent} % = ${atLeast2Decimals(step.perM3)} ${unit}`
    }
    case 'flat':
      return `${withThousands(step.volumeM3)} ${m3} × ${atLeast2Decimals(step.perM3)} ${unit} = ${atLeast2Decimals(step.amount)}`
    case 'band': {
      const from = withThousands(step.fromM3)
      const openBand = zh ? `${from} ${m3} 以上` : `above ${from} ${m3}`
      const bounds = step.untilM3 === null ? openBand : `${from}–${withThousands(step.untilM3)} ${m3}`
      const share =
        step.monthShare === undefined
          ? ''
          : zh
            ? `（按当月天数 ${step.monthShare}）`
            : ` (${step.monthShare} of the month)`
      const equals = step.monthShare === undefined ? '=' : '≈'
      const product = `${withThousands(step.volumeM3)} ${m3} × ${atLeast2Decimals(step.perM3)} ${unit}`
      return `${bounds}${share}${zh ? '：' : ': '}${product} ${equals} ${atLeast2Decimals(step.amount)}`
    }
  }
}

function atLeast2Decimals(text: string): string {
  const [whole = '', fraction = ''] = text.split('.')
  return withThousands(`${whole}.${fraction.padEnd(2, '0')}`)
}
