import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { as, done, loadSupplierFile, supplierFile } from '../../fixtures/load-district.ts'
import { approveRun } from '../../src/bills/approve-run.ts'
import { draftRun } from '../../src/bills/draft-run.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import type { Services } from '../../src/platform/command.ts'
import { connectEmbedded } from '../../src/platform/connect-embedded.ts'
import { bundled, startedForAMoment } from '../support/bundled.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { prepareDistrict } from './district-state.ts'

const month = feeMonth('2026-03')
const script = await bundled(fileURLToPath(new URL('./act.ts', import.meta.url)))

function actInProcess(task: string, address: string, ...more: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...startedForAMoment, script, task, address, ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString()
    })
    child.stderr.on('data', (bytes: Buffer) => {
      err += bytes.toString()
    })
    child.on('close', () => {
      const said = /^(answer .*|refused .*)$/m.exec(out)?.[1]
      if (said === undefined) reject(new Error(`${out}${err}`))
      else resolve(said)
    })
  })
}

onEveryDatabase('Fifty at once', (connection) => {
  let services: Services
  beforeAll(async () => {
    services = servicesOn(connection(), '2026-04-03')
    await prepareDistrict(services, 'live')
    const second = {
      code: 'clerk-two',
      name: '示例经办乙',
      organisationCode: 'bureau',
      roles: ['bureau_clerk'],
      from: civilDate('2020-01-01'),
    }
    done(await addStaff(services, as('admin', 'staff', second.code), second))
  }, 300_000)

  const count = async (query: ReturnType<typeof sql<{ n: number }>>) => (await query.execute(services.db)).rows[0]?.n

  it('one import fifty times: one effect, fifty equal answers', async () => {
    const url = connection().url
    const once = async () => `answer ${JSON.stringify(await loadSupplierFile(services, 'gx-water', '2026-03'))}`
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        url === undefined ? once() : actInProcess('import', url, supplierFile('gx-water', '2026-03')),
      ),
    )
    expect(new Set(answers).size).toBe(1)
    expect(await count(sql`select count(*)::int as n from imports where kind = 'readings'`)).toBe(1)
  })

  it('one approval fifty times: one effect, fifty equal answers', async () => {
    const drafted = done(await draftRun(services, as('clerk', 'draft'), { feeMonth: month }))
    const approval = { runId: drafted.runId, digestSeen: drafted.digest, acknowledge: '已逐户核对' }
    const url = connection().url
    const once = async () =>
      `answer ${JSON.stringify(done(await approveRun(services, as('approver', 'approve'), approval, settleIssued)))}`
    const inProcess = (address: string) => actInProcess('approve', address, drafted.runId, drafted.digest)
    const answers = await Promise.all(Array.from({ length: 50 }, () => (url === undefined ? once() : inProcess(url))))
    expect(new Set(answers).size).toBe(1)
    expect(await count(sql`select count(*)::int as n from bill_issues where kind = 'run'`)).toBe(1)
  })

  it('two runs of one month at once: one wins, the other is refused by name', async () => {
    const outcomes = await Promise.all([
      draftRun(services, as('clerk', 'first'), { feeMonth: month }),
      draftRun(services, as('clerk-two', 'second'), { feeMonth: month }),
    ])
    const refused = outcomes.filter(isRefusal)
    expect(refused.map((refusal) => refusal.code)).toEqual(['run_open'])
    expect(await count(sql`select count(*)::int as n from open_bill_runs`)).toBe(1)
  })
})

it('a second process on the embedded database is refused by name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-lock-'))
  const held = await connectEmbedded(folder)
  if (isRefusal(held)) throw new Error(held.sentence('en'))
  try {
    expect(await actInProcess('import', folder)).toBe('refused database_in_use')
  } finally {
    await held.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
