/** A sum that is to be made public, with who it is made of. */
export interface PublicSum<Row> {
  readonly row: Row
  readonly payers: number
  /** All of them where they are fewer than may be told apart; else as many as that. */
  readonly some: readonly string[]
}

/**
 * The sums that may stand alone, in their order, and behind them those of fewer payers than may be told apart, as one. From a
 * sum of one its use is read, from one of two each reads the other's; where what is joined has too few payers still, the
 * smallest of the others joins it, for the total less the rest would tell it. Sums of nobody tell nothing and stay.
 */
export function joinFew<Row>(
  sums: readonly PublicSum<Row>[],
  fewest: number,
): { readonly alone: readonly Row[]; readonly joined: readonly Row[] } {
  const few = new Set(sums.filter(({ payers }) => payers > 0 && payers < fewest))
  if (few.size > 0 && new Set([...few].flatMap(({ some }) => some)).size < fewest) {
    const others = sums.filter(({ payers }) => payers >= fewest)
    const [smallest] = others.sort((a, b) => a.payers - b.payers)
    if (smallest !== undefined) few.add(smallest)
  }
  // One alone is not hidden by another name.
  if (few.size < 2) return { alone: sums.map(({ row }) => row), joined: [] }
  return {
    alone: sums.filter((each) => !few.has(each)).map(({ row }) => row),
    joined: sums.filter((each) => few.has(each)).map(({ row }) => row),
  }
}
