import type { CivilDate } from '../kernel/calendar.ts'
import type { RosterVersionId } from '../kernel/ids.ts'

/** A frozen snapshot of all accounts open on a day (征收名单, art. 10): in force once another person approved it. */
export interface RosterVersion {
  readonly versionId: RosterVersionId
  readonly versionNo: number
  readonly asOf: CivilDate
  readonly accountCount: number
  /** SHA-256 over its entries in order. */
  readonly digest: string
  readonly proposalId: string
  readonly state: 'proposed' | 'approved' | 'returned'
  readonly publishedOn: CivilDate | null
}

export const rosterStateNames: Record<RosterVersion['state'], { readonly zh: string; readonly en: string }> = {
  proposed: { zh: '待审批', en: 'waits for approval' },
  approved: { zh: '已批准', en: 'approved' },
  returned: { zh: '已退回', en: 'returned' },
}

export const rosterProposalKind = 'roster'
