import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf, plusMonths, yearOf } from '../kernel/calendar.ts'
import type { CollectorId, ReconciliationId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { addVolumes, subtractVolume, type Volume, volume, volumeText } from '../kernel/volume.ts'
import { holdPayments } from '../payments/hold-payments.ts'
import { ageing } from '../payments/payment.queries.ts'
import {
  type CommandAnswer,
  type CommandContext,
  canonicalJson,
  type Envelope,
  runCommand,
  type Services,
  sha256,
} from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import type { Json } from '../platform/platform.tables.ts'
import { collectorFor, lockRemittances } from './acting-for.ts'
import { currentCells, firstMonthOf } from './cells.queries.ts'
import { type Cell, cellChanges, plainCell, sumCells } from './cells.rules.ts'
import { refuseClosing } from './closing.refusals.ts'
import { listFeeClaims } from './fee.queries.ts'
import { heldAge, heldByDay } from './held.queries.ts'
import { heldAgeClass, heldAgeClasses } from './held.rules.ts'
import { documentKinds, documentNumber } from './numbers.ts'
import { lastDayOf, type Period, parsePeriod } from './period.ts'
import { listReconciliations } from './reconciliation.queries.ts'
import { type OneSidedUser, type ReconciliationContent, userSides } from './reconciliation.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { listStatements } from './statement.queries.ts'

export type DrawnReconciliation = {
  readonly reconciliation: string
  readonly collector: string
  readonly quarter: string
  readonly digest: string
  readonly cells: number
  /** Of them, of months before the quarter: changed since they were signed, or not signed before. */
  readonly corrections: number
  readonly users: number
}

/**
 * A clerk draws the reconciliation of a quarter from the facts: billed, collected, remitted and confirmed by category and
 * month, sold against billed, users on one side only, what is uncollected with its age, what the collector holds. Earlier
 * quarters come in with what has changed since they were signed. Refuses a quarter that is not over or was reconciled, and
 * one after a reconciliation that is not signed by all.
 */
export async function drawReconciliation(
  services: Services,
  envelope: Envelope,
  input: { readonly collectorCode: string; readonly quarter: string },
): Promise<CommandAnswer<DrawnReconciliation> | Refusal> {
  const kind = { name: 'remittance.draw-reconciliation', zh: '编制季度对账' } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, today, actor, commandId, recordedAt } = context
    const collector = await collectorFor(context, input.collectorCode)
    if (isRefusal(collector)) return collector
    const { collectorId } = collector
    const quarter = parsePeriod(input.quarter)
    if (quarter?.kind !== 'quarter') return refuseClosing('quarter_malformed', { value: input.quarter })
    await lockRemittances(trx, collectorId)
    await holdPayments(trx)
    const earlier = await listReconciliations(trx, { collectorId, standing: true, limit: 10_000 })
    const untimely = refuseTime(quarter, earlier, today)
    if (untimely !== undefined) return untimely

    const until = monthOf(quarter.until)
    const first = (await firstMonthOf(trx, collectorId)) ?? monthOf(quarter.from)
    const now = await currentCells(trx, collectorId, { from: first, until })
    const cells = cellChanges(now, sumCells(earlier.flatMap((each) => each.cells)))
    const users = await findOneSidedUsers(trx, collectorId, collector.code, quarter)
    const content = await contentOf(context, collector, quarter, cells, users)
    const digest = sha256(canonicalJson({ content, cells: cells.map(plainCell), users } as unknown as Json))
    const year = yearOf(today)
    const number = await takeNumbers(trx, documentKinds.reconciliation.sequence, year, 1)
    const { rows } = await sql<{ id: ReconciliationId }>`
      insert into reconciliations (number_year, number, collector_id, quarter_from, content, content_digest, drawn_on, drawn_by,
        command_id, recorded_at)
      values (${year}, ${number}, ${collectorId}::bigint, ${quarter.from}::date, ${JSON.stringify(content)}::jsonb, ${digest},
        ${today}::date, ${actor.id}::bigint, ${commandId}, ${recordedAt}::timestamptz) returning id`.execute(trx)
    const id = present(rows[0], 'an inserted reconciliation has an id').id
    await insertCells(trx, id, cells)
    await insertUsers(trx, id, collectorId, users)
    return {
      reconciliation: documentNumber('reconciliation', year, number),
      collector: collector.code,
      quarter: quarter.name,
      digest,
      cells: cells.length,
      corrections: cells.filter(({ feeMonth }) => firstDay(feeMonth) < quarter.from).length,
      users: users.length,
    }
  })
}

