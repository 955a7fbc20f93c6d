import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EvidencePack, evidencePack } from '../../src/evidence/evidence-pack.ts'
import { billSubject, claimSubject } from '../../src/evidence/pack-subjects.ts'
import { isRefusal, type Refusal } from '../../src/kernel/refusal.ts'
import { chainHead } from '../../src/platform/audit.queries.ts'
import type { Services } from '../../src/platform/command.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { everyTable } from '../support/every-table.ts'
import { refusedWith } from '../support/office.ts'

const script = fileURLToPath(new URL('../../src/evidence/verify-pack.mjs', import.meta.url))
const kept = <T>(value: T | Refusal): T => {
  if (isRefusal(value)) throw new Error(value.sentence('en'))
  return value
}

onEveryDatabase('An evidence pack', (connection) => {
  let services: Services
  let bill: EvidencePack
  let claim: EvidencePack
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-pack-'))
  let leave = () => {}
  beforeAll(async () => {
    const { town, plant } = await everyTable(connection())
    services = town.services
    leave = () => {
      town.leave()
      plant.leave()
    }
    bill = kept(await evidencePack(services, kept(await billSubject(services.db, '2026-000002'))))
    claim = kept(await evidencePack(services, kept(await claimSubject(services.db, 'S2026-000001'))))
  })
  afterAll(() => {
    leave()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Runs the script as anybody would, in a process that has nothing but the file. */
  function checked(pack: unknown, ...head: readonly string[]): Promise<{ code: number; said: string }> {
    const path = join(folder, 'pack.json')
    writeFileSync(path, typeof pack === 'string' ? pack : JSON.stringify(pack))
    return new Promise((resolve) =>
      execFile(process.execPath, [script, path, ...head], (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), said: `${stdout}${stderr}` }),
      ),
    )
  }
  const without = (pack: EvidencePack): EvidencePack => JSON.parse(JSON.stringify(pack)) as EvidencePack

  it('holds everything that bears on a bill', () => {
    const tables = new Set(bill.rows.map(({ table }) => table))
    expect([...tables].sort()).toEqual([
      'account_categories',
      'account_holders',
      'accounts',
      'allocations',
      'bill_issues',
      'bill_lines',
      'bill_runs',
      'bills',
      'dischargers',
      'import_results',
      'imports',
      'installations',
      'journal_entries',
      'meter_readings',
      'payments',
      'postings',
      'proposal_decisions',
      'proposals',
      'rate_schedules',
      'rates',
      'staff',
      'stored_files',
    ])
    const names = Object.values(bill.events).map(({ said }) => said[2])
    for (const name of ['bills.approve-run', 'readings.import', 'payments.record', 'tariffs.approve-rate-schedule'])
      expect(names).toContain(name)
  })

  it('is found to hold by the script, with the head on paper and without', async () => {
    const head = await chainHead(services.db)
    expect(bill.head).toEqual(head)
    for (const pack of [bill, claim]) {
      const plain = await checked(pack)
      expect(plain).toMatchObject({ code: 0 })
      expect(plain.said).toContain('everything holds (not compared')
      const onPaper = await checked(pack, head.hash.slice(0, 16))
      expect(onPaper.code).toBe(0)
      expect(onPaper.said).not.toContain('not compared')
      expect(onPaper.said).not.toContain('written after')
    }
    // A paper that was signed before the payment proves the bill and not the payment.
    const paid = Number(bill.rows.find(({ table }) => table === 'payments')?.event)
    const { rows } = await sql<{ hash: string }>`
      select hash from audit_events where seq = ${paid - 1}::bigint`.execute(services.db)
    const earlier = await checked(bill, rows[0]?.hash ?? '')
    expect(earlier.code).toBe(0)
    expect(earlier.said).toMatch(/written after that head, which does not prove it: payments, events \d+/)
    expect(earlier.said).toMatch(/everything holds; \d+ rows were written after the head/)
    expect(earlier.said).not.toMatch(/which does not prove it: bills,/)
    expect(await checked(bill, '0'.repeat(12))).toMatchObject({ code: 65 })
    expect(await checked(bill, 'head')).toMatchObject({ code: 64 })
    expect(await checked('no json')).toMatchObject({ code: 65 })
  })

  it('does not hold once anything in it is changed', async () => {
    const change = async (pack: EvidencePack, act: (changed: EvidencePack) => void) => {
      const changed = without(pack)
      act(changed)
      return checked(changed, bill.head.hash)
    }
    const set = (target: object, key: string, value: unknown) => void Object.assign(target, { [key]: value })
    const [first] = bill.rows
    const seq = String(bill.rows.find(({ table }) => table === 'bills')?.event)
    expect(
      await change(bill, (pack) => set(pack.rows[0] ?? {}, 'text', first?.text.replace('140.00', '14.00'))),
    ).toMatchObject({ code: 65 })
    expect(await change(bill, (pack) => set(pack.rows[0] ?? {}, 'table', 'payments'))).toMatchObject({ code: 65 })
    expect(await change(bill, (pack) => set(pack.events[seq] ?? {}, 'contentDigest', '0'.repeat(64)))).toMatchObject({
      code: 65,
    })
    expect(await change(bill, (pack) => set(pack.events[seq]?.said ?? [], '3', 'somebody'))).toMatchObject({ code: 65 })
    expect(await change(bill, (pack) => set(pack.chain.digests, '0', '0'.repeat(64)))).toMatchObject({ code: 65 })
    expect(await change(bill, (pack) => void (pack.chain.digests as string[]).pop())).toMatchObject({ code: 65 })
    expect(
      await change(
        bill,
        (pack) =>
          void (pack.rows as unknown[]).splice(
            bill.rows.findIndex(({ table }) => table === 'bill_lines'),
            1,
          ),
      ),
    ).toMatchObject({ code: 65 })
  })

  it('proves no row by an event that its chain does not hold', async () => {
    const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
    // One of the bill's own rows with another amount, and an event made up for it.
    for (const seq of ['1', '0', '999999', '__proto__']) {
      const forged = JSON.parse(JSON.stringify(bill)) as EvidencePack
      const row = forged.rows.find(({ table }) => table === 'payments') as { text: string; event: string; line: number }
      row.text = row.text.replace('200.00', '240.00')
      expect(row.text).toContain('240.00')
      Object.assign(row, { event: seq, line: 0 })
      const digest = sha256(row.text).slice(0, 32)
      const lines = [`payments ${sha256(Buffer.from(digest, 'hex'))}`]
      const made = { said: [seq], actorName: '', contentDigest: null, lines, added: [digest] }
      Object.defineProperty(forged.events, seq, { value: made, enumerable: true })
      const found = await checked(forged, bill.head.hash)
      expect([seq, found.code]).toEqual([seq, 65])
      expect(found.said).toContain(`a row of payments is not what event ${seq} wrote`)
    }
  })

  it('names who acted, and no other', async () => {
    const forged = without(bill)
    const [event] = Object.values(forged.events)
    Object.assign(event ?? {}, { actorName: '别人' })
    const found = await checked(forged, bill.head.hash)
    expect([found.code, found.said]).toEqual([
      65,
      expect.stringMatching(/who acted in event \d+, [a-z-]+, is not 别人/),
    ])
  })

  it('is about what it says, by whatever name it calls its columns', async () => {
    const forged = without(bill)
    // Of bill 2 of 2026, issue 1: told as bill 1.
    const columns = forged.columns['bills'] as string[]
    const [issue, number] = [columns.indexOf('issue_id'), columns.indexOf('number')]
    Object.assign(columns, { [issue]: 'number', [number]: 'issue_id' })
    const found = await checked({ ...forged, subject: { kind: 'bill', number: '2026-000001' } }, bill.head.hash)
    expect([found.code, found.said]).toEqual([
      65,
      expect.stringContaining('the columns of bills are not in their own order'),
    ])
  })

  it('is about what it says: the papers of one are not given for those of another', async () => {
    for (const number of ['2026-000001', '2026-000003', 'S2026-000001', '', '2026'])
      expect((await checked({ ...bill, subject: { kind: 'bill', number } })).code).toBe(65)
    expect((await checked({ ...bill, subject: { kind: 'fine_case', number: '2026-000002' } })).code).toBe(65)
    expect((await checked({ ...bill, rows: [] })).code).toBe(65)
    expect((await checked({ ...bill, subject: { kind: 'bill', number: '2026-2' } })).code).toBe(0)
  })

  it('is refused for what is unknown, and for a row that no command wrote so', async () => {
    expect(await refusedWith(billSubject(services.db, '2026-999999'))).toBe('evidence_bill_unknown')
    expect(await refusedWith(claimSubject(services.db, 'S2026-9'))).toBe('claim_unknown')
    const change = (name: string) =>
      services.db.transaction().execute(async (trx) => {
        await sql`set local session_replication_role = replica`.execute(trx)
        await sql`update dischargers set name = ${name} where code = 'P1002'`.execute(trx)
      })
    const subject = kept(await billSubject(services.db, '2026-000002'))
    await change('别人')
    expect(await refusedWith(evidencePack(services, subject))).toBe('evidence_row_uncovered')
    await change('示例用户P1002')
    expect(isRefusal(await evidencePack(services, subject))).toBe(false)
  })
})
