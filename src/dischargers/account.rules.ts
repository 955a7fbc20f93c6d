import { type CivilDate, holdsOn, plusDays, type Validity } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type AccountLife, type DatedFact, everHeld, openFact } from './account-life.ts'
import { refuse } from './dischargers.refusals.ts'

/** What a rule needs to know of who holds or will hold an account. */
export interface HolderCandidate {
  readonly dischargerId: DischargerId
  readonly name: string
  /** The validities of the discharger's connection agreements. */
  readonly agreements: readonly Validity[]
}
export interface GroupAndCategory {
  readonly payerGroup: string
  readonly payerGroupName: string
  readonly needsAgreement: boolean
  readonly categoryCode: string
  readonly categoryName: string
}

/** A production enterprise signs a connection agreement before it is supplied: refused without one on the day (art. 2). */
export function agreementRefusal(
  group: Pick<GroupAndCategory, 'payerGroupName' | 'needsAgreement'>,
  holder: Pick<HolderCandidate, 'name' | 'agreements'>,
  on: CivilDate,
): Refusal | undefined {
  if (!group.needsAgreement || holder.agreements.some((validity) => holdsOn(validity, on))) return undefined
  return refuse('agreement_needed', { group: group.payerGroupName, discharger: holder.name, on })
}

/**
 * Whether anything of the account may change on that day: not after its closing was recorded, not before its opening,
 * and not on or before the last day whose use is billed (decisions 19 and 21).
 */
export function dayRefusal(
  account: Pick<AccountLife, 'accountNo' | 'openedOn' | 'closedOn'>,
  on: CivilDate,
  billedThrough: CivilDate | undefined,
): Refusal | undefined {
  const { accountNo, openedOn, closedOn } = account
  if (closedOn !== null) return refuse('account_closed', { accountNo, closedOn, on })
  if (on < openedOn) return refuse('before_opening', { accountNo, openedOn, on })
  if (billedThrough !== undefined && on <= billedThrough) {
    return refuse('use_is_billed', { accountNo, billedThrough, on, earliest: plusDays(billedThrough, 1) })
  }
  return undefined
}

/** Changes of one kind are recorded in the order of their days; one on the former's own day takes that one back. */
function orderRefusal(account: AccountLife, former: DatedFact | undefined, on: CivilDate): Refusal | undefined {
  if (former === undefined || on >= former.from) return undefined
  return refuse('before_former_change', { accountNo: account.accountNo, formerOn: former.from, on })
}

/** 过户. Refused to the present holder, and to one without the agreement that the account's groups need from then on. */
export function transferRefusal(
  account: AccountLife,
  to: HolderCandidate,
  on: CivilDate,
  billedThrough: CivilDate | undefined,
  groupName: (code: string) => string,
): Refusal | undefined {
  const former = openFact(account.holders)
  const untimely = dayRefusal(account, on, billedThrough) ?? orderRefusal(account, former, on)
  if (untimely !== undefined) return untimely
  if (former?.dischargerId === to.dischargerId) {
    return refuse('holder_unchanged', { accountNo: account.accountNo, discharger: to.name })
  }
  for (const category of fromDayOn(account.categories, on)) {
    const group = { payerGroupName: groupName(category.payerGroup), needsAgreement: category.needsAgreement }
    const lacking = agreementRefusal(group, to, later(on, category.from))
    if (lacking !== undefined) return lacking
  }
  return undefined
}

/** 变更类别, with the same asking for agreements: of every holder from that day on. */
export function categoryRefusal(
  account: AccountLife,
  to: GroupAndCategory,
  on: CivilDate,
  billedThrough: CivilDate | undefined,
  holderOf: (dischargerId: DischargerId) => Pick<HolderCandidate, 'name' | 'agreements'>,
): Refusal | undefined {
  const former = openFact(account.categories)
  const untimely = dayRefusal(account, on, billedThrough) ?? orderRefusal(account, former, on)
  if (untimely !== undefined) return untimely
  if (former?.payerGroup === to.payerGroup && former.categoryCode === to.categoryCode) {
    const { accountNo } = account
    return refuse('category_unchanged', { accountNo, group: to.payerGroupName, category: to.categoryName })
  }
  for (const holder of fromDayOn(account.holders, on)) {
    const lacking = agreementRefusal(to, holderOf(holder.dischargerId), later(on, holder.from))
    if (lacking !== undefined) return lacking
  }
  return undefined
}

/** 报停, perhaps with its last day known already (`until`). */
export function suspensionRefusal(
  account: AccountLife,
  suspension: Validity,
  billedThrough: CivilDate | undefined,
): Refusal | undefined {
  const { accountNo } = account
  const { from, until } = suspension
  const untimely = dayRefusal(account, from, billedThrough)
  if (untimely !== undefined) return untimely
  if (until !== null && until < from) return refuse('validity_ends_before_it_begins', { from, until })
  const open = openFact(account.suspensions)
  if (open !== undefined) return refuse('already_suspended', { accountNo, from: open.from })
  const later = account.suspensions.find((each) => everHeld(each) && each.until !== null && each.until > from)
  if (later === undefined) return undefined
  return refuse('before_former_change', { accountNo, formerOn: later.until ?? later.from, on: from })
}

/** 复用: ends the suspension; on the day it began, it never was. */
export function resumptionRefusal(
  account: AccountLife,
  on: CivilDate,
  billedThrough: CivilDate | undefined,
): Refusal | undefined {
  const untimely = dayRefusal(account, on, billedThrough)
  if (untimely !== undefined) return untimely
  const open = openFact(account.suspensions)
  if (open === undefined) return refuse('not_suspended', { accountNo: account.accountNo })
  return orderRefusal(account, open, on)
}

/**
 * 销户, as if the meters named in `removedWithIt` had been taken down on that day. Refused while another meter hangs, while
 * the account has a share of a meter that stays, and before anything that is recorded for a later day.
 */
export function closingRefusal(
  account: AccountLife,
  on: CivilDate,
  removedWithIt: ReadonlySet<string>,
  billedThrough: CivilDate | undefined,
): Refusal | undefined {
  const { accountNo } = account
  const untimely = dayRefusal(account, on, billedThrough)
  if (untimely !== undefined) return untimely
  const hanging = account.installations.filter(({ until, meterNo }) => until === null && !removedWithIt.has(meterNo))
  if (hanging.length > 0) {
    return refuse('final_readings_needed', { accountNo, meters: hanging.map(({ meterNo }) => meterNo).join('、') })
  }
  const shared = account.shares.filter(
    (share) => (share.until === null || share.until > on) && !removedWithIt.has(share.meterNo),
  )
  if (shared.length > 0) {
    return refuse('account_has_shares', { accountNo, meters: shared.map(({ meterNo }) => meterNo).join('、') })
  }
  const facts: readonly (readonly [string, readonly DatedFact[]])[] = [
    ['过户 transfer', account.holders],
    ['类别 category', account.categories],
    ['报停 suspension', account.suspensions],
    ['水表 meter', account.installations],
  ]
  for (const [what, dated] of facts) {
    for (const fact of dated) {
      const last = fact.until === null ? fact.from : fact.until
      if (last > on) return refuse('later_facts', { accountNo, laterOn: last, on, what })
    }
  }
  return undefined
}

function fromDayOn<F extends DatedFact>(facts: readonly F[], on: CivilDate): F[] {
  return facts.filter((fact) => everHeld(fact) && (fact.until === null || fact.until > on))
}

function later(a: CivilDate, b: CivilDate): CivilDate {
  return a > b ? a : b
}
