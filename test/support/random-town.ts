import fc from 'fast-check'
import { changeAccountCategory } from '../../src/dischargers/change-account-category.ts'
import { transferAccount } from '../../src/dischargers/transfer-account.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { decideDeclaration, declareOwnSource } from '../../src/volumes/declare-own-source.ts'
import { type BasisInput, decideVolumeBasis, proposeVolumeBasis } from '../../src/volumes/propose-volume-basis.ts'
import { by, done } from './office.ts'
import type { FileRow, SmallTown } from './small-town.ts'

/** Accounts of one March as properties draw them, and an independent judge of what they owe, in whole litres and fen. */
export const march = feeMonth('2026-03')

export type Category = 'resident' | 'non-resident' | 'special'
const fenPerM3: Readonly<Record<Category, bigint>> = { resident: 95n, 'non-resident': 140n, special: 160n }
const categories: readonly Category[] = ['resident', 'non-resident', 'special']

export interface RandomAccount {
  readonly ground: 'public_meter' | 'own_meter' | 'exempt'
  readonly category: Category
  /** Day of March on which it opens; 1 is the whole month. */
  readonly opensOn: number
  /** Day from which another discharger holds it. */
  readonly changesHandsOn: number | null
  readonly changesCategory: { readonly on: number; readonly to: Category } | null
  /** What the file says of it, or the declaration: nothing, a row that is held, or a use in litres. */
  readonly said: 'nothing' | 'held' | number
}

const dayInMarch = fc.integer({ min: 2, max: 31 })
const litres = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40_000_000 }))

export const randomAccount: fc.Arbitrary<RandomAccount> = fc
  .record({
    ground: fc.constantFrom('public_meter', 'public_meter', 'public_meter', 'own_meter', 'exempt' as const),
    category: fc.constantFrom(...categories),
    opensOn: fc.oneof(fc.constant(1), dayInMarch),
    changesHandsOn: fc.option(dayInMarch),
    changesCategory: fc.option(fc.record({ on: dayInMarch, to: fc.constantFrom(...categories) })),
    said: fc.oneof(fc.constantFrom('nothing' as const, 'held' as const), litres, litres, litres),
  })
  .map((account) => {
    const { opensOn, changesHandsOn, changesCategory, category } = account
    return {
      ...account,
      changesHandsOn: changesHandsOn !== null && changesHandsOn > opensOn ? changesHandsOn : null,
      changesCategory:
        changesCategory !== null && changesCategory.on > opensOn && changesCategory.to !== category
          ? changesCategory
          : null,
    }
  })

export const onDay = (day: number) => civilDate(`2026-03-${String(day).padStart(2, '0')}`)
const cubicMetres = (litresUsed: number) =>
  `${Math.floor(litresUsed / 1000)}.${String(litresUsed % 1000).padStart(3, '0')}`

/** Registers an account with everything that happens to it in March. */
export async function registerRandom(town: SmallTown, accountNo: string, account: RandomAccount): Promise<void> {
  const { ground, category, opensOn, changesHandsOn, changesCategory } = account
  const supply = ground === 'own_meter' ? 'own_source' : 'public'
  await town.enrol(accountNo, { category, supply, openedOn: onDay(opensOn) })
  if (ground !== 'public_meter') {
    const basis: BasisInput = { accountNo, basis: ground, evidence: '示例核定', validFrom: onDay(1) }
    const { proposalId } = await done(proposeVolumeBasis(town.services, by('clerk'), basis))
    await done(decideVolumeBasis(town.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
  }
  if (changesHandsOn !== null) {
    await town.register(`N${accountNo}`)
    const transfer = { accountNo, toDischargerCode: `N${accountNo}`, on: onDay(changesHandsOn) }
    await done(transferAccount(town.services, by('clerk'), transfer))
  }
  if (changesCategory !== null) {
    const { on, to } = changesCategory
    const change = { accountNo, payerGroup: 'urban_resident', category: to, on: onDay(on), evidence: '示例核查' }
    await done(changeAccountCategory(town.services, by('clerk'), change))
  }
}

/** Its row of the company's file, if it has one. */
export function rowOf(accountNo: string, { ground, said }: RandomAccount): FileRow[] {
  if (ground === 'own_meter' || said === 'nothing') return []
  const row = { account: accountNo, meter: `M${accountNo}`, on: '2026-03-31' }
  // A meter that begins where it never stood waits for a person.
  if (said === 'held') return [{ ...row, start: '7', end: '8' }]
  return [{ ...row, start: '0', end: cubicMetres(said) }]
}

/** The reviewed declaration of an own-source user, if it made one. */
export async function declareRandom(
  town: SmallTown,
  accountNo: string,
  { ground, said }: RandomAccount,
): Promise<void> {
  if (ground !== 'own_meter' || said === 'nothing') return
  const volumeM3 = said === 'held' ? '5' : cubicMetres(said)
  const declared = { accountNo, feeMonth: march, volumeM3, evidence: '取水台账' }
  const { proposalId } = await done(declareOwnSource(town.services, by('clerk'), declared))
  if (said === 'held') return
  await done(decideDeclaration(town.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
}

/** What the judge expects of an account: held, exempt, or lines of `[payer, category, first day, litres, fen]`. */
export type Expected = 'held' | 'exempt' | readonly ExpectedLine[]
export interface ExpectedLine {
  readonly payer: string
  readonly category: Category
  readonly from: string
  readonly litres: bigint
  readonly fen: bigint
}

export function judge(accountNo: string, account: RandomAccount): Expected {
  const { ground, said, opensOn, category, changesHandsOn, changesCategory } = account
  if (ground === 'exempt') return 'exempt'
  if (said === 'nothing' || said === 'held') return 'held'
  const cuts = [opensOn, changesHandsOn, changesCategory?.on ?? null].filter((day) => day !== null)
  const starts = [...new Set(cuts)].sort((a, b) => a - b)
  const stretches = starts.map((from, index) => ({ from, days: (starts[index + 1] ?? 32) - from }))
  const shares = shareByDays(
    BigInt(said),
    stretches.map(({ days }) => days),
  )
  return stretches.map(({ from }, index) => {
    const now = changesCategory !== null && from >= changesCategory.on ? changesCategory.to : category
    const share = shares[index] ?? 0n
    // Half-up to the fen, once per line.
    const fen = (share * fenPerM3[now] + 500n) / 1000n
    const payer = `${changesHandsOn !== null && from >= changesHandsOn ? 'N' : 'P'}${accountNo}`
    return { payer, category: now, from: onDay(from), litres: share, fen }
  })
}

/** Largest remainder, ties in listed order. */
function shareByDays(litresUsed: bigint, days: readonly number[]): bigint[] {
  const all = BigInt(days.reduce((sum, each) => sum + each, 0))
  const parts = days.map((each, index) => {
    const product = litresUsed * BigInt(each)
    return { index, whole: product / all, rest: product % all }
  })
  let left = litresUsed - parts.reduce((sum, { whole }) => sum + whole, 0n)
  const shares = parts.map(({ whole }) => whole)
  for (const { index } of parts.toSorted((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1,
  )) {
    if (left === 0n) break
    shares[index] = (shares[index] ?? 0n) + 1n
    left -= 1n
  }
  return shares
}

/** Fen as bills write them: `-12.30`. */
export function yuan(fen: bigint): string {
  const magnitude = fen < 0n ? -fen : fen
  return `${fen < 0n ? '-' : ''}${magnitude / 100n}.${String(magnitude % 100n).padStart(2, '0')}`
}
export const fenOf = (amount: string): bigint => BigInt(amount.replace('.', ''))
