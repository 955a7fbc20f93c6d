import { type RawBuilder, sql } from 'kysely'
import type { Db, Trx } from './database.ts'
import type { Json, ProposalOutcome } from './platform.tables.ts'

/** One proposal in the list of what waits for a second person. */
export interface ProposalListRow {
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly content: Json
  readonly content_digest: string
  readonly maker_code: string
  readonly maker_name: string
  readonly recorded_at: Date
  readonly outcome: ProposalOutcome | null
  readonly decided_by: string | null
  readonly decided_at: Date | null
}

export interface ProposalListFilter {
  readonly kind?: string | undefined
  /** What waits; without it what was decided, too. */
  readonly undecided: boolean
}

/** The proposals that fit, without order and limit. */
export function proposalRows({ kind, undecided }: ProposalListFilter): RawBuilder<ProposalListRow> {
  return sql<ProposalListRow>`
    select p.id, p.kind, p.subject, p.content, p.content_digest, m.code as maker_code, m.name as maker_name, p.recorded_at,
      d.decision as outcome, s.name as decided_by, d.recorded_at as decided_at
    from proposals p join staff m on m.id = p.maker_id left join proposal_decisions d on d.proposal_id = p.id
      left join staff s on s.id = d.decided_by
    where ${kind === undefined ? sql`true` : sql`p.kind = ${kind}`} and ${undecided ? sql`d.proposal_id is null` : sql`true`}`
}

/** How many wait, by kind: those of one person, and those of everybody else. */
export async function waitingProposals(
  db: Db | Trx,
  actorCode: string,
): Promise<readonly { readonly kind: string; readonly own: number; readonly others: number }[]> {
  const { rows } = await sql<{ kind: string; own: number; others: number }>`
    select p.kind, (count(*) filter (where m.code = ${actorCode}))::int as own,
      (count(*) filter (where m.code <> ${actorCode}))::int as others
    from proposals p join staff m on m.id = p.maker_id
    where not exists (select from proposal_decisions d where d.proposal_id = p.id) group by p.kind order by p.kind`.execute(
    db,
  )
  return rows
}

/** Rows of files that nobody has decided, by kind of import. */
export async function undecidedRows(
  db: Db | Trx,
): Promise<readonly { readonly kind: string; readonly rows: number; readonly imports: number }[]> {
  const { rows } = await sql<{ kind: string; rows: number; imports: number }>`
    select i.kind, count(*)::int as rows, count(distinct i.id)::int as imports
    from import_rows h join imports i on i.id = h.import_id
    where not exists (select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)
    group by i.kind order by i.kind`.execute(db)
  return rows
}
