import { sql } from 'kysely'
import type { CivilDate, Validity } from '../kernel/calendar.ts'
import type { CollectorId, DischargerId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { dischargerOf } from './account.queries.ts'
import type { GroupAndCategory } from './account.rules.ts'
import type { ConnectionAgreement, Discharger } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'
import { listPayerGroups, listPriceCategories } from './price-category.queries.ts'

export type NewDischarger = Omit<Discharger, 'dischargerId'>

export async function insertDischargers(
  trx: Trx,
  commandId: string,
  dischargers: readonly NewDischarger[],
): Promise<void> {
  if (dischargers.length === 0) return
  const column = <K extends keyof NewDischarger>(name: K): NewDischarger[K][] => dischargers.map((each) => each[name])
  await sql`
    insert into dischargers (code, name, kind, credit_code, product_is_mainly_water, address, phone, command_id)
    select *, ${commandId} from unnest(
      ${column('code')}::text[], ${column('name')}::text[], ${column('kind')}::text[], ${column('creditCode')}::text[],
      ${column('productIsMainlyWater')}::boolean[], ${column('address')}::text[], ${column('phone')}::text[])`.execute(
    trx,
  )
}

export interface StoredDischarger extends Discharger {
  readonly commandId: string
}

/** Dischargers by their codes. */
export async function dischargersByCode(
  db: Db | Trx,
  codes: readonly string[],
): Promise<Map<string, StoredDischarger>> {
  const found = new Map<string, StoredDischarger>()
  if (codes.length === 0) return found
  const { rows } = await sql<Parameters<typeof dischargerOf>[0] & { command_id: string }>`
    select * from dischargers where code = any(${codes}::text[])`.execute(db)
  for (const row of rows) found.set(row.code, { ...dischargerOf(row), commandId: row.command_id })
  return found
}

/** Credit code → discharger's code, for those that are taken. */
export async function takenCreditCodes(db: Db | Trx, creditCodes: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  if (creditCodes.length === 0) return found
  const { rows } = await sql<{ credit_code: string; code: string }>`
    select credit_code, code from dischargers where credit_code = any(${creditCodes}::text[])`.execute(db)
  for (const row of rows) found.set(row.credit_code, row.code)
  return found
}

export interface NewAgreement extends Omit<ConnectionAgreement, 'validity'> {
  readonly from: CivilDate
  readonly until: CivilDate | null
}

export async function insertAgreements(
  trx: Trx,
  commandId: string,
  agreements: readonly NewAgreement[],
): Promise<void> {
  if (agreements.length === 0) return
  const column = <K extends keyof NewAgreement>(name: K): NewAgreement[K][] => agreements.map((each) => each[name])
  await sql`
    insert into connection_agreements (discharger_id, agreement_no, signed_on, document, valid_from, valid_until, command_id)
    select *, ${commandId} from unnest(
      ${column('dischargerId')}::bigint[], ${column('agreementNo')}::text[], ${column('signedOn')}::date[],
      ${column('document')}::text[], ${column('from')}::date[], ${column('until')}::date[])`.execute(trx)
}

export interface StoredAgreement extends ConnectionAgreement {
  readonly id: string
  readonly commandId: string
}

/** Agreements by their numbers, or all of some dischargers. */
export async function findAgreements(
  db: Db | Trx,
  of: { readonly agreementNos: readonly string[] } | { readonly dischargerIds: readonly DischargerId[] },
): Promise<StoredAgreement[]> {
  const where =
    'agreementNos' in of
      ? sql`agreement_no = any(${of.agreementNos}::text[])`
      : sql`discharger_id = any(${of.dischargerIds}::bigint[])`
  const { rows } = await sql<{
    id: string
    agreement_no: string
    discharger_id: DischargerId
    signed_on: CivilDate
    document: string
    valid_from: CivilDate
    valid_until: CivilDate | null
    command_id: string
  }>`select * from connection_agreements where ${where} order by valid_from, id`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    agreementNo: row.agreement_no,
    dischargerId: row.discharger_id,
    signedOn: row.signed_on,
    document: row.document,
    validity: { from: row.valid_from, until: row.valid_until },
    commandId: row.command_id,
  }))
}

