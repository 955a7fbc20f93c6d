import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { RateScheduleId } from '../kernel/ids.ts'
import type { Trx } from '../platform/database.ts'
import type { Price, PriceTable } from './price.ts'
import type { RateEnd } from './rate-end.ts'
import { tariffTables } from './rate-schedule.tables.ts'
import type { ScheduleTerms } from './rate-schedule.ts'

export interface StoredRate {
  readonly scheduleId: RateScheduleId
  readonly scheduleCode: string
  readonly categoryCode: string
  readonly price: Price
  readonly from: CivilDate
  readonly until: CivilDate | null
}

/**
 * Lets approvals and ends of rates follow one another, so that each sees what the one before it decided. Reading rates
 * and billing by them goes on meanwhile.
 */
export async function lockTariffs(trx: Trx): Promise<void> {
  await sql`lock table rate_schedules, rates in share row exclusive mode`.execute(trx)
}

/**
 * Every rate that is open or ends after a day, in a fixed order: a few dozen. They and their schedules are locked, so
 * that bills which name them (a foreign key locks the schedule `for key share`) are committed before the rates end.
 */
export async function lockRatesAfter(trx: Trx, day: CivilDate): Promise<StoredRate[]> {
  const rows = await tariffTables(trx)
    .selectFrom('rates as r')
    .innerJoin('rate_schedules as s', 's.id', 'r.schedule_id')
    .select(['r.schedule_id', 's.code', 'r.category_code', 'r.price', 'r.valid_from', 'r.valid_until'])
    .where((eb) => eb.or([eb('r.valid_until', 'is', null), eb('r.valid_until', '>', day)]))
    .orderBy('r.schedule_id')
    .orderBy('r.category_code')
    .forUpdate()
    .execute()
  return rows.map((row) => ({
    scheduleId: row.schedule_id,
    scheduleCode: row.code,
    categoryCode: row.category_code,
    price: row.price,
    from: row.valid_from,
    until: row.valid_until,
  }))
}

/** Inserts an approved schedule with its rates; the database refuses an overlap and a taken code by itself. */
export async function insertSchedule(
  trx: Trx,
  schedule: ScheduleTerms & { readonly proposalId: string; readonly commandId: string },
): Promise<RateScheduleId> {
  const tables = tariffTables(trx)
  const { id } = await tables
    .insertInto('rate_schedules')
    .values({
      code: schedule.code,
      title: schedule.title,
      approval_document: schedule.approvalDocument,
      issuer: schedule.issuer,
      unit: schedule.unit,
      currency: schedule.currency,
      straddle: schedule.straddle,
      clause: schedule.clause,
      valid_from: schedule.validFrom,
      proposal_id: schedule.proposalId,
      command_id: schedule.commandId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tables
    .insertInto('rates')
    .values(
      Object.entries(schedule.prices satisfies PriceTable).map(([category, price]) => ({
        schedule_id: id,
        category_code: category,
        price: JSON.stringify(price),
        valid_from: schedule.validFrom,
        valid_until: null,
      })),
    )
    .execute()
  return id
}

/** Ends open rates of one schedule. */
export async function endRates(trx: Trx, end: RateEnd): Promise<void> {
  await tariffTables(trx)
    .updateTable('rates')
    .set({ valid_until: end.until })
    .where('schedule_id', '=', end.scheduleId)
    .where('category_code', 'in', [...end.categories])
    .where('valid_until', 'is', null)
    .execute()
}
