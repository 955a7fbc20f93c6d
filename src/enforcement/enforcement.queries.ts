import { sql } from 'kysely'
import { type CivilDate, holdsOn, plusDays } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import { addMoney, type Money } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'
import { listStaff } from '../platform/staff.queries.ts'
import { type ClaimDates, claimDates, claimOf, type FineBalance, fineBalance, finePaymentsOf } from './claim.rules.ts'
import { type Clock, clocksOf, isWait } from './clocks.rules.ts'
import type { Matter, OrderStanding } from './enforcement.ts'
import { endOf } from './gates.rules.ts'
import { findLog, groundOn, type LogKind, matterOf, orderFiles } from './matter.queries.ts'
import { orderState } from './order.rules.ts'
import type { StepName } from './steps.ts'

/** An order in a list, as of a day. Amounts in yuan. */
export interface OrderLine {
  readonly orderId: string
  readonly number: string
  readonly dischargerCode: string
  readonly dischargerName: string
  readonly issuedOn: CivilDate
  readonly standing: OrderStanding
  readonly termEndsOn: CivilDate | undefined
  readonly amount: Money
  readonly unpaid: Money
  readonly bills: number
  /** Numbers of its cases. */
  readonly cases: readonly string[]
}

/** Orders newest first, as of a day. */
export async function listOrders(
  db: Db | Trx,
  today: CivilDate,
  filter: {
    readonly dischargerId?: DischargerId | undefined
    readonly standing?: OrderStanding | undefined
    /** Orders older than this one. */
    readonly before?: string | undefined
    readonly limit: number
  },
): Promise<OrderLine[]> {
  const files = await orderFiles(db, filter)
  return files
    .map(({ order, steps, cases }) => {
      const { standing, termEndsOn, unpaid } = orderState(order, steps, today)
      return {
        orderId: order.orderId,
        number: order.number,
        dischargerCode: order.dischargerCode,
        dischargerName: order.dischargerName,
        issuedOn: order.issuedOn,
        standing,
        termEndsOn,
        amount: addMoney(order.bills.map(({ named }) => named)),
        unpaid,
        bills: order.bills.length,
        cases: cases.map(({ fineCase }) => fineCase.number),
      }
    })
    .filter(({ standing }) => filter.standing === undefined || standing === filter.standing)
}

/** A case in a list: the last step taken says where it is. Amounts in yuan. */
export interface CaseLine {
  readonly caseId: string
  readonly number: string
  readonly order: string
  readonly dischargerName: string
  readonly filedOn: CivilDate
  readonly lastStep: StepName | undefined
  readonly isOver: boolean
  readonly fine: Money
  readonly outstanding: Money
}

/** Cases newest first, as of a day. */
export async function listCases(
  db: Db | Trx,
  today: CivilDate,
  filter: {
    readonly open?: boolean
    /** The code of the party. */
    readonly discharger?: string | undefined
    readonly before?: string | undefined
    readonly limit: number
  },
): Promise<CaseLine[]> {
  const { discharger } = filter
  const older = filter.before === undefined ? sql`true` : sql`id < ${filter.before}::bigint`
  const over = sql`exists (select from enforcement_steps s where s.case_id = c.id and (s.step in ('closed', 'no_penalty', 'annulled')
    or (s.step in ('review_decided', 'suit_decided') and s.particulars ->> 'outcome' = 'annulled')))`
  const ordersOf = sql`c.order_id in (
    select o.id from orders_to_pay o join dischargers d on d.id = o.discharger_id where d.code = ${discharger})`
  const { rows } = await sql<{ id: string; order_id: string }>`
    select id, order_id from fine_cases c where ${older} and ${filter.open ? sql`not ${over}` : sql`true`}
      and ${discharger === undefined ? sql`true` : ordersOf}
    order by id desc limit ${filter.limit}`.execute(db)
  const files = await orderFiles(db, { orderIds: [...new Set(rows.map((row) => row.order_id))] })
  const cases = new Map(
    files.flatMap((file) => file.cases.map((each) => [each.fineCase.caseId, { order: file.order, ...each }] as const)),
  )
  return rows.flatMap(({ id }) => {
    const found = cases.get(id)
    if (found === undefined) return []
    const { order, fineCase, steps } = found
    const balance = fineBalance(steps, finePaymentsOf(steps), today)
    return [
      {
        caseId: id,
        number: fineCase.number,
        order: order.number,
        dischargerName: order.dischargerName,
        filedOn: fineCase.filedOn,
        lastStep: steps.at(-1)?.name,
        isOver: endOf(steps) !== undefined,
        fine: balance.fine,
        outstanding: balance.outstanding,
      },
    ]
  })
}

