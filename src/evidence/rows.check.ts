import { sql } from 'kysely'
import type { Services } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { digestedTables } from './fact-tables.ts'
import { type CheckReport, type Finding, findingsShown } from './verification.ts'

/**
 * Every row of every fact table against the digests of the commands that wrote them, table by table, wherever the rows
 * stand: what is there must have been written, what was written must be there, as often as it was.
 */
export async function checkRows(services: Services, tables: readonly string[] = digestedTables): Promise<CheckReport> {
  const findings: Finding[] = []
  let rows = 0
  await services.db.transaction().execute(async (trx) => {
    await sameWords(trx)
    for (const [index, table] of tables.entries()) {
      const found = await compareTable(trx, table)
      rows += found.rows
      findings.push(...found.findings)
      services.progress?.({ what: `核对 ${table}`, done: index + 1, total: tables.length })
    }
  })
  return {
    check: 'rows',
    zh: '各表各行',
    en: 'rows of every table',
    counted: [
      { what: 'tables', zh: '表', count: tables.length },
      { what: 'rows', zh: '行', count: rows },
    ],
    findings,
  }
}

/** Rows are turned into text under the same settings as when they were written (0023-row-digests.sql). */
export async function sameWords(trx: Trx): Promise<void> {
  await sql`select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
    set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true)`.execute(trx)
}

interface Difference {
  /** Hexadecimal; `null` in the row that tells the count. */
  readonly digest: string | null
  readonly logged: string | null
  readonly present: string | null
  /** The last line of `fact_digests` that has it. */
  readonly line: string | null
  readonly rowCount: string
}

async function compareTable(trx: Trx, table: string): Promise<{ rows: number; findings: Finding[] }> {
  const { rows } = await sql<Difference>`
    with counted_from as (
      select coalesce(max(id) filter (where restarts), 0) as line from fact_digests where table_name = ${table}),
    lines as (
      select d.id, d.added || ''::bytea as added, d.removed || ''::bytea as removed
      from fact_digests d, counted_from f where d.table_name = ${table} and d.id >= f.line offset 0),
    logged as materialized (
      select digest, sum(times) as times, max(line) as line from (
        select l.id as line, 1 as times, substr(l.added, n * 16 + 1, 16) as digest
        from lines l, generate_series(0, length(l.added) / 16 - 1) n
        union all
        select l.id, -1, substr(l.removed, n * 16 + 1, 16) from lines l, generate_series(0, length(l.removed) / 16 - 1) n) each_row
      group by digest having sum(times) <> 0),
    present as materialized (
      select row_digest(t::text) as digest, count(*) as times from ${sql.table(table)} t group by 1),
    different as (
      select digest, l.times as logged, p.times as present, l.line from logged l full join present p using (digest)
      where l.times is distinct from p.times limit ${findingsShown})
    select null as digest, null as logged, null as present, null as line, coalesce(sum(times), 0)::text as "rowCount" from present
    union all select encode(digest, 'hex'), logged::text, present::text, line::text, '' from different`.execute(trx)
  const [all, ...differences] = rows
  const findings: Finding[] = []
  for (const difference of differences) findings.push(await findingOf(trx, table, difference))
  return { rows: Number(all?.rowCount ?? 0), findings }
}

async function findingOf(trx: Trx, table: string, { digest, logged, line }: Difference): Promise<Finding> {
  if (logged === null || Number(logged) < 0) {
    return {
      table,
      row: await keyOf(trx, table, digest ?? ''),
      event: null,
      zh: '该行不是任何命令所写的内容（改动过，或绕过程序写入）',
      en: 'no command wrote the row as it is: it was changed, or slipped in',
    }
  }
  const { rows } = await sql<{ seq: string | null; command: string | null; origin: string | null }>`
    select coalesce(e.seq, (select min(after.seq) from audit_events after
        where d.command_id is null and after.outside_until >= d.id)) as seq, c.name as command, d.origin
    from fact_digests d
      left join commands c on c.command_id = d.command_id left join audit_events e on e.command_id = d.command_id
    where d.id = ${line}::bigint`.execute(trx)
  const [by] = rows
  const writer = by?.command ?? by?.origin ?? '?'
  return {
    table,
    row: '*',
    event: by?.seq ?? null,
    zh: `${writer} 写入的一行被删除或改动`,
    en: `a row that ${writer} wrote is gone or was changed`,
  }
}

/** The key of the row with this digest, as `column=value`. */
async function keyOf(trx: Trx, table: string, digest: string): Promise<string> {
  const { rows: columns } = await sql<{ name: string }>`
    select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = ${table}::regclass and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)`.execute(
    trx,
  )
  const names = columns.map(({ name }) => name)
  const { rows } = await sql<{ key: string[] }>`
    select array[${sql.join(names.map((name) => sql`t.${sql.ref(name)}::text`))}]::text[] as key
    from ${sql.table(table)} t where row_digest(t::text) = decode(${digest}, 'hex') limit 1`.execute(trx)
  return (rows[0]?.key ?? ['?']).map((value, index) => `${names[index]}=${value}`).join(' ')
}
