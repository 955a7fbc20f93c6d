import { sql } from 'kysely'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { type CivilDate, type FeeMonth, feeMonth, firstDay, lastDay, monthOf, plusMonths } from '../kernel/calendar.ts'
import { Exact, plainText, splitByLargestRemainder } from '../kernel/decimal.ts'
import type { BillId, CollectorId, SettlementId } from '../kernel/ids.ts'
import {
  addMoney,
  type Money,
  money,
  moneyForPeople,
  moneyText,
  subtractMoney,
  unitPrice,
  zeroMoney,
} from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { addVolumes, type Volume, volume, volumeText, zeroVolume } from '../kernel/volume.ts'
import type { Db, Trx } from '../platform/database.ts'
import { listProposals } from '../platform/proposals.ts'
import { ratesTouching } from '../tariffs/rate-schedule.queries.ts'
import {
  type SettlementFacts,
  type SettlementLine,
  settlementLine,
  stillWrittenOff,
} from './annual-settlement.rules.ts'
import type { AnnualSettlement, PlainSettlementLine, SettlementStep } from './annual-settlement.ts'
import { currentCells } from './cells.queries.ts'
import { refuseClosing } from './closing.refusals.ts'
import { documentNumber } from './numbers.ts'
import { listReconciliations } from './reconciliation.queries.ts'
import { writeOffProposalKind } from './write-off.ts'

export const settlementProposalKind = 'remittance.annual-settlement'

export const settlementSubject = (collectorId: CollectorId, year: number): string => `${collectorId}/${year}`

const monthsOfYear = (year: number) => ({ from: feeMonth(`${year}-01`), until: feeMonth(`${year + 1}-01`) })

/**
 * The lines of a year from the facts as they stand: by fee month and category of the collector's public supply. Refuses
 * months that were billed and not declared, and a gap whose price is not known.
 */
export async function settlementLines(
  db: Db | Trx,
  collectorId: CollectorId,
  year: number,
): Promise<SettlementLine[] | Refusal> {
  const months = monthsOfYear(year)
  const cells = (await currentCells(db, collectorId, months)).filter(({ supply }) => supply === 'public')
  const declared = await declaredKeys(db, collectorId, months)
  const missing = cells.filter((cell) => !cell.billedM3.isZero() && !declared.has(`${cell.feeMonth} ${cell.category}`))
  if (missing.length > 0) {
    const names = new Map((await listPriceCategories(db)).map((each) => [each.code, each]))
    const said = (language: 'nameZh' | 'nameEn') =>
      missing.map(({ feeMonth: month, category }) => `${month} ${names.get(category)?.[language] ?? category}`)
    return refuseClosing('settlement_not_declared', {
      year,
      missingZh: said('nameZh').join('、'),
      missingEn: said('nameEn').join(', '),
    })
  }
  const exempt = await exemptVolumes(db, collectorId, months)
  const discharge = await dischargeReductions(db, collectorId, months)
  const writtenOff = await writtenOffParts(db, collectorId, months)
  const rates = await ratesTouching(db, { from: firstDay(months.from), until: firstDay(months.until) })
  const lines: SettlementLine[] = []
  for (const cell of cells) {
    const key = `${cell.feeMonth} ${cell.category}`
    const day = lastDay(cell.feeMonth)
    const rate = rates.find(
      ({ categoryCode, validity }) =>
        categoryCode === cell.category && validity.from <= day && (validity.until === null || validity.until > day),
    )
    const facts: SettlementFacts = {
      feeMonth: cell.feeMonth,
      category: cell.category,
      declaredM3: cell.soldM3,
      exemptM3: exempt.get(key) ?? zeroVolume,
      dischargeM3: discharge.get(key) ?? zeroVolume,
      billedM3: cell.billedM3,
      billed: cell.billed,
      collected: cell.collected,
      direct: cell.direct,
      confirmed: cell.confirmed,
      writtenOffM3: writtenOff.get(key)?.volumeM3 ?? zeroVolume,
      writtenOff: writtenOff.get(key)?.amount ?? zeroMoney,
      price: priceOfGap(rate, cell.billed, cell.billedM3),
    }
    const line = settlementLine(facts)
    if (line === undefined)
      return refuseClosing('settlement_gap_without_price', { month: cell.feeMonth, category: cell.category })
    lines.push(line)
  }
  return lines
}

