import type { CivilDate } from '../kernel/calendar.ts'
import type { CollectorId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'

/** A settled year of one collector as it was approved; amounts in yuan. */
export interface AnnualSettlement {
  readonly number: string
  readonly collectorId: CollectorId
  readonly collectorCode: string
  readonly collectorName: string
  readonly year: number
  readonly settledOn: CivilDate
  readonly approvedOn: CivilDate
  readonly madeBy: string
  readonly approvedBy: string
  readonly due: Money
  readonly remitted: Money
  readonly direct: Money
  readonly balance: Money
  readonly lines: readonly PlainSettlementLine[]
}

/** One line as text, in proposals, answers and files: volumes in m³, amounts in yuan. */
export interface PlainSettlementLine {
  readonly feeMonth: string
  readonly category: string
  readonly declaredM3: string
  readonly exemptM3: string
  readonly dischargeM3: string
  readonly writtenOffM3: string
  readonly chargeableM3: string
  readonly billedM3: string
  readonly gapM3: string
  readonly unitPrice: string | null
  readonly priceSource: string
  readonly billed: string
  readonly gapAmount: string
  readonly writtenOff: string
  readonly due: string
  readonly remitted: string
  readonly direct: string
  readonly balance: string
  readonly outstanding: string
  readonly held: string
}

export const settlementSteps = ['declared', 'reconciled', 'written_off', 'proposed', 'approved', 'balanced'] as const
export type SettlementStepName = (typeof settlementSteps)[number]
export const settlementStepNames: Record<SettlementStepName, { readonly zh: string; readonly en: string }> = {
  declared: { zh: '售水量申报', en: 'volume sold declared' },
  reconciled: { zh: '四个季度对账签认', en: 'four quarters reconciled' },
  written_off: { zh: '核销审批', en: 'write-offs decided' },
  proposed: { zh: '编制汇算清缴', en: 'settlement proposed' },
  approved: { zh: '审批', en: 'approved' },
  balanced: { zh: '清缴结平', en: 'balance settled' },
}

/** How far a year is; `detail` names what is missing or found, without words of a language. */
export interface SettlementStep {
  readonly step: SettlementStepName
  readonly done: boolean
  /** Not done although 31 March (151 art. 16) is past. */
  readonly late: boolean
  readonly detail: string
}
