import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, CollectorId, DischargerId, OrganisationId } from '../kernel/ids.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import { behind } from '../platform/page.ts'
import { dischargerOf } from './account.queries.ts'
import type { Supply } from './account.ts'
import { findAgreements, outletsOf, type StoredAgreement, type StoredOutlet } from './discharger.store.ts'
import type { Collector, CollectorContract, CombinedOrder, Discharger } from './discharger.ts'
import { tables } from './dischargers.tables.ts'

/**
 * Dischargers whose code, name or credit code contains the text (all of them for an empty one), in order of code; with
 * `after`, those behind that code.
 */
export async function searchDischargers(
  db: Db | Trx,
  text: string,
  limit: number,
  after?: string,
): Promise<Discharger[]> {
  const { rows } = await sql<Parameters<typeof dischargerOf>[0]>`
    select * from dischargers
    where ${behind(['code'], after === undefined ? undefined : [after])}
      and (strpos(name, ${text}) > 0 or strpos(code, ${text}) > 0 or strpos(coalesce(credit_code, ''), upper(${text})) > 0)
    order by code limit ${limit}`.execute(db)
  return rows.map(dischargerOf)
}

export interface AccountLine {
  readonly collectorId: CollectorId
  readonly accountId: AccountId
  readonly accountNo: string
  readonly collectorCode: string
  readonly dischargerCode: string
  readonly dischargerName: string
  readonly payerGroupName: string
  readonly categoryName: string
  readonly supply: Supply
  readonly openedOn: CivilDate
  readonly closedOn: CivilDate | null
}

/** Accounts whose number or whose last holder's name contains the text, in order of collector and number. */
export async function searchAccounts(
  db: Db | Trx,
  filter: {
    readonly text: string
    readonly collectorCode?: string
    readonly dischargerId?: DischargerId
    readonly limit: number
    /** Of the names of groups and categories. */
    readonly language?: 'zh' | 'en'
    /** Only those behind this collector and number. */
    readonly after?: readonly [collectorId: string, accountNo: string]
  },
): Promise<AccountLine[]> {
  const { text, limit, language = 'zh' } = filter
  const collector = filter.collectorCode === undefined ? sql`true` : sql`k.code = ${filter.collectorCode}`
  const discharger =
    filter.dischargerId === undefined
      ? sql`true`
      : sql`a.id in (select account_id from account_holders where discharger_id = ${filter.dischargerId}::bigint)`
  const { rows } = await sql<AccountLine>`
    select a.id as "accountId", a.collector_id as "collectorId", a.account_no as "accountNo", k.code as "collectorCode", d.code as "dischargerCode",
      d.name as "dischargerName", ${sql.ref(`g.name_${language}`)} as "payerGroupName", ${sql.ref(`p.name_${language}`)} as "categoryName", a.supply,
      a.opened_on as "openedOn", c.closed_on as "closedOn"
    from accounts a join collectors k on k.id = a.collector_id
    join lateral (select discharger_id from account_holders h where h.account_id = a.id
      order by h.valid_from desc, h.id desc limit 1) h on true
    join dischargers d on d.id = h.discharger_id
    join lateral (select payer_group, category_code from account_categories t where t.account_id = a.id
      order by t.valid_from desc, t.id desc limit 1) t on true
    join payer_groups g on g.code = t.payer_group join price_categories p on p.code = t.category_code
    left join account_closures c on c.account_id = a.id
    where ${behind(['a.collector_id', 'a.account_no'], filter.after)}
      and ${collector} and ${discharger} and (strpos(a.account_no, ${text}) > 0 or strpos(d.name, ${text}) > 0)
    order by a.collector_id, a.account_no limit ${limit}`.execute(db)
  return rows
}

export interface CollectorWithContracts extends Collector {
  readonly contracts: readonly CollectorContract[]
}

/** The code of the collector whose staff an organisation's people are; `undefined` for everybody else. */
export async function ownCollector(db: Db | Trx, organisationId: OrganisationId): Promise<string | undefined> {
  return (await listCollectors(db)).find((collector) => collector.organisationId === organisationId)?.code
}

/** Every collector with its contracts. */
export async function listCollectors(db: Db | Trx): Promise<CollectorWithContracts[]> {
  const collectors = await tables(db).selectFrom('collectors').selectAll().orderBy('code').execute()
  const contracts = await tables(db).selectFrom('collector_contracts').selectAll().orderBy('valid_from').execute()
  return collectors.map((collector) => ({
    collectorId: collector.id,
    code: collector.code,
    name: collector.name,
    creditCode: collector.credit_code,
    organisationId: collector.organisation_id,
    contracts: contracts
      .filter((contract) => contract.collector_id === collector.id)
      .map((contract) => ({
        contractNo: contract.contract_no,
        collectorId: contract.collector_id,
        document: contract.document,
        remittancePeriod: contract.remittance_period,
        feeRate: contract.fee_rate,
        feeBase: contract.fee_base,
        feeCapAmount: contract.fee_cap_amount,
        combinedOrder: contract.combined_order,
        validity: { from: contract.valid_from, until: contract.valid_until },
      })),
  }))
}

