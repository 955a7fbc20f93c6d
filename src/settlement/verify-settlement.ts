import { sql } from 'kysely'
import { trialBalance } from '../journal/journal.queries.ts'
import type { TieOut } from '../journal/subledger.ts'
import { type CivilDate, firstDay, plusMonths } from '../kernel/calendar.ts'
import { addMoney, moneyText, negateMoney, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { volume } from '../kernel/volume.ts'
import type { Services } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { listClaims } from './claim.queries.ts'
import { computeClaim, expenseOf } from './claim.rules.ts'
import { digestOf } from './claim-facts.ts'
import { concessionsOf } from './concession.queries.ts'
import type { Concession } from './concession.ts'
import type { Effluent, PlantDay } from './plant-day.ts'
import { concessionEndProposal } from './propose-concession.ts'
import type { ConcessionEnd } from './propose-concession-end.ts'
import type { ClaimStep, ServiceFeeClaim } from './service-fee-claim.ts'

export interface SettlementFault {
  readonly claim: string
  readonly stored: string
  readonly derived: string
}

/** The plant's control accounts beside what the claims add up to (domain §8). */
export async function settlementTieOut(db: Db | Trx): Promise<TieOut[]> {
  const claims = await listClaims(db)
  const sumOf = (step: ClaimStep, amount: (claim: ServiceFeeClaim) => typeof zeroMoney) =>
    addMoney(claims.filter(({ steps }) => has(steps, step) && !has(steps, 'returned')).map(amount))
  const expense = sumOf('approved', expenseOf)
  const paid = sumOf('paid', ({ payableAmount }) => payableAmount)
  const { accounts } = await trialBalance(db)
  const books = (code: string) => accounts.find(({ accountCode }) => accountCode === code)?.balance ?? zeroMoney
  const tie = (accountCode: TieOut['accountCode'], subledger: typeof zeroMoney): TieOut[] => {
    const inBooks = books(accountCode)
    return inBooks.isZero() && subledger.isZero() ? [] : [{ accountCode, feeMonth: null, books: inBooks, subledger }]
  }
  return [
    ...tie('service_fee_expense', expense),
    ...tie('service_fee_payable', subtractMoney(paid, expense)),
    ...tie('service_fee_appropriation', negateMoney(paid)),
  ]
}

const has = (steps: ServiceFeeClaim['steps'], wanted: ClaimStep): boolean => steps.some(({ step }) => step === wanted)

/**
 * Computes every claim again from what was known when it was made: days, agreements and earlier claims that later
 * commands changed are taken as they stood. Reads only.
 */
export async function verifySettlement(services: Services): Promise<{ claims: number; faults: SettlementFault[] }> {
  const { db } = services
  const history = await factsWithTheirEvents(db)
  const claims = await listClaims(db)
  const faults: SettlementFault[] = []
  for (const [index, claim] of claims.entries()) {
    const seq = history.claimed.get(claim.claimId) ?? 0n
    const knownThen = (each: bigint | undefined) => each !== undefined && each < seq
    const earlier = claims
      .filter((other) => other.plantId === claim.plantId && other.month < claim.month)
      .filter(({ claimId }) => knownThen(history.claimed.get(claimId)) && !knownThen(history.returned.get(claimId)))
      .sort((a, b) => (a.month < b.month ? -1 : 1))
    const again = computeClaim(claim.month, {
      plant: claim.plantCode,
      earlier,
      agreements: history.agreements
        .filter(({ agreement, seq: begun }) => agreement.plantId === claim.plantId && begun < seq)
        .map(({ agreement, ended }) => (knownThen(ended) ? agreement : { ...agreement, validUntil: null })),
      days: daysKnownThen(history.days, claim, seq),
    })
    if (isRefusal(again))
      faults.push({ claim: claim.number, stored: moneyText(claim.payableAmount), derived: again.code })
    else if (digestOf(again) !== claim.digest || digestOf(claim.calculation) !== claim.digest || !sameAmounts(claim))
      faults.push({ claim: claim.number, stored: moneyText(claim.payableAmount), derived: again.payable })
    services.progress?.({ what: '重算服务费 computing claims again', done: index + 1, total: claims.length })
  }
  return { claims: claims.length, faults }
}

function sameAmounts({ calculation, ...claim }: ServiceFeeClaim): boolean {
  const { fee, corrected, carriedIn, payable } = calculation
  const stored = [claim.feeAmount, claim.correctionAmount, claim.carriedAmount, claim.payableAmount].map(moneyText)
  return stored.join() === [fee.amount, corrected, carriedIn, payable].join() && fee.month === claim.month
}

interface DayWithEvent {
  readonly plantId: string
  readonly record: PlantDay
  readonly seq: bigint
  readonly replacedAt: bigint | undefined
}

function daysKnownThen(
  days: readonly DayWithEvent[],
  { plantId, month }: ServiceFeeClaim,
  seq: bigint,
): Map<CivilDate, PlantDay> {
  const until = firstDay(plusMonths(month, 1))
  return new Map(
    days
      .filter((day) => day.plantId === plantId && day.record.day < until && day.seq < seq)
      .filter(({ replacedAt }) => replacedAt === undefined || replacedAt > seq)
      .map(({ record }) => [record.day, record]),
  )
}

/** Days, agreements and claims with the numbers of the events that made and ended them. */
async function factsWithTheirEvents(db: Db) {
  const { rows: days } = await sql<{
    plant_id: string
    day: CivilDate
    treated_m3: string
    inflow_m3: string | null
    effluent: Effluent
    seq: string
    replaced_at: string | null
  }>`
    select d.plant_id, d.day, d.treated_m3, d.inflow_m3, d.effluent, e.seq, later_event.seq as replaced_at
    from plant_days d join audit_events e on e.command_id = d.command_id
      left join plant_days later on later.replaces = d.id
      left join audit_events later_event on later_event.command_id = later.command_id`.execute(db)
  const { rows: steps } = await sql<{ claim_id: string; step: ClaimStep; seq: string }>`
    select s.claim_id, s.step, e.seq from service_fee_steps s join audit_events e on e.command_id = s.command_id
    where s.step in ('claimed', 'returned')`.execute(db)
  const { rows: begun } = await sql<{ code: string; seq: string }>`
    select a.code, e.seq from concession_agreements a join audit_events e on e.command_id = a.command_id`.execute(db)
  const { rows: ends } = await sql<{ content: ConcessionEnd; seq: string }>`
    select p.content, e.seq from proposals p join proposal_decisions d on d.proposal_id = p.id and d.decision = 'approved'
      join audit_events e on e.command_id = d.command_id where p.kind = ${concessionEndProposal}`.execute(db)
  const events = (step: ClaimStep) =>
    new Map(steps.filter((each) => each.step === step).map(({ claim_id, seq }) => [claim_id, BigInt(seq)]))
  const seqOf = new Map(begun.map(({ code, seq }) => [code, BigInt(seq)]))
  const endOf = new Map(ends.map(({ content, seq }) => [content.code, BigInt(seq)]))
  return {
    days: days.map(
      (row): DayWithEvent => ({
        plantId: row.plant_id,
        record: {
          day: row.day,
          treatedM3: volume(row.treated_m3),
          inflowM3: row.inflow_m3 === null ? null : volume(row.inflow_m3),
          effluent: row.effluent,
        },
        seq: BigInt(row.seq),
        replacedAt: row.replaced_at === null ? undefined : BigInt(row.replaced_at),
      }),
    ),
    claimed: events('claimed'),
    returned: events('returned'),
    agreements: (await concessionsOf(db)).map((agreement: Concession) => ({
      agreement,
      seq: seqOf.get(agreement.code) ?? 0n,
      ended: endOf.get(agreement.code),
    })),
  }
}
