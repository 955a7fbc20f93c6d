import { sql } from 'kysely'
import { findOutlets, type Outlet } from '../dischargers/outlet.queries.ts'
import {
  type CivilDate,
  type DateInterval,
  firstDay,
  intersect,
  lastDay,
  monthInterval,
  plusDays,
} from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import { present } from '../kernel/invariant.ts'
import type { Db, Trx } from '../platform/database.ts'
import { periodBounds } from './limit.ts'
import type { OutletVolumes } from './outlet-volumes.ts'
import { type LimitOfOutlet, limitOf, referralNumbers, resultOf } from './quality.queries.ts'
import { qualityTables } from './quality.tables.ts'
import { judgeTotal, type ResultOfDay, type TotalOfPeriod } from './total.rules.ts'
import { monthsOfPeriod, parseTotalId, type TotalPeriod, totalId } from './total.ts'

/** A permitted total beside what was discharged in a period, with the letters by which it was referred. */
export interface JudgedTotal extends TotalOfPeriod {
  readonly totalId: string
  readonly limit: LimitOfOutlet
  readonly outlet: Outlet
  readonly period: TotalPeriod
  readonly referrals: readonly string[]
}

/** How totals are judged: by what the accounts tell of volumes, as of a day. */
export interface TotalsSource {
  readonly db: Db | Trx
  readonly volumes: OutletVolumes
  readonly today: CivilDate
}

/**
 * What was discharged in a year beside the totals of months and of the year permitted in it, as far as they have begun;
 * computed, never stored. In order of discharger, outlet, pollutant and period.
 */
export async function listTotals(
  source: TotalsSource,
  filter: { readonly year: number; readonly dischargerCode?: string | undefined },
): Promise<JudgedTotal[]> {
  const { db, today } = source
  const { dischargerCode } = filter
  const ofDischarger =
    dischargerCode === undefined ? undefined : await findOutlets(db, { dischargerCodes: [dischargerCode] })
  let query = qualityTables(db).selectFrom('permitted_limits').selectAll().where('bound', 'in', periodBounds)
  if (ofDischarger !== undefined)
    query = query.where(sql<boolean>`outlet_id = any(${ofDischarger.map(({ outletId }) => outletId)}::bigint[])`)
  const wanted = (await query.execute())
    .map(limitOf)
    .flatMap((limit) => periodsOf(limit, filter.year, today).map((period) => ({ limit, period })))
  return judgeTotals(source, wanted)
}

/** One total by its id; `undefined` where no limit is of such a period, or it has not begun. */
export async function findTotal(source: TotalsSource, id: string): Promise<JudgedTotal | undefined> {
  const asked = parseTotalId(id)
  if (asked === undefined) return undefined
  const row = await qualityTables(source.db)
    .selectFrom('permitted_limits')
    .selectAll()
    .where('id', '=', asked.limitId)
    .where('bound', 'in', periodBounds)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const [limit, { period }] = [limitOf(row), asked]
  if (!periodsOf(limit, Number(period.slice(0, 4)), source.today).includes(period)) return undefined
  return (await judgeTotals(source, [{ limit, period }]))[0]
}

/** The periods of a year that a limit is of: those it held in on some day, as far as they have begun. */
function periodsOf({ bound, validity }: LimitOfOutlet, year: number, today: CivilDate): TotalPeriod[] {
  const periods: TotalPeriod[] = bound === 'yearly_total' ? [String(year)] : monthsOfPeriod(String(year))
  return periods.filter((period) => {
    const days = daysOfPeriod(period)
    return days.from <= today && intersect(days, validity) !== undefined
  })
}

function daysOfPeriod(period: TotalPeriod): DateInterval {
  const months = monthsOfPeriod(period)
  const [first, last] = [months[0], months.at(-1)]
  return {
    from: firstDay(present(first, 'a period has months')),
    until: plusDays(lastDay(present(last, 'a period has months')), 1),
  }
}

async function judgeTotals(
  { db, volumes, today }: TotalsSource,
  wanted: readonly { readonly limit: LimitOfOutlet; readonly period: TotalPeriod }[],
): Promise<JudgedTotal[]> {
  if (wanted.length === 0) return []
  const outletIds = [...new Set(wanted.map(({ limit }) => limit.outletId))]
  const outlets = new Map((await findOutlets(db, { outletIds })).map((outlet) => [outlet.outletId, outlet]))
  const months = [...new Set(wanted.flatMap(({ period }) => monthsOfPeriod(period)))].sort()
  const over = months.filter((month) => lastDay(month) < today)
  const volumeOf = await volumes(db, [...outlets.values()], over)
  const results = await resultsByOutlet(db, outletIds, {
    from: firstDay(present(months[0], 'a period has months')),
    until: monthInterval(present(months.at(-1), 'a period has months')).until,
  })
  const numbers = await referralNumbers(
    db,
    wanted.map(({ limit, period }) => ({ kind: 'total', id: totalId(limit.limitId, period) })),
  )
  const judged = wanted.map(({ limit, period }) => {
    const id = totalId(limit.limitId, period)
    const found = results.get(limit.outletId) ?? []
    return {
      totalId: id,
      limit,
      outlet: present(outlets.get(limit.outletId), 'a limit has its outlet'),
      period,
      referrals: numbers.get(id) ?? [],
      ...judgeTotal(limit, period, found, (month) => volumeOf(limit.outletId, month), today),
    }
  })
  const order = ({ outlet, limit, period }: JudgedTotal) =>
    [outlet.dischargerCode, outlet.outletNo, limit.pollutant, period, limit.validity.from].join('\n')
  return judged.sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

/** Results of outlets on days, of samples that stand, in order of day. */
async function resultsByOutlet(
  db: Db | Trx,
  outletIds: readonly string[],
  days: DateInterval,
): Promise<Map<string, ResultOfDay[]>> {
  const rows = await qualityTables(db)
    .selectFrom('samples as s')
    .innerJoin('sample_results as r', 'r.sample_id', 's.id')
    .select(['s.outlet_id', 's.taken_on', 's.day_volume_m3', 'r.pollutant', 'r.measured', 'r.detection_limit'])
    .select(['r.unit', 'r.method'])
    .where(sql<boolean>`s.outlet_id = any(${outletIds}::bigint[])`)
    .where('s.taken_on', '>=', days.from)
    .where('s.taken_on', '<', days.until)
    .where(sql<boolean>`not exists (select from sample_withdrawals w where w.sample_id = s.id)`)
    .orderBy('s.taken_on')
    .orderBy('s.id')
    .execute()
  const results = new Map<string, ResultOfDay[]>()
  for (const row of rows) {
    const found = results.get(row.outlet_id) ?? []
    found.push({
      takenOn: row.taken_on,
      dayVolumeM3: row.day_volume_m3 === null ? undefined : new Exact(row.day_volume_m3),
      result: resultOf(row),
    })
    results.set(row.outlet_id, found)
  }
  return results
}
