import { describe, expect, it } from 'vitest'
import {
  basis,
  billable,
  category,
  days,
  facts,
  flat,
  holder,
  meter,
  rate,
  reading,
  term,
  terms,
  use,
} from '../../test/support/billing-cases.ts'
import { civilDate } from '../kernel/calendar.ts'
import type { RateScheduleId } from '../kernel/ids.ts'
import { addMoney, moneyText } from '../kernel/money.ts'
import { addVolumes, volumeText } from '../kernel/volume.ts'
import type { Price } from '../tariffs/price.ts'
import { billableVolume } from '../volumes/billable-volume.rules.ts'
import type { BillableVolume } from '../volumes/billable-volume.ts'
import { heldSentence } from '../volumes/held-reasons.ts'
import { computeBills, type RateBook, rateBook } from './bill.rules.ts'
import type { BillLine, DraftBill } from './bill.ts'

const at140 = rateBook([rate('2025', 'industry', flat('1.40'))])

function bills(
  of: Parameters<typeof computeBills>[0],
  volumeOf: BillableVolume,
  rates: RateBook,
): readonly DraftBill[] {
  const outcome = computeBills(of, volumeOf, rates)
  if (outcome.outcome !== 'billed') throw new Error(`not billed: ${JSON.stringify(outcome)}`)
  return outcome.bills
}
function lines(of: Parameters<typeof computeBills>[0], volumeOf: BillableVolume, rates: RateBook): readonly BillLine[] {
  return bills(of, volumeOf, rates).flatMap((bill) => bill.lines)
}
const held = (...of: Parameters<typeof computeBills>) => {
  const outcome = computeBills(...of)
  return outcome.outcome === 'held' ? outcome.reasons : outcome.outcome
}
/** `volume amount`, with the days where there are several. */
const shown = (line: BillLine) => `${volumeText(line.volumeM3)} ${moneyText(line.amount)}`
const withDays = (line: BillLine) => `${line.used.from}…${line.used.until} ${line.scheduleId} ${shown(line)}`

