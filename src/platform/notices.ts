import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { OrganisationId } from '../kernel/ids.ts'
import type { CommandContext } from './command.ts'
import type { Db, Trx } from './database.ts'
import type { Json } from './platform.tables.ts'
import type { Actor, Role } from './staff.ts'

/** Something people are to be told, once for each kind and subject. */
export interface NewNotice {
  readonly kind: string
  /** What it is about, e.g. `gx-water/2026-03`. */
  readonly subject: string
  /** For the holders of these roles … */
  readonly roles: readonly Role[]
  /** … and for the people of this organisation. */
  readonly organisationId?: OrganisationId | null
  readonly particulars: { readonly [name: string]: Json }
}

export interface Notice {
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly roles: readonly Role[]
  readonly organisationCode: string | null
  /** The day from which it holds. */
  readonly since: CivilDate
  readonly particulars: { readonly [name: string]: Json }
  readonly recordedAt: Date
}

/** How a kind of notice is said, and how it is told whether somebody has dealt with it. */
export interface NoticeKind {
  readonly zh: string
  readonly en: string
  sentence(notice: Notice, language: 'zh' | 'en'): string
  /** What to do about it: a command, or a sentence. */
  remedy(notice: Notice, language: 'zh' | 'en'): string
  /** The ids of those nobody has dealt with yet, as the facts they are about tell on a day. */
  open(db: Db | Trx, notices: readonly Notice[], today: CivilDate): Promise<ReadonlySet<string>>
}
export type NoticeKinds = Readonly<Record<string, NoticeKind>>

/** One of a notice's particulars as text. */
export function particular(notice: Notice, name: string): string {
  return String(notice.particulars[name] ?? '')
}

/** Raises what was not raised before, inside a command; answers the subjects of the new ones. */
export async function raiseNotices(context: CommandContext, notices: readonly NewNotice[]): Promise<string[]> {
  if (notices.length === 0) return []
  const raised = await context.trx
    .insertInto('notices')
    .values(
      notices.map(({ kind, subject, roles, organisationId, particulars }) => ({
        kind,
        subject,
        roles: [...roles],
        organisation_id: organisationId ?? null,
        since: context.today,
        particulars: JSON.stringify(particulars),
        command_id: context.commandId,
        recorded_at: context.recordedAt,
      })),
    )
    .onConflict((conflict) => conflict.columns(['kind', 'subject']).doNothing())
    .returning('subject')
    .execute()
  return raised.map(({ subject }) => subject)
}

/** Those that were not raised yet, or were by this very command. */
export async function notRaisedBefore(
  db: Db | Trx,
  notices: readonly NewNotice[],
  commandId: string,
): Promise<NewNotice[]> {
  const { rows } = await sql<{ kind: string; subject: string }>`
    select n.kind, n.subject from notices n
    join unnest(${notices.map(({ kind }) => kind)}::text[], ${notices.map(({ subject }) => subject)}::text[]) as asked (kind, subject)
      on asked.kind = n.kind and asked.subject = n.subject
    where n.command_id <> ${commandId}`.execute(db)
  const known = new Set(rows.map(({ kind, subject }) => `${kind}\n${subject}`))
  return notices.filter(({ kind, subject }) => !known.has(`${kind}\n${subject}`))
}

export interface NoticeFilter {
  readonly id?: string
  /** Only what this person is told. */
  readonly forActor?: Actor
  /** Keyset: notices with a smaller number. */
  readonly before?: string
  readonly limit: number
}

/** Notices, newest first; a page at a time. */
export async function listNotices(db: Db | Trx, filter: NoticeFilter): Promise<Notice[]> {
  const conditions = [sql`true`]
  if (filter.id !== undefined) conditions.push(sql`n.id = ${filter.id}::bigint`)
  if (filter.before !== undefined) conditions.push(sql`n.id < ${filter.before}::bigint`)
  if (filter.forActor !== undefined) {
    const { roles, organisationId } = filter.forActor
    conditions.push(sql`(n.roles && ${[...roles]}::text[] or n.organisation_id = ${organisationId}::bigint)`)
  }
  const { rows } = await sql<{
    id: string
    kind: string
    subject: string
    roles: Role[]
    organisation_code: string | null
    since: CivilDate
    particulars: { readonly [name: string]: Json }
    recorded_at: Date
  }>`select n.id, n.kind, n.subject, n.roles, o.code as organisation_code, n.since, n.particulars, n.recorded_at
    from notices n left join organisations o on o.id = n.organisation_id
    where ${sql.join(conditions, sql` and `)} order by n.id desc limit ${filter.limit}`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    roles: row.roles,
    organisationCode: row.organisation_code,
    since: row.since,
    particulars: row.particulars,
    recordedAt: row.recorded_at,
  }))
}
