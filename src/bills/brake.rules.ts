import type { FeeMonth } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import { type Money, moneyForPeople } from '../kernel/money.ts'

/** How far a run may lie from its own history before a person must put their name to it. */
export interface BrakeSettings {
  readonly countShare: string
  readonly totalShare: string
}
export interface BrakeFinding {
  readonly code: 'count' | 'total' | 'outliers'
  readonly zh: string
  readonly en: string
}

/**
 * The brake on mass output: the number of bills against the month before, the total against the mean of the last three
 * months, and accounts far above their own mean. Without history there is nothing to compare: only outliers count.
 */
export function brake(
  run: { readonly bills: number; readonly amount: Money; readonly outliers: number },
  history: readonly { readonly feeMonth: FeeMonth; readonly bills: number; readonly amount: Money }[],
  settings: BrakeSettings,
): readonly BrakeFinding[] {
  const findings: BrakeFinding[] = []
  const [before] = history
  if (before !== undefined && isFar(new Exact(run.bills), new Exact(before.bills), settings.countShare)) {
    findings.push({
      code: 'count',
      zh: `账单 ${run.bills} 张，${before.feeMonth} 为 ${before.bills} 张`,
      en: `${run.bills} bills, ${before.feeMonth} had ${before.bills}`,
    })
  }
  if (history.length > 0) {
    const mean = history.reduce((sum, each) => sum.plus(each.amount), new Exact(0)).div(history.length)
    if (isFar(run.amount, mean, settings.totalShare)) {
      const usual = moneyForPeople(mean.toDecimalPlaces(2) as Money)
      findings.push({
        code: 'total',
        zh: `合计 ${moneyForPeople(run.amount)} 元，近 ${history.length} 个月平均 ${usual} 元`,
        en: `total ${moneyForPeople(run.amount)}, mean of the last ${history.length} months ${usual}`,
      })
    }
  }
  if (run.outliers > 0) {
    findings.push({
      code: 'outliers',
      zh: `${run.outliers} 户用水远高于自身平均`,
      en: `${run.outliers} accounts far above their own mean`,
    })
  }
  return findings
}

function isFar(value: Exact, usual: Exact, share: string): boolean {
  return value.minus(usual).abs().greaterThan(usual.abs().times(share))
}