function refuseTime(
  quarter: Period,
  earlier: readonly { readonly number: string; readonly quarter: Period; readonly state: string }[],
  today: CivilDate,
): Refusal | undefined {
  if (today < quarter.until)
    return refuseRemittance('period_not_over', { period: quarter.name, until: quarter.until, today })
  const open = earlier.find(({ state }) => state === 'drawn')
  if (open !== undefined)
    return refuseClosing('reconciliation_open', { reconciliation: open.number, quarter: open.quarter.name })
  const later = earlier.find((each) => each.quarter.from >= quarter.from)
  if (later !== undefined)
    return refuseClosing('quarter_reconciled', { quarter: quarter.name, reconciliation: later.number })
  return undefined
}

async function contentOf(
  { trx, today }: CommandContext,
  collector: { readonly collectorId: CollectorId; readonly code: string; readonly name: string },
  quarter: Period,
  cells: readonly Cell[],
  users: readonly OneSidedUser[],
): Promise<ReconciliationContent> {
  const { collectorId, code } = collector
  const held = await heldByDay(trx, collectorId, quarter)
  const age = await heldAge(trx, collectorId, lastDayOf(quarter))
  const sum = (of: 'collected' | 'reversed' | 'refunded' | 'remitted') =>
    moneyText(addMoney(held.days.map((day) => day[of])))
  const statements = (await listStatements(trx, { collectorId, standing: true, limit: 10_000 })).filter(
    ({ period }) => period.from >= quarter.from && period.until <= quarter.until,
  )
  const numbers = new Set(statements.map(({ number }) => number))
  const fees = (await listFeeClaims(trx, { collectorCode: code, limit: 10_000 })).filter(({ statement }) =>
    numbers.has(statement),
  )
  const undeclared = await undeclaredOf(trx, collectorId, cells)
  const uncollected = await ageing(trx, lastDayOf(quarter), { collectorCode: code })
  return {
    collector: code,
    collectorName: collector.name,
    quarter: quarter.name,
    drawnOn: today,
    held: {
      opening: moneyText(held.opening),
      collected: sum('collected'),
      reversed: sum('reversed'),
      refunded: sum('refunded'),
      remitted: sum('remitted'),
      closing: moneyText(held.closing),
      oldestDays: age.oldestDays,
      classes: heldAgeClasses.map((days) => ({
        days,
        amount: moneyText(
          addMoney(age.aged.filter((each) => heldAgeClass(each.days) === days).map(({ amount }) => amount)),
        ),
      })),
    },
    statements: statements.toReversed().map((each) => ({
      statement: each.number,
      period: each.period.name,
      state: each.state,
      total: moneyText(each.total),
      received: moneyText(each.received),
      balance: moneyText(each.balance),
    })),
    fees: fees.toReversed().map(({ number, amount, paidOn }) => ({ claim: number, amount: moneyText(amount), paidOn })),
    months: await monthsOf(trx, collectorId, quarter, cells, undeclared),
    undeclared,
    uncollected: uncollected.map(({ bucket, bills, amount }) => ({ days: bucket, bills, amount: moneyText(amount) })),
    users: userSides.map((side) => ({ side, count: users.filter((user) => user.side === side).length })),
  }
}

