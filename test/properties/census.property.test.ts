import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listRuns, runExceptions } from '../../src/bills/bill.queries.ts'
import { testDatabases } from '../support/databases.ts'
import {
  declareRandom,
  judge,
  march,
  type RandomAccount,
  randomAccount,
  registerRandom,
  rowOf,
  yuan,
} from '../support/random-town.ts'
import { booksOf, SmallTown } from '../support/small-town.ts'

/** Each run has a database of its own; few of them, and fewer accounts. */
const runs = { numRuns: 6 }
const district = fc.array(randomAccount, { minLength: 1, maxLength: 7 })
const numberOf = (index: number) => String(1001 + index)

for (const database of testDatabases) {
  describe(`any small district in March (${database.name})`, () => {
    it('is billed, held or exempt to the last account, each line to the fen, whatever the readings left out', async () => {
      await fc.assert(fc.asyncProperty(district, fc.integer({ min: 0, max: 7 }), billInTwoRuns), runs)
    }, 600_000)
  })

  const billInTwoRuns = async (accounts: readonly RandomAccount[], ofFirstRun: number): Promise<void> => {
    const connection = await database.open()
    const town = await SmallTown.found(connection, '2026-02-20')
    try {
      for (const [index, account] of accounts.entries()) await registerRandom(town, numberOf(index), account)
      town.on('2026-04-03')
      const rows = accounts.flatMap((account, index) => rowOf(numberOf(index), account))
      if (rows.length > 0) await town.read('2026-03', rows)
      for (const [index, account] of accounts.entries()) await declareRandom(town, numberOf(index), account)
      expect(await town.freeze('2026-03')).toBe(accounts.length)

      const expected = accounts.map((account, index) => judge(numberOf(index), account))
      const first = accounts.map((_, index) => numberOf(index)).slice(0, ofFirstRun)
      const counted = (some: readonly (typeof expected)[number][]) => ({
        billed: some.filter((each) => typeof each !== 'string').length,
        held: some.filter((each) => each === 'held').length,
        exempt: some.filter((each) => each === 'exempt').length,
      })
      const ofFirst = expected.slice(0, first.length)
      const firstBilled = counted(ofFirst).billed
      if (firstBilled > 0) {
        const part = await town.draft('2026-03', first)
        expect(part.census).toEqual({ roster: first.length, billedBefore: 0, ...counted(ofFirst) })
        await town.issue(part)
      }
      const rest = await town.draft('2026-03')
      const { billed, held, exempt } = counted(expected)
      expect(rest.census).toEqual({
        roster: accounts.length,
        billedBefore: firstBilled,
        billed: billed - firstBilled,
        held,
        exempt,
      })
      // Held and exempt accounts are named in the draft as well as afterwards.
      const [run] = await listRuns(town.services.db, { runId: rest.runId })
      const exceptions = run === undefined ? [] : await runExceptions(town.services.db, run, { limit: 100 })
      expect(new Map(exceptions.map(({ accountNo, status }) => [accountNo, status]))).toEqual(
        new Map(expected.flatMap((each, index) => (typeof each === 'string' ? [[numberOf(index), each]] : []))),
      )
      if (rest.bills > 0) await town.issue(rest)

      let total = 0n
      for (const [index, lines] of expected.entries()) {
        const papers = await town.onPaper(numberOf(index), march)
        const onPaper = await Promise.all(
          papers.map(async ({ number, payer }) =>
            (await town.linesOnPaper(number)).map(([category, from, , volume, amount]) => [
              payer,
              category,
              from,
              volume,
              amount,
            ]),
          ),
        )
        const judged = typeof lines === 'string' ? [] : lines
        expect(onPaper.flat()).toEqual(
          judged.map(({ payer, category, from, litres, fen }) => [
            payer,
            category,
            from,
            cubicMetres(litres),
            yuan(fen),
          ]),
        )
        total += judged.reduce((sum, { fen }) => sum + fen, 0n)
      }
      expect(await town.books()).toEqual(booksOf(yuan(total)))
      expect(await town.differences('2026-03')).toEqual([])
    } finally {
      town.leave()
      await connection.close()
    }
  }
}

const cubicMetres = (litres: bigint) => `${litres / 1000n}.${String(litres % 1000n).padStart(3, '0')}`