// Finer than any price; the gap's amount is rounded once.
const averagePlaces = 10

/** The flat price in force on the month's last day; where prices depend on the account, the mean of what was billed. */
function priceOfGap(
  rate: Awaited<ReturnType<typeof ratesTouching>>[number] | undefined,
  billed: Money,
  billedM3: Volume,
): SettlementFacts['price'] {
  if (rate?.price.form === 'flat') return { perM3: unitPrice(rate.price.perM3), source: rate.scheduleCode }
  if (!billedM3.gt(zeroVolume) || billed.isNegative()) return undefined
  const mean = new Exact(billed).div(billedM3).toDecimalPlaces(averagePlaces)
  return { perM3: unitPrice(plainText(mean)), source: '平均 mean' }
}

async function declaredKeys(
  db: Db | Trx,
  collectorId: CollectorId,
  months: { readonly from: FeeMonth; readonly until: FeeMonth },
): Promise<Set<string>> {
  const { rows } = await sql<{ fee_month: CivilDate; category_code: string }>`
    select distinct fee_month, category_code from sold_volume_declarations
    where collector_id = ${collectorId}::bigint and fee_month >= ${firstDay(months.from)}::date
      and fee_month < ${firstDay(months.until)}::date`.execute(db)
  return new Set(rows.map((row) => `${monthOf(row.fee_month)} ${row.category_code}`))
}

const readVolumes = (collectorId: CollectorId, months: { readonly from: FeeMonth; readonly until: FeeMonth }) => sql`
  select r.account_id, r.fee_month, sum(r.volume_m3) as volume from meter_readings r join accounts a on a.id = r.account_id
  where a.collector_id = ${collectorId}::bigint and a.supply = 'public' and r.fee_month >= ${firstDay(months.from)}::date
    and r.fee_month < ${firstDay(months.until)}::date and not exists (select from reading_endings e where e.reading_id = r.id)
  group by r.account_id, r.fee_month`

/** What exempt accounts of an issued run used, by month and by their category on the month's last day. */
async function exemptVolumes(
  db: Db | Trx,
  collectorId: CollectorId,
  months: { readonly from: FeeMonth; readonly until: FeeMonth },
): Promise<Map<string, Volume>> {
  const { rows } = await sql<{ fee_month: CivilDate; category_code: string; volume: string }>`
    select u.fee_month, c.category_code, sum(u.volume)::text as volume
    from (${readVolumes(collectorId, months)}) u
      join account_categories c on c.account_id = u.account_id and c.valid_from < u.fee_month + interval '1 month'
        and (c.valid_until is null or c.valid_until >= u.fee_month + interval '1 month')
    where exists (select from bill_run_exceptions e join bill_runs r on r.id = e.run_id
      where e.account_id = u.account_id and e.status = 'exempt' and r.fee_month = u.fee_month)
    group by 1, 2`.execute(db)
  return new Map(rows.map((row) => [`${monthOf(row.fee_month)} ${row.category_code}`, volume(row.volume)]))
}

