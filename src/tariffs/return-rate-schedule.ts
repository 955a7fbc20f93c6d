import type { Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import { type ReturnedProposal, returnProposal } from '../platform/return-proposal.ts'
import { rateScheduleProposal } from './propose-rate-schedule.ts'

/** Returns a proposed schedule to its maker, with a reason. */
export async function returnRateSchedule(
  services: Services,
  envelope: Envelope,
  returned: ReturnedProposal,
): Promise<CommandAnswer<{ proposalId: string; returned: true; reason: string }> | Refusal> {
  const kind = { name: 'tariffs.return-rate-schedule', zh: '退回收费标准' } as const
  return returnProposal(services, envelope, { ...kind, proposalKind: rateScheduleProposal }, returned)
}
