import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Exact } from '../../src/kernel/decimal.ts'
import type { Services } from '../../src/platform/command.ts'
import type { Connection } from '../../src/platform/database.ts'
import { type ImportAnswer, importReadings } from '../../src/readings/import-readings.ts'
import { by, done, march, plantReadings, scratchFolder } from '../stores/readings.ground.ts'
import { servicesOn, testDatabases } from '../support/databases.ts'

/** One row of a file, sound or spoiled in any of the ways that files are. */
const anyRow = fc
  .record({
    account: fc.oneof(
      { weight: 12, arbitrary: fc.integer({ min: 101, max: 150 }).map((n) => `0000${n}`) },
      { weight: 1, arbitrary: fc.constantFrom('103', '999', '', '1.23E+11', '０００0104') },
    ),
    meter: fc.oneof(
      { weight: 10, arbitrary: fc.constant('own') },
      { weight: 1, arbitrary: fc.constantFrom('', 'M9999', 'SECOND') },
    ),
    start: fc.oneof({ weight: 6, arbitrary: fc.constant('1000') }, fc.constantFrom('', '1001', '99990', 'x', '1,000')),
    use: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 60, max: 140 }) },
      fc.integer({ min: -2000, max: 100_000 }),
    ),
    volume: fc.constantFrom('same', 'same', 'same', '', 'near', 'far', '看不清', '-5', '0.0005'),
    date: fc.constantFrom('2026-03-31', '2026-03-31', '2026-03-31', '2026/3/30', '', '2026-04-01', '2026-02-30'),
    month: fc.constantFrom('2026-03', '2026-03', '2026-03', '2026.03', '', '2026-02', '三月'),
    source: fc.constantFrom('', '', '实抄', '估抄', '未见表', '3', '残值', '超量程', '补抄', '??'),
  })
  .map(({ account, meter, start, use, volume, date, month, source }) => {
    const named = meter === 'own' ? `M${account}` : meter
    const begin = Number(start.replace(',', '')) || 1000
    const words: Record<string, string> = { same: String(use), near: String(use + 1), far: String(use + 50) }
    const stated = words[volume] ?? volume
    return [account, named, start, String(begin + use), stated, date, month, source]
      .map((cell) => `"${cell}"`)
      .join(',')
  })

const soundRow = '"0000101","M0000101","1000","1100","100","2026-03-31","2026-03",""'
const anyFile = fc
  .array(anyRow, { minLength: 1, maxLength: 30 })
  .map((rows) => `户号,表号,上期读数,本期读数,用水量,抄表日期,水费月份,抄表方式\n${[soundRow, ...rows].join('\n')}\n`)

for (const database of testDatabases) {
  describe(`any file of readings (${database.name})`, () => {
    const scratch = scratchFolder()
    const connections: Connection[] = []
    const both: Services[] = []
    beforeAll(async () => {
      for (const _ of [1, 2]) {
        const connection = await database.open()
        connections.push(connection)
        const services = servicesOn(connection, '2026-04-03')
        both.push(services)
        const accounts = Array.from({ length: 50 }, (_, index) => ({ no: `0000${101 + index}`, digits: 5 }))
        await plantReadings(services.db, [...accounts, { no: '0000999', meter: 'SECOND' }])
      }
    })
    afterAll(async () => {
      for (const connection of connections) await connection.close()
    })

    it('every row is accounted for once, no water counts twice, and the same facts give the same answer', async () => {
      let files = 0
      await fc.assert(
        fc.asyncProperty(anyFile, async (content) => {
          files += 1
          const path = scratch.write(`any-${files}.csv`, content)
          const choice = { collectorCode: 'gx-water', path, feeMonth: march }
          const answers: ImportAnswer[] = []
          for (const services of both) {
            const envelope = by('operator', `any-file-${files}`)
            const answer = done(await importReadings(services, envelope, choice))
            answers.push(answer)
            expect(await importReadings(services, envelope, choice)).toMatchObject({ repeated: true, answer })
            await expectRowsAccountedFor(services, answer, content)
            await expectNoWaterTwice(services)
          }
          expect(answers[0]).toEqual(answers[1])
        }),
        { numRuns: 40 },
      )
    })
  })
}

async function expectRowsAccountedFor({ db }: Services, answer: ImportAnswer, content: string): Promise<void> {
  const { rows, volumesM3 } = answer
  expect(rows.in).toBe(content.trim().split('\n').length - 1)
  expect(rows.in).toBe(rows.accepted + rows.held + rows.rejected)
  const sum = new Exact(volumesM3.accepted).plus(volumesM3.held).plus(volumesM3.rejected)
  expect(sum.toFixed(3)).toBe(volumesM3.in)

  const read = await sql<{ row_no: number; volume_m3: string }>`
    select row_no, volume_m3 from meter_readings where import_id = ${answer.importId}::bigint`.execute(db)
  const kept = await sql<{ row_no: number; verdict: string }>`
    select row_no, verdict from import_rows where import_id = ${answer.importId}::bigint`.execute(db)
  const rowNos = [...read.rows, ...kept.rows].map(({ row_no }) => row_no)
  expect(new Set(rowNos).size).toBe(rowNos.length)
  expect(read.rows.length).toBe(rows.accepted - answer.unchanged)
  expect(kept.rows.filter(({ verdict }) => verdict === 'held').length).toBe(rows.held)
  expect(kept.rows.filter(({ verdict }) => verdict === 'rejected').length).toBe(rows.rejected)
  if (answer.unchanged > 0) return
  const stored = read.rows.reduce((total, { volume_m3 }) => total.plus(volume_m3), new Exact(0))
  expect(stored.toFixed(3)).toBe(volumesM3.accepted)
}

/** Of one account and month, effective readings of the same meter (or of no meter) never cover the same day. */
async function expectNoWaterTwice({ db }: Services): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with effective as (
      select * from meter_readings r where kind <> 'supplement' and not exists (select from reading_endings e where e.reading_id = r.id)
    )
    select a.id from effective a join effective b on b.account_id = a.account_id and b.fee_month = a.fee_month and b.id > a.id
      and (a.installation_id is null or b.installation_id is null or a.installation_id = b.installation_id)
      and daterange(a.used_from, a.used_until) && daterange(b.used_from, b.used_until)`.execute(db)
  expect(rows).toEqual([])
}
