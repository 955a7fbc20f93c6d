import type { FeeMonth } from '../kernel/calendar.ts'
import { addMoney, type Money, moneyText, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { addVolumes, subtractVolume, type Volume, volumeText, zeroVolume } from '../kernel/volume.ts'

/** One fee month, category and supply of a collector: volumes in m³, amounts in yuan. */
export interface Cell {
  readonly feeMonth: FeeMonth
  readonly category: string
  readonly supply: 'public' | 'own_source'
  /** Declared by the company (151 art. 15). */
  readonly soldM3: Volume
  readonly billedM3: Volume
  readonly billed: Money
  /** Paid through the collector, and straight to the treasury. */
  readonly collected: Money
  readonly direct: Money
  /** Of what was collected: transferred, as the collector says, and arrived, as finance says. */
  readonly remitted: Money
  readonly confirmed: Money
}

const keyOf = ({ feeMonth, category, supply }: Cell): string => `${feeMonth} ${category} ${supply}`
const amounts = ['billed', 'collected', 'direct', 'remitted', 'confirmed'] as const
const volumes = ['soldM3', 'billedM3'] as const

/** Cells of the same month, category and supply in one, those of nothing left out, in order. */
export function sumCells(cells: readonly Cell[]): Cell[] {
  const sums = new Map<string, Cell>()
  for (const cell of cells) {
    const before = sums.get(keyOf(cell))
    if (before === undefined) sums.set(keyOf(cell), cell)
    else
      sums.set(
        keyOf(cell),
        combine(
          before,
          cell,
          (a, b) => addMoney([a, b]),
          (a, b) => addVolumes([a, b]),
        ),
      )
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, cell]) => (isNothing(cell) ? [] : [cell]))
}

/** What has changed from cells that were signed to those that stand now. */
export function cellChanges(now: readonly Cell[], signed: readonly Cell[]): Cell[] {
  return sumCells([...now, ...signed.map((cell) => combine(nothing(cell), cell, subtractMoney, subtractVolume))])
}

function combine(
  a: Cell,
  b: Cell,
  ofMoney: (a: Money, b: Money) => Money,
  ofVolume: (a: Volume, b: Volume) => Volume,
): Cell {
  return {
    ...a,
    ...(Object.fromEntries(amounts.map((name) => [name, ofMoney(a[name], b[name])])) as Pick<
      Cell,
      (typeof amounts)[number]
    >),
    ...(Object.fromEntries(volumes.map((name) => [name, ofVolume(a[name], b[name])])) as Pick<
      Cell,
      (typeof volumes)[number]
    >),
  }
}

const nothing = (cell: Cell): Cell =>
  combine(
    cell,
    cell,
    () => zeroMoney,
    () => zeroVolume,
  )

const isNothing = (cell: Cell): boolean =>
  amounts.every((name) => cell[name].isZero()) && volumes.every((name) => cell[name].isZero())

/** A cell as plain text, for digests and answers. */
export const plainCell = (cell: Cell) => ({
  feeMonth: cell.feeMonth as string,
  category: cell.category,
  supply: cell.supply as string,
  soldM3: volumeText(cell.soldM3),
  billedM3: volumeText(cell.billedM3),
  billed: moneyText(cell.billed),
  collected: moneyText(cell.collected),
  direct: moneyText(cell.direct),
  remitted: moneyText(cell.remitted),
  confirmed: moneyText(cell.confirmed),
})

/** Totals of some cells. */
export function totalOfCells(cells: readonly Cell[]) {
  const money = (name: (typeof amounts)[number]) => addMoney(cells.map((cell) => cell[name]))
  const m3 = (name: (typeof volumes)[number]) => addVolumes(cells.map((cell) => cell[name]))
  return {
    soldM3: m3('soldM3'),
    billedM3: m3('billedM3'),
    billed: money('billed'),
    collected: money('collected'),
    direct: money('direct'),
    remitted: money('remitted'),
    confirmed: money('confirmed'),
  }
}
