import { sql } from 'kysely'
import { accountsHeldBy, accountTerms } from '../dischargers/account.queries.ts'
import type { AccountTerms } from '../dischargers/account.ts'
import { findOutlets } from '../dischargers/outlet.queries.ts'
import { type DateInterval, type FeeMonth, holdsOn, intersect, lastDay, monthInterval } from '../kernel/calendar.ts'
import type { AccountId, DischargerId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { Db, Trx } from '../platform/database.ts'
import { among } from '../platform/key-range.ts'
import type { OutletVolumes } from '../quality/outlet-volumes.ts'
import type { VolumeOfMonth } from '../quality/total.ts'
import { billableVolume } from './billable-volume.rules.ts'
import { type AccountOfMonth, outletVolume } from './outlet-volume.rules.ts'
import { volumeFacts } from './volume.queries.ts'
import { volumeTables } from './volume.tables.ts'

/** What went through outlets in months, by the accounts of their dischargers; computed from readings, never stored. */
export const outletVolumes: OutletVolumes = async (db, outlets, months) => {
  const found = new Map<string, VolumeOfMonth>()
  const all = await findOutlets(db, { dischargerCodes: [...new Set(outlets.map((each) => each.dischargerCode))] })
  const outletsOf = grouped(all, ({ dischargerId }) => [dischargerId])
  const dischargerIds = [...new Set(outlets.map((each) => each.dischargerId))]
  for (const month of new Set(months)) {
    const days = monthInterval(month)
    const accounts = grouped(await accountsOfMonth(db, dischargerIds, month), ({ holders }) => holders)
    for (const { outletId, dischargerId } of outlets) {
      const ofMonth = (outletsOf.get(dischargerId) ?? []).filter(({ validity }) => intersect(days, validity))
      const ids = ofMonth.map((each) => each.outletId)
      found.set(`${outletId} ${month}`, outletVolume(outletId, ids, accounts.get(dischargerId) ?? []))
    }
  }
  return (outletId, month) => present(found.get(`${outletId} ${month}`), 'an outlet and a month that were asked for')
}

/** By discharger, in the order they came; looking through all for each outlet would take the square of a district. */
function grouped<Each>(
  all: readonly Each[],
  ofWhom: (each: Each) => readonly DischargerId[],
): Map<DischargerId, Each[]> {
  const groups = new Map<DischargerId, Each[]>()
  for (const each of all) {
    for (const dischargerId of ofWhom(each)) {
      const group = groups.get(dischargerId)
      if (group === undefined) groups.set(dischargerId, [each])
      else group.push(each)
    }
  }
  return groups
}

async function accountsOfMonth(
  db: Db | Trx,
  dischargerIds: readonly DischargerId[],
  month: FeeMonth,
): Promise<AccountOfMonth[]> {
  const days = monthInterval(month)
  const terms = await accountTerms(db, await accountsHeldBy(db, dischargerIds, days), days)
  const open = new Map([...terms].filter(([, each]) => isOpenIn(each, days)))
  const facts = await volumeFacts(db, open, month)
  const meteredAt = await outletsOfGrounds(db, [...open.keys()], month)
  return [...open.values()].map(({ accountId, accountNo, holders }) => ({
    accountNo,
    holders: [...new Set(holders.map(({ dischargerId }) => dischargerId))],
    outcome: billableVolume(present(facts.get(accountId), 'each account has its facts')),
    meteredAt: meteredAt.get(accountId),
  }))
}

const isOpenIn = ({ openedOn, closedOn }: AccountTerms, days: DateInterval): boolean =>
  intersect(days, { from: openedOn, until: closedOn }) !== undefined

/** The outlet at which the discharge of an account is metered, by its ground on the last day of the month. */
async function outletsOfGrounds(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  month: FeeMonth,
): Promise<Map<AccountId, string>> {
  const rows = await volumeTables(db)
    .selectFrom('volume_bases')
    .select(['account_id', 'outlet_id', 'valid_from', 'valid_until'])
    .where(sql<boolean>`${among(sql`account_id`, accountIds)}`)
    .where('outlet_id', 'is not', null)
    .execute()
  const last = lastDay(month)
  return new Map(
    rows.flatMap(({ account_id, outlet_id, valid_from: from, valid_until: until }) =>
      outlet_id !== null && holdsOn({ from, until }, last) ? [[account_id, outlet_id] as const] : [],
    ),
  )
}