/** What accounts billed on their determined discharge used beyond it. */
async function dischargeReductions(
  db: Db | Trx,
  collectorId: CollectorId,
  months: { readonly from: FeeMonth; readonly until: FeeMonth },
): Promise<Map<string, Volume>> {
  const { rows } = await sql<{ fee_month: CivilDate; category_code: string; volume: string }>`
    select u.fee_month, d.category_code, sum(u.volume - d.volume)::text as volume
    from (${readVolumes(collectorId, months)}) u join (
      select b.account_id, b.fee_month, max(l.category_code) as category_code, sum(l.volume_m3) as volume
      from bills b join bill_lines l on l.bill_id = b.id join accounts a on a.id = b.account_id
      where a.collector_id = ${collectorId}::bigint and l.basis = 'actual_discharge'
        and b.fee_month >= ${firstDay(months.from)}::date and b.fee_month < ${firstDay(months.until)}::date
      group by b.account_id, b.fee_month) d on d.account_id = u.account_id and d.fee_month = u.fee_month
    group by 1, 2`.execute(db)
  return new Map(rows.map((row) => [`${monthOf(row.fee_month)} ${row.category_code}`, volume(row.volume)]))
}

/** Write-offs as far as they still count, by month and category: what is open of a bill is the end of its lines. */
async function writtenOffParts(
  db: Db | Trx,
  collectorId: CollectorId,
  months: { readonly from: FeeMonth; readonly until: FeeMonth },
): Promise<Map<string, { readonly amount: Money; readonly volumeM3: Volume }>> {
  const { rows } = await sql<{
    bill_id: BillId
    fee_month: CivilDate
    amount: string
    volume_m3: string
    outstanding: string
    payable: string
    category_code: string
    line_amount: string
  }>`
    select w.bill_id, b.fee_month, w.amount, w.volume_m3, o.outstanding, o.payable, l.category_code, l.amount as line_amount
    from write_offs w join bills b on b.id = w.bill_id join open_items o on o.bill_id = b.id join accounts a on a.id = b.account_id
      join bill_lines l on l.bill_id = b.id and l.amount > 0
    where w.collector_id = ${collectorId}::bigint and a.supply = 'public' and b.fee_month >= ${firstDay(months.from)}::date
      and b.fee_month < ${firstDay(months.until)}::date order by w.bill_id, l.line_no`.execute(db)
  const parts = new Map<string, { amount: Money; volumeM3: Volume }>()
  const bills = new Map<BillId, (typeof rows)[number][]>()
  for (const row of rows) bills.set(row.bill_id, [...(bills.get(row.bill_id) ?? []), row])
  for (const lines of bills.values()) {
    const [bill] = lines
    if (bill === undefined) continue
    const counts = stillWrittenOff(
      { amount: money(bill.amount), volumeM3: volume(bill.volume_m3) },
      money(bill.outstanding),
    )
    if (counts.amount.isZero()) continue
    const shares = endOfLines(
      lines.map(({ line_amount }) => money(line_amount)),
      money(bill.payable),
      counts.amount,
    )
    const volumes = splitByLargestRemainder(counts.volumeM3, shares, 3) as Volume[]
    for (const [index, line] of lines.entries()) {
      const key = `${monthOf(line.fee_month)} ${line.category_code}`
      const before = parts.get(key) ?? { amount: zeroMoney, volumeM3: zeroVolume }
      parts.set(key, {
        amount: addMoney([before.amount, shares[index] ?? zeroMoney]),
        volumeM3: addVolumes([before.volumeM3, volumes[index] ?? zeroVolume]),
      })
    }
  }
  return parts
}

/** How much of the last `open` yuan before `payable` lies in each line, lines in their order. */
function endOfLines(amounts: readonly Money[], payable: Money, open: Money): Money[] {
  const from = subtractMoney(payable, open)
  let low = zeroMoney
  return amounts.map((amount) => {
    const high = addMoney([low, amount])
    const top = high.lt(payable) ? high : payable
    const bottom = low.gt(from) ? low : from
    low = high
    return top.gt(bottom) ? subtractMoney(top, bottom) : zeroMoney
  })
}

