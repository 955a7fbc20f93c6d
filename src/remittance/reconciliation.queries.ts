import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, monthOf } from '../kernel/calendar.ts'
import type { CollectorId, ReconciliationId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { volume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Cell } from './cells.rules.ts'
import { refuseClosing } from './closing.refusals.ts'
import { documentNumber, parseDocumentNumber } from './numbers.ts'
import { periodFrom } from './period.ts'
import type {
  OneSidedUser,
  Party,
  Reconciliation,
  ReconciliationContent,
  Signature,
  UserSide,
} from './reconciliation.ts'

export interface ReconciliationFilter {
  readonly reconciliationId?: ReconciliationId | undefined
  readonly collectorId?: CollectorId | undefined
  readonly collectorCode?: string | undefined
  /** Without those that were returned. */
  readonly standing?: boolean
  readonly limit: number
}

/** Reconciliations newest first, with their cells and signatures. */
export async function listReconciliations(db: Db | Trx, filter: ReconciliationFilter): Promise<Reconciliation[]> {
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (filter.reconciliationId !== undefined) conditions.push(sql`q.id = ${filter.reconciliationId}::bigint`)
  if (filter.collectorId !== undefined) conditions.push(sql`q.collector_id = ${filter.collectorId}::bigint`)
  if (filter.collectorCode !== undefined) conditions.push(sql`c.code = ${filter.collectorCode}`)
  if (filter.standing) conditions.push(sql`r.reconciliation_id is null`)
  const { rows } = await sql<{
    id: ReconciliationId
    number_year: number
    number: number
    collector_id: CollectorId
    code: string
    quarter_from: CivilDate
    content: ReconciliationContent
    content_digest: string
    drawn_on: CivilDate
    drawn_by: string
    drawer: string
    drawer_code: string
    reason: string | null
    signatures: readonly { readonly party: Party; readonly by: string; readonly on: CivilDate }[]
  }>`
    select q.id, q.number_year, q.number, q.collector_id, c.code, q.quarter_from, q.content, q.content_digest, q.drawn_on,
      q.drawn_by, drawer.name as drawer, drawer.code as drawer_code, r.reason,
      (select coalesce(json_agg(json_build_object('party', s.party, 'by', p.name, 'on', s.signed_on::text) order by s.signed_on, s.party), '[]')
        from reconciliation_signatures s join staff p on p.id = s.signed_by where s.reconciliation_id = q.id) as signatures
    from reconciliations q join collectors c on c.id = q.collector_id join staff drawer on drawer.id = q.drawn_by
      left join reconciliation_returns r on r.reconciliation_id = q.id
    where ${sql.join(conditions, sql` and `)} order by q.id desc limit ${filter.limit}`.execute(db)
  const cells = await cellsOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    reconciliationId: row.id,
    number: documentNumber('reconciliation', row.number_year, row.number),
    collectorId: row.collector_id,
    collectorCode: row.code,
    quarter: periodFrom('quarter', row.quarter_from),
    state: row.reason !== null ? 'returned' : row.signatures.length === 3 ? 'frozen' : 'drawn',
    content: row.content,
    digest: row.content_digest,
    drawnBy: row.drawn_by,
    drawnByCode: row.drawer_code,
    drawnByName: row.drawer,
    drawnOn: row.drawn_on,
    signatures: row.signatures as readonly Signature[],
    returnReason: row.reason,
    cells: cells.get(row.id) ?? [],
  }))
}

async function cellsOf(db: Db | Trx, ids: readonly ReconciliationId[]): Promise<Map<ReconciliationId, Cell[]>> {
  const { rows } = await sql<{
    reconciliation_id: ReconciliationId
    fee_month: CivilDate
    category_code: string
    supply: Cell['supply']
    sold_m3: string
    billed_m3: string
    billed_amount: string
    collected_amount: string
    direct_amount: string
    remitted_amount: string
    confirmed_amount: string
  }>`
    select * from reconciliation_cells where reconciliation_id = any(${ids}::bigint[])
    order by reconciliation_id, fee_month, category_code, supply`.execute(db)
  const cells = new Map<ReconciliationId, Cell[]>()
  for (const row of rows) {
    const cell: Cell = {
      feeMonth: monthOf(row.fee_month),
      category: row.category_code,
      supply: row.supply,
      soldM3: volume(row.sold_m3),
      billedM3: volume(row.billed_m3),
      billed: money(row.billed_amount),
      collected: money(row.collected_amount),
      direct: money(row.direct_amount),
      remitted: money(row.remitted_amount),
      confirmed: money(row.confirmed_amount),
    }
    cells.set(row.reconciliation_id, [...(cells.get(row.reconciliation_id) ?? []), cell])
  }
  return cells
}

/** One reconciliation by its number, `Q2026-0001`. Refuses an unknown one. */
export async function findReconciliation(db: Db | Trx, number: string): Promise<Reconciliation | Refusal> {
  const parsed = parseDocumentNumber('reconciliation', number)
  const unknown = refuseClosing('reconciliation_unknown', { reconciliation: number })
  if (parsed === undefined) return unknown
  const { rows } = await sql<{ id: ReconciliationId }>`
    select id from reconciliations where number_year = ${parsed.year} and number = ${parsed.number}`.execute(db)
  const [row] = rows
  if (row === undefined) return unknown
  const [found] = await listReconciliations(db, { reconciliationId: row.id, limit: 1 })
  return found ?? unknown
}

/** Users on one side only, as a reconciliation froze them. */
export async function oneSidedUsers(
  db: Db | Trx,
  reconciliationId: ReconciliationId,
  filter: { readonly side?: UserSide | undefined; readonly limit: number },
): Promise<OneSidedUser[]> {
  const { rows } = await sql<OneSidedUser>`
    select side, to_char(fee_month, 'YYYY-MM') as "feeMonth", account_no as "accountNo", volume_m3 as "volumeM3", amount
    from reconciliation_users where reconciliation_id = ${reconciliationId}::bigint
      and ${filter.side === undefined ? sql`true` : sql`side = ${filter.side}`}
    order by side, fee_month, account_no limit ${filter.limit}`.execute(db)
  return rows
}
