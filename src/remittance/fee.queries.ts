import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { CollectorId, FeeClaimId, RemittanceId } from '../kernel/ids.ts'
import { addMoney, type Money, money, negateMoney } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type FeeLine, type FeeTerms, feeLines, feeOf } from './fee.rules.ts'
import { documentNumber, parseDocumentNumber } from './numbers.ts'
import type { Period } from './period.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import type { StatementAmounts } from './statement.ts'

/** Whether what a command wrote was known then; its id is a column. */
type Known = (commandId: string) => RawBuilder<unknown>
const knownNow: Known = () => sql`true`
/** As far as events before this one of the chain said. */
export const knownBefore =
  (seq: string): Known =>
  (commandId) =>
    sql`exists (select from audit_events e where e.command_id = ${sql.ref(commandId)} and e.seq < ${seq}::bigint)`

/** Signed statements: only what was signed earns a fee. The condition is about `s`. */
const signed = (known: Known) => sql`exists (
  select from remittance_outcomes o where o.statement_id = s.id and o.outcome = 'approved' and ${known('o.command_id')})`
/** Receipts that were taken back are none. The condition is about `v`. */
const standsStill = (known: Known) => sql`not exists (
  select from remittance_receipt_reversals b where b.voucher_id = v.id and ${known('b.command_id')})`

/**
 * What each base is made of, by the day it counts: what was collected, on its day; what was remitted or confirmed, on the
 * last day of its statement's period, whose contract it is earned under, whenever the money moves.
 */
const bases: Record<FeeTerms['base'], (collectorId: CollectorId, known: Known) => RawBuilder<unknown>> = {
  collected: (collectorId, known) => sql`
    select l.event_on as on_day, l.amount from remittance_lines l join remittance_statements s on s.id = l.statement_id
    where s.collector_id = ${collectorId}::bigint and l.kind in ('payment', 'reversal', 'refund') and ${signed(known)}`,
  remitted: (collectorId, known) => sql`
    select s.period_until - 1, v.amount from remittance_vouchers v join remittance_statements s on s.id = v.statement_id
    where s.collector_id = ${collectorId}::bigint and ${known('v.command_id')} and ${signed(known)} and ${standsStill(known)}
      and not exists (select from remittance_voucher_outcomes r
        where r.voucher_id = v.id and r.outcome = 'rejected' and ${known('r.command_id')})`,
  confirmed: (collectorId, known) => sql`
    select s.period_until - 1, r.amount from remittance_voucher_outcomes r join remittance_vouchers v on v.id = r.voucher_id
      join remittance_statements s on s.id = v.statement_id
    where s.collector_id = ${collectorId}::bigint and r.outcome = 'confirmed' and ${known('r.command_id')} and ${signed(known)}
      and ${standsStill(known)}`,
}

/** The base of a contract by day, as the facts stand or as they stood before an event. */
export async function feeBaseByDay(
  db: Db | Trx,
  contract: {
    readonly collectorId: CollectorId
    readonly base: FeeTerms['base']
    readonly from: CivilDate
    readonly until: CivilDate | null
  },
  known: Known = knownNow,
): Promise<{ readonly on: CivilDate; readonly amount: Money }[]> {
  const { rows } = await sql<{ on_day: CivilDate; amount: string }>`
    select on_day, sum(amount)::text as amount from (${bases[contract.base](contract.collectorId, known)}) b (on_day, amount)
    where on_day >= ${contract.from}::date and (${contract.until}::date is null or on_day < ${contract.until}::date)
    group by on_day order by on_day`.execute(db)
  return rows.map((row) => ({ on: row.on_day, amount: money(row.amount) }))
}

/** Whether a contract that states a fee was in force on any day of a period. */
export async function hasFeeContract(
  db: Db | Trx,
  collectorId: CollectorId,
  period: Pick<Period, 'from' | 'until'>,
): Promise<boolean> {
  const { rows } = await sql`
    select from collector_contracts where collector_id = ${collectorId}::bigint and fee_rate is not null
      and valid_from < ${period.until}::date and (valid_until is null or valid_until > ${period.from}::date) limit 1`.execute(
    db,
  )
  return rows.length > 0
}

