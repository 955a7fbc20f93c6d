import { expect, it } from 'vitest'
import { days, march, term } from '../../test/support/billing-cases.ts'
import { volume } from '../kernel/volume.ts'
import type { VolumeOutcome } from './billable-volume.ts'
import { type AccountOfMonth, outletVolume } from './outlet-volume.rules.ts'
import type { VolumeBasis, VolumeBasisKind } from './volume-basis.ts'

const billable = (m3: string, basis: VolumeBasisKind = 'public_meter', estimated = false): VolumeOutcome => ({
  outcome: 'billable',
  basis,
  clause: '办法第八条',
  uses: [{ used: days('2026-03-01', '2026-04-01'), volumeM3: volume(m3), sources: [] }],
  estimated,
})
const exempt = { outcome: 'exempt', basis: { basis: 'exempt', validity: term('2026-01-01') } as VolumeBasis } as const
const account = (accountNo: string, outcome: VolumeOutcome, more: Partial<AccountOfMonth> = {}): AccountOfMonth => ({
  accountNo,
  holders: ['D1' as AccountOfMonth['holders'][number]],
  outcome,
  meteredAt: undefined,
  ...more,
})
const through = (outlets: readonly string[], ...accounts: readonly AccountOfMonth[]) => {
  const told = outletVolume('O1', outlets, accounts)
  return 'm3' in told ? told.m3.toFixed() : [told.why, ...told.accounts].join(' ')
}

it(`everything a discharger used in ${march} went through its one outlet, what is exempt apart`, () => {
  expect(through(['O1'], account('1', billable('100')), account('2', billable('20.5')))).toBe('120.5')
  expect(through(['O1'], account('1', billable('100')), account('2', exempt))).toBe('100')
})

it('what is metered at an outlet is that outlet’s, and of several outlets only that is told', () => {
  const metered = (no: string, at: string) => account(no, billable('70', 'actual_discharge'), { meteredAt: at })
  expect(through(['O1', 'O2'], metered('1', 'O1'), metered('2', 'O2'))).toBe('70')
  expect(through(['O1', 'O2'], metered('1', 'O1'), account('2', billable('100')))).toBe('several_outlets 2')
  expect(through(['O1', 'O2'], metered('1', 'O1'), account('2', exempt))).toBe('70')
})

it('unknown is never 0', () => {
  expect(through([], account('1', billable('100')))).toBe('outlet_not_registered')
  expect(through(['O1'])).toBe('no_account')
  expect(through(['O1'], account('1', exempt))).toBe('no_account')
  const elsewhere = account('1', billable('70', 'actual_discharge'), { meteredAt: 'O2' })
  expect(through(['O1', 'O2'], elsewhere)).toBe('no_account')
  const held = account('2', { outcome: 'held', reasons: [{ code: 'no_reading', parameters: {} }] })
  expect(through(['O1'], account('1', billable('100')), held)).toBe('account_without_volume 2')
  const holders = ['D1', 'D2'] as unknown as AccountOfMonth['holders']
  expect(through(['O1'], account('1', billable('100'), { holders }))).toBe('account_changed_hands 1')
})

it('nobody is said to have discharged what was estimated or presumed', () => {
  for (const outcome of [
    billable('100', 'public_meter', true),
    billable('100', 'rated_flow'),
    billable('100', 'construction_quota'),
  ])
    expect(through(['O1'], account('1', outcome))).toBe('volume_not_measured 1')
})
