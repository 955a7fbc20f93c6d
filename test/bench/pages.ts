import { sql } from 'kysely'
import { numberOfBillId } from '../../src/bills/bill.ts'
import type { BillId } from '../../src/kernel/ids.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { sites } from '../../src/sites.ts'
import { type Load, load, started } from './api.ts'
import { seedBills, seedPayments } from './billed-months.ts'
import { inDatabase, type Print } from './payments.ts'
import { seedRegistry } from './seed.ts'

const clients = 50
const months = 12
const knownBills = 2_000
const slowestShown = 12

/**
 * Pages of the office over twelve months of bills, beside a bare page with one primary-key query, by fifty clients; then
 * every page that needs no parameter, asked alone, and the slowest of them.
 */
export async function benchPages(url: string, accounts: number, print: Print): Promise<void> {
  const seed = async (connection: ReturnType<typeof connectPostgres>) => {
    await seedRegistry(connection, accounts)
    await seedBills(connection.db, months)
    await seedPayments(connection.db)
  }
  await inDatabase(url, seed, async (address) => {
    const at = await address()
    const bills = await someBills(at)
    const anyBill = () => bills[Math.floor(Math.random() * bills.length)] ?? ('' as BillId)
    const anyMonth = () => {
      const back = Math.floor(Math.random() * months)
      return back < 3 ? `2026-0${3 - back}` : `2025-${String(15 - back).padStart(2, '0')}`
    }
    const measured = async (what: 'api' | 'bare', path: () => string) => {
      const server = await started(what, at)
      try {
        return await load(server.port, path, clients)
      } finally {
        server.process.kill()
      }
    }
    const bare = await measured('bare', () => `/bare-page/${anyBill()}`)
    const pages = {
      'the bills of a month': await measured('api', () => `/office/bills?month=${anyMonth()}`),
      'one bill with its arithmetic': await measured('api', () => `/office/bills/${numberOfBillId(anyBill())}`),
    }
    print(`Pages, ${clients} clients, ${(accounts * months).toLocaleString('en')} bills, PostgreSQL`)
    const line = (title: string, { perSecond, p50, p99 }: Load) =>
      print(
        `  ${title.padEnd(34)} ${Math.round(perSecond).toLocaleString('en').padStart(7)}/s   p50 ${p50.toFixed(1).padStart(6)} ms   p99 ${p99.toFixed(1).padStart(6)} ms   ${(p99 / bare.p99).toFixed(2)} times the bare page`,
      )
    line('bare page, one primary-key query', bare)
    for (const [title, one] of Object.entries(pages)) line(title, one)
    print(`  every page of the office that needs no parameter, asked alone three times, the fastest: the slowest are`)
    for (const { path, milliseconds } of (await askedAlone(at)).slice(0, slowestShown))
      print(`  ${path.padEnd(34)} ${milliseconds.toFixed(0).padStart(7)} ms`)
  })
}

/** How long each page takes by itself, slowest first: none may grow with what has been for years. */
async function askedAlone(address: string): Promise<{ readonly path: string; readonly milliseconds: number }[]> {
  const paths = sites
    .flatMap(({ pages }) => pages.map(({ path }) => path))
    .filter((path) => path.startsWith('/office') && !path.includes('{'))
  const server = await started('api', address)
  try {
    const took: { readonly path: string; readonly milliseconds: number }[] = []
    for (const path of paths) {
      const times: number[] = []
      while (times.length < 3) {
        const began = performance.now()
        const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { redirect: 'manual' })
        await answer.arrayBuffer()
        // What a clerk may not open, or not without a choice, answers at once and says nothing.
        if (answer.status === 200) times.push(performance.now() - began)
        else break
      }
      if (times.length > 0) took.push({ path, milliseconds: Math.min(...times) })
    }
    return took.toSorted((a, b) => b.milliseconds - a.milliseconds)
  } finally {
    server.process.kill()
  }
}

/** Bills from all over, so that no page of the database is asked for twice in a row. */
async function someBills(address: string): Promise<BillId[]> {
  const { db, close } = connectPostgres(address, 1)
  try {
    const { rows } = await sql<{ id: BillId }>`
      select id from bills tablesample system (1) order by random() limit ${knownBills}`.execute(db)
    return rows.map(({ id }) => id)
  } finally {
    await close()
  }
}