/** What a collector may claim now under its contracts, a line per contract year that changed. */
export async function claimableFee(db: Db | Trx, collectorId: CollectorId): Promise<FeeLine[]> {
  const { rows: contracts } = await sql<{
    id: string
    contract_no: string
    document: string
    valid_from: CivilDate
    valid_until: CivilDate | null
    fee_rate: string
    fee_base: FeeTerms['base']
    fee_cap_amount: string | null
  }>`
    select id, contract_no, document, valid_from, valid_until, fee_rate::text, fee_base, fee_cap_amount from collector_contracts
    where collector_id = ${collectorId}::bigint and fee_rate is not null order by valid_from`.execute(db)
  const found = []
  for (const contract of contracts) {
    const days = await feeBaseByDay(db, {
      collectorId,
      base: contract.fee_base,
      from: contract.valid_from,
      until: contract.valid_until,
    })
    const { rows: claimed } = await sql<{ contract_year: number; amount: string }>`
      select contract_year, sum(amount)::text as amount from collection_fee_lines
      where contract_id = ${contract.id}::bigint group by contract_year`.execute(db)
    found.push({
      terms: {
        contractId: contract.id,
        contractNo: contract.contract_no,
        document: contract.document,
        from: contract.valid_from,
        rate: contract.fee_rate,
        base: contract.fee_base,
        cap: contract.fee_cap_amount === null ? null : money(contract.fee_cap_amount),
      },
      days,
      claimed: new Map(claimed.map((year) => [year.contract_year, money(year.amount)])),
    })
  }
  return feeLines(found)
}

/**
 * What a collector may keep back as its fee (坐支): of each contract that touches the period, the rate of what the
 * statement took, or of what it asks for; and what is claimed, or may be, and was not paid yet, each by itself and in all.
 */
export async function possibleFees(
  db: Db | Trx,
  { collectorId, period }: { readonly collectorId: CollectorId; readonly period: Pick<Period, 'from' | 'until'> },
  { collected, total, reversed, refunded }: Pick<StatementAmounts, 'collected' | 'total' | 'reversed' | 'refunded'>,
): Promise<Money[]> {
  const { rows: contracts } = await sql<{ rate: string; cap: string | null }>`
    select fee_rate::text as rate, fee_cap_amount as cap from collector_contracts
    where collector_id = ${collectorId}::bigint and fee_rate is not null and valid_from < ${period.until}::date
      and (valid_until is null or valid_until > ${period.from}::date)`.execute(db)
  const net = addMoney([collected, negateMoney(reversed), negateMoney(refunded)])
  const byRate = contracts.flatMap(({ rate, cap }) =>
    [total, net, collected].map((base) => feeOf(base, { rate, cap: cap === null ? null : money(cap) })),
  )
  const { rows: unpaid } = await sql<{ amount: string }>`
    select f.amount from collection_fee_claims f join remittance_statements s on s.id = f.statement_id
    where s.collector_id = ${collectorId}::bigint
      and not exists (select from collection_fee_payments p where p.claim_id = f.id)`.execute(db)
  const owed = unpaid.map((claim) => money(claim.amount))
  const claimable = addMoney((await claimableFee(db, collectorId)).map((line) => line.amount))
  const owedInAll = addMoney([...owed, claimable])
  return [
    ...byRate,
    ...owed,
    addMoney(owed),
    claimable,
    owedInAll,
    // The fee of this period together with what is owed of earlier ones.
    ...byRate.map((fee) => addMoney([fee, owedInAll])),
  ]
}

/** A claim of collection fee that was approved, with its payment. */
export interface FeeClaim {
  readonly claimId: FeeClaimId
  readonly number: string
  readonly statement: string
  readonly collectorCode: string
  readonly collectorName: string
  readonly amount: Money
  readonly claimedBy: string
  readonly claimedByName: string
  readonly claimedOn: CivilDate
  readonly approvedBy: string
  readonly approvedByName: string
  readonly approvedOn: CivilDate
  readonly paidOn: CivilDate | null
  readonly paidBy: string | null
  readonly paidByName: string | null
  readonly paymentReference: string | null
  readonly lines: readonly FeeClaimLine[]
}
export interface FeeClaimLine {
  readonly contractNo: string
  readonly document: string
  readonly contractYear: number
  readonly rate: string
  readonly base: FeeTerms['base']
  readonly baseAmount: Money
  readonly cap: Money | null
  readonly feeAmount: Money
  readonly claimedBefore: Money
  readonly amount: Money
}

export interface FeeClaimFilter {
  readonly claimId?: FeeClaimId | undefined
  readonly statementId?: RemittanceId | undefined
  readonly collectorCode?: string | undefined
  readonly unpaid?: boolean
  /** Those behind this one. */
  readonly after?: FeeClaimId | undefined
  readonly limit: number
}

