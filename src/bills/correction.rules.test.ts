import { describe, expect, it } from 'vitest'
import {
  billable,
  category,
  days,
  facts,
  flat,
  holder,
  rate,
  reading,
  standing,
  terms,
  use,
} from '../../test/support/billing-cases.ts'
import type { AccountTerms } from '../dischargers/account.ts'
import { feeMonth } from '../kernel/calendar.ts'
import { addMoney, moneyText } from '../kernel/money.ts'
import { addVolumes, volumeText } from '../kernel/volume.ts'
import { billableVolume } from '../volumes/billable-volume.rules.ts'
import type { BillableVolume } from '../volumes/billable-volume.ts'
import { computeBills, type RateBook, rateBook } from './bill.rules.ts'
import type { BillLine, DraftBill } from './bill.ts'
import { type Adjustment, adjustmentsBetween, mirrorLine } from './correction.rules.ts'

const at140 = rateBook([
  rate('2025', 'industry', flat('1.40')),
  rate('2025', 'shop', flat('2.00')),
  rate('2025', 'office', flat('1.40')),
])

function drafted(volumeOf: BillableVolume, of: Partial<AccountTerms> = {}, rates: RateBook = at140) {
  const outcome = computeBills(terms(of), volumeOf, rates)
  if (outcome.outcome !== 'billed') throw new Error(`not billed: ${JSON.stringify(outcome)}`)
  return outcome.bills
}
/** What stands after each bill was issued as it was drafted. */
const issuedAs = (bills: readonly DraftBill[], number = 1) =>
  bills.flatMap((bill, index) => standing(bill.dischargerId, bill.lines, number + index))

const shown = (line: BillLine) => `${line.categoryCode} ${volumeText(line.volumeM3)} ${moneyText(line.amount)}`
const adjusted = (adjustments: readonly Adjustment[]) =>
  adjustments.map((each) => [each.kind, each.dischargerId, moneyText(each.amount), ...each.lines.map(shown)])

const month = drafted(billable(use('12345')))
const transferred: Partial<AccountTerms> = {
  holders: [holder('D1', '2020-01-01', '2026-03-16'), holder('D2', '2026-03-16')],
}

describe('a full negative (红冲) says the opposite of what it cancels', () => {
  const red = month.flatMap((bill) => bill.lines.map((line) => mirrorLine('2026-000001', line)))

  it('with the bill it adds up to nothing: volume and amount', () => {
    const both = [...month.flatMap((bill) => bill.lines), ...red]
    expect(volumeText(addVolumes(both.map((line) => line.volumeM3)))).toBe('0.000')
    expect(moneyText(addMoney(both.map((line) => line.amount)))).toBe('0.00')
  })
  it('keeps category, rate version, ground and days, and names the bill', () => {
    const [line] = red
    const [before] = month[0]?.lines ?? []
    expect(line).toEqual({
      ...before,
      volumeM3: line?.volumeM3,
      amount: line?.amount,
      derivation: { ...before?.derivation, mirrors: '2026-000001' },
    })
    expect(line && shown(line)).toBe('industry -12345.000 -17283.00')
  })
  it('of a zero bill is zero, without a sign', () => {
    const [zero] = drafted(billable(use('0'))).flatMap((bill) =>
      bill.lines.map((line) => mirrorLine('2026-000001', line)),
    )
    expect(zero && shown(zero)).toBe('industry 0.000 0.00')
  })
  it('of a downward adjustment is positive', () => {
    const [down] = adjustmentsBetween(drafted(billable(use('12000'))), issuedAs(month))
    const [line] = down?.lines ?? []
    expect(line && shown(mirrorLine('2026-000002', line))).toBe('industry 345.000 483.00')
  })
})

