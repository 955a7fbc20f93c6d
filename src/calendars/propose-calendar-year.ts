import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { faultList } from '../platform/fault-list.ts'
import { listProposals, propose } from '../platform/proposals.ts'
import { calendarYears } from './calendar.queries.ts'
import { checkCalendarYear } from './calendar.rules.ts'
import type { EnteredCalendarYear } from './calendar.ts'
import { refuseCalendarYear } from './calendar-year.refusals.ts'

export const calendarYearProposal = 'calendars.year'

/** What an approver approves: the checked year, its days in order. */
export type CalendarYearContent = {
  readonly year: number
  readonly noticeNumber: string
  readonly restDays: readonly string[]
  readonly makeUpWorkdays: readonly string[]
  /** 0 for a new year, one more for each amendment. */
  readonly revision: number
}

/**
 * Proposes a year's rest days and make-up workdays from its State Council notice, or with `amends` a further revision
 * of a year in force. Refuses a faulty year with all its faults, a year in force (without `amends`), and a year that
 * waits for approval already.
 */
export async function proposeCalendarYear(
  services: Services,
  envelope: Envelope,
  entered: EnteredCalendarYear,
  options: { readonly amends: boolean } = { amends: false },
): Promise<CommandAnswer<{ proposalId: string; digest: string; year: number }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'calendars.propose-calendar-year', zh: '提交年度日历' },
    { ...entered, amends: options.amends },
    async (context) => {
      const { year } = entered
      const checked = checkCalendarYear(entered)
      if (Array.isArray(checked)) return refuseCalendarYear('calendar_year_faulty', { year, ...faultList(checked) })
      const { noticeNumber, restDays, makeUpWorkdays } = checked

      const inForce = (await calendarYears(context.trx)).find((stored) => stored.year === year)
      if (inForce !== undefined && !options.amends) {
        return refuseCalendarYear('calendar_year_in_force', { year, notice: inForce.noticeNumber })
      }
      if (inForce === undefined && options.amends) return refuseCalendarYear('calendar_year_not_in_force', { year })
      const [waiting] = await listProposals(context.trx, {
        kind: calendarYearProposal,
        subject: String(year),
        undecided: true,
      })
      if (waiting !== undefined) {
        return refuseCalendarYear('calendar_year_waiting', { year, maker: waiting.makerName, proposal: waiting.id })
      }

      const content: CalendarYearContent = {
        year,
        noticeNumber,
        restDays: [...restDays].sort(),
        makeUpWorkdays: [...makeUpWorkdays].sort(),
        revision: inForce === undefined ? 0 : inForce.revision + 1,
      }
      const { proposalId, digest } = await propose(context, {
        kind: calendarYearProposal,
        subject: String(year),
        content,
      })
      return { proposalId, digest, year }
    },
  )
}
