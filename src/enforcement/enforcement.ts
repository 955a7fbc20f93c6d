import type { Calendars } from '../calendars/calendar.ts'
import type { CivilDate, FeeMonth } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { PaidAmount } from '../payments/overdue.rules.ts'
import type { Instalment, Step } from './steps.ts'

/** A bill under an order with what is known of it today. */
export interface OrderBill {
  readonly billId: BillId
  readonly number: string
  readonly accountId: AccountId
  readonly accountNo: string
  readonly feeMonth: FeeMonth
  readonly dueOn: CivilDate
  /** What the order asks for: unpaid on the day of its issue, in yuan. */
  readonly named: Money
  /** What the bill asks for now; corrections lower it. */
  readonly payable: Money
  readonly paid: readonly PaidAmount[]
  /** It rests on an estimated reading. */
  readonly estimated: boolean
  /** A person has reviewed the estimate and put the finding on record. */
  readonly reviewed: boolean
  /** An objection to it is unanswered. */
  readonly objected: boolean
}

/** 责令限期缴纳通知书, as issued. */
export interface OrderToPay {
  readonly orderId: string
  readonly number: string
  readonly dischargerId: DischargerId
  readonly dischargerCode: string
  readonly dischargerName: string
  readonly issuedOn: CivilDate
  readonly termDays: number
  readonly makerId: string
  readonly approverId: string
  readonly bills: readonly OrderBill[]
}

/** Where an order stands at the end of a day. */
export type OrderStanding = 'issued' | 'running' | 'paid' | 'lapsed' | 'paid_late' | 'withdrawn' | 'annulled'
export const orderStandingNames: Record<OrderStanding, { readonly zh: string; readonly en: string }> = {
  issued: { zh: '已签发，未送达', en: 'issued, not served' },
  running: { zh: '期限内', en: 'term running' },
  paid: { zh: '期限内缴清', en: 'paid within the term' },
  lapsed: { zh: '逾期未缴', en: 'lapsed unpaid' },
  paid_late: { zh: '逾期后缴清', en: 'paid after it lapsed' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  annulled: { zh: '已被撤销', en: 'annulled' },
}

/** A fine case as filed (立案). */
export interface FineCase {
  readonly caseId: string
  readonly number: string
  readonly filedOn: CivilDate
  /** The two officers (APL 42): who reported, and the second. */
  readonly reporterId: string
  readonly secondId: string
  readonly filedById: string
}

/** A case that was filed before on a period, with its log: what was told, defended and timed out there stays. */
export interface FormerCase {
  readonly caseId: string
  readonly number: string
  readonly filedOn: CivilDate
  /** The unpaid periods it was filed on. */
  readonly periods: readonly { readonly accountId: AccountId; readonly feeMonth: FeeMonth }[]
  readonly steps: readonly Step[]
}

export interface Person {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly isHearingHost: boolean
}

/** A row of a published discretion grid: a factor and the multiples it allows, both ends included. */
export interface GridRow {
  readonly factor: string
  readonly zh: string
  readonly minimum: string
  readonly maximum: string
}
export interface DiscretionGrid {
  readonly documentNumber: string
  readonly validFrom: CivilDate
  readonly rows: readonly GridRow[]
}

/** The grids a case may be measured by (APL 37): in force on the day the order lapsed, and those since, oldest first. */
export interface GridsOfCase {
  readonly atLapse: DiscretionGrid | undefined
  readonly since: readonly DiscretionGrid[]
}

/** What an office may choose, read from its settings. */
export interface EnforcementSettings {
  readonly publicNoticeDays: number
  readonly defenceDays: number
  readonly hearingThresholdOrganisation: Money
  readonly hearingThresholdIndividual: Money
  /** `true`: a fine equal to the threshold gives the right ("≥"). */
  readonly hearingThresholdIncluded: boolean
  readonly collectiveDiscussion: boolean
}

/** Money that came in for a fine, or went back (negative), by the day it was paid. */
export interface FinePayment {
  readonly paidOn: CivilDate
  readonly amount: Money
  readonly reference: string
}

/** A payment of a fine on record under a number: a number is used once, also where its payment was reversed. */
export interface ReferenceUse {
  readonly caseNumber: string
  readonly paidOn: CivilDate
  readonly reversedOn: CivilDate | null
}

/** Everything the rules are told about one order and, where there is one, one case; nothing else decides. */
export interface Matter {
  readonly today: CivilDate
  readonly calendars: Calendars
  readonly settings: EnforcementSettings
  readonly party: { readonly isOrganisation: boolean; readonly address: string }
  readonly order: OrderToPay
  readonly orderSteps: readonly Step[]
  readonly fineCase: FineCase | undefined
  /** The log of the claim at hand: the case's, or the order's where there is no case. */
  readonly steps: readonly Step[]
  /** A case on this order that is neither closed nor annulled. */
  readonly liveCase: string | undefined
  /** A case on this order with a fine that stands, or that ended without a penalty: nothing is punished twice. */
  readonly judgedCase: string | undefined
  /** Cases on periods of this order, on whichever order, filed before the case at hand; all of them for an order's log. */
  readonly formerCases: readonly FormerCase[]
  readonly finePayments: readonly FinePayment[]
  readonly people: ReadonlyMap<string, Person>
  readonly grids: GridsOfCase
  /** Numbers of certificates by staff id: one person may have been entered twice, under two codes. */
  readonly certificates: ReadonlyMap<string, string>
  /** Where the number of a payment that is being recorded was used before, in whatever case. */
  readonly referenceUse: ReferenceUse | undefined
}

/** What of a fine is due by when. */
export type Due = Instalment