describe('an adjustment is computed from corrected facts', () => {
  it('upwards for more water, downwards for less', () => {
    expect(adjusted(adjustmentsBetween(drafted(billable(use('12445'))), issuedAs(month)))).toEqual([
      ['upward', 'D1', '140.00', 'industry 100.000 140.00'],
    ])
    expect(adjusted(adjustmentsBetween(drafted(billable(use('12245'))), issuedAs(month)))).toEqual([
      ['downward', 'D1', '-140.00', 'industry -100.000 -140.00'],
    ])
  })
  it('is none where nothing changed, however the reading moved', () => {
    expect(adjustmentsBetween(month, issuedAs(month))).toEqual([])
    expect(adjustmentsBetween(drafted(billable(use('12345', '2026-02-27', '2026-03-30'))), issuedAs(month))).toEqual([])
  })
  it('keeps both sides of the difference, and the bills that stand', () => {
    const [up] = adjustmentsBetween(drafted(billable(use('12445'))), issuedAs(month))
    expect(up?.lines[0]?.derivation.difference).toMatchObject({
      recomputed: { volumeM3: '12445.000', amount: '17423.00', meteredM3: '12445.000', unrounded: '17423' },
      billed: { volumeM3: '12345.000', amount: '17283.00', bills: ['2026-000001'] },
    })
  })
  it('of a category takes the old line back and adds the new one', () => {
    const shop = drafted(billable(use('12345')), { categories: [category('shop')] })
    expect(adjusted(adjustmentsBetween(shop, issuedAs(month)))).toEqual([
      ['upward', 'D1', '7407.00', 'shop 12345.000 24690.00', 'industry -12345.000 -17283.00'],
    ])
  })
  it('of a category at the same price is none: there is nothing to collect or give back', () => {
    const office = drafted(billable(use('12345')), { categories: [category('office')] })
    expect(adjustmentsBetween(office, issuedAs(month))).toEqual([])
  })
  it('counts from what stands, earlier adjustments included', () => {
    const corrected = drafted(billable(use('12445')))
    const [up] = adjustmentsBetween(corrected, issuedAs(month))
    const stands = [...issuedAs(month), ...standing('D1', up?.lines ?? [], 2)]
    expect(adjustmentsBetween(corrected, stands)).toEqual([])
    const [again] = adjustmentsBetween(drafted(billable(use('12400'))), stands)
    expect(again && adjusted([again])).toEqual([['downward', 'D1', '-63.00', 'industry -45.000 -63.00']])
    expect(again?.lines[0]?.derivation.difference?.billed).toEqual({
      volumeM3: '12445.000',
      amount: '17423.00',
      bills: ['2026-000001', '2026-000002'],
    })
  })
  it('counts a cancelled bill as nothing: bill and full negative stand together', () => {
    const cancelled = [
      ...issuedAs(month),
      ...standing(
        'D1',
        month.flatMap((bill) => bill.lines.map((line) => mirrorLine('2026-000001', line))),
        2,
      ),
    ]
    expect(adjusted(adjustmentsBetween(month, cancelled))).toEqual([
      ['upward', 'D1', '17283.00', 'industry 12345.000 17283.00'],
    ])
  })
  it('of a transfer registered late gives back to one payer and charges the other', () => {
    const whole = drafted(billable(use('1000')))
    expect(adjusted(adjustmentsBetween(drafted(billable(use('1000')), transferred), issuedAs(whole)))).toEqual([
      ['downward', 'D1', '-722.58', 'industry -516.129 -722.58'],
      ['upward', 'D2', '722.58', 'industry 516.129 722.58'],
    ])
  })
  it('gives everything back where the payer owes nothing any more', () => {
    expect(adjusted(adjustmentsBetween([], issuedAs(month)))).toEqual([
      ['downward', 'D1', '-17283.00', 'industry -12345.000 -17283.00'],
    ])
  })
  it('holds two lines of one price apart by their days, each with a computation of its own', () => {
    const back: Partial<AccountTerms> = {
      holders: [
        holder('D1', '2020-01-01', '2026-03-11'),
        holder('D2', '2026-03-11', '2026-03-21'),
        holder('D1', '2026-03-21'),
      ],
    }
    const before = drafted(billable(use('310')), back)
    const after = drafted(billable(use('341')), back)
    const [ofD1, ofD2] = adjustmentsBetween(after, issuedAs(before))
    expect(ofD1?.lines.map((line) => [shown(line), line.used])).toEqual([
      ['industry 10.000 14.00', days('2026-03-01', '2026-03-11')],
      ['industry 11.000 15.40', days('2026-03-21', '2026-04-01')],
    ])
    expect(ofD1?.lines.map((line) => line.derivation.difference?.recomputed.amount)).toEqual(['154.00', '169.40'])
    expect(ofD2 && adjusted([ofD2])).toEqual([['upward', 'D2', '14.00', 'industry 10.000 14.00']])
  })
})

