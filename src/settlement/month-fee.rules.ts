import {
  type CivilDate,
  civilDate,
  daysIn,
  type FeeMonth,
  firstDay,
  holdsOn,
  lastDay,
  monthOf,
  plusDays,
  yearOf,
} from '../kernel/calendar.ts'
import { Exact, plainText } from '../kernel/decimal.ts'
import { present } from '../kernel/invariant.ts'
import {
  addMoney,
  type Money,
  money,
  moneyText,
  priceOf,
  roundToMoney,
  subtractMoney,
  unitPrice,
  zeroMoney,
} from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { isRefusal } from '../kernel/refusal.ts'
import {
  addVolumes,
  roundToVolume,
  subtractVolume,
  type Volume,
  volume,
  volumeText,
  zeroVolume,
} from '../kernel/volume.ts'
import type { Concession, ConcessionTerms, During, IndicatorLimit } from './concession.ts'
import { type IndicatorCode, indicators } from './indicator.ts'
import type { DayFee, Deduction, Exceeded, FeeLine, MonthFee, PartFee, Reward, YearGuarantee } from './month-fee.ts'
import type { PlantDay } from './plant-day.ts'
import { refuseSettlement } from './settlement.refusals.ts'

type Days = ReadonlyMap<CivilDate, PlantDay>

/**
 * The service fee of a month from the agreements and the days of the plant (decision 14): daily cap, days out of
 * compliance, guarantee, deductions, reward, in this order; m³ in, yuan out, each line rounded once. Refuses a day
 * without an agreement, without a record, or without a value that the agreement wants every day: nothing is taken as 0.
 */
export function monthFee(month: FeeMonth, agreements: readonly Concession[], days: Days): MonthFee | Refusal {
  const wanted = daysBetween(firstDay(month), plusDays(lastDay(month), 1))
  const refused = whatIsMissing(wanted, agreements, days)
  if (refused !== undefined) return refused
  const parts = partsOf(wanted, agreements)
  const fees = parts.map((part) => partFee(part, days))
  const yearGuarantees: YearGuarantee[] = []
  for (const agreement of agreements) {
    const found = yearGuarantee(month, agreement, days)
    if (isRefusal(found)) return found
    if (found !== undefined) yearGuarantees.push(found)
  }
  const deductions = deductionsOf(fees)
  const rewards = rewardsOf(parts, fees, days)
  const base = addMoney([...fees.flatMap(({ lines }) => lines), ...yearGuarantees].map(amountOf))
  const asked = addMoney(deductions.map(amountOf))
  const deducted = asked.gt(base) ? base : asked
  const amount = addMoney([subtractMoney(base, deducted), ...rewards.map(amountOf)])
  return {
    month,
    parts: fees,
    yearGuarantees,
    deductions,
    deducted: moneyText(deducted),
    rewards,
    treatedM3: sumOf(fees.map(({ treatedM3 }) => treatedM3)),
    paidM3: sumOf([...fees.map(({ paidM3 }) => paidM3), ...yearGuarantees.map(({ shortfallM3 }) => shortfallM3)]),
    amount: moneyText(amount),
  }
}

const amountOf = ({ amount }: { readonly amount: string }): Money => money(amount)
const sumOf = (volumes: readonly string[]): string => volumeText(addVolumes(volumes.map(volume)))

function daysBetween(from: CivilDate, until: CivilDate): CivilDate[] {
  return Array.from({ length: daysIn({ from, until }) }, (_, index) => plusDays(from, index))
}

const inForceOn = (agreements: readonly Concession[], day: CivilDate): Concession | undefined =>
  agreements.find(({ validFrom, validUntil }) => holdsOn({ from: validFrom, until: validUntil }, day))

/** Lists by period cover every day of their agreement: checked on entry. */
function heldOn<Entry extends During>(list: readonly Entry[], day: CivilDate): Entry {
  const found = list.find(({ from, until }) => from <= day && (until === null || day < until))
  return present(found, `a list by period says something of ${day}`)
}

