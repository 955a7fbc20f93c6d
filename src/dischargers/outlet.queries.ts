import { sql } from 'kysely'
import type { CivilDate, Validity } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'

/** An outlet with whose it is, for those who measure what comes out of it. */
export interface Outlet {
  readonly outletId: string
  readonly outletNo: string
  readonly place: string
  readonly validity: Validity
  readonly dischargerId: DischargerId
  readonly dischargerCode: string
  readonly dischargerName: string
  readonly creditCode: string | null
}

/** Every outlet there ever was of dischargers by their codes, or of given ids; in order of code, number and day. */
export async function findOutlets(
  db: Db | Trx,
  by: { readonly dischargerCodes: readonly string[] } | { readonly outletIds: readonly string[] },
): Promise<Outlet[]> {
  const condition =
    'outletIds' in by ? sql`o.id = any(${by.outletIds}::bigint[])` : sql`d.code = any(${by.dischargerCodes}::text[])`
  const { rows } = await sql<{
    id: string
    outlet_no: string
    place: string
    valid_from: CivilDate
    valid_until: CivilDate | null
    discharger_id: DischargerId
    code: string
    name: string
    credit_code: string | null
  }>`
    select o.id, o.outlet_no, o.place, o.valid_from, o.valid_until, d.id as discharger_id, d.code, d.name, d.credit_code
    from outlets o join dischargers d on d.id = o.discharger_id
    where ${condition} order by d.code, o.outlet_no, o.valid_from`.execute(db)
  return rows.map((row) => ({
    outletId: row.id,
    outletNo: row.outlet_no,
    place: row.place,
    validity: { from: row.valid_from, until: row.valid_until },
    dischargerId: row.discharger_id,
    dischargerCode: row.code,
    dischargerName: row.name,
    creditCode: row.credit_code,
  }))
}

/** Which of these codes are registered. */
export async function knownDischargerCodes(db: Db | Trx, codes: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ code: string }>`select code from dischargers where code = any(${codes}::text[])`.execute(
    db,
  )
  return new Set(rows.map(({ code }) => code))
}
