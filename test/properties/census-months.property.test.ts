import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transferAccount } from '../../src/dischargers/transfer-account.ts'
import {
  civilDate,
  type FeeMonth,
  feeMonth,
  firstDay,
  lastDay,
  plusDays,
  plusMonths,
} from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { addVolumes, volumeText } from '../../src/kernel/volume.ts'
import { acceptRows } from '../../src/readings/decide-row.ts'
import { estimateReading } from '../../src/readings/estimate-reading.ts'
import { testDatabases } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { booksOf, type FileRow, guards, SmallTown } from '../support/small-town.ts'

/**
 * How a month of one meter went: read; read from the last true reading on, past the estimates; estimated by the company,
 * with a reading it made up; estimated by the office, without one; not read at all, with a change of payer perhaps.
 */
type Month =
  | { readonly went: 'read' | 'read-past-estimates'; readonly used: number }
  | { readonly went: 'estimated-by-company'; readonly guess: number }
  | { readonly went: 'estimated-by-office' }
  | { readonly went: 'unread'; readonly newPayer: boolean }

const used = fc.integer({ min: 60, max: 140 })
const month: fc.Arbitrary<Month> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ went: fc.constantFrom('read' as const, 'read-past-estimates' as const), used }) },
  { weight: 3, arbitrary: fc.record({ went: fc.constant('estimated-by-company' as const), guess: used }) },
  { weight: 2, arbitrary: fc.constant({ went: 'estimated-by-office' as const }) },
  { weight: 1, arbitrary: fc.record({ went: fc.constant('unread' as const), newPayer: fc.boolean() }) },
)
const firstMonth = feeMonth('2025-06')

for (const database of testDatabases) {
  describe(`any months of one meter (${database.name})`, () => {
    it('are billed, with 追补 and 退补, as many cubic metres as the meter counted: no drop twice, none forgotten', async () => {
      const months = fc.array(month, { minLength: 3, maxLength: 7 })
      await fc.assert(
        fc.asyncProperty(months, async (each) => {
          const connection = await database.open()
          const town = await SmallTown.found(connection, '2025-01-10')
          try {
            await live(town, each)
          } finally {
            town.leave()
            await connection.close()
          }
        }),
        { numRuns: 5 },
      )
    }, 900_000)
  })
}

/** Three months of true readings, then the months drawn, then one true reading that closes whatever was open. */
async function live(town: SmallTown, months: readonly Month[]): Promise<void> {
  await town.enrol('1001', { openedOn: '2025-03-01' })
  // A neighbour whose bills let every month's run be issued.
  await town.enrol('1002', { openedOn: '2025-03-01', meter: false })
  const meter = new Meter()
  const history: Month[] = [100, 100, 100].map((each) => ({ went: 'read', used: each }))
  const closing: Month = { went: 'read-past-estimates', used: 100 }
  let feeMonthNow = plusMonths(firstMonth, -3)
  for (const each of [...history, ...months, closing]) {
    await liveMonth(town, meter, feeMonthNow, each)
    feeMonthNow = plusMonths(feeMonthNow, 1)
  }

  const bills = []
  for (let past = plusMonths(firstMonth, -3); past < feeMonthNow; past = plusMonths(past, 1)) {
    bills.push(...(await town.bills('1001', past)))
    expect([past, await town.differences(past)]).toEqual([past, []])
  }
  expect(volumeText(addVolumes(bills.map(({ volumeM3 }) => volumeM3)))).toBe(`${meter.stands}.000`)
  const books = await town.books()
  expect(books).toEqual(booksOf(books.billed))
}

class Meter {
  /** What it really shows. */
  stands = 0
  /** What the company last wrote down, seen or made up; and what somebody last saw. */
  written = 0
  seen = 0
}

async function liveMonth(town: SmallTown, meter: Meter, now: FeeMonth, each: Month): Promise<void> {
  town.on(plusDays(firstDay(plusMonths(now, 1)), 2))
  const row = { account: '1001', meter: 'M1001', on: lastDay(now) }
  const rows: FileRow[] = [{ account: '1002', volume: '10' }]
  if (each.went === 'read' || each.went === 'read-past-estimates') {
    meter.stands += each.used
    const start = each.went === 'read' && meter.written <= meter.stands ? meter.written : meter.seen
    rows.push({ ...row, start: String(start), end: String(meter.stands), source: '实抄' })
    meter.written = meter.stands
    meter.seen = meter.stands
  } else meter.stands += 100
  if (each.went === 'estimated-by-company') {
    rows.push({ ...row, start: String(meter.written), end: String(meter.written + each.guess), source: '估抄' })
  }
  if (each.went === 'unread' && each.newPayer) await changePayer(town, now)

  const file = await town.read(now, rows)
  const estimated = each.went === 'estimated-by-company' && file.rows.held === 0
  if (estimated) meter.written += each.guess
  else if (file.rows.held > 0 && each.went !== 'estimated-by-company') {
    const accepted = { importId: file.importId, codes: Object.keys(file.reasons), reason: '示例：已核对' }
    await done(acceptRows(town.services, by('clerk'), accepted))
  }
  if (each.went === 'estimated-by-office') {
    const asked = { accountNo: '1001', feeMonth: now, reason: '无法抄见' }
    const refused = await estimateReading(town.services, by('clerk'), asked)
    // The fourth in a row, or too few true months: then the month stays unread.
    if (isRefusal(refused)) expect(['estimate_beyond_limit', 'estimate_without_history']).toContain(refused.code)
  }
  await town.bill(now)
}

/** Where the account is not billed that far, somebody else holds it from the 11th on. */
async function changePayer(town: SmallTown, now: FeeMonth): Promise<void> {
  const code = `P${now}`
  await town.register(code)
  const transfer = { accountNo: '1001', toDischargerCode: code, on: civilDate(`${now}-11`) }
  await done(transferAccount(town.services, by('clerk'), transfer, { guards }))
}