function whatIsMissing(
  wanted: readonly CivilDate[],
  agreements: readonly Concession[],
  days: Days,
): Refusal | undefined {
  const month = wanted[0] === undefined ? '' : monthOf(wanted[0])
  const without = wanted.filter((day) => inForceOn(agreements, day) === undefined)
  if (without.length > 0) return refuseSettlement('concession_missing', { month, days: listed(without) })
  const unrecorded = wanted.filter((day) => !days.has(day))
  if (unrecorded.length > 0) return refuseSettlement('plant_days_missing', { month, days: listed(unrecorded) })
  const unmeasured = wanted.flatMap((day) => {
    const { treatedM3, effluent } = present(days.get(day), 'the day is recorded')
    if (treatedM3.isZero()) return []
    const { terms } = present(inForceOn(agreements, day), 'the day has an agreement')
    const lacking = terms.indicators.filter(
      ({ code, measured }) => measured === 'every_day' && effluent[code as IndicatorCode] === undefined,
    )
    return lacking.map(({ code }) => `${day} ${indicators[code as IndicatorCode].en}`)
  })
  if (unmeasured.length > 0) return refuseSettlement('plant_values_missing', { month, values: listed(unmeasured) })
  return undefined
}

const shownAtMost = 12
const listed = (all: readonly string[]): string =>
  all.slice(0, shownAtMost).join('、') + (all.length > shownAtMost ? ` … (${all.length})` : '')

interface Part {
  readonly agreement: Concession
  readonly days: CivilDate[]
  readonly perM3: string
  readonly guaranteeShare: string | undefined
  readonly over: { readonly aboveShare: string; readonly perM3: string } | undefined
}

/** Days in a row under the same agreement, price, guarantee and over-volume price. */
function partsOf(wanted: readonly CivilDate[], agreements: readonly Concession[]): Part[] {
  const parts: Part[] = []
  let last: unknown[] = []
  for (const day of wanted) {
    const agreement = present(inForceOn(agreements, day), 'the day has an agreement')
    const { terms } = agreement
    const price = heldOn(terms.prices, day)
    const guarantee = terms.guarantee === null ? undefined : heldOn(terms.guarantee.shares, day)
    const over = terms.overVolume === null ? undefined : heldOn(terms.overVolume, day)
    const of = [agreement, price, guarantee, over]
    const part = parts.at(-1)
    if (part !== undefined && of.every((each, index) => each === last[index])) part.days.push(day)
    else parts.push({ agreement, days: [day], perM3: price.perM3, guaranteeShare: guarantee?.share, over })
    last = of
  }
  return parts
}

function partFee({ agreement, days: wanted, perM3, guaranteeShare, over }: Part, days: Days): PartFee {
  const { terms } = agreement
  const lines = wanted.map((day) => dayFee(present(days.get(day), 'the day is recorded'), terms, guaranteeShare))
  const payable = addVolumes(lines.map(({ payableM3 }) => volume(payableM3)))
  const basis = terms.guarantee?.basis
  const guaranteed =
    basis === 'day'
      ? addVolumes(lines.map((line) => ofDay(line).guaranteed))
      : roundToVolume(lines.reduce((sum, { guaranteedM3 }) => sum.plus(guaranteedM3 ?? '0'), new Exact(0)))
  const paid =
    basis === 'day'
      ? addVolumes(lines.map((line) => larger(ofDay(line).payable, ofDay(line).guaranteed)))
      : basis === 'month'
        ? larger(payable, guaranteed)
        : payable
  return {
    agreement: agreement.code,
    from: present(wanted[0], 'a part has a day'),
    until: plusDays(present(wanted.at(-1), 'a part has a day'), 1),
    days: lines,
    treatedM3: sumOf(lines.map(({ treatedM3 }) => treatedM3)),
    cappedM3: sumOf(lines.map(({ cappedM3 }) => cappedM3)),
    payableM3: volumeText(payable),
    guarantee: basis === undefined ? null : { basis, share: guaranteeShare ?? '0', m3: volumeText(guaranteed) },
    paidM3: volumeText(paid),
    lines: pricedLines(
      paid,
      perM3,
      over,
      roundToVolume(new Exact(terms.designM3PerDay).times(wanted.length).times(over?.aboveShare ?? '0')),
    ),
  }
}

