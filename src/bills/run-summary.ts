import { censusCount } from '../dischargers/roster.queries.ts'
import type { FeeMonth } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import { addMoney, type Money, money, moneyText } from '../kernel/money.ts'
import { addVolumes, type Volume, volume, volumeText } from '../kernel/volume.ts'
import { sha256 } from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { readSettings } from '../platform/settings.ts'
import { openingVolumes } from '../readings/reading.queries.ts'
import { type BillRun, billedMonths, draftBlocks } from './bill.queries.ts'
import { censusScope, factsMark } from './bill-draft.ts'
import type { Outlier, RunScope } from './bill-run.ts'
import { type BrakeFinding, brake } from './brake.rules.ts'

/** What an approver sees of a drafted run, and what issuing checks again. */
export interface RunSummary {
  readonly runId: string
  readonly feeMonth: FeeMonth
  /** Of the whole draft: an approval names it. */
  readonly digest: string
  /** Roster accounts of the run's set, less those billed by earlier runs of the month. */
  readonly census: {
    readonly roster: number
    readonly billedBefore: number
    readonly billed: number
    readonly held: number
    readonly exempt: number
  }
  readonly drafted: number
  readonly complete: boolean
  readonly factsChanged: boolean
  readonly bills: number
  readonly adjustments: number
  readonly trueUpsLeft: number
  readonly volumeM3: string
  readonly amount: string
  readonly amountByMonth: Readonly<Record<string, string>>
  readonly heldByCode: Readonly<Record<string, number>>
  readonly outliers: readonly Outlier[]
  readonly outlierCount: number
  readonly brake: readonly BrakeFinding[]
}

/** Adds up the drafted blocks of a run and holds them against the roster and against history. */
export async function summariseRun(db: Db | Trx, run: BillRun): Promise<RunSummary> {
  const blocks = await draftBlocks(db, run.runId)
  const mark = await factsMark(db)
  const settings = await readSettings(db)
  const inScope = await censusCount(db, censusScope(run))
  const sum = {
    accounts: 0,
    visited: 0,
    billed: 0,
    held: 0,
    exempt: 0,
    bills: 0,
    adjustments: 0,
    trueUpsLeft: 0,
    outlierCount: 0,
  }
  const amounts = new Map<string, Money[]>()
  const heldByCode: Record<string, number> = {}
  const outliers: Outlier[] = []
  const volumes: Volume[] = []
  for (const { summary } of blocks) {
    sum.accounts += summary.accounts
    sum.visited += summary.visited
    sum.billed += summary.billed
    sum.held += summary.held
    sum.exempt += summary.exempt
    sum.bills += summary.bills
    sum.adjustments += summary.adjustments
    sum.trueUpsLeft += summary.trueUpsLeft
    sum.outlierCount += summary.outlierCount
    volumes.push(volume(summary.volumeM3))
    outliers.push(...summary.outliers)
    for (const [month, amount] of Object.entries(summary.amountByMonth))
      amounts.set(month, [...(amounts.get(month) ?? []), money(amount)])
    for (const [code, count] of Object.entries(summary.heldByCode)) heldByCode[code] = (heldByCode[code] ?? 0) + count
  }
  const amountByMonth = Object.fromEntries(
    [...amounts].sort().map(([month, each]) => [month, moneyText(addMoney(each))]),
  )
  const amount = addMoney([...amounts.values()].flat())
  const volumeM3 = addVolumes(volumes)
  const billed = await billedMonths(db, run.feeMonth, monthsCompared, run.scope)
  const [soFar] = billed.filter(({ feeMonth }) => feeMonth === run.feeMonth)
  const before = billed.filter(({ feeMonth }) => feeMonth !== run.feeMonth)
  const month = {
    feeMonth: run.feeMonth,
    accounts: sum.billed + (soFar?.accounts ?? 0),
    amount: addMoney([...(amounts.get(run.feeMonth) ?? []), ...(soFar === undefined ? [] : [soFar.amount])]),
    volumeM3: addVolumes([volumeM3, ...(soFar === undefined ? [] : [soFar.volumeM3])]),
    outliers: sum.outlierCount,
  }
  const isFirst = before.length === 0
  const usesM3 = isFirst ? await openingVolumes(db, run.feeMonth, monthsCompared, accountsOf(run.scope)) : []
  const findings = brake(
    month,
    { billed: before, usesM3 },
    { countShare: settings['brake.count_share'], totalShare: settings['brake.total_share'] },
  )
  return {
    runId: run.runId,
    feeMonth: run.feeMonth,
    digest: sha256(blocks.map((block) => block.digest).join('\n')),
    census: {
      roster: inScope,
      billedBefore: sum.visited - sum.accounts,
      billed: sum.billed,
      held: sum.held,
      exempt: sum.exempt,
    },
    drafted: sum.visited,
    complete: sum.visited === inScope,
    factsChanged: blocks.some((block) => block.factsMark !== mark),
    bills: sum.bills,
    adjustments: sum.adjustments,
    trueUpsLeft: sum.trueUpsLeft,
    volumeM3: volumeText(volumeM3),
    amount: moneyText(amount),
    amountByMonth,
    heldByCode,
    outliers: outliers.slice(0, 50),
    outlierCount: sum.outlierCount,
    brake: findings,
  }
}

const monthsCompared = 3

function accountsOf(scope: RunScope): readonly AccountId[] | undefined {
  return scope.kind === 'all' ? undefined : scope.accountIds
}

/** billed + held + exempt (+ billed by earlier runs of the month) = roster: without it no approval (what must hold, 1). */
export function censusAddsUp({ census }: RunSummary): boolean {
  return census.billed + census.held + census.exempt + census.billedBefore === census.roster
}
