import type { FeeMonth } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import { type Money, moneyForPeople } from '../kernel/money.ts'
import { addVolumes, roundToVolume, type Volume, volumeForPeople } from '../kernel/volume.ts'

/** How far a run may lie from its own history before a person must put their name to it. */
export interface BrakeSettings {
  readonly countShare: string
  readonly totalShare: string
}
export interface BrakeFinding {
  readonly code: 'count' | 'total' | 'volume' | 'outliers'
  readonly zh: string
  readonly en: string
}

/** A month as it was billed, or would be with the run that waits: corrections are no part of it. */
export interface BilledMonth {
  readonly feeMonth: FeeMonth
  readonly accounts: number
  readonly amount: Money
  readonly volumeM3: Volume
}

/**
 * The brake on mass output: the accounts billed against the month before, the total against the mean of the last three
 * months, and accounts far above their own mean. `month` is the whole month as it would stand, this run and the ones
 * before it together, so that a month cut into runs is held as a whole. Where nothing was billed before, the volume is
 * held against the uses that came with the go-live; without those only outliers count.
 */
export function brake(
  month: BilledMonth & { readonly outliers: number },
  history: { readonly billed: readonly BilledMonth[]; readonly usesM3: readonly Volume[] },
  settings: BrakeSettings,
): readonly BrakeFinding[] {
  const findings: BrakeFinding[] = []
  const { billed, usesM3 } = history
  const [before] = billed
  if (before !== undefined && isFar(new Exact(month.accounts), new Exact(before.accounts), settings.countShare)) {
    findings.push({
      code: 'count',
      zh: `本月计费 ${month.accounts} 户，${before.feeMonth} 为 ${before.accounts} 户`,
      en: `${month.accounts} accounts billed, ${before.feeMonth} had ${before.accounts}`,
    })
  }
  if (billed.length > 0) {
    const mean = billed.reduce((sum, each) => sum.plus(each.amount), new Exact(0)).div(billed.length)
    if (isFar(month.amount, mean, settings.totalShare)) {
      const usual = moneyForPeople(mean.toDecimalPlaces(2) as Money)
      findings.push({
        code: 'total',
        zh: `本月合计 ${moneyForPeople(month.amount)} 元，近 ${billed.length} 个月平均 ${usual} 元`,
        en: `total ${moneyForPeople(month.amount)}, mean of the last ${billed.length} months ${usual}`,
      })
    }
  } else if (usesM3.length > 0) {
    const mean = addVolumes(usesM3).div(usesM3.length)
    if (isFar(month.volumeM3, mean, settings.totalShare)) {
      const usual = volumeForPeople(roundToVolume(mean))
      findings.push({
        code: 'volume',
        zh: `本月水量 ${volumeForPeople(month.volumeM3)} m³，启用前 ${usesM3.length} 个月平均 ${usual} m³`,
        en: `${volumeForPeople(month.volumeM3)} m³, mean of the last ${usesM3.length} months before going live ${usual} m³`,
      })
    }
  }
  if (month.outliers > 0) {
    findings.push({
      code: 'outliers',
      zh: `${month.outliers} 户用水远高于自身平均`,
      en: `${month.outliers} accounts far above ${month.outliers === 1 ? 'its' : 'their'} own mean`,
    })
  }
  return findings
}

function isFar(value: Exact, usual: Exact, share: string): boolean {
  return value.minus(usual).abs().greaterThan(usual.abs().times(share))
}
