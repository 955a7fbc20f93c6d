import type { BillLine, LineUse } from '../bills/bill.ts'
import { plusDays } from '../kernel/calendar.ts'
import { withThousands } from '../kernel/decimal.ts'
import { money, moneyForPeople, negateMoney } from '../kernel/money.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import { explainSteps } from '../tariffs/price.rules.ts'
import type { PriceStep } from '../tariffs/price.ts'
import type { VolumeSource } from '../volumes/billable-volume.ts'

/** One thing that is said about a line of a bill, under the question it answers. */
export interface PlainAnswer {
  readonly question: { readonly zh: string; readonly en: string }
  readonly answers: readonly string[]
}

/** What the words of a line are made of beside the line. */
export interface PlainTerms {
  readonly category: string
  readonly unit: string
  readonly currency: string
}

const questions = {
  use: { zh: '用了多少水', en: 'How much water' },
  price: { zh: '一立方米多少钱', en: 'What a cubic metre costs' },
  amount: { zh: '怎么算出金额', en: 'How the amount comes about' },
} as const

/** A line of a bill for somebody who has never read one: what the meter said, what a cubic metre costs, the rounding. */
export function plainLine(line: BillLine, terms: PlainTerms, language: 'zh' | 'en'): PlainAnswer[] {
  const zh = language === 'zh'
  const { derivation } = line
  const { difference, mirrors, opening } = derivation
  if (opening !== undefined) {
    return [
      {
        question: questions.amount,
        answers: [
          zh
            ? `这是系统启用以前就有的账单，金额 ${moneyForPeople(line.amount)} 元按当时的账册转入。`
            : `This bill is from the books before this system; its ${moneyForPeople(line.amount)} yuan were taken over.`,
        ],
      },
    ]
  }
  const of = difference?.recomputed ?? derivation
  const steps = of.steps
  const amount = mirrors === undefined ? line.amount : negateMoney(line.amount)
  const rounded = difference === undefined ? amount : money(difference.recomputed.amount)
  return [
    { question: questions.use, answers: of.uses.flatMap((use) => saidOfUse(use, zh)) },
    { question: questions.price, answers: pricesIn(steps, terms, zh) },
    {
      question: questions.amount,
      answers: [
        ...explainSteps(steps, language, terms),
        saidOfRounding(of.unrounded, moneyForPeople(rounded), zh),
        ...(difference === undefined
          ? []
          : [
              zh
                ? `重新算出 ${moneyForPeople(rounded)} 元，以前已开 ${moneyForPeople(money(difference.billed.amount))} 元（${difference.billed.bills.join('、') || '无'}），本账单补差 ${moneyForPeople(line.amount)} 元。`
                : `Computed again it is ${moneyForPeople(rounded)} yuan; ${moneyForPeople(money(difference.billed.amount))} yuan were billed before (${difference.billed.bills.join(', ') || 'none'}); this bill is the difference of ${moneyForPeople(line.amount)} yuan.`,
            ]),
        ...(mirrors === undefined
          ? []
          : [
              zh
                ? `本账单把账单 ${mirrors} 全额冲掉：${moneyForPeople(line.amount)} 元。`
                : `This bill takes bill ${mirrors} back in full: ${moneyForPeople(line.amount)} yuan.`,
            ]),
      ],
    },
  ]
}

const m3 = (text: string): string => volumeForPeople(volume(text))

function saidOfUse(use: LineUse, zh: boolean): string[] {
  const days = `${use.from} ${zh ? '至' : 'to'} ${plusDays(use.until, -1)}`
  const sources = use.sources.map((source) => saidOfSource(source, zh))
  const { split } = use
  const splits =
    split === undefined
      ? []
      : [
          zh
            ? `这些水按天数分到不同的期间：${days} 分到 ${m3(use.m3)} 立方米（共 ${m3(split.wholeM3)} 立方米）。`
            : `This water is shared out by days: ${m3(use.m3)} m³ fall into ${days}, of ${m3(split.wholeM3)} m³.`,
        ]
  return [zh ? `用水期间：${days}。` : `Days of use: ${days}.`, ...sources, ...splits]
}

