import type { GeneratedAlways, JSONColumnType } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { RateScheduleId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Price } from './price.ts'
import type { Straddle } from './rate-schedule.ts'

type TariffTables = {
  rate_schedules: {
    id: GeneratedAlways<RateScheduleId>
    code: string
    title: string
    approval_document: string
    issuer: string
    unit: string
    currency: string
    straddle: Straddle
    clause: string
    valid_from: CivilDate
    proposal_id: string
    command_id: string
  }
  rates: {
    schedule_id: RateScheduleId
    category_code: string
    price: JSONColumnType<Price, string, never>
    valid_from: CivilDate
    valid_until: CivilDate | null
  }
}

export const tariffTables = (db: Db | Trx) => db.withTables<TariffTables>()
