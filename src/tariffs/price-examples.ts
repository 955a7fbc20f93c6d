import type { Price } from './price.ts'

/** Every form a price can have, to copy from: for the blank schedule and for the help. */
export const priceExamples = {
  flat: { form: 'flat', perM3: '1.40' },
  tiers: {
    form: 'tiers',
    period: 'month',
    bands: [
      { fromM3: '0', untilM3: '1000', perM3: '1.40' },
      { fromM3: '1000', untilM3: null, perM3: '1.90' },
    ],
  },
  percentage: { form: 'percentage', of: 'industry', percent: '85' },
  coefficient: { form: 'coefficient', factor: '0.90', price: { form: 'flat', perM3: '1.40' } },
  unpriced: { form: 'unpriced', see: '另行公布的价格表' },
} as const satisfies { readonly [Form in Price['form']]: Extract<Price, { form: Form }> }

const formNames: Record<Price['form'], string> = {
  flat: '单一价 flat',
  tiers: '阶梯价 marginal tiers by month',
  percentage: '他类价格的百分比 percentage of another category',
  coefficient: '水量系数 volume coefficient',
  unpriced: '另见他表，暂不计费 stands in another table, not billed',
}

/** The examples as lines of a help text. */
export const priceFormsHelp = [
  '价格形式 Forms of a price:',
  ...Object.entries(priceExamples).map(
    ([form, price]) => `  ${formNames[form as Price['form']]}\n    ${JSON.stringify(price)}`,
  ),
].join('\n')