/** The validities of the agreements of each discharger. */
export async function agreementValidities(
  db: Db | Trx,
  dischargerIds: readonly DischargerId[],
): Promise<Map<DischargerId, Validity[]>> {
  const found = new Map<DischargerId, Validity[]>()
  if (dischargerIds.length === 0) return found
  for (const { dischargerId, validity } of await findAgreements(db, { dischargerIds })) {
    const known = found.get(dischargerId)
    if (known === undefined) found.set(dischargerId, [validity])
    else known.push(validity)
  }
  return found
}

/** Where the sewage leaves the premises (art. 7). */
export interface NewOutlet {
  readonly dischargerId: DischargerId
  readonly outletNo: string
  readonly place: string
  readonly hasSamplingWell: boolean
  readonly hasOnlineMeter: boolean
  /** Why there is more than the one outlet of art. 7; empty for the first. */
  readonly exceptionReason: string
  readonly from: CivilDate
  readonly until: CivilDate | null
}

export async function insertOutlets(trx: Trx, commandId: string, outlets: readonly NewOutlet[]): Promise<void> {
  if (outlets.length === 0) return
  const column = <K extends keyof NewOutlet>(name: K): NewOutlet[K][] => outlets.map((each) => each[name])
  await sql`
    insert into outlets (discharger_id, outlet_no, place, has_sampling_well, has_online_meter, exception_reason, valid_from,
      valid_until, command_id)
    select *, ${commandId} from unnest(
      ${column('dischargerId')}::bigint[], ${column('outletNo')}::text[], ${column('place')}::text[],
      ${column('hasSamplingWell')}::boolean[], ${column('hasOnlineMeter')}::boolean[], ${column('exceptionReason')}::text[],
      ${column('from')}::date[], ${column('until')}::date[])`.execute(trx)
}

export interface StoredOutlet extends Omit<NewOutlet, 'from' | 'until'> {
  readonly id: string
  readonly validity: Validity
  readonly commandId: string
}

/** All outlets there ever were of these dischargers. */
export async function outletsOf(db: Db | Trx, dischargerIds: readonly DischargerId[]): Promise<StoredOutlet[]> {
  if (dischargerIds.length === 0) return []
  const rows = await tables(db)
    .selectFrom('outlets')
    .selectAll()
    .where(sql<boolean>`discharger_id = any(${dischargerIds}::bigint[])`)
    .orderBy('valid_from')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    dischargerId: row.discharger_id,
    outletNo: row.outlet_no,
    place: row.place,
    hasSamplingWell: row.has_sampling_well,
    hasOnlineMeter: row.has_online_meter,
    exceptionReason: row.exception_reason,
    validity: { from: row.valid_from, until: row.valid_until },
    commandId: row.command_id,
  }))
}

/** Locks a discharger's row, so that agreements and outlets of one discharger are judged one after the other. */
export async function lockDischarger(trx: Trx, dischargerId: DischargerId): Promise<void> {
  await sql`select id from dischargers where id = ${dischargerId}::bigint for no key update`.execute(trx)
}

/** The same for the contracts of a collector. */
export async function lockCollector(trx: Trx, collectorId: CollectorId): Promise<void> {
  await sql`select id from collectors where id = ${collectorId}::bigint for no key update`.execute(trx)
}

/** A payer group and a price category, each by its code or its Chinese name. Refuses an unknown one by name. */
export async function findGroupAndCategory(
  db: Db | Trx,
  groupText: string,
  categoryText: string,
): Promise<GroupAndCategory | Refusal> {
  const group = (await listPayerGroups(db)).find(({ code, nameZh }) => code === groupText || nameZh === groupText)
  if (group === undefined) return refuse('group_unknown', { value: groupText })
  const categories = await listPriceCategories(db)
  const category = categories.find(({ code, nameZh }) => code === categoryText || nameZh === categoryText)
  if (category === undefined) return refuse('category_unknown', { value: categoryText })
  return {
    payerGroup: group.code,
    payerGroupName: group.nameZh,
    needsAgreement: group.needsAgreement,
    categoryCode: category.code,
    categoryName: category.nameZh,
  }
}
