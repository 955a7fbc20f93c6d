import { sql } from 'kysely'
import { type FeeMonth, firstDay, lastDay } from '../kernel/calendar.ts'
import type { Db, Trx } from '../platform/database.ts'

/** The codes of the collectors of whom a readings file of the month was taken in. */
export async function collectorsWithReadings(db: Db | Trx, feeMonth: FeeMonth): Promise<Set<string>> {
  const { rows } = await sql<{ code: string }>`
    select c.code from collectors c where exists (
      select from imports i where i.kind = 'readings' and starts_with(i.scope, c.code || ${`/${feeMonth}/`}))`.execute(
    db,
  )
  return new Set(rows.map(({ code }) => code))
}

/**
 * Those among these collectors that were taken over at the end of the month or later: its use was billed before go-live
 * (decision 23), so no readings of it are to come.
 */
async function collectorsTakenOverAfter(
  db: Db | Trx,
  codes: readonly string[],
  feeMonth: FeeMonth,
): Promise<Set<string>> {
  if (codes.length === 0) return new Set()
  const { rows } = await sql<{ code: string }>`
    select c.code from collectors c where c.code = any(${codes}::text[]) and (
      exists (select from accounts a join opening_uses u on u.account_id = a.id
        where a.collector_id = c.id and u.fee_month >= ${firstDay(feeMonth)}::date)
      or exists (select from accounts a join installations i on i.account_id = a.id
          join opening_readings o on o.installation_id = i.id
        where a.collector_id = c.id and o.read_on >= ${lastDay(feeMonth)}::date))`.execute(db)
  return new Set(rows.map(({ code }) => code))
}

/** The collectors among these whose readings of the month are to come and have not. */
export async function awaitedReadings<Each extends { readonly code: string }>(
  db: Db | Trx,
  expected: readonly Each[],
  feeMonth: FeeMonth,
): Promise<Each[]> {
  const came = await collectorsWithReadings(db, feeMonth)
  const lacking = expected.filter(({ code }) => !came.has(code))
  const takenOver = await collectorsTakenOverAfter(
    db,
    lacking.map(({ code }) => code),
    feeMonth,
  )
  return lacking.filter(({ code }) => !takenOver.has(code))
}
