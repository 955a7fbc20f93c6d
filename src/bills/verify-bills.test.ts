import { describe, expect, it } from 'vitest'
import {
  basis,
  behind,
  billable,
  category,
  facts,
  flat,
  holder,
  issued,
  meter,
  rate,
  reading,
  shared,
  standing,
  term,
  terms,
  use,
} from '../../test/support/billing-cases.ts'
import type { AccountTerms } from '../dischargers/account.ts'
import type { AccountId, MeterReadingId, RateScheduleId } from '../kernel/ids.ts'
import { addMoney, money } from '../kernel/money.ts'
import { addVolumes, volume } from '../kernel/volume.ts'
import type { Rate } from '../tariffs/rate-schedule.ts'
import { billableVolume } from '../volumes/billable-volume.rules.ts'
import type { BillableVolume, VolumeFacts } from '../volumes/billable-volume.ts'
import { computeBills, rateBook } from './bill.rules.ts'
import type { Bill, BillLine, Derivation, DraftBill } from './bill.ts'
import { adjustmentsBetween, mirrorLine } from './correction.rules.ts'
import { faultsOf } from './verify-bills.ts'

const tiers: Rate['price'] = {
  form: 'tiers',
  period: 'month',
  bands: [
    { fromM3: '0', untilM3: '30', perM3: '1.00' },
    { fromM3: '30', untilM3: null, perM3: '2.00' },
  ],
}
const schedule = [
  rate('2025', 'industry', flat('1.40')),
  rate('2025', 'shop', tiers),
  rate('2025', 'park', { form: 'coefficient', factor: '0.90', price: flat('1.40') }),
]
const rates = rateBook(schedule)
const schedules = new Map([...rates.tables, ['other' as RateScheduleId, { industry: flat('1.50') }]])

function drafted(volumeOf: BillableVolume, of: Partial<AccountTerms> = {}): readonly DraftBill[] {
  const outcome = computeBills(terms(of), volumeOf, rates)
  if (outcome.outcome !== 'billed') throw new Error(`not billed: ${JSON.stringify(outcome)}`)
  return outcome.bills
}
function first(bills: readonly DraftBill[]): DraftBill {
  const [bill] = bills
  if (bill === undefined) throw new Error('no bill')
  return bill
}
function fromFacts(of: Partial<VolumeFacts>): readonly DraftBill[] {
  const month = billableVolume(facts(of))
  if (month.outcome !== 'billable') throw new Error(`not billable: ${JSON.stringify(month)}`)
  return drafted(month, of.terms)
}
const faults = ({ bill, lines }: { bill: Bill; lines: BillLine[] }) => faultsOf(bill, lines, schedules)
const sentences = (of: { bill: Bill; lines: BillLine[] }) => faults(of).map(({ line, en }) => `${line}: ${en}`)

const march = drafted(billable(use('12345')))
const [adjustment] = adjustmentsBetween(drafted(billable(use('12445'))), standing('D1', first(march).lines))
const adjusting: DraftBill = { dischargerId: first(march).dischargerId, lines: adjustment?.lines ?? [] }
const mirrored = (draft: DraftBill): DraftBill => ({
  ...draft,
  lines: draft.lines.map((line) => mirrorLine('2026-000001', line)),
})

describe('an untouched bill computes again to the fen, whatever it is made of', () => {
  const transferred = { holders: [holder('D1', '2020-01-01', '2026-03-16'), holder('D2', '2026-03-16')] }
  const old = meter('M1', { validity: term('2020-01-01', '2026-03-20') })
  const fresh = meter('M2', { replacesInstallationId: old.installationId, validity: term('2026-03-20') })
  const users = [
    ['A1', '0.3'],
    ['A2', '0.7'],
  ] as const
  const supplement = reading('M1', '900', { kind: 'supplement', readingId: 'later' as MeterReadingId })
  const cases: Record<string, readonly DraftBill[]> = {
    'one line': march,
    'zero use': drafted(billable(use('0'))),
    'split by days between payers': drafted(billable(use('1000')), transferred),
    'bands of a part month': drafted(billable(use('62')), { ...transferred, categories: [category('shop')] }),
    'a coefficient': drafted(billable(use('0.345')), { categories: [category('park')] }),
    'two meters of one place': fromFacts({
      terms: terms({ installations: [old, fresh] }),
      readings: [reading('M1', '45', { kind: 'residual' }), reading('M2', '55')],
    }),
    'a master less its subs over two readings': fromFacts({
      readings: [reading('M1', '100'), supplement],
      subMeters: [behind('M1', 'S1', reading('S1', '600'))],
    }),
    'a share of a master less its subs': fromFacts({
      terms: terms({ accountId: 'A2' as AccountId, installations: [] }),
      sharedMeters: [
        shared('W1', users, [reading('W1', '1001')], { subMeters: [behind('W1', 'S1', reading('S1', '11'))] }),
      ],
    }),
    'rated flow': fromFacts({
      terms: terms({ supply: 'own_source', installations: [] }),
      bases: [basis('rated_flow', { ratedFlowM3PerHour: '25' })],
    }),
    'a quota': fromFacts({ bases: [basis('construction_quota', { quotaM3PerMonth: '600' })] }),
    'a suspension': fromFacts({ terms: terms({ suspensions: [term('2026-01-01')] }) }),
    'a full negative': [mirrored(first(march))],
    'an adjustment': [adjusting],
    'the full negative of an adjustment': [mirrored(adjusting)],
    'an adjustment that takes a category back': adjustmentsBetween(
      drafted(billable(use('12345')), { categories: [category('shop')] }),
      standing('D1', first(march).lines),
    ),
  }
  it.each(Object.entries(cases))('%s', (_, bills) => {
    expect(bills.length).toBeGreaterThan(0)
    for (const bill of bills) expect(sentences(issued(bill))).toEqual([])
  })
})

