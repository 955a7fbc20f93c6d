import { withThousands } from '../kernel/decimal.ts'
import type { Price } from './price.ts'

/** What a rate is charged in, in a language: 元 is yuan in English. */
export const currencyWord = (currency: string, language: 'zh' | 'en'): string =>
  language === 'en' && currency === '元' ? 'yuan' : currency

/**
 * A price in one line for lists and approvals: `1.40 元/m³`, `0–100: 1.20；100 以上: 1.80 元/m³`, `“industry”的 15 %`. The
 * public is told of another category by its name.
 */
export function priceText(
  price: Price,
  terms: { readonly unit: string; readonly currency: string },
  language: 'zh' | 'en',
  nameOf: (category: string) => string = (category) => category,
): string {
  const zh = language === 'zh'
  const perUnit = `${currencyWord(terms.currency, language)}/${terms.unit}`
  switch (price.form) {
    case 'flat':
      return `${price.perM3} ${perUnit}`
    case 'tiers':
      return price.bands
        .map(({ fromM3, untilM3, perM3 }) => {
          const from = withThousands(fromM3)
          const bounds =
            untilM3 === null ? `${zh ? '' : 'above '}${from}${zh ? ' 以上' : ''}` : `${from}–${withThousands(untilM3)}`
          return `${bounds} ${terms.unit}${zh ? '/月' : ' a month'}: ${perM3} ${perUnit}`
        })
        .join(zh ? '；' : '; ')
    case 'percentage':
      return zh
        ? `“${nameOf(price.of)}”价格的 ${price.percent} %`
        : `${price.percent} % of the price of "${nameOf(price.of)}"`
    case 'coefficient': {
      const inner = priceText(price.price, terms, language, nameOf)
      return zh ? `水量 × ${price.factor}，${inner}` : `volume × ${price.factor}, ${inner}`
    }
    case 'unpriced':
      return zh ? `另见“${price.see}”（未录入，暂不计费）` : `see "${price.see}" (not entered; not billed)`
  }
}
