import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../package.json'
import { createApp } from '../../src/app.tsx'
import { addStaff } from '../../src/platform/add-staff.ts'
import worker, { type WorkerBindings } from '../../src/worker.ts'
import { onEveryDatabase, postgresUrl, servicesOn, testDatabases } from '../support/databases.ts'
import { by, done, openOffice } from '../support/office.ts'

/** One request to the worker's entry; the work it left behind is awaited, as the platform does. */
async function askWorker(path: string, bindings: WorkerBindings = {}) {
  const left: Promise<unknown>[] = []
  const response = await worker.fetch(new Request(`https://qingliu.test${path}`), bindings, {
    waitUntil: (work) => void left.push(work),
  })
  const body = await response.text()
  await Promise.all(left)
  return { status: response.status, body, left: left.length }
}

onEveryDatabase('health', (connection) => {
  it('says that the database answers', async () => {
    const response = await createApp(() => servicesOn(connection(), '2026-03-31')).request('/health')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok', version, database: 'ok' })
  })
})

describe('the worker', () => {
  it('answers without a database, and says nothing of one', async () => {
    const answer = await askWorker('/health')
    expect(answer).toEqual({ status: 200, body: JSON.stringify({ status: 'ok', version }), left: 0 })
  })

  it('answers 404 to a path it does not know', async () => {
    expect((await askWorker('/nowhere')).status).toBe(404)
  })

  it('says 503 where the database refuses, and closes its pool', async () => {
    const answer = await askWorker('/health', { HYPERDRIVE: { connectionString: 'postgresql://u:p@127.0.0.1:1/none' } })
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.body)).toEqual({ status: 'unavailable', version, database: 'unreachable' })
    expect(answer.left).toBe(1)
  })

  it('opens and closes a pool for each request', async () => {
    // Without PostgreSQL the same pool meets a closed port; with it, it must answer again after having been closed.
    const connectionString = postgresUrl ?? 'postgresql://u:p@127.0.0.1:1/none'
    for (const _request of [1, 2, 3]) {
      const answer = await askWorker('/health', { HYPERDRIVE: { connectionString } })
      expect([answer.status, answer.left]).toEqual([postgresUrl === undefined ? 503 : 200, 1])
    }
  })
})

describe('the worker’s tick', () => {
  const tick = async (at: string, bindings: WorkerBindings) => {
    const left: Promise<unknown>[] = []
    const event = { scheduledTime: new Date(at).getTime() }
    await worker.scheduled(event, bindings, { waitUntil: (work) => void left.push(work) })
    await Promise.all(left)
    return left.length
  }

  it('does nothing where there is no database', async () => {
    expect(await tick('2026-04-10T08:00:00+08:00', {})).toBe(0)
  })

  it('fails where the database does not answer, closes its pool, and is done by the next tick', async () => {
    const bindings = { HYPERDRIVE: { connectionString: 'postgresql://u:p@127.0.0.1:1/none' } }
    await expect(tick('2026-04-10T08:00:00+08:00', bindings)).rejects.toThrow('ECONNREFUSED')
  })

  if (postgresUrl !== undefined) {
    it('works what is due behind Hyperdrive, each slot once, each event with a pool of its own', async () => {
      const database = await testDatabases.find(({ name }) => name === 'postgres')?.open()
      if (database?.url === undefined) throw new Error('no PostgreSQL')
      try {
        const services = servicesOn(database, '2026-11-01')
        await openOffice(services)
        const clock = { code: 'clock', name: '定时任务', organisationCode: 'bureau', roles: ['scheduler'] }
        await done(addStaff(services, by('admin'), clock))
        const bindings = { HYPERDRIVE: { connectionString: database.url } }
        const slots = async () => {
          const { rows } = await sql<{ job: string; outcome: string; count: number }>`
            select job, outcome, count(*)::int as count from job_outcomes group by 1, 2 order by 1`.execute(database.db)
          return Object.fromEntries(rows.map(({ job, outcome, count }) => [`${job} ${outcome}`, count]))
        }
        expect(await tick('2026-11-01T05:00:00+08:00', bindings)).toBe(1)
        expect(await slots()).toEqual({})
        await Promise.all(['2026-11-01T09:00:00+08:00', '2026-11-01T09:00:00+08:00'].map((at) => tick(at, bindings)))
        await tick('2026-11-01T09:00:00+08:00', bindings)
        expect(await slots()).toEqual({
          'calendar-lacking done': 1,
          'draft-month nothing': 1,
          'expected-files nothing': 1,
          'legal-clocks nothing': 1,
          'make-messages nothing': 1,
          'overdue-list nothing': 1,
        })
        const { rows } = await sql`select kind, subject from notices`.execute(database.db)
        expect(rows).toEqual([{ kind: 'calendar_lacking', subject: '2027' }])
      } finally {
        await database.close()
      }
    })
  }
})

describe('a database that stays silent', () => {
  const sockets: Socket[] = []
  const silent = createServer((socket) => void sockets.push(socket))
  beforeAll(() => new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve)))
  afterAll(() => new Promise((resolve) => void silent.close(resolve)))

  it('does not keep the watcher waiting', async () => {
    const { port } = silent.address() as AddressInfo
    const response = await worker.fetch(
      new Request('https://qingliu.test/health'),
      { HYPERDRIVE: { connectionString: `postgresql://u:p@127.0.0.1:${port}/none` } },
      { waitUntil: () => undefined },
    )
    expect(response.status).toBe(503)
    for (const socket of sockets) socket.destroy()
  })
})

describe('the bundle', () => {
  it('is built offline and needs no folder, thread, process or embedded database', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qingliu-bundle-'))
    try {
      const root = fileURLToPath(new URL('../../', import.meta.url))
      const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
      execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', folder], {
        cwd: root,
        env: { ...process.env, CI: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const bundle = readFileSync(join(folder, 'worker.js'), 'utf8')
      const needed = [
        ...bundle.matchAll(/(?:\bfrom|\bimport|\brequire\()\s*["'](?:node:)?([a-z_]+(?:\/[a-z_]+)?)["']/g),
      ]
      const modules = new Set(needed.map(([, name]) => name))
      expect(modules).toContain('crypto')
      const absent = ['fs', 'fs/promises', 'worker_threads', 'child_process', 'os', 'vm', 'cluster', 'zlib', 'http']
      expect(absent.filter((name) => modules.has(name))).toEqual([])
      expect(bundle).not.toContain('pglite')
      // What the platform counts is the compressed size: 3 MB on its smallest plan.
      expect(gzipSync(bundle).length).toBeLessThan(1_500_000)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
