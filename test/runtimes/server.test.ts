import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../package.json'
import { systemClock } from '../../src/kernel/clock.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { connectEmbedded } from '../../src/platform/connect-embedded.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import type { Connection } from '../../src/platform/database.ts'
import { qingliu } from '../cli/program.ts'
import { bundled, startedForAMoment } from '../support/bundled.ts'
import { testDatabases } from '../support/databases.ts'
import { by, done, openOffice } from '../support/office.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const script = await bundled(join(root, 'src/server.ts'))
const started: ChildProcess[] = []

interface Running {
  readonly child: ChildProcess
  readonly address: string
  readonly port: number
  /** Everything written so far. */
  readonly said: { out: string; log: string }
  readonly ended: Promise<number | null>
}

function spawnServer(words: readonly string[], environment: Record<string, string>) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(QINGLIU_|DATABASE_URL$|NODE_OPTIONS$)/.test(name),
  )
  const child = spawn(process.execPath, [...startedForAMoment, script, ...words], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  const said = { out: '', log: '' }
  child.stdout.on('data', (bytes: Buffer) => {
    said.out += bytes.toString()
  })
  child.stderr.on('data', (bytes: Buffer) => {
    said.log += bytes.toString()
  })
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve))
  return { child, said, ended }
}

async function start(
  environment: Record<string, string>,
  words: readonly string[] = ['--port', '0'],
): Promise<Running> {
  const { child, said, ended } = spawnServer(words, environment)
  await Promise.race([until(() => said.log.includes('"msg":"started"')), ended])
  const port = Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(said.out)?.[1])
  if (!(port > 0)) throw new Error(`the server did not start: ${said.out}${said.log}`)
  return { child, address: `http://127.0.0.1:${port}`, port, said, ended }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const patience = performance.now() + 120_000
  while (!(await holds())) {
    if (performance.now() > patience) throw new Error('it never came about')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const logged = ({ said }: Running, message: string) => said.log.includes(`"msg":"${message}"`)

afterEach(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

/** A place for a server’s database: prepared by the test in this process, then given up to the server. */
interface Place {
  readonly environment: Record<string, string>
  visit<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  remove(): Promise<void>
}

async function embeddedPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-server-'))
  return {
    environment: { QINGLIU_DATA: folder },
    visit: async (work) => {
      const connection = await connectEmbedded(folder)
      if (isRefusal(connection)) throw new Error(connection.code)
      try {
        return await work(connection)
      } finally {
        await connection.close()
      }
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function postgresPlace(): Promise<Place> {
  const opened = await testDatabases.find(({ name }) => name === 'postgres')?.open()
  if (opened?.url === undefined) throw new Error('no PostgreSQL')
  const { url } = opened
  return {
    environment: { DATABASE_URL: url },
    visit: async (work) => {
      const connection = connectPostgres(url, 1)
      try {
        return await work(connection)
      } finally {
        await connection.close()
      }
    },
    remove: () => opened.close(),
  }
}

for (const { name } of testDatabases) {
  describe(`the server (${name})`, () => {
    let place: Place
    beforeAll(async () => {
      place = await (name === 'embedded' ? embeddedPlace() : postgresPlace())
      if (name === 'embedded') {
        const { code } = await qingliu(['db', 'status'], place.environment)
        expect(code).toBe(0)
      }
    })
    afterAll(() => place.remove())

    it('answers, tells where, logs each request by its path, and stops with 0', async () => {
      const server = await start(place.environment)
      const response = await fetch(`${server.address}/health?secret=1`)
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok', version, database: 'ok' }])
      expect(server.said.out).toContain(`${server.address}/health`)
      expect(server.said.out.includes('power cut')).toBe(name === 'embedded')
      server.child.kill('SIGTERM')
      expect(await server.ended).toBe(0)
      const lines = server.said.log
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
      expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['started', 'request', 'stopping', 'stopped']))
      expect(lines.find(({ msg }) => msg === 'request')).toMatchObject({ method: 'GET', path: '/health', status: 200 })
      expect(server.said.log).not.toContain('secret')
      // Nobody was appointed, and whoever reads the log is told how.
      expect(server.said.log).toContain('--role scheduler')
    })

    it('finishes the request that is under way when it is told to stop, and takes no further one', async () => {
      const server = await start(place.environment)
      const socket = connect(server.port, '127.0.0.1')
      let answer = ''
      socket.on('data', (bytes) => {
        answer += bytes.toString()
      })
      // A request of which a part is still on its way.
      socket.write(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`)
      await new Promise((resolve) => setTimeout(resolve, 300))
      server.child.kill('SIGTERM')
      await until(() => logged(server, 'stopping'))
      await expect(fetch(`${server.address}/health`)).rejects.toThrow()
      socket.write('Connection: close\r\n\r\n')
      expect(await server.ended).toBe(0)
      expect(answer).toMatch(/^HTTP\/1\.1 200 /)
      expect(answer).toContain('"database":"ok"')
      expect(logged(server, 'stopped')).toBe(true)
    })

    it('ends at once at a second signal', async () => {
      const server = await start(place.environment)
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`)
      await new Promise((resolve) => setTimeout(resolve, 300))
      server.child.kill('SIGTERM')
      await until(() => logged(server, 'stopping'))
      // The same moment is the same signal; later it is meant.
      server.child.kill('SIGTERM')
      await new Promise((resolve) => setTimeout(resolve, 700))
      expect(server.child.exitCode).toBeNull()
      server.child.kill('SIGINT')
      expect(await server.ended).toBe(130)
      socket.destroy()
    })

    it('answers only who asks for this machine by its name', async () => {
      const server = await start(place.environment)
      const asked = await new Promise<string>((resolve) => {
        const socket = connect(server.port, '127.0.0.1')
        socket.on('data', (bytes) => resolve(bytes.toString()))
        socket.write('GET /api/v1/bills HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n')
      })
      expect(asked).toMatch(/^HTTP\/1\.1 403 /)
      expect(asked).toContain('application/problem+json')
      expect(asked).toContain('request_host_not_loopback')
      server.child.kill('SIGTERM')
      expect(await server.ended).toBe(0)
    })

    it('catches up, gives up its place at the next slot when it is told to stop, and leaves none half done', async () => {
      const appoint = () =>
        place.visit(async (connection) => {
          const services = { ...connection, clock: systemClock }
          await openOffice(services)
          const today = systemClock.today()
          const from = `${Number(today.slice(0, 4)) - 1}${today.slice(4)}` as typeof today
          const clock = { code: 'clock', name: '定时任务', organisationCode: 'bureau', roles: ['scheduler'], from }
          await done(addStaff(services, by('admin'), clock))
        })
      // In its embedded folder nobody else can be: there it catches up at its start, elsewhere at the next minute.
      if (name === 'embedded') await appoint()
      const server = await start(place.environment)
      if (name === 'postgres') {
        await until(() => server.said.log.includes('--role scheduler'))
        await appoint()
      }
      await until(() => logged(server, 'job'))
      server.child.kill('SIGTERM')
      expect(await server.ended).toBe(0)
      const counts = await place.visit(async ({ db }) => {
        const { rows } = await sql<{ slots: number; outcomes: number; begun: number }>`
          select (select count(*)::int from job_slots) as slots, (select count(*)::int from job_outcomes) as outcomes,
            (select count(*)::int from job_leases where not renewal) as begun`.execute(db)
        return rows[0]
      })
      expect(counts?.slots).toBeGreaterThan(0)
      // A year of silence fills a tick to its 200 slots: it stopped on the way.
      expect(counts?.slots).toBeLessThan(200)
      expect(counts).toMatchObject({ outcomes: counts?.slots, begun: counts?.slots })
    })

    if (name === 'embedded') {
      it('has its folder to itself: a second server and the command line are refused by name', async () => {
        const server = await start(place.environment)
        const second = spawnServer(['--port', '0'], place.environment)
        expect(await second.ended).toBe(69)
        expect(second.said.log).toContain(place.environment['QINGLIU_DATA'] ?? '')
        const command = await qingliu(['staff', 'list'], place.environment)
        expect([command.code, command.stderr.includes('正被另一个进程使用')]).toEqual([69, true])
        server.child.kill('SIGTERM')
        expect(await server.ended).toBe(0)
        expect((await qingliu(['staff', 'list'], place.environment)).code).toBe(0)
      })
    } else {
      it('refuses a database whose schema does not fit, in the words of the command line', async () => {
        const admin = connectPostgres(place.environment['DATABASE_URL'] ?? '', 1)
        const empty = Object.assign(new URL(place.environment['DATABASE_URL'] ?? ''), {
          pathname: '/qingliu_server_empty',
        })
        await sql`drop database if exists qingliu_server_empty`.execute(admin.db)
        await sql`create database qingliu_server_empty`.execute(admin.db)
        try {
          const { said, ended } = spawnServer(['--port', '0'], { DATABASE_URL: empty.toString() })
          const code = await ended
          const command = await qingliu(['staff', 'list'], { DATABASE_URL: empty.toString() })
          expect([code, said.log]).toEqual([69, command.stderr])
          expect(said.log).toContain('qingliu db migrate')
        } finally {
          await sql`drop database qingliu_server_empty`.execute(admin.db)
          await admin.close()
        }
      })
    }
  })
}

describe('the server refuses', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-server-'))
  const elsewhere = { QINGLIU_DATA: folder }
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const refused = async (words: readonly string[], environment: Record<string, string> = {}) => {
    const { said, ended } = spawnServer(words, environment)
    return { code: await ended, ...said }
  }
  it.each(['0.0.0.0', '::', '192.168.1.5'])('to listen on %s where nobody signs in', async (host) => {
    const { code, log, out } = await refused(['--host', host], { QINGLIU_DEV_ACTOR: 'clerk', ...elsewhere })
    expect([code, out]).toEqual([77, ''])
    expect(log).toContain(host)
    expect(log).toContain('127.0.0.1')
  })
  it('an address that is none', async () => {
    expect((await refused(['--host', 'qingliu.example'])).code).toBe(64)
  })
  it('in production: no secret or a weak one, a day that is not today, a development actor', async () => {
    const production = { QINGLIU_ENV: 'production', DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/none' }
    const secret = { QINGLIU_SECRET: 'long enough to be a secret of production' }
    expect(await refused([], production)).toMatchObject({ code: 69, log: expect.stringContaining('QINGLIU_SECRET') })
    expect((await refused([], { ...production, QINGLIU_SECRET: 'short' })).code).toBe(65)
    expect((await refused(['--today', '2026-04-21'], { ...production, ...secret })).code).toBe(77)
    expect((await refused([], { ...production, ...secret, QINGLIU_DEV_ACTOR: 'clerk' })).code).toBe(77)
  })
  it('a port that is none, an option it does not know, and the embedded database in production', async () => {
    expect((await refused(['--port', 'http'])).code).toBe(64)
    expect((await refused(['--listen'])).code).toBe(64)
    const secret = 'long enough to be a secret of production'
    const production = await refused([], { QINGLIU_ENV: 'production', QINGLIU_SECRET: secret })
    expect([production.code, production.log.includes('DATABASE_URL')]).toEqual([69, true])
  })
  it('a port that is taken, and leaves the folder free', async () => {
    const taken = createServer()
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port))
    })
    const folder = mkdtempSync(join(tmpdir(), 'qingliu-server-'))
    try {
      const { code, log } = await refused(['--port', String(port)], { QINGLIU_DATA: folder })
      expect([code, log.includes(String(port))]).toEqual([69, true])
      expect((await qingliu(['db', 'status'], { QINGLIU_DATA: folder })).code).toBe(0)
    } finally {
      taken.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
  it('a database that cannot be reached', async () => {
    const { code, log } = await refused(['--port', '0'], { DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/none' })
    expect([code, log.includes('ECONNREFUSED')]).toEqual([69, true])
  })
})
