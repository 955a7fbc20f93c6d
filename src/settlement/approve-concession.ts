import { sql } from 'kysely'
import { civilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { decideProposal, openProposal } from '../platform/proposals.ts'
import { type ReturnedProposal, returnProposal } from '../platform/return-proposal.ts'
import { concessionsOf } from './concession.queries.ts'
import type { EnteredConcession } from './concession.ts'
import { findPlant, lockPlant } from './plants.ts'
import { concessionEndProposal, concessionProposal, overlapping } from './propose-concession.ts'
import { type ConcessionEnd, endable } from './propose-concession-end.ts'
import { refuseSettlement } from './settlement.refusals.ts'
import { settlementTables } from './settlement.tables.ts'

interface Approval {
  readonly proposalId: string
  readonly digestSeen?: string | undefined
}

/** Puts a proposed agreement in force. Refuses one's own work and what another agreement has overtaken. */
export async function approveConcession(
  services: Services,
  envelope: Envelope,
  { proposalId, digestSeen }: Approval,
): Promise<CommandAnswer<{ code: string; validFrom: string }> | Refusal> {
  const kind = { name: 'settlement.approve-concession', zh: '批准特许经营协议' } as const
  return runCommand(services, envelope, kind, { proposalId, digestSeen: digestSeen ?? null }, async (context) => {
    const proposal = await openProposal(context, { kind: concessionProposal, proposalId, digestSeen })
    if (isRefusal(proposal)) return proposal
    const entered = proposal.content as unknown as EnteredConcession
    const plant = await findPlant(context.trx, entered.plant)
    if (isRefusal(plant)) return plant
    await lockPlant(context, plant)
    const overlap = await overlapping(context, plant, entered.validFrom)
    if (overlap !== undefined) return overlap
    const { code, title, document, validFrom, terms } = entered
    const [taken] = await concessionsOf(context.trx, { code })
    if (taken !== undefined) return refuseSettlement('concession_code_taken', { code })
    await settlementTables(context.trx)
      .insertInto('concession_agreements')
      .values({
        plant_id: plant.plantId,
        code,
        title,
        document,
        terms: JSON.stringify(terms),
        valid_from: civilDate(validFrom),
        proposal_id: proposal.id,
        command_id: context.commandId,
      })
      .execute()
    await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
    return { code, validFrom }
  })
}

/** Ends an agreement as proposed, once (decision 19). Refuses one's own work and days that were settled meanwhile. */
export async function approveConcessionEnd(
  services: Services,
  envelope: Envelope,
  { proposalId, digestSeen }: Approval,
): Promise<CommandAnswer<{ code: string; validUntil: string }> | Refusal> {
  const kind = { name: 'settlement.approve-concession-end', zh: '批准协议终止' } as const
  return runCommand(services, envelope, kind, { proposalId, digestSeen: digestSeen ?? null }, async (context) => {
    const proposal = await openProposal(context, { kind: concessionEndProposal, proposalId, digestSeen })
    if (isRefusal(proposal)) return proposal
    const end = proposal.content as unknown as ConcessionEnd
    const before = await endable(context, end)
    if (isRefusal(before)) return before
    await lockPlant(context, before.plant)
    const found = await endable(context, end)
    if (isRefusal(found)) return found
    await endOn(context, found.agreement.concessionId, end.until)
    await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
    return { code: end.code, validUntil: end.until }
  })
}

async function endOn({ trx }: CommandContext, concessionId: string, until: string): Promise<void> {
  await sql`update concession_agreements set valid_until = ${until}::date where id = ${concessionId}::bigint`.execute(
    trx,
  )
}

/** Returns a proposed agreement, or a proposed end, to its maker with a reason. */
export async function returnConcession(
  services: Services,
  envelope: Envelope,
  returned: ReturnedProposal & { readonly what: 'agreement' | 'end' },
): Promise<CommandAnswer<{ proposalId: string; returned: true; reason: string }> | Refusal> {
  const { what, ...proposal } = returned
  const proposalKind = what === 'agreement' ? concessionProposal : concessionEndProposal
  const kind = { name: 'settlement.return-concession', zh: '退回协议事项' } as const
  return returnProposal(services, envelope, { ...kind, proposalKind }, proposal)
}
