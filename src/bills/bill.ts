import type { CivilDate, DateInterval, FeeMonth } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId, RateScheduleId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { Volume } from '../kernel/volume.ts'
import type { MonthShare, PriceStep } from '../tariffs/price.ts'
import type { HeldReason, VolumeSource } from '../volumes/billable-volume.ts'
import type { VolumeBasis, VolumeBasisKind } from '../volumes/volume-basis.ts'

/** 正常开账、红冲后重开、红冲、追补、退补 (decision 11). */
export type BillKind = 'original' | 'rebill' | 'red' | 'upward' | 'downward'

export const billKindNames: Record<BillKind, { readonly zh: string; readonly en: string }> = {
  original: { zh: '账单', en: 'bill' },
  rebill: { zh: '重开账单', en: 'rebill' },
  red: { zh: '红冲', en: 'full negative' },
  upward: { zh: '追补', en: 'upward adjustment' },
  downward: { zh: '退补', en: 'downward adjustment' },
}

/** The only reasons for which an issued bill is corrected; a waiver is none of them (decisions 4 and 11). */
export const correctionReasons = ['volume', 'category', 'rate_version', 'duplicate'] as const
export type CorrectionReason = (typeof correctionReasons)[number]
export const correctionReasonNames: Record<CorrectionReason, { readonly zh: string; readonly en: string }> = {
  volume: { zh: '水量更正', en: 'volume' },
  category: { zh: '类别更正', en: 'category' },
  rate_version: { zh: '收费标准版本更正', en: 'rate version' },
  duplicate: { zh: '重复开账', en: 'duplicate' },
}

/** A part of a use that fell into this line; where a use was split by days, the weights that split it. */
export interface LineUse {
  readonly from: CivilDate
  readonly until: CivilDate
  readonly m3: string
  readonly split?: { readonly wholeM3: string; readonly days: readonly number[]; readonly part: number }
  readonly sources: readonly VolumeSource[]
}

/** How a line's amount came about, frozen with it: enough to compute the amount again, to the fen, without anything else. */
export interface Derivation {
  readonly clause: string
  readonly uses: readonly LineUse[]
  /** Sum of the uses: the volume before any coefficient. */
  readonly meteredM3: string
  readonly monthShare: MonthShare
  readonly steps: readonly PriceStep[]
  readonly unrounded: string
  readonly rounding: 'half-up to 0.01'
  /** A red line mirrors the line it cancels; an adjusting line is the difference of two computations. */
  readonly mirrors?: string
  readonly difference?: {
    readonly recomputed: LineComputation
    readonly billed: { readonly volumeM3: string; readonly amount: string; readonly bills: readonly string[] }
  }
  /** An opening bill came from the books before this product, with nothing behind it but the signed list. */
  readonly opening?: string
}
export interface LineComputation {
  readonly volumeM3: string
  readonly amount: string
  readonly uses: readonly LineUse[]
  readonly meteredM3: string
  readonly monthShare: MonthShare
  readonly steps: readonly PriceStep[]
  readonly unrounded: string
}

/** One line = account × fee month × category × schedule version × use interval (decision 13). */
export interface BillLine {
  readonly categoryCode: string
  readonly scheduleId: RateScheduleId
  readonly basis: VolumeBasisKind
  readonly used: DateInterval
  readonly volumeM3: Volume
  readonly amount: Money
  readonly derivation: Derivation
}

/** What a run would bill one payer of one account. */
export interface DraftBill {
  readonly dischargerId: DischargerId
  readonly lines: readonly BillLine[]
}

export type AccountOutcome =
  | { readonly outcome: 'billed'; readonly bills: readonly DraftBill[] }
  | { readonly outcome: 'held'; readonly reasons: readonly HeldReason[] }
  | { readonly outcome: 'exempt'; readonly basis: VolumeBasis }

/** An issued bill as neighbours, pages and exports see it. */
export interface Bill {
  readonly billId: BillId
  readonly number: string
  readonly kind: BillKind
  readonly accountId: AccountId
  readonly accountNo: string
  readonly collectorCode: string
  readonly dischargerId: DischargerId
  readonly dischargerName: string
  readonly feeMonth: FeeMonth
  readonly issuedOn: CivilDate
  readonly dueOn: CivilDate
  readonly volumeM3: Volume
  readonly totalAmount: Money
  readonly correctsBillId: BillId | null
  readonly reason: CorrectionReason | null
  readonly evidence: string | null
  readonly cancelledBy: BillId | null
}

/** The number people see: year and a sequence without gaps, `2026-004218` (decision 15). */
export function billNumber(year: number, number: number): string {
  return `${year}-${String(number).padStart(6, '0')}`
}

/** The numbers an issue gave, from the first to the last; of one bill its number alone. */
export function numberRange({ firstNumber, lastNumber }: { firstNumber: string; lastNumber: string }): string {
  return firstNumber === lastNumber ? firstNumber : `${firstNumber} … ${lastNumber}`
}

/** Reads a bill number back; `undefined` for anything else. */
export function parseBillNumber(text: string): { year: number; number: number } | undefined {
  const match = /^((?:19|20|21)\d{2})-(\d{6,8})$/.exec(text)
  return match === null ? undefined : { year: Number(match[1]), number: Number(match[2]) }
}

/** The key of a bill, derived from its number. */
export function billIdOf(year: number, number: number): BillId {
  return String(year * 100_000_000 + number) as BillId
}
export function numberOfBillId(billId: BillId): string {
  const id = Number(billId)
  return billNumber(Math.floor(id / 100_000_000), id % 100_000_000)
}
