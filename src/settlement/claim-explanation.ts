import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import { percentText, withThousands } from '../kernel/decimal.ts'
import { amountInCapitals, money, moneyForPeople } from '../kernel/money.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import { indicators, isIndicator } from './indicator.ts'
import type { DayFee, MonthFee, PartFee } from './month-fee.ts'
import type { ClaimCalculation } from './service-fee-claim.ts'

type Language = 'zh' | 'en'
const yuan = (text: string) => moneyForPeople(money(text))
const m3 = (text: string) => volumeForPeople(volume(text))
const nameOf = (code: string, language: Language) => (isIndicator(code) ? indicators[code][language] : code)
const lastOf = ({ until }: PartFee) => plusDays(until as CivilDate, -1)

/** A claim from the cubic metre to the fen, line by line, in the order of the steps. */
export function explainClaim(calculation: ClaimCalculation, language: Language): string[] {
  const zh = language === 'zh'
  const { fee, corrections, corrected, carriedIn, payable, carriedOut } = calculation
  const others = `${signed(corrected)}${signed(carriedIn)}`
  const sum = others === '' ? '' : `${yuan(fee.amount)}${others} = `
  return [
    ...explainMonth(fee, language),
    ...(corrections.length === 0 ? [] : [zh ? '以前月份更正' : 'Corrections of earlier months']),
    ...corrections.map(({ month, settledBefore, computedNow, difference }) =>
      zh
        ? `  ${month}：已结算 ${yuan(settledBefore)}，现为 ${yuan(computedNow)}，差 ${yuan(difference)} 元`
        : `  ${month}: settled ${yuan(settledBefore)}, now ${yuan(computedNow)}, difference ${yuan(difference)} yuan`,
    ),
    ...(money(carriedIn).isZero()
      ? []
      : [zh ? `上期转入 ${yuan(carriedIn)} 元` : `Carried in ${yuan(carriedIn)} yuan`]),
    zh ? `应付 ${sum}${yuan(payable)} 元　${amountInCapitals(money(payable))}` : `Payable ${sum}${yuan(payable)} yuan`,
    ...(money(carriedOut).isZero()
      ? []
      : [zh ? `不足部分 ${yuan(carriedOut)} 元转入下期` : `${yuan(carriedOut)} yuan go into the next claim`]),
  ]
}

const signed = (text: string): string => {
  const amount = money(text)
  if (amount.isZero()) return ''
  return amount.isNegative() ? ` − ${moneyForPeople(money(text.slice(1)))}` : ` + ${yuan(text)}`
}

function explainMonth(fee: MonthFee, language: Language): string[] {
  const zh = language === 'zh'
  const lines = [zh ? `${fee.month} 处理水量 ${m3(fee.treatedM3)} m³` : `${fee.month}: ${m3(fee.treatedM3)} m³ treated`]
  for (const part of fee.parts) lines.push(...explainPart(part, language))
  for (const { agreement, year, payableM3, guaranteedM3, shortfallM3, perM3, amount } of fee.yearGuarantees) {
    lines.push(
      zh
        ? `全年保底（${agreement}，${year}）：计费 ${m3(payableM3)}，保底 ${m3(guaranteedM3)}，不足 ${m3(shortfallM3)} m³ × ${perM3} 元/m³ = ${yuan(amount)} 元`
        : `Guarantee of the year (${agreement}, ${year}): ${m3(payableM3)} of ${m3(guaranteedM3)} guaranteed, ${m3(shortfallM3)} m³ short × ${perM3} yuan/m³ = ${yuan(amount)} yuan`,
    )
  }
  for (const { code, days, amount } of fee.deductions)
    lines.push(
      zh
        ? `扣款：${nameOf(code, language)} 超标 ${days} 天，${yuan(amount)} 元`
        : `Deduction: ${nameOf(code, language)} beyond its limit, ${days} ${days === 1 ? 'day' : 'days'}, ${yuan(amount)} yuan`,
    )
  if (fee.deductions.length > 0)
    lines.push(
      zh
        ? `  实扣 ${yuan(fee.deducted)} 元（以当月金额为限）`
        : `  taken off ${yuan(fee.deducted)} yuan (at most the month’s own amount)`,
    )
  for (const reward of fee.rewards)
    lines.push(
      zh
        ? `奖励：全月达到奖励标准，${m3(reward.m3)} m³ × ${reward.perM3} 元/m³ = ${yuan(reward.amount)} 元`
        : `Reward: the whole month within its figures, ${m3(reward.m3)} m³ × ${reward.perM3} yuan/m³ = ${yuan(reward.amount)} yuan`,
    )
  lines.push(zh ? `当月服务费 ${yuan(fee.amount)} 元` : `Fee of the month ${yuan(fee.amount)} yuan`)
  return lines
}

