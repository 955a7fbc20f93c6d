import { type CivilDate, parseCivilDate } from '../kernel/calendar.ts'
import { type Exact, parseExact } from '../kernel/decimal.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { ConcessionTerms, During, EnteredConcession, IndicatorLimit } from './concession.ts'
import { indicatorCodes, isIndicator } from './indicator.ts'
import { refuseSettlement } from './settlement.refusals.ts'

/**
 * Everything that is wrong with an agreement as it was entered; none where it can be settled by. Lists by period must
 * follow one another from the first day of the agreement without gap or overlap and stay open at their end, so that no
 * day is ever without a price.
 */
export function concessionFaults(entered: EnteredConcession): Refusal[] {
  const { terms } = entered
  const faults: Refusal[] = []
  const fault = (where: string, ruleZh: string, ruleEn: string) =>
    void faults.push(refuseSettlement('concession_field_faulty', { where, ruleZh, ruleEn }))
  const number = (where: string, text: string, fits: (value: Exact) => boolean, ruleZh: string, ruleEn: string) => {
    const value = parseExact(text)
    if (value === undefined || !fits(value)) fault(`${where}: ${text}`, ruleZh, ruleEn)
  }
  const positive = (where: string, text: string) =>
    number(where, text, (value) => value.gt(0), '须为大于 0 的数', 'is a number above 0')
  const price = (where: string, text: string) =>
    number(
      where,
      text,
      (value) => !value.lt(0),
      '须为不小于 0 的单价（元/m³）',
      'is a price of 0 or more (yuan per m³)',
    )
  const share = (where: string, text: string, most: string) =>
    number(
      where,
      text,
      (value) => !value.lt(0) && value.lte(most),
      `须为 0 到 ${most} 之间的比例`,
      `is a share from 0 to ${most}`,
    )

  if (!/^[A-Za-z0-9-]{2,40}$/.test(entered.code))
    fault(`code: ${entered.code}`, '须为 2 至 40 位字母、数字或连字符', 'has 2 to 40 letters, digits or hyphens')
  for (const [where, text] of [
    ['title', entered.title],
    ['document', entered.document],
  ] as const)
    if (text.trim() === '') fault(where, '不能为空', 'is not empty')
  const validFrom = parseCivilDate(entered.validFrom)
  if (validFrom === undefined) fault(`validFrom: ${entered.validFrom}`, '须为日期 YYYY-MM-DD', 'is a date, YYYY-MM-DD')
  positive('designM3PerDay', terms.designM3PerDay)
  if (terms.dailyCap !== null) positive('dailyCap', terms.dailyCap)
  const periods = (where: string, list: readonly During[]) => {
    if (validFrom !== undefined) faults.push(...periodFaults(where, list, validFrom))
  }
  periods('prices', terms.prices)
  for (const [index, each] of terms.prices.entries()) price(`prices[${index}].perM3`, each.perM3)
  if (terms.guarantee !== null) {
    periods('guarantee.shares', terms.guarantee.shares)
    for (const [index, each] of terms.guarantee.shares.entries())
      share(`guarantee.shares[${index}].share`, each.share, '1')
  }
  if (terms.overVolume !== null) {
    periods('overVolume', terms.overVolume)
    for (const [index, each] of terms.overVolume.entries()) {
      share(`overVolume[${index}].aboveShare`, each.aboveShare, '10')
      price(`overVolume[${index}].perM3`, each.perM3)
    }
  }
  faults.push(...indicatorFaults(terms))
  if (terms.reward !== null) {
    price('reward.perM3', terms.reward.perM3)
    if (terms.reward.limits.length === 0) fault('reward.limits', '须列明指标', 'names its indicators')
    for (const { code, max } of terms.reward.limits) {
      positive(`reward.limits.${code}`, max)
      if (!terms.indicators.some((indicator) => indicator.code === code))
        fault(`reward.limits.${code}`, '须为协议考核的指标', 'is an indicator of the agreement')
    }
  }
  return faults
}

