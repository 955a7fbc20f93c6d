import { sql } from 'kysely'
import type { Db } from '../../src/platform/database.ts'

/** The day for which overdue bills are asked. */
export const askedOn = '2026-04-13'

/** The arithmetic of a line as a run freezes it, so that its page can be shown. */
const derived = sql`jsonb_build_object('clause', '办法第八条', 'meteredM3', b.volume_m3::text, 'unrounded', b.total_amount::text,
  'rounding', 'half-up to 0.01', 'monthShare', '{"days": 1, "of": 1}'::jsonb,
  'steps', jsonb_build_array(jsonb_build_object('step', 'flat', 'perM3', '1.00', 'volumeM3', b.volume_m3::text, 'amount', b.total_amount::text)),
  'uses', jsonb_build_array(jsonb_build_object('from', b.fee_month, 'until', b.fee_month + 28, 'm3', b.volume_m3::text, 'sources',
    jsonb_build_array(jsonb_build_object('kind', 'reading', 'reading', '1', 'meter', 'M' || b.account_id, 'm3', b.volume_m3::text)))))`

/**
 * Bills of the months up to March 2026, one per account and month, each issue in a transaction of its own, as set-based
 * SQL; with open items, all outstanding. What is measured comes after it, so this takes any way.
 */
export async function seedBills(db: Db, months: number): Promise<void> {
  for (let back = months - 1; back >= 0; back -= 1) {
    const month = sql`(date '2026-03-01' - make_interval(months => ${sql.lit(back)}))::date`
    const issuedOn = sql`(${month} + make_interval(months => 1) + interval '2 days')::date`
    const year = sql`extract(year from ${issuedOn})::int`
    const numbered = sql`
      select a.id as account_id, h.discharger_id, c.category_code, 10 + a.id % 30 as volume,
        coalesce((select max(number) from bills where number_year = ${year}), 0) + row_number() over (order by a.id) as number
      from accounts a join account_holders h on h.account_id = a.id join account_categories c on c.account_id = a.id`
    await db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ id: string }>`
        insert into bill_issues (kind, number_year, first_number, bill_count, total_amount, issued_on, command_id, recorded_at)
        select 'correction', ${year}, min(number), count(*), sum(volume), ${issuedOn}, 'seed-0001', now() from (${numbered}) n
        returning id`.execute(trx)
      const issueId = rows[0]?.id ?? ''
      await sql`
        insert into bills (number_year, number, issue_id, kind, account_id, discharger_id, fee_month, due_on, volume_m3, total_amount)
        select ${year}, number, ${issueId}::bigint, 'original', account_id, discharger_id, ${month}, ${issuedOn} + 7, volume, volume
        from (${numbered}) n`.execute(trx)
      await sql`
        insert into bill_lines (bill_id, line_no, category_code, schedule_id, basis, used_from, used_until, volume_m3, amount, derivation)
        select b.id, 1, 'resident', (select min(id) from rate_schedules), 'public_meter', b.fee_month, b.fee_month + 28, b.volume_m3, b.total_amount, ${derived}
        from bills b where b.issue_id = ${issueId}::bigint`.execute(trx)
      await sql`
        insert into open_items (bill_id, account_id, discharger_id, fee_month, due_on, payable, outstanding)
        select id, account_id, discharger_id, fee_month, due_on, total_amount, total_amount from bills where issue_id = ${issueId}::bigint`.execute(
        trx,
      )
    })
  }
}

/** Pays all bills but one in fifty; of those paid, one in thirty ten days after its due date. */
export async function seedPayments(db: Db): Promise<void> {
  const paid = sql`
    select b.*, b.due_on + case when b.id % 30 = 7 then 10 else -3 end as paid_on from bills b where b.id % 50 <> 0`
  await sql`
    insert into payments (channel, collector_id, reference, account_id, discharger_id, paid_on, recorded_on, amount, command_id)
    select 'collector', a.collector_id, 'S' || p.id, p.account_id, p.discharger_id, p.paid_on, p.due_on + 30, p.total_amount, 'seed-0001'
    from (${paid}) p join accounts a on a.id = p.account_id order by p.id`.execute(db)
  await sql`
    insert into allocations (payment_id, bill_id, amount, basis, allocated_on, command_id)
    select id, substr(reference, 2)::bigint, amount, 'order', recorded_on, 'seed-0001' from payments`.execute(db)
  await sql`
    update open_items o set outstanding = 0, last_paid_on = p.paid_on
    from allocations x join payments p on p.id = x.payment_id where x.bill_id = o.bill_id`.execute(db)
}

/** The collection file of a month: every account pays what it owes for March, on one of eight days. */
export function* paymentRows(accounts: number): Generator<string> {
  yield '户号,户名,缴费日期,交易流水号,污水处理费,收款方式'
  for (let n = 1; n <= accounts; n += 1) {
    const no = String(n).padStart(8, '0')
    yield `${no},示例用户${n},2026-04-${String(3 + (n % 8)).padStart(2, '0')},R${no},${10 + (n % 30)}.00,银行代扣`
  }
}
