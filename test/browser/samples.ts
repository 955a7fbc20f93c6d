import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../src/platform/database.ts'

/** Where a value for a parameter of a path is found: by its name, or where one site has another by `/path name`. */
const found: Readonly<Record<string, RawBuilder<{ value: string | null }>>> = {
  bill: sql`select number_year || '-' || lpad(number::text, 6, '0') as value from bills order by id limit 1`,
  '/portal bill': sql`select b.number_year || '-' || lpad(b.number::text, 6, '0') as value
    from bills b join enterprise_dischargers e on e.discharger_id = b.discharger_id order by b.id limit 1`,
  run: sql`select max(id)::text as value from bill_runs`,
  '/approval run': sql`select max(run_id)::text as value from open_bill_runs`,
  payment: sql`select min(id)::text as value from payments`,
  '/portal payment': sql`select p.id::text as value from payments p
    join enterprise_dischargers e on e.discharger_id = p.discharger_id order by p.id limit 1`,
  number: sql`select number_year || '-' || lpad(number::text, 4, '0') as value from orders_to_pay order by id limit 1`,
  order: sql`select number_year || '-' || lpad(number::text, 4, '0') as value from orders_to_pay order by id limit 1`,
  case: sql`select number_year || '-' || lpad(number::text, 4, '0') as value from fine_cases order by id limit 1`,
  account: sql`select account_no as value from accounts order by id limit 1`,
  discharger: sql`select code as value from dischargers order by id limit 1`,
  collector: sql`select code as value from collectors order by id limit 1`,
  import: sql`select min(id)::text as value from imports`,
  proposal: sql`select min(p.id)::text as value from proposals p
    where not exists (select from proposal_decisions d where d.proposal_id = p.id)`,
  objection: sql`select min(id)::text as value from objections`,
  filing: sql`select min(filing_id)::text as value from filing_attachments`,
  seq: sql`select '1' as value`,
  schedule: sql`select code as value from rate_schedules order by id limit 1`,
  version: sql`select min(id)::text as value from roster_versions`,
  year: sql`select max(year)::text as value from calendar_years`,
  month: sql`select to_char(max(fee_month), 'YYYY-MM') as value from bills`,
  staff: sql`select code as value from staff order by id limit 1`,
  work: sql`select id::text as value from works limit 1`,
}

/** A path with a value of this town for each parameter; `undefined` where the town has none. */
export async function samplePath(db: Db, path: string): Promise<string | undefined> {
  let filled = path
  for (const [whole, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
    const special = Object.keys(found).find((key) => {
      const [part = '', of] = key.split(' ')
      return of === name && path.includes(part)
    })
    const query = found[special ?? name]
    const value = query === undefined ? undefined : (await query.execute(db)).rows[0]?.value
    if (value === undefined || value === null) return undefined
    filled = filled.replace(whole, encodeURIComponent(value))
  }
  return filled
}
