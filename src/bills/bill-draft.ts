import { sql } from 'kysely'
import { accountTerms } from '../dischargers/account.queries.ts'
import { type CensusAccount, censusCount, censusPage } from '../dischargers/roster.queries.ts'
import {
  type CivilDate,
  type DateInterval,
  type FeeMonth,
  firstDay,
  monthInterval,
  plusMonths,
} from '../kernel/calendar.ts'
import type { AccountId, BillId, BillRunId, CollectorId, DischargerId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, type Money, money, moneyText } from '../kernel/money.ts'
import { addVolumes, roundToVolume, type Volume, volume, volumeText } from '../kernel/volume.ts'
import { ahead, letOthersGo } from '../platform/ahead.ts'
import { type Services, sha256 } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { RowBlock } from '../platform/row-block.ts'
import { readSettings } from '../platform/settings.ts'
import { useHistory } from '../readings/reading.queries.ts'
import { ratesTouching } from '../tariffs/rate-schedule.queries.ts'
import { billableVolume } from '../volumes/billable-volume.rules.ts'
import type { BillableVolume, VolumeFacts } from '../volumes/billable-volume.ts'
import { volumeFacts } from '../volumes/volume.queries.ts'
import { billedAccounts, billedLines, cancelledAndWaiting, isOfLiveBill } from './bill.queries.ts'
import { computeBills, type RateBook, rateBook } from './bill.rules.ts'
import { billTables } from './bill.tables.ts'
import type { AccountOutcome, BillLine } from './bill.ts'
import type { BlockSummary, OpenRun, Outlier } from './bill-run.ts'
import { type Adjustment, adjustmentsBetween } from './correction.rules.ts'

const accountsPerBlock = 2_000
const accountsWithoutPause = 250

/** What the lines of a drafted bill have in common; of a held or exempt account, all there is. */
interface DraftedBill {
  readonly position: number
  readonly ordinal: number | null
  readonly status: 'billed' | 'held' | 'exempt'
  readonly kind: 'original' | 'upward' | 'downward'
  readonly accountId: AccountId
  readonly dischargerId: DischargerId
  readonly feeMonth: FeeMonth
  readonly correctsBillId: BillId | null
  readonly billVolume: string | null
  readonly billAmount: string | null
  readonly reason: string | null
}

/**
 * Computes what an open run would bill, in blocks of accounts in account order. Each block is written in its own short
 * transaction with the mark of the facts it was computed from, so a stopped draft goes on where it was; where facts were
 * added meanwhile, it begins again. While a block is computed, the one before is written and the next one is loaded.
 */
export async function computeDraft(services: Services, run: OpenRun): Promise<void> {
  const { db } = services
  const mark = await factsMark(db)
  await billTables(db)
    .deleteFrom('bill_draft_blocks')
    .where('run_id', '=', run.runId)
    .where('facts_mark', '<>', mark)
    .execute()
  await sql`delete from bill_drafts d where run_id = ${run.runId}::bigint and not exists
    (select from bill_draft_blocks b where b.run_id = d.run_id and b.block_no = d.block_no)`.execute(db)
  const last = await billTables(db)
    .selectFrom('bill_draft_blocks')
    .selectAll()
    .where('run_id', '=', run.runId)
    .orderBy('block_no', 'desc')
    .limit(1)
    .executeTakeFirst()

  const rates = rateBook(await ratesTouching(db, periodAround(run.feeMonth)))
  const settings = await readSettings(db)
  const total = await censusCount(db, censusScope(run))
  let done = await draftedAccounts(db, run.runId)
  let blockNo = last?.block_no ?? 0
  const after =
    last === undefined ? null : { collectorId: last.last_collector_id as CollectorId, accountNo: last.last_account_no }
  let writing: Promise<void> = Promise.resolve()
  services.progress?.({ what: `开账试算 ${run.feeMonth}`, done, total })
  let loading = loadBlock(db, run, after)
  for (;;) {
    const loaded = await loading
    if (loaded === undefined) break
    loading = ahead(loadBlock(db, run, loaded.last))
    // The queries of the next block leave before this one takes the processor.
    await letOthersGo()
    blockNo += 1
    const block = await computeBlock(db, run.feeMonth, loaded, rates, {
      factor: settings['brake.outlier_factor'],
      minimum: money(settings['brake.outlier_minimum_amount']),
    })
    await writing
    writing = ahead(writeBlock(services, run.runId, blockNo, mark, loaded.last, block))
    done += loaded.page.length
    services.progress?.({ what: `开账试算 ${run.feeMonth}`, done, total })
  }
  await writing
}

