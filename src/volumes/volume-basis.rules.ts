import { parseExact } from '../kernel/decimal.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { refuseVolume } from './volume.refusals.ts'
import type { ProposedBasis } from './volume-basis.ts'

/** Everything wrong with a proposed ground, by the article it comes from (151 art. 9–11); empty if it may be proposed. */
export function checkBasis(proposed: ProposedBasis): readonly Refusal[] {
  const faults: Refusal[] = []
  const { validFrom, validUntil, basis, accountNo: account } = proposed
  if (!validFrom.endsWith('-01')) faults.push(refuseVolume('basis_starts_within_month', { validFrom }))
  if (validUntil !== null && validUntil <= validFrom) {
    faults.push(refuseVolume('basis_ends_before_it_begins', { validFrom, validUntil }))
  }
  if (validUntil !== null && basis !== 'exempt' && !validUntil.endsWith('-01')) {
    faults.push(refuseVolume('basis_ends_within_month', { validUntil }))
  }
  if (proposed.evidence.trim() === '') faults.push(refuseVolume('evidence_missing'))
  if (basis === 'rated_flow' && !isAboveZero(proposed.ratedFlowM3PerHour))
    faults.push(refuseVolume('rated_flow_missing'))
  if (basis === 'construction_quota' && !isAboveZero(proposed.quotaM3PerMonth))
    faults.push(refuseVolume('quota_missing'))
  if (basis === 'actual_discharge') {
    const { determinationNo, postedFrom, postedUntil } = proposed
    const missing = [
      determinationNo?.trim() ? '' : '认定文号 determination number',
      postedFrom === null ? '公示开始日期 posted from' : '',
      postedUntil === null ? '公示结束日期 posted until' : '',
      validUntil === null ? '有效期 end of validity' : '',
      proposed.outletId === null ? '排污口 outlet' : '',
    ].filter((each) => each !== '')
    if (missing.length > 0) faults.push(refuseVolume('determination_missing', { missing: missing.join('、') }))
    if (postedUntil !== null && validFrom < postedUntil)
      faults.push(refuseVolume('posting_not_over', { postedUntil, validFrom }))
    if (!proposed.outletHasOnlineMeter) faults.push(refuseVolume('online_meter_missing', { account }))
    if (proposed.productIsMainlyWater) faults.push(refuseVolume('product_is_water', { account }))
  }
  return faults
}

function isAboveZero(text: string | null): boolean {
  const value = text === null ? undefined : parseExact(text)
  return value?.isPositive() === true && !value.isZero()
}
