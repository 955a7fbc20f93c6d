import { sql } from 'kysely'
import { listCollectors } from '../dischargers/discharger.queries.ts'
import { type CivilDate, civilDate, plusDays } from '../kernel/calendar.ts'
import type { CollectorId } from '../kernel/ids.ts'
import { addMoney, type Money, money, moneyText, subtractMoney } from '../kernel/money.ts'
import { tieOut } from '../payments/verify-payments.ts'
import { canonicalJson, type Services, sha256 } from '../platform/command.ts'
import type { Json } from '../platform/platform.tables.ts'
import { plainCell } from './cells.rules.ts'
import { feeBaseByDay, knownBefore } from './fee.queries.ts'
import { type FeeTerms, feeOf } from './fee.rules.ts'
import { heldAge, heldByDay } from './held.queries.ts'
import { movementsOf, standing } from './movements.queries.ts'
import { contractYearOf } from './period.ts'
import { listReconciliations, oneSidedUsers } from './reconciliation.queries.ts'
import { remittanceSubledgers } from './remittance-subledgers.ts'
import { lastStatement } from './statement.queries.ts'

export interface RemittanceFault {
  readonly what: 'line' | 'taken_twice' | 'left_out' | 'held' | 'fee' | 'reconciliation' | 'control_account'
  readonly subject: string
  readonly stored: string
  readonly derived: string
}

export interface RemittanceVerification {
  readonly statements: number
  readonly lines: number
  readonly reconciliations: number
  readonly controlAccounts: number
  readonly faults: readonly RemittanceFault[]
}

const faultsShown = 200

/**
 * Computes the fiscal chain again from the facts and compares: every line of a standing statement with its payment,
 * reversal or refund; none taken twice, none left out that a statement should have taken; what is held by days, by age and
 * in the books; the fees of each claim; the digest of each reconciliation; every control account. Reads only.
 */
