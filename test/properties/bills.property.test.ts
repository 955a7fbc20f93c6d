import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeBills, type RateBook, rateBook } from '../../src/bills/bill.rules.ts'
import type { BillLine, DraftBill } from '../../src/bills/bill.ts'
import { adjustmentsBetween, type BilledLine, mirrorLine } from '../../src/bills/correction.rules.ts'
import { faultsOf } from '../../src/bills/verify-bills.ts'
import type { AccountTerms } from '../../src/dischargers/account.ts'
import { type CivilDate, civilDate, daysIn, plusDays, type Validity } from '../../src/kernel/calendar.ts'
import { Exact } from '../../src/kernel/decimal.ts'
import type { DischargerId } from '../../src/kernel/ids.ts'
import { addMoney, moneyText, priceOf, roundToMoney, subtractMoney, unitPrice } from '../../src/kernel/money.ts'
import { addVolumes, roundToVolume, type Volume, volumeText } from '../../src/kernel/volume.ts'
import type { Price } from '../../src/tariffs/price.ts'
import type { Rate } from '../../src/tariffs/rate-schedule.ts'
import type { Use } from '../../src/volumes/billable-volume.ts'
import { billable, category, flat, holder, issued, rate, standing, terms } from '../support/billing-cases.ts'

/** Any account of a March: readings that may begin in February, payers, categories and rates that change on any day. */
const often = { numRuns: 300 }
const firstDay = civilDate('2026-02-20')
const longest = 45
const day = fc.integer({ min: 0, max: longest }).map((n) => plusDays(firstDay, n))

const litres = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50_000_000 }))
const cubicMetres = litres.map((n) => roundToVolume(new Exact(n).div(1000)))

/** Consecutive validities that cover all days, cut at random ones. */
const stretches = (most: number): fc.Arbitrary<Validity[]> =>
  fc.uniqueArray(day, { maxLength: most - 1 }).map((cuts) => {
    const starts = [civilDate('2020-01-01'), ...cuts.toSorted()]
    return starts.map((from, index) => ({ from, until: starts[index + 1] ?? null }))
  })

const uses = fc
  .array(fc.tuple(day, fc.integer({ min: 1, max: longest }), cubicMetres), { minLength: 1, maxLength: 4 })
  .map((readings) =>
    readings.map(
      ([from, length, volumeM3], index): Use => ({
        used: { from, until: plusDays(from, length) },
        volumeM3,
        sources: [{ kind: 'reading', reading: `R${index}`, m3: volumeText(volumeM3) }],
      }),
    ),
  )

const perM3 = fc.integer({ min: 0, max: 99_999 }).map((n) => new Exact(n).div(10_000).toFixed(4))
const flatPrice = perM3.map(flat)
const tieredPrice = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 3 }), perM3, perM3, perM3, perM3)
  .map(([bounds, ...prices]): Price => {
    const ascending = ['0', ...bounds.toSorted((a, b) => a - b).map(String)]
    const bands = ascending.map((fromM3, index) => ({
      fromM3,
      untilM3: ascending[index + 1] ?? null,
      perM3: prices[index] ?? '1.00',
    }))
    return { form: 'tiers', period: 'month', bands }
  })
const coefficientPrice = fc
  .tuple(fc.integer({ min: 1, max: 150 }), fc.oneof(flatPrice, tieredPrice))
  .map(([percent, price]): Price => ({ form: 'coefficient', factor: new Exact(percent).div(100).toFixed(2), price }))
const percentagePrice = fc
  .integer({ min: 1, max: 300 })
  .map((percent): Price => ({ form: 'percentage', of: 'a', percent: String(percent) }))

const categories = ['a', 'b', 'c'] as const
const schedules = fc
  .tuple(
    stretches(3),
    fc.array(
      fc.record({
        a: fc.oneof(flatPrice, tieredPrice),
        b: coefficientPrice,
        c: fc.oneof(percentagePrice, flatPrice),
        straddle: fc.constantFrom('by-days' as const, 'whole-at-start' as const, 'whole-at-end' as const),
      }),
      { minLength: 3, maxLength: 3 },
    ),
  )
  .map(([validities, versions]) =>
    validities.flatMap(({ from, until }, index): Rate[] => {
      const version = versions[index]
      if (version === undefined) return []
      return categories.map((code) => rate(`V${index}`, code, version[code], from, until, version.straddle))
    }),
  )

const account: fc.Arbitrary<AccountTerms> = fc
  .tuple(stretches(3), stretches(3), fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }))
  .map(([held, categorised, choices]) =>
    terms({
      holders: held.map(({ from, until }, index) => holder(`D${choices[index] ?? 0}`, from, until)),
      categories: categorised.map(({ from, until }, index) =>
        category(categories[choices[index + 3] ?? 0] ?? 'a', from, until),
      ),
    }),
  )