/** The contracts of a collector that state an order for combined amounts, by their days. */
export async function combinedOrders(db: Db | Trx, collectorId: CollectorId): Promise<CombinedOrder[]> {
  const rows = await tables(db)
    .selectFrom('collector_contracts')
    .select(['id', 'contract_no', 'combined_order', 'valid_from', 'valid_until'])
    .where('collector_id', '=', collectorId)
    .orderBy('valid_from')
    .execute()
  return rows.flatMap((row) =>
    row.combined_order === null
      ? []
      : [
          {
            contractId: row.id,
            contractNo: row.contract_no,
            order: row.combined_order,
            validity: { from: row.valid_from, until: row.valid_until },
          },
        ],
  )
}

/** A discharger's agreements and outlets, all there ever were, in order of their days. */
export async function paperOf(
  db: Db | Trx,
  dischargerId: DischargerId,
): Promise<{ readonly agreements: readonly StoredAgreement[]; readonly outlets: readonly StoredOutlet[] }> {
  const agreements = await findAgreements(db, { dischargerIds: [dischargerId] })
  return { agreements, outlets: await outletsOf(db, [dischargerId]) }
}

export const lifeEventKinds = [
  'opened',
  'held',
  'category',
  'suspended',
  'resumed',
  'meter_installed',
  'meter_removed',
  'shared',
  'closed',
] as const
export type LifeEventKind = (typeof lifeEventKinds)[number]

/** One thing that happened to an account. */
export interface LifeEvent {
  readonly on: CivilDate
  readonly kind: LifeEventKind
  /** Holder, category or meter. */
  readonly subject: string
  readonly detail: string
  /** What the dial of the meter showed, m³; null where it is no matter of a meter. */
  readonly reading: string | null
  /** Who recorded it, and when; an end is recorded in its fact and has neither here. */
  readonly recordedBy: string | null
  readonly recordedAt: Date | null
}

/** What belongs to an event in words: the holder's code, what the dial showed, the reason. */
export function lifeDetail({ kind, detail, reading }: LifeEvent, language: 'zh' | 'en'): string {
  const zh = language === 'zh'
  if (kind === 'held') return zh ? `排污者编号 ${detail}` : `discharger ${detail}`
  const dial = reading === null ? '' : `${zh ? '读数' : 'reading'} ${volumeForPeople(volume(reading))} m³`
  return [dial, detail].filter((part) => part !== '').join(zh ? '，' : ', ')
}

/**
 * The life of an account as a timeline, in order of the days on which things took effect; names of groups and categories
 * in a language.
 */
export async function accountTimeline(
  db: Db | Trx,
  accountId: AccountId,
  language: 'zh' | 'en' = 'zh',
): Promise<LifeEvent[]> {
  const id = sql`${accountId}::bigint`
  const { rows } = await sql<LifeEvent>`
    with events(on_day, rank, kind, subject, detail, command_id, reading) as (
      select opened_on, 0, 'opened', account_no, address, command_id, null::numeric from accounts where id = ${id}
      union all
      select h.valid_from, 1, 'held', d.name, d.code, h.command_id, null
        from account_holders h join dischargers d on d.id = h.discharger_id
        where h.account_id = ${id} and (h.valid_until is null or h.valid_until > h.valid_from)
      union all
      select c.valid_from, 2, 'category', ${sql.ref(`g.name_${language}`)} || ' / ' || ${sql.ref(`p.name_${language}`)}, c.evidence, c.command_id, null
        from account_categories c join payer_groups g on g.code = c.payer_group join price_categories p on p.code = c.category_code
        where c.account_id = ${id} and (c.valid_until is null or c.valid_until > c.valid_from)
      union all
      select valid_from, 5, 'suspended', '', reason, command_id, null from account_suspensions
        where account_id = ${id} and (valid_until is null or valid_until > valid_from)
      union all
      select valid_until, 4, 'resumed', '', '', null, null from account_suspensions s
        where account_id = ${id} and valid_until > valid_from
          and not exists (select from account_closures c where c.account_id = ${id} and c.closed_on = s.valid_until)
      union all
      select i.valid_until, 6, 'meter_removed', m.meter_no, r.reason, r.command_id, trim_scale(r.final_reading)
        from installations i join meters m on m.id = i.meter_id join installation_removals r on r.installation_id = i.id
        where i.account_id = ${id}
      union all
      select i.valid_from, 7, 'meter_installed', m.meter_no, '', i.command_id, trim_scale(i.initial_reading)
        from installations i join meters m on m.id = i.meter_id where i.account_id = ${id}
      union all
      select s.valid_from, 8, 'shared', m.meter_no, trim_scale(s.share_ratio * 100) || '%  ' || s.agreement, s.command_id, null
        from installation_shares s join installations i on i.id = s.installation_id join meters m on m.id = i.meter_id
        where s.account_id = ${id} and (s.valid_until is null or s.valid_until > s.valid_from)
      union all
      select closed_on, 9, 'closed', '', reason, command_id, null from account_closures where account_id = ${id}
    )
    select e.on_day as "on", e.kind, e.subject, e.detail, e.reading::text as reading, s.name as "recordedBy", c.recorded_at as "recordedAt"
    from events e left join commands c on c.command_id = e.command_id left join staff s on s.id = c.actor_id
    order by e.on_day, e.rank, e.subject`.execute(db)
  return rows
}