/** Months and categories of public supply of which the company declared nothing. */
async function undeclaredOf(trx: Trx, collectorId: CollectorId, cells: readonly Cell[]) {
  const { rows } = await sql<{ fee_month: CivilDate; category_code: string }>`
    select distinct fee_month, category_code from sold_volume_declarations where collector_id = ${collectorId}::bigint`.execute(
    trx,
  )
  const declared = new Set(rows.map((row) => `${monthOf(row.fee_month)} ${row.category_code}`))
  return cells
    .filter(({ supply, feeMonth, category }) => supply === 'public' && !declared.has(`${feeMonth} ${category}`))
    .map(({ feeMonth, category }) => ({ month: feeMonth as string, category }))
}

/** Volume sold as declared, as read by the company's files, and as billed, of public supply, month by month. */
async function monthsOf(
  trx: Trx,
  collectorId: CollectorId,
  quarter: Period,
  cells: readonly Cell[],
  undeclared: readonly { readonly month: string }[],
) {
  const { rows } = await sql<{ fee_month: CivilDate; volume: string }>`
    select r.fee_month, sum(r.volume_m3)::text as volume from accounts a join meter_readings r on r.account_id = a.id
    where a.collector_id = ${collectorId}::bigint and a.supply = 'public' and r.fee_month >= ${quarter.from}::date
      and r.fee_month < ${quarter.until}::date and not exists (select from reading_endings e where e.reading_id = r.id)
    group by r.fee_month`.execute(trx)
  const read = new Map(rows.map((row) => [monthOf(row.fee_month), volume(row.volume)]))
  return monthsIn(quarter).map((month) => {
    const own = cells.filter(({ feeMonth, supply }) => feeMonth === month && supply === 'public')
    const isKnown = own.length > 0 && !undeclared.some((each) => each.month === month)
    const sold: Volume = addVolumes(own.map(({ soldM3 }) => soldM3))
    const billed: Volume = addVolumes(own.map(({ billedM3 }) => billedM3))
    const readM3 = read.get(month)
    return {
      month: month as string,
      soldM3: isKnown ? volumeText(sold) : null,
      readM3: readM3 === undefined ? null : volumeText(readM3),
      billedM3: volumeText(billed),
      unbilledM3: isKnown ? volumeText(subtractVolume(sold, billed)) : null,
    }
  })
}

export const monthsIn = ({ from, until }: Pick<Period, 'from' | 'until'>): FeeMonth[] => {
  const months: FeeMonth[] = []
  for (let month = monthOf(from); firstDay(month) < until; month = plusMonths(month, 1)) months.push(month)
  return months
}

const sharesMeter = sql`exists (
  select from installation_shares h where h.account_id = a.id and h.valid_from < m.fee_month + interval '1 month'
    and (h.valid_until is null or h.valid_until > m.fee_month))`

/**
 * Users on one side only, month by month: numbers of the company's reading files that are no account here, accounts with
 * use that are neither billed nor exempt, and accounts billed by their public meter of which the files say nothing.
 */
