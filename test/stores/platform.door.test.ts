import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { newestAuditEvents } from '../../src/platform/audit.queries.ts'
import { auditHash, type CommandAnswer, canonicalJson, runCommand, sha256 } from '../../src/platform/command.ts'
import { endRole } from '../../src/platform/end-role.ts'
import { grantRole } from '../../src/platform/grant-role.ts'
import type { Json } from '../../src/platform/platform.tables.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice, refusedWith } from '../support/office.ts'

const change = { name: 'estimates.maximum_in_a_row', value: '2', citation: '局务会纪要' }

onEveryDatabase('the door for writes', (connection) => {
  const services = () => servicesOn(connection(), '2026-03-02')
  beforeAll(() => openOffice(services()))

  /** How many rows the tables hold that a command may leave something in. */
  async function traces(): Promise<Json> {
    const { rows } = await sql<{ commands: number; events: number; settings: number; head: string }>`
      select (select count(*)::int from commands) as commands, (select count(*)::int from audit_events) as events,
        (select count(*)::int from settings) as settings, (select hash from audit_head) as head`.execute(
      connection().db,
    )
    return rows[0] as Json
  }

  describe('a repeat', () => {
    it('returns the first answer and changes nothing', async () => {
      const envelope = by('admin')
      const first = await setSetting(services(), envelope, change)
      const after = await traces()
      const again = await setSetting(services(), envelope, change)
      expect(first).toMatchObject({ repeated: false, answer: { value: 2 } })
      expect(again).toMatchObject({ repeated: true })
      expect((again as CommandAnswer<Json>).answer).toEqual((first as CommandAnswer<Json>).answer)
      expect(await traces()).toEqual(after)
    })

    it('with other content, as another command or by another person is refused by name', async () => {
      const envelope = by('admin')
      await done(setSetting(services(), envelope, change))
      const { settings } = (await traces()) as { settings: number }
      const other = setSetting(services(), envelope, { ...change, value: '1' })
      expect(await refusedWith(other)).toBe('command_id_reused')
      const grant = grantRole(services(), envelope, { staffCode: 'clerk', role: 'auditor' })
      expect(await refusedWith(grant)).toBe('command_id_reused')
      await done(grantRole(services(), by('admin'), { staffCode: 'auditor', role: 'administrator' }))
      const impostor = setSetting(services(), { ...envelope, actor: 'auditor' }, change)
      expect(await refusedWith(impostor)).toBe('command_id_reused')
      expect(await traces()).toMatchObject({ settings })
    })

    it('of a refused command is judged anew', async () => {
      const envelope = by('auditor', { commandId: 'judged-anew' })
      await done(endRole(services(), by('admin'), { staffCode: 'auditor', role: 'administrator' }))
      expect(await refusedWith(setSetting(services(), envelope, change))).toBe('role_missing')
      await done(grantRole(services(), by('admin'), { staffCode: 'auditor', role: 'administrator' }))
      expect(await setSetting(services(), envelope, change)).toMatchObject({ repeated: false })
    })

    it('fifty times at once has one effect and fifty equal answers', async () => {
      const before = (await traces()) as { settings: number; events: number }
      const envelope = by('admin')
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, () => setSetting(services(), envelope, { ...change, value: '4' })),
      )
      const answers = outcomes.map((outcome) => (isRefusal(outcome) ? outcome.code : canonicalJson(outcome.answer)))
      expect(new Set(answers).size).toBe(1)
      expect(outcomes.filter((outcome) => !isRefusal(outcome) && !outcome.repeated)).toHaveLength(1)
      expect(await traces()).toMatchObject({ settings: before.settings + 1, events: before.events + 1 })
    })
  })

  describe('who asks', () => {
    it('must be on the staff and hold one of the roles on the day acted for', async () => {
      const before = await traces()
      expect(await refusedWith(setSetting(services(), by('nobody'), change))).toBe('actor_unknown')
      expect(await refusedWith(setSetting(services(), by('clerk'), change))).toBe('role_missing')
      const yesterday = servicesOn(connection(), '2026-03-01')
      expect(await refusedWith(setSetting(yesterday, by('admin'), change))).toBe('role_missing')
      expect(await traces()).toEqual(before)
    })

    it('no longer may from the day the role ends', async () => {
      await done(grantRole(services(), by('admin'), { staffCode: 'clerk', role: 'administrator' }))
      expect(await setSetting(services(), by('clerk'), change)).toMatchObject({ repeated: false })
      const end = { staffCode: 'clerk', role: 'administrator', until: civilDate('2026-04-01') }
      await done(endRole(services(), by('admin'), end))
      const lastDay = servicesOn(connection(), '2026-03-31')
      expect(await setSetting(lastDay, by('clerk'), change)).toMatchObject({ repeated: false })
      const dayAfter = servicesOn(connection(), '2026-04-01')
      expect(await refusedWith(setSetting(dayAfter, by('clerk'), change))).toBe('role_missing')
    })

    it('is asked for an id of a sensible length', async () => {
      const short = by('admin', { commandId: 'short' })
      expect(await refusedWith(setSetting(services(), short, change))).toBe('command_id_malformed')
    })
  })

  describe('a dry run', () => {
    it('answers what would happen and leaves no trace, not even its id', async () => {
      const before = await traces()
      const trial = by('admin', { dryRun: true })
      expect(await setSetting(services(), trial, change)).toMatchObject({ dryRun: true, answer: { value: 2 } })
      expect(await traces()).toEqual(before)
      const real = { ...trial, dryRun: false }
      expect(await setSetting(services(), real, change)).toMatchObject({ dryRun: false, repeated: false })
    })
  })

  describe('a command that breaks', () => {
    const kind = { name: 'test.break', zh: '测试', permission: 'platform.add-staff' } as const

    it('leaves no trace', async () => {
      const before = await traces()
      const broken = runCommand(services(), by('admin'), kind, {}, async ({ trx, commandId, recordedAt }) => {
        const row = { name: 'test', value: '1', citation: 'test', command_id: commandId, recorded_at: recordedAt }
        await trx.insertInto('settings').values(row).execute()
        throw new Error('a bug')
      })
      await expect(broken).rejects.toThrow('a bug')
      expect(await traces()).toEqual(before)
    })

    it('is tried again after a deadlock or a serialisation failure, and not for ever', async () => {
      const deadlock = () => Object.assign(new Error('deadlock detected'), { code: '40P01' })
      let tries = 0
      const once = await runCommand(services(), by('admin'), kind, {}, async () => {
        tries += 1
        if (tries === 1) throw deadlock()
        return { tries }
      })
      expect(once).toMatchObject({ answer: { tries: 2 }, repeated: false })
      const always = runCommand(services(), by('admin'), kind, {}, async () => {
        throw deadlock()
      })
      expect(await refusedWith(always)).toBe('database_busy')
    })
  })

  it('chains every command to the one before it, so that any change shows', async () => {
    const { db } = connection()
    const { rows } = await sql<{
      seq: string
      answer: Json
      previous_hash: string
      hash: string
      command_id: string
      name: string
      acting_on: string
      input: Json
      input_digest: string
      recorded_at: Date
      actor: string
      content_digest: string
    }>`
      select e.*, c.name, c.acting_on, c.input, c.input_digest, c.recorded_at, s.code as actor
      from audit_events e join commands c using (command_id) join staff s on s.id = c.actor_id order by e.seq`.execute(
      db,
    )
    const { rows: commands } = await sql<{ count: number }>`select count(*)::int as count from commands`.execute(db)
    expect(rows).toHaveLength(commands[0]?.count ?? 0)
    expect(rows.length).toBeGreaterThan(10)
    let previous = '0'.repeat(64)
    rows.forEach((row, index) => {
      expect(row.seq).toBe(String(index + 1))
      expect(row.previous_hash).toBe(previous)
      expect(sha256(canonicalJson(row.input))).toBe(row.input_digest)
      expect(row.hash).toBe(
        auditHash(previous, {
          commandId: row.command_id,
          name: row.name,
          actor: row.actor,
          today: civilDate(row.acting_on),
          recordedAt: row.recorded_at,
          inputDigest: row.input_digest,
          answer: canonicalJson(row.answer),
          seq: row.seq,
          contentDigest: row.content_digest,
        }),
      )
      previous = row.hash
    })
    const [newest] = await newestAuditEvents(db, 1)
    expect(newest?.hash).toBe(previous)
  })
})