function compute(of: AccountTerms, volumes: readonly Use[], rates: RateBook): readonly DraftBill[] {
  const outcome = computeBills(of, billable(...volumes), rates)
  if (outcome.outcome !== 'billed') throw new Error(`not billed: ${JSON.stringify(outcome)}`)
  return outcome.bills
}
const linesOf = (bills: readonly DraftBill[]): BillLine[] => bills.flatMap((bill) => bill.lines)
const sumOf = (lines: readonly BillLine[]): Volume => addVolumes(lines.map((line) => line.volumeM3))
const amountOf = (lines: readonly BillLine[]): string => moneyText(addMoney(lines.map((line) => line.amount)))

const month = fc.record({ of: account, volumes: uses, rates: schedules.map(rateBook) })

describe('whatever changes within a month', () => {
  it('the parts of every use add up to it, in water and in days, and each lies with the payer and category of its days', () => {
    fc.assert(
      fc.property(month, ({ of, volumes, rates }) => {
        const bills = compute(of, volumes, rates)
        for (const use of volumes) {
          const id = use.sources[0]?.kind === 'reading' ? use.sources[0].reading : ''
          const parts = bills.flatMap((bill) =>
            bill.lines.flatMap((line) =>
              line.derivation.uses
                .filter(({ sources }) => sources.some((source) => source.kind === 'reading' && source.reading === id))
                .map((part) => ({ ...part, payer: bill.dischargerId, line })),
            ),
          )
          const whole = new Exact(0)
          expect(volumeText(parts.reduce((sum, part) => sum.plus(part.m3), whole) as Volume)).toBe(
            volumeText(use.volumeM3),
          )
          expect(parts.reduce((sum, part) => sum + daysIn(part), 0)).toBe(daysIn(use.used))
          for (const { from, until, payer, line } of parts) {
            const holds = ({ validity }: { validity: Validity }) =>
              validity.from <= from && (validity.until === null || until <= validity.until)
            expect(of.holders.find(holds)?.dischargerId).toBe(payer)
            expect(of.categories.find(holds)?.categoryCode).toBe(line.categoryCode)
            expect(line.used.from <= from && until <= line.used.until).toBe(true)
          }
        }
      }),
      often,
    )
  })

  it('each line bills what was metered, after its coefficient, and rounds its own amount once', () => {
    fc.assert(
      fc.property(month, ({ of, volumes, rates }) => {
        for (const line of linesOf(compute(of, volumes, rates))) {
          const { uses: parts, meteredM3, steps, unrounded } = line.derivation
          const metered = parts.reduce((sum, part) => sum.plus(part.m3), new Exact(0))
          expect(metered.toFixed(3)).toBe(meteredM3)
          const factor = steps.find((step) => step.step === 'coefficient')?.factors[0] ?? '1'
          expect(volumeText(line.volumeM3)).toBe(volumeText(roundToVolume(metered.times(factor))))
          expect(moneyText(line.amount)).toBe(new Exact(unrounded).toDecimalPlaces(2, Exact.ROUND_HALF_UP).toFixed(2))
          expect(line.amount.isNegative() && !line.amount.isZero()).toBe(false)
        }
      }),
      often,
    )
  })

  it('a payer has one bill, its total is the sum of its lines, and it computes again without a fault', () => {
    fc.assert(
      fc.property(month, ({ of, volumes, rates }) => {
        const bills = compute(of, volumes, rates)
        expect(new Set(bills.map((bill) => bill.dischargerId)).size).toBe(bills.length)
        for (const draft of bills) {
          const { bill, lines } = issued(draft)
          expect(faultsOf(bill, lines, rates.tables)).toEqual([])
        }
      }),
      often,
    )
  })

  it('computing twice gives the same', () => {
    fc.assert(
      fc.property(month, ({ of, volumes, rates }) => {
        expect(JSON.stringify(compute(of, volumes, rates))).toBe(JSON.stringify(compute(of, volumes, rates)))
      }),
      often,
    )
  })

  it('a full negative leaves nothing and computes again without a fault', () => {
    fc.assert(
      fc.property(month, ({ of, volumes, rates }) => {
        for (const draft of compute(of, volumes, rates)) {
          const red = { ...draft, lines: draft.lines.map((line) => mirrorLine('2026-000001', line)) }
          expect(amountOf([...draft.lines, ...red.lines])).toBe('0.00')
          expect(volumeText(sumOf([...draft.lines, ...red.lines]))).toBe('0.000')
          const { bill, lines } = issued(red, 2)
          expect(faultsOf(bill, lines, rates.tables)).toEqual([])
        }
      }),
      often,
    )
  })
})

