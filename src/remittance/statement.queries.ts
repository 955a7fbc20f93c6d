import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { CollectorId, RemittanceId, VoucherId } from '../kernel/ids.ts'
import { addMoney, money, negateMoney, subtractMoney } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { standing } from './movements.queries.ts'
import { documentNumber, parseDocumentNumber } from './numbers.ts'
import { type Period, periodContaining, periodFrom } from './period.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import type { LineKind, Statement, StatementLine, StatementState, Voucher, VoucherState } from './statement.ts'

export const statementProposalKind = 'remittance.statement'

export interface StatementFilter {
  readonly collectorCode?: string | undefined
  readonly collectorId?: CollectorId | undefined
  readonly statementId?: RemittanceId | undefined
  readonly year?: number | undefined
  /** Without those that were returned. */
  readonly standing?: boolean
  /** Whose period begins before this day. */
  readonly before?: CivilDate | undefined
  /** Those behind this one. */
  readonly after?: RemittanceId | undefined
  readonly limit: number
}

/** Statements newest first, with what became of them. */
export async function listStatements(db: Db | Trx, filter: StatementFilter): Promise<Statement[]> {
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (filter.collectorCode !== undefined) conditions.push(sql`c.code = ${filter.collectorCode}`)
  if (filter.collectorId !== undefined) conditions.push(sql`s.collector_id = ${filter.collectorId}::bigint`)
  if (filter.statementId !== undefined) conditions.push(sql`s.id = ${filter.statementId}::bigint`)
  if (filter.year !== undefined) conditions.push(sql`extract(year from s.period_from) = ${filter.year}`)
  if (filter.before !== undefined) conditions.push(sql`s.period_from < ${filter.before}::date`)
  if (filter.standing) conditions.push(standing)
  if (filter.after !== undefined) conditions.push(sql`s.id < ${filter.after}::bigint`)
  const { rows } = await sql<{
    id: RemittanceId
    number_year: number
    number: number
    collector_id: CollectorId
    code: string
    name: string
    period_kind: Period['kind']
    period_from: CivilDate
    line_count: number
    collected_amount: string
    late_amount: string
    reversed_amount: string
    refunded_amount: string
    carried_amount: string
    total_amount: string
    declared_amount: string
    difference_reason: string | null
    drawn_on: CivilDate
    drawn_by: string
    drawer: string
    drawer_code: string
    reviewer: string | null
    reviewer_code: string | null
    reviewed_on: CivilDate | null
    decided_by: string | null
    decider: string | null
    decided_on: CivilDate | null
    outcome: 'approved' | 'returned' | null
    reason: string | null
    proposal_id: string | null
    digest: string | null
    received: string
    awaiting: string
    carried_on: string
    payment_mark: string
  }>`
    select s.id, s.number_year, s.number, s.collector_id, c.code, c.name, s.period_kind, s.period_from, s.line_count,
      s.collected_amount, s.late_amount, s.reversed_amount, s.refunded_amount, s.carried_amount, s.total_amount,
      s.declared_amount, s.difference_reason, s.drawn_on, s.drawn_by, drawer.name as drawer, drawer.code as drawer_code,
      maker.name as reviewer, maker.code as reviewer_code, reviewed.acting_on as reviewed_on, o.decided_by, decider.name as decider, o.decided_on, o.outcome, o.reason, w.id as proposal_id, w.content_digest as digest,
      s.payment_mark::text,
      (select coalesce(sum(r.amount), 0.00)::text from remittance_vouchers v join remittance_voucher_outcomes r on r.voucher_id = v.id
        where v.statement_id = s.id and r.outcome = 'confirmed'
          and not exists (select from remittance_receipt_reversals b where b.voucher_id = v.id)) as received,
      (select coalesce(sum(v.amount), 0.00)::text from remittance_vouchers v
        where v.statement_id = s.id and not exists (select from remittance_voucher_outcomes r where r.voucher_id = v.id)) as awaiting,
      (select coalesce(sum(l.amount), 0.00)::text from remittance_lines l join remittance_statements later on later.id = l.statement_id
        where l.kind = 'carried' and l.source_id = s.id and not exists (
          select from remittance_outcomes x where x.statement_id = later.id and x.outcome = 'returned')) as carried_on
    from remittance_statements s join collectors c on c.id = s.collector_id join staff drawer on drawer.id = s.drawn_by
      left join remittance_outcomes o on o.statement_id = s.id left join staff decider on decider.id = o.decided_by
      left join lateral (select p.* from proposals p where p.kind = ${statementProposalKind}
        and p.subject = s.id::text order by p.id desc limit 1) w on true
      left join staff maker on maker.id = w.maker_id left join commands reviewed on reviewed.command_id = w.command_id
    where ${sql.join(conditions, sql` and `)} order by s.id desc limit ${filter.limit}`.execute(db)
  return rows.map((row) => {
    const total = money(row.total_amount)
    const received = money(row.received)
    const carriedOn = money(row.carried_on)
    const state: StatementState = row.outcome ?? (row.proposal_id === null ? 'drawn' : 'reviewed')
    return {
      statementId: row.id,
      number: documentNumber('statement', row.number_year, row.number),
      collectorId: row.collector_id,
      collectorCode: row.code,
      collectorName: row.name,
      period: periodFrom(row.period_kind, row.period_from),
      state,
      lineCount: row.line_count,
      collected: money(row.collected_amount),
      late: money(row.late_amount),
      reversed: money(row.reversed_amount),
      refunded: money(row.refunded_amount),
      carried: money(row.carried_amount),
      total,
      declared: money(row.declared_amount),
      differenceReason: row.difference_reason,
      drawnOn: row.drawn_on,
      drawnBy: row.drawn_by,
      drawnByCode: row.drawer_code,
      drawnByName: row.drawer,
      reviewedByName: row.reviewer,
      reviewedByCode: row.reviewer_code,
      reviewedOn: row.reviewed_on,
      decidedBy: row.decided_by,
      decidedByName: row.decider,
      decidedOn: row.decided_on,
      returnReason: row.outcome === 'returned' ? row.reason : null,
      proposalId: row.proposal_id,
      digest: row.digest,
      received,
      awaiting: money(row.awaiting),
      carriedOn,
      balance:
        state === 'returned' ? money('0.00') : addMoney([subtractMoney(total, received), negateMoney(carriedOn)]),
      paymentMark: row.payment_mark,
    }
  })
}