const larger = (a: Volume, b: Volume): Volume => (b.gt(a) ? b : a)
const ofDay = ({ payableM3, guaranteedM3 }: DayFee) => ({
  payable: volume(payableM3),
  guaranteed: roundToVolume(new Exact(guaranteedM3 ?? '0')),
})

function pricedLines(paid: Volume, perM3: string, over: Part['over'], threshold: Volume): FeeLine[] {
  const line = (kind: FeeLine['kind'], m3: Volume, price: string): FeeLine => ({
    kind,
    m3: volumeText(m3),
    perM3: price,
    amount: moneyText(roundToMoney(priceOf(m3, unitPrice(price)))),
  })
  if (over === undefined || paid.lte(threshold)) return [line('volume', paid, perM3)]
  return [line('volume', threshold, perM3), line('over_volume', subtractVolume(paid, threshold), over.perM3)]
}

/** Daily cap, then what the day loses for being out of compliance, then its guaranteed volume. */
function dayFee(plantDay: PlantDay, terms: ConcessionTerms, guaranteeShare: string | undefined): DayFee {
  const design = new Exact(terms.designM3PerDay)
  const { treatedM3 } = plantDay
  const most = terms.dailyCap === null ? undefined : roundToVolume(design.times(terms.dailyCap))
  const capped = most !== undefined && treatedM3.gt(most) ? most : treatedM3
  const exceeded = terms.indicators.flatMap((limit) => exceedance(limit, plantDay))
  const unpaid = unpaidShareOf(exceeded, terms.severalIndicators)
  const paidShare = new Exact(1).minus(unpaid)
  const guaranteed =
    guaranteeShare === undefined
      ? null
      : design.times(guaranteeShare).times(terms.guarantee?.daysOutOfCompliance === 'left_out' ? paidShare : 1)
  return {
    day: plantDay.day,
    treatedM3: volumeText(treatedM3),
    cappedM3: volumeText(capped),
    exceeded,
    unpaidShare: plainText(unpaid),
    payableM3: volumeText(roundToVolume(capped.times(paidShare))),
    guaranteedM3: guaranteed === null ? null : plainText(guaranteed),
  }
}

function unpaidShareOf(exceeded: readonly Exceeded[], several: ConcessionTerms['severalIndicators']): Exact {
  const shares = exceeded.map(({ unpaidShare }) => new Exact(unpaidShare))
  const nothing = new Exact(0)
  const together =
    several === 'sum'
      ? shares.reduce((sum, share) => sum.plus(share), nothing)
      : shares.reduce((largest, share) => (share.gt(largest) ? share : largest), nothing)
  return together.gt(1) ? new Exact(1) : together
}

/** What a value beyond its limit means for its day; nothing for a value within, at the limit, or not given. */
export function exceedance(limit: IndicatorLimit, { effluent, treatedM3 }: PlantDay): Exceeded[] {
  const given = effluent[limit.code as IndicatorCode]
  if (given === undefined || treatedM3.isZero()) return []
  const value = new Exact(given)
  const over = limit.max !== null && value.gt(limit.max)
  const under = limit.min !== null && value.lt(limit.min)
  if (!over && !under) return []
  const bound = new Exact(present(over ? limit.max : limit.min, 'a value lies beyond a limit that is there'))
  const beyond = value.minus(bound).abs().div(bound)
  const step = present(
    limit.steps.findLast(({ from }) => beyond.gte(from)),
    'the steps begin at 0',
  )
  return [
    {
      code: limit.code,
      value: given,
      limit: plainText(bound),
      beyond: plainText(beyond.toDecimalPlaces(6)),
      unpaidShare: step.unpaidShare,
      deduction: moneyText(money(step.deduction)),
    },
  ]
}