describe('whoever alters one thing in an issued bill is found', () => {
  const split = () =>
    issued(
      first(
        drafted(billable(use('62')), {
          holders: [holder('D1', '2020-01-01', '2026-03-16'), holder('D2', '2026-03-16')],
          categories: [category('shop')],
        }),
      ),
    )
  const plain = () => issued(first(march))
  type Altered = { [K in keyof Derivation]?: unknown }
  /** The same bill with its first line altered, its own totals made to fit so that only the line betrays it. */
  function altered(
    of: ReturnType<typeof plain>,
    change: Partial<BillLine>,
    derivation: Altered = {},
  ): ReturnType<typeof plain> {
    const lines = of.lines.map((line, index) =>
      index === 0
        ? { ...line, ...change, derivation: { ...line.derivation, ...derivation } as unknown as Derivation }
        : line,
    )
    const bill: Bill = {
      ...of.bill,
      totalAmount: addMoney(lines.map((line) => line.amount)),
      volumeM3: addVolumes(lines.map((line) => line.volumeM3)),
    }
    return { bill, lines }
  }
  const usesOf = ({ lines }: ReturnType<typeof plain>) => lines[0]?.derivation.uses ?? []

  it('the total', () => {
    const { bill, lines } = plain()
    expect(sentences({ bill: { ...bill, totalAmount: money('17283.01') }, lines })).toEqual([
      '0: the total is not the sum of the lines',
    ])
  })
  it('the total volume', () => {
    const { bill, lines } = plain()
    expect(sentences({ bill: { ...bill, volumeM3: volume('12345.001') }, lines })).toEqual([
      '0: the volume is not the sum of the lines',
    ])
  })
  it('the amount of a line, even with the total made to fit', () => {
    expect(sentences(altered(plain(), { amount: money('17282.99') }))).toEqual([
      '1: computed again 17283.00, billed 17282.99',
    ])
  })
  it('the volume of a line, even with the total made to fit', () => {
    expect(sentences(altered(plain(), { volumeM3: volume('12344') }))).toEqual([
      '1: volume computed again 12345.000, billed 12344.000',
    ])
  })
  it('the volume of a use', () => {
    const bill = plain()
    const uses = usesOf(bill).map((each) => ({ ...each, m3: '12344.000' }))
    expect(sentences(altered(bill, {}, { uses }))).toEqual(['1: uses add up to 12344.000, not 12345.000'])
    expect(sentences(altered(bill, {}, { uses, meteredM3: '12344.000' }))).toEqual([
      '1: the sources add up to 12345.000, the use is 12344.000',
    ])
  })
  it('the reading behind a use', () => {
    const bill = plain()
    const uses = usesOf(bill).map((each) => ({
      ...each,
      sources: each.sources.map((source) => ({ ...source, m3: '12340.000' })),
    }))
    expect(sentences(altered(bill, {}, { uses }))).toEqual(['1: the sources add up to 12340.000, the use is 12345.000'])
  })
  it('the days that split a use', () => {
    const bill = split()
    const uses = usesOf(bill).map((each) => ({ ...each, split: { ...each.split, days: [14, 17] } }))
    expect(sentences(altered(bill, {}, { uses }))).toEqual(['1: part 1 of 62.000 by days is not 30.000'])
  })
  it('the whole that was split', () => {
    const bill = split()
    const uses = usesOf(bill).map((each) => ({ ...each, split: { ...each.split, wholeM3: '63.000' } }))
    expect(sentences(altered(bill, {}, { uses }))).toEqual(['1: part 1 of 63.000 by days is not 30.000'])
  })
  it('the part that fell into the line', () => {
    const bill = split()
    const uses = usesOf(bill).map((each) => ({ ...each, split: { ...each.split, part: 1 } }))
    expect(sentences(altered(bill, {}, { uses }))).toEqual(['1: part 2 of 62.000 by days is not 30.000'])
  })
  it('the share of the month that shrank the bands', () => {
    expect(sentences(altered(split(), {}, { monthShare: { days: 1, of: 1 } }))).toHaveLength(1)
  })
  it('the unrounded amount', () => {
    expect(sentences(altered(plain(), {}, { unrounded: '17283.004' }))).toEqual([
      '1: unrounded 17283.004, computed again 17283',
    ])
  })
  it('the rate version: one with another price, and one that is not there', () => {
    expect(sentences(altered(plain(), { scheduleId: 'other' as RateScheduleId }))).toEqual([
      '1: unrounded 17283, computed again 18517.5',
    ])
    expect(sentences(altered(plain(), { scheduleId: 'gone' as RateScheduleId }))).toEqual([
      '1: the rate schedule is gone',
    ])
  })
  it('the category: one with another price, and one the schedule lacks', () => {
    expect(sentences(altered(plain(), { categoryCode: 'shop' }))).toHaveLength(1)
    expect(sentences(altered(plain(), { categoryCode: 'hotel' }))[0]).toContain('no price for the category "hotel"')
  })
  it('what a sub-meter took off its master', () => {
    const bill = issued(
      first(fromFacts({ readings: [reading('M1', '100')], subMeters: [behind('M1', 'S1', reading('S1', '60'))] })),
    )
    const uses = usesOf(bill).map((each) => ({
      ...each,
      sources: each.sources.map((source) => (source.kind === 'less-sub' ? { ...source, m3: '50.000' } : source)),
    }))
    expect(sentences(altered(bill, {}, { uses }))).toEqual(['1: the sources add up to 50.000, the use is 40.000'])
  })
  it('what a shared meter came to, and the share of it', () => {
    const users = [
      ['A1', '0.3'],
      ['A2', '0.7'],
    ] as const
    const bill = issued(
      first(
        fromFacts({
          terms: terms({ installations: [] }),
          sharedMeters: [shared('W1', users, [reading('W1', '1001')])],
        }),
      ),
    )
    const withShare = (change: object) =>
      usesOf(bill).map((each) => ({
        ...each,
        sources: each.sources.map((source) => (source.kind === 'share' ? { ...source, ...change } : source)),
      }))
    expect(sentences(altered(bill, {}, { uses: withShare({ wholeM3: '900.000' }) }))).toEqual([
      '1: the sources add up to 1001.000, the use is 900.000',
    ])
    expect(sentences(altered(bill, {}, { uses: withShare({ m3: '299.000' }) }))).toEqual([
      '1: the share is 299.000, the use 300.000',
    ])
  })
  it('the rated flow', () => {
    const bill = issued(
      first(
        fromFacts({
          terms: terms({ supply: 'own_source', installations: [] }),
          bases: [basis('rated_flow', { ratedFlowM3PerHour: '25' })],
        }),
      ),
    )
    const uses = usesOf(bill).map((each) => ({
      ...each,
      sources: each.sources.map((source) => ({ ...source, perHour: '24' })),
    }))
    expect(sentences(altered(bill, {}, { uses }))).toEqual(['1: rated flow gives 17856.000, recorded 18600.000'])
  })
  it('the sign of a full negative', () => {
    const red = issued(mirrored(first(march)))
    expect(sentences(altered(red, {}, { mirrors: undefined }))).toHaveLength(2)
  })
  it('either side of an adjustment', () => {
    const bill = issued(adjusting)
    const difference = bill.lines[0]?.derivation.difference
    expect(sentences(altered(bill, { amount: money('141.00') }))).toEqual(['1: computed again 140.00, billed 141.00'])
    expect(
      sentences(
        altered(
          bill,
          { amount: money('141.00') },
          {
            difference: { ...difference, recomputed: { ...difference?.recomputed, amount: '17424.00' } },
          },
        ),
      ),
    ).toEqual(['1: the recomputed side is 17423.00 (12445.000 m³), recorded 17424.00 (12445.000 m³)'])
    expect(
      sentences(
        altered(bill, {}, { difference: { ...difference, billed: { ...difference?.billed, amount: '17000.00' } } }),
      ),
    ).toEqual(['1: computed again 423.00, billed 140.00'])
  })
  it('an opening bill only in its sums: there is nothing else behind it', () => {
    const { bill, lines } = plain()
    const opening = lines.map((line) => ({
      ...line,
      derivation: { ...line.derivation, uses: [], opening: '期初清单' },
    }))
    expect(sentences({ bill, lines: opening })).toEqual([])
    expect(sentences({ bill: { ...bill, totalAmount: money('1.00') }, lines: opening })).toHaveLength(1)
  })
  it('says it in Chinese as well', () => {
    for (const { zh } of faults(altered(plain(), { amount: money('1.00') })))
      expect(zh).toBe('重算 17283.00，账单 1.00')
  })
})
