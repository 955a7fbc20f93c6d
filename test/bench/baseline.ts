import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** Seconds that a piece of work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - started) / 1e9
}

/**
 * The bare baseline of an import: COPY of the same file to a staging table, then one INSERT … SELECT into the same
 * target with its constraints, triggers and indexes. It checks nothing of what the product checks.
 */
export async function bareImport(url: string, file: string): Promise<{ copy: number; insert: number }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`create table staging_readings (account_no text, name text, meter_no text, start_reading text, end_reading text,
      volume text, read_on text, fee_month text, category text, source text)`)
    const copy = await secondsOf(async () => {
      const stream = client.query(
        copyFrom("copy staging_readings from stdin with (format csv, header true, encoding 'UTF8')"),
      )
      await pipeline(createReadStream(file), stream)
    })
    await client.query(`insert into stored_files values (repeat('0', 64), 'bare', 0, 0, now())`)
    const { rows } =
      await client.query(`insert into imports (kind, scope, file_digest, file_name, format, mapping, command_id, recorded_at)
      values ('readings', 'bare', repeat('0', 64), 'bare', '{}', '{}', 'seed-0001', now()) returning id`)
    const insert = await secondsOf(() =>
      client.query(
        `insert into meter_readings (account_id, installation_id, fee_month, kind, source, used_from, used_until, read_on,
           start_reading, end_reading, volume_m3, import_id, row_no)
         select a.id, i.id, '2026-03-01', 'normal', 'actual', '2026-03-01', '2026-04-01', s.read_on::date,
           s.start_reading::numeric, s.end_reading::numeric, s.volume::numeric, $1, row_number() over ()
         from staging_readings s join collectors c on c.code = 'bench'
           join accounts a on a.collector_id = c.id and a.account_no = s.account_no
           join meters m on m.collector_id = c.id and m.meter_no = s.meter_no
           join installations i on i.meter_id = m.id`,
        [rows[0].id],
      ),
    )
    return { copy, insert }
  } finally {
    await client.end()
  }
}

/**
 * The bare baseline of a run: one INSERT … SELECT per target table (bills, bill lines with their derivation, open items)
 * with the same constraints, triggers and indexes, from the readings that `bareImport` left.
 */
export async function bareRun(url: string): Promise<{ bills: number; lines: number; items: number }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('analyze meter_readings')
    const priced = `select r.*, h.discharger_id, c.category_code, t.schedule_id, (t.price->>'perM3')::numeric as per_m3, m.meter_no,
        row_number() over (order by a.collector_id, a.account_no) as number
      from meter_readings r join accounts a on a.id = r.account_id join account_holders h on h.account_id = a.id
        join account_categories c on c.account_id = a.id join rates t on t.category_code = c.category_code
        join installations i on i.id = r.installation_id join meters m on m.id = i.meter_id
      where r.fee_month = '2026-03-01'`
    await client.query('begin')
    const { rows } =
      await client.query(`insert into bill_issues (kind, number_year, first_number, bill_count, total_amount, issued_on, command_id, recorded_at)
      select 'correction', 2026, 1, count(*), sum(round(volume_m3 * per_m3, 2)), '2026-04-03', 'seed-0001', now() from (${priced}) p returning id`)
    const bills = await secondsOf(() =>
      client.query(
        `insert into bills (number_year, number, issue_id, kind, account_id, discharger_id, fee_month, due_on, volume_m3, total_amount)
         select 2026, number, $1, 'original', account_id, discharger_id, fee_month, '2026-04-10', volume_m3, round(volume_m3 * per_m3, 2) from (${priced}) p`,
        [rows[0].id],
      ),
    )
    const lines = await secondsOf(async () => {
      await client.query(
        `insert into bill_lines (bill_id, line_no, category_code, schedule_id, basis, used_from, used_until, volume_m3, amount, derivation)
         select 2026::bigint * 100000000 + number, 1, category_code, schedule_id, 'public_meter', used_from, used_until, volume_m3, round(volume_m3 * per_m3, 2),
           jsonb_build_object('clause', '办法第八条；财税〔2014〕151号第十条', 'meteredM3', volume_m3::text, 'rounding', 'half-up to 0.01',
             'unrounded', (volume_m3 * per_m3)::text, 'monthShare', jsonb_build_object('of', 1, 'days', 1),
             'steps', jsonb_build_array(jsonb_build_object('step', 'flat', 'volumeM3', volume_m3::text, 'perM3', per_m3::text, 'amount', (volume_m3 * per_m3)::text)),
             'uses', jsonb_build_array(jsonb_build_object('from', used_from, 'until', used_until, 'm3', volume_m3::text,
               'sources', jsonb_build_array(jsonb_build_object('kind', 'reading', 'reading', id::text, 'meter', meter_no, 'start', start_reading::text, 'end', end_reading::text, 'm3', volume_m3::text)))))
         from (${priced}) p`,
      )
    })
    const items = await secondsOf(async () => {
      await client.query(
        `insert into open_items (bill_id, account_id, discharger_id, fee_month, due_on, payable, outstanding)
         select id, account_id, discharger_id, fee_month, due_on, total_amount, total_amount from bills where issue_id = $1`,
        [rows[0].id],
      )
      await client.query('commit')
    })
    return { bills, lines, items }
  } finally {
    await client.end()
  }
}
