import { sql } from 'kysely'
import { linesOf } from '../bills/bill.queries.ts'
import { type BillLine, numberOfBillId } from '../bills/bill.ts'
import { loadCalendars } from '../calendars/calendar.queries.ts'
import { dischargersById } from '../dischargers/account.queries.ts'
import { type CivilDate, monthOf, plusDays } from '../kernel/calendar.ts'
import type { AccountId, BillId, DischargerId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { money, zeroMoney } from '../kernel/money.ts'
import { groupedBy } from '../payments/grouped-by.ts'
import { itemHistories, objectedBills } from '../payments/item-history.queries.ts'
import { findActor } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { readSettings, type Settings } from '../platform/settings.ts'
import { finePaymentsOf, standingFine } from './claim.rules.ts'
import { enforcementTables } from './enforcement.tables.ts'
import type {
  DiscretionGrid,
  EnforcementSettings,
  FineCase,
  FormerCase,
  GridsOfCase,
  Matter,
  OrderBill,
  OrderToPay,
  Person,
  ReferenceUse,
} from './enforcement.ts'
import { endOf } from './gates.rules.ts'
import { lastStep } from './step-log.ts'
import type { Step, StepName } from './steps.ts'

/** The number people see: `2025-0001`. */
export const paperNumber = (year: number, number: number): string => `${year}-${String(number).padStart(4, '0')}`

/** Reads such a number back; `undefined` for anything else. */
export function parsePaperNumber(text: string): { year: number; number: number } | undefined {
  const match = /^((?:19|20|21)\d{2})-(\d{4,6})$/.exec(text)
  return match === null ? undefined : { year: Number(match[1]), number: Number(match[2]) }
}

/** Which log a step is of: of an order (the claim for the fee), or of a case (the claim for the fine). */
export type LogKind = 'order' | 'case'

export interface LogKey {
  readonly orderId: string
  readonly caseId: string | null
}

/** The log with that number; `undefined` where there is none. */
export async function findLog(db: Db | Trx, kind: LogKind, number: string): Promise<LogKey | undefined> {
  const key = parsePaperNumber(number)
  if (key === undefined) return undefined
  const { rows } = await (kind === 'order'
    ? sql<LogKey>`select id as "orderId", null as "caseId" from orders_to_pay
        where number_year = ${key.year} and number = ${key.number}`
    : sql<LogKey>`select order_id as "orderId", id as "caseId" from fine_cases
        where number_year = ${key.year} and number = ${key.number}`
  ).execute(db)
  return rows[0]
}

/** An order with everything on it: its own log, its cases with theirs, and its party. */
export interface OrderFile {
  readonly order: OrderToPay
  readonly steps: readonly Step[]
  readonly cases: readonly { readonly fineCase: FineCase; readonly steps: readonly Step[] }[]
  /** Every case on a period of its bills, on whichever order, in the order of their filing. */
  readonly formerCases: readonly FormerCase[]
  readonly party: Matter['party']
}

/** Orders with their logs and what is known of their bills today, newest first, in one round for all of them. */
export async function orderFiles(
  db: Db | Trx,
  filter:
    | { readonly orderIds: readonly string[] }
    | {
        readonly dischargerId?: DischargerId | undefined
        /** Orders older than this one. */
        readonly before?: string | undefined
        readonly limit: number
      },
): Promise<OrderFile[]> {
  const where =
    'orderIds' in filter
      ? sql`o.id = any(${filter.orderIds}::bigint[])`
      : sql.join(
          [
            sql`true`,
            ...(filter.dischargerId === undefined ? [] : [sql`o.discharger_id = ${filter.dischargerId}::bigint`]),
            ...(filter.before === undefined ? [] : [sql`o.id < ${filter.before}::bigint`]),
          ],
          sql` and `,
        )
  const limit = 'orderIds' in filter ? filter.orderIds.length : filter.limit
  const { rows: orders } = await sql<{
    id: string
    number_year: number
    number: number
    discharger_id: DischargerId
    issued_on: CivilDate
    term_days: number
    maker_id: string
    approver_id: string
  }>`select o.* from orders_to_pay o where ${where} order by o.id desc limit ${limit}`.execute(db)
  const ids = orders.map(({ id }) => id)
  const periods = await periodCases(db, ids)
  const [bills, steps, cases, dischargers] = [
    await billsOf(db, ids),
    await stepsOfOrders(db, [...new Set([...ids, ...periods.map(({ order_id }) => order_id)])]),
    await casesOf(db, ids),
    await dischargersById(db, [...new Set(orders.map((order) => order.discharger_id))]),
  ]
  const former = groupedBy(periods, ({ for_order }) => for_order)
  return orders.map((row) => {
    const discharger = present(dischargers.get(row.discharger_id), 'the discharger of an order is registered')
    const logs = groupedBy(steps.get(row.id) ?? [], ({ caseId }) => caseId)
    return {
      order: {
        orderId: row.id,
        number: paperNumber(row.number_year, row.number),
        dischargerId: row.discharger_id,
        dischargerCode: discharger.code,
        dischargerName: discharger.name,
        issuedOn: row.issued_on,
        termDays: row.term_days,
        makerId: row.maker_id,
        approverId: row.approver_id,
        bills: bills.get(row.id) ?? [],
      },
      steps: (logs.get(null) ?? []).map(({ step }) => step),
      cases: (cases.get(row.id) ?? []).map((fineCase) => ({
        fineCase,
        steps: (logs.get(fineCase.caseId) ?? []).map(({ step }) => step),
      })),
      formerCases: [...groupedBy(former.get(row.id) ?? [], ({ id }) => id).values()].flatMap((rows) =>
        rows.slice(0, 1).map((found) => ({
          caseId: found.id,
          number: paperNumber(found.number_year, found.number),
          filedOn: found.filed_on,
          periods: rows.map(({ account_id, fee_month }) => ({ accountId: account_id, feeMonth: monthOf(fee_month) })),
          steps: (steps.get(found.order_id) ?? []).flatMap(({ caseId, step }) => (caseId === found.id ? [step] : [])),
        })),
      ),
      party: {
        // Shops count as individuals: the lower threshold of a hearing only gives more rights.
        isOrganisation: discharger.kind === 'enterprise' || discharger.kind === 'institution',
        address: discharger.address,
      },
    }
  })
}

interface PeriodCase {
  for_order: string
  id: string
  order_id: string
  number_year: number
  number: number
  filed_on: CivilDate
  account_id: AccountId
  fee_month: CivilDate
}

/** The cases on periods of the orders' bills (account, month, payer), one row a period, the first filed first. */
async function periodCases(db: Db | Trx, orderIds: readonly string[]): Promise<PeriodCase[]> {
  const { rows } = await sql<PeriodCase>`
    select distinct o.id as for_order, c.id, c.order_id, c.number_year, c.number, c.filed_on, f.account_id, f.fee_month
    from orders_to_pay o join order_bills x on x.order_id = o.id join bills b on b.id = x.bill_id
      join fine_case_bills f on f.account_id = b.account_id and f.fee_month = b.fee_month and f.discharger_id = o.discharger_id
      join fine_cases c on c.id = f.case_id
    where o.id = any(${orderIds}::bigint[]) order by c.id, f.account_id, f.fee_month`.execute(db)
  return rows
}

async function billsOf(db: Db | Trx, orderIds: readonly string[]): Promise<Map<string, OrderBill[]>> {
  const { rows } = await sql<{
    order_id: string
    bill_id: BillId
    account_id: AccountId
    account_no: string
    fee_month: CivilDate
    due_on: CivilDate
    amount: string
    reviewed: boolean
  }>`
    select x.order_id, x.bill_id, b.account_id, a.account_no, b.fee_month, b.due_on, x.amount::text, r.bill_id is not null as reviewed
    from order_bills x join bills b on b.id = x.bill_id join accounts a on a.id = b.account_id
      left join estimate_reviews r on r.bill_id = x.bill_id
    where x.order_id = any(${orderIds}::bigint[]) order by b.due_on, x.bill_id`.execute(db)
  const billIds = rows.map((row) => row.bill_id)
  const [histories, objected, lines] = [
    await itemHistories(db, billIds),
    await objectedBills(db, billIds),
    await linesOf(db, billIds),
  ]
  return groupedBy(
    rows.map((row) => ({
      orderId: row.order_id,
      billId: row.bill_id,
      number: numberOfBillId(row.bill_id),
      accountId: row.account_id,
      accountNo: row.account_no,
      feeMonth: monthOf(row.fee_month),
      dueOn: row.due_on,
      named: money(row.amount),
      payable: histories.get(row.bill_id)?.payable ?? zeroMoney,
      paid: histories.get(row.bill_id)?.paid ?? [],
      estimated: restsOnEstimate(lines.get(row.bill_id) ?? []),
      reviewed: row.reviewed,
      objected: objected.has(row.bill_id),
    })),
    ({ orderId }) => orderId,
  )
}

/** Whether a line of a bill was computed from an estimated reading. */
export function restsOnEstimate(lines: readonly BillLine[]): boolean {
  return lines.some(({ derivation }) =>
    [...derivation.uses, ...(derivation.difference?.recomputed.uses ?? [])].some(({ sources }) =>
      sources.some((source) => source.kind === 'reading' && source.estimated === true),
    ),
  )
}

async function stepsOfOrders(
  db: Db | Trx,
  orderIds: readonly string[],
): Promise<Map<string, { caseId: string | null; step: Step }[]>> {
  const { rows } = await sql<{
    order_id: string
    case_id: string | null
    seq: number
    step: StepName
    acted_on: CivilDate
    particulars: object
    evidence_digest: string | null
    actor_id: string
    approved_by: string | null
    number_year: number | null
    number: number | null
  }>`
    select order_id, case_id, seq, step, acted_on, particulars, evidence_digest, actor_id, approved_by, number_year, number
    from enforcement_steps where order_id = any(${orderIds}::bigint[]) order by order_id, case_id, seq`.execute(db)
  const steps = new Map<string, { caseId: string | null; step: Step }[]>()
  for (const row of rows) {
    const number =
      row.number_year === null || row.number === null ? {} : { number: paperNumber(row.number_year, row.number) }
    const step = {
      seq: row.seq,
      name: row.step,
      on: row.acted_on,
      particulars: { ...row.particulars, ...number },
      by: row.actor_id,
      approvedBy: row.approved_by,
      evidenceDigest: row.evidence_digest,
    } as unknown as Step
    const known = steps.get(row.order_id)
    if (known === undefined) steps.set(row.order_id, [{ caseId: row.case_id, step }])
    else known.push({ caseId: row.case_id, step })
  }
  return steps
}

async function casesOf(db: Db | Trx, orderIds: readonly string[]): Promise<Map<string, FineCase[]>> {
  const rows = await enforcementTables(db)
    .selectFrom('fine_cases')
    .selectAll()
    .where(sql<boolean>`order_id = any(${orderIds}::bigint[])`)
    .orderBy('id')
    .execute()
  const cases = groupedBy(rows, (row) => row.order_id)
  return new Map(
    [...cases].map(([orderId, some]) => [
      orderId,
      some.map((row) => ({
        caseId: row.id,
        number: paperNumber(row.number_year, row.number),
        filedOn: row.filed_on,
        reporterId: row.reporter_id,
        secondId: row.second_id,
        filedById: row.filed_by,
      })),
    ]),
  )
}

/** What every matter of one command or page has in common. */
export interface Ground extends Pick<Matter, 'today' | 'calendars' | 'settings'> {
  /** Every grid whose first day has come, oldest first. */
  readonly grids: readonly DiscretionGrid[]
}

/** Calendars, settings and the discretion grids up to a day. */
export async function groundOn(db: Db | Trx, today: CivilDate): Promise<Ground> {
  const [calendars, settings, grids] = [await loadCalendars(db), await readSettings(db), await gridsUntil(db, today)]
  return { today, calendars, settings: settingsOf(settings), grids }
}

function settingsOf(settings: Settings): EnforcementSettings {
  return {
    publicNoticeDays: settings['service.public_notice_days'],
    defenceDays: settings['penalties.defence_days'],
    hearingThresholdOrganisation: money(settings['penalties.hearing_threshold_organisation']),
    hearingThresholdIndividual: money(settings['penalties.hearing_threshold_individual']),
    hearingThresholdIncluded: settings['penalties.hearing_threshold_included'],
    collectiveDiscussion: settings['penalties.collective_discussion'],
  }
}

async function gridsUntil(db: Db | Trx, on: CivilDate): Promise<DiscretionGrid[]> {
  const rows = await enforcementTables(db)
    .selectFrom('discretion_grids')
    .selectAll()
    .where('valid_from', '<=', on)
    .orderBy('valid_from')
    .execute()
  return rows.map((row) => ({
    documentNumber: row.document_no,
    validFrom: row.valid_from,
    rows: row.rows as unknown as DiscretionGrid['rows'],
  }))
}

/** The grids by the day the unlawful act was complete: the first day after the term of the order (APL 37). */
function gridsOfCase(grids: readonly DiscretionGrid[], termEndsOn: CivilDate | undefined): GridsOfCase {
  const wasInForce = ({ validFrom }: DiscretionGrid) => termEndsOn === undefined || validFrom <= plusDays(termEndsOn, 1)
  return { atLapse: grids.findLast(wasInForce), since: grids.filter((grid) => !wasInForce(grid)) }
}

/** The certificate numbers of everybody who has one, by staff id. */
export async function certificatesOf(db: Db | Trx): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('staff')
    .select(['id', 'certificate_no'])
    .where('certificate_no', 'is not', null)
    .execute()
  return new Map(
    rows.map(({ id, certificate_no: no }) => [id, plainCertificate(no ?? '')] as const).filter(([, no]) => no !== ''),
  )
}

