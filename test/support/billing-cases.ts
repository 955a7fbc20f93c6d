import { type Bill, type BillLine, billIdOf, billNumber, type DraftBill } from '../../src/bills/bill.ts'
import type { BilledLine } from '../../src/bills/correction.rules.ts'
import type { AccountTerms, CategoryTerm, Holder, Installation, MeterShare } from '../../src/dischargers/account.ts'
import {
  civilDate,
  type DateInterval,
  feeMonth,
  lastDay,
  monthInterval,
  type Validity,
} from '../../src/kernel/calendar.ts'
import type {
  AccountId,
  CollectorId,
  DischargerId,
  InstallationId,
  MeterReadingId,
  RateScheduleId,
} from '../../src/kernel/ids.ts'
import { addMoney } from '../../src/kernel/money.ts'
import { addVolumes, volume } from '../../src/kernel/volume.ts'
import type { MeterReading } from '../../src/readings/reading.ts'
import type { Price } from '../../src/tariffs/price.ts'
import type { Rate } from '../../src/tariffs/rate-schedule.ts'
import type { BillableVolume, SharedMeter, SubMeter, Use, VolumeFacts } from '../../src/volumes/billable-volume.ts'
import { basisNames, type VolumeBasis, type VolumeBasisKind } from '../../src/volumes/volume-basis.ts'

/** Accounts, meters, readings and rates for the tests of the pure billing rules: what is not said is an ordinary March. */

export const march = feeMonth('2026-03')

export const term = (from: string, until: string | null = null): Validity => ({
  from: civilDate(from),
  until: until === null ? null : civilDate(until),
})
export const days = (from: string, until: string): DateInterval => ({ from: civilDate(from), until: civilDate(until) })

export const holder = (dischargerId: string, from = '2020-01-01', until: string | null = null): Holder => ({
  dischargerId: dischargerId as DischargerId,
  validity: term(from, until),
})
export const category = (
  code: string,
  from = '2020-01-01',
  until: string | null = null,
  needsAgreement = false,
): CategoryTerm => ({
  payerGroup: needsAgreement ? 'park_enterprise' : 'urban_resident',
  categoryCode: code,
  needsAgreement,
  validity: term(from, until),
})

/** A meter; its number is its id. */
export function meter(no: string, more: Partial<Installation> = {}): Installation {
  return {
    installationId: no as InstallationId,
    meterNo: no,
    accountId: 'A1' as AccountId,
    purpose: 'supply',
    digits: 6,
    multiplier: '1',
    initialReading: '0.000',
    runsBackwards: false,
    masterInstallationId: null,
    replacesInstallationId: null,
    finalReading: null,
    validity: term('2020-01-01'),
    ...more,
  }
}
/** A sub-meter of another account behind `master`. */
export const behind = (master: string, no: string, ...readings: MeterReading[]): SubMeter => ({
  installation: meter(no, { accountId: 'A9' as AccountId, masterInstallationId: master as InstallationId }),
  readings,
})

/** A reading of a whole month by volume; `meterNo` null is the account as a whole. */
export function reading(meterNo: string | null, volumeM3: string, more: Partial<MeterReading> = {}): MeterReading {
  const month = more.feeMonth ?? march
  return {
    readingId: `${meterNo ?? 'account'} ${month}` as MeterReadingId,
    accountId: 'A1' as AccountId,
    installationId: meterNo as InstallationId | null,
    feeMonth: month,
    kind: 'normal',
    source: 'actual',
    used: monthInterval(month),
    readOn: lastDay(month),
    startReading: null,
    endReading: null,
    volumeM3,
    revision: 0,
    ...more,
  }
}

export function terms(more: Partial<AccountTerms> = {}): AccountTerms {
  return {
    accountId: 'A1' as AccountId,
    accountNo: '0010001',
    collectorId: 'C1' as CollectorId,
    supply: 'public',
    openedOn: civilDate('2020-01-01'),
    closedOn: null,
    holders: [holder('D1')],
    categories: [category('industry')],
    suspensions: [],
    installations: [meter('M1')],
    ...more,
  }
}

export function facts(more: Partial<VolumeFacts> = {}): VolumeFacts {
  return {
    terms: terms(),
    feeMonth: march,
    bases: [],
    readings: [],
    estimatedRun: [],
    sharedMeters: [],
    subMeters: [],
    declaration: undefined,
    declarationUnderReview: false,
    ratedFlowDecision: undefined,
    rowsUnderReview: [],
    agreementInForce: true,
    ...more,
  }
}

