import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type FineBalance, fineBalance } from './claim.rules.ts'
import { type Clock, clocksOf } from './clocks.rules.ts'
import type { Matter } from './enforcement.ts'
import { groundOn, type LogKind, matterOf, orderFiles } from './matter.queries.ts'
import { type OrderState, orderState } from './order.rules.ts'
import { lastStep } from './step-log.ts'
import type { Step, StepName } from './steps.ts'

/** An order or a case as its party may see it. */
export interface PartyFile {
  readonly log: LogKind
  readonly number: string
  readonly matter: Matter
  readonly state: OrderState
  /** Of a case. */
  readonly balance: FineBalance | undefined
  /** What the party may or must do, and by when. */
  readonly clocks: readonly Clock[]
  /** Of its own log, what the party was told or did itself. */
  readonly steps: readonly Step[]
}

/** What is within the office until it is served is not for the party: filings, investigations, opinions, drafts. */
const toldToParty: ReadonlySet<StepName> = new Set<StepName>([
  'order_served',
  'order_withdrawn',
  'notice_served',
  'defence_received',
  'defence_rechecked',
  'rights_waived',
  'hearing_requested',
  'hearing_notified',
  'hearing_held',
  'hearing_dropped',
  'no_penalty',
  'decision_served',
  'deferred',
  'fine_paid',
  'fine_payment_reversed',
  'fine_refunded',
  'annulled',
  'review_filed',
  'review_decided',
  'suit_filed',
  'suit_decided',
  'demand_served',
  'court_ruled',
  'closed',
])

const filesShown = 100

/**
 * The orders and cases of some dischargers as of a day, newest first, from the day on which the first paper of each was
 * served: before that the party has not been told, and a page is no service of a paper.
 */
export async function partyFiles(
  db: Db | Trx,
  dischargers: readonly DischargerId[],
  today: CivilDate,
): Promise<PartyFile[]> {
  const ground = await groundOn(db, today)
  const found: PartyFile[] = []
  for (const dischargerId of dischargers) {
    for (const file of await orderFiles(db, { dischargerId, limit: filesShown })) {
      const service = lastStep(file.steps, 'order_served')
      if (service === undefined || service.particulars.servedOn > today) continue
      const state = orderState(file.order, file.steps, today)
      found.push(viewOf('order', file.order.number, matterOf(ground, file, null), state))
      for (const { fineCase, steps } of file.cases) {
        const told = lastStep(steps, 'notice_served') ?? lastStep(steps, 'decision_served')
        if (told === undefined || told.particulars.servedOn > today) continue
        found.push(viewOf('case', fineCase.number, matterOf(ground, file, fineCase.caseId), state))
      }
    }
  }
  return found.toSorted((a, b) => (a.matter.order.issuedOn < b.matter.order.issuedOn ? 1 : -1))
}

function viewOf(log: LogKind, number: string, matter: Matter, state: OrderState): PartyFile {
  return {
    log,
    number,
    matter,
    state,
    balance: log === 'case' ? fineBalance(matter.steps, matter.finePayments, matter.today) : undefined,
    clocks: clocksOf(matter).filter(({ by }) => by === 'party'),
    steps: matter.steps.filter(({ name }) => toldToParty.has(name)),
  }
}

/** One of them by its number; `undefined` where it is not theirs, or not served yet. */
export async function partyFile(
  db: Db | Trx,
  dischargers: readonly DischargerId[],
  log: LogKind,
  number: string,
  today: CivilDate,
): Promise<PartyFile | undefined> {
  const files = await partyFiles(db, dischargers, today)
  return files.find((file) => file.log === log && file.number === number)
}

/** A paper as the party has it: its number, what it is, since when it counts as served, the file it was kept as. */
export interface PaperServed {
  readonly number: string
  readonly kind: string
  readonly servedOn: CivilDate
  readonly fileDigest: string
}

/** The papers of an order or a case that were served on its party by a day, in the order of their service. */
export async function papersServed(
  db: Db | Trx,
  { matter }: Pick<PartyFile, 'matter'>,
  today: CivilDate,
): Promise<PaperServed[]> {
  const { orderId } = matter.order
  const caseId = matter.fineCase?.caseId ?? null
  const { rows } = await sql<PaperServed>`
    select d.number, d.kind, paper_served_on(d.command_id) as "servedOn", d.file_digest as "fileDigest"
    from issued_documents d
    where d.command_id in (
        select o.command_id from orders_to_pay o where o.id = ${orderId}::bigint and ${caseId}::bigint is null
        union all
        select s.command_id from enforcement_steps s
        where s.order_id = ${orderId}::bigint and s.case_id is not distinct from ${caseId}::bigint)
      and paper_served_on(d.command_id) <= ${today}::date
    order by 3, d.id`.execute(db)
  return rows
}
