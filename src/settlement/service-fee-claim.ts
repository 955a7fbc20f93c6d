import type { FeeMonth } from '../kernel/calendar.ts'
import type { Id, OrganisationId, StaffId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { MonthFee } from './month-fee.ts'

export type ClaimId = Id<'service-fee-claim'>

/** What a claim asks for: the month's fee, corrections of months claimed before, what was carried. Yuan as text. */
export type ClaimCalculation = {
  readonly plant: string
  readonly fee: MonthFee
  readonly corrections: readonly MonthCorrection[]
  readonly corrected: string
  /** 0.00 or less: what the claim before came out below zero by. */
  readonly carriedIn: string
  readonly payable: string
  readonly carriedOut: string
}

/** A month claimed before whose facts have changed since. */
export type MonthCorrection = {
  readonly month: string
  readonly settledBefore: string
  readonly computedNow: string
  readonly difference: string
}

export const claimSteps = ['claimed', 'reviewed', 'approved', 'paid', 'reconciled', 'returned'] as const
export type ClaimStep = (typeof claimSteps)[number]

export const stepNames: Record<ClaimStep, { readonly zh: string; readonly en: string }> = {
  claimed: { zh: '已申请', en: 'claimed' },
  reviewed: { zh: '已审核', en: 'reviewed' },
  approved: { zh: '已审定', en: 'approved' },
  paid: { zh: '已拨付', en: 'paid' },
  reconciled: { zh: '已核对', en: 'reconciled' },
  returned: { zh: '已退回', en: 'returned' },
}

/** Whose turn it is after a step, and what they do; a claim may be returned by whoever would take the next step. */
export const nextStep: Partial<
  Record<
    ClaimStep,
    { readonly step: ClaimStep; readonly role: 'brigade_officer' | 'bureau_approver' | 'finance_officer' }
  >
> = {
  claimed: { step: 'reviewed', role: 'brigade_officer' },
  reviewed: { step: 'approved', role: 'bureau_approver' },
  approved: { step: 'paid', role: 'finance_officer' },
  paid: { step: 'reconciled', role: 'finance_officer' },
}

export interface TakenStep {
  readonly step: ClaimStep
  readonly personId: StaffId
  readonly personName: string
  readonly personCode: string
  readonly actedOn: string
  readonly reason: string
  readonly reference: string
  readonly recordedAt: Date
}

export interface ServiceFeeClaim {
  readonly claimId: ClaimId
  readonly number: string
  readonly plantId: OrganisationId
  readonly plantCode: string
  readonly plantName: string
  readonly month: FeeMonth
  readonly feeAmount: Money
  readonly correctionAmount: Money
  readonly carriedAmount: Money
  readonly payableAmount: Money
  readonly calculation: ClaimCalculation
  readonly digest: string
  readonly claimedOn: string
  /** The claim of the same month that was returned before this one. */
  readonly replaces: ClaimId | null
  /** In the order they were taken; the last is the claim's state. */
  readonly steps: readonly TakenStep[]
}

/** The number people see: year and a sequence without gaps, `S2026-000003` (decision 15). */
export function claimNumber(year: number, number: number): string {
  return `S${year}-${String(number).padStart(6, '0')}`
}

/** Reads a claim number back; `undefined` for anything else. */
export function parseClaimNumber(text: string): { year: number; number: number } | undefined {
  const match = /^S?(\d{4})-(\d{1,8})$/i.exec(text.trim())
  return match === null ? undefined : { year: Number(match[1]), number: Number(match[2]) }
}
