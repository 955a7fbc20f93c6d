import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { faultList } from '../platform/fault-list.ts'
import type { Json } from '../platform/platform.tables.ts'
import { listProposals, propose } from '../platform/proposals.ts'
import { concessionsOf } from './concession.queries.ts'
import { concessionFaults } from './concession.rules.ts'
import type { Concession, EnteredConcession } from './concession.ts'
import { findPlant, type Plant } from './plants.ts'
import { refuseSettlement } from './settlement.refusals.ts'

export const concessionProposal = 'settlement.concession'
export const concessionEndProposal = 'settlement.concession-end'

/**
 * Proposes a concession agreement. Refuses one that is incomplete, with all its faults; an unknown plant, a code that is
 * taken, days that another agreement of the plant holds, and a plant whose agreements wait for a decision already.
 */
export async function proposeConcession(
  services: Services,
  envelope: Envelope,
  entered: EnteredConcession,
): Promise<CommandAnswer<{ proposalId: string; digest: string; code: string }> | Refusal> {
  const kind = { name: 'settlement.propose-concession', zh: '提交特许经营协议' } as const
  return runCommand(services, envelope, kind, entered as unknown as Json, async (context) => {
    const { code } = entered
    const faults = concessionFaults(entered)
    if (faults.length > 0) return refuseSettlement('concession_faulty', { code, ...faultList(faults) })
    const plant = await findPlant(context.trx, entered.plant)
    if (isRefusal(plant)) return plant
    const [taken] = await concessionsOf(context.trx, { code })
    if (taken !== undefined) return refuseSettlement('concession_code_taken', { code })
    const overlap = await overlapping(context, plant, entered.validFrom)
    if (overlap !== undefined) return overlap
    const waiting = await waitingProposal(context, plant)
    if (waiting !== undefined) return waiting
    const { proposalId, digest } = await propose(context, {
      kind: concessionProposal,
      subject: plant.code,
      content: entered as unknown as Json,
    })
    return { proposalId, digest, code }
  })
}

/** An agreement of the plant that is in force on that day or begins later. */
export async function overlapping(context: CommandContext, plant: Plant, from: string): Promise<Refusal | undefined> {
  const agreements = await concessionsOf(context.trx, { plantId: plant.plantId })
  const other = agreements.find(({ validUntil }: Concession) => validUntil === null || validUntil > from)
  if (other === undefined) return undefined
  return refuseSettlement('concession_overlaps', { plant: plant.name, from, other: other.code })
}

/** What waits for a decision about this plant's agreements: one thing at a time. */
export async function waitingProposal(context: CommandContext, plant: Plant): Promise<Refusal | undefined> {
  for (const kind of [concessionProposal, concessionEndProposal]) {
    const [waiting] = await listProposals(context.trx, { kind, subject: plant.code, undecided: true })
    if (waiting === undefined) continue
    const { id, makerName } = waiting
    return refuseSettlement('concession_waiting', { plant: plant.name, proposal: id, maker: makerName })
  }
  return undefined
}