describe('a month of one payer, category and rate is one line', () => {
  it('bills 12,345 m³ × 1.40 as 17,283.00', () => {
    const [bill, ...others] = bills(terms(), billable(use('12345')), at140)
    expect(others).toEqual([])
    expect(bill?.dischargerId).toBe('D1')
    expect(bill?.lines.map(withDays)).toEqual(['2026-03-01…2026-04-01 2025 12345.000 17283.00'])
  })

  it('bills rated flow 25 m³/h × 24 × 31 as 26,040.00', () => {
    const ownSource = terms({ supply: 'own_source', installations: [] })
    const month = billableVolume(
      facts({ terms: ownSource, bases: [basis('rated_flow', { ratedFlowM3PerHour: '25' })] }),
    )
    expect(month.outcome).toBe('billable')
    const [line] = lines(ownSource, month as BillableVolume, at140)
    expect(line && shown(line)).toBe('18600.000 26040.00')
    expect(line?.basis).toBe('rated_flow')
    expect(line?.derivation.clause).toContain('151号第十条')
  })

  it('bills zero use at 0.00, with its price', () => {
    const [line] = lines(terms(), billable(use('0')), at140)
    expect(line && shown(line)).toBe('0.000 0.00')
    expect(line?.derivation.steps).toHaveLength(1)
  })

  it('rounds half-up to the fen once, on the line', () => {
    // 0.325 m³ and 0.250 m³ at 1.40 are 0.455 and 0.350: 0.805 together is 0.81, rounded each they would be 0.46 + 0.35.
    const two = billable(use('0.325', '2026-03-01', '2026-03-14'), use('0.250', '2026-03-14', '2026-04-01'))
    const [line, ...others] = lines(terms(), two, at140)
    expect(others).toEqual([])
    expect(line && withDays(line)).toBe('2026-03-01…2026-04-01 2025 0.575 0.81')
    expect(line?.derivation.uses).toHaveLength(2)
    expect(line?.derivation.unrounded).toBe('0.805')
  })

  it('bills the volume after its coefficient, rounded half-up to 0.001 m³ once', () => {
    const rates = rateBook([rate('2025', 'industry', { form: 'coefficient', factor: '0.90', price: flat('1.40') })])
    const [line] = lines(terms(), billable(use('0.335', '2026-03-01', '2026-03-14'), use('0.010', '2026-03-14')), rates)
    // 0.345 × 0.9 = 0.3105 → 0.311
    expect(line && shown(line)).toBe('0.311 0.44')
    expect(line?.derivation.meteredM3).toBe('0.345')
  })

  it('leaves out days on which the account was suspended, at either end: 50 m³ before the 11th are all at the old rate', () => {
    const changed = rateBook([
      rate('2025', 'industry', flat('1.40'), '2020-01-01', '2026-03-16'),
      rate('2026', 'industry', flat('1.60'), '2026-03-16'),
    ])
    const suspended = (...suspensions: readonly ReturnType<typeof term>[]) =>
      lines(terms({ suspensions }), billable(use('50')), changed).map(withDays)
    expect(suspended(term('2026-03-11'))).toEqual(['2026-03-01…2026-03-11 2025 50.000 70.00'])
    expect(suspended(term('2026-02-01', '2026-03-16'))).toEqual(['2026-03-16…2026-04-01 2026 50.000 80.00'])
    expect(suspended(term('2026-01-01', '2026-03-06'), term('2026-03-11', '2026-06-01'))).toEqual([
      '2026-03-06…2026-03-11 2025 50.000 70.00',
    ])
    // In the middle nobody can say when the water ran; the days stay as they were read.
    expect(suspended(term('2026-03-05', '2026-03-10'))).toHaveLength(2)
    expect(suspended(term('2026-01-01'))).toHaveLength(2)
  })
  it('bills days before the opening and after the closing to nobody', () => {
    const open = terms({ openedOn: civilDate('2026-03-05'), closedOn: civilDate('2026-03-20') })
    expect(lines(open, billable(use('100')), at140).map(withDays)).toEqual([
      '2026-03-05…2026-03-20 2025 100.000 140.00',
    ])
  })

  it('gives a replaced meter one line over both meters', () => {
    const old = meter('M1', { validity: term('2020-01-01', '2026-03-14') })
    const fresh = meter('M2', { replacesInstallationId: old.installationId, validity: term('2026-03-14') })
    const replaced = terms({ installations: [old, fresh] })
    const month = billableVolume(
      facts({
        terms: replaced,
        readings: [
          reading('M1', '45', { kind: 'residual', used: days('2026-03-01', '2026-03-14') }),
          reading('M2', '55', { used: days('2026-03-14', '2026-04-01') }),
        ],
      }),
    )
    expect(lines(replaced, month as BillableVolume, at140).map(withDays)).toEqual([
      '2026-03-01…2026-04-01 2025 100.000 140.00',
    ])
  })
})