/** A line as text. */
export const plainSettlementLine = (line: SettlementLine): PlainSettlementLine => ({
  feeMonth: line.feeMonth,
  category: line.category,
  declaredM3: volumeText(line.declaredM3),
  exemptM3: volumeText(line.exemptM3),
  dischargeM3: volumeText(line.dischargeM3),
  writtenOffM3: volumeText(line.writtenOffM3),
  chargeableM3: volumeText(line.chargeableM3),
  billedM3: volumeText(line.billedM3),
  gapM3: volumeText(line.gapM3),
  unitPrice: line.price === undefined ? null : plainText(line.price.perM3),
  priceSource: line.price?.source ?? '—',
  billed: moneyText(line.billed),
  gapAmount: moneyText(line.gapAmount),
  writtenOff: moneyText(line.writtenOff),
  due: moneyText(line.due),
  remitted: moneyText(line.remitted),
  direct: moneyText(line.direct),
  balance: moneyText(line.balance),
  outstanding: moneyText(line.outstanding),
  held: moneyText(line.held),
})

/** Sums of lines, in yuan. */
export function settlementTotals(
  lines: readonly Pick<PlainSettlementLine, 'due' | 'remitted' | 'direct' | 'balance'>[],
) {
  const sum = (name: 'due' | 'remitted' | 'direct' | 'balance') => addMoney(lines.map((line) => money(line[name])))
  return { due: sum('due'), remitted: sum('remitted'), direct: sum('direct'), balance: sum('balance') }
}

/** Approved settlements, newest first. */
export async function listSettlements(
  db: Db | Trx,
  filter: { readonly collectorCode?: string | undefined; readonly year?: number | undefined; readonly limit: number },
): Promise<AnnualSettlement[]> {
  const { rows } = await sql<{
    id: SettlementId
    number_year: number
    number: number
    collector_id: CollectorId
    code: string
    name: string
    year: number
    settled_on: CivilDate
    approved_on: CivilDate
    maker: string
    approver: string
    due_amount: string
    remitted_amount: string
    direct_amount: string
    balance_amount: string
  }>`
    select s.id, s.number_year, s.number, s.collector_id, c.code, c.name, s.year, s.settled_on, s.approved_on, maker.name as maker,
      approver.name as approver, s.due_amount, s.remitted_amount, s.direct_amount, s.balance_amount
    from annual_settlements s join collectors c on c.id = s.collector_id join proposal_decisions d on d.proposal_id = s.proposal_id
      join staff maker on maker.id = d.maker_id join staff approver on approver.id = d.decided_by
    where ${filter.collectorCode === undefined ? sql`true` : sql`c.code = ${filter.collectorCode}`}
      and ${filter.year === undefined ? sql`true` : sql`s.year = ${filter.year}`} order by s.id desc limit ${filter.limit}`.execute(
    db,
  )
  const lines = await linesOfSettlements(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    number: documentNumber('settlement', row.number_year, row.number),
    collectorId: row.collector_id,
    collectorCode: row.code,
    collectorName: row.name,
    year: row.year,
    settledOn: row.settled_on,
    approvedOn: row.approved_on,
    madeBy: row.maker,
    approvedBy: row.approver,
    due: money(row.due_amount),
    remitted: money(row.remitted_amount),
    direct: money(row.direct_amount),
    balance: money(row.balance_amount),
    lines: lines.get(row.id) ?? [],
  }))
}

async function linesOfSettlements(
  db: Db | Trx,
  ids: readonly SettlementId[],
): Promise<Map<SettlementId, PlainSettlementLine[]>> {
  const { rows } = await sql<PlainSettlementLine & { settlement_id: SettlementId }>`
    select settlement_id, to_char(fee_month, 'YYYY-MM') as "feeMonth", category_code as category, declared_m3 as "declaredM3",
      exempt_m3 as "exemptM3", discharge_m3 as "dischargeM3", written_off_m3 as "writtenOffM3", chargeable_m3 as "chargeableM3",
      billed_m3 as "billedM3", gap_m3 as "gapM3", unit_price::text as "unitPrice", price_source as "priceSource",
      billed_amount as billed, gap_amount as "gapAmount", written_off_amount as "writtenOff", due_amount as due,
      remitted_amount as remitted, direct_amount as direct, balance_amount as balance, outstanding_amount as outstanding,
      held_amount as held
    from annual_settlement_lines where settlement_id = any(${ids}::bigint[]) order by settlement_id, fee_month, category_code`.execute(
    db,
  )
  const lines = new Map<SettlementId, PlainSettlementLine[]>()
  for (const { settlement_id, ...line } of rows) lines.set(settlement_id, [...(lines.get(settlement_id) ?? []), line])
  return lines
}

