import type { Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import { type ReturnedProposal, returnProposal } from '../platform/return-proposal.ts'
import { calendarYearProposal } from './propose-calendar-year.ts'

/** Returns a proposed year to its maker, with a reason. */
export async function returnCalendarYear(
  services: Services,
  envelope: Envelope,
  returned: ReturnedProposal,
): Promise<CommandAnswer<{ proposalId: string; returned: true; reason: string }> | Refusal> {
  const kind = { name: 'calendars.return-calendar-year', zh: '退回年度日历' } as const
  return returnProposal(services, envelope, { ...kind, proposalKind: calendarYearProposal }, returned)
}