async function findOneSidedUsers(
  db: Db | Trx,
  collectorId: CollectorId,
  collectorCode: string,
  quarter: Period,
): Promise<OneSidedUser[]> {
  const { rows } = await sql<OneSidedUser>`
    with months as (select generate_series(${quarter.from}::date, ${quarter.until}::date - 1, interval '1 month')::date as fee_month),
    read as materialized (
      select r.account_id, r.fee_month, sum(r.volume_m3) as volume from meter_readings r join accounts a on a.id = r.account_id
      where a.collector_id = ${collectorId}::bigint and a.supply = 'public' and r.fee_month >= ${quarter.from}::date
        and r.fee_month < ${quarter.until}::date and not exists (select from reading_endings e where e.reading_id = r.id)
      group by r.account_id, r.fee_month),
    billed as materialized (
      select b.account_id, b.fee_month, sum(b.total_amount) as amount, sum(b.volume_m3) as volume,
        bool_or(exists (select from bill_lines l where l.bill_id = b.id and l.basis = 'public_meter')) as by_meter
      from bills b join accounts a on a.id = b.account_id
      where a.collector_id = ${collectorId}::bigint and b.fee_month >= ${quarter.from}::date and b.fee_month < ${quarter.until}::date
      group by b.account_id, b.fee_month)
    select 'unknown_account' as side, to_char(m.fee_month, 'YYYY-MM') as "feeMonth", left(x.reason->>'value', 60) as "accountNo",
      max(h.volume_m3)::text as "volumeM3", null as amount
    from months m join imports i on i.kind = 'readings' and starts_with(i.scope, ${`${collectorCode}/`})
      join import_rows h on h.import_id = i.id and h.fee_month = m.fee_month
      cross join lateral jsonb_array_elements(h.reasons) x (reason)
    where x.reason->>'code' = 'account_unknown' and coalesce(x.reason->>'value', '') <> ''
      and not exists (select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)
      and not exists (select from accounts known where known.collector_id = ${collectorId}::bigint and known.account_no = x.reason->>'value')
    group by 2, 3
    union all
    select 'read_not_billed', to_char(r.fee_month, 'YYYY-MM'), a.account_no, r.volume::text, null
    from read r join accounts a on a.id = r.account_id
    where r.volume > 0 and not exists (select from billed b where b.account_id = r.account_id and b.fee_month = r.fee_month)
      and not exists (select from bill_run_exceptions e join bill_runs n on n.id = e.run_id
        where e.account_id = r.account_id and e.status = 'exempt' and n.fee_month = r.fee_month)
    union all
    select 'billed_not_read', to_char(m.fee_month, 'YYYY-MM'), a.account_no, m.volume::text, m.amount::text
    from billed m join accounts a on a.id = m.account_id
    where a.supply = 'public' and m.by_meter and not ${sharesMeter}
      and not exists (select from read r where r.account_id = m.account_id and r.fee_month = m.fee_month)
    order by 1, 2, 3`.execute(db)
  return rows
}

async function insertCells(trx: Trx, id: ReconciliationId, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return
  const of = (textOf: (cell: ReturnType<typeof plainCell>) => string) => cells.map((cell) => textOf(plainCell(cell)))
  await sql`
    insert into reconciliation_cells (reconciliation_id, fee_month, category_code, supply, sold_m3, billed_m3, billed_amount,
      collected_amount, direct_amount, remitted_amount, confirmed_amount)
    select ${id}::bigint, * from unnest(${cells.map(({ feeMonth }) => firstDay(feeMonth))}::date[], ${of(({ category }) => category)}::text[],
      ${of(({ supply }) => supply)}::text[], ${of(({ soldM3 }) => soldM3)}::numeric[], ${of(({ billedM3 }) => billedM3)}::numeric[],
      ${of(({ billed }) => billed)}::numeric[], ${of(({ collected }) => collected)}::numeric[], ${of(({ direct }) => direct)}::numeric[],
      ${of(({ remitted }) => remitted)}::numeric[], ${of(({ confirmed }) => confirmed)}::numeric[])`.execute(trx)
}

async function insertUsers(
  trx: Trx,
  id: ReconciliationId,
  collectorId: CollectorId,
  users: readonly OneSidedUser[],
): Promise<void> {
  if (users.length === 0) return
  await sql`
    insert into reconciliation_users (reconciliation_id, side, fee_month, account_no, account_id, volume_m3, amount)
    select ${id}::bigint, u.side, u.month, u.account_no, a.id, u.volume, u.amount from unnest(${users.map(({ side }) => side)}::text[],
      ${users.map(({ feeMonth }) => `${feeMonth}-01`)}::date[], ${users.map(({ accountNo }) => accountNo)}::text[],
      ${users.map(({ volumeM3 }) => volumeM3)}::numeric[], ${users.map(({ amount }) => amount)}::numeric[])
      as u (side, month, account_no, volume, amount)
      left join accounts a on a.collector_id = ${collectorId}::bigint and a.account_no = u.account_no`.execute(trx)
}
