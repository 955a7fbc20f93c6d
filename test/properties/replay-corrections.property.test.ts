import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Bill } from '../../src/bills/bill.ts'
import { changeAccountCategory } from '../../src/dischargers/change-account-category.ts'
import { transferAccount } from '../../src/dischargers/transfer-account.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { readingsOfAccounts } from '../../src/readings/reading.queries.ts'
import { withdrawReading } from '../../src/readings/withdraw-reading.ts'
import { testDatabases } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { fenOf, judge, march, onDay, type RandomAccount, registerRandom, rowOf, yuan } from '../support/random-town.ts'
import { booksOf, SmallTown } from '../support/small-town.ts'

type Correction = { readonly action: 'adjust' | 'cancel' | 'rebill'; readonly bill: number; readonly returned: boolean }
type Change =
  | { readonly change: 'reading'; readonly litres: number }
  | { readonly change: 'withdrawal' }
  | { readonly change: 'payer' | 'category'; readonly on: number }

const day = fc.integer({ min: 2, max: 31 })
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ change: fc.constant('reading' as const), litres: fc.integer({ min: 0, max: 3_000_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ change: 'withdrawal' as const }) },
  { weight: 2, arbitrary: fc.record({ change: fc.constantFrom('payer' as const, 'category' as const), on: day }) },
)
const correction: fc.Arbitrary<Correction> = fc.record({
  action: fc.constantFrom('adjust' as const, 'cancel' as const, 'rebill' as const, 'rebill' as const),
  bill: fc.nat(),
  returned: fc.constantFrom(false, false, true),
})

/** Why a correction of an arbitrary bill may lawfully be refused; anything else is a fault. */
const lawful = ['bill_not_live', 'nothing_to_adjust', 'payer_differs', 'not_adjustable']

for (const database of testDatabases) {
  describe(`any sequence of corrections (${database.name})`, () => {
    it('leaves, payer by payer, what the last decision computed from the facts of its day; the journal sums to zero', async () => {
      const steps = fc.array(fc.oneof(change, correction), { minLength: 4, maxLength: 14 })
      await fc.assert(
        fc.asyncProperty(steps, async (each) => {
          const connection = await database.open()
          const town = await SmallTown.found(connection, '2026-02-20')
          try {
            await correctInOrder(town, each)
          } finally {
            town.leave()
            await connection.close()
          }
        }),
        { numRuns: 6 },
      )
    }, 600_000)
  })
}

/** What stands, by payer in fen, as decisions made it. */
type Standing = Map<string, bigint>

async function correctInOrder(town: SmallTown, steps: readonly (Change | Correction)[]): Promise<void> {
  let facts: RandomAccount = {
    ground: 'public_meter',
    category: 'non-resident',
    opensOn: 1,
    changesHandsOn: null,
    changesCategory: null,
    said: 1_000_000,
  }
  await registerRandom(town, '1001', facts)
  await town.register('N1001')
  town.on('2026-04-03')
  await town.read('2026-03', rowOf('1001', facts))
  await town.bill('2026-03')
  town.on('2026-04-20')
  const standing: Standing = new Map([['P1001', 140_000n]])
  for (const step of steps) {
    if ('change' in step) facts = await happen(town, facts, step)
    else await correct(town, facts, standing, step)
    await balance(town, standing)
  }
  await settle(town, facts, standing)
}

/** A change of the facts after the bill, past the guard of the entries: corrections must bear it all the same. */
async function happen(town: SmallTown, facts: RandomAccount, step: Change): Promise<RandomAccount> {
  switch (step.change) {
    case 'reading': {
      const read: RandomAccount = { ...facts, said: step.litres }
      await town.read('2026-03', rowOf('1001', read))
      return read
    }
    case 'withdrawal': {
      const accountId = await town.idOf('1001')
      const [reading] = (await readingsOfAccounts(town.services.db, [accountId], march)).get(accountId) ?? []
      if (reading === undefined) return facts
      const withdrawal = { readingId: reading.readingId, reason: '抄错户' }
      await done(withdrawReading(town.services, by('clerk'), withdrawal))
      return { ...facts, said: 'nothing' }
    }
    case 'payer': {
      if (facts.changesHandsOn !== null) return facts
      const transfer = { accountNo: '1001', toDischargerCode: 'N1001', on: onDay(step.on) }
      await done(transferAccount(town.services, by('clerk'), transfer))
      return { ...facts, changesHandsOn: step.on }
    }
    case 'category': {
      if (facts.changesCategory !== null) return facts
      const to = { payerGroup: 'urban_resident', category: 'special', evidence: '示例核查' }
      await done(changeAccountCategory(town.services, by('clerk'), { accountNo: '1001', on: onDay(step.on), ...to }))
      return { ...facts, changesCategory: { on: step.on, to: 'special' } }
    }
  }
}

