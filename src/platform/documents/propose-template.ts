import type { CivilDate } from '../../kernel/calendar.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services, sha256 } from '../command.ts'
import { faultList } from '../fault-list.ts'
import type { Json } from '../platform.tables.ts'
import { listProposals, propose } from '../proposals.ts'
import type { DocumentKind } from './document.ts'
import { templateVersions } from './documents.queries.ts'
import { refuseDocument } from './documents.refusals.ts'
import { readTemplate } from './template.ts'

export const templateProposal = 'documents.template'

export interface EnteredTemplate {
  /** As in the file; its first line names its kind. */
  readonly text: string
  /** First day of documents it applies to; today unless given. */
  readonly validFrom?: CivilDate | undefined
  readonly ground: string
}

export interface TemplateProposal {
  readonly kind: string
  readonly text: string
  readonly textDigest: string
  readonly validFrom: CivilDate
  readonly ground: string
}

/**
 * Proposes the office's own text for a kind of document. Refuses, all faults at once: an unknown kind, field or mark, a
 * required field left out; further a day before today, one before the version in force, and a second proposal while one
 * waits.
 */
export async function proposeTemplate(
  services: Services,
  envelope: Envelope,
  entered: EnteredTemplate,
  kinds: readonly DocumentKind[],
): Promise<CommandAnswer<{ proposalId: string; digest: string; kind: string; validFrom: string }> | Refusal> {
  const { text, ground } = entered
  return runCommand(
    services,
    envelope,
    { name: 'documents.propose-template', zh: '提交文书模板' },
    { text, ground, validFrom: entered.validFrom ?? null },
    async (context) => {
      const { trx, today } = context
      const read = readTemplate(text, kinds)
      if (Array.isArray(read)) return refuseDocument('template_faulty', faultList(read))
      if (ground.trim() === '') return refuseDocument('template_needs_ground')
      const kind = read.kind.name
      const validFrom = entered.validFrom ?? today
      if (validFrom < today) return refuseDocument('template_starts_too_early', { from: validFrom, today })
      const [latest] = await templateVersions(trx, kind)
      if (latest !== undefined && validFrom < latest.validity.from) {
        const { version, validity } = latest
        return refuseDocument('template_starts_before_another', { version, since: validity.from, from: validFrom })
      }
      const [waiting] = await listProposals(trx, { kind: templateProposal, subject: kind, undecided: true })
      if (waiting !== undefined) {
        return refuseDocument('template_waiting', { kind, maker: waiting.makerName, proposal: waiting.id })
      }
      const content: TemplateProposal = { kind, text, textDigest: sha256(text), validFrom, ground: ground.trim() }
      const proposed = await propose(context, {
        kind: templateProposal,
        subject: kind,
        content: content as unknown as Json,
      })
      return { ...proposed, kind, validFrom }
    },
  )
}
