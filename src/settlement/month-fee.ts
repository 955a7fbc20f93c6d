/** One month of the service fee with its arithmetic, as it is frozen in a claim: numbers are text, days are dates. */
export type MonthFee = {
  readonly month: string
  readonly parts: readonly PartFee[]
  /** Of an agreement whose guarantee is tested over the year, in its last month of the year. */
  readonly yearGuarantees: readonly YearGuarantee[]
  readonly deductions: readonly Deduction[]
  /** What was taken off: all deductions, at most what the month came to. */
  readonly deducted: string
  readonly rewards: readonly Reward[]
  readonly treatedM3: string
  readonly paidM3: string
  readonly amount: string
}

/** Days under one agreement, price, guarantee and over-volume price. */
export type PartFee = {
  readonly agreement: string
  readonly from: string
  /** Excluded. */
  readonly until: string
  readonly days: readonly DayFee[]
  readonly treatedM3: string
  readonly cappedM3: string
  /** After days out of compliance. */
  readonly payableM3: string
  readonly guarantee: { readonly basis: 'day' | 'month' | 'year'; readonly share: string; readonly m3: string } | null
  readonly paidM3: string
  readonly lines: readonly FeeLine[]
}

export type FeeLine = {
  readonly kind: 'volume' | 'over_volume'
  readonly m3: string
  readonly perM3: string
  readonly amount: string
}

export type DayFee = {
  readonly day: string
  readonly treatedM3: string
  readonly cappedM3: string
  readonly exceeded: readonly Exceeded[]
  readonly unpaidShare: string
  readonly payableM3: string
  /** Unrounded; summed over the part, or paid for by the day. */
  readonly guaranteedM3: string | null
}

export type Exceeded = {
  readonly code: string
  readonly value: string
  readonly limit: string
  /** Share of the limit by which the value lies beyond it, rounded to 6 places to be shown. */
  readonly beyond: string
  readonly unpaidShare: string
  readonly deduction: string
}

export type YearGuarantee = {
  readonly agreement: string
  readonly year: number
  readonly payableM3: string
  readonly guaranteedM3: string
  readonly shortfallM3: string
  readonly perM3: string
  readonly amount: string
}

export type Deduction = {
  readonly agreement: string
  readonly code: string
  readonly days: number
  readonly amount: string
}

export type Reward = {
  readonly agreement: string
  readonly m3: string
  readonly perM3: string
  readonly amount: string
}
