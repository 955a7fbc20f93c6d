import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { creditCodeWithCheck, parseCreditCode } from '../../src/kernel/credit-code.ts'
import { onEveryDatabase } from '../support/databases.ts'

const letters = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const someOf = (alphabet: string, length: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((parts) => parts.join(''))

/** Codes with a right check character, and those with one character changed, lost or added. */
const code = fc
  .tuple(someOf(letters, 2), someOf('0123456789', 6), someOf(letters, 9))
  .map((parts) => creditCodeWithCheck(parts.join('')) as string)
const almostCode = fc
  .tuple(
    code,
    fc.integer({ min: 0, max: 17 }),
    fc.constantFrom(...letters, 'I', 'O', 'S', 'V', 'Z', 'a', '０', ' ', ''),
  )
  .map(([right, place, other]) => right.slice(0, place) + other + right.slice(place + 1))

onEveryDatabase('credit codes', (connection) => {
  it('are judged alike by the database and by the program', async () => {
    const codes = [...fc.sample(code, 1_000), ...fc.sample(almostCode, 4_000), '', '91360700MA35XXXXXX']
    const { rows } = await sql<{ code: string; valid: boolean }>`
      select code, credit_code_is_valid(code) as valid from unnest(${codes}::text[]) as code`.execute(connection().db)
    expect(rows).toHaveLength(codes.length)
    expect(rows.filter((row) => row.valid !== (parseCreditCode(row.code) !== undefined))).toEqual([])
    // Both sides of the line were really met.
    expect(rows.filter(({ valid }) => valid).length).toBeGreaterThan(900)
    expect(rows.filter(({ valid }) => !valid).length).toBeGreaterThan(3_000)
  })
})
