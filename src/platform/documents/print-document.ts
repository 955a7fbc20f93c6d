import { createHash } from 'node:crypto'
import type { CivilDate } from '../../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { CommandContext } from '../command.ts'
import type { Db, Trx } from '../database.ts'
import { readSettings } from '../settings.ts'
import { textsOf, unconfirmedCitations } from './citations.ts'
import type { CheckMark, DocumentKind, DocumentPrinter, FieldValues, FilledDocument, TemplateUsed } from './document.ts'
import { templateInForce } from './documents.queries.ts'
import { refuseDocument } from './documents.refusals.ts'
import { documentTables } from './documents.tables.ts'
import { fillTemplate } from './fill-template.ts'
import { keepBytes } from './keep-bytes.ts'
import type { Template } from './template.ts'

/** A document to be made of a kind: the number and the day it carries, and its values. */
export interface DocumentOrder {
  readonly kind: DocumentKind
  readonly number: string
  readonly datedOn: CivilDate
  readonly values: FieldValues
  /** Printed as a QR code beside the signature. */
  readonly check?: CheckMark | undefined
}

export interface PrintedDocument {
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes: the same order by the same template gives the same one. */
  readonly digest: string
  readonly template: TemplateUsed
  /** Where its QR code leads; without `public.address` there is none. */
  readonly check: CheckMark | undefined
}

/**
 * Makes the file of a document by the template in force on its day, and stores nothing. Refuses: an empty required
 * field, an article whose wording nobody confirmed (decision 24), a character the font lacks, and a runtime that has no
 * printer.
 */
export async function printDocument(
  db: Db | Trx,
  printer: DocumentPrinter | undefined,
  order: DocumentOrder,
): Promise<PrintedDocument | Refusal> {
  return printBy(db, printer, order, await templateInForce(db, order.kind, order.datedOn))
}

/** The same by a given template: a preview of one that is not in force. */
export async function printBy(
  db: Db | Trx,
  printer: DocumentPrinter | undefined,
  order: DocumentOrder,
  by: TemplateUsed & { readonly template: Template },
): Promise<PrintedDocument | Refusal> {
  if (printer === undefined) return refuseDocument('document_printing_elsewhere')
  const { kind, number, datedOn, values, check } = order
  const blocks = fillTemplate(kind, by.template, values)
  if (isRefusal(blocks)) return blocks
  const settings = await readSettings(db)
  const unconfirmed = unconfirmedCitations(textsOf(blocks), settings['documents.confirmed_articles'])
  if (unconfirmed.length > 0) {
    return refuseDocument('document_article_unconfirmed', {
      articles: unconfirmed.map(({ zh }) => zh).join('、'),
      setting: [settings['documents.confirmed_articles'], ...unconfirmed.map(({ setting }) => setting)]
        .filter((each) => each !== '')
        .join(' '),
    })
  }
  const template = { version: by.version, digest: by.digest }
  const title = blocks.flatMap((block) => (block.type === 'title' ? [block.text] : [])).join('')
  const filled: FilledDocument = {
    kind: kind.name,
    title,
    layout: by.template.layout,
    number,
    datedOn,
    template,
    blocks,
    check,
  }
  const bytes = await printer.print(filled)
  if (isRefusal(bytes)) return bytes
  return { bytes, digest: createHash('sha256').update(bytes).digest('hex'), template, check }
}

/**
 * Keeps a printed document as a fact of the running command: its values, its template and the very bytes that are
 * signed and served. `subject` is what it is about in its stage's words. Call it among the command's writes, after
 * `printDocument`.
 */
export async function keepDocument(
  context: CommandContext,
  order: DocumentOrder & { readonly subject: string },
  printed: PrintedDocument,
): Promise<{ documentId: string; digest: string }> {
  const { trx, commandId, recordedAt } = context
  await keepBytes(trx, { name: `${order.number}.pdf`, ...printed }, recordedAt)
  const { id } = await documentTables(trx)
    .insertInto('issued_documents')
    .values({
      kind: order.kind.name,
      number: order.number,
      subject: order.subject,
      dated_on: order.datedOn,
      template_version: printed.template.version,
      template_digest: printed.template.digest,
      field_values: JSON.stringify(order.values),
      file_digest: printed.digest,
      command_id: commandId,
      recorded_at: recordedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { documentId: id, digest: printed.digest }
}