describe('rates go by the date of water use (decision 3)', () => {
  const change = (straddle: 'by-days' | 'whole-at-start' | 'whole-at-end', earlier: typeof straddle = straddle) =>
    rateBook([
      // Listed out of order: the book sorts them.
      rate('new', 'industry', flat('2.00'), '2026-03-11', null, straddle),
      rate('old', 'industry', flat('1.00'), '2020-01-01', '2026-03-11', earlier),
    ])
  const month = billable(use('310'))

  it('splits a straddling use by days', () => {
    expect(lines(terms(), month, change('by-days')).map(withDays)).toEqual([
      '2026-03-01…2026-03-11 old 100.000 100.00',
      '2026-03-11…2026-04-01 new 210.000 420.00',
    ])
  })
  it('keeps with each part the weights that split it', () => {
    expect(lines(terms(), month, change('by-days')).map((line) => line.derivation.uses[0]?.split)).toEqual([
      { wholeM3: '310.000', days: [10, 21], part: 0 },
      { wholeM3: '310.000', days: [10, 21], part: 1 },
    ])
  })
  it('bills it whole at the rate of the end', () => {
    expect(lines(terms(), month, change('whole-at-end')).map(withDays)).toEqual([
      '2026-03-01…2026-04-01 new 310.000 620.00',
    ])
  })
  it('bills it whole at the rate of the start', () => {
    expect(lines(terms(), month, change('whole-at-start')).map(withDays)).toEqual([
      '2026-03-01…2026-04-01 old 310.000 310.00',
    ])
  })
  it('asks the later schedule which of them', () => {
    expect(lines(terms(), month, change('by-days', 'whole-at-start'))).toHaveLength(2)
    expect(lines(terms(), month, change('whole-at-end', 'by-days'))).toHaveLength(1)
  })
  it('does not straddle where a reading closed the day before: 28 Feb → 31 Mar, rate from 1 March', () => {
    const rates = rateBook([
      rate('old', 'industry', flat('1.00'), '2020-01-01', '2026-03-01'),
      rate('new', 'industry', flat('2.00'), '2026-03-01'),
    ])
    expect(lines(terms(), month, rates).map(withDays)).toEqual(['2026-03-01…2026-04-01 new 310.000 620.00'])
  })
  it('takes the old rate for the days before, where the reading began earlier', () => {
    const rates = rateBook([
      rate('old', 'industry', flat('1.00'), '2020-01-01', '2026-03-01'),
      rate('new', 'industry', flat('2.00'), '2026-03-01'),
    ])
    // 27 and 28 February of 29 days
    expect(lines(terms(), billable(use('29', '2026-02-27', '2026-03-28')), rates).map(withDays)).toEqual([
      '2026-02-27…2026-03-01 old 2.000 2.00',
      '2026-03-01…2026-03-28 new 27.000 54.00',
    ])
  })
  it('goes through three rates within one use', () => {
    const rates = rateBook([
      rate('a', 'industry', flat('1.00'), '2020-01-01', '2026-03-11'),
      rate('b', 'industry', flat('2.00'), '2026-03-11', '2026-03-21'),
      rate('c', 'industry', flat('3.00'), '2026-03-21'),
    ])
    expect(lines(terms(), month, rates).map(shown)).toEqual(['100.000 100.00', '100.000 200.00', '110.000 330.00'])
  })
})

describe('the payer on each day of use owes (decision 21)', () => {
  const transferred = terms({ holders: [holder('D1', '2020-01-01', '2026-03-16'), holder('D2', '2026-03-16')] })

  it('makes two bills of a transfer within the month, whose volumes add up', () => {
    const both = bills(transferred, billable(use('1000')), at140)
    expect(both.map((bill) => [bill.dischargerId, ...bill.lines.map(withDays)])).toEqual([
      ['D1', '2026-03-01…2026-03-16 2025 483.871 677.42'],
      ['D2', '2026-03-16…2026-04-01 2025 516.129 722.58'],
    ])
    expect(volumeText(addVolumes(both.flatMap((bill) => bill.lines.map((line) => line.volumeM3))))).toBe('1000.000')
  })
  it('makes one bill of a transfer on the first of the month', () => {
    const onTheFirst = terms({ holders: [holder('D1', '2020-01-01', '2026-03-01'), holder('D2', '2026-03-01')] })
    expect(bills(onTheFirst, billable(use('1000')), at140).map((bill) => bill.dischargerId)).toEqual(['D2'])
  })
  it('puts a payer who came back on one bill with two lines', () => {
    const back = terms({
      holders: [
        holder('D1', '2020-01-01', '2026-03-11'),
        holder('D2', '2026-03-11', '2026-03-21'),
        holder('D1', '2026-03-21'),
      ],
    })
    expect(bills(back, billable(use('310')), at140).map((bill) => [bill.dischargerId, bill.lines.length])).toEqual([
      ['D1', 2],
      ['D2', 1],
    ])
  })
  it('splits each of two meters by its own days', () => {
    const replaced = billable(use('100', '2026-03-01', '2026-03-21'), use('200', '2026-03-21'))
    expect(lines(transferred, replaced, at140).map(shown)).toEqual(['75.000 105.00', '225.000 315.00'])
  })
})

