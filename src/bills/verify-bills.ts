import { sql } from 'kysely'
import { balancesByMonth } from '../journal/journal.queries.ts'
import type { FeeMonth } from '../kernel/calendar.ts'
import { Exact, plainText } from '../kernel/decimal.ts'
import type { BillId } from '../kernel/ids.ts'
import { addMoney, money, moneyText, negateMoney, roundToMoney, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import {
  addVolumes,
  roundToVolume,
  splitVolumeByDays,
  subtractVolume,
  type Volume,
  volume,
  volumeText,
  zeroVolume,
} from '../kernel/volume.ts'
import type { Services } from '../platform/command.ts'
import { priceVolume } from '../tariffs/price.rules.ts'
import type { PriceTable } from '../tariffs/price.ts'
import { scheduleTables } from '../tariffs/rate-schedule.queries.ts'
import { billedByMonth, linesOf, listBills } from './bill.queries.ts'
import type { Bill, BillLine, Derivation, LineComputation, LineUse } from './bill.ts'

export interface BillFault {
  readonly number: string
  readonly line: number
  readonly zh: string
  readonly en: string
}

/** A month whose bills are not what the books say is due to the treasury for it. */
export interface MonthFault {
  readonly feeMonth: FeeMonth
  readonly billed: string
  readonly booked: string
}

/**
 * Computes every issued bill again from its frozen inputs and compares to the fen (what must hold, 5). Reads only; bills
 * are taken a block at a time. Opening bills have nothing behind them but the signed list, so only their sums are checked.
 * Over all bills, the sum of each month is held against what the books say is due to the treasury (what must hold, 2).
 */
export async function verifyBills(
  services: Services,
  runId?: string,
): Promise<{ checked: number; lines: number; faults: BillFault[]; monthFaults: MonthFault[] }> {
  const { db } = services
  const schedules = await scheduleTables(db)
  const faults: BillFault[] = []
  let checked = 0
  let lineCount = 0
  let after: BillId | undefined
  for (;;) {
    const bills = await listBills(db, { runId, afterBillId: after, limit: 5_000 })
    const last = bills.at(-1)
    if (last === undefined) break
    after = last.billId
    const lines = await linesOf(
      db,
      bills.map((bill) => bill.billId),
    )
    for (const bill of bills) {
      const ofBill = lines.get(bill.billId) ?? []
      lineCount += ofBill.length
      faults.push(...faultsOf(bill, ofBill, schedules))
    }
    checked += bills.length
    services.progress?.({ what: '重算账单', done: checked, total: undefined })
  }
  return { checked, lines: lineCount, faults, monthFaults: runId === undefined ? await compareWithBooks(db) : [] }
}

/**
 * What bills say of each month beside their own entries. The account holds money of other stages too (what collectors held
 * at go-live); that the whole of it ties is the tie-out's to say.
 */
async function compareWithBooks(db: Services['db']): Promise<MonthFault[]> {
  const billed = await billedByMonth(db)
  const { rows } = await sql<{ entry_id: string }>`select entry_id from bill_issues where entry_id is not null`.execute(
    db,
  )
  const due = await balancesByMonth(
    db,
    'fees_due_to_treasury',
    rows.map(({ entry_id }) => entry_id),
  )
  const months = [...new Set([...billed.keys(), ...due.keys()])].sort()
  return months.flatMap((feeMonth) => {
    const ofBills = billed.get(feeMonth) ?? zeroMoney
    const booked = negateMoney(due.get(feeMonth) ?? zeroMoney)
    return ofBills.equals(booked) ? [] : [{ feeMonth, billed: moneyText(ofBills), booked: moneyText(booked) }]
  })
}

/** Everything that does not add up in one bill. */
export function faultsOf(
  bill: Bill,
  lines: readonly BillLine[],
  schedules: ReadonlyMap<string, PriceTable>,
): BillFault[] {
  const faults: BillFault[] = []
  const fault = (line: number, zh: string, en: string) => void faults.push({ number: bill.number, line, zh, en })
  if (!addMoney(lines.map((line) => line.amount)).equals(bill.totalAmount)) {
    fault(0, '账单合计不等于各行之和', 'the total is not the sum of the lines')
  }
  if (!addVolumes(lines.map((line) => line.volumeM3)).equals(bill.volumeM3)) {
    fault(0, '账单水量不等于各行之和', 'the volume is not the sum of the lines')
  }
  lines.forEach((line, index) => {
    const expected = recompute(line, schedules)
    if (expected === undefined) return
    if (isFault(expected)) {
      fault(index + 1, expected.zh, expected.en)
      return
    }
    const { amount, volumeM3 } = expected
    const billed = { amount: moneyText(line.amount), volumeM3: volumeText(line.volumeM3) }
    if (amount !== billed.amount) {
      fault(index + 1, `重算 ${amount}，账单 ${billed.amount}`, `computed again ${amount}, billed ${billed.amount}`)
    }
    if (volumeM3 !== billed.volumeM3) {
      fault(
        index + 1,
        `水量重算 ${volumeM3}，账单 ${billed.volumeM3}`,
        `volume computed again ${volumeM3}, billed ${billed.volumeM3}`,
      )
    }
  })
  return faults
}

interface Fault {
  readonly zh: string
  readonly en: string
}
interface Recomputed {
  readonly amount: string
  readonly volumeM3: string
}
const isFault = (value: Recomputed | Fault): value is Fault => 'zh' in value

type Schedules = ReadonlyMap<string, PriceTable>

/** Amount and volume of a line from its own derivation; `undefined` where an opening list is all there is. */
function recompute(line: BillLine, schedules: Schedules): Recomputed | Fault | undefined {
  const { derivation } = line
  if (derivation.opening !== undefined) return undefined
  const computed =
    derivation.difference === undefined
      ? computeAgain(line, derivation, schedules)
      : differenceAgain(line, derivation.difference, schedules)
  if (isFault(computed) || derivation.mirrors === undefined) return computed
  return {
    amount: moneyText(negateMoney(money(computed.amount))),
    volumeM3: volumeText(subtractVolume(zeroVolume, volume(computed.volumeM3))),
  }
}

/** An adjusting line: its recomputed side is computed again too, then what stood billed is taken off. */
function differenceAgain(
  line: BillLine,
  { recomputed, billed }: NonNullable<Derivation['difference']>,
  schedules: Schedules,
): Recomputed | Fault {
  const nothing = recomputed.uses.length === 0
  const again = nothing ? { amount: '0.00', volumeM3: '0.000' } : computeAgain(line, recomputed, schedules)
  if (isFault(again)) return again
  if (again.amount !== recomputed.amount || again.volumeM3 !== recomputed.volumeM3) {
    return {
      zh: `重算一方应为 ${again.amount}（${again.volumeM3} m³），记录 ${recomputed.amount}（${recomputed.volumeM3} m³）`,
      en: `the recomputed side is ${again.amount} (${again.volumeM3} m³), recorded ${recomputed.amount} (${recomputed.volumeM3} m³)`,
    }
  }
  return {
    amount: moneyText(subtractMoney(money(recomputed.amount), money(billed.amount))),
    volumeM3: volumeText(subtractVolume(volume(recomputed.volumeM3), volume(billed.volumeM3))),
  }
}

function computeAgain(
  line: BillLine,
  { uses, meteredM3, monthShare, unrounded }: Omit<LineComputation, 'volumeM3' | 'amount' | 'steps'>,
  schedules: Schedules,
): Recomputed | Fault {
  const metered = addVolumes(uses.map((use) => volume(use.m3)))
  if (volumeText(metered) !== meteredM3) {
    return {
      zh: `各段用水之和 ${volumeText(metered)} 不等于 ${meteredM3}`,
      en: `uses add up to ${volumeText(metered)}, not ${meteredM3}`,
    }
  }
  for (const use of uses) {
    const wrong = faultOfUse(use)
    if (wrong !== undefined) return wrong
  }
  const table = schedules.get(line.scheduleId)
  if (table === undefined) return { zh: '收费标准版本不存在', en: 'the rate schedule is gone' }
  const priced = priceVolume(table, line.categoryCode, metered, monthShare)
  if (isRefusal(priced)) return { zh: priced.sentence('zh'), en: priced.sentence('en') }
  const expected = plainText(priced.unroundedAmount)
  if (expected !== unrounded) {
    return {
      zh: `未舍入金额 ${unrounded} 重算为 ${expected}`,
      en: `unrounded ${unrounded}, computed again ${expected}`,
    }
  }
  return {
    amount: moneyText(roundToMoney(priced.unroundedAmount)),
    volumeM3: volumeText(priced.billableVolumeM3),
  }
}

/** The sources of a use must give its volume: readings added, sub-meters taken off, a share or a split applied. */
function faultOfUse(use: LineUse): Fault | undefined {
  if (use.split !== undefined) {
    const parts = splitVolumeByDays(volume(use.split.wholeM3), use.split.days)
    const part = parts[use.split.part]
    if (part === undefined || volumeText(part) !== use.m3) {
      return {
        zh: `按日分摊 ${use.split.wholeM3} 的第 ${use.split.part + 1} 份不是 ${use.m3}`,
        en: `part ${use.split.part + 1} of ${use.split.wholeM3} by days is not ${use.m3}`,
      }
    }
  }
  const whole = use.split?.wholeM3 ?? use.m3
  const share = use.sources.findLast((source) => source.kind === 'share')
  if (share !== undefined && share.m3 !== whole) {
    return { zh: `分摊 ${share.m3} 不等于用水 ${whole}`, en: `the share is ${share.m3}, the use ${whole}` }
  }
  let sum: Volume = zeroVolume
  for (const source of use.sources) {
    if (source.kind === 'share') continue
    const m3 = volume(source.m3)
    sum = source.kind === 'less-sub' ? subtractVolume(sum, m3) : addVolumes([sum, m3])
  }
  const before = share?.wholeM3 ?? whole
  if (volumeText(sum) !== before) {
    return {
      zh: `抄表合计 ${volumeText(sum)} 不等于用水 ${before}`,
      en: `the sources add up to ${volumeText(sum)}, the use is ${before}`,
    }
  }
  for (const source of use.sources) {
    if (source.kind === 'true-up') {
      const part = splitVolumeByDays(volume(source.wholeM3), source.days)[source.part]
      if (part === undefined || volumeText(part) !== source.m3) {
        const share = `${source.wholeM3} × ${source.days[source.part] ?? 0}/${source.days.reduce((sum, each) => sum + each, 0)}`
        return { zh: `估抄补正 ${share} 不是 ${source.m3}`, en: `the true-up ${share} is not ${source.m3}` }
      }
    }
    if (source.kind !== 'rated-flow') continue
    const expected = roundToVolume(new Exact(source.perHour).times(24).times(source.days))
    if (volumeText(expected) !== source.m3)
      return {
        zh: `额定流量重算 ${volumeText(expected)}，记录 ${source.m3}`,
        en: `rated flow gives ${volumeText(expected)}, recorded ${source.m3}`,
      }
  }
  return undefined
}