/** One statement by its number, `R2026-0001`. Refuses an unknown one. */
export async function findStatement(db: Db | Trx, number: string): Promise<Statement | Refusal> {
  const parsed = parseDocumentNumber('statement', number)
  const unknown = refuseRemittance('statement_unknown', { statement: number })
  if (parsed === undefined) return unknown
  const { rows } = await sql<{ id: RemittanceId }>`
    select id from remittance_statements where number_year = ${parsed.year} and number = ${parsed.number}`.execute(db)
  const [row] = rows
  if (row === undefined) return unknown
  const [statement] = await listStatements(db, { statementId: row.id, limit: 1 })
  return statement ?? unknown
}

/** The statement of a collector that was drawn last and stands. */
export async function lastStatement(db: Db | Trx, collectorId: CollectorId): Promise<Statement | undefined> {
  const [last] = await listStatements(db, { collectorId, standing: true, limit: 1 })
  return last
}

/** The lines of a statement by the day they happened: a page at a time (drill-down to each payment). */
export async function linesOfStatement(
  db: Db | Trx,
  statement: Pick<Statement, 'statementId' | 'period'>,
  page: {
    readonly after?: { readonly eventOn: CivilDate; readonly kind: string; readonly sourceId: string }
    readonly lateOnly?: boolean
    readonly limit: number
  },
): Promise<StatementLine[]> {
  const { after } = page
  const { rows } = await sql<{
    kind: LineKind
    source_id: string
    amount: string
    event_on: CivilDate
    recorded_on: CivilDate
    reference: string | null
    account_no: string | null
    payer: string | null
    carried_year: number | null
    carried_number: number | null
  }>`
    select l.kind, l.source_id::text, l.amount, l.event_on, l.recorded_on, p.reference, a.account_no, d.name as payer,
      f.number_year as carried_year, f.number as carried_number
    from remittance_lines l left join payments p on p.id = l.payment_id left join accounts a on a.id = p.account_id
      left join dischargers d on d.id = p.discharger_id
      left join remittance_statements f on l.kind = 'carried' and f.id = l.source_id
    where l.statement_id = ${statement.statementId}::bigint
      and ${after === undefined ? sql`true` : sql`(l.event_on, l.kind, l.source_id) > (${after.eventOn}::date, ${after.kind}, ${after.sourceId}::bigint)`}
      and ${page.lateOnly ? sql`l.event_on < ${statement.period.from}::date and l.kind <> 'carried'` : sql`true`}
    order by l.event_on, l.kind, l.source_id limit ${page.limit}`.execute(db)
  return rows.map((row) => ({
    kind: row.kind,
    sourceId: row.source_id,
    amount: money(row.amount),
    eventOn: row.event_on,
    recordedOn: row.recorded_on,
    ownPeriod:
      row.event_on < statement.period.from && row.kind !== 'carried'
        ? periodContaining(row.event_on, statement.period.kind).name
        : undefined,
    reference:
      row.carried_year === null || row.carried_number === null
        ? (row.reference ?? '')
        : documentNumber('statement', row.carried_year, row.carried_number),
    accountNo: row.account_no,
    payerName: row.payer,
  }))
}