describe('a change of category splits the month like a rate change', () => {
  const changed = terms({
    categories: [category('industry', '2020-01-01', '2026-03-11'), category('shop', '2026-03-11')],
  })

  it('bills each part at its own price, on one bill', () => {
    const rates = rateBook([rate('2025', 'industry', flat('1.40')), rate('2025', 'shop', flat('2.00'))])
    const [bill, ...others] = bills(changed, billable(use('310')), rates)
    expect(others).toEqual([])
    expect(bill?.lines.map((line) => [line.categoryCode, shown(line)])).toEqual([
      ['industry', '100.000 140.00'],
      ['shop', '210.000 420.00'],
    ])
  })

  describe('and monthly bands shrink with the share of days (decision 13)', () => {
    const tiers: Price = {
      form: 'tiers',
      period: 'month',
      bands: [
        { fromM3: '0', untilM3: '30', perM3: '1.00' },
        { fromM3: '30', untilM3: null, perM3: '2.00' },
      ],
    }
    it('10 of 31 days: 20 m³ pass the bound of 9.677… m³', () => {
      const rates = rateBook([rate('2025', 'industry', tiers), rate('2025', 'shop', flat('3.00'))])
      // 20 × 2.00 − 30 × 10/31 × 1.00 = 30.3225…
      const both = lines(changed, billable(use('62')), rates)
      expect(both.map(shown)).toEqual(['20.000 30.32', '42.000 126.00'])
      expect(both[0]?.derivation.monthShare).toEqual({ days: 10, of: 31 })
      expect(both[0]?.derivation.steps.map((step) => 'monthShare' in step && step.monthShare)).toEqual([
        '10/31',
        '10/31',
      ])
    })
    it('the parts of one price come to the whole: 30 × 1.00 + 32 × 2.00 = 94.00', () => {
      const rates = rateBook([rate('2025', 'industry', tiers)])
      const transferred = terms({ holders: [holder('D1', '2020-01-01', '2026-03-16'), holder('D2', '2026-03-16')] })
      // 60 − 30 × 15/31 = 45.4838… and 64 − 30 × 16/31 = 48.5161…
      expect(lines(transferred, billable(use('62')), rates).map(shown)).toEqual(['30.000 45.48', '32.000 48.52'])
      expect(lines(terms(), billable(use('62')), rates).map(shown)).toEqual(['62.000 94.00'])
    })
    it('a month that is not split keeps whole bands, however short the reading period', () => {
      const rates = rateBook([rate('2025', 'industry', tiers)])
      expect(lines(terms(), billable(use('62', '2026-03-01', '2026-03-28')), rates).map(shown)).toEqual([
        '62.000 94.00',
      ])
    })
  })
})

