import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll } from 'vitest'
import { type FeeMonth, feeMonth } from '../../src/kernel/calendar.ts'
import type { AccountId, InstallationId } from '../../src/kernel/ids.ts'
import { isRefusal, type Refusal } from '../../src/kernel/refusal.ts'
import type { Envelope } from '../../src/platform/command.ts'
import type { Db } from '../../src/platform/database.ts'

/** An account with its meter, as the tests of readings need it; what is not said is ordinary. */
export interface PlantedAccount {
  readonly no: string
  readonly meter?: string
  readonly digits?: number
  readonly multiplier?: string
  /** Reading at go-live on 28 February 2026. */
  readonly opening?: string
  /** Uses of December, January, February. */
  readonly uses?: readonly string[]
  readonly master?: string
}

export const march: FeeMonth = feeMonth('2026-03')

/** People, a collector `gx-water`, and these accounts on public supply, put straight into the tables. */
export async function plantReadings(db: Db, accounts: readonly PlantedAccount[]): Promise<void> {
  const run = async (text: string) => void (await sql.raw(text).execute(db))
  await run(
    `insert into organisations (code, name, kind) values ('bureau', '示例局', 'bureau'), ('water', '示例水司', 'water_company'), ('other-water', '另一水司', 'water_company')`,
  )
  await run(`insert into staff (code, name, organisation_id) select s.code, s.name, o.id from organisations o
    join (values ('clerk', '张示例', 'bureau'), ('auditor', '李示例', 'bureau'), ('operator', '王示例', 'water'), ('other-operator', '赵示例', 'other-water')) s (code, name, org) on o.code = s.org`)
  await run(`insert into staff_roles (staff_id, role, valid_from) select s.id, r.role, '2020-01-01' from staff s
    join (values ('clerk', 'bureau_clerk'), ('auditor', 'auditor'), ('operator', 'water_company_operator'), ('other-operator', 'water_company_operator')) r (code, role) on r.code = s.code`)
  await run(`insert into commands (command_id, name, actor_id, acting_on, input, input_digest, recorded_at)
    select 'ground-0001', 'ground', id, '2026-03-01', '{}', '', now() from staff where code = 'clerk'`)
  await run(
    `insert into price_categories values ('resident', '居民', 'resident', 'ground-0001'), ('non-resident', '非居民', 'non-resident', 'ground-0001')`,
  )
  await run(
    `insert into collectors (code, name, organisation_id, command_id) select 'gx-water', name, id, 'ground-0001' from organisations where code = 'water'`,
  )
  for (const account of accounts) {
    const meter = account.meter ?? `M${account.no}`
    const master =
      account.master === undefined
        ? 'null'
        : `(select i.id from installations i join meters m on m.id = i.meter_id where m.meter_no = '${account.master}')`
    await run(
      `insert into dischargers (code, name, kind, command_id) values ('D${account.no}', '示例用户${account.no}', 'resident', 'ground-0001')`,
    )
    await run(`insert into accounts (collector_id, account_no, supply, opened_on, command_id)
      select id, '${account.no}', 'public', '2020-01-01', 'ground-0001' from collectors`)
    await run(`insert into account_holders (account_id, discharger_id, valid_from, command_id)
      select a.id, d.id, '2020-01-01', 'ground-0001' from accounts a join dischargers d on d.code = 'D' || a.account_no where a.account_no = '${account.no}'`)
    await run(`insert into account_categories (account_id, payer_group, category_code, valid_from, command_id)
      select id, 'urban_resident', 'non-resident', '2020-01-01', 'ground-0001' from accounts where account_no = '${account.no}'`)
    await run(
      `insert into meters (collector_id, meter_no, size_mm, command_id) select id, '${meter}', 20, 'ground-0001' from collectors`,
    )
    await run(`insert into installations (meter_id, account_id, purpose, digits, multiplier, initial_reading, valid_from, master_installation_id, command_id)
      select m.id, a.id, 'supply', ${account.digits ?? 6}, ${account.multiplier ?? '1'}, 0, '2020-01-01', ${master}, 'ground-0001'
      from accounts a join meters m on m.meter_no = '${meter}' where a.account_no = '${account.no}'`)
    await run(`insert into opening_readings (installation_id, read_on, reading, command_id)
      select i.id, '2026-02-28', ${account.opening ?? '1000'}, 'ground-0001' from installations i join accounts a on a.id = i.account_id
      where a.account_no = '${account.no}'`)
    const months = ['2025-12-01', '2026-01-01', '2026-02-01']
    for (const [index, use] of (account.uses ?? ['100', '100', '100']).entries()) {
      await run(`insert into opening_uses (account_id, fee_month, volume_m3, command_id)
        select id, '${months[index]}', ${use}, 'ground-0001' from accounts where account_no = '${account.no}'`)
    }
  }
}

