import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import vectors from '../../fixtures/tariffs/tariff-vectors.json' with { type: 'json' }
import { Exact } from '../kernel/decimal.ts'
import { money, moneyText, roundToMoney } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { roundToVolume, volume, volumeText } from '../kernel/volume.ts'
import { priceTable, priceVolume } from './price.rules.ts'
import { type Price, type PriceTable, wholeMonth } from './price.ts'

/** Published tables that need a form of price which does not exist yet, and which. */
const leftForLaterForms: Record<string, string> = {
  'huzhou-2017': 'a sum of strength factors',
  'qidong-2014': 'a surcharge by credit grade',
  'mogden-ni-2024': 'a strength formula',
}

interface PublishedCase {
  readonly category?: string
  readonly volume: string
  readonly billable?: string
  readonly amount: string
}
interface PublishedTable {
  readonly id: string
  readonly title: string
  readonly categories?: Readonly<Record<string, string>>
  readonly rule?: unknown
  readonly bands?: readonly (readonly [string, string | null, string])[]
  readonly cases: readonly PublishedCase[]
}
const published = vectors.tables as unknown as readonly PublishedTable[]

function table(id: string): PublishedTable {
  const found = published.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no published table ${id}`)
  return found
}

/** The flat prices of a published table, each made into a price. */
function flatTable(id: string, make = (price: Price): Price => price): Record<string, Price> {
  const categories = Object.entries(table(id).categories ?? {})
  return Object.fromEntries(categories.map(([category, perM3]) => [category, make({ form: 'flat', perM3 })]))
}

/** How each published table is entered. */
const entered: Record<string, PriceTable> = {
  'ganzhou-city-2020': priceTable(flatTable('ganzhou-city-2020')),
  'fuzhou-jx-2016': priceTable(flatTable('fuzhou-jx-2016')),
  'keqiao-2024': priceTable(flatTable('keqiao-2024')),
  'nyc-2013-2021': priceTable(flatTable('nyc-2013-2021')),
  jingdezhen: priceTable({
    resident: {
      form: 'tiers',
      period: 'month',
      bands: [
        { fromM3: '0', untilM3: '40', perM3: '0.80' },
        { fromM3: '40', untilM3: null, perM3: '1.00' },
      ],
    },
    industry: { form: 'flat', perM3: '0.80' },
    'industry-own-plant': { form: 'percentage', of: 'industry', percent: '15' },
  }),
  zengcheng: priceTable(flatTable('zengcheng', (price) => ({ form: 'coefficient', factor: '0.90', price }))),
  'municipal-tiers': priceTable({
    any: {
      form: 'tiers',
      period: 'month',
      bands: (table('municipal-tiers').bands ?? []).map(([fromM3, untilM3, perM3]) => ({ fromM3, untilM3, perM3 })),
    },
  }),
  'rated-flow': priceTable({ any: { form: 'flat', perM3: '1.40' } }),
}

function priced(prices: PriceTable, { category = 'any', volume: m3 }: Pick<PublishedCase, 'category' | 'volume'>) {
  const answer = priceVolume(prices, category, volume(m3), wholeMonth)
  if (isRefusal(answer)) throw new Error(answer.sentence('en'))
  return { billable: volumeText(answer.billableVolumeM3), amount: moneyText(roundToMoney(answer.unroundedAmount)) }
}

describe('published tables give their published amounts', () => {
  it('every table is either entered or left for a named later form', () => {
    expect([...Object.keys(entered), ...Object.keys(leftForLaterForms)].toSorted()).toEqual(
      published.map(({ id }) => id).toSorted(),
    )
  })

  for (const [id, prices] of Object.entries(entered)) {
    const { title, cases } = table(id)
    it(`${id}: ${title}`, () => {
      expect(cases.length).toBeGreaterThan(0)
      for (const each of cases) {
        const { billable, amount } = priced(prices, each)
        expect(`${each.category} ${each.volume}: ${amount}`).toBe(`${each.category} ${each.volume}: ${each.amount}`)
        if (each.billable !== undefined) expect(billable).toBe(each.billable)
      }
    })
  }

  it('rated-flow: 25 m³/h × 24 h × 31 days is the volume that is priced', () => {
    const [rated] = table('rated-flow').cases
    expect(rated).toMatchObject({ flow: '25', days: 31 })
    expect(volumeText(roundToVolume(new Exact('25').times(24).times(31)))).toBe(rated?.volume)
  })

  it('nyc-2013-2021: water and 159 % of it for the sewer make the combined price', () => {
    for (const [year, rule] of Object.entries(table('nyc-2013-2021').rule ?? {})) {
      const water = String(rule).split(' ')[0] ?? ''
      const prices = priceTable({
        water: { form: 'flat', perM3: water },
        sewer: { form: 'percentage', of: 'water', percent: '159' },
        both: { form: 'percentage', of: 'water', percent: '259' },
      })
      const unrounded = (category: string) => {
        const answer = priceVolume(prices, category, volume('1'), wholeMonth)
        return isRefusal(answer) ? undefined : answer.unroundedAmount
      }
      const combined = table('nyc-2013-2021').categories?.[year] ?? ''
      expect(unrounded('both')?.toFixed(4)).toBe(combined)
      expect(
        unrounded('water')
          ?.plus(unrounded('sewer') ?? 0)
          .toFixed(4),
      ).toBe(combined)
    }
  })

  it('nyc-2013-2021: all 3,103 real bills come out to the cent', () => {
    const bills: Record<'account_no' | 'volume' | 'category' | 'billed_amount', string>[] = parse(
      readFileSync(new URL('../../fixtures/tariffs/nyc-bills-sample.csv', import.meta.url)),
      { columns: true },
    )
    expect(bills).toHaveLength(3103)
    const prices = entered['nyc-2013-2021'] as PriceTable
    for (const { account_no, volume: hcf, category, billed_amount } of bills) {
      expect(`${account_no} ${priced(prices, { category, volume: hcf }).amount}`).toBe(
        `${account_no} ${moneyText(money(billed_amount))}`,
      )
    }
  })
})
