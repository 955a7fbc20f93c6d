import { lawInEnglish } from '../platform/cited.ts'
import type { Said } from '../platform/http/route.ts'
import { type Settings, settingCatalogue } from '../platform/settings.ts'

/** A sentence that is made public, with the clause it rests on. */
export interface Stated extends Said {
  readonly clause: Said
}

const order641: Said = { zh: '《城镇排水与污水处理条例》（国务院令第641号）', en: 'State Council Order 641' }
const article = (of: Said, zh: string, en: string): Said => ({ zh: `${of.zh}${zh}`, en: `${of.en}, ${en}` })
const penaltyLaw: Said = { zh: '《中华人民共和国行政处罚法》', en: lawInEnglish('行政处罚法') }
const compulsionLaw: Said = { zh: '《中华人民共和国行政强制法》', en: lawInEnglish('行政强制法') }

/** What a disclosure rests on. */
export const disclosureBasis: readonly Said[] = [
  {
    zh: '《污水处理费征收使用管理办法》（财税〔2014〕151号）第二十条',
    en: 'Measures for the sewage treatment fee, Cai Shui [2014] No. 151, art. 20',
  },
  article(order641, '第三十三条', 'art. 33'),
]

/** When and how the fee is paid and how a bill is objected to, as the settings of the authority say it. */
export function procedureOf(settings: Settings, authority: string): readonly Stated[] {
  const due = settings['bills.due_day']
  const least = settings['bills.minimum_days_after_issue']
  const answer = settings['objections.answer_days']
  const ways = settings['bills.payment_ways']
  const measures: Said = { zh: '赣区府办字〔2023〕70号', en: 'Gan Qu Fu Ban Zi [2023] No. 70' }
  return [
    {
      zh: `污水处理费按月缴纳：每月 ${due} 日前（含当日）缴纳上月的费用；期限的最后一日是法定休息日的，顺延至其后的第一个工作日；账单开具后至少留足 ${least} 日。`,
      en: `The fee is paid monthly: that of a month by day ${due} of the next one (inclusive), or on the next working day where that is a day of rest; at least ${least} days after the bill was issued.`,
      clause: article(measures, '第十四条', 'art. 14'),
    },
    {
      zh: `缴费方式：${ways}`,
      // What an authority writes itself is translated by nobody.
      en:
        ways === settingCatalogue['bills.payment_ways'].default
          ? 'It is paid with the water bill to the company that collects it, or into the treasury by a payment code.'
          : `Ways to pay, in the words of the authority: ${ways}`,
      clause: article(measures, '第十三条', 'art. 13'),
    },
    {
      zh: `对账单有异议的，可以向${authority}提出；自收到之次日起 ${answer} 个工作日内答复。答复之前，缴费期限不变。`,
      en: `Whoever objects to a bill may tell the authority (${authority}), which answers within ${answer} working days from the day after it was received. Until then the due date stays.`,
      clause: { zh: '本机关规定', en: 'rule of the authority' },
    },
  ]
}

/** What follows when the fee is not paid (641 art. 54, never a late fee: none is provided for). */
export function liabilityOf(settings: Settings): readonly Stated[] {
  const term = settings['orders.term_days']
  return [
    {
      zh: `不缴纳污水处理费的，责令限期缴纳（自送达之次日起 ${term} 日）；逾期拒不缴纳的，处应缴纳污水处理费数额 1 倍以上 3 倍以下罚款。`,
      en: `Whoever does not pay is ordered to, within ${term} days from the day after service; who still refuses is fined 1 to 3 times the fee payable.`,
      clause: article(order641, '第五十四条', 'art. 54'),
    },
    {
      zh: '自收到处罚决定之日起 15 日内缴纳罚款；到期不缴纳的，每日可按罚款数额的 3% 加处罚款，加处罚款的数额不超出罚款的数额。',
      en: 'A fine is paid within 15 days of receiving the decision; after that 3% of it may be added for each day, at most as much again.',
      clause: article(penaltyLaw, '第六十七条、第七十二条', 'art. 67 and 72'),
    },
    {
      zh: '在法定期限内不申请行政复议或者提起行政诉讼、又不履行的，经催告后可以申请人民法院强制执行。',
      en: 'Where neither review nor suit is brought in time and nothing is paid, the court may, after a demand, be asked to enforce it.',
      clause: article(compulsionLaw, '第五十三条、第五十四条', 'art. 53 and 54'),
    },
  ]
}
