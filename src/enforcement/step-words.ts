import { moneyForPeople, parseMoney } from '../kernel/money.ts'
import { type Step, type StepName, stepKind, stepKinds } from './steps.ts'

type Language = 'zh' | 'en'

/** What the product adds to a step, in the words of people. */
const computedNames: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  number: { zh: '文号', en: 'paper' },
  servedOn: { zh: '视为送达日', en: 'counts as served on' },
  termEndsOn: { zh: '期限届满日', en: 'term ends on' },
  baseAmount: { zh: '欠缴数额', en: 'unpaid fee' },
  fineAmount: { zh: '罚款', en: 'fine' },
  hearingRight: { zh: '可申请听证', en: 'right to a hearing' },
  defenceBy: { zh: '陈述、申辩至', en: 'defence until' },
  askHearingBy: { zh: '听证申请至', en: 'hearing may be asked for until' },
  serveBy: { zh: '应送达至', en: 'to be served by' },
  servedLate: { zh: '逾期送达', en: 'served late' },
  payBy: { zh: '缴纳期限至', en: 'to be paid by' },
  performBy: { zh: '催告期至', en: 'demand runs until' },
  amount: { zh: '未缴', en: 'unpaid' },
  addition: { zh: '加处罚款', en: 'addition' },
  toFine: { zh: '抵罚款', en: 'to the fine' },
  toAddition: { zh: '抵加处罚款', en: 'to the addition' },
}

/** The particulars of a step, label and value, those entered first: for the terminal, pages and papers. */
export function particularsInWords(name: StepName, given: object, language: Language): string[] {
  const particulars = given as Readonly<Record<string, unknown>>
  const { fields } = stepKind(name)
  const entered = fields.flatMap((field) => {
    const value = particulars[field.name]
    if (value === undefined || value === null) return []
    const chosen = field.choices?.find((each) => each.value === value)?.[language]
    const said = field.kind === 'money' ? inYuan(String(value), language) : written(value, language)
    return [pair(field[language], chosen ?? said, language)]
  })
  const computed = Object.entries(computedNames).flatMap(([key, label]) => {
    const value = particulars[key]
    if (value === undefined || value === null || fields.some((field) => field.name === key)) return []
    return [pair(label[language], computedInWords(key, value, language), language)]
  })
  return [...entered, ...computed]
}

/** What of computed particulars is no longer as it was proposed, in both languages: `罚款：34,566.00 → 30,000.00`. */
export function changesInWords(
  proposed: object,
  now: object,
): { readonly changesZh: string; readonly changesEn: string } {
  const [before, after] = [proposed, now] as Readonly<Record<string, unknown>>[]
  const changed = [...new Set([...Object.keys(proposed), ...Object.keys(now)])].filter(
    (key) => JSON.stringify(before?.[key]) !== JSON.stringify(after?.[key]),
  )
  const said = (language: Language) =>
    changed
      .map((key) => {
        const [was, is] = [before?.[key], after?.[key]].map((value) =>
          value === undefined || value === null ? '—' : computedInWords(key, value, language),
        )
        return pair(computedNames[key]?.[language] ?? key, `${was} → ${is}`, language)
      })
      .join(language === 'zh' ? '；' : '; ')
  return { changesZh: said('zh'), changesEn: said('en') }
}

const computedAmounts: ReadonlySet<string> = new Set([
  'baseAmount',
  'fineAmount',
  'amount',
  'addition',
  'toFine',
  'toAddition',
])
const computedInWords = (key: string, value: unknown, language: Language): string =>
  computedAmounts.has(key) && typeof value === 'string' ? inYuan(value, language) : written(value, language)

const pair = (label: string, value: string, language: Language): string =>
  language === 'zh' ? `${label}：${value}` : `${label}: ${value}`

function written(value: unknown, language: Language): string {
  if (typeof value === 'boolean') return language === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no'
  if (Array.isArray(value))
    return value
      .map(({ dueOn, amount }: { dueOn: string; amount: string }) => `${dueOn} ${inYuan(amount, language)}`)
      .join('；')
  return String(value)
}

/** An amount with its unit as people write it; any other text as it is. */
export function inYuan(text: string, language: Language): string {
  const amount = parseMoney(text)
  return amount === undefined ? text : `${moneyForPeople(amount)}${language === 'zh' ? ' 元' : ' yuan'}`
}

/** A step as one line of a log: day, name, particulars. */
export function stepInWords({ on, name, particulars }: Step, language: Language): string {
  const said = particularsInWords(name, particulars, language).join(language === 'zh' ? '；' : '; ')
  return `${on}  ${stepKinds[name][language]}${said === '' ? '' : `  ${said}`}`
}
