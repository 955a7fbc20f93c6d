import type { UnroundedAmount } from '../kernel/money.ts'
import { type RefusalTable, refuser } from '../kernel/refusal.ts'
import type { Volume } from '../kernel/volume.ts'

/**
 * What a cubic metre costs one category, as it lies in a rate schedule: JSON, read by `priceVolume`. Numbers are decimal
 * texts, prices in yuan per m³ (or the schedule's own money and unit), volumes in m³. A later form (surcharge, strength
 * factors, minimum and cap) is one more member here; every switch over `form` then stops compiling until it knows it.
 */
export type Price = FlatPrice | TieredPrice | PercentagePrice | CoefficientPrice | UnpricedPrice

export interface FlatPrice {
  readonly form: 'flat'
  readonly perM3: string
}

/** Marginal: each band prices only the part of the month's volume that lies in it. */
export interface TieredPrice {
  readonly form: 'tiers'
  readonly period: 'month'
  readonly bands: readonly PriceBand[]
}

/** From `fromM3` up to `untilM3`, half-open; the last band is open (null). */
export interface PriceBand {
  readonly fromM3: string
  readonly untilM3: string | null
  readonly perM3: string
}

/** A percentage of what another category of the same schedule pays: of each band's price, with its coefficient. */
export interface PercentagePrice {
  readonly form: 'percentage'
  readonly of: string
  readonly percent: string
}

/** Charged on a part of the water used: 0.90 where the tenth that does not reach the sewer is left out. */
export interface CoefficientPrice {
  readonly form: 'coefficient'
  readonly factor: string
  readonly price: Price
}

/** Published as "see another table": unbillable until that table is entered, never 0 (decision 25). */
export interface UnpricedPrice {
  readonly form: 'unpriced'
  readonly see: string
}

/** The prices of one schedule version by category. `checkPrices` has passed them. */
export type PriceTable = Readonly<Record<string, Price>>

/**
 * The part of a month that a line is about, as a fraction of days. It stays a fraction because 1/30 has no end as a
 * decimal: 30 m³ × 0.0333… is not the 1 m³ that a bound of 30 m³ shrinks to, and a tie at the half fen would tip over.
 */
export interface MonthShare {
  readonly days: number
  readonly of: number
}

/** A line about the whole month. */
export const wholeMonth: MonthShare = { days: 1, of: 1 }

/**
 * One line of the arithmetic behind an amount, kept with the bill line. Numbers are exact decimal texts, except in
 * bands of a part month (with `monthShare`), whose volume and amount are given to 10 decimals.
 */
export type PriceStep = CoefficientStep | PercentageStep | FlatStep | BandStep

export interface CoefficientStep {
  readonly step: 'coefficient'
  readonly volumeM3: string
  readonly factors: readonly string[]
  readonly unroundedM3: string
  readonly billableVolumeM3: string
}

/** Makes the price of the flat or band step that follows. */
export interface PercentageStep {
  readonly step: 'percentage'
  readonly of: string
  readonly percent: string
  readonly basePerM3: string
  readonly perM3: string
}

export interface FlatStep {
  readonly step: 'flat'
  readonly volumeM3: string
  readonly perM3: string
  readonly amount: string
}

export interface BandStep {
  readonly step: 'band'
  /** The bounds of a whole month, as published. */
  readonly fromM3: string
  readonly untilM3: string | null
  /** `10/31` where the bounds shrink to a part of the month. */
  readonly monthShare?: string
  /** The volume that lies in the band. */
  readonly volumeM3: string
  readonly perM3: string
  readonly amount: string
}

/** A volume with its price: what the bill line keeps. */
export interface PricedVolume {
  /** After the volume coefficient, rounded half-up to 0.001 m³ once; else the volume itself. */
  readonly billableVolumeM3: Volume
  readonly unroundedAmount: UnroundedAmount
  readonly steps: readonly PriceStep[]
}

