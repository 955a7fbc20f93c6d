import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { as, districtFolder, done, supplierFile } from '../../fixtures/load-district.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { connect } from '../../src/platform/connect.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import type { Connection } from '../../src/platform/database.ts'
import { endRole } from '../../src/platform/end-role.ts'
import { grantRole } from '../../src/platform/grant-role.ts'
import { bundled, startedForAMoment } from '../support/bundled.ts'
import { postgresUrl, servicesOn, testDatabases } from '../support/databases.ts'
import { prepareDistrict, stateOf } from './district-state.ts'

/** Ten moments per piece of work, chosen by a seed: another seed tries other moments, the same one these again. */
const seed = Number(process.env['QINGLIU_SEED'] ?? '20260403')
const moments = 10
const script = await bundled(fileURLToPath(new URL('./act.ts', import.meta.url)))

function* chance(state: number): Generator<number> {
  // A linear congruential step is random enough for moments, and the same everywhere.
  for (let value = state; ; ) {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0
    yield value / 2 ** 32
  }
}

/** A collection file of 6,000 rows over accounts of the district, a few fen each. */
function largeFile(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'qingliu-pay-')), 'collected.csv')
  const [, ...accounts] = readFileSync(`${districtFolder}registry/gx-water/accounts.csv`, 'utf8').trim().split(/\r?\n/)
  const rows = Array.from({ length: 6_000 }, (_, index) => {
    const [accountNo = ''] = (accounts[index % 1_500] ?? '').split(',')
    return `${accountNo},2026-04-${String(4 + (index % 15)).padStart(2, '0')},R${index},0.${String(10 + (index % 90))}`
  })
  writeFileSync(path, ['户号,缴费日期,交易流水号,污水处理费', ...rows].join('\n'))
  return path
}

const tasks = {
  import: { name: 'an import', prepared: 'live', seed: 1, file: supplierFile('gx-water', '2026-03') },
  run: { name: 'a run', prepared: 'imported', seed: 2, file: '' },
  pay: { name: 'an import of payments', prepared: 'billed', seed: 3, file: largeFile() },
  // The clock stood still since 11 March: an overdue list, files that have not come, and the draft of March are due.
  tick: { name: 'the jobs of a tick', prepared: 'imported', seed: 4, file: '2026-04-04T08:30:00+08:00' },
} as const
type Task = keyof typeof tasks
afterAll(() => rmSync(dirname(tasks.pay.file), { recursive: true, force: true }))

interface Place {
  readonly name: string
  /** A database of its own, equal to the prepared one; answers its address. */
  copy(): Promise<string>
  remove(address: string): Promise<void>
}

/** Starts the work and waits until it begins; `finished` answers what it printed, however it ended. */
function start(task: Task, address: string, leaseSeconds = 1) {
  // A killed process is found out after a second instead of two minutes.
  const child: ChildProcess = spawn(
    process.execPath,
    [...startedForAMoment, script, task, address, tasks[task].file, String(leaseSeconds)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let out = ''
  let err = ''
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (bytes: Buffer) => {
      out += bytes.toString()
      if (out.includes('ready')) resolve()
    })
    child.stderr?.on('data', (bytes: Buffer) => {
      err += bytes.toString()
    })
    child.on('exit', () => reject(new Error(`ended before it was ready: ${out}${err}`)))
  })
  const finished = new Promise<{ out: string; err: string }>((resolve) =>
    child.on('close', () => resolve({ out, err })),
  )
  return { child, ready, finished }
}

async function runToTheEnd(
  task: Task,
  address: string,
  leaseSeconds?: number,
): Promise<{ milliseconds: number; answer: string }> {
  const { ready, finished } = start(task, address, leaseSeconds)
  await ready
  const began = Date.now()
  const { out, err } = await finished
  const answer = /^answer (.*)$/m.exec(out)?.[1]
  if (answer === undefined || !out.includes('closed')) throw new Error(`${task} did not finish: ${out}${err}`)
  return { milliseconds: Date.now() - began, answer }
}

async function look(address: string): Promise<Record<string, unknown[]>> {
  const connection = await connect(
    address.startsWith('postgres') ? { databaseUrl: address, folder: '' } : { folder: address },
  )
  if (isRefusal(connection)) throw new Error(connection.sentence('en'))
  try {
    return await stateOf(connection.db)
  } finally {
    await connection.close()
  }
}

function embeddedPlace(folder: string, prepared: string): Place {
  return {
    name: 'embedded',
    copy: async () => {
      const copy = join(folder, randomUUID())
      cpSync(prepared, copy, { recursive: true })
      return copy
    },
    remove: async (address) => rmSync(address, { recursive: true, force: true }),
  }
}