describe('a split for a reason that changes no price', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 })
  const march = civilDate('2026-03-01')

  it('keeps the volume, and moves the amount by at most 0.01 per further line', () => {
    fc.assert(
      fc.property(cubicMetres, perM3, cuts, (volumeM3, price, after) => {
        const starts = [civilDate('2020-01-01'), ...after.toSorted((a, b) => a - b).map((n) => plusDays(march, n))]
        const split = terms({
          categories: starts.map((from: CivilDate, index) => category('a', from, starts[index + 1] ?? null)),
        })
        const use: Use = {
          used: { from: march, until: civilDate('2026-04-01') },
          volumeM3,
          sources: [{ kind: 'reading', reading: 'R', m3: volumeText(volumeM3) }],
        }
        const rates = rateBook([rate('V', 'a', flat(price))])
        const lines = linesOf(compute(split, [use], rates))
        expect(lines).toHaveLength(starts.length)
        expect(volumeText(sumOf(lines))).toBe(volumeText(volumeM3))
        const whole = roundToMoney(priceOf(volumeM3, unitPrice(price)))
        const moved = subtractMoney(addMoney(lines.map((line) => line.amount)), whole).abs()
        expect(moved.lessThanOrEqualTo(new Exact('0.01').times(lines.length - 1))).toBe(true)
      }),
      often,
    )
  })
})

describe('an adjustment', () => {
  /** Two states of the facts of one account: what was billed, and what is known now. */
  const before = fc.record({ of: account, volumes: uses })
  const corrected = fc.record({ earlier: before, later: before, rates: schedules.map(rateBook) })
  const issueAll = (bills: readonly DraftBill[], number: number): BilledLine[] =>
    bills.flatMap((bill, index) => standing(bill.dischargerId, bill.lines, number + index))
  const byPayerAndKey = (all: readonly { dischargerId: DischargerId; line: BillLine }[]) => {
    const sums = new Map<string, BillLine[]>()
    for (const { dischargerId, line } of all) {
      const key = `${dischargerId} ${line.categoryCode} ${line.scheduleId}`
      sums.set(key, [...(sums.get(key) ?? []), line])
    }
    return new Map([...sums].map(([key, lines]) => [key, `${volumeText(sumOf(lines))} ${amountOf(lines)}`]))
  }
  const asLines = (bills: readonly DraftBill[]) =>
    bills.flatMap(({ dischargerId, lines }) => lines.map((line) => ({ dischargerId, line })))

  it('makes what stands equal to what is computed now: per payer always, per category and version where it was made', () => {
    fc.assert(
      fc.property(corrected, ({ earlier, later, rates }) => {
        const now = compute(later.of, later.volumes, rates)
        const stood = issueAll(compute(earlier.of, earlier.volumes, rates), 1)
        const adjustments = adjustmentsBetween(now, stood)
        const stands = [...stood, ...issueAll(adjustments, 50)]

        const payers = new Set([...now.map((bill) => bill.dischargerId), ...stood.map((each) => each.dischargerId)])
        for (const payer of payers) {
          const ofPayer = stands.filter((each) => each.dischargerId === payer).map((each) => each.line)
          expect(amountOf(ofPayer)).toBe(amountOf(linesOf(now.filter((bill) => bill.dischargerId === payer))))
        }
        const adjusted = new Set(adjustments.map((each) => each.dischargerId))
        const shouldBe = byPayerAndKey(asLines(now).filter((each) => adjusted.has(each.dischargerId)))
        const are = byPayerAndKey(stands.filter((each) => adjusted.has(each.dischargerId)))
        // A line of no water and no money may stand on either side alone.
        const nothing = '0.000 0.00'
        for (const key of new Set([...shouldBe.keys(), ...are.keys()])) {
          expect([key, are.get(key) ?? nothing]).toEqual([key, shouldBe.get(key) ?? nothing])
        }
      }),
      often,
    )
  })

  it('has the sign its name says, is none where nothing differs, and leaves nothing to adjust', () => {
    fc.assert(
      fc.property(corrected, ({ earlier, later, rates }) => {
        const now = compute(later.of, later.volumes, rates)
        const stood = issueAll(compute(earlier.of, earlier.volumes, rates), 1)
        const adjustments = adjustmentsBetween(now, stood)
        for (const { kind, amount } of adjustments) {
          expect(amount.isZero()).toBe(false)
          expect(amount.isNegative()).toBe(kind === 'downward')
        }
        expect(adjustmentsBetween(now, [...stood, ...issueAll(adjustments, 50)])).toEqual([])
        expect(adjustmentsBetween(now, issueAll(now, 1))).toEqual([])
      }),
      often,
    )
  })

  it('computes again without a fault, and so does its full negative', () => {
    fc.assert(
      fc.property(corrected, ({ earlier, later, rates }) => {
        const now = compute(later.of, later.volumes, rates)
        const stood = issueAll(compute(earlier.of, earlier.volumes, rates), 1)
        for (const adjustment of adjustmentsBetween(now, stood)) {
          const { bill, lines } = issued(adjustment, 50)
          expect(faultsOf(bill, lines, rates.tables)).toEqual([])
          const red = { ...adjustment, lines: adjustment.lines.map((line) => mirrorLine('2026-000050', line)) }
          const negative = issued(red, 51)
          expect(faultsOf(negative.bill, negative.lines, rates.tables)).toEqual([])
        }
      }),
      often,
    )
  })
})
