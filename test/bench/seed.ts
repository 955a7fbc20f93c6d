import { sql } from 'kysely'
import type { Connection } from '../../src/platform/database.ts'

/** The day the benchmark acts for, the month it bills. */
export const today = '2026-04-03'
export const feeMonth = '2026-03'

/**
 * A registry of `accounts` public accounts, one meter each, with opening readings and a roster, made by set-based SQL:
 * what a district would hold before its file comes in. Only the import and the run are measured, so this takes any way.
 */
export async function seedRegistry(connection: Connection, accounts: number): Promise<void> {
  const { db } = connection
  const run = async (text: string) => void (await sql.raw(text).execute(db))
  await run(
    `insert into organisations (code, name, kind) values ('bureau', '示例局', 'bureau'), ('water', '示例水司', 'water_company')`,
  )
  await run(`insert into staff (code, name, organisation_id) select c, c, o.id from organisations o,
    (values ('clerk', 'bureau'), ('approver', 'bureau'), ('operator', 'water')) as s (c, org) where o.code = s.org`)
  await run(`insert into staff_roles (staff_id, role, valid_from) select s.id, r.role, '2020-01-01' from staff s
    join (values ('clerk', 'bureau_clerk'), ('approver', 'bureau_approver'), ('operator', 'water_company_operator')) r (code, role) on r.code = s.code`)
  await run(`insert into commands (command_id, name, actor_id, acting_on, input, input_digest, recorded_at)
    select 'seed-0001', 'seed', id, '2026-03-01', '{}', '', now() from staff where code = 'clerk'`)
  await run(
    `insert into price_categories values ('resident', '居民', 'resident', 'seed-0001'), ('non-resident', '非居民', 'non-resident', 'seed-0001')`,
  )
  await run(
    `insert into collectors (code, name, organisation_id, command_id) select 'bench', '示例水司', id, 'seed-0001' from organisations where code = 'water'`,
  )
  await run(`insert into dischargers (code, name, kind, command_id)
    select 'D' || g, '示例用户' || g, 'resident', 'seed-0001' from generate_series(1, ${accounts}) g order by g`)
  await run(`insert into accounts (collector_id, account_no, supply, opened_on, command_id)
    select c.id, lpad(g::text, 8, '0'), 'public', '2020-01-01', 'seed-0001' from collectors c, generate_series(1, ${accounts}) g order by g`)
  await run(`insert into account_holders (account_id, discharger_id, valid_from, command_id)
    select a.id, d.id, '2020-01-01', 'seed-0001' from accounts a join dischargers d on d.code = 'D' || ltrim(a.account_no, '0') order by a.id`)
  await run(`insert into account_categories (account_id, payer_group, category_code, valid_from, command_id)
    select id, 'urban_resident', case when id % 5 = 0 then 'non-resident' else 'resident' end, '2020-01-01', 'seed-0001' from accounts order by id`)
  await run(
    `insert into meters (collector_id, meter_no, size_mm, command_id) select collector_id, 'M' || account_no, 20, 'seed-0001' from accounts order by id`,
  )
  await run(`insert into installations (meter_id, account_id, purpose, digits, initial_reading, valid_from, command_id)
    select m.id, a.id, 'supply', 6, 0, '2020-01-01', 'seed-0001' from accounts a join meters m on m.meter_no = 'M' || a.account_no order by a.id`)
  await run(`insert into opening_readings (installation_id, read_on, reading, command_id)
    select id, '2026-02-28', 1000 + id % 1000, 'seed-0001' from installations order by id`)
  await run(`insert into opening_uses (account_id, fee_month, volume_m3, command_id)
    select id, m::date, 10 + id % 30, 'seed-0001' from accounts, (values ('2025-12-01'), ('2026-01-01'), ('2026-02-01')) as x (m) order by id`)
  await run(`insert into proposals (kind, subject, content, content_digest, maker_id, command_id, recorded_at)
    select k, 'seed', '{}', '', id, 'seed-0001', now() from staff, (values ('dischargers.roster'), ('tariffs.rate-schedule')) as x (k) where code = 'clerk'`)
  await run(`insert into proposal_decisions (proposal_id, maker_id, decided_by, decision, command_id, recorded_at)
    select p.id, p.maker_id, s.id, 'approved', 'seed-0001', now() from proposals p, staff s where s.code = 'approver'`)
  await run(`insert into roster_entries (version_id, collector_id, account_no, account_id, discharger_id, discharger_name, payer_group, category_code, supply)
    select 1, a.collector_id, a.account_no, a.id, h.discharger_id, '示例用户', c.payer_group, c.category_code, a.supply
    from accounts a join account_holders h on h.account_id = a.id join account_categories c on c.account_id = a.id order by a.collector_id, a.account_no`)
  await run(`insert into roster_versions (id, version_no, as_of, proposal_id, account_count, digest)
    overriding system value select 1, 1, '2026-03-31', id, ${accounts}, repeat('0', 64) from proposals where kind = 'dischargers.roster'`)
  await run(`insert into rate_schedules (code, title, approval_document, issuer, straddle, clause, valid_from, proposal_id, command_id)
    select 'bench', '示例收费标准', '示例', '示例', 'by-days', '示例', '2020-01-01', id, 'seed-0001' from proposals where kind = 'tariffs.rate-schedule'`)
  await run(`insert into rates (schedule_id, category_code, price, valid_from)
    select id, c, jsonb_build_object('form', 'flat', 'perM3', p), '2020-01-01' from rate_schedules, (values ('resident', '0.95'), ('non-resident', '1.40')) as x (c, p)`)
  if (connection.engine === 'postgres') await run('vacuum analyze')
  else await run('analyze')
}

/** The water company's file of the month, as CSV text, row by row; `edge` of a hundred rows would be held. */
export function* fileRows(accounts: number): Generator<string> {
  yield '户号,户名,表号,上期行度,本期行度,用水量,抄表日期,水费月份,用水性质,示数来源'
  for (let n = 1; n <= accounts; n += 1) {
    const no = String(n).padStart(8, '0')
    const start = 1000 + (n % 1000)
    const use = 10 + (n % 30)
    yield `${no},示例用户${n},M${no},${start},${start + use},${use},2026-03-31,2026-03,${n % 5 === 0 ? '非居民' : '居民'},实抄`
  }
}
