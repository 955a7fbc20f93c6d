import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { RosterVersionId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { Trx } from '../platform/database.ts'

const openOn = (asOf: CivilDate) => sql`
  a.opened_on <= ${asOf}::date and not exists (select from account_closures c where c.account_id = a.id and c.closed_on <= ${asOf}::date)`
const heldOn = (asOf: CivilDate) =>
  sql`valid_from <= ${asOf}::date and (valid_until is null or valid_until > ${asOf}::date)`

/**
 * Copies all accounts open on a day, own-source ones included, into the entries of a version: one statement for any
 * number of them. Answers how many entries there are and their digest, SHA-256 over the entries in order of collector and
 * account number, each by its own SHA-256, computed where they lie.
 */
export async function insertEntries(
  trx: Trx,
  versionId: RosterVersionId,
  asOf: CivilDate,
): Promise<{ accountCount: number; digest: string }> {
  await sql`
    insert into roster_entries (version_id, collector_id, account_no, account_id, discharger_id, discharger_name, payer_group,
      category_code, supply)
    select ${versionId}::bigint, a.collector_id, a.account_no, a.id, h.discharger_id, d.name, k.payer_group, k.category_code, a.supply
    from accounts a
    join (select account_id, discharger_id from account_holders where ${heldOn(asOf)}) h on h.account_id = a.id
    join dischargers d on d.id = h.discharger_id
    join (select account_id, payer_group, category_code from account_categories where ${heldOn(asOf)}) k on k.account_id = a.id
    where ${openOn(asOf)}
    order by a.collector_id, a.account_no`.execute(trx)
  // The census reads the entries by pages at once, before the planner would have counted them by itself.
  await sql`analyze roster_entries`.execute(trx)
  const { rows } = await sql<{ account_count: number; digest: string }>`
    select count(*)::int as account_count, encode(sha256(coalesce(string_agg(sha256(convert_to(concat_ws(E'\\x1f',
      collector_id, account_no, account_id, discharger_id, discharger_name, payer_group, category_code, supply), 'UTF8')), ''
      order by collector_id, account_no), '')), 'hex') as digest
    from roster_entries where version_id = ${versionId}::bigint`.execute(trx)
  const counted = present(rows[0], 'an aggregate has one row')
  return { accountCount: counted.account_count, digest: counted.digest }
}

/** Accounts open on a day that lack a holder or a category then: they would be missing from the roster. */
export async function accountsWithoutTerms(
  trx: Trx,
  asOf: CivilDate,
): Promise<{ readonly count: number; readonly accountNo: string | null }> {
  const { rows } = await sql<{ count: number; accountNo: string | null }>`
    select count(*)::int as count, min(a.account_no) as "accountNo" from accounts a
    where ${openOn(asOf)}
      and (not exists (select from account_holders h where h.account_id = a.id and ${heldOn(asOf)})
        or not exists (select from account_categories k where k.account_id = a.id and ${heldOn(asOf)}))`.execute(trx)
  return present(rows[0], 'an aggregate has one row')
}

/** Whether any account was open on that day. */
export async function anyAccountOpen(trx: Trx, asOf: CivilDate): Promise<boolean> {
  const { rows } = await sql<{
    any: boolean
  }>`select exists (select from accounts a where ${openOn(asOf)}) as any`.execute(trx)
  return rows[0]?.any ?? false
}