function deductionsOf(parts: readonly PartFee[]): Deduction[] {
  const found = new Map<string, { agreement: string; code: string; days: number; amount: Money }>()
  for (const { agreement, days } of parts) {
    for (const { code, deduction } of days.flatMap(({ exceeded }) => exceeded)) {
      if (money(deduction).isZero()) continue
      const key = `${agreement}/${code}`
      const before = found.get(key) ?? { agreement, code, days: 0, amount: zeroMoney }
      found.set(key, { ...before, days: before.days + 1, amount: addMoney([before.amount, money(deduction)]) })
    }
  }
  return [...found.values()].map((each) => ({ ...each, amount: moneyText(each.amount) }))
}

/** Paid for the volume that counts where every value of the month stays within the reward's own figures. */
function rewardsOf(parts: readonly Part[], fees: readonly PartFee[], days: Days): Reward[] {
  const agreements = [...new Set(parts.map(({ agreement }) => agreement))]
  return agreements.flatMap(({ code, terms }) => {
    if (terms.reward === null) return []
    const { perM3, limits } = terms.reward
    const own = parts.filter(({ agreement }) => agreement.code === code).flatMap((part) => part.days)
    const values = own.map((day) => present(days.get(day), 'the day is recorded').effluent)
    const earned = limits.every((limit) => {
      const given = values.flatMap((effluent) => effluent[limit.code as IndicatorCode] ?? [])
      return given.length > 0 && given.every((value) => new Exact(value).lte(limit.max))
    })
    if (!earned) return []
    const m3 = addVolumes(fees.filter(({ agreement }) => agreement === code).map(({ payableM3 }) => volume(payableM3)))
    return [
      { agreement: code, m3: volumeText(m3), perM3, amount: moneyText(roundToMoney(priceOf(m3, unitPrice(perM3)))) },
    ]
  })
}

/**
 * The shortfall of a calendar year against a guarantee tested over the year, in December or the agreement's last month,
 * at the price of its last day. Refuses where days of the year before this month are not recorded.
 */
function yearGuarantee(month: FeeMonth, agreement: Concession, days: Days): YearGuarantee | Refusal | undefined {
  const { terms, validFrom, validUntil, code } = agreement
  if (terms.guarantee?.basis !== 'year') return undefined
  const year = yearOf(firstDay(month))
  const yearBegins = civilDate(`${year}-01-01`)
  const yearEnds = civilDate(`${year + 1}-01-01`)
  const from = validFrom > yearBegins ? validFrom : yearBegins
  const until = validUntil !== null && validUntil < yearEnds ? validUntil : yearEnds
  if (until <= from || monthOf(plusDays(until, -1)) !== month) return undefined
  const wanted = daysBetween(from, until)
  const missing = whatIsMissing(wanted, [agreement], days)
  if (missing !== undefined) return missing
  const fees = partsOf(wanted, [agreement]).map((part) => partFee(part, days))
  const payable = addVolumes(fees.map(({ payableM3 }) => volume(payableM3)))
  const guaranteed = addVolumes(fees.map(({ guarantee }) => volume(guarantee?.m3 ?? '0')))
  const shortfall = guaranteed.gt(payable) ? subtractVolume(guaranteed, payable) : zeroVolume
  const { perM3 } = heldOn(terms.prices, plusDays(until, -1))
  return {
    agreement: code,
    year,
    payableM3: volumeText(payable),
    guaranteedM3: volumeText(guaranteed),
    shortfallM3: volumeText(shortfall),
    perM3,
    amount: moneyText(roundToMoney(priceOf(shortfall, unitPrice(perM3)))),
  }
}