describe('what has no payer, category or rate on some day is held, never billed at a guess', () => {
  const month = billable(use('310'))

  it('names the day without a payer', () => {
    const gap = terms({ holders: [holder('D1', '2020-01-01', '2026-03-10'), holder('D2', '2026-03-12')] })
    expect(held(gap, month, at140)).toEqual([{ code: 'no_holder', parameters: { date: '2026-03-10' } }])
  })
  it('names the day without a category', () => {
    const late = terms({ categories: [category('industry', '2026-03-05')] })
    expect(held(late, month, at140)).toEqual([{ code: 'no_category', parameters: { date: '2026-03-01' } }])
  })
  it('names the first day without a rate, in the middle of the month', () => {
    const gap = rateBook([
      rate('old', 'industry', flat('1.00'), '2020-01-01', '2026-03-20'),
      rate('new', 'industry', flat('2.00'), '2026-03-25', null, 'whole-at-end'),
    ])
    const reasons = held(terms(), month, gap)
    expect(reasons).toEqual([{ code: 'no_rate', parameters: { category: 'industry', date: '2026-03-20' } }])
  })
  it('does not stretch a rate that begins later, or has ended, over the month', () => {
    const later = rateBook([rate('new', 'industry', flat('2.00'), '2026-03-02')])
    const ended = rateBook([rate('old', 'industry', flat('2.00'), '2020-01-01', '2026-03-31')])
    expect(held(terms(), month, later)).toMatchObject([{ code: 'no_rate', parameters: { date: '2026-03-01' } }])
    expect(held(terms(), month, ended)).toMatchObject([{ code: 'no_rate', parameters: { date: '2026-03-31' } }])
  })
  it('holds a category no schedule has', () => {
    expect(held(terms({ categories: [category('hotel')] }), month, at140)).toEqual([
      { code: 'no_rate', parameters: { category: 'hotel', date: '2026-03-01' } },
    ])
  })
  it('holds the whole account where one part of it cannot be billed', () => {
    const changed = terms({
      categories: [category('industry', '2020-01-01', '2026-03-11'), category('hotel', '2026-03-11')],
    })
    expect(held(changed, month, at140)).toEqual([
      { code: 'no_rate', parameters: { category: 'hotel', date: '2026-03-11' } },
    ])
  })
  it('says once what two meters lack alike', () => {
    const two = billable(use('100'), use('200'))
    expect(held(terms({ categories: [category('hotel')] }), two, at140)).toHaveLength(1)
  })
  it('holds a category whose price stands in another table, naming the table (decision 25)', () => {
    const rates = rateBook([rate('2025', 'industry', { form: 'unpriced', see: '重污染加价表' })])
    const reasons = held(terms(), month, rates)
    expect(reasons).toEqual([{ code: 'unpriced', parameters: { category: 'industry', see: '重污染加价表' } }])
  })
  it('holds a volume whose amount no bill has room for, so that one slip does not stop the run', () => {
    const rates = rateBook([rate('2025', 'industry', flat('999999'))])
    const reasons = held(terms(), billable(use('99999999999')), rates)
    expect(reasons).toEqual([
      { code: 'beyond_measure', parameters: { category: 'industry', volume: '99999999999.000' } },
    ])
  })
  it('keeps a category the schedule has no price for apart from one whose price stands elsewhere', () => {
    const withoutPrice: RateBook = {
      byCategory: new Map([['industry', [rate('2025', 'industry', flat('1.40'))]]]),
      tables: new Map([['2025' as RateScheduleId, { shop: flat('2.00') }]]),
    }
    const reasons = held(terms(), month, withoutPrice)
    expect(reasons).toEqual([{ code: 'no_rate', parameters: { category: 'industry', date: '2026-03-01' } }])
    for (const reason of Array.isArray(reasons) ? reasons : []) {
      expect(heldSentence(reason, 'zh')).toContain('2026-03-01')
      expect(heldSentence(reason, 'en')).not.toContain('{')
    }
  })
})

describe('the book of rates', () => {
  it('keeps the whole table of a schedule, because a percentage rests on another category', () => {
    const rates = rateBook([
      rate('2025', 'industry', flat('1.40')),
      rate('2025', 'shop', { form: 'percentage', of: 'industry', percent: '50' }),
    ])
    const [line] = lines(terms({ categories: [category('shop')] }), billable(use('100')), rates)
    expect(line && shown(line)).toBe('100.000 70.00')
  })
  it('takes the price of the version in force, not of another with the same category', () => {
    const rates = rateBook([
      rate('old', 'industry', flat('1.00'), '2020-01-01', '2026-03-01'),
      rate('new', 'industry', { form: 'percentage', of: 'base', percent: '50' }, '2026-03-01'),
      rate('new', 'base', flat('4.00'), '2026-03-01'),
      rate('old', 'base', flat('9.00'), '2020-01-01', '2026-03-01'),
    ])
    expect(lines(terms(), billable(use('100')), rates).map(shown)).toEqual(['100.000 200.00'])
  })
})

describe('the amounts of a bill', () => {
  it('are the sum of its lines, each rounded once', () => {
    const rates = rateBook([
      rate('old', 'industry', flat('0.0755'), '2020-01-01', '2026-03-11'),
      rate('new', 'industry', flat('0.0755'), '2026-03-11'),
    ])
    const [bill] = bills(terms(), billable(use('31')), rates)
    // 10 × 0.0755 = 0.755 and 21 × 0.0755 = 1.5855; unsplit 2.3405 would have been 2.34
    expect(bill?.lines.map(shown)).toEqual(['10.000 0.76', '21.000 1.59'])
    expect(moneyText(addMoney(bill?.lines.map((line) => line.amount) ?? []))).toBe('2.35')
  })
})