export interface VoucherFilter {
  /** As the bank or the treasury numbered it. */
  readonly reference?: string | undefined
  readonly voucherId?: string | undefined
  readonly statementId?: RemittanceId | undefined
  readonly collectorCode?: string | undefined
  readonly state?: VoucherState | undefined
  /** Of statements that were not returned. */
  readonly standing?: boolean
  /** Those behind this one. */
  readonly after?: VoucherId | undefined
  readonly limit: number
}

/** Vouchers newest first, with what finance found. */
export async function listVouchers(db: Db | Trx, filter: VoucherFilter): Promise<Voucher[]> {
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (filter.voucherId !== undefined) conditions.push(sql`v.id = ${filter.voucherId}::bigint`)
  if (filter.statementId !== undefined) conditions.push(sql`v.statement_id = ${filter.statementId}::bigint`)
  if (filter.collectorCode !== undefined) conditions.push(sql`c.code = ${filter.collectorCode}`)
  if (filter.reference !== undefined) {
    conditions.push(sql`v.bank_reference = ${filter.reference}`)
  }
  if (filter.state !== undefined) conditions.push(sql`${voucherState} = ${filter.state}`)
  if (filter.standing) conditions.push(standing)
  if (filter.after !== undefined) conditions.push(sql`v.id < ${filter.after}::bigint`)
  const { rows } = await sql<{
    id: VoucherId
    statement_id: RemittanceId
    number_year: number
    number: number
    code: string
    amount: string
    paid_on: CivilDate
    bank_reference: string
    file_digest: string
    file_name: string
    difference_reason: string | null
    submitted_on: CivilDate
    submitted_by: string
    submitter: string
    submitter_code: string
    state: VoucherState
    received: string | null
    received_on: CivilDate | null
    treasury_reference: string | null
    decided_by: string | null
    decider: string | null
    decider_code: string | null
    reason: string | null
    reversed_on: CivilDate | null
    reversal_reason: string | null
  }>`
    select v.id, v.statement_id, s.number_year, s.number, c.code, v.amount, v.paid_on, v.bank_reference, v.file_digest,
      f.name as file_name, v.difference_reason, v.submitted_on, v.submitted_by, maker.name as submitter, maker.code as submitter_code,
      ${voucherState} as state, r.amount as received, r.received_on, r.treasury_reference, r.decided_by,
      decider.name as decider, decider.code as decider_code, r.reason, b.reversed_on, b.reason as reversal_reason
    from remittance_vouchers v join remittance_statements s on s.id = v.statement_id join collectors c on c.id = s.collector_id
      join stored_files f on f.digest = v.file_digest join staff maker on maker.id = v.submitted_by
      left join remittance_voucher_outcomes r on r.voucher_id = v.id left join staff decider on decider.id = r.decided_by
      left join remittance_receipt_reversals b on b.voucher_id = v.id
    where ${sql.join(conditions, sql` and `)} order by v.id desc limit ${filter.limit}`.execute(db)
  return rows.map((row) => ({
    voucherId: row.id,
    statement: documentNumber('statement', row.number_year, row.number),
    statementId: row.statement_id,
    collectorCode: row.code,
    amount: money(row.amount),
    paidOn: row.paid_on,
    bankReference: row.bank_reference,
    fileDigest: row.file_digest,
    fileName: row.file_name,
    differenceReason: row.difference_reason,
    submittedOn: row.submitted_on,
    submittedBy: row.submitted_by,
    submittedByName: row.submitter,
    submittedByCode: row.submitter_code,
    state: row.state,
    received: row.received === null ? null : money(row.received),
    receivedOn: row.received_on,
    treasuryReference: row.treasury_reference,
    decidedBy: row.decided_by,
    decidedByName: row.decider,
    decidedByCode: row.decider_code,
    reason: row.reason ?? '',
    reversedOn: row.reversed_on,
    reversalReason: row.reversal_reason,
  }))
}

const voucherState = sql`case when b.voucher_id is not null then 'reversed' else coalesce(r.outcome, 'submitted') end`
