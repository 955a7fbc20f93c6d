import { invariant } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services, sqlState } from '../platform/command.ts'
import { decideProposal, openProposal } from '../platform/proposals.ts'
import { calendarYears } from './calendar.queries.ts'
import { checkCalendarYear } from './calendar.rules.ts'
import { insertCalendarYear } from './calendar.store.ts'
import { refuseCalendarYear } from './calendar-year.refusals.ts'
import { type CalendarYearContent, calendarYearProposal } from './propose-calendar-year.ts'

/**
 * Puts a proposed year in force. Refuses what `openProposal` refuses (one's own work, decided before, another digest
 * than was seen) and a proposal that a later change of the same year overtook.
 */
export async function approveCalendarYear(
  services: Services,
  envelope: Envelope,
  approval: { readonly proposalId: string; readonly digestSeen?: string | undefined },
): Promise<CommandAnswer<{ year: number; noticeNumber: string; revision: number }> | Refusal> {
  const { proposalId, digestSeen } = approval
  return runCommand(
    services,
    envelope,
    { name: 'calendars.approve-calendar-year', zh: '批准年度日历' },
    { proposalId, digestSeen: digestSeen ?? null },
    async (context) => {
      const proposal = await openProposal(context, { kind: calendarYearProposal, proposalId, digestSeen })
      if (isRefusal(proposal)) return proposal
      const content = proposal.content as unknown as CalendarYearContent
      const { year, revision, noticeNumber } = content
      const superseded = refuseCalendarYear('calendar_year_superseded', { year })
      const inForce = (await calendarYears(context.trx)).find((stored) => stored.year === year)
      if (revision !== (inForce === undefined ? 0 : inForce.revision + 1)) return superseded
      const calendar = checkCalendarYear(content)
      invariant(!Array.isArray(calendar), 'a proposed calendar was checked')
      try {
        await insertCalendarYear(context.trx, { ...calendar, revision, proposalId })
      } catch (error) {
        // 23505: another approval of the same year was faster.
        if (sqlState(error) !== '23505') throw error
        return superseded
      }
      await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
      return { year, noticeNumber, revision }
    },
  )
}