/** Replaces a meter on a day: the old one ends with its final reading, a new one begins at `initial`. */
export async function replaceMeter(
  db: Db,
  meter: string,
  by: { readonly meter: string; readonly on: string; readonly final: string; readonly initial: string },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const run = async (text: string) => void (await sql.raw(text).execute(trx))
    await run(
      `insert into meters (collector_id, meter_no, size_mm, command_id) select id, '${by.meter}', 20, 'ground-0001' from collectors`,
    )
    await run(
      `update installations set valid_until = '${by.on}' where meter_id = (select id from meters where meter_no = '${meter}')`,
    )
    await run(`insert into installation_removals (installation_id, final_reading, reason, command_id)
      select i.id, ${by.final}, '周期换表', 'ground-0001' from installations i join meters m on m.id = i.meter_id where m.meter_no = '${meter}'`)
    await run(`insert into installations (meter_id, account_id, purpose, digits, initial_reading, valid_from, replaces_installation_id, command_id)
      select n.id, i.account_id, 'supply', i.digits, ${by.initial}, '${by.on}', i.id, 'ground-0001'
      from installations i join meters m on m.id = i.meter_id, meters n where m.meter_no = '${meter}' and n.meter_no = '${by.meter}'`)
  })
}

export async function accountIdOf(db: Db, accountNo: string): Promise<AccountId> {
  const { rows } = await sql<{ id: AccountId }>`select id from accounts where account_no = ${accountNo}`.execute(db)
  return rows[0]!.id
}

export async function installationIdOf(db: Db, meterNo: string): Promise<InstallationId> {
  const { rows } = await sql<{ id: InstallationId }>`
    select i.id from installations i join meters m on m.id = i.meter_id where m.meter_no = ${meterNo}`.execute(db)
  return rows[0]!.id
}

/** How many rows each table of the stage and of imports holds: what must not change when something is refused. */
export async function everything(db: Db): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const tables = [
    'commands',
    'audit_events',
    'imports',
    'import_results',
    'import_rows',
    'import_row_decisions',
    'stored_files',
    'column_mappings',
    'meter_readings',
    'reading_endings',
  ]
  for (const table of tables) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db)
    counts[table] = rows[0]!.n
  }
  return counts
}

/** A folder of the test file's own, removed at its end. */
export function scratchFolder(): {
  path: (name: string) => string
  write: (name: string, content: string | Uint8Array) => string
} {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-readings-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const path = (name: string) => join(folder, name)
  return {
    path,
    write: (name, content) => {
      writeFileSync(path(name), content)
      return path(name)
    },
  }
}

export const by = (actor: string, commandId: string = randomUUID()): Envelope => ({ actor, commandId })

/** The answer of a command that must not be refused. */
export function done<Answer>(outcome: { answer: Answer } | Refusal): Answer {
  if (isRefusal(outcome)) throw new Error(outcome.sentence('en'))
  return outcome.answer
}

export const header = '户号,表号,上期读数,本期读数,用水量,抄表日期,水费月份'

/** A CSV of rows under the usual header. */
export function csv(...rows: string[]): string {
  return [header, ...rows, ''].join('\n')
}