/** Approved claims newest first, with their lines. */
export async function listFeeClaims(db: Db | Trx, filter: FeeClaimFilter): Promise<FeeClaim[]> {
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (filter.claimId !== undefined) conditions.push(sql`f.id = ${filter.claimId}::bigint`)
  if (filter.statementId !== undefined) conditions.push(sql`f.statement_id = ${filter.statementId}::bigint`)
  if (filter.collectorCode !== undefined) conditions.push(sql`c.code = ${filter.collectorCode}`)
  if (filter.unpaid) conditions.push(sql`p.claim_id is null`)
  if (filter.after !== undefined) conditions.push(sql`f.id < ${filter.after}::bigint`)
  const { rows } = await sql<{
    id: FeeClaimId
    number_year: number
    number: number
    statement_year: number
    statement_number: number
    code: string
    name: string
    amount: string
    claimed_by: string
    claimer: string
    claimed_on: CivilDate
    approved_by: string
    approver: string
    approved_on: CivilDate
    paid_on: CivilDate | null
    paid_by: string | null
    payer: string | null
    reference: string | null
  }>`
    select f.id, f.number_year, f.number, s.number_year as statement_year, s.number as statement_number, c.code, c.name, f.amount,
      f.claimed_by, maker.name as claimer, asked.acting_on as claimed_on, f.approved_by, approver.name as approver, f.approved_on, p.paid_on, p.paid_by,
      payer.name as payer, p.reference
    from collection_fee_claims f join remittance_statements s on s.id = f.statement_id join collectors c on c.id = s.collector_id
      join proposals p0 on p0.id = f.proposal_id join commands asked on asked.command_id = p0.command_id
      join staff maker on maker.id = f.claimed_by join staff approver on approver.id = f.approved_by
      left join collection_fee_payments p on p.claim_id = f.id left join staff payer on payer.id = p.paid_by
    where ${sql.join(conditions, sql` and `)} order by f.id desc limit ${filter.limit}`.execute(db)
  const lines = await linesOfClaims(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    claimId: row.id,
    number: documentNumber('fee', row.number_year, row.number),
    statement: documentNumber('statement', row.statement_year, row.statement_number),
    collectorCode: row.code,
    collectorName: row.name,
    amount: money(row.amount),
    claimedBy: row.claimed_by,
    claimedByName: row.claimer,
    claimedOn: row.claimed_on,
    approvedBy: row.approved_by,
    approvedByName: row.approver,
    approvedOn: row.approved_on,
    paidOn: row.paid_on,
    paidBy: row.paid_by,
    paidByName: row.payer,
    paymentReference: row.reference,
    lines: lines.get(row.id) ?? [],
  }))
}

async function linesOfClaims(db: Db | Trx, claimIds: readonly FeeClaimId[]): Promise<Map<FeeClaimId, FeeClaimLine[]>> {
  const { rows } = await sql<{
    claim_id: FeeClaimId
    contract_no: string
    document: string
    contract_year: number
    fee_rate: string
    fee_base: FeeTerms['base']
    base_amount: string
    cap_amount: string | null
    fee_amount: string
    claimed_before_amount: string
    amount: string
  }>`
    select l.claim_id, k.contract_no, k.document, l.contract_year, l.fee_rate::text, k.fee_base, l.base_amount, l.cap_amount,
      l.fee_amount, l.claimed_before_amount, l.amount
    from collection_fee_lines l join collector_contracts k on k.id = l.contract_id
    where l.claim_id = any(${claimIds}::bigint[]) order by l.claim_id, k.valid_from, l.contract_year`.execute(db)
  const lines = new Map<FeeClaimId, FeeClaimLine[]>()
  for (const row of rows) {
    const line = {
      contractNo: row.contract_no,
      document: row.document,
      contractYear: row.contract_year,
      rate: row.fee_rate,
      base: row.fee_base,
      baseAmount: money(row.base_amount),
      cap: row.cap_amount === null ? null : money(row.cap_amount),
      feeAmount: money(row.fee_amount),
      claimedBefore: money(row.claimed_before_amount),
      amount: money(row.amount),
    }
    lines.set(row.claim_id, [...(lines.get(row.claim_id) ?? []), line])
  }
  return lines
}

/** One claim by its number, `F2026-0001`. Refuses an unknown one. */
export async function findFeeClaim(db: Db | Trx, number: string): Promise<FeeClaim | Refusal> {
  const parsed = parseDocumentNumber('fee', number)
  const unknown = refuseRemittance('fee_claim_unknown', { claim: number })
  if (parsed === undefined) return unknown
  const { rows } = await sql<{ id: FeeClaimId }>`
    select id from collection_fee_claims where number_year = ${parsed.year} and number = ${parsed.number}`.execute(db)
  const [row] = rows
  if (row === undefined) return unknown
  const [claim] = await listFeeClaims(db, { claimId: row.id, limit: 1 })
  return claim ?? unknown
}
