import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MeterShare } from '../../src/dischargers/account.ts'
import {
  civilDate,
  type DateInterval,
  type FeeMonth,
  feeMonth,
  monthInterval,
  plusDays,
} from '../../src/kernel/calendar.ts'
import { Exact } from '../../src/kernel/decimal.ts'
import type { AccountId, InstallationId, MeterReadingId } from '../../src/kernel/ids.ts'
import { addVolumes, roundToVolume, subtractVolume, type Volume, volume, volumeText } from '../../src/kernel/volume.ts'
import type { MeterReading } from '../../src/readings/reading.ts'
import { billableVolume } from '../../src/volumes/billable-volume.rules.ts'
import type { BillableVolume, Use, VolumeFacts } from '../../src/volumes/billable-volume.ts'
import { agreedShares, behind, facts, meter, reading, term, terms } from '../support/billing-cases.ts'

const litres = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50_000_000 }))
const cubicMetres = litres.map((n) => volumeText(roundToVolume(new Exact(n).div(1000))))

function billed(of: Partial<VolumeFacts>): BillableVolume {
  const outcome = billableVolume(facts(of))
  if (outcome.outcome !== 'billable') throw new Error(`not billable: ${JSON.stringify(outcome)}`)
  return outcome
}
const sumOf = (uses: readonly Use[]): string => volumeText(addVolumes(uses.map((use) => use.volumeM3)))
const addUp = (volumes: readonly string[]): Volume => addVolumes(volumes.map(volume))

/** Readings of one meter in one month, as corrections and supplements leave them. */
const readingsOf = (no: string, volumes: readonly string[]): MeterReading[] =>
  volumes.map((m3, index) => reading(no, m3, { readingId: `${no} ${index}` as MeterReadingId }))

/** What a use says of itself: its sources give its volume. */
function sourcesAgree(use: Use): void {
  const share = use.sources.findLast((source) => source.kind === 'share')
  const before = use.sources.reduce((sum, source) => {
    if (source.kind === 'share') return sum
    return source.kind === 'less-sub' ? sum.minus(source.m3) : sum.plus(source.m3)
  }, new Exact(0))
  expect(before.toFixed(3)).toBe(share?.wholeM3 ?? volumeText(use.volumeM3))
  if (share !== undefined) expect(share.m3).toBe(volumeText(use.volumeM3))
}

describe('a master less its subs', () => {
  it('and its subs together are what the master saw; no part is negative, each says how it came about', () => {
    fc.assert(
      fc.property(
        fc.array(cubicMetres, { minLength: 1, maxLength: 3 }),
        fc.array(fc.array(cubicMetres, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
        (master, subs) => {
          const subMeters = subs.map((volumes, index) => behind('M1', `S${index}`, ...readingsOf(`S${index}`, volumes)))
          const outcome = billableVolume(facts({ readings: readingsOf('M1', master), subMeters }))
          const [whole, taken] = [addUp(master), addUp(subs.flat())]
          if (taken.greaterThan(whole)) {
            expect(outcome).toMatchObject({ outcome: 'held', reasons: [{ code: 'master_less_subs_negative' }] })
            return
          }
          if (outcome.outcome !== 'billable') throw new Error(JSON.stringify(outcome))
          expect(sumOf(outcome.uses)).toBe(volumeText(subtractVolume(whole, taken)))
          for (const use of outcome.uses) {
            expect(use.volumeM3.isNegative() && !use.volumeM3.isZero()).toBe(false)
            sourcesAgree(use)
          }
          const named = outcome.uses.flatMap((use) => use.sources.filter((source) => source.kind === 'less-sub'))
          expect(volumeText(addVolumes(named.map((source) => volume(source.m3))))).toBe(volumeText(taken))
        },
      ),
    )
  })
})

describe('a shared meter', () => {
  const users = ['A1', 'A2', 'A3', 'A4', 'A5']
  /** Ratios in hundredths that add up to 1, for some of the users in some order. */
  const agreement = fc
    .tuple(
      fc.shuffledSubarray(users, { minLength: 1 }),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 4, maxLength: 4 }),
    )
    .map(([of, hundredths]) => {
      const first = of.slice(1).map((_, index) => hundredths[index] ?? 1)
      const rest = 100 - first.reduce((sum, each) => sum + each, 0)
      return of.map((account, index) => [account, new Exact(first[index] ?? rest).div(100).toFixed(2)] as const)
    })
  const march = civilDate('2026-03-01')
  const used: fc.Arbitrary<DateInterval> = fc
    .tuple(fc.integer({ min: -5, max: 10 }), fc.integer({ min: 12, max: 31 }))
    .map(([from, until]) => ({ from: plusDays(march, from), until: plusDays(march, until) }))
  const unit = fc.constantFrom('1' as const, '0.001' as const)

  it('is billed in full and once, whatever the agreement, even where it changes on any day of the month', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cubicMetres, used), { minLength: 1, maxLength: 3 }),
        agreement,
        fc.option(fc.tuple(agreement, fc.integer({ min: 1, max: 30 })), { nil: undefined }),
        unit,
        (read, agreed, change, unitM3) => {
          const changedOn = change === undefined ? null : plusDays(march, change[1])
          const shares: MeterShare[] = [
            ...agreedShares('W1', agreed, term('2020-01-01', changedOn), unitM3),
            ...(change === undefined || changedOn === null
              ? []
              : agreedShares('W1', change[0], term(changedOn), unitM3)),
          ].sort((a, b) => a.shareNo - b.shareNo)
          const readings = read.map(([m3, on], index) =>
            reading('W1', m3, { readingId: `W1 ${index}` as MeterReadingId, used: on }),
          )
          const sharedMeters = [
            { installation: meter('W1', { accountId: 'A9' as AccountId }), shares, readings, subMeters: [] },
          ]
          const parts = users
            .filter((account) => shares.some((share) => share.accountId === account))
            .map((account) =>
              billableVolume(
                facts({ terms: terms({ accountId: account as AccountId, installations: [] }), sharedMeters }),
              ),
            )
          const uses = parts.flatMap((part) => (part.outcome === 'billable' ? part.uses : []))
          expect(sumOf(uses)).toBe(volumeText(addUp(read.map(([m3]) => m3))))
          for (const use of uses) {
            expect(use.volumeM3.isNegative() && !use.volumeM3.isZero()).toBe(false)
            sourcesAgree(use)
          }
        },
      ),
    )
  })
})

