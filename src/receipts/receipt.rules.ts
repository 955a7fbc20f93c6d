import type { ReceiptAction, ReceiptEvent, ReceiptResult, ReceiptState } from './receipt.ts'

/** The state of a receipt after its events, in their order. */
export function stateAfter(events: readonly ReceiptEvent[]): ReceiptState {
  let state: ReceiptState = 'draft'
  for (const event of events) {
    if (event === 'requested') state = 'requested'
    // A refused request to issue is a draft again; refused voids and reversals leave what was.
    else if (event === 'refused') state = state === 'requested' ? 'draft' : state
    else if (event !== 'void_requested' && event !== 'reversal_requested') state = event
  }
  return state
}

/** What was asked last and is not answered. */
export function waitsFor(events: readonly ReceiptEvent[]): ReceiptAction | undefined {
  let waiting: ReceiptAction | undefined
  for (const event of events) {
    if (event === 'requested') waiting = 'issue'
    else if (event === 'void_requested') waiting = 'void'
    else if (event === 'reversal_requested') waiting = 'reverse'
    else if (event === 'refused' || event === 'voided' || event === 'reversed') waiting = undefined
    else if (waiting === 'issue') waiting = undefined
  }
  return waiting
}

const order: readonly ReceiptState[] = ['requested', 'issued', 'paid', 'sealed', 'written_off']

/**
 * Whether the platform's answer may follow a state: forwards along the life cycle, a void before payment, a reversal after;
 * a refusal where something was asked. `known`: it says what was said before.
 */
export function mayFollow(
  state: ReceiptState,
  waiting: ReceiptAction | undefined,
  result: ReceiptResult,
): 'follows' | 'known' | 'impossible' {
  if (result === 'failed') return waiting === undefined ? 'impossible' : 'follows'
  if (result === state) return 'known'
  if (result === 'voided') return state === 'requested' || state === 'issued' ? 'follows' : 'impossible'
  if (result === 'reversed')
    return state === 'paid' || state === 'sealed' || state === 'written_off' ? 'follows' : 'impossible'
  const [from, to] = [order.indexOf(state), order.indexOf(result)]
  if (from === -1 || to === -1) return 'impossible'
  return to > from ? 'follows' : 'known'
}

/** What must be asked to end a receipt that stands for what is no longer so; `none`: it was never asked for. */
export function endingOf(state: ReceiptState): ReceiptAction | 'none' | undefined {
  if (state === 'draft') return 'none'
  if (state === 'requested' || state === 'issued') return 'void'
  if (state === 'paid' || state === 'sealed' || state === 'written_off') return 'reverse'
  return undefined
}

/**
 * Numbers that are missing between the first and the last of a code, a run each: `0000000004–0000000006`. Numbers are
 * texts of digits of one length; others are left out.
 */
export function gapsIn(
  numbers: readonly string[],
): { readonly from: string; readonly to: string; readonly count: string }[] {
  const byLength = new Map<number, bigint[]>()
  for (const number of numbers) {
    if (!/^\d{1,30}$/.test(number)) continue
    byLength.set(number.length, [...(byLength.get(number.length) ?? []), BigInt(number)])
  }
  return [...byLength].flatMap(([length, found]) => {
    const sorted = found.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const text = (value: bigint) => value.toString().padStart(length, '0')
    return sorted.flatMap((value, index) => {
      const before = sorted[index - 1]
      if (before === undefined || value - before <= 1n) return []
      return [{ from: text(before + 1n), to: text(value - 1n), count: (value - before - 1n).toString() }]
    })
  })
}
