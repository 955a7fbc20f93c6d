import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services, sqlState } from '../platform/command.ts'
import { decideProposal, openProposal, propose } from '../platform/proposals.ts'
import { returnProposal } from '../platform/return-proposal.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import { enforcementTables } from './enforcement.tables.ts'
import { type EnteredGrid, readGrid } from './grid.rules.ts'

export const gridProposalKind = 'enforcement.grid'

/** A clerk proposes a published discretion grid (APL 34) from the text of its file. Refuses what `readGrid` refuses. */
export async function proposeGrid(
  services: Services,
  envelope: Envelope,
  text: string,
): Promise<CommandAnswer<{ proposalId: string; digest: string; documentNumber: string; rows: number }> | Refusal> {
  const kind = { name: 'enforcement.propose-grid', zh: '提出裁量基准' } as const
  return runCommand(services, envelope, kind, { text }, async (context) => {
    const grid = readGrid(text)
    if (isRefusal(grid)) return grid
    const backdated = refuseBackdated(grid, context.today)
    if (backdated !== undefined) return backdated
    const content = JSON.parse(JSON.stringify(grid)) as never
    const proposed = await propose(context, { kind: gridProposalKind, subject: grid.documentNumber, content })
    return { ...proposed, documentNumber: grid.documentNumber, rows: grid.rows.length }
  })
}

/**
 * Another person adopts it; every notice and decision on an order that lapses from its first day on names a factor of it.
 * Refuses a first day before today: a grid measures no act that was complete before it was adopted (APL 34, 37).
 */
export async function adoptGrid(
  services: Services,
  envelope: Envelope,
  decision: { readonly proposalId: string; readonly digestSeen?: string | undefined },
): Promise<CommandAnswer<{ proposalId: string; documentNumber: string; validFrom: string }> | Refusal> {
  const kind = {
    name: 'enforcement.adopt-grid',
    zh: '批准裁量基准',
  } as const
  const plain = { proposalId: decision.proposalId, digestSeen: decision.digestSeen ?? null }
  return runCommand(services, envelope, kind, plain, async (context) => {
    const proposal = await openProposal(context, { kind: gridProposalKind, ...decision })
    if (isRefusal(proposal)) return proposal
    const grid = proposal.content as unknown as EnteredGrid
    const backdated = refuseBackdated(grid, context.today)
    if (backdated !== undefined) return backdated
    await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
    try {
      await enforcementTables(context.trx)
        .insertInto('discretion_grids')
        .values({
          document_no: grid.documentNumber,
          issuer: grid.issuer,
          valid_from: grid.validFrom,
          rows: JSON.stringify(grid.rows),
          proposal_id: proposal.id,
          command_id: context.commandId,
        })
        .execute()
    } catch (error) {
      if (sqlState(error) === '23505') return refuseEnforcement('grid_day_taken', { validFrom: grid.validFrom })
      throw error
    }
    return { proposalId: proposal.id, documentNumber: grid.documentNumber, validFrom: grid.validFrom }
  })
}

function refuseBackdated({ validFrom }: EnteredGrid, today: CivilDate): Refusal | undefined {
  return validFrom < today ? refuseEnforcement('grid_backdated', { validFrom, today }) : undefined
}

/** Returns a proposed grid to its maker with a reason. */
export function returnGrid(
  services: Services,
  envelope: Envelope,
  returned: { readonly proposalId: string; readonly reason: string; readonly digestSeen?: string | undefined },
): ReturnType<typeof returnProposal> {
  const command = {
    name: 'enforcement.return-grid',
    zh: '退回裁量基准',
    proposalKind: gridProposalKind,
  } as const
  return returnProposal(services, envelope, command, returned)
}