function postgresPlace(admin: Connection, template: string): Place {
  return {
    name: 'postgres',
    copy: async () => {
      const name = `qingliu_kill_${randomUUID().replaceAll('-', '')}`
      await sql`create database ${sql.id(name)} template ${sql.id(template)}`.execute(admin.db)
      return Object.assign(new URL(postgresUrl ?? ''), { pathname: `/${name}` }).toString()
    },
    remove: async (address) =>
      void (await sql`drop database if exists ${sql.id(new URL(address).pathname.slice(1))} with (force)`.execute(
        admin.db,
      )),
  }
}

for (const { name: engine } of testDatabases) {
  for (const task of ['import', 'run', 'pay', 'tick'] as const) {
    describe(`kill -9 during ${tasks[task].name} (${engine})`, () => {
      let folder = ''
      let admin: Connection | undefined
      let template = ''
      let place: Place
      let undisturbed: Record<string, unknown[]>
      let whole = 0
      let interrupted = 0

      beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), 'qingliu-kill-'))
        let connection: Connection
        if (engine === 'embedded') {
          const opened = await connect({ folder: join(folder, 'prepared') })
          if (isRefusal(opened)) throw new Error(opened.sentence('en'))
          connection = opened
          place = embeddedPlace(folder, join(folder, 'prepared'))
        } else {
          admin = connectPostgres(postgresUrl ?? '', 1)
          template = `qingliu_kill_${randomUUID().replaceAll('-', '')}`
          await sql`create database ${sql.id(template)}`.execute(admin.db)
          connection = connectPostgres(
            Object.assign(new URL(postgresUrl ?? ''), { pathname: `/${template}` }).toString(),
          )
          place = postgresPlace(admin, template)
        }
        await migrate(connection.db)
        const services = servicesOn(connection, '2026-04-03')
        await prepareDistrict(services, tasks[task].prepared)
        if (task === 'tick') {
          // Nobody is appointed in the weeks between, so that the work is more than looking.
          const role = { staffCode: 'clock', role: 'scheduler' }
          const clock = { code: 'clock', name: '定时任务', organisationCode: 'bureau', roles: ['scheduler'] }
          const [from, until, again] = [civilDate('2026-03-11'), civilDate('2026-03-14'), civilDate('2026-04-01')]
          done(await addStaff(services, as('admin', 'staff', 'clock'), { ...clock, from }))
          done(await endRole(services, as('admin', 'end', 'clock'), { ...role, until }))
          done(await grantRole(services, as('admin', 'grant', 'clock'), { ...role, from: again }))
        }
        await connection.close()

        const address = await place.copy()
        whole = (await runToTheEnd(task, address)).milliseconds
        undisturbed = await look(address)
        if (task === 'tick') expect(undisturbed['notices']?.length).toBeGreaterThanOrEqual(3)
        await place.remove(address)
      }, 300_000)

      afterAll(async () => {
        if (admin !== undefined) {
          await sql`drop database if exists ${sql.id(template)} with (force)`.execute(admin.db)
          await admin.close()
        }
        rmSync(folder, { recursive: true, force: true })
      })

      if (task === 'tick' && engine === 'postgres') {
        it('two processes that tick at once work each slot once, to the undisturbed result', async () => {
          const address = await place.copy()
          try {
            const both = await Promise.all([runToTheEnd(task, address, 120), runToTheEnd(task, address, 120)])
            const [one, other] = both.map(({ answer }) => JSON.parse(answer) as string[])
            const slots = [...(one ?? []), ...(other ?? [])]
            expect(slots).toHaveLength(new Set(slots).size)
            const state = await look(address)
            expect(slots).toHaveLength(state['slots']?.length ?? 0)
            for (const [table, rows] of Object.entries(undisturbed)) expect(state[table], table).toEqual(rows)
          } finally {
            await place.remove(address)
          }
        })
      }

      if (task === 'tick' && engine === 'postgres') {
        it('two processes that take one another for dead work the same slots, and everything is still done once', async () => {
          const address = await place.copy()
          try {
            await Promise.all([runToTheEnd(task, address, 0.02), runToTheEnd(task, address, 0.02)])
            const state = await look(address)
            for (const [table, rows] of Object.entries(undisturbed)) expect(state[table], table).toEqual(rows)
          } finally {
            await place.remove(address)
          }
        })
      }

      const random = chance(seed + tasks[task].seed + (engine === 'embedded' ? 10 : 20))
      for (let moment = 1; moment <= moments; moment += 1) {
        const share = random.next().value as number
        it(`killed after ${Math.round(share * 100)} % of its time, the same command leads to the undisturbed result`, async () => {
          const address = await place.copy()
          try {
            const { child, ready, finished } = start(task, address)
            await ready
            await new Promise((resolve) => setTimeout(resolve, share * whole))
            child.kill('SIGKILL')
            const { out } = await finished
            interrupted += out.includes('answer') ? 0 : 1
            await runToTheEnd(task, address)
            const state = await look(address)
            for (const [table, rows] of Object.entries(undisturbed)) expect(state[table], table).toEqual(rows)
          } finally {
            await place.remove(address)
          }
        })
      }
      it('some of them really were interrupted', () => expect(interrupted).toBeGreaterThan(0))
    })
  }
}