/** What each payer owes by the facts as they are now; nothing where they cannot be billed. */
function owedNow(facts: RandomAccount): Standing {
  const lines = judge('1001', facts)
  const owed: Standing = new Map()
  if (typeof lines === 'string') return owed
  for (const { payer, fen } of lines) owed.set(payer, (owed.get(payer) ?? 0n) + fen)
  return owed
}

async function correct(
  town: SmallTown,
  facts: RandomAccount,
  standing: Standing,
  { action, bill, returned }: Correction,
): Promise<void> {
  const papers = await town.onPaper('1001', march)
  const chosen = papers[bill % papers.length]
  if (chosen === undefined) throw new Error('nothing was billed')
  const proposed = await town.propose(chosen.number, action)
  if (isRefusal(proposed)) {
    expect(lawful).toContain(proposed.code)
    return
  }
  const { proposalId } = proposed.answer
  const { numbers } = await done(town.decide(proposalId, 'approver', returned ? 'returned' : 'approved'))
  if (returned) return
  const issued = (await town.onPaper('1001', march)).filter(({ number }) => numbers.includes(number))
  // A cancellation brings the payer to nothing; an adjustment and a rebill bring theirs to what is owed now.
  if (action !== 'adjust') standing.set(chosen.payer, 0n)
  if (action === 'cancel') expect(issued.every(({ kind }) => kind === 'red')).toBe(true)
  for (const { kind, payer } of issued) if (kind !== 'red') standing.set(payer, owedNow(facts).get(payer) ?? 0n)
}

/** billed + adjusted − cancelled = what stands; two accounts mirror each other; every bill computes again. */
async function balance(town: SmallTown, standing: Standing): Promise<void> {
  const sums: Standing = new Map()
  for (const { payer, amount } of await town.onPaper('1001', march))
    sums.set(payer, (sums.get(payer) ?? 0n) + fenOf(amount))
  for (const [payer, fen] of standing) expect([payer, yuan(sums.get(payer) ?? 0n)]).toEqual([payer, yuan(fen)])
  const total = [...standing.values()].reduce((sum, fen) => sum + fen, 0n)
  expect(await town.books()).toEqual(booksOf(yuan(total)))
}

/** Once every bill that stands is billed anew from facts that can be billed, nothing differs from the facts. */
async function settle(town: SmallTown, facts: RandomAccount, standing: Standing): Promise<void> {
  const readable: RandomAccount = typeof facts.said === 'number' ? facts : { ...facts, said: 777_000 }
  if (readable !== facts) await town.read('2026-03', rowOf('1001', readable))
  const bills = await town.bills('1001', march)
  // What was cancelled and not billed anew waits; it is billed anew like what stands.
  const wasBilledAnew = (billId: Bill['billId']) =>
    bills.some(({ kind, correctsBillId }) => kind === 'rebill' && correctsBillId === billId)
  const standingBills = bills.filter(
    ({ kind, billId }) => (kind === 'original' || kind === 'rebill') && !wasBilledAnew(billId),
  )
  for (const { number } of standingBills) {
    const bill = (await town.onPaper('1001', march)).findIndex((paper) => paper.number === number)
    await correct(town, readable, standing, { action: 'rebill', bill, returned: false })
    await balance(town, standing)
  }
  if (standingBills.length > 0) expect(await town.differences('2026-03')).toEqual([])
}
