import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { issuedDocuments } from '../platform/documents/documents.queries.ts'
import { keepDocument, printDocument } from '../platform/documents/print-document.ts'
import { remittancePaper } from './print-remittance.ts'
import { refuseRemittance } from './remittance.refusals.ts'

export type IssuedPaper = {
  readonly number: string
  readonly documentId: string
  /** SHA-256 of the bytes that are kept. */
  readonly digest: string
}

/**
 * Issues the paper of a signed statement, frozen reconciliation or approved settlement, once: the very bytes that are
 * handed out are kept, with the chain's head as of then printed on them. Refuses what is not signed, what was issued
 * before, and what `printDocument` refuses.
 */
export async function issuePaper(
  services: Services,
  envelope: Envelope,
  input: { readonly number: string },
): Promise<CommandAnswer<IssuedPaper> | Refusal> {
  const kind = { name: 'remittance.keep-paper', zh: '出具划缴文书' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const paper = await remittancePaper(context.trx, input.number)
    if (isRefusal(paper)) return paper
    const { number } = paper
    if (!paper.isSigned) return refuseRemittance('paper_unsigned', { number })
    const [before] = await issuedDocuments(context.trx, { kind: paper.kind.name, number, limit: 1 })
    if (before !== undefined) return refuseRemittance('paper_issued_before', { number, issuedOn: before.datedOn })
    const printed = await printDocument(context.trx, services.printer, paper)
    if (isRefusal(printed)) return printed
    return { number, ...(await keepDocument(context, paper, printed)) }
  })
}
