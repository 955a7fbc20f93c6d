import { describe, expect, it } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import { checkBasis } from './volume-basis.rules.ts'
import { type ProposedBasis, volumeBases } from './volume-basis.ts'

const publicMeter: ProposedBasis = {
  accountId: 'A1' as AccountId,
  accountNo: '0010021',
  basis: 'public_meter',
  ratedFlowM3PerHour: null,
  quotaM3PerMonth: null,
  outletId: null,
  outletHasOnlineMeter: false,
  determinationNo: null,
  postedFrom: null,
  postedUntil: null,
  evidence: '现场核查记录',
  productIsMainlyWater: false,
  validFrom: civilDate('2026-03-01'),
  validUntil: null,
}
const discharge: ProposedBasis = {
  ...publicMeter,
  basis: 'actual_discharge',
  outletId: 'O1',
  outletHasOnlineMeter: true,
  determinationNo: '认字〔2026〕1号',
  postedFrom: civilDate('2026-02-01'),
  postedUntil: civilDate('2026-02-15'),
  validUntil: civilDate('2027-03-01'),
}
const codes = (proposed: ProposedBasis) => checkBasis(proposed).map(({ code }) => code)

describe('a ground may be proposed', () => {
  it.each(volumeBases.filter((basis) => basis !== 'actual_discharge'))(
    '%s, with what it needs and evidence',
    (basis) => {
      expect(codes({ ...publicMeter, basis, ratedFlowM3PerHour: '25', quotaM3PerMonth: '600' })).toEqual([])
    },
  )
  it('actual discharge: determined, posted, metered online, with an end', () => {
    expect(codes(discharge)).toEqual([])
    expect(codes({ ...discharge, postedUntil: discharge.validFrom })).toEqual([])
  })
})

describe('a ground begins and ends with a month', () => {
  it('refuses a beginning within one', () => {
    expect(codes({ ...publicMeter, validFrom: civilDate('2026-03-02') })).toEqual(['basis_starts_within_month'])
  })
  it('refuses an end within one, save of an exemption, whose last month is due in full', () => {
    const until = { validUntil: civilDate('2026-06-15') }
    expect(codes({ ...publicMeter, ...until })).toEqual(['basis_ends_within_month'])
    expect(codes({ ...publicMeter, ...until, basis: 'exempt' })).toEqual([])
  })
  it('refuses one that ends before it begins', () => {
    const backwards = { ...publicMeter, validUntil: civilDate('2026-03-01') }
    expect(codes(backwards)).toEqual(['basis_ends_before_it_begins'])
  })
})

describe('a ground is proven', () => {
  it('refuses one without evidence', () => {
    expect(codes({ ...publicMeter, evidence: ' ' })).toEqual(['evidence_missing'])
  })
  it.each([null, '0', '-25', 'many', '1e3'])('refuses a rated flow or a quota of %s', (value) => {
    expect(codes({ ...publicMeter, basis: 'rated_flow', ratedFlowM3PerHour: value })).toEqual(['rated_flow_missing'])
    expect(codes({ ...publicMeter, basis: 'construction_quota', quotaM3PerMonth: value })).toEqual(['quota_missing'])
  })
})

describe('actual discharge needs all that 151 art. 11 asks for', () => {
  it('names everything that is missing at once', () => {
    const [missing, ...others] = checkBasis({
      ...discharge,
      determinationNo: ' ',
      postedFrom: null,
      postedUntil: null,
      validUntil: null,
      outletId: null,
    })
    expect(others).toEqual([])
    for (const part of ['认定文号', '公示开始', '公示结束', '有效期', '排污口']) {
      expect(missing?.sentence('zh')).toContain(part)
    }
  })
  it('begins only once the posting is over', () => {
    expect(codes({ ...discharge, postedUntil: civilDate('2026-03-02') })).toEqual(['posting_not_over'])
  })
  it('needs an online meter at the outlet', () => {
    expect(codes({ ...discharge, outletHasOnlineMeter: false })).toEqual(['online_meter_missing'])
  })
  it('is refused where the product is mainly water, whatever else there is', () => {
    expect(codes({ ...discharge, productIsMainlyWater: true })).toEqual(['product_is_water'])
    expect(codes({ ...publicMeter, productIsMainlyWater: true })).toEqual([])
  })
})