export async function verifyRemittance({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<RemittanceVerification> {
  const faults: RemittanceFault[] = []
  const collectors = await listCollectors(db)
  let closing: Money = money('0.00')
  const today = clock.today()
  for (const { collectorId, code } of collectors) {
    const { rows } = await sql<{
      what: 'line' | 'taken_twice'
      subject: string
      stored: string
      derived: string | null
    }>`
      with lines as (
        select l.kind, l.source_id, l.amount, l.event_on, l.statement_id from remittance_lines l join remittance_statements s on s.id = l.statement_id
        where s.collector_id = ${collectorId}::bigint and l.kind <> 'carried' and ${standing})
      select 'line' as what, l.kind || ' ' || l.source_id as subject, l.amount || ' ' || l.event_on as stored, m.amount || ' ' || m.event_on as derived
      from lines l left join (${movementsOf(collectorId)}) m on m.kind = l.kind and m.source_id = l.source_id
      where m.amount is distinct from l.amount or m.event_on is distinct from l.event_on
      union all
      select 'taken_twice', kind || ' ' || source_id, string_agg(statement_id::text, ' '), '1' from lines group by kind, source_id having count(*) > 1
      limit ${faultsShown}`.execute(db)
    faults.push(...rows.map((row) => ({ ...row, derived: row.derived ?? '—' })))
    const last = await lastStatement(db, collectorId)
    if (last !== undefined) {
      const { rows: leftOut } = await sql<{ subject: string; amount: string }>`
        select m.kind || ' ' || m.source_id as subject, m.amount::text from (${movementsOf(collectorId)}) m
        where m.kind = 'payment' and m.event_on < ${last.period.until}::date and m.source_id <= ${last.paymentMark}::bigint and not exists (
          select from remittance_lines l join remittance_statements s on s.id = l.statement_id
          where l.kind = m.kind and l.source_id = m.source_id and ${standing}) limit ${faultsShown}`.execute(db)
      faults.push(
        ...leftOut.map(({ subject, amount }) => ({ what: 'left_out' as const, subject, stored: '—', derived: amount })),
      )
    }
    const ever = { from: civilDate('1990-01-01'), until: civilDate('2199-12-31') }
    const recorded = (await heldByDay(db, collectorId, ever, 'recorded')).closing
    const happened = (await heldByDay(db, collectorId, ever)).closing
    const aged = (await heldAge(db, collectorId, today)).held
    closing = addMoney([closing, recorded])
    if (!recorded.eq(happened)) faults.push(heldFault(code, recorded, happened))
    const upToNow = (await heldByDay(db, collectorId, { from: ever.from, until: plusDays(today, 1) })).closing
    if (!upToNow.eq(aged)) faults.push(heldFault(`${code} ${today}`, upToNow, aged))
  }
  const books = (await tieOut(db, [remittanceSubledgers])).filter(({ accountCode }) => accountCode === 'collector_held')
  const held = addMoney(books.map((tie) => tie.books))
  if (!held.eq(closing)) faults.push(heldFault('*', held, closing))
  faults.push(...(await feeFaults(db)), ...(await reconciliationFaults(db)))
  const ties = await tieOut(db, [remittanceSubledgers])
  for (const { accountCode, books: stored, subledger } of ties) {
    if (!stored.eq(subledger))
      faults.push({
        what: 'control_account',
        subject: accountCode,
        stored: moneyText(stored),
        derived: moneyText(subledger),
      })
  }
  const { rows: counts } = await sql<{ statements: number; lines: number; reconciliations: number }>`
    select (select count(*)::int from remittance_statements) as statements, (select count(*)::int from remittance_lines) as lines,
      (select count(*)::int from reconciliations) as reconciliations`.execute(db)
  const { statements = 0, lines = 0, reconciliations = 0 } = counts[0] ?? {}
  return { statements, lines, reconciliations, controlAccounts: ties.length, faults }
}

const heldFault = (subject: string, stored: Money, derived: Money): RemittanceFault => ({
  what: 'held',
  subject,
  stored: moneyText(stored),
  derived: moneyText(derived),
})

/**
 * Claims of a contract year one after the other: each is the fee of its base less what was claimed before, its base what
 * the facts said when it was claimed, and its amount the sum of its lines.
 */
async function feeFaults(db: Services['db']): Promise<RemittanceFault[]> {
  const { rows } = await sql<{
    claim_id: string
    key: string
    base_amount: string
    fee_rate: string
    cap_amount: string | null
    before: string
    amount: string
    contract_year: number
    collector_id: CollectorId
    fee_base: FeeTerms['base']
    valid_from: CivilDate
    valid_until: CivilDate | null
    seq: string
  }>`
    select l.claim_id, l.contract_id || '/' || l.contract_year as key, l.contract_year, k.collector_id, k.fee_base, k.valid_from,
      -- Its end as it was known then.
      case when exists (select from commands c join audit_events e on e.command_id = c.command_id
        where c.name = 'dischargers.end-collector-contract' and c.input->>'contractNo' = k.contract_no and e.seq > v.seq)
        then null else k.valid_until end as valid_until, v.seq::text, l.base_amount, k.fee_rate::text, k.fee_cap_amount as cap_amount,
      (select coalesce(sum(e.amount), 0.00)::text from collection_fee_lines e
        where e.contract_id = l.contract_id and e.contract_year = l.contract_year and e.claim_id < l.claim_id) as before, l.amount
    
    from collection_fee_lines l join collector_contracts k on k.id = l.contract_id
      join collection_fee_claims f on f.id = l.claim_id join proposals p on p.id = f.proposal_id
      join audit_events v on v.command_id = p.command_id
    order by l.claim_id`.execute(db)
  const { rows: unequal } = await sql<{ subject: string; stored: string; derived: string }>`
    select f.id::text as subject, f.amount::text as stored, coalesce(sum(l.amount), 0.00)::text as derived
    from collection_fee_claims f left join collection_fee_lines l on l.claim_id = f.id
    group by f.id, f.amount having f.amount <> coalesce(sum(l.amount), 0)`.execute(db)
  const claims = unequal.map((each): RemittanceFault => ({ what: 'fee', ...each }))
  const lines = rows.flatMap((row): RemittanceFault[] => {
    const fee = feeOf(money(row.base_amount), {
      rate: row.fee_rate,
      cap: row.cap_amount === null ? null : money(row.cap_amount),
    })
    const derived = subtractMoney(fee, money(row.before))
    if (derived.eq(row.amount)) return []
    return [
      { what: 'fee' as const, subject: `${row.claim_id} ${row.key}`, stored: row.amount, derived: moneyText(derived) },
    ]
  })
  return [...claims, ...lines, ...(await baseFaults(db, rows))]
}

async function baseFaults(
  db: Services['db'],
  claimed: readonly {
    readonly claim_id: string
    readonly key: string
    readonly base_amount: string
    readonly contract_year: number
    readonly collector_id: CollectorId
    readonly fee_base: FeeTerms['base']
    readonly valid_from: CivilDate
    readonly valid_until: CivilDate | null
    readonly seq: string
  }[],
): Promise<RemittanceFault[]> {
  const faults: RemittanceFault[] = []
  for (const line of claimed) {
    const contract = {
      collectorId: line.collector_id,
      base: line.fee_base,
      from: line.valid_from,
      until: line.valid_until,
    }
    const days = await feeBaseByDay(db, contract, knownBefore(line.seq))
    const derived = addMoney(
      days.flatMap(({ on, amount }) => (contractYearOf(line.valid_from, on) === line.contract_year ? [amount] : [])),
    )
    if (derived.eq(line.base_amount)) continue
    faults.push({
      what: 'fee',
      subject: `${line.claim_id} ${line.key}`,
      stored: line.base_amount,
      derived: moneyText(derived),
    })
  }
  return faults
}

async function reconciliationFaults(db: Services['db']): Promise<RemittanceFault[]> {
  const faults: RemittanceFault[] = []
  for (const found of await listReconciliations(db, { limit: 10_000 })) {
    const users = await oneSidedUsers(db, found.reconciliationId, { limit: 10_000_000 })
    const derived = sha256(
      canonicalJson({ content: found.content, cells: found.cells.map(plainCell), users } as unknown as Json),
    )
    if (derived !== found.digest)
      faults.push({
        what: 'reconciliation',
        subject: found.number,
        stored: found.digest.slice(0, 12),
        derived: derived.slice(0, 12),
      })
  }
  return faults
}
