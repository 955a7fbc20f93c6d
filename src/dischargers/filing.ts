import { type RawBuilder, sql } from 'kysely'
import type { DischargerId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { CommandContext } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type Evidence, storeEvidence } from '../platform/scanned-paper.ts'
import type { Actor } from '../platform/staff.ts'

/** What an enterprise files by itself. */
export const filingKinds = ['objection', 'defence', 'hearing'] as const
export type FilingKind = (typeof filingKinds)[number]
export const filingKindNames: Record<FilingKind, { readonly zh: string; readonly en: string }> = {
  objection: { zh: '账单异议', en: 'objection to a bill' },
  defence: { zh: '陈述、申辩', en: 'statement or defence' },
  hearing: { zh: '听证申请', en: 'request for a hearing' },
}

/** Somebody who acts for an enterprise, and for its dischargers alone. */
export const isParty = ({ organisation }: Pick<Actor, 'organisation'>): boolean => organisation.kind === 'enterprise'

/** Whether somebody may act in a matter of a discharger: everyone of the office, an enterprise in its own. */
export const actsFor = (actor: Pick<Actor, 'organisation' | 'dischargers'>, dischargerId: DischargerId): boolean =>
  !isParty(actor) || actor.dischargers.includes(dischargerId)

export interface NewFiling {
  readonly dischargerId: DischargerId
  readonly kind: FilingKind
  readonly subject: string
  readonly statement: string
  readonly attachments: readonly Evidence[]
}

/** Keeps what an enterprise filed with its papers, inside the command that acts on it: the time of the command counts. */
export async function keepFiling(context: CommandContext, filing: NewFiling): Promise<void> {
  const { trx, actor, commandId, recordedAt } = context
  for (const attachment of filing.attachments) await storeEvidence(context, attachment)
  const { rows } = await sql<{ id: string }>`
    insert into filings (discharger_id, kind, subject, statement, filed_by, filed_as, received_at, command_id)
    values (${filing.dischargerId}::bigint, ${filing.kind}, ${filing.subject}, ${filing.statement}, ${actor.id}::bigint,
      ${actor.name}, ${recordedAt}, ${commandId}) returning id`.execute(trx)
  const { id } = present(rows[0], 'a filing was inserted')
  for (const [index, { name, digest }] of filing.attachments.entries())
    await sql`insert into filing_attachments (filing_id, seq, name, digest)
      values (${id}::bigint, ${index + 1}, ${name}, ${digest})`.execute(trx)
}

/** What an enterprise filed, with when it was received. */
export interface Filing {
  readonly filingId: string
  readonly dischargerName: string
  readonly kind: FilingKind
  readonly subject: string
  readonly statement: string
  readonly filedAs: string
  readonly receivedAt: Date
  readonly attachments: readonly { readonly seq: number; readonly name: string }[]
}

/** A filing in the office's list. */
export interface FilingRow {
  readonly id: string
  readonly kind: FilingKind
  readonly subject: string
  readonly discharger_name: string
  readonly filed_as: string
  readonly statement: string
  readonly received_at: Date | string
  readonly attachments: Filing['attachments']
}

/** What enterprises filed, all of it or what fits, without order and limit. */
export function filingRows(
  filter: {
    readonly dischargers?: readonly DischargerId[]
    readonly dischargerCode?: string | undefined
    readonly kind?: FilingKind | undefined
    readonly subject?: string | undefined
  } = {},
): RawBuilder<FilingRow> {
  const { dischargers, dischargerCode, kind, subject } = filter
  const conditions = [sql`true`]
  if (dischargers !== undefined) conditions.push(sql`f.discharger_id = any(${dischargers}::bigint[])`)
  if (dischargerCode !== undefined) conditions.push(sql`d.code = ${dischargerCode}`)
  if (kind !== undefined) conditions.push(sql`f.kind = ${kind}`)
  if (subject !== undefined) conditions.push(sql`f.subject = ${subject}`)
  return sql<FilingRow>`
    select f.id, f.kind, f.subject, d.name as discharger_name, f.filed_as, f.statement, f.received_at,
      (select coalesce(json_agg(json_build_object('seq', a.seq, 'name', a.name) order by a.seq), '[]')
        from filing_attachments a where a.filing_id = f.id) as attachments
    from filings f join dischargers d on d.id = f.discharger_id
    where ${sql.join(conditions, sql` and `)}`
}

/** What some dischargers filed, the newest first. */
export async function filingsOf(db: Db | Trx, dischargers: readonly DischargerId[], limit: number): Promise<Filing[]> {
  const { rows } = await sql<FilingRow>`${filingRows({ dischargers })} order by f.id desc limit ${limit}`.execute(db)
  return rows.map((row) => ({
    filingId: row.id,
    dischargerName: row.discharger_name,
    kind: row.kind,
    subject: row.subject,
    statement: row.statement,
    filedAs: row.filed_as,
    receivedAt: new Date(row.received_at),
    attachments: row.attachments,
  }))
}

/** A paper that was filed, with what leads to it. */
export interface FiledPaper {
  readonly filingId: string
  readonly seq: number
  readonly name: string
}

/** The papers that came with what a command received, in their order. */
export async function papersFiledBy(db: Db | Trx, commandId: string): Promise<FiledPaper[]> {
  const { rows } = await sql<FiledPaper>`
    select f.id as "filingId", a.seq, a.name from filings f join filing_attachments a on a.filing_id = f.id
    where f.command_id = ${commandId} order by a.seq`.execute(db)
  return rows
}

/** An attachment by its filing and place. */
export async function findAttachment(
  db: Db | Trx,
  filingId: string,
  seq: number,
): Promise<{ readonly name: string; readonly digest: string } | undefined> {
  const { rows } = await sql<{ name: string; digest: string }>`
    select name, digest from filing_attachments where filing_id = ${filingId}::bigint and seq = ${seq}`.execute(db)
  return rows[0]
}
