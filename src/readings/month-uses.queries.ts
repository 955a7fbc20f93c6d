import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay, monthOf } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import { addVolumes, volume, volumeText } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import { among } from '../platform/key-range.ts'
import { isEffective } from './reading-rows.ts'

export interface UseOfMonth {
  readonly feeMonth: FeeMonth
  readonly volumeM3: string
  /** Whether nothing but estimates make it up. */
  readonly estimated: boolean
}

/**
 * The use of accounts in some months, as one text for each account until it is asked for: a block of an import holds
 * thousands of them at once, and so many objects cost more than reading them.
 */
export class MonthUses {
  readonly #read: ReadonlyMap<AccountId, string>
  readonly #opening: ReadonlyMap<AccountId, string>

  constructor(read: ReadonlyMap<AccountId, string>, opening: ReadonlyMap<AccountId, string>) {
    this.#read = read
    this.#opening = opening
  }

  /** Newest first; several readings of a month are added up. A use before go-live counts where the month was not read. */
  of(accountId: AccountId): UseOfMonth[] {
    const uses: UseOfMonth[] = []
    for (const use of usesIn(this.#read.get(accountId))) {
      const at = uses.findIndex(({ feeMonth }) => feeMonth === use.feeMonth)
      const same = uses[at]
      if (same === undefined) uses.push(use)
      else uses[at] = added(same, use)
    }
    const read = uses.length
    for (const use of usesIn(this.#opening.get(accountId))) {
      if (read === 0 || !uses.some(({ feeMonth }) => feeMonth === use.feeMonth)) uses.push(use)
    }
    return uses.sort((a, b) => (a.feeMonth < b.feeMonth ? 1 : -1))
  }
}

/** Looks the months up; only those of `monthsRead` can have readings. */
export async function monthUses(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  months: readonly FeeMonth[],
  monthsRead: ReadonlySet<FeeMonth> = new Set(months),
): Promise<MonthUses> {
  const wanted = months.filter((month) => monthsRead.has(month))
  const counts = sql`r.source = 'estimated'`
  const read = await textsOfUses(db, sql`meter_readings r`, counts, accountIds, wanted, sql`and ${isEffective}`)
  const incomplete = accountIds.filter((accountId) => monthsIn(read.get(accountId)) < months.length)
  return new MonthUses(read, await textsOfUses(db, sql`opening_uses r`, sql`r.estimated`, incomplete, months, sql``))
}

async function textsOfUses(
  db: Db | Trx,
  table: RawBuilder<unknown>,
  isEstimate: RawBuilder<unknown>,
  accountIds: readonly AccountId[],
  months: readonly FeeMonth[],
  further: RawBuilder<unknown>,
): Promise<ReadonlyMap<AccountId, string>> {
  if (accountIds.length === 0 || months.length === 0) return new Map()
  const { rows } = await sql<{ account_id: AccountId; uses: string }>`
    select r.account_id, string_agg(r.fee_month || ' ' || r.volume_m3 || ' ' || (${isEstimate})::int, ',') as uses
    from ${table} where ${among(sql`r.account_id`, accountIds)} and r.fee_month = any(${months.map(firstDay)}::date[]) ${further}
    group by r.account_id`.execute(db)
  return new Map(rows.map(({ account_id, uses }) => [account_id, uses]))
}

function usesIn(text: string | undefined): UseOfMonth[] {
  if (text === undefined) return []
  return text.split(',').map((use) => {
    const [day = '', volumeM3 = '', estimate] = use.split(' ')
    return { feeMonth: monthOf(day as CivilDate), volumeM3, estimated: estimate === '1' }
  })
}

function monthsIn(text: string | undefined): number {
  return new Set(text?.split(',').map((use) => use.slice(0, 7))).size
}

function added(one: UseOfMonth, other: UseOfMonth): UseOfMonth {
  return {
    feeMonth: one.feeMonth,
    volumeM3: volumeText(addVolumes([volume(one.volumeM3), volume(other.volumeM3)])),
    estimated: one.estimated && other.estimated,
  }
}
