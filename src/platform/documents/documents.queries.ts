import type { CivilDate, Validity } from '../../kernel/calendar.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { sha256 } from '../command.ts'
import type { Db, Trx } from '../database.ts'
import { behind } from '../page.ts'
import type { DocumentKind, TemplateUsed } from './document.ts'
import { refuseDocument } from './documents.refusals.ts'
import { documentTables } from './documents.tables.ts'
import { readTemplate, type Template } from './template.ts'

export interface TemplateVersion extends TemplateUsed {
  readonly text: string
  readonly ground: string
  readonly validity: Validity
}

/** The office's own versions of a kind's template, newest first; none where it uses the shipped one. */
export async function templateVersions(db: Db | Trx, kind: string): Promise<TemplateVersion[]> {
  const rows = await documentTables(db)
    .selectFrom('document_templates')
    .selectAll()
    .where('kind', '=', kind)
    .orderBy('version', 'desc')
    .execute()
  return rows.map((row) => ({
    version: row.version,
    digest: row.template_digest,
    text: row.template,
    ground: row.ground,
    validity: { from: row.valid_from, until: row.valid_until },
  }))
}

export interface TemplateInForce extends TemplateUsed {
  readonly text: string
  readonly template: Template
}

/** The template of a document dated on a day: the office's version in force then, else the shipped one (version 0). */
export async function templateInForce(db: Db | Trx, kind: DocumentKind, on: CivilDate): Promise<TemplateInForce> {
  const own = (await templateVersions(db, kind.name)).find(
    ({ validity }) => validity.from <= on && (validity.until === null || on < validity.until),
  )
  const text = own?.text ?? kind.template
  const read = readTemplate(text, [kind])
  // Checked when it was approved, and the shipped ones by their tests: a kind keeps every field it ever had.
  const misfit = Array.isArray(read) ? read.map((fault) => fault.sentence('en')).join(' ') : ''
  invariant(!Array.isArray(read), `template ${own?.version ?? 0} of ${kind.name} fits its kind: ${misfit}`)
  return { version: own?.version ?? 0, digest: own?.digest ?? sha256(text), text, template: read.template }
}

export interface IssuedDocument {
  readonly documentId: string
  readonly kind: string
  readonly number: string
  readonly subject: string
  readonly datedOn: CivilDate
  readonly template: TemplateUsed
  readonly fileDigest: string
}

/** Documents that were issued, newest first. */
export async function issuedDocuments(
  db: Db | Trx,
  filter: {
    readonly kind?: string
    readonly number?: string
    readonly subject?: string
    /** Those behind this one. */
    readonly after?: readonly [datedOn: string, documentId: string] | undefined
    readonly limit?: number
  } = {},
): Promise<IssuedDocument[]> {
  let query = documentTables(db)
    .selectFrom('issued_documents')
    .select(['id', 'kind', 'number', 'subject', 'dated_on', 'template_version', 'template_digest', 'file_digest'])
    .where(behind(['dated_on', 'id'], filter.after, 'desc'))
    .orderBy('dated_on', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit ?? 1000)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (filter.number !== undefined) query = query.where('number', '=', filter.number)
  if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject)
  return (await query.execute()).map((row) => ({
    documentId: row.id,
    kind: row.kind,
    number: row.number,
    subject: row.subject,
    datedOn: row.dated_on,
    template: { version: row.template_version, digest: row.template_digest },
    fileDigest: row.file_digest,
  }))
}

/**
 * The issued document with a number. Refuses a number nobody gave, and one that several kinds have, until the kind is
 * named.
 */
export async function findIssued(db: Db | Trx, number: string, kind?: string): Promise<IssuedDocument | Refusal> {
  const [found, other] = await issuedDocuments(db, { number, ...(kind === undefined ? {} : { kind }) })
  if (found === undefined) return refuseDocument('document_missing', { number })
  if (other !== undefined)
    return refuseDocument('document_number_shared', { number, kinds: `${found.kind}、${other.kind}` })
  return found
}
