import { sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay } from '../kernel/calendar.ts'
import type { AccountId, InstallationId } from '../kernel/ids.ts'
import type { CommandContext } from '../platform/command.ts'

/** Where a meter stood at go-live. */
export interface OpeningReading {
  readonly installationId: InstallationId
  readonly readOn: CivilDate
  readonly reading: string
}

/** What an account used in a month before go-live, for comparison only. */
export interface OpeningUse {
  readonly accountId: AccountId
  readonly feeMonth: FeeMonth
  readonly volumeM3: string
  readonly estimated: boolean
}

const rowsPerBlock = 5_000

/** Keeps the readings that meters begin with at go-live (decision 23), one per installation. */
export async function storeOpeningReadings(
  { trx, commandId }: Pick<CommandContext, 'trx' | 'commandId'>,
  readings: readonly OpeningReading[],
): Promise<void> {
  for (let start = 0; start < readings.length; start += rowsPerBlock) {
    const block = readings.slice(start, start + rowsPerBlock)
    await sql`
      insert into opening_readings (installation_id, read_on, reading, command_id)
      select *, ${commandId} from unnest(${block.map((each) => each.installationId)}::bigint[],
        ${block.map((each) => each.readOn)}::date[], ${block.map((each) => each.reading)}::numeric[])`.execute(trx)
  }
}

/** Keeps the uses of the months before go-live (decision 23), one per account and month. */
export async function storeOpeningUses(
  { trx, commandId }: Pick<CommandContext, 'trx' | 'commandId'>,
  uses: readonly OpeningUse[],
): Promise<void> {
  for (let start = 0; start < uses.length; start += rowsPerBlock) {
    const block = uses.slice(start, start + rowsPerBlock)
    await sql`
      insert into opening_uses (account_id, fee_month, volume_m3, estimated, command_id)
      select *, ${commandId} from unnest(${block.map((each) => each.accountId)}::bigint[],
        ${block.map((each) => firstDay(each.feeMonth))}::date[], ${block.map((each) => each.volumeM3)}::numeric[],
        ${block.map((each) => each.estimated)}::boolean[])`.execute(trx)
  }
}