function periodFaults(where: string, list: readonly During[], validFrom: CivilDate): Refusal[] {
  const faults: Refusal[] = []
  const fault = (position: string, ruleZh: string, ruleEn: string) =>
    void faults.push(refuseSettlement('concession_field_faulty', { where: `${where}${position}`, ruleZh, ruleEn }))
  if (list.length === 0) fault('', '不能为空', 'is not empty')
  let expected: string | null = validFrom
  for (const [index, { from, until }] of list.entries()) {
    const position = `[${index}]`
    const dated = [from, ...(until === null ? [] : [until])].every((day) => parseCivilDate(day) !== undefined)
    if (!dated || (until !== null && until <= from)) {
      fault(`${position}: ${from} – ${until ?? ''}`, '起止须为日期，止晚于起', 'runs from a date to a later one')
      return faults
    }
    if (expected === null || from < expected)
      fault(
        `${position}.from: ${from}`,
        `与前一段重叠（应自 ${expected ?? '—'} 起）`,
        `overlaps what is before it (begins on ${expected ?? '—'})`,
      )
    else if (from > expected)
      fault(`${position}.from: ${from}`, `自 ${expected} 起缺一段`, `leaves a gap from ${expected}`)
    expected = until
  }
  if (list.length > 0 && expected !== null)
    fault(
      '',
      `自 ${expected} 起没有规定；最后一段的 until 须为 null`,
      `says nothing from ${expected}; the last until is null`,
    )
  return faults
}

function indicatorFaults({ indicators }: ConcessionTerms): Refusal[] {
  const faults: Refusal[] = []
  const seen = new Set<string>()
  for (const indicator of indicators) {
    const where = `indicators.${indicator.code}`
    const fault = (rest: string, ruleZh: string, ruleEn: string) =>
      void faults.push(refuseSettlement('concession_field_faulty', { where: `${where}${rest}`, ruleZh, ruleEn }))
    if (!isIndicator(indicator.code))
      fault('', `须为 ${indicatorCodes.join('、')} 之一`, `is one of ${indicatorCodes.join(', ')}`)
    if (seen.has(indicator.code)) fault('', '只能列一次', 'is listed once')
    seen.add(indicator.code)
    faults.push(...limitFaults(indicator, where), ...stepFaults(indicator, where))
  }
  return faults
}

function limitFaults({ min, max }: IndicatorLimit, where: string): Refusal[] {
  const [low, high] = [min === null ? undefined : parseExact(min), max === null ? undefined : parseExact(max)]
  const readable = (min === null || low?.gt(0)) && (max === null || high?.gt(0))
  if (readable && (low ?? high) !== undefined && !(low !== undefined && high !== undefined && low.gte(high))) return []
  return [
    refuseSettlement('concession_field_faulty', {
      where: `${where}: ${min ?? '—'} … ${max ?? '—'}`,
      ruleZh: '须有大于 0 的上限或下限，且下限小于上限',
      ruleEn: 'has a limit above 0, the lower one below the upper',
    }),
  ]
}

function stepFaults({ steps }: IndicatorLimit, where: string): Refusal[] {
  const from = steps.map((step) => parseExact(step.from))
  const rising = from.every((value, index) => {
    if (value === undefined) return false
    const before = index === 0 ? undefined : from[index - 1]
    return index === 0 ? value.isZero() : before !== undefined && value.gt(before)
  })
  const usable = steps.every(({ unpaidShare, deduction }) => {
    const [unpaid, yuan] = [parseExact(unpaidShare), parseExact(deduction)]
    return unpaid !== undefined && !unpaid.lt(0) && unpaid.lte(1) && yuan !== undefined && !yuan.lt(0) && yuan.dp() <= 2
  })
  if (steps.length > 0 && rising && usable) return []
  return [
    refuseSettlement('concession_field_faulty', {
      where: `${where}.steps`,
      ruleZh: '须自 0 起逐级升高；unpaidShare 在 0 与 1 之间，deduction 为不小于 0、最多 2 位小数的元数',
      ruleEn: 'rise from 0; unpaidShare lies between 0 and 1, deduction is yuan of 0 or more with at most 2 decimals',
    }),
  ]
}