/** The day by which a year is settled (151 art. 16). */
export const settlementDeadline = (year: number): CivilDate => lastDay(feeMonth(`${year + 1}-03`))

/** How far the settlement of a year is, step by step, on a day. */
export async function settlementState(
  db: Db | Trx,
  collector: { readonly collectorId: CollectorId; readonly code: string },
  year: number,
  today: CivilDate,
): Promise<SettlementStep[]> {
  const { collectorId, code } = collector
  const months = monthsOfYear(year)
  const declared = await declaredKeys(db, collectorId, months)
  const declaredMonths = new Set([...declared].map((key) => key.slice(0, 7)))
  const undeclared = Array.from({ length: 12 }, (_, index) => plusMonths(months.from, index)).filter(
    (month) => !declaredMonths.has(month),
  )
  const quarters = (await listReconciliations(db, { collectorId, standing: true, limit: 10_000 })).filter(
    ({ quarter, state }) => quarter.from.startsWith(`${year}-`) && state === 'frozen',
  )
  const bills = await writeOffsWaiting(db, collectorId, months)
  const subject = settlementSubject(collectorId, year)
  const proposals = await listProposals(db, { kind: settlementProposalKind, subject })
  const [waiting] = proposals.filter(({ decision }) => decision === undefined)
  const [settled] = await listSettlements(db, { collectorCode: code, year, limit: 1 })
  const lines = settled === undefined ? [] : await settlementLines(db, collectorId, year)
  const balance =
    settled !== undefined && Array.isArray(lines) ? settlementTotals(lines.map(plainSettlementLine)).balance : undefined
  const late = today > settlementDeadline(year)
  const step = (name: SettlementStep['step'], isDone: boolean, detail: string): SettlementStep => ({
    step: name,
    done: isDone,
    late: late && !isDone,
    detail,
  })
  return [
    step('declared', undeclared.length === 0, undeclared.join('、') || '12/12'),
    step(
      'reconciled',
      quarters.length === 4,
      `${quarters.length}/4 ${quarters.map(({ number }) => number).join('、')}`.trim(),
    ),
    step('written_off', bills.length === 0, bills.join('、') || '—'),
    step('proposed', settled !== undefined || waiting !== undefined, waiting?.id ?? settled?.number ?? '—'),
    step('approved', settled !== undefined, settled === undefined ? '—' : `${settled.number} ${settled.approvedOn}`),
    step(
      'balanced',
      settled !== undefined && balance?.isZero() === true,
      balance === undefined ? '—' : moneyForPeople(balance),
    ),
  ]
}

/** Proposals to write off bills of these months that wait for their decision. */
async function writeOffsWaiting(
  db: Db | Trx,
  collectorId: CollectorId,
  months: { readonly from: FeeMonth; readonly until: FeeMonth },
): Promise<string[]> {
  const waiting = await listProposals(db, { kind: writeOffProposalKind, undecided: true })
  if (waiting.length === 0) return []
  const { rows } = await sql<{ id: BillId }>`
    select b.id from bills b join accounts a on a.id = b.account_id
    where b.id = any(${waiting.map(({ subject }) => subject)}::bigint[]) and a.collector_id = ${collectorId}::bigint
      and b.fee_month >= ${firstDay(months.from)}::date and b.fee_month < ${firstDay(months.until)}::date`.execute(db)
  const bills = new Set(rows.map(({ id }) => id as string))
  return waiting.filter(({ subject }) => bills.has(subject)).map(({ id }) => id)
}