/** The accounts a run must account for: its roster and month, narrowed to its set. */
export function censusScope(run: Pick<OpenRun, 'rosterVersionId' | 'feeMonth' | 'scope'>) {
  return {
    versionId: run.rosterVersionId,
    feeMonth: run.feeMonth,
    ...(run.scope.kind === 'accounts' ? { accountIds: run.scope.accountIds } : {}),
  }
}

/** Days whose rates and terms can matter for a month: a reading period may reach back before it. */
function periodAround(feeMonth: FeeMonth) {
  return { from: firstDay(plusMonths(feeMonth, -3)), until: monthInterval(feeMonth).until }
}

async function draftedAccounts(db: Db, runId: BillRunId): Promise<number> {
  const { rows } = await sql<{ done: number }>`
    select coalesce(sum(account_count), 0)::int as done from bill_draft_blocks where run_id = ${runId}::bigint`.execute(
    db,
  )
  return rows[0]?.done ?? 0
}

/** Commands after which a month may have to be billed otherwise, or stand out otherwise (the brake's settings). */
export const changesBills = sql`(c.name ~ '^(calendars|dischargers|tariffs|readings|volumes)[.]' or c.name in
  ('platform.set-setting', 'bills.approve-run', 'bills.decide-correction', 'bills.import-opening'))`

/**
 * The last event among those that can change a bill. Approving compares it with the mark of the draft: anything that was
 * registered, read or decided in between sends the run back to drafting.
 */
