import type { CivilDate, Validity } from '../kernel/calendar.ts'
import type { CreditCode } from '../kernel/credit-code.ts'
import type { CollectorId, DischargerId, OrganisationId } from '../kernel/ids.ts'

export const dischargerKinds = ['enterprise', 'institution', 'shop', 'resident'] as const
export type DischargerKind = (typeof dischargerKinds)[number]
export const dischargerKindNames: Record<DischargerKind, { readonly zh: string; readonly en: string }> = {
  enterprise: { zh: '企业', en: 'enterprise' },
  institution: { zh: '机关事业单位', en: 'institution' },
  shop: { zh: '商户', en: 'shop' },
  resident: { zh: '居民', en: 'resident' },
}

/** Who discharges and therefore pays (排污者, art. 2). */
export interface Discharger {
  readonly dischargerId: DischargerId
  readonly code: string
  readonly name: string
  readonly kind: DischargerKind
  readonly creditCode: CreditCode | null
  /** Its product is mainly water, so its discharge may not be billed by a determination of its own (151 art. 11). */
  readonly productIsMainlyWater: boolean
  readonly address: string
  readonly phone: string
}

/** A 污水统一纳管处理协议 (art. 2). */
export interface ConnectionAgreement {
  readonly agreementNo: string
  readonly dischargerId: DischargerId
  readonly signedOn: CivilDate
  readonly document: string
  readonly validity: Validity
}

/** Whom the collection is entrusted to (代征单位, art. 13). */
export interface Collector {
  readonly collectorId: CollectorId
  readonly code: string
  readonly name: string
  readonly creditCode: CreditCode | null
  /** The organisation whose staff act for it; without one only the bureau does. */
  readonly organisationId: OrganisationId | null
}

export const remittancePeriods = ['quarter', 'month'] as const
export const feeBases = ['collected', 'remitted', 'confirmed'] as const

/** What a water company takes in one amount, in the words of contracts. */
export const chargeNames = {
  water: { zh: '水费', en: 'water' },
  wastewater: { zh: '污水处理费', en: 'wastewater' },
  garbage: { zh: '垃圾处理费', en: 'garbage' },
  water_resource: { zh: '水资源税费', en: 'water resources' },
  other: { zh: '其他', en: 'other' },
} as const
export type Charge = keyof typeof chargeNames

/** What a collector was promised for collecting; without a contract there is no number (decision 7). */
export interface CollectorContract {
  readonly contractNo: string
  readonly collectorId: CollectorId
  readonly document: string
  readonly remittancePeriod: (typeof remittancePeriods)[number]
  /** A share of the base such as `0.02`; null where no fee was agreed. */
  readonly feeRate: string | null
  readonly feeBase: (typeof feeBases)[number] | null
  /** Yuan per contract year; null without a cap. */
  readonly feeCapAmount: string | null
  /** What a combined amount pays first, second, …; null where the contract does not say. */
  readonly combinedOrder: readonly Charge[] | null
  readonly validity: Validity
}

/** A contract that says in which order a combined amount is split. */
export interface CombinedOrder {
  readonly contractId: string
  readonly contractNo: string
  readonly order: readonly Charge[]
  readonly validity: Validity
}

export interface PriceCategory {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
}

/** A group of payers of art. 9, or one added later with its clause. */
export interface PayerGroup {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  readonly clause: string
  readonly needsAgreement: boolean
}
