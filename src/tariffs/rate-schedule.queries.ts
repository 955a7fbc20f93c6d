import type { CivilDate, DateInterval } from '../kernel/calendar.ts'
import type { RateScheduleId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { priceTable } from './price.rules.ts'
import type { Price, PriceTable } from './price.ts'
import { tariffTables } from './rate-schedule.tables.ts'
import type { Rate, RateSchedule } from './rate-schedule.ts'

/** The rates in force on any day of the interval, by category and start. */
export async function ratesTouching(db: Db | Trx, interval: DateInterval): Promise<Rate[]> {
  const rows = await tariffTables(db)
    .selectFrom('rates as r')
    .innerJoin('rate_schedules as s', 's.id', 'r.schedule_id')
    .select(['r.schedule_id', 's.code', 'r.category_code', 'r.price', 's.straddle', 's.unit', 's.currency'])
    .select(['s.approval_document', 's.clause', 'r.valid_from', 'r.valid_until'])
    .where('r.valid_from', '<', interval.until)
    .where((eb) => eb.or([eb('r.valid_until', 'is', null), eb('r.valid_until', '>', interval.from)]))
    .orderBy('r.category_code')
    .orderBy('r.valid_from')
    .execute()
  return rows.map((row) => ({
    scheduleId: row.schedule_id,
    scheduleCode: row.code,
    categoryCode: row.category_code,
    price: row.price,
    straddle: row.straddle,
    unit: row.unit,
    currency: row.currency,
    approvalDocument: row.approval_document,
    clause: row.clause,
    validity: { from: row.valid_from, until: row.valid_until },
  }))
}

/** Every approved schedule with its prices and the end of each, newest first. */
export async function listSchedules(db: Db | Trx): Promise<RateSchedule[]> {
  return schedulesWhere(db, {})
}

export async function scheduleById(db: Db | Trx, scheduleId: RateScheduleId): Promise<RateSchedule | undefined> {
  return (await schedulesWhere(db, { scheduleId }))[0]
}

export async function scheduleByCode(db: Db | Trx, code: string): Promise<RateSchedule | undefined> {
  return (await schedulesWhere(db, { code }))[0]
}

/** The checked prices of every schedule, to price a line again as it was priced when it was issued. */
export async function scheduleTables(db: Db | Trx): Promise<Map<RateScheduleId, PriceTable>> {
  return new Map((await listSchedules(db)).map(({ scheduleId, prices }) => [scheduleId, prices]))
}

async function schedulesWhere(
  db: Db | Trx,
  wanted: { readonly scheduleId?: RateScheduleId; readonly code?: string },
): Promise<RateSchedule[]> {
  let query = tariffTables(db)
    .selectFrom('rate_schedules as s')
    .innerJoin('rates as r', 'r.schedule_id', 's.id')
    .select(['s.id', 's.code', 's.title', 's.approval_document', 's.issuer', 's.unit', 's.currency', 's.straddle'])
    .select(['s.clause', 's.valid_from', 's.proposal_id', 'r.category_code', 'r.price', 'r.valid_until'])
    .orderBy('s.valid_from', 'desc')
    .orderBy('s.id', 'desc')
    .orderBy('r.category_code')
  if (wanted.scheduleId !== undefined) query = query.where('s.id', '=', wanted.scheduleId)
  if (wanted.code !== undefined) query = query.where('s.code', '=', wanted.code)
  type Found = Omit<RateSchedule, 'prices' | 'until'> & {
    prices: Record<string, Price>
    until: Record<string, CivilDate | null>
  }
  const schedules = new Map<RateScheduleId, Found>()
  for (const row of await query.execute()) {
    const schedule = schedules.get(row.id) ?? {
      scheduleId: row.id,
      code: row.code,
      title: row.title,
      approvalDocument: row.approval_document,
      issuer: row.issuer,
      unit: row.unit,
      currency: row.currency,
      straddle: row.straddle,
      clause: row.clause,
      validFrom: row.valid_from,
      proposalId: row.proposal_id,
      prices: {},
      until: {},
    }
    schedules.set(row.id, schedule)
    schedule.prices[row.category_code] = row.price
    schedule.until[row.category_code] = row.valid_until
  }
  return [...schedules.values()].map((schedule) => ({ ...schedule, prices: priceTable(schedule.prices) }))
}

/** Keeps every schedule as it is until the transaction ends: a rate cannot be ended between a check and the bills that name it. */
export async function holdSchedules(trx: Trx): Promise<void> {
  await tariffTables(trx).selectFrom('rate_schedules').select('id').orderBy('id').forKeyShare().execute()
}
