import type { RawBuilder } from 'kysely'
import { findDischarger } from '../dischargers/account.queries.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import { moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import { listed } from '../platform/pages/columns.tsx'
import { liesIn, type Period } from '../platform/period.ts'
import { listCases, listOrders } from './enforcement.queries.ts'
import type { OrderStanding } from './enforcement.ts'
import type { StepName } from './steps.ts'

/** What a list of files reaches back to. */
const newest = 5_000

/** One row of the list of orders. Where it stands follows from dates and payments, by the rules alone. */
export interface OrderListRow {
  readonly id: number
  readonly number: string
  readonly discharger_code: string
  readonly discharger_name: string
  readonly issued_on: CivilDate
  readonly standing: OrderStanding
  readonly term_ends_on: CivilDate | null
  readonly bills: number
  readonly amount: string
  readonly unpaid: string
  readonly cases: string
}

export async function orderRows(
  db: Db,
  today: CivilDate,
  filter: Period & { readonly discharger?: string; readonly standing?: OrderStanding },
): Promise<RawBuilder<OrderListRow> | Refusal> {
  const found = filter.discharger === undefined ? undefined : await findDischarger(db, filter.discharger)
  if (isRefusal(found)) return found
  const orders = await listOrders(db, today, {
    dischargerId: found?.dischargerId,
    standing: filter.standing,
    limit: newest,
  })
  return listed<OrderListRow>(
    {
      id: 'integer',
      number: 'text',
      discharger_code: 'text',
      discharger_name: 'text',
      issued_on: 'date',
      standing: 'text',
      term_ends_on: 'date',
      bills: 'integer',
      amount: 'numeric',
      unpaid: 'numeric',
      cases: 'text',
    },
    orders
      .filter(({ issuedOn }) => liesIn(issuedOn, filter))
      .map((order) => ({
        id: Number(order.orderId),
        number: order.number,
        discharger_code: order.dischargerCode,
        discharger_name: order.dischargerName,
        issued_on: order.issuedOn,
        standing: order.standing,
        term_ends_on: order.termEndsOn ?? null,
        bills: order.bills,
        amount: moneyText(order.amount),
        unpaid: moneyText(order.unpaid),
        cases: order.cases.join(' '),
      })),
  )
}

/** One row of the list of cases. */
export interface CaseListRow {
  readonly id: number
  readonly number: string
  readonly order_number: string
  readonly discharger_name: string
  readonly filed_on: CivilDate
  readonly last_step: StepName | null
  readonly is_over: boolean
  /** Nothing before it is decided, and none where it is not imposed. */
  readonly fine: string | null
  readonly outstanding: string | null
}

export async function caseRows(
  db: Db,
  today: CivilDate,
  filter: Period & { readonly open?: 'yes' | 'no'; readonly discharger?: string },
): Promise<RawBuilder<CaseListRow>> {
  const { open, discharger } = filter
  const found = await listCases(db, today, { open: open === 'yes', discharger, limit: newest })
  const cases = found.filter(({ isOver, filedOn }) => (open !== 'no' || isOver) && liesIn(filedOn, filter))
  return listed<CaseListRow>(
    {
      id: 'integer',
      number: 'text',
      order_number: 'text',
      discharger_name: 'text',
      filed_on: 'date',
      last_step: 'text',
      is_over: 'boolean',
      fine: 'numeric',
      outstanding: 'numeric',
    },
    cases.map((each) => ({
      id: Number(each.caseId),
      number: each.number,
      order_number: each.order,
      discharger_name: each.dischargerName,
      filed_on: each.filedOn,
      last_step: each.lastStep ?? null,
      is_over: each.isOver,
      fine: each.fine.isZero() ? null : moneyText(each.fine),
      outstanding: each.fine.isZero() ? null : moneyText(each.outstanding),
    })),
  )
}