describe('a true-up', () => {
  const months: FeeMonth[] = ['2025-12', '2026-01', '2026-02', '2026-03'].map(feeMonth)

  it('gives every month its own days without gap or overlap, and all the water, however the closing row was counted', () => {
    fc.assert(
      fc.property(
        fc.array(cubicMetres, { minLength: 1, maxLength: 3 }),
        cubicMetres,
        fc.boolean(),
        (estimates, counted, fromLastActual) => {
          const ofRun = months.slice(0, estimates.length + 1)
          const run = ofRun.map((of, index) => {
            const estimate = estimates[index]
            if (estimate !== undefined) return reading('M1', estimate, { feeMonth: of, source: 'estimated' })
            return reading('M1', counted, {
              feeMonth: of,
              ...(fromLastActual
                ? {
                    startReading: '1000.000',
                    endReading: volumeText(addUp(['1000.000', counted])),
                    used: { from: monthInterval(ofRun[0] ?? of).from, until: monthInterval(of).until },
                  }
                : {}),
            })
          })
          const uses = ofRun.flatMap((of) => {
            const readings = run.filter((each) => each.feeMonth === of)
            return billed({ feeMonth: of, readings, estimatedRun: run }).uses
          })
          expect(uses.map((use) => use.used)).toEqual(ofRun.map(monthInterval))
          expect(sumOf(uses)).toBe(fromLastActual ? counted : volumeText(addUp([...estimates, counted])))
          for (const use of uses) sourcesAgree(use)
        },
      ),
    )
  })
})

describe('a replaced meter', () => {
  it('and a master replaced within the month are billed as one place', () => {
    fc.assert(
      fc.property(cubicMetres, cubicMetres, cubicMetres, (residual, rest, sub) => {
        const replacedOn = civilDate('2026-03-14')
        const old = meter('M1', { validity: term('2020-01-01', replacedOn) })
        const fresh = meter('M2', { replacesInstallationId: 'M1' as InstallationId, validity: term(replacedOn) })
        const of = {
          terms: terms({ installations: [old, fresh] }),
          readings: [reading('M1', residual, { kind: 'residual' as const }), reading('M2', rest)],
        }
        const whole = addUp([residual, rest])
        expect(sumOf(billed(of).uses)).toBe(volumeText(whole))
        const outcome = billableVolume(facts({ ...of, subMeters: [behind('M2', 'S1', reading('S1', sub))] }))
        const left = subtractVolume(whole, volume(sub))
        if (left.isNegative() && !left.isZero()) expect(outcome.outcome).toBe('held')
        else expect(outcome.outcome === 'billable' && sumOf(outcome.uses)).toBe(volumeText(left))
      }),
    )
  })
})
