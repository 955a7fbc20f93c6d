import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { apiOver } from '../support/api.ts'
import { bundled } from '../support/bundled.ts'
import { postgresUrl, testDatabases } from '../support/databases.ts'
import { SmallTown } from '../support/small-town.ts'

const rows = 12_000
const file = [
  '户号,收款日期,流水号,污水处理费',
  ...Array.from({ length: rows }, (_, at) => `1001,2026-04-20,K${at},0.01`),
].join('\n')
const path = '/payments/imports?collector=water&fileName=collected.csv'
const headers = { 'content-type': 'text/csv', 'idempotency-key': 'cut-off-payments', 'qingliu-actor': 'clerk' }

/** A server of the API in a process of its own. */
async function served(url: string) {
  const script = await bundled(fileURLToPath(new URL('../support/serve-api.ts', import.meta.url)))
  const child = spawn(process.execPath, [script, 'api', url, '2026-05-02'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())))
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  return { child, address: `http://127.0.0.1:${port}/api/v1` }
}

// The embedded database belongs to one process, so nobody else could ask there; test/http/works.test.ts has what is said.
for (const database of testDatabases.filter(({ name }) => name === 'postgres')) {
  it('an import cut off by kill -9 is told as interrupted by another process, and done once when it is sent again', async () => {
    const connection = await database.open()
    const { url = '' } = connection
    const town = await SmallTown.found(connection, '2026-01-20')
    await town.enrol('1001', { openedOn: '2026-02-01' })
    town.on('2026-05-02')
    const api = apiOver(() => town.services, { parts: partsOnNode(() => undefined) })

    // However fast the machine is, the import cannot write and so cannot end before it is cut off.
    const holder = connectPostgres(url, 1)
    const holding = await holder.db.startTransaction().execute()
    await sql`lock table payments in share mode`.execute(holding)

    const { child, address } = await served(url)
    const taken = await fetch(address + path, { method: 'POST', body: file, headers })
    expect(taken.status).toBe(202)
    const { workId } = (await taken.json()) as { workId: string }
    // Another process tells how far it is while it goes on.
    for (;;) {
      const { body } = await api.get(`/works/${workId}`)
      expect(body.state).toBe('running')
      if (body.progress !== null && body.progress.done > 0) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('close', resolve))
    await holding.rollback().execute()
    await holder.close()
    expect((await api.get(`/works/${workId}`)).body.state).toBe('running')
    await sql`update work_beats set beat_at = now() - interval '31 seconds'`.execute(connection.db)
    expect((await api.get(`/works/${workId}`)).body).toMatchObject({
      state: 'interrupted',
      problem: { code: 'work_interrupted' },
    })
    const stored = async () => {
      const { rows: counted } = await sql<{ n: number }>`select count(*)::int as n from payments`.execute(connection.db)
      return counted[0]?.n
    }
    expect(await stored()).toBe(0)

    const again = await api.raw(path, { method: 'POST', body: file, headers })
    expect([again.status, again.body.workId === workId]).toEqual([202, false])
    for (;;) {
      const { body } = await api.get(`/works/${again.body.workId}`)
      if (body.state === 'running') {
        await new Promise((resolve) => setTimeout(resolve, 50))
        continue
      }
      expect(body).toMatchObject({ state: 'done', answer: { payments: rows } })
      break
    }
    expect(await stored()).toBe(rows)
    town.leave()
    await connection.close()
  })
}

it('is tried where there is a PostgreSQL to try it on', () => {
  expect(testDatabases.some(({ name }) => name === 'postgres')).toBe(postgresUrl !== undefined)
})