export function basis(kind: VolumeBasisKind, more: Partial<VolumeBasis> = {}): VolumeBasis {
  return {
    basisId: 'B1',
    accountId: 'A1' as AccountId,
    basis: kind,
    ratedFlowM3PerHour: null,
    quotaM3PerMonth: null,
    determinationNo: null,
    evidence: '现场核查记录',
    clause: basisNames[kind].clause,
    validity: term('2025-01-01'),
    ...more,
  }
}

/** Shares of one meter: `[account, ratio]` in their order. */
export function shared(
  no: string,
  agreed: readonly (readonly [account: string, ratio: string])[],
  readings: readonly MeterReading[],
  more: { readonly unitM3?: '1' | '0.001'; readonly owner?: string; readonly subMeters?: readonly SubMeter[] } = {},
): SharedMeter {
  return {
    installation: meter(no, { accountId: (more.owner ?? 'A1') as AccountId }),
    shares: agreedShares(no, agreed, term('2020-01-01'), more.unitM3),
    readings,
    subMeters: more.subMeters ?? [],
  }
}
export function agreedShares(
  no: string,
  agreed: readonly (readonly [account: string, ratio: string])[],
  validity: Validity,
  unitM3: '1' | '0.001' = '1',
): MeterShare[] {
  return agreed.map(([account, ratio], index) => ({
    installationId: no as InstallationId,
    shareNo: index + 1,
    accountId: account as AccountId,
    ratio,
    unitM3,
    agreement: '分摊协议',
    validity,
  }))
}

export const flat = (perM3: string): Price => ({ form: 'flat', perM3 })

/** One category's rate in one schedule; the schedule's id is its code. */
export function rate(
  scheduleId: string,
  categoryCode: string,
  price: Price,
  from = '2020-01-01',
  until: string | null = null,
  straddle: Rate['straddle'] = 'by-days',
): Rate {
  return {
    scheduleId: scheduleId as RateScheduleId,
    scheduleCode: scheduleId,
    categoryCode,
    price,
    straddle,
    unit: 'm³',
    currency: 'CNY',
    approvalDocument: `示例文号 ${scheduleId}`,
    clause: '办法第九条',
    validity: term(from, until),
  }
}

/** The use of one stretch of days, as one reading of M1 gives it. */
export const use = (volumeM3: string, from = '2026-03-01', until = '2026-04-01'): Use => ({
  used: days(from, until),
  volumeM3: volume(volumeM3),
  sources: [{ kind: 'reading', reading: `R ${from}`, meter: 'M1', m3: volume(volumeM3).toFixed(3) }],
})

export const billable = (...uses: Use[]): BillableVolume => ({
  outcome: 'billable',
  basis: 'public_meter',
  clause: basisNames.public_meter.clause,
  uses,
  estimated: false,
})

/** A drafted bill as it stands once issued; as JSON it lay in the database in between. */
export function issued(draft: DraftBill, number = 1, more: Partial<Bill> = {}): { bill: Bill; lines: BillLine[] } {
  const lines = draft.lines.map((line) => ({
    ...line,
    derivation: JSON.parse(JSON.stringify(line.derivation)) as BillLine['derivation'],
  }))
  const bill: Bill = {
    billId: billIdOf(2026, number),
    number: billNumber(2026, number),
    kind: 'original',
    accountId: 'A1' as AccountId,
    accountNo: '0010001',
    collectorCode: 'gx-water',
    dischargerId: draft.dischargerId,
    dischargerName: '示例电子有限公司',
    feeMonth: march,
    issuedOn: civilDate('2026-04-01'),
    dueOn: civilDate('2026-04-10'),
    volumeM3: addVolumes(lines.map((line) => line.volumeM3)),
    totalAmount: addMoney(lines.map((line) => line.amount)),
    correctsBillId: null,
    reason: null,
    evidence: null,
    cancelledBy: null,
    ...more,
  }
  return { bill, lines }
}

/** What stands billed after these lines were issued to one payer under one number. */
export function standing(dischargerId: string, lines: readonly BillLine[], number = 1): BilledLine[] {
  return lines.map((line) => ({
    billId: billIdOf(2026, number),
    number: billNumber(2026, number),
    dischargerId: dischargerId as DischargerId,
    line,
  }))
}