export const priceRefusals = {
  category_without_price: {
    kind: 'conflict',
    zh: '收费标准中没有类别“{category}”的价格，无法计费。请核对用户的价格类别，或在收费标准中补录该类别。',
    en: 'The rate schedule has no price for the category "{category}". Check the account\'s category, or enter the category in a rate schedule.',
  },
  unpriced: {
    kind: 'conflict',
    zh: '类别“{category}”的价格另见“{see}”，该表尚未录入，暂不能计费（不按 0 元计）。请先录入该表。',
    en: 'The price of the category "{category}" stands in another table, "{see}", which is not entered yet; it cannot be billed (and is not 0). Enter that table first.',
  },
  amount_beyond_measure: {
    kind: 'invalid',
    zh: '类别“{category}”的水量 {volume} m³ 或其金额大得不可能（金额须小于一万亿元），无法计费。请核对水量和单价。',
    en: 'Category "{category}": the volume {volume} m³ or its amount is too large to be true (an amount is below a million million); it cannot be billed. Check the volume and the price.',
  },
  no_categories: {
    kind: 'invalid',
    zh: '收费标准没有任何类别的价格，请至少录入一个类别。',
    en: 'The rate schedule has no category at all; enter the price of at least one.',
  },
  form_unknown: {
    kind: 'invalid',
    zh: '类别“{category}”的价格形式 {value} 无法识别，可用的有：flat（单一价）、tiers（阶梯价）、percentage（他类价格的百分比）、coefficient（水量系数）、unpriced（另见他表）。',
    en: 'Category "{category}": the form of price {value} is not known; use flat, tiers, percentage, coefficient or unpriced.',
  },
  field_missing: {
    kind: 'invalid',
    zh: '类别“{category}”的价格缺少 {field}，请补填。',
    en: 'Category "{category}": the price lacks {field}; fill it in.',
  },
  field_unknown: {
    kind: 'invalid',
    zh: '类别“{category}”的价格含有无法识别的项目 {field}，为避免漏算请删去或改正。',
    en: 'Category "{category}": the price holds {field}, which nobody would charge; delete or correct it.',
  },
  field_unreadable: {
    kind: 'invalid',
    zh: '类别“{category}”的 {field} 为 {value}，无法识别；数字请写成文本，例如 "1.40"。',
    en: 'Category "{category}": {field} is {value}, which is not understood; write numbers as text, e.g. "1.40".',
  },
  period_unknown: {
    kind: 'invalid',
    zh: '类别“{category}”的阶梯周期 period 为 {value}；目前只有按月的阶梯（"month"），请按批准文件核对。',
    en: 'Category "{category}": the period of the tiers is {value}; there are tiers by month alone ("month"). Check the approval document.',
  },
  number_unreadable: {
    kind: 'invalid',
    zh: '类别“{category}”的 {field}“{value}”不是可读的数，请写成 1.40 这样的数（小数点前最多 6 位、后最多 8 位）。',
    en: 'Category "{category}": {field} "{value}" is not a number; write it like 1.40, with at most 6 digits before the point and 8 after it.',
  },
  number_negative: {
    kind: 'invalid',
    zh: '类别“{category}”的 {field} 为负数 {value}；价格和系数不能为负，请核对批准文件。',
    en: 'Category "{category}": {field} is negative ({value}); no price or factor is. Check the approval document.',
  },
  factor_out_of_range: {
    kind: 'invalid',
    zh: '类别“{category}”的水量系数 {value} 不在 0 到 1.5 之间（不含 0）；90 % 请写成 0.90。',
    en: 'Category "{category}": the volume coefficient {value} is not above 0 and up to 1.5; write 90 % as 0.90.',
  },
  percent_not_positive: {
    kind: 'invalid',
    zh: '类别“{category}”的百分比为 0；不收费的类别请录为单一价 0.00 并由批准文件支持，否则请填写百分比，例如 15。',
    en: 'Category "{category}": the percentage is 0. Give the percentage, e.g. 15; a category that the approval document lets go free has the flat price 0.00.',
  },
  reference_blank: {
    kind: 'invalid',
    zh: '类别“{category}”标为另见他表，但没有写明是哪张表，请填写表名或文号。',
    en: 'Category "{category}" refers to another table without naming it; give its title or document number.',
  },
  bands_empty: {
    kind: 'invalid',
    zh: '类别“{category}”是阶梯价，但没有任何一档，请录入各档起止水量和单价。',
    en: 'Category "{category}" has tiers but no band; enter the bounds and the price of each.',
  },
  band_number_unreadable: {
    kind: 'invalid',
    zh: '类别“{category}”第 {band} 档的 {field}“{value}”不是可读的数；单价写成 1.40，水量最多 9 位整数、3 位小数。',
    en: 'Category "{category}", band {band}: {field} "{value}" is not a number; write prices like 1.40 and volumes with at most 9 digits and 3 decimals.',
  },
  band_number_negative: {
    kind: 'invalid',
    zh: '类别“{category}”第 {band} 档的 {field} 为负数 {value}，请核对批准文件。',
    en: 'Category "{category}", band {band}: {field} is negative ({value}); check the approval document.',
  },
  first_band_not_from_zero: {
    kind: 'invalid',
    zh: '类别“{category}”的最低一档（第 {band} 档）从 {from} m³ 起，应从 0 起，否则 {from} m³ 以下没有价格。',
    en: 'Category "{category}": the lowest band (band {band}) starts at {from} m³, not at 0, so the volume below it has no price.',
  },
  band_inverted: {
    kind: 'invalid',
    zh: '类别“{category}”第 {band} 档从 {from} 到 {until} m³，止量必须大于起量，请核对是否填反。',
    en: 'Category "{category}": band {band} runs from {from} to {until} m³; its end must lie above its start. Were they exchanged?',
  },
  band_gap: {
    kind: 'invalid',
    zh: '类别“{category}”第 {band} 档从 {from} m³ 起，而前一档到 {until} m³ 止，中间的水量没有价格；上一档的止量应等于下一档的起量。',
    en: 'Category "{category}": band {band} starts at {from} m³ but the one below ends at {until} m³, so the volume between has no price; let each band start where the one below ends.',
  },
  band_overlap: {
    kind: 'invalid',
    zh: '类别“{category}”第 {band} 档从 {from} m³ 起，而前一档到 {until} m³ 才止，重叠的水量有两个价格；上一档的止量应等于下一档的起量。',
    en: 'Category "{category}": band {band} starts at {from} m³ but the one below ends at {until} m³, so the volume between has two prices; let each band start where the one below ends.',
  },
  open_band_not_last: {
    kind: 'invalid',
    zh: '类别“{category}”第 {band} 档（{from} m³ 起）没有止量，但不是最高一档；只有最高一档可以不封顶。',
    en: 'Category "{category}": band {band} (from {from} m³) has no end but is not the highest; only the highest band is open.',
  },
  last_band_closed: {
    kind: 'invalid',
    zh: '类别“{category}”的最高一档（第 {band} 档）到 {until} m³ 止，超出部分没有价格；最高一档的止量请留空。',
    en: 'Category "{category}": the highest band (band {band}) ends at {until} m³, so the volume above has no price; leave its end open.',
  },
  percentage_of_unknown: {
    kind: 'invalid',
    zh: '类别“{category}”按“{of}”价格的百分比计，但收费标准中没有类别“{of}”；请补录该类别或改正名称。',
    en: 'Category "{category}" is a percentage of "{of}", which the schedule does not have; enter that category or correct the name.',
  },
  percentage_in_circle: {
    kind: 'invalid',
    zh: '类别“{category}”的百分比最终又指回自己（{path}），算不出价格；请给其中一个类别录入单价。',
    en: 'Category "{category}" is a percentage that leads back to itself ({path}), so there is no price; give one of them a price of its own.',
  },
  percentage_of_unpriced: {
    kind: 'invalid',
    zh: '类别“{category}”按“{of}”价格的百分比计，但“{of}”标为另见他表、尚无价格；请先录入该价格，或把本类别也标为另见他表。',
    en: 'Category "{category}" is a percentage of "{of}", whose price stands in another table and is not entered; enter it first, or mark this category as unpriced too.',
  },
} satisfies RefusalTable

export const refusePrice = refuser(priceRefusals)
