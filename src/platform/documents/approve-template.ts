import { sql } from 'kysely'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../command.ts'
import { faultList } from '../fault-list.ts'
import { decideProposal, openProposal } from '../proposals.ts'
import { type ReturnedProposal, returnProposal } from '../return-proposal.ts'
import type { DocumentKind } from './document.ts'
import { templateVersions } from './documents.queries.ts'
import { refuseDocument } from './documents.refusals.ts'
import { documentTables } from './documents.tables.ts'
import { type TemplateProposal, templateProposal } from './propose-template.ts'
import { readTemplate } from './template.ts'

/**
 * Puts a proposed template in force by another person, from its day or today, whichever is later, and ends the version
 * before it. Refuses what `openProposal` refuses, and a text that no longer fits its kind.
 */
export async function approveTemplate(
  services: Services,
  envelope: Envelope,
  approval: { readonly proposalId: string; readonly digestSeen?: string | undefined },
  kinds: readonly DocumentKind[],
): Promise<CommandAnswer<{ kind: string; version: number; validFrom: string }> | Refusal> {
  const { proposalId, digestSeen } = approval
  return runCommand(
    services,
    envelope,
    { name: 'documents.approve-template', zh: '批准文书模板' },
    { proposalId, digestSeen: digestSeen ?? null },
    async (context) => {
      const { trx, today, commandId } = context
      const proposal = await openProposal(context, { kind: templateProposal, proposalId, digestSeen })
      if (isRefusal(proposal)) return proposal
      await sql`lock table document_templates in share row exclusive mode`.execute(trx)
      const proposed = proposal.content as unknown as TemplateProposal
      const { kind, text, ground } = proposed
      const read = readTemplate(text, kinds)
      if (Array.isArray(read)) return refuseDocument('template_faulty', faultList(read))
      const validFrom = proposed.validFrom < today ? today : proposed.validFrom
      const [latest] = await templateVersions(trx, kind)
      if (latest !== undefined && validFrom < latest.validity.from) {
        const { version, validity } = latest
        return refuseDocument('template_starts_before_another', { version, since: validity.from, from: validFrom })
      }
      const version = (latest?.version ?? 0) + 1
      await documentTables(trx)
        .updateTable('document_templates')
        .set({ valid_until: validFrom })
        .where('kind', '=', kind)
        .where('valid_until', 'is', null)
        .execute()
      await documentTables(trx)
        .insertInto('document_templates')
        .values({
          kind,
          version,
          template: text,
          template_digest: proposed.textDigest,
          ground,
          valid_from: validFrom,
          valid_until: null,
          proposal_id: proposal.id,
          command_id: commandId,
        })
        .execute()
      await decideProposal(context, proposal, { outcome: 'approved', reason: '' })
      return { kind, version, validFrom }
    },
  )
}

/** Returns a proposed template to its maker, with a reason. */
export async function returnTemplate(
  services: Services,
  envelope: Envelope,
  returned: ReturnedProposal,
): Promise<CommandAnswer<{ proposalId: string; returned: true; reason: string }> | Refusal> {
  const kind = { name: 'documents.return-template', zh: '退回文书模板' } as const
  return returnProposal(services, envelope, { ...kind, proposalKind: templateProposal }, returned)
}