function explainPart(part: PartFee, language: Language): string[] {
  const zh = language === 'zh'
  const { agreement, from, days, treatedM3, cappedM3, payableM3, guarantee, paidM3 } = part
  const span = `${from} – ${lastOf(part)}`
  const steps = [
    zh
      ? `${agreement}　${span}（${days.length} 天）：实际处理 ${m3(treatedM3)} m³`
      : `${agreement}  ${span} (${days.length} days): ${m3(treatedM3)} m³ treated`,
  ]
  const capped = days.filter((day) => day.cappedM3 !== day.treatedM3)
  if (capped.length > 0) steps.push(`  ${zh ? '一、日上限：' : 'Step 1, daily cap: '}${m3(cappedM3)} m³`)
  steps.push(
    ...capped.map(({ day, treatedM3: all, cappedM3: most }) =>
      zh ? `    ${day}：${m3(all)} 按 ${m3(most)} 计` : `    ${day}: ${m3(all)} counts as ${m3(most)}`,
    ),
  )
  const cut = days.filter(({ exceeded }) => exceeded.length > 0)
  if (cut.length > 0)
    steps.push(
      `  ${zh ? '二、扣除不达标日后：' : 'Step 2, less days out of compliance: '}${m3(payableM3)} m³`,
      ...cut.map((day) => `    ${explainDay(day, language)}`),
    )
  if (guarantee !== null) {
    const held = guarantee.basis !== 'year' && volume(paidM3).gt(volume(payableM3))
    const basis = {
      day: zh ? '按日' : 'by the day',
      month: zh ? '按月平均' : 'month’s average',
      year: zh ? '按年平均，年末结算' : 'year’s average, settled at its end',
    }
    steps.push(
      zh
        ? `  三、保底（${basis[guarantee.basis]}，设计规模的 ${percentText(guarantee.share)}）：${m3(guarantee.m3)} m³${held ? `，高于计费水量，按 ${m3(paidM3)} m³ 付费` : ''}`
        : `  Step 3, guarantee (${basis[guarantee.basis]}, ${percentText(guarantee.share)} of the design): ${m3(guarantee.m3)} m³${held ? `; more than what counts, so ${m3(paidM3)} m³ are paid` : ''}`,
    )
  }
  for (const line of part.lines) {
    const over = line.kind === 'over_volume' ? (zh ? '超量' : 'over-volume ') : ''
    steps.push(
      `  ${over}${m3(line.m3)} m³ × ${line.perM3} ${zh ? '元' : 'yuan'}/m³ = ${yuan(line.amount)} ${zh ? '元' : 'yuan'}`,
    )
  }
  return steps
}

function explainDay({ day, exceeded, unpaidShare, cappedM3, payableM3 }: DayFee, language: Language): string {
  const values = exceeded
    .map(({ code, value, limit }) =>
      language === 'zh'
        ? `${nameOf(code, language)} ${withThousands(value)}（限值 ${limit}）`
        : `${nameOf(code, language)} ${withThousands(value)} (limit ${limit})`,
    )
    .join(language === 'zh' ? '、' : ', ')
  return language === 'zh'
    ? `${day}：${values}，不付 ${percentText(unpaidShare)}，${m3(cappedM3)} 按 ${m3(payableM3)} m³ 计`
    : `${day}: ${values}, ${percentText(unpaidShare)} unpaid, ${m3(cappedM3)} counts as ${m3(payableM3)} m³`
}
