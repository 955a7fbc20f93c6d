import type { Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import type { Said } from '../platform/http/route.ts'
import { reconciliationSubject, settlementSubject, statementSubject } from './fiscal-subjects.ts'
import type { PackSubject } from './pack-rows.ts'
import { billSubject, caseSubject, claimSubject } from './pack-subjects.ts'

interface PackKind extends Said {
  /** A number as it is given. */
  readonly example: string
  readonly subject: (db: Db, number: string) => Promise<PackSubject | Refusal>
}

/** What a pack can be about, by the word that names it in commands and addresses. */
export const packKinds = {
  bill: { zh: '账单', en: 'bill', example: '2026-000001', subject: billSubject },
  case: { zh: '处罚案件', en: 'case on an unpaid fee', example: '2026-0001', subject: caseSubject },
  statement: { zh: '划缴结算单', en: 'remittance statement', example: 'R2026-0001', subject: statementSubject },
  reconciliation: { zh: '季度对账', en: 'reconciliation', example: 'Q2026-0001', subject: reconciliationSubject },
  settlement: { zh: '汇算清缴', en: 'annual settlement', example: 'Y2026-0001', subject: settlementSubject },
  claim: { zh: '服务费申请', en: 'claim of a plant', example: 'S2026-000001', subject: claimSubject },
} as const satisfies Record<string, PackKind>
export type PackKindName = keyof typeof packKinds
export const packKindNames = Object.keys(packKinds) as PackKindName[]