/** A certificate number as letters and digits alone: 赣Ｂ-0001, 赣b 0001 and 赣B0001 are one card. */
const plainCertificate = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()

/** The payment on record under a number, in whatever case, with its reversal; `undefined` where the number is free. */
export async function referenceUse(db: Db | Trx, reference: string): Promise<ReferenceUse | undefined> {
  const { rows } = await sql<{
    number_year: number
    number: number
    paid_on: CivilDate
    reversed_on: CivilDate | null
  }>`
    select c.number_year, c.number, p.acted_on as paid_on,
      (select r.acted_on from enforcement_steps r where r.case_id = p.case_id and r.step = 'fine_payment_reversed'
        and r.particulars ->> 'reference' = ${reference}) as reversed_on
    from enforcement_steps p join fine_cases c on c.id = p.case_id
    where p.step = 'fine_paid' and p.particulars ->> 'reference' = ${reference}`.execute(db)
  const [row] = rows
  if (row === undefined) return undefined
  return { caseNumber: paperNumber(row.number_year, row.number), paidOn: row.paid_on, reversedOn: row.reversed_on }
}

/** What only the command at hand looks up for a matter. */
export type LookedUp = Pick<Matter, 'people' | 'certificates' | 'referenceUse'>
const nothingLookedUp: LookedUp = { people: new Map(), certificates: new Map(), referenceUse: undefined }

