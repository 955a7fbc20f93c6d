import { Exact, percentText, withThousands } from '../kernel/decimal.ts'
import type { ConcessionTerms } from './concession.ts'
import { indicators, isIndicator } from './indicator.ts'

const isNothing = (amount: string): boolean => new Exact(amount).isZero()

/** What an agreement says, in words. */
export function termLines(terms: ConcessionTerms, language: 'zh' | 'en'): readonly string[] {
  const zh = language === 'zh'
  const span = ({ from, until }: { readonly from: string; readonly until: string | null }) =>
    until === null ? (zh ? `自 ${from} 起` : `from ${from}`) : `${from} – ${until}`
  const { guarantee, overVolume, reward } = terms
  const none = zh ? '无' : 'none'
  const limitOf = (min: string | null, max: string | null) =>
    [...(min === null ? [] : [`≥ ${min}`]), ...(max === null ? [] : [`≤ ${max}`])].join(zh ? '，' : ', ')
  return [
    zh
      ? `设计规模 ${withThousands(terms.designM3PerDay)} m³/日`
      : `Design ${withThousands(terms.designM3PerDay)} m³ a day`,
    zh
      ? `日上限 ${terms.dailyCap ?? none}（设计规模的倍数）`
      : `Daily cap ${terms.dailyCap ?? none} (times the design)`,
    ...terms.prices.map((each) => `${zh ? '单价' : 'Price'} ${span(each)}　${each.perM3} ${zh ? '元' : 'yuan'}/m³`),
    ...(guarantee === null
      ? [`${zh ? '保底' : 'Guarantee'} ${none}`]
      : guarantee.shares.map((each) => {
          const basis = { day: '按日', month: '按月平均', year: '按年平均' }[guarantee.basis]
          const kept = guarantee.daysOutOfCompliance === 'kept'
          return zh
            ? `保底 ${span(each)}　设计规模的 ${percentText(each.share)}，${basis}，不达标日${kept ? '计入' : '不计入'}`
            : `Guarantee ${span(each)}  ${percentText(each.share)} of the design, by the ${guarantee.basis}, days out of compliance ${kept ? 'kept' : 'left out'}`
        })),
    ...(overVolume === null
      ? [`${zh ? '超量价' : 'Over-volume price'} ${none}`]
      : overVolume.map((each) =>
          zh
            ? `超量价 ${span(each)}　日均超过设计规模 × ${each.aboveShare} 的部分 ${each.perM3} 元/m³`
            : `Over-volume price ${span(each)}  above design × ${each.aboveShare}: ${each.perM3} yuan/m³`,
        )),
    ...terms.indicators.flatMap(({ code, min, max, measured, steps }) => [
      `${isIndicator(code) ? indicators[code][language] : code} ${limitOf(min, max)}　${zh ? (measured === 'every_day' ? '每日检测' : '有则考核') : measured === 'every_day' ? 'every day' : 'when given'}`,
      ...steps.map(({ from, unpaidShare, deduction }) =>
        zh
          ? `  超标 ${from} 倍起：当日不付 ${percentText(unpaidShare)}${isNothing(deduction) ? '' : `，扣 ${withThousands(deduction)} 元`}`
          : `  from ${from} beyond: ${percentText(unpaidShare)} of the day unpaid${isNothing(deduction) ? '' : `, ${withThousands(deduction)} yuan deducted`}`,
      ),
    ]),
    zh
      ? `同日多项超标：${terms.severalIndicators === 'sum' ? '相加，最多为 1' : '取最大'}`
      : `Several on one day: ${terms.severalIndicators === 'sum' ? 'added, at most 1' : 'the largest'}`,
    ...(reward === null
      ? [`${zh ? '奖励' : 'Reward'} ${none}`]
      : [
          `${zh ? '奖励' : 'Reward'} ${reward.perM3} ${zh ? '元' : 'yuan'}/m³：${reward.limits.map(({ code, max }) => `${code} ≤ ${max}`).join('、')}`,
        ]),
  ]
}
