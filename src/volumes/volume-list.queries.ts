import { type RawBuilder, sql } from 'kysely'
import { type CivilDate, type FeeMonth, firstDay } from '../kernel/calendar.ts'
import type { VolumeBasisKind } from './volume-basis.ts'

/** One row of the list of volume bases. */
export interface BasisListRow {
  readonly id: string
  readonly account_no: string
  readonly collector_code: string
  readonly holder: string | null
  readonly basis: VolumeBasisKind
  readonly rated_flow_m3_per_hour: string | null
  readonly quota_m3_per_month: string | null
  readonly determination_no: string | null
  readonly posted_from: CivilDate | null
  readonly posted_until: CivilDate | null
  readonly evidence: string
  readonly clause: string
  readonly valid_from: CivilDate
  readonly valid_until: CivilDate | null
  readonly proposal_id: string
}

/** The volume bases that fit, without order and limit. */
export function basisRows(filter: {
  readonly account?: string
  readonly basis?: VolumeBasisKind
  readonly on?: CivilDate
  readonly id?: string
}): RawBuilder<BasisListRow> {
  const conditions = [sql`true`]
  if (filter.account !== undefined) conditions.push(sql`a.account_no = ${filter.account}`)
  if (filter.basis !== undefined) conditions.push(sql`v.basis = ${filter.basis}`)
  if (filter.id !== undefined) conditions.push(sql`v.id = ${filter.id}::bigint`)
  if (filter.on !== undefined) {
    conditions.push(
      sql`v.valid_from <= ${filter.on}::date and (v.valid_until is null or v.valid_until > ${filter.on}::date)`,
    )
  }
  return sql<BasisListRow>`
    select v.id, a.account_no, k.code as collector_code, v.basis, v.rated_flow_m3_per_hour, v.quota_m3_per_month,
      v.determination_no, coalesce(v.rated_flow_m3_per_hour, v.quota_m3_per_month) as quantity, v.posted_from, v.posted_until, v.evidence, v.clause, v.valid_from, v.valid_until, v.proposal_id,
      (select d.name from account_holders h join dischargers d on d.id = h.discharger_id
        where h.account_id = a.id order by h.valid_from desc, h.id desc limit 1) as holder
    from volume_bases v join accounts a on a.id = v.account_id join collectors k on k.id = a.collector_id
    where ${sql.join(conditions, sql` and `)}`
}

/** One row of the list of own-source users: what is known of a month. */
export interface OwnSourceRow {
  readonly account_id: string
  readonly account_no: string
  readonly collector_code: string
  readonly holder: string | null
  readonly declared_m3: string | null
  readonly rated_flow_m3_per_hour: string | null
  /** Of a proposal that nobody has decided. */
  readonly waiting: string | null
  readonly state: 'declared' | 'at_rated_flow' | 'waiting' | 'missing'
}

/** Where an own-source account stands in a month. */
export type OwnSourceState = OwnSourceRow['state']

interface OwnSourceFilter {
  readonly account?: string
  readonly state?: OwnSourceState
}

/** The own-source accounts open in a month, with what was declared or decided for it, without order and limit. */
export function ownSourceRows(month: FeeMonth, filter: OwnSourceFilter = {}): RawBuilder<OwnSourceRow> {
  const of = firstDay(month)
  const only = filter.account === undefined ? sql`true` : sql`a.account_no = ${filter.account}`
  const known = sql`
    select a.id as account_id, a.account_no, k.code as collector_code,
      (select d.name from account_holders h join dischargers d on d.id = h.discharger_id
        where h.account_id = a.id order by h.valid_from desc, h.id desc limit 1) as holder,
      (select o.volume_m3 from own_source_declarations o where o.account_id = a.id and o.fee_month = ${of}::date
        order by o.revision desc limit 1) as declared_m3,
      (select r.rated_flow_m3_per_hour from rated_flow_decisions r where r.account_id = a.id and r.fee_month = ${of}::date
        limit 1) as rated_flow_m3_per_hour,
      (select p.id::text from proposals p where p.kind in ('volumes.own-source-declaration', 'volumes.rated-flow')
        and p.subject = a.id || ' ' || ${month} and not exists (select from proposal_decisions d where d.proposal_id = p.id)
        order by p.id desc limit 1) as waiting
    from accounts a join collectors k on k.id = a.collector_id
    where a.supply = 'own_source' and a.opened_on < (${of}::date + interval '1 month') and ${only}
      and not exists (select from account_closures c where c.account_id = a.id and c.closed_on <= ${of}::date)`
  const all = sql`
    select *, case when declared_m3 is not null then 'declared' when rated_flow_m3_per_hour is not null then 'at_rated_flow'
      when waiting is not null then 'waiting' else 'missing' end as state from (${known}) as known`
  return sql<OwnSourceRow>`select * from (${all}) as stated where ${filter.state === undefined ? sql`true` : sql`state = ${filter.state}`}`
}