/** A matter for the rules from what was read: of the order's own log, or of one of its cases. */
export function matterOf(
  ground: Ground,
  file: OrderFile,
  caseId: string | null,
  lookedUp: LookedUp = nothingLookedUp,
): Matter {
  const found = file.cases.find(({ fineCase }) => fineCase.caseId === caseId)
  const steps = found?.steps ?? file.steps
  const { today, calendars, settings, grids } = ground
  const termEndsOn = lastStep(file.steps, 'order_served')?.particulars.termEndsOn
  return {
    today,
    calendars,
    settings,
    grids: gridsOfCase(grids, termEndsOn),
    party: file.party,
    order: file.order,
    orderSteps: file.steps,
    fineCase: found?.fineCase,
    steps,
    liveCase: file.cases.find((each) => endOf(each.steps) === undefined)?.fineCase.number,
    judgedCase: file.cases.find((each) => wasJudged(each.steps))?.fineCase.number,
    formerCases: file.formerCases.filter((each) => caseId === null || BigInt(each.caseId) < BigInt(caseId)),
    finePayments: finePaymentsOf(steps),
    ...lookedUp,
  }
}

function wasJudged(steps: readonly Step[]): boolean {
  return standingFine(steps).gt(zeroMoney) || lastStep(steps, 'no_penalty') !== undefined
}

/** Staff by code with what the rules ask of them on a day; unknown codes are left out. */
export async function peopleByCode(db: Db | Trx, codes: Iterable<string>, on: CivilDate): Promise<Map<string, Person>> {
  const people = new Map<string, Person>()
  for (const code of new Set(codes)) {
    const actor = await findActor(db, code, on)
    if (actor !== undefined)
      people.set(code, { id: actor.id, code, name: actor.name, isHearingHost: actor.roles.includes('hearing_host') })
  }
  return people
}