describe('a true-up (decision 10)', () => {
  const ofMonth = (of: string, volumeM3: string, more: Parameters<typeof reading>[2] = {}) =>
    reading('M1', volumeM3, { feeMonth: feeMonth(of), source: 'estimated', ...more })
  // 31 Jan 1,000; February and March estimated 100 each; 30 April 1,360.
  const estimates = [ofMonth('2026-02', '100.000'), ofMonth('2026-03', '100.000')]
  const closing = ofMonth('2026-04', '360.000', {
    source: 'actual',
    startReading: '1000.000',
    endReading: '1360.000',
    used: days('2026-02-01', '2026-05-01'),
  })
  const run = [...estimates, closing]

  function billed(of: string, estimatedRun: typeof run, rates: RateBook = at140): readonly DraftBill[] {
    const readings = run.filter((each) => each.feeMonth === of)
    const month = billableVolume(facts({ feeMonth: feeMonth(of), readings, estimatedRun }))
    if (month.outcome !== 'billable') throw new Error(`not billable: ${JSON.stringify(month)}`)
    return drafted(month, {}, rates)
  }

  it('adjusts February by 18.56 and March by 35.55, bills April at 169.89; in all 504.00 = 360 × 1.40', () => {
    const original = ['2026-02', '2026-03'].map((of) => billed(of, []))
    expect(original.flat().flatMap((bill) => bill.lines.map((line) => moneyText(line.amount)))).toEqual([
      '140.00',
      '140.00',
    ])
    const adjustments = ['2026-02', '2026-03'].flatMap((of, index) =>
      adjustmentsBetween(billed(of, run), issuedAs(original[index] ?? [])),
    )
    expect(adjusted(adjustments)).toEqual([
      ['upward', 'D1', '18.56', 'industry 13.259 18.56'],
      ['upward', 'D1', '35.55', 'industry 25.393 35.55'],
    ])
    const april = billed('2026-04', run).flatMap((bill) => bill.lines)
    expect(april.map(shown)).toEqual(['industry 121.348 169.89'])
    expect(april[0]?.used).toEqual(days('2026-04-01', '2026-05-01'))

    const everything = [
      ...original.flat().flatMap((bill) => bill.lines),
      ...adjustments.flatMap((each) => each.lines),
      ...april,
    ]
    expect(moneyText(addMoney(everything.map((line) => line.amount)))).toBe('504.00')
    expect(volumeText(addVolumes(everything.map((line) => line.volumeM3)))).toBe('360.000')
  })

  it('takes each month at its own rate version, the closing month too', () => {
    const fromApril = rateBook([
      rate('old', 'industry', flat('1.00'), '2020-01-01', '2026-04-01'),
      rate('new', 'industry', flat('2.00'), '2026-04-01'),
    ])
    const amounts = ['2026-02', '2026-03', '2026-04'].map((of) =>
      billed(of, run, fromApril).flatMap((bill) => bill.lines.map((line) => `${line.scheduleId} ${shown(line)}`)),
    )
    expect(amounts).toEqual([
      ['old industry 113.259 113.26'],
      ['old industry 125.393 125.39'],
      ['new industry 121.348 242.70'],
    ])
  })

  it('gives back where the estimates were too high', () => {
    const low = [...estimates, { ...closing, volumeM3: '89.000', endReading: '1089.000' }]
    const [down] = adjustmentsBetween(billed('2026-02', low), issuedAs(billed('2026-02', [])))
    expect(down && adjusted([down])).toEqual([['downward', 'D1', '-100.80', 'industry -72.000 -100.80']])
  })
})