function saidOfSource(source: VolumeSource, zh: boolean): string {
  switch (source.kind) {
    case 'reading':
      return saidOfReading(source, zh)
    case 'true-up': {
      const days = source.days[source.part] ?? 0
      const all = source.days.reduce((sum, each) => sum + each, 0)
      return zh
        ? `前几个月是估计的，这次抄到了表：${all} 天共用 ${m3(source.wholeM3)} 立方米，本月 ${days} 天应为 ${m3(source.m3)} 立方米。`
        : `Earlier months were estimated; now the meter was read: ${m3(source.wholeM3)} m³ in ${all} days, of which ${m3(source.m3)} m³ for the ${days} days of this month.`
    }
    case 'less-sub':
      return zh
        ? `减去分表 ${source.meter} 的 ${m3(source.m3)} 立方米，那部分由分表用户缴。`
        : `Less ${m3(source.m3)} m³ of the sub-meter ${source.meter}, which its own user pays.`
    case 'share':
      return zh
        ? `与他人共用水表 ${source.meter}：共用 ${m3(source.wholeM3)} 立方米，按约定比例 ${source.ratio}，您分到 ${m3(source.m3)} 立方米。`
        : `The meter ${source.meter} is shared: ${m3(source.wholeM3)} m³ in all, your agreed share of ${source.ratio} is ${m3(source.m3)} m³.`
    case 'declared':
      return zh
        ? `自备水源，您申报并经审核 ${m3(source.m3)} 立方米。`
        : `Own source: ${m3(source.m3)} m³, as you declared and the bureau reviewed.`
    case 'rated-flow':
      return zh
        ? `取水设施没有可用的水表，按额定流量每小时 ${source.perHour} 立方米、每天 24 小时、${source.days} 天计算：${m3(source.m3)} 立方米。`
        : `The intake has no working meter: its rated ${source.perHour} m³ an hour, 24 hours a day, ${source.days} days: ${m3(source.m3)} m³.`
    case 'quota':
      return zh
        ? `施工用水按定额，本月 ${m3(source.m3)} 立方米。`
        : `Construction by quota: ${m3(source.m3)} m³ this month.`
    case 'suspended':
      return zh ? '报停期间没有用水。' : 'Suspended: no water was used.'
  }
}

function saidOfReading(source: Extract<VolumeSource, { kind: 'reading' }>, zh: boolean): string {
  const { meter, start, end, multiplier, estimated } = source
  const used = m3(source.m3)
  const guess = estimated
    ? zh
      ? '（这次没有抄到表，是估计的，下次抄到后多退少补）'
      : ' (estimated; it is put right when the meter is read)'
    : ''
  if (start === undefined || end === undefined)
    return zh ? `供水公司抄表用水 ${used} 立方米${guess}。` : `The water company read a use of ${used} m³${guess}.`
  const name = meter === undefined ? (zh ? '水表' : 'The meter') : zh ? `水表 ${meter}` : `Meter ${meter}`
  const times =
    multiplier === undefined || multiplier === '1' ? '' : zh ? `，倍率 ${multiplier}` : `, times ${multiplier}`
  const way = saidOfWay(source, zh)
  return zh
    ? `${name} 上次读数 ${withThousands(start)}，这次读数 ${withThousands(end)}${times}${way}，用水 ${used} 立方米${guess}。`
    : `${name} showed ${withThousands(start)} last time and ${withThousands(end)} this time${times}${way}: ${used} m³${guess}.`
}

/** Why the use is not just the difference of the two readings. */
function saidOfWay({ reversed, turnedOverAt, countedM3 }: Extract<VolumeSource, { kind: 'reading' }>, zh: boolean) {
  if (countedM3 !== undefined)
    return zh
      ? `（读数计为 ${m3(countedM3)} 立方米，按供水公司抄报的水量计费）`
      : ` (the readings give ${m3(countedM3)} m³; what the water company stated is billed)`
  if (reversed) return zh ? '（水表倒装，读数递减）' : ' (the meter is mounted the other way round and counts down)'
  if (turnedOverAt === undefined) return ''
  const shown = withThousands(turnedOverAt)
  return zh ? `（水表走满 ${shown} 后从零开始）` : ` (the meter went through ${shown} and began at zero again)`
}

function pricesIn(steps: readonly PriceStep[], { category, currency, unit }: PlainTerms, zh: boolean): string[] {
  const per = `${currency === '元' && !zh ? 'yuan' : currency}/${unit}`
  const said = steps.flatMap((step) => {
    if (step.step === 'flat') return [zh ? `${category}：${step.perM3} ${per}。` : `${category}: ${step.perM3} ${per}.`]
    if (step.step === 'coefficient')
      return [
        zh
          ? `只按用水量的 ${step.factors.join(' × ')} 计费。`
          : `Only ${step.factors.join(' × ')} of the water used is charged.`,
      ]
    return []
  })
  if (steps.some(({ step }) => step === 'band'))
    said.push(
      zh
        ? `${category}：分档计价，用水越多的部分单价不同，各档见下面的算式。`
        : `${category}: priced in bands; each band is in the arithmetic below.`,
    )
  return said.length > 0 ? said : [zh ? `${category}：见下面的算式。` : `${category}: see the arithmetic below.`]
}

function saidOfRounding(unrounded: string, amount: string, zh: boolean): string {
  const exact = withThousands(unrounded)
  const [, fraction = ''] = unrounded.split('.')
  if (fraction.replace(/0+$/, '').length <= 2)
    return zh ? `正好算到分，没有舍入：${amount} 元。` : `It comes out to the fen without rounding: ${amount} yuan.`
  return zh
    ? `精确值 ${exact} 元，四舍五入到分：${amount} 元。`
    : `Exactly ${exact} yuan, rounded half-up to the fen: ${amount} yuan.`
}
