import type { FeeMonth } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import {
  addMoney,
  type Money,
  priceOf,
  roundToMoney,
  subtractMoney,
  type UnitPrice,
  zeroMoney,
} from '../kernel/money.ts'
import { roundToVolume, subtractVolume, type Volume, zeroVolume } from '../kernel/volume.ts'

/** What is known of one fee month and category of public supply when a year is settled; m³ and yuan. */
export interface SettlementFacts {
  readonly feeMonth: FeeMonth
  readonly category: string
  readonly declaredM3: Volume
  /** Sold to accounts that were exempt. */
  readonly exemptM3: Volume
  /** Sold beyond the discharge that was determined and billed (151 art. 11). */
  readonly dischargeM3: Volume
  readonly billedM3: Volume
  readonly billed: Money
  readonly collected: Money
  readonly direct: Money
  readonly confirmed: Money
  /** Confirmed as uncollectable and still unpaid. */
  readonly writtenOffM3: Volume
  readonly writtenOff: Money
  /** For what was sold and not billed; `undefined` where there is none. */
  readonly price: { readonly perM3: UnitPrice; readonly source: string } | undefined
}

export interface SettlementLine {
  readonly feeMonth: FeeMonth
  readonly category: string
  readonly declaredM3: Volume
  readonly exemptM3: Volume
  readonly dischargeM3: Volume
  readonly writtenOffM3: Volume
  readonly chargeableM3: Volume
  readonly billedM3: Volume
  readonly gapM3: Volume
  readonly price: SettlementFacts['price']
  readonly billed: Money
  readonly gapAmount: Money
  readonly writtenOff: Money
  readonly due: Money
  readonly remitted: Money
  readonly direct: Money
  readonly balance: Money
  readonly outstanding: Money
  readonly held: Money
}

/**
 * One line of the annual settlement (151 art. 16; decision 8). What was billed stands with its own version of the rates, to
 * the fen; what was sold, neither exempt nor billed, comes in at the price of its month; what was confirmed as
 * uncollectable goes out. A declaration below what was billed takes nothing away: it is a gap of less than nothing, shown
 * and worth 0.00. `undefined`: there is a gap and no price for it.
 */
export function settlementLine(facts: SettlementFacts): SettlementLine | undefined {
  const sold = subtractVolume(subtractVolume(facts.declaredM3, facts.exemptM3), facts.dischargeM3)
  const gapM3 = subtractVolume(sold, facts.billedM3)
  const hasGap = gapM3.gt(zeroVolume)
  if (hasGap && facts.price === undefined) return undefined
  const gapAmount = hasGap && facts.price !== undefined ? roundToMoney(priceOf(gapM3, facts.price.perM3)) : zeroMoney
  const due = subtractMoney(addMoney([facts.billed, gapAmount]), facts.writtenOff)
  return {
    feeMonth: facts.feeMonth,
    category: facts.category,
    declaredM3: facts.declaredM3,
    exemptM3: facts.exemptM3,
    dischargeM3: facts.dischargeM3,
    writtenOffM3: facts.writtenOffM3,
    chargeableM3: subtractVolume(sold, facts.writtenOffM3),
    billedM3: facts.billedM3,
    gapM3,
    price: facts.price,
    billed: facts.billed,
    gapAmount,
    writtenOff: facts.writtenOff,
    due,
    remitted: facts.confirmed,
    direct: facts.direct,
    balance: subtractMoney(subtractMoney(due, facts.confirmed), facts.direct),
    outstanding: subtractMoney(subtractMoney(facts.billed, facts.collected), facts.direct),
    held: subtractMoney(facts.collected, facts.confirmed),
  }
}

/** The volume behind what is open of a bill: its share of the bill's volume, rounded half-up to 0.001 m³. */
export function writtenOffVolume(billed: Volume, open: Money, payable: Money): Volume {
  if (!payable.gt(zeroMoney)) return zeroVolume
  return roundToVolume(new Exact(billed).times(open).div(payable))
}

/** What of a write-off still counts: no more than what is still unpaid, and the volume in the same share. */
export function stillWrittenOff(
  writtenOff: { readonly amount: Money; readonly volumeM3: Volume },
  outstanding: Money,
): { readonly amount: Money; readonly volumeM3: Volume } {
  if (outstanding.gte(writtenOff.amount)) return writtenOff
  return { amount: outstanding, volumeM3: writtenOffVolume(writtenOff.volumeM3, outstanding, writtenOff.amount) }
}
