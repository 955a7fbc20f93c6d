import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { migrate } from '../../db/migrate.ts'
import { listBills } from '../../src/bills/bill.queries.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import type { BillId, DischargerId } from '../../src/kernel/ids.ts'
import { ageing, listOverdue } from '../../src/payments/payment.queries.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import type { Connection, Db } from '../../src/platform/database.ts'
import { secondsOf } from './baseline.ts'
import { askedOn, paymentRows, seedBills, seedPayments } from './billed-months.ts'
import { bigTables, scannedWhole } from './plans.ts'
import { seedRegistry } from './seed.ts'

export type Print = (text: string) => void

/** A seeded database of its own, removed afterwards. */
export async function inDatabase(
  url: string,
  seed: (connection: Connection) => Promise<void>,
  work: (address: (copy?: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const admin = connectPostgres(url, 1)
  const names = [`qingliu_bench_${randomUUID().slice(0, 8)}`]
  const [first = ''] = names
  const addressOf = (name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).toString()
  try {
    await sql`create database ${sql.id(first)}`.execute(admin.db)
    const seeded = connectPostgres(addressOf(first))
    await migrate(seeded.db)
    await seed(seeded)
    await sql`vacuum analyze`.execute(seeded.db)
    await seeded.close()
    await work(async (copy) => {
      const name = copy === undefined ? first : `${first}_${copy}`
      if (copy !== undefined) {
        names.push(name)
        await sql`create database ${sql.id(name)} template ${sql.id(first)}`.execute(admin.db)
      }
      // Nobody pays for the pages that the piece before has left to be written.
      await sql`checkpoint`.execute(admin.db)
      return addressOf(name)
    })
  } finally {
    for (const name of names.reverse())
      await sql`drop database if exists ${sql.id(name)} with (force)`.execute(admin.db)
    await admin.close()
  }
}

/** The import of a collection file with its allocation, beside COPY and one statement per table for the same rows. */
export async function benchPaymentImport(url: string, rows: number, print: Print): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-bench-pay-'))
  const file = join(folder, 'payments.csv')
  const lines = function* () {
    for (const row of paymentRows(rows)) yield `${row}\n`
  }
  await pipeline(Readable.from(lines()), createWriteStream(file))
  const seed = async (connection: Connection) => {
    await seedRegistry(connection, rows)
    await seedBills(connection.db, 1)
  }
  try {
    await inDatabase(url, seed, async (address) => {
      const bare = await bareAllocation(await address('bare'), file)
      const script = fileURLToPath(new URL('./measured-payments.ts', import.meta.url))
      const nodeOptions = ['--max-semi-space-size=64', '--import', 'tsx']
      const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, script, await address(), file])
      const { seconds, peakMiB, answer } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as {
        seconds: number
        peakMiB: number
        answer: { payments: number }
      }
      if (answer.payments !== rows) throw new Error(`${answer.payments} payments of ${rows} rows`)
      const whole = bare.copy + bare.insert
      print(
        `  payments  bare ${whole.toFixed(2)} s (COPY ${bare.copy.toFixed(2)}, INSERT ${bare.insert.toFixed(2)})   qingliu ${seconds.toFixed(2)} s, ${Math.round(rows / seconds).toLocaleString('en')}/s, peak ${peakMiB} MiB   ratio ${(seconds / whole).toFixed(2)}   (${rows.toLocaleString('en')} rows with allocation)`,
      )
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** COPY to staging, then payments, allocations and open items, each in one statement, in one transaction. */
async function bareAllocation(url: string, file: string): Promise<{ copy: number; insert: number }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(
      'create table staging_payments (account_no text, name text, paid_on text, reference text, amount text, method text)',
    )
    const copy = await secondsOf(async () => {
      const stream = client.query(
        copyFrom("copy staging_payments from stdin with (format csv, header true, encoding 'UTF8')"),
      )
      await pipeline(createReadStream(file), stream)
    })
    const insert = await secondsOf(async () => {
      await client.query('begin')
      await client.query(`
        insert into payments (channel, collector_id, reference, account_id, discharger_id, paid_on, recorded_on, amount, method, command_id)
        select 'collector', c.id, s.reference, a.id, h.discharger_id, s.paid_on::date, date '2026-04-13', s.amount::numeric, s.method, 'seed-0001'
        from staging_payments s join collectors c on c.code = 'bench' join accounts a on a.collector_id = c.id and a.account_no = s.account_no
          join account_holders h on h.account_id = a.id and h.valid_from <= s.paid_on::date and (h.valid_until is null or h.valid_until > s.paid_on::date)`)
      await client.query('set local enable_nestloop = off')
      await client.query(`
        with added as (
          insert into allocations (payment_id, bill_id, amount, basis, allocated_on, command_id)
          select p.id, o.bill_id, least(p.amount, o.outstanding), 'order', date '2026-04-13', 'seed-0001'
          from payments p join open_items o on o.account_id = p.account_id and o.discharger_id = p.discharger_id where o.outstanding > 0
          returning payment_id, bill_id, amount)
        update open_items o set outstanding = o.outstanding - x.amount, last_paid_on = x.paid_on
        from (select a.bill_id, sum(a.amount) as amount, max(p.paid_on) as paid_on from added a join payments p on p.id = a.payment_id group by a.bill_id) x
        where o.bill_id = x.bill_id`)
      await client.query('commit')
    })
    return { copy, insert }
  } finally {
    await client.end()
  }
}

/** What is read of bills and open items, by name; the first one is the bare query that the others stand beside. */
export function readsOf(ids: { readonly billId: BillId; readonly dischargerId: DischargerId }) {
  const on = civilDate(askedOn)
  return {
    'one key': (db: Db) => sql`select * from open_items where bill_id = ${ids.billId}::bigint`.execute(db),
    'overdue list, first page': (db: Db) => listOverdue(db, on, { limit: 50 }),
    'overdue list of one enterprise': (db: Db) => listOverdue(db, on, { dischargerId: ids.dischargerId, limit: 50 }),
    ageing: (db: Db) => ageing(db, on),
    'bills of one enterprise': (db: Db) => listBills(db, { dischargerId: ids.dischargerId, limit: 100 }),
  } as const
}

/** Some bill and its payer, in the middle of what is there. */
export async function someIds(db: Db): Promise<{ billId: BillId; dischargerId: DischargerId }> {
  const { rows } = await sql<{ billId: BillId; dischargerId: DischargerId }>`
    select bill_id as "billId", discharger_id as "dischargerId" from open_items
    where outstanding > 0 order by due_on desc, bill_id limit 1`.execute(db)
  const [found] = rows
  if (found === undefined) throw new Error('nothing is outstanding')
  return found
}

/** Overdue list, ageing and one enterprise's bills, among 12 months of bills; each with the tables it reads to the end. */
export async function benchReads(url: string, accounts: number, print: Print): Promise<void> {
  const seed = async (connection: Connection) => {
    await seedRegistry(connection, accounts)
    await seedBills(connection.db, 12)
    await seedPayments(connection.db)
  }
  await inDatabase(url, seed, async (address) => {
    const { db, close } = connectPostgres(await address(), 1)
    try {
      const bills = (accounts * 12).toLocaleString('en')
      print(`  reads     among ${bills} bills, median of 21, beside a bare query by one key`)
      let bare = Number.NaN
      for (const [name, read] of Object.entries(readsOf(await someIds(db)))) {
        const times: number[] = []
        for (let time = 0; time < 21; time += 1) times.push(await secondsOf(() => read(db)))
        const median = (times.sort((a, b) => a - b)[10] ?? Number.NaN) * 1000
        if (name === 'one key') bare = median
        const whole = (await scannedWhole(db, read)).filter((table) =>
          bigTables.includes(table as (typeof bigTables)[number]),
        )
        print(
          `    ${name.padEnd(32)} ${median.toFixed(2).padStart(9)} ms   ${(median / bare).toFixed(1).padStart(7)} times   ${whole.length === 0 ? 'no big table read whole' : `READS WHOLE: ${whole.join(', ')}`}`,
        )
      }
    } finally {
      await close()
    }
  })
}
