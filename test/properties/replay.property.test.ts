import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabases } from '../support/databases.ts'
import {
  declareRandom,
  march,
  type RandomAccount,
  randomAccount,
  registerRandom,
  rowOf,
} from '../support/random-town.ts'
import { SmallTown } from '../support/small-town.ts'

const numberOf = (index: number) => String(1001 + index)

for (const database of testDatabases) {
  describe(`the same facts in another database (${database.name})`, () => {
    it('give equal bills, in whatever order they were registered, read and billed', async () => {
      const district = fc.array(randomAccount, { minLength: 1, maxLength: 6 })
      await fc.assert(fc.asyncProperty(district, fc.integer({ min: 1, max: 6 }), billTwice), { numRuns: 4 })
    }, 600_000)
  })

  /** What a town bills, account by account, in words: no key and no number that depends on the order of work. */
  const billed = async (
    accounts: readonly RandomAccount[],
    order: readonly number[],
    cutAt: number,
  ): Promise<{ bills: unknown[]; books: unknown }> => {
    const connection = await database.open()
    const town = await SmallTown.found(connection, '2026-02-20')
    try {
      const inOrder = order.flatMap((index) => {
        const account = accounts[index]
        return account === undefined ? [] : [{ accountNo: numberOf(index), account }]
      })
      for (const { accountNo, account } of inOrder) await registerRandom(town, accountNo, account)
      town.on('2026-04-03')
      const rows = inOrder.flatMap(({ accountNo, account }) => rowOf(accountNo, account))
      for (const file of [rows.slice(0, cutAt), rows.slice(cutAt)])
        if (file.length > 0) await town.read('2026-03', file)
      for (const { accountNo, account } of inOrder) await declareRandom(town, accountNo, account)
      await town.freeze('2026-03')
      const first = inOrder.slice(0, cutAt).map(({ accountNo }) => accountNo)
      const part = await town.draft('2026-03', first)
      if (part.bills > 0) await town.issue(part)
      else await town.discard(part)
      const rest = await town.draft('2026-03')
      if (rest.bills > 0) await town.issue(rest)
      const bills = []
      for (const [index] of accounts.entries()) {
        for (const { number, kind, payer, volume, amount, due } of await town.onPaper(numberOf(index), march)) {
          bills.push([numberOf(index), kind, payer, volume, amount, due, await town.linesOnPaper(number)])
        }
      }
      return { bills, books: await town.books() }
    } finally {
      town.leave()
      await connection.close()
    }
  }

  const billTwice = async (accounts: readonly RandomAccount[], cutAt: number): Promise<void> => {
    const forward = accounts.map((_, index) => index)
    const once = await billed(accounts, forward, 0)
    expect(await billed(accounts, forward.toReversed(), cutAt)).toEqual(once)
  }
}
