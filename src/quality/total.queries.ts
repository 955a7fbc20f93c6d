import { sql } from 'kysely'
import { findOutlets, type Outlet } from '../dischargers/outlet.queries.ts'
import {
  type CivilDate,
  type DateInterval,
  type FeeMonth,
  firstDay,
  intersect,
  lastDay,
  monthInterval,
  monthOf,
  plusDays,
} from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import { present } from '../kernel/invariant.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type Page, pageOf } from '../platform/page.ts'
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

interface TotalsFilter {
  readonly year: number
  readonly dischargerCode?: string | undefined
}

/**
 * What was discharged in a year beside the totals of months and of the year permitted in it, as far as they have begun;
 * computed, never stored. In order of discharger, outlet, pollutant and period.
 */
export async function listTotals(source: TotalsSource, filter: TotalsFilter): Promise<JudgedTotal[]> {
  const judged = await judgeTotals(source, await totalsOf(source, filter))
  const placed = judged.map((total) => {
    const { outlet, limit, period } = total
    const place = [outlet.dischargerCode, outlet.outletNo, limit.pollutant, period, limit.validity.from].join('\n')
    return { place, total }
  })
  return placed.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ total }) => total)
}

/** The same by their ids, page by page: no more is judged than a page shows. */
export async function pageOfTotals(
  source: TotalsSource,
  filter: TotalsFilter,
  page: Page<readonly [string]>,
): Promise<JudgedTotal[]> {
  const idOf = ({ limit, period }: Wanted) => totalId(limit.limitId, period)
  return judgeTotals(source, pageOf(await totalsOf(source, filter), idOf, page))
}

interface Wanted {
  readonly limit: LimitOfOutlet
  readonly period: TotalPeriod
}

async function totalsOf({ db, today }: TotalsSource, filter: TotalsFilter): Promise<Wanted[]> {
  const { dischargerCode } = filter
  const ofDischarger =
    dischargerCode === undefined ? undefined : await findOutlets(db, { dischargerCodes: [dischargerCode] })
  let query = qualityTables(db).selectFrom('permitted_limits').selectAll().where('bound', 'in', periodBounds)
  if (ofDischarger !== undefined)
    query = query.where(sql<boolean>`outlet_id = any(${ofDischarger.map(({ outletId }) => outletId)}::bigint[])`)
  return (await query.execute())
    .map(limitOf)
    .flatMap((limit) => periodsOf(limit, filter.year, today).map((period) => ({ limit, period })))
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

/** Outlets whose results are held at a time; other requests are served between two blocks. */
const outletsPerBlock = 300

/** Judges totals, each in its place, by blocks of their outlets. */
async function judgeTotals(source: TotalsSource, wanted: readonly Wanted[]): Promise<JudgedTotal[]> {
  const outletIds = [...new Set(wanted.map(({ limit }) => limit.outletId))]
  const block = new Map(outletIds.map((outletId, index) => [outletId, Math.floor(index / outletsPerBlock)]))
  const judged = new Map<Wanted, JudgedTotal>()
  for (let at = 0; at * outletsPerBlock < outletIds.length; at += 1) {
    const ofBlock = wanted.filter(({ limit }) => block.get(limit.outletId) === at)
    const ids = outletIds.slice(at * outletsPerBlock, (at + 1) * outletsPerBlock)
    for (const [each, total] of await judgeBlock(source, ofBlock, ids)) judged.set(each, total)
  }
  return wanted.map((each) => present(judged.get(each), 'each total is judged'))
}

async function judgeBlock(
  { db, volumes, today }: TotalsSource,
  wanted: readonly Wanted[],
  outletIds: readonly string[],
): Promise<(readonly [Wanted, JudgedTotal])[]> {
  const outlets = new Map((await findOutlets(db, { outletIds })).map((outlet) => [outlet.outletId, outlet]))
  const months = [...new Set(wanted.flatMap(({ period }) => monthsOfPeriod(period)))].sort()
  const over = months.filter((month) => lastDay(month) < today)
  const volumeOf = await volumes(db, [...outlets.values()], over)
  const results = await resultsByMonth(db, outletIds, {
    from: firstDay(present(months[0], 'a period has months')),
    until: monthInterval(present(months.at(-1), 'a period has months')).until,
  })
  const numbers = await referralNumbers(
    db,
    wanted.map(({ limit, period }) => ({ kind: 'total', id: totalId(limit.limitId, period) })),
  )
  return wanted.map((each) => {
    const { limit, period } = each
    const id = totalId(limit.limitId, period)
    const found = monthsOfPeriod(period).flatMap(
      (month) => results.get(ofMonth(limit.outletId, limit.pollutant, month)) ?? [],
    )
    const total = {
      totalId: id,
      limit,
      outlet: present(outlets.get(limit.outletId), 'a limit has its outlet'),
      period,
      referrals: numbers.get(id) ?? [],
      ...judgeTotal(limit, period, found, (month) => volumeOf(limit.outletId, month), today),
    }
    return [each, total] as const
  })
}

const ofMonth = (outletId: string, pollutant: string, month: FeeMonth): string => `${outletId} ${pollutant} ${month}`

/** Results of outlets on days, of samples that stand, in order of day, by outlet, pollutant and month. */
async function resultsByMonth(
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
    const key = ofMonth(row.outlet_id, row.pollutant, monthOf(row.taken_on))
    const found = results.get(key) ?? []
    found.push({
      takenOn: row.taken_on,
      dayVolumeM3: row.day_volume_m3 === null ? undefined : new Exact(row.day_volume_m3),
      result: resultOf(row),
    })
    results.set(key, found)
  }
  return results
}