export async function factsMark(db: Db | Trx): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select coalesce(max(e.seq), 0)::text as mark from audit_events e join commands c using (command_id)
    where ${changesBills}`.execute(db)
  return rows[0]?.mark ?? '0'
}

interface LoadedBlock {
  readonly page: readonly CensusAccount[]
  readonly last: CensusAccount
  /** Of the page, those that no earlier run of the month has billed, and those whose bill was cancelled since. */
  readonly accounts: readonly CensusAccount[]
  readonly cancelled: Awaited<ReturnType<typeof cancelledAndWaiting>>
  readonly facts: MonthFacts
}

/** Reads what the next accounts in order are billed by; undefined behind the last one. */
async function loadBlock(
  db: Db,
  run: OpenRun,
  after: Pick<CensusAccount, 'collectorId' | 'accountNo'> | null,
): Promise<LoadedBlock | undefined> {
  const page = await censusPage(db, { ...censusScope(run), after, limit: accountsPerBlock })
  const last = page.at(-1)
  if (last === undefined) return undefined
  const ids = page.map((each) => each.accountId)
  const billedBefore = await billedAccounts(db, ids, run.feeMonth)
  const cancelled =
    billedBefore.size === 0 ? noneCancelled : await cancelledAndWaiting(db, [...billedBefore], run.feeMonth)
  const accounts =
    billedBefore.size === 0
      ? page
      : page.filter((each) => !billedBefore.has(each.accountId) || cancelled.has(each.accountId))
  const facts = await monthFacts(
    db,
    accounts.map((each) => each.accountId),
    run.feeMonth,
  )
  return { page, last, accounts, cancelled, facts }
}

const noneCancelled: LoadedBlock['cancelled'] = new Map()

interface Block {
  readonly rows: DraftRows
  readonly summary: BlockSummary
  readonly accountCount: number
}

async function computeBlock(
  db: Db,
  feeMonth: FeeMonth,
  { page, accounts, cancelled, facts }: LoadedBlock,
  rates: RateBook,
  brake: { readonly factor: string; readonly minimum: Money },
): Promise<Block> {
  const outcomes = await computeFrom(db, facts, rates)
  const adjustments = await trueUpAdjustments(db, outcomes.closers)

  const rows = new DraftRows()
  const tally = new Tally()
  tally.trueUpsLeft(adjustments.left)
  let position = 0
  let ordinal = 0
  const bill = (
    account: CensusAccount,
    payer: DischargerId,
    kind: DraftedBill['kind'],
    month: FeeMonth,
    corrects: BillId | null,
    lines: readonly BillLine[],
  ) => {
    position += 1
    ordinal += 1
    const amount = addMoney(lines.map((line) => line.amount))
    const billVolume = addVolumes(lines.map((line) => line.volumeM3))
    tally.bill(kind, month, amount, billVolume)
    const whole = {
      position,
      ordinal,
      status: 'billed' as const,
      kind,
      accountId: account.accountId,
      dischargerId: payer,
      feeMonth: month,
      correctsBillId: corrects,
      billVolume: volumeText(billVolume),
      billAmount: moneyText(amount),
      reason: null,
    }
    for (const [index, line] of lines.entries()) rows.add(whole, index + 1, line)
    return { amount, billVolume }
  }
  const suspects: { account: CensusAccount; amount: Money; billVolume: Volume }[] = []
  for (const account of accounts) {
    const computed = outcomes.byAccount.get(account.accountId)
    if (computed === undefined) throw new Error(`account ${account.accountNo} has no outcome`)
    const waiting = cancelled.get(account.accountId)
    // A cancelled bill is followed by a rebill that names it, never by another original.
    const outcome: AccountOutcome =
      waiting === undefined || computed.outcome === 'exempt'
        ? computed
        : { outcome: 'held', reasons: [{ code: 'cancelled_not_rebilled', parameters: { number: waiting.number } }] }
    tally.account(outcome)
    if (outcome.outcome === 'billed') {
      for (const each of outcome.bills) {
        const { amount, billVolume } = bill(account, each.dischargerId, 'original', feeMonth, null, each.lines)
        if (amount.greaterThan(brake.minimum)) suspects.push({ account, amount, billVolume })
      }
      for (const { month, billId, adjustment } of adjustments.byAccount.get(account.accountId) ?? []) {
        bill(account, adjustment.dischargerId, adjustment.kind, month, billId, adjustment.lines)
      }
    } else {
      position += 1
      const reason =
        outcome.outcome === 'held'
          ? { reasons: outcome.reasons }
          : { basis: outcome.basis.basis, evidence: outcome.basis.evidence, clause: outcome.basis.clause }
      const exception = {
        position,
        ordinal: null,
        status: outcome.outcome,
        kind: 'original' as const,
        accountId: account.accountId,
        dischargerId: account.dischargerId,
        feeMonth,
        correctsBillId: null,
        billVolume: null,
        billAmount: null,
        reason: JSON.stringify(reason),
      }
      rows.add(exception, 1, null)
    }
  }
  await findOutliers(db, feeMonth, suspects, brake.factor, tally)
  return { rows, summary: tally.summary(page.length), accountCount: page.length }
}

/** Collects the control totals of a block. */
class Tally {
  private counts = {
    accounts: 0,
    billed: 0,
    held: 0,
    exempt: 0,
    bills: 0,
    adjustments: 0,
    trueUpsLeft: 0,
    outlierCount: 0,
  }
  private readonly volumes: Volume[] = []
  private readonly amounts = new Map<FeeMonth, Money[]>()
  private readonly heldByCode: Record<string, number> = {}
  private readonly outliers: Outlier[] = []

  account(outcome: AccountOutcome): void {
    this.counts.accounts += 1
    this.counts[outcome.outcome] += 1
    if (outcome.outcome !== 'held') return
    for (const code of new Set(outcome.reasons.map((reason) => reason.code)))
      this.heldByCode[code] = (this.heldByCode[code] ?? 0) + 1
  }
  bill(kind: DraftedBill['kind'], month: FeeMonth, amount: Money, billVolume: Volume): void {
    this.counts.bills += 1
    if (kind !== 'original') this.counts.adjustments += 1
    this.volumes.push(billVolume)
    const ofMonth = this.amounts.get(month)
    if (ofMonth === undefined) this.amounts.set(month, [amount])
    else ofMonth.push(amount)
  }
  trueUpsLeft(count: number): void {
    this.counts.trueUpsLeft += count
  }
  outlier(outlier: Outlier): void {
    this.counts.outlierCount += 1
    if (this.outliers.length < 20) this.outliers.push(outlier)
  }
  summary(visited: number): BlockSummary {
    const amountByMonth = Object.fromEntries(
      [...this.amounts].map(([month, amount]) => [month, moneyText(addMoney(amount))]),
    )
    return {
      visited,
      ...this.counts,
      volumeM3: volumeText(addVolumes(this.volumes)),
      amountByMonth,
      heldByCode: this.heldByCode,
      outliers: this.outliers,
    }
  }
}

async function findOutliers(
  db: Db,
  feeMonth: FeeMonth,
  suspects: readonly { account: CensusAccount; amount: Money; billVolume: Volume }[],
  factor: string,
  tally: Tally,
): Promise<void> {
  if (suspects.length === 0) return
  const history = await useHistory(
    db,
    suspects.map(({ account }) => account.accountId),
    feeMonth,
  )
  for (const { account, amount, billVolume } of suspects) {
    const uses = history.get(account.accountId)?.lastThree ?? []
    if (uses.length === 0) continue
    const mean = addVolumes(uses.map((use) => volume(use))).div(uses.length)
    if (billVolume.lessThanOrEqualTo(mean.times(factor))) continue
    tally.outlier({
      accountId: account.accountId,
      accountNo: account.accountNo,
      volumeM3: volumeText(billVolume),
      meanM3: volumeText(roundToVolume(mean)),
      amount: moneyText(amount),
    })
  }
}

export interface MonthOutcomes {
  readonly byAccount: ReadonlyMap<AccountId, AccountOutcome>
  /** Accounts whose actual reading of the month closes a run of estimated months, with those months. */
  readonly closers: ReadonlyMap<AccountId, readonly FeeMonth[]>
}

/** What the bills of some accounts follow from in one month. */
interface MonthFacts {
  readonly period: DateInterval
  readonly byAccount: ReadonlyMap<AccountId, VolumeFacts>
}

async function monthFacts(db: Db | Trx, accountIds: readonly AccountId[], feeMonth: FeeMonth): Promise<MonthFacts> {
  const period = periodAround(feeMonth)
  const terms = await accountTerms(db, accountIds, period)
  return { period, byAccount: await volumeFacts(db, terms, feeMonth) }
}

/** Computes a month for some accounts from the facts as they stand now; writes nothing. */
export async function computeMonth(
  db: Db | Trx,
  accountIds: readonly AccountId[],
  feeMonth: FeeMonth,
): Promise<MonthOutcomes> {
  const rates = rateBook(await ratesTouching(db, periodAround(feeMonth)))
  return computeFrom(db, await monthFacts(db, accountIds, feeMonth), rates)
}

async function computeFrom(db: Db | Trx, facts: MonthFacts, rates: RateBook): Promise<MonthOutcomes> {
  const { period } = facts
  const byAccount = new Map<AccountId, AccountOutcome>()
  const closers = new Map<AccountId, readonly FeeMonth[]>()
  const earlier = new Map<AccountId, BillableVolume>()
  let computed = 0
  for (const fact of facts.byAccount.values()) {
    // Between some accounts the queries of the next block, and those that write the one before, go on.
    if (computed % accountsWithoutPause === 0) await letOthersGo()
    computed += 1
    const { accountId } = fact.terms
    const billable = billableVolume(fact)
    if (billable.outcome !== 'billable') byAccount.set(accountId, billable)
    else if (billable.uses.some((use) => use.used.from < period.from)) earlier.set(accountId, billable)
    else byAccount.set(accountId, computeBills(fact.terms, billable, rates))
    const months = estimatedMonthsClosed(fact)
    if (months.length > 0) closers.set(accountId, months)
  }
  for (const [accountId, outcome] of await computeEarlierUses(db, earlier, period.until))
    byAccount.set(accountId, outcome)
  return { byAccount, closers }
}

/** A meter that nobody read for long: who held the account then, and the rates of then, are looked up for it alone. */
async function computeEarlierUses(
  db: Db | Trx,
  earlier: ReadonlyMap<AccountId, BillableVolume>,
  until: CivilDate,
): Promise<Map<AccountId, AccountOutcome>> {
  const outcomes = new Map<AccountId, AccountOutcome>()
  const begins = [...earlier.values()].flatMap(({ uses }) => uses.map(({ used }) => used.from)).sort()
  const [from] = begins
  if (from === undefined) return outcomes
  const terms = await accountTerms(db, [...earlier.keys()], { from, until })
  const rates = rateBook(await ratesTouching(db, { from, until }))
  for (const [accountId, billable] of earlier) {
    const ofAccount = present(terms.get(accountId), 'an account that has a use has terms')
    outcomes.set(accountId, computeBills(ofAccount, billable, rates))
  }
  return outcomes
}

function estimatedMonthsClosed(fact: VolumeFacts): readonly FeeMonth[] {
  if (fact.estimatedRun.length === 0) return []
  const closes = fact.estimatedRun.some(
    (reading) => reading.feeMonth === fact.feeMonth && reading.source !== 'estimated',
  )
  if (!closes) return []
  return [...new Set(fact.estimatedRun.map((reading) => reading.feeMonth).filter((month) => month < fact.feeMonth))]
}

interface TrueUp {
  readonly month: FeeMonth
  readonly billId: BillId
  readonly adjustment: Adjustment
}

/** Each estimated month that was billed gets 追补 or 退补 of recomputed − billed, at its own rate version (decision 10). */
async function trueUpAdjustments(
  db: Db,
  closers: ReadonlyMap<AccountId, readonly FeeMonth[]>,
): Promise<{ byAccount: ReadonlyMap<AccountId, readonly TrueUp[]>; left: number }> {
  const accountsByMonth = new Map<FeeMonth, AccountId[]>()
  for (const [accountId, months] of closers) {
    for (const month of months) accountsByMonth.set(month, [...(accountsByMonth.get(month) ?? []), accountId])
  }
  const byAccount = new Map<AccountId, TrueUp[]>()
  let left = 0
  for (const [month, accountIds] of [...accountsByMonth].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const recomputed = await computeMonth(db, accountIds, month)
    const billed = await billedLines(db, accountIds, month)
    for (const accountId of accountIds) {
      const outcome = recomputed.byAccount.get(accountId)
      const before = billed.get(accountId) ?? []
      // A month that was never billed is billed later, with its share.
      if (before.length === 0) continue
      if (outcome?.outcome !== 'billed') {
        left += 1
        continue
      }
      for (const adjustment of adjustmentsBetween(outcome.bills, before)) {
        const corrected = before.findLast((each) => each.dischargerId === adjustment.dischargerId && isOfLiveBill(each))
        if (corrected === undefined) {
          left += 1
          continue
        }
        byAccount.set(accountId, [
          ...(byAccount.get(accountId) ?? []),
          { month, billId: corrected.billId as BillId, adjustment },
        ])
      }
    }
  }
  return { byAccount, left }
}

/** The rows as columns: as many objects of a million rows cost more to keep than the rows cost to compute. */
class DraftRows {
  readonly #columns = {
    position: [] as string[],
    line_no: [] as string[],
    ordinal: [] as (string | null)[],
    status: [] as string[],
    kind: [] as string[],
    account_id: [] as string[],
    discharger_id: [] as string[],
    fee_month: [] as string[],
    corrects_bill_id: [] as (string | null)[],
    bill_volume_m3: [] as (string | null)[],
    bill_amount: [] as (string | null)[],
    category_code: [] as (string | null)[],
    schedule_id: [] as (string | null)[],
    basis: [] as (string | null)[],
    used_from: [] as (string | null)[],
    used_until: [] as (string | null)[],
    volume_m3: [] as (string | null)[],
    amount: [] as (string | null)[],
    derivation: [] as (string | null)[],
    reason: [] as (string | null)[],
  }

  add(row: DraftedBill, lineNo: number, line: BillLine | null): void {
    const columns = this.#columns
    columns.position.push(String(row.position))
    columns.line_no.push(String(lineNo))
    columns.ordinal.push(row.ordinal === null ? null : String(row.ordinal))
    columns.status.push(row.status)
    columns.kind.push(row.kind)
    columns.account_id.push(row.accountId)
    columns.discharger_id.push(row.dischargerId)
    columns.fee_month.push(firstDay(row.feeMonth))
    columns.corrects_bill_id.push(row.correctsBillId)
    columns.bill_volume_m3.push(row.billVolume)
    columns.bill_amount.push(row.billAmount)
    columns.category_code.push(line === null ? null : line.categoryCode)
    columns.schedule_id.push(line === null ? null : line.scheduleId)
    columns.basis.push(line === null ? null : line.basis)
    columns.used_from.push(line === null ? null : line.used.from)
    columns.used_until.push(line === null ? null : line.used.until)
    columns.volume_m3.push(line === null ? null : volumeText(line.volumeM3))
    columns.amount.push(line === null ? null : moneyText(line.amount))
    columns.derivation.push(line === null ? null : JSON.stringify(line.derivation))
    columns.reason.push(row.reason)
  }

  /** Undefined where no row was added: everybody of this block was billed before. */
  of(runId: BillRunId, blockNo: number): RowBlock | undefined {
    const columns = this.#columns
    if (columns.position.length === 0) return undefined
    return new RowBlock([
      { name: 'run_id', type: 'bigint', values: runId },
      { name: 'block_no', type: 'int', values: String(blockNo) },
      { name: 'position', type: 'int', values: columns.position },
      { name: 'line_no', type: 'smallint', values: columns.line_no },
      { name: 'ordinal', type: 'int', values: columns.ordinal },
      { name: 'status', type: 'text', values: columns.status },
      { name: 'kind', type: 'text', values: columns.kind },
      { name: 'account_id', type: 'bigint', values: columns.account_id },
      { name: 'discharger_id', type: 'bigint', values: columns.discharger_id },
      { name: 'fee_month', type: 'date', values: columns.fee_month },
      { name: 'corrects_bill_id', type: 'bigint', values: columns.corrects_bill_id },
      { name: 'bill_volume_m3', type: 'numeric', values: columns.bill_volume_m3 },
      { name: 'bill_amount', type: 'numeric', values: columns.bill_amount },
      { name: 'category_code', type: 'text', values: columns.category_code },
      { name: 'schedule_id', type: 'bigint', values: columns.schedule_id },
      { name: 'basis', type: 'text', values: columns.basis },
      { name: 'used_from', type: 'date', values: columns.used_from },
      { name: 'used_until', type: 'date', values: columns.used_until },
      { name: 'volume_m3', type: 'numeric', values: columns.volume_m3 },
      { name: 'amount', type: 'numeric', values: columns.amount },
      { name: 'derivation', type: 'jsonb', values: columns.derivation },
      { name: 'reason', type: 'jsonb', values: columns.reason },
    ])
  }
}

async function writeBlock(
  services: Services,
  run: BillRunId,
  blockNo: number,
  mark: string,
  last: CensusAccount,
  block: Block,
): Promise<void> {
  const rows = block.rows.of(run, blockNo)
  await services.db.transaction().execute(async (trx) => {
    const claimed = await billTables(trx)
      .insertInto('bill_draft_blocks')
      .values({
        run_id: run,
        block_no: blockNo,
        last_collector_id: last.collectorId,
        last_account_no: last.accountNo,
        account_count: block.accountCount,
        facts_mark: mark,
        digest: rows?.digest() ?? sha256(''),
        summary: JSON.stringify(block.summary),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('block_no')
      .executeTakeFirst()
    // Another process drafts the same run from the same facts: its block is equal to ours.
    if (claimed === undefined) return
    await rows?.insertInto('bill_drafts').execute(trx)
  })
}
