import { type DateInterval, daysIn, intersect } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, type Money, moneyText, negateMoney, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { addVolumes, subtractVolume, volumeText, zeroVolume } from '../kernel/volume.ts'
import type { BillKind, BillLine, Derivation, DraftBill, LineComputation } from './bill.ts'

/** What was billed for one account, payer and month so far: every line of every bill that stands, corrections included. */
export interface BilledLine {
  readonly billId: string
  readonly number: string
  readonly dischargerId: DischargerId
  readonly line: BillLine
}

/** A red line says the opposite of the line it cancels, at the same rate version (decision 11). */
export function mirrorLine(number: string, line: BillLine): BillLine {
  return {
    ...line,
    volumeM3: subtractVolume(zeroVolume, line.volumeM3),
    amount: negateMoney(line.amount),
    derivation: { ...line.derivation, mirrors: number },
  }
}

export interface Adjustment {
  readonly dischargerId: DischargerId
  readonly kind: Extract<BillKind, 'upward' | 'downward'>
  readonly lines: readonly BillLine[]
  readonly amount: Money
}

/**
 * The difference between a month computed again from the facts and what stands billed, per payer: one line per category,
 * schedule version and use interval that changed. It is computed, never typed (decision 11); none where nothing changed.
 * A payer whose difference is 0.00 in sum gets no adjustment.
 */
export function adjustmentsBetween(
  recomputed: readonly DraftBill[],
  billed: readonly BilledLine[],
): readonly Adjustment[] {
  const payers = new Set<DischargerId>([
    ...recomputed.map((bill) => bill.dischargerId),
    ...billed.map((each) => each.dischargerId),
  ])
  const adjustments: Adjustment[] = []
  for (const dischargerId of payers) {
    const now = recomputed.find((bill) => bill.dischargerId === dischargerId)?.lines ?? []
    const before = billed.filter((each) => each.dischargerId === dischargerId)
    const lines = differingLines(now, before)
    const amount = addMoney(lines.map((line) => line.amount))
    if (amount.isZero()) continue
    adjustments.push({ dischargerId, kind: amount.isNegative() ? 'downward' : 'upward', lines, amount })
  }
  return adjustments
}

/** Lines are the same line when category and schedule version agree; the interval may have moved with the reading. */
const keyOf = (line: BillLine) => `${line.categoryCode}|${line.scheduleId}`

function differingLines(now: readonly BillLine[], before: readonly BilledLine[]): readonly BillLine[] {
  const keys = [...new Set([...now.map(keyOf), ...before.map((each) => keyOf(each.line))])]
  const lines: BillLine[] = []
  for (const key of keys) {
    const pairs = pairsOf(
      now.filter((line) => keyOf(line) === key),
      before.filter((each) => keyOf(each.line) === key),
    )
    for (const { recomputed, billed } of pairs) {
      const stands = addMoney(billed.map((each) => each.line.amount))
      const amount = subtractMoney(recomputed?.amount ?? zeroMoney, stands)
      const standsM3 = addVolumes(billed.map((each) => each.line.volumeM3))
      const volumeM3 = subtractVolume(recomputed?.volumeM3 ?? zeroVolume, standsM3)
      if (amount.isZero() && volumeM3.isZero()) continue
      const shape = present(recomputed ?? billed.at(-1)?.line, 'a difference has a line on one side')
      lines.push({ ...shape, amount, volumeM3, derivation: differenceOf(recomputed, billed, shape.derivation) })
    }
  }
  return lines
}

interface Pair {
  readonly recomputed: BillLine | undefined
  readonly billed: readonly BilledLine[]
}

/**
 * Holds each line that stands against the recomputed one that has its days. A key rarely has two lines (a payer who
 * left and came back); kept apart, each adjusting line keeps one computation that can be done again.
 */
function pairsOf(recomputed: readonly BillLine[], billed: readonly BilledLine[]): readonly Pair[] {
  if (recomputed.length < 2) return [{ recomputed: recomputed[0], billed }]
  const pairs = recomputed.map((line) => ({ recomputed: line, billed: [] as BilledLine[] }))
  for (const each of billed) {
    const common = (pair: Pair) => commonDays(each.line.used, pair.recomputed?.used)
    pairs.reduce((best, pair) => (common(pair) > common(best) ? pair : best)).billed.push(each)
  }
  return pairs
}

function commonDays(a: DateInterval, b: DateInterval | undefined): number {
  const common = b === undefined ? undefined : intersect(a, b)
  return common === undefined ? 0 : daysIn(common)
}

function differenceOf(now: BillLine | undefined, before: readonly BilledLine[], shape: Derivation): Derivation {
  const recomputed: LineComputation =
    now === undefined
      ? {
          volumeM3: volumeText(zeroVolume),
          amount: moneyText(zeroMoney),
          uses: [],
          meteredM3: volumeText(zeroVolume),
          monthShare: shape.monthShare,
          steps: [],
          unrounded: '0',
        }
      : {
          volumeM3: volumeText(now.volumeM3),
          amount: moneyText(now.amount),
          uses: now.derivation.uses,
          meteredM3: now.derivation.meteredM3,
          monthShare: now.derivation.monthShare,
          steps: now.derivation.steps,
          unrounded: now.derivation.unrounded,
        }
  return {
    clause: shape.clause,
    uses: [],
    meteredM3: volumeText(zeroVolume),
    monthShare: shape.monthShare,
    steps: [],
    unrounded: '0',
    rounding: 'half-up to 0.01',
    difference: {
      recomputed,
      billed: {
        volumeM3: volumeText(addVolumes(before.map((each) => each.line.volumeM3))),
        amount: moneyText(addMoney(before.map((each) => each.line.amount))),
        bills: [...new Set(before.map((each) => each.number))],
      },
    },
  }
}
