import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import { plainText } from '../kernel/decimal.ts'
import { type Money, moneyText, roundToMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type Volume, volumeText } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import { explainSteps, priceVolume } from './price.rules.ts'
import { type PricedVolume, wholeMonth } from './price.ts'
import { ratesTouching, scheduleById } from './rate-schedule.queries.ts'
import { refuseSchedule } from './rate-schedule.refusals.ts'
import type { RateSchedule } from './rate-schedule.ts'

/** What a month's volume would cost, and why. */
export interface ExplainedPrice {
  readonly category: string
  readonly on: CivilDate
  readonly volume: Volume
  readonly schedule: RateSchedule
  readonly priced: PricedVolume
  readonly amount: Money
}

/** The price of a whole month's volume by the rate of one day of use. Refuses a day or a category without a rate. */
export async function explainPrice(
  db: Db | Trx,
  wanted: { readonly category: string; readonly volume: Volume; readonly on: CivilDate },
): Promise<ExplainedPrice | Refusal> {
  const { category, volume, on } = wanted
  const rates = await ratesTouching(db, { from: on, until: plusDays(on, 1) })
  const rate = rates.find(({ categoryCode }) => categoryCode === category)
  const schedule = rate && (await scheduleById(db, rate.scheduleId))
  if (schedule === undefined) return refuseSchedule('rate_missing_on_day', { category, date: on })
  const priced = priceVolume(schedule.prices, category, volume, wholeMonth)
  if (isRefusal(priced)) return priced
  return { ...wanted, schedule, priced, amount: roundToMoney(priced.unroundedAmount) }
}

/** The same as JSON, its steps as sentences in a language. */
export function explainedPriceJson(explained: ExplainedPrice, language: 'zh' | 'en') {
  const { category, on, volume, schedule, priced, amount } = explained
  return {
    category,
    on,
    volumeM3: volumeText(volume),
    billableVolumeM3: volumeText(priced.billableVolumeM3),
    schedule: schedule.code,
    approvalDocument: schedule.approvalDocument,
    steps: explainSteps(priced.steps, language),
    unrounded: plainText(priced.unroundedAmount),
    amount: moneyText(amount),
  }
}
