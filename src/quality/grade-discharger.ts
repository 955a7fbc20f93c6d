import { sql } from 'kysely'
import { findDischarger } from '../dischargers/account.queries.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { decideProposal, listProposals, openProposal, propose } from '../platform/proposals.ts'
import { type Grade, grades, type ProposedGrade } from './credit-grade.ts'
import { creditGradesOf } from './quality.queries.ts'
import { refuseQuality } from './quality.refusals.ts'
import { qualityTables } from './quality.tables.ts'

export const gradeProposal = 'quality.credit-grade'

/**
 * The ecology bureau proposes a discharger's credit grade from its rating document; a surcharge may rest on it, so
 * another person approves it. It ends an open grade before it. Refuses an unknown discharger, an end before its start, a
 * start on or before a grade that is set, and a second proposal while one waits.
 */
export async function proposeCreditGrade(
  services: Services,
  envelope: Envelope,
  entered: ProposedGrade,
): Promise<CommandAnswer<{ proposalId: string; digest: string; discharger: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'quality.propose-credit-grade', zh: '提交信用等级' },
    { ...entered },
    async (context) => {
      const { trx } = context
      const { from, until, dischargerCode } = entered
      if (entered.document.trim() === '') return refuseQuality('quality_reason_missing', { field: '评定文件 document' })
      if (until !== '' && until <= from) return refuseQuality('grade_period_reversed', { from, until })
      const planned = await planGrade(trx, entered)
      if (isRefusal(planned)) return planned
      const [waiting] = await listProposals(trx, { kind: gradeProposal, subject: dischargerCode, undecided: true })
      if (waiting !== undefined) {
        const { makerName: maker, id: proposal } = waiting
        return refuseQuality('grade_waiting', { discharger: dischargerCode, maker, proposal })
      }
      const content = { ...entered, document: entered.document.trim() }
      const proposed = await propose(context, { kind: gradeProposal, subject: dischargerCode, content })
      return { ...proposed, discharger: dischargerCode }
    },
  )
}

/** Puts a proposed grade in force by another person. Refuses what `openProposal` refuses, and what came between. */
export async function approveCreditGrade(
  services: Services,
  envelope: Envelope,
  approval: { readonly proposalId: string; readonly digestSeen?: string | undefined },
): Promise<CommandAnswer<{ discharger: string; grade: Grade; from: CivilDate; until: CivilDate | null }> | Refusal> {
  const { proposalId, digestSeen } = approval
  return runCommand(
    services,
    envelope,
    { name: 'quality.approve-credit-grade', zh: '批准信用等级' },
    { proposalId, digestSeen: digestSeen ?? null },
    async (context) => {
      const { trx, commandId } = context
      const proposal = await openProposal(context, { kind: gradeProposal, proposalId, digestSeen })
      if (isRefusal(proposal)) return proposal
      await sql`lock table credit_grades in share row exclusive mode`.execute(trx)
      const entered = proposal.content as unknown as ProposedGrade
      const dischargerId = await planGrade(trx, entered)
      if (isRefusal(dischargerId)) return dischargerId
      const { from, grade, ratedYear, document, dischargerCode } = entered
      const until = entered.until === '' ? null : entered.until
      await qualityTables(trx)
        .updateTable('credit_grades')
        .set({ valid_until: from })
        .where('discharger_id', '=', dischargerId)
        .where('valid_until', 'is', null)
        .execute()
      await qualityTables(trx)
        .insertInto('credit_grades')
        .values({
          discharger_id: dischargerId,
          grade,
          rated_year: ratedYear,
          document,
          valid_from: from,
          valid_until: until,
          proposal_id: proposal.id,
          command_id: commandId,
        })
        .execute()
      await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
      return { discharger: dischargerCode, grade, from, until }
    },
  )
}

async function planGrade(trx: Trx, { dischargerCode, from }: ProposedGrade): Promise<DischargerId | Refusal> {
  const discharger = await findDischarger(trx, dischargerCode)
  if (isRefusal(discharger)) return discharger
  const standing = await creditGradesOf(trx, discharger.dischargerId)
  const later = standing.find(({ validity }) => reaches(validity, from))
  if (later === undefined) return discharger.dischargerId
  return refuseQuality('grade_overlaps', { discharger: dischargerCode, since: later.validity.from, from })
}

/** Whether a grade begins on or after a day, or ends after it on a day that is set. */
function reaches(validity: { readonly from: CivilDate; readonly until: CivilDate | null }, from: CivilDate): boolean {
  return validity.from >= from || (validity.until !== null && validity.until > from)
}

/** Reads a grade by its code or its Chinese name. */
export function isGrade(text: string): text is (typeof grades)[number] {
  return grades.some((grade) => grade === text)
}
