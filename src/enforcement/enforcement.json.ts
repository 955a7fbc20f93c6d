import { moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { ClaimDates } from './claim.rules.ts'
import type { Clock } from './clocks.rules.ts'
import type { CaseLine, FileView, OrderLine, WorkItem } from './enforcement.queries.ts'
import { fineOf, multiplierBounds } from './fine.rules.ts'
import { unpaidOfBill } from './order.rules.ts'
import type { Step } from './steps.ts'

/** The JSON of orders, cases and what is due: of the command line and of the API alike. */
export const orderLineJson = ({ orderId: _, ...line }: OrderLine) => ({
  ...line,
  termEndsOn: line.termEndsOn ?? null,
  amount: moneyText(line.amount),
  unpaid: moneyText(line.unpaid),
})

export const caseLineJson = ({ caseId: _, ...line }: CaseLine) => ({
  ...line,
  lastStep: line.lastStep ?? null,
  fine: moneyText(line.fine),
  outstanding: moneyText(line.outstanding),
})

export const workJson = ({
  what,
  by,
  until,
  from,
  step,
  calendarMissing,
  about,
  log,
  number,
  dischargerName,
}: WorkItem) => ({
  ...{ what, by, until, from, step, calendarMissing, about },
  ...{ log, number, dischargerName },
})

/** The least and the most a fine on this base may be. */
export const boundsOf = (base: FileView['state']['base']) =>
  [multiplierBounds.minimum, multiplierBounds.maximum].map((multiple) => fineOf(base, multiple))

const stepJson = ({ seq, name, on, particulars, evidenceDigest }: Step) => ({
  seq,
  name,
  on,
  particulars: { ...particulars },
  evidenceDigest,
})
const clockJson = (clock: Clock) => ({ ...clock })

function datesJson(dates: FileView['dates']) {
  if (dates === undefined) return null
  const known = (day: ClaimDates['courtBy']) => (isRefusal(day) ? null : day)
  return { reviewBy: known(dates.reviewBy), suitBy: known(dates.suitBy), courtBy: known(dates.courtBy) }
}

export function orderJson({ matter, state, clocks, dates }: FileView) {
  const { order, steps } = matter
  return {
    number: order.number,
    discharger: { code: order.dischargerCode, name: order.dischargerName },
    issuedOn: order.issuedOn,
    termDays: order.termDays,
    standing: state.standing,
    servedOn: state.servedOn ?? null,
    termEndsOn: state.termEndsOn ?? null,
    unpaid: moneyText(state.unpaid),
    base: moneyText(state.base),
    bills: order.bills.map((bill) => ({
      number: bill.number,
      accountNo: bill.accountNo,
      feeMonth: bill.feeMonth,
      dueOn: bill.dueOn,
      named: moneyText(bill.named),
      unpaid: moneyText(unpaidOfBill(bill, matter.today)),
      estimated: bill.estimated,
      reviewed: bill.reviewed,
      objected: bill.objected,
    })),
    dates: datesJson(dates),
    steps: steps.map(stepJson),
    clocks: clocks.map(clockJson),
  }
}

export function caseJson({ matter, state, balance, dates, clocks, names }: FileView) {
  const { order, fineCase, steps } = matter
  const person = (id: string | undefined) => (id === undefined ? null : (names.get(id) ?? null))
  return {
    number: fineCase?.number ?? '',
    order: order.number,
    discharger: { code: order.dischargerCode, name: order.dischargerName },
    filedOn: fineCase?.filedOn ?? null,
    officers: [person(fineCase?.reporterId), person(fineCase?.secondId)],
    filedBy: person(fineCase?.filedById),
    base: moneyText(state.base),
    bounds: boundsOf(state.base).map(moneyText),
    balance:
      balance === undefined
        ? null
        : {
            fine: moneyText(balance.fine),
            addition: { ...balance.addition, amount: moneyText(balance.addition.amount) },
            paid: moneyText(balance.paid),
            outstanding: moneyText(balance.outstanding),
          },
    dates: datesJson(dates),
    steps: steps.map(stepJson),
    clocks: clocks.map(clockJson),
  }
}
