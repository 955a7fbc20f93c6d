import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Agent, get } from 'node:http'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { migrate } from '../../db/migrate.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { writeCursor } from '../../src/platform/http/paging.ts'
import { seedRegistry } from './seed.ts'

export const apiConnections = 32
const seconds = 6
// Until what is asked most has been compiled: before, the slowest answers tell of the compiler.
const warmSeconds = 8

/** A server in a process of its own, and how to end it. */
export async function started(what: 'api' | 'bare', url: string): Promise<{ port: number; process: ChildProcess }> {
  const script = fileURLToPath(new URL('../support/serve-api.ts', import.meta.url))
  // As `npm run serve` starts the server.
  const child = spawn(process.execPath, ['--max-semi-space-size=64', '--import', 'tsx', script, what, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())))
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  return { port, process: child }
}

export interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

/** Keeps so many requests under way for some seconds; every answer must be 200. */
export async function load(port: number, path: () => string, connections = apiConnections): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const once = () =>
    new Promise<void>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: path(), agent }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${response.statusCode}`))
        response.resume()
        response.once('end', resolve)
      }).once('error', reject)
    })
  const run = async (length: number, took: number[]) => {
    const end = performance.now() + length * 1000
    const one = async () => {
      while (performance.now() < end) {
        const began = performance.now()
        await once()
        took.push(performance.now() - began)
      }
    }
    await Promise.all(Array.from({ length: connections }, one))
  }
  await run(warmSeconds, [])
  const took: number[] = []
  await run(seconds, took)
  agent.destroy()
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN
  return { perSecond: took.length / seconds, p50: at(0.5), p99: at(0.99) }
}

const numbered = (bill: number) => `2026-${String(bill).padStart(6, '0')}`

/** Requests per second and latency of one bill and of a page of bills, beside a bare route with one primary-key query. */
export async function benchApi(
  url: string,
  bills: number,
  fill: (address: string, bills: number) => Promise<void>,
): Promise<void> {
  const admin = connectPostgres(url, 1)
  const name = `qingliu_bench_${randomUUID().slice(0, 8)}`
  const address = Object.assign(new URL(url), { pathname: `/${name}` }).toString()
  try {
    await sql`create database ${sql.id(name)}`.execute(admin.db)
    const seeded = connectPostgres(address)
    await migrate(seeded.db)
    await seedRegistry(seeded, bills)
    await seeded.close()
    await fill(address, bills)
    const any = () => 1 + Math.floor(Math.random() * (bills - 60))
    const key = (bill: number) => String(202_600_000_000 + bill)
    const measured = async (what: 'api' | 'bare', path: () => string) => {
      const server = await started(what, address)
      try {
        return await load(server.port, path)
      } finally {
        server.process.kill()
      }
    }
    const bare = await measured('bare', () => `/bare/${key(any())}`)
    const one = await measured('api', () => `/api/v1/bills/${numbered(any())}`)
    const page = await measured('api', () => `/api/v1/bills?month=2026-03&limit=50&cursor=${writeCursor([key(any())])}`)
    const line = (title: string, { perSecond, p50, p99 }: Load) =>
      process.stdout.write(
        `  ${title.padEnd(34)} ${Math.round(perSecond).toLocaleString('en').padStart(7)}/s   p50 ${p50.toFixed(1).padStart(6)} ms   p99 ${p99.toFixed(1).padStart(6)} ms   ${(perSecond / bare.perSecond).toFixed(2)} of the bare route\n`,
      )
    process.stdout.write(`API, ${apiConnections} connections, ${bills.toLocaleString('en')} bills, PostgreSQL\n`)
    line('bare Hono, one primary-key query', bare)
    line('one bill with its lines', one)
    line('a page of 50 bills', page)
  } finally {
    await sql`drop database if exists ${sql.id(name)} with (force)`.execute(admin.db)
    await admin.close()
  }
}