/** Everything on one order or case as of a day, for a page, the command line or a document. */
export interface FileView {
  readonly matter: Matter
  readonly state: ReturnType<typeof orderState>
  /** Of a case. */
  readonly balance: FineBalance | undefined
  /** Last days of the claim, once it runs. */
  readonly dates: ClaimDates | undefined
  readonly clocks: readonly Clock[]
  /** Names of staff by id. */
  readonly names: ReadonlyMap<string, { readonly name: string; readonly certificateNo: string | null }>
}

/** The file of an order or a case by its number; `undefined` where there is none. */
export async function viewFile(
  db: Db | Trx,
  kind: LogKind,
  number: string,
  today: CivilDate,
): Promise<FileView | undefined> {
  const key = await findLog(db, kind, number)
  if (key === undefined) return undefined
  const [file] = await orderFiles(db, { orderIds: [key.orderId] })
  if (file === undefined) return undefined
  const matter = matterOf(await groundOn(db, today), file, key.caseId)
  const claim = claimOf(matter)
  const dates =
    claim.servedOn === undefined || claim.performBy === undefined
      ? undefined
      : claimDates(claim.servedOn, claim.performBy, matter.steps, matter.calendars)
  return {
    matter,
    state: orderState(matter.order, matter.orderSteps, today),
    balance: matter.fineCase === undefined ? undefined : fineBalance(matter.steps, matter.finePayments, today),
    dates,
    clocks: clocksOf(matter),
    names: await staffNames(db),
  }
}

/** Who looks, as the rules know people: what they may do depends on their own part in the file. */
export async function staffIdOf(db: Db | Trx, code: string): Promise<string> {
  const row = await db.selectFrom('staff').select('id').where('code', '=', code).executeTakeFirst()
  return row?.id ?? ''
}

async function staffNames(db: Db | Trx): Promise<FileView['names']> {
  const rows = await db.selectFrom('staff').select(['id', 'name', 'certificate_no']).execute()
  return new Map(rows.map((row) => [row.id, { name: row.name, certificateNo: row.certificate_no }]))
}

/** One thing to do, on which file. */
export interface WorkItem extends Clock {
  readonly log: LogKind
  readonly number: string
  readonly dischargerName: string
}

const filesPerBlock = 500

/**
 * What is due as of a day on every live order and case, the most urgent first: what the office must do by its last day
 * (without one: now), then what it waits for. `within` leaves out what is due later than that many days from now. Jobs, pages and the command line
 * ask this; it only reads.
 */
export async function workOn(
  db: Db | Trx,
  today: CivilDate,
  filter: { readonly within?: number | undefined } = {},
): Promise<WorkItem[]> {
  const { rows } = await sql<{ id: string }>`
    select o.id from orders_to_pay o
    where exists (select from live_orders l join open_items i on i.bill_id = l.bill_id where l.order_id = o.id and i.outstanding > 0)
      or exists (
        select from fine_cases c where c.order_id = o.id and not exists (
          select from enforcement_steps s where s.case_id = c.id and s.step in ('no_penalty', 'annulled')))
    order by o.id`.execute(db)
  const ground = await groundOn(db, today)
  const items: WorkItem[] = []
  for (let from = 0; from < rows.length; from += filesPerBlock) {
    const files = await orderFiles(db, { orderIds: rows.slice(from, from + filesPerBlock).map(({ id }) => id) })
    for (const file of files) {
      const { dischargerName } = file.order
      const named = { log: 'order' as const, number: file.order.number, dischargerName }
      for (const clock of clocksOf(matterOf(ground, file, null))) items.push({ ...clock, ...named })
      for (const { fineCase } of file.cases)
        for (const clock of clocksOf(matterOf(ground, file, fineCase.caseId)))
          items.push({ ...clock, log: 'case', number: fineCase.number, dischargerName })
    }
  }
  const latest = filter.within === undefined ? undefined : plusDays(today, filter.within)
  return items
    .filter(({ until, from }) => latest === undefined || (until === null ? (from ?? today) : until) <= latest)
    .toSorted(
      (a, b) =>
        Number(isWait(a)) - Number(isWait(b)) ||
        compare(a.until ?? today, b.until ?? today) ||
        compare(a.number, b.number),
    )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Who may host a hearing on a day, by staff code: the gate tells who of them has another part in a case. */
export async function hearingHosts(db: Db, today: CivilDate): Promise<(readonly [code: string, name: string])[]> {
  const staff = await listStaff(db, today)
  return staff
    .filter(({ roles }) => roles.some(({ role, validity }) => role === 'hearing_host' && holdsOn(validity, today)))
    .map(({ code, name }) => [code, name] as const)
}
