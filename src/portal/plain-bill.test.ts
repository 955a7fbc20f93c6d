import { describe, expect, it } from 'vitest'
import { facts, flat, issued, meter, rate, reading, terms } from '../../test/support/billing-cases.ts'
import { computeBills, rateBook } from '../bills/bill.rules.ts'
import type { Installation } from '../dischargers/account.ts'
import { billableVolume } from '../volumes/billable-volume.rules.ts'
import { plainLine } from './plain-bill.ts'

const words = { category: '园区企业', unit: 'm³', currency: '元' }

/** What the enterprise reads about the use of March of a meter that went from `start` to `end`. */
function useSaid(
  how: Partial<Installation>,
  [start, end, m3]: readonly [string, string, string],
  language: 'zh' | 'en',
) {
  const of = terms({ installations: [meter('M1', how)] })
  const month = billableVolume(
    facts({ terms: of, readings: [reading('M1', m3, { startReading: start, endReading: end })] }),
  )
  if (month.outcome !== 'billable') throw new Error(`not billable: ${JSON.stringify(month)}`)
  const outcome = computeBills(of, month, rateBook([rate('2025', 'industry', flat('1.40'))]))
  if (outcome.outcome !== 'billed') throw new Error(`not billed: ${JSON.stringify(outcome)}`)
  const [bill] = outcome.bills
  const [line] = bill === undefined ? [] : issued(bill).lines
  if (line === undefined) throw new Error('no line')
  return plainLine(line, words, language)[0]?.answers[1]
}

describe('an enterprise reads why its use is not the difference of two readings', () => {
  it.each<[string, Partial<Installation>, [string, string, string], string, string]>([
    [
      'a counter that rose needs no word',
      {},
      ['10', '35', '25.000'],
      '水表 M1 上次读数 10，这次读数 35，用水 25 立方米。',
      'Meter M1 showed 10 last time and 35 this time: 25 m³.',
    ],
    [
      'one that turned over',
      { digits: 4 },
      ['9990', '15', '25.000'],
      '水表 M1 上次读数 9,990，这次读数 15（水表走满 10,000 后从零开始），用水 25 立方米。',
      'Meter M1 showed 9,990 last time and 15 this time (the meter went through 10,000 and began at zero again): 25 m³.',
    ],
    [
      'one that counts down',
      { runsBackwards: true },
      ['998000', '997900', '100.000'],
      '水表 M1 上次读数 998,000，这次读数 997,900（水表倒装，读数递减），用水 100 立方米。',
      'Meter M1 showed 998,000 last time and 997,900 this time (the meter is mounted the other way round and counts down): 100 m³.',
    ],
    [
      'another volume than the readings give',
      {},
      ['100', '150', '51.000'],
      '水表 M1 上次读数 100，这次读数 150（读数计为 50 立方米，按供水公司抄报的水量计费），用水 51 立方米。',
      'Meter M1 showed 100 last time and 150 this time (the readings give 50 m³; what the water company stated is billed): 51 m³.',
    ],
  ])('%s', (_, how, readings, zh, en) => {
    expect(useSaid(how, readings, 'zh')).toBe(zh)
    expect(useSaid(how, readings, 'en')).toBe(en)
  })
})
