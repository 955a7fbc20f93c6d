import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { approveCalendarYear } from '../../src/calendars/approve-calendar-year.ts'
import { loadCalendars } from '../../src/calendars/calendar.queries.ts'
import { proposeCalendarYear } from '../../src/calendars/propose-calendar-year.ts'
import { returnCalendarYear } from '../../src/calendars/return-calendar-year.ts'
import { sqlState } from '../../src/platform/command.ts'
import { findProposal, listProposals } from '../../src/platform/proposals.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice, refusedWith } from '../support/office.ts'

onEveryDatabase('two persons', (connection) => {
  const services = () => servicesOn(connection(), '2026-11-10')
  beforeAll(() => openOffice(services()))

  const proposed = async (year: number, maker = 'clerk') =>
    done(
      proposeCalendarYear(services(), by(maker), {
        year,
        noticeNumber: '测试用通知',
        restDays: [`${year}-01-01`, `${year}-05-01`, `${year}-10-01`, `${year}-10-02`, `${year}-10-03`],
        makeUpWorkdays: [],
      }),
    )
  const approved = (proposalId: string, approver: string, digestSeen?: string) =>
    approveCalendarYear(services(), by(approver), { proposalId, digestSeen })

  it('a person never approves or returns their own work, whatever roles they hold', async () => {
    const { proposalId } = await proposed(2030, 'both')
    expect(await refusedWith(approved(proposalId, 'both'))).toBe('proposal_own_work')
    const returned = returnCalendarYear(services(), by('both'), { proposalId, reason: '自退' })
    expect(await refusedWith(returned)).toBe('proposal_own_work')
    expect(await done(approved(proposalId, 'approver'))).toMatchObject({ year: 2030 })
  })

  it('the database refuses the same by itself', async () => {
    const { proposalId } = await proposed(2031)
    const own = sql`
      insert into proposal_decisions (proposal_id, maker_id, decided_by, decision, command_id, recorded_at)
      select id, maker_id, maker_id, 'approved', command_id, now() from proposals where id = ${proposalId}`
    await expect(own.execute(connection().db)).rejects.toThrow(/two_persons/)
    // Naming another maker than the proposal has does not help: the pair is a foreign key.
    const forged = sql`
      insert into proposal_decisions (proposal_id, maker_id, decided_by, decision, command_id, recorded_at)
      select p.id, other.id, p.maker_id, 'approved', p.command_id, now()
      from proposals p, staff other where p.id = ${proposalId} and other.code = 'admin'`
    const state = await forged.execute(connection().db).then(() => undefined, sqlState)
    expect(state).toBe('23503')
  })

  it('without the role nobody decides, and nobody proposes', async () => {
    const { proposalId } = await proposed(2032)
    expect(await refusedWith(approved(proposalId, 'auditor'))).toBe('role_missing')
    await expect(proposed(2033, 'approver')).rejects.toThrow('role_missing')
  })

  describe('an approver decides what they saw', () => {
    it('by its digest, of which 8 characters are enough and fewer are not', async () => {
      const { proposalId, digest } = await proposed(2034)
      for (const seen of ['', digest.slice(0, 7), `${digest.slice(0, 11)}${digest[11] === '0' ? '1' : '0'}`]) {
        expect(await refusedWith(approved(proposalId, 'approver', seen))).toBe('proposal_digest_differs')
      }
      expect(await done(approved(proposalId, 'approver', digest.slice(0, 8)))).toMatchObject({ year: 2034 })
    })

    it('once: of two at the same moment one decides, the other is told by whom', async () => {
      const { proposalId } = await proposed(2035)
      const outcomes = await Promise.all([
        refusedWith(approved(proposalId, 'approver')),
        refusedWith(approved(proposalId, 'approver-2')),
      ])
      expect(outcomes.filter((outcome) => outcome === 'proposal_decided')).toHaveLength(1)
      const { decision } = (await findProposal(connection().db, proposalId)) ?? {}
      expect(decision).toMatchObject({ outcome: 'approved' })
      expect(['审批乙', '审批丙']).toContain(decision?.personName)
    })

    it('by a number that is there, of the right kind', async () => {
      for (const id of ['999999', 'abc', '-1', '1; drop', '9'.repeat(30)]) {
        expect(await refusedWith(approved(id, 'approver'))).toBe('proposal_missing')
      }
    })
  })

  it('a return needs a reason, tells it, and leaves nothing in force', async () => {
    const { proposalId } = await proposed(2036)
    const returned = (reason: string) => returnCalendarYear(services(), by('approver'), { proposalId, reason })
    expect(await refusedWith(returned('  '))).toBe('proposal_return_needs_reason')
    await done(returned('漏录春节'))
    expect((await findProposal(connection().db, proposalId))?.decision).toMatchObject({
      outcome: 'returned',
      reason: '漏录春节',
    })
    const refused = await approved(proposalId, 'approver-2')
    expect(refused).toMatchObject({
      code: 'proposal_decided',
      parameters: { decisionEn: 'returned', decisionZh: '退回' },
    })
    expect((await loadCalendars(connection().db)).has(2036)).toBe(false)
    // The maker may propose again.
    expect(await proposed(2036)).toMatchObject({ year: 2036 })
  })

  it('the inbox holds what nobody decided, newest first', async () => {
    const inbox = await listProposals(connection().db, { undecided: true })
    expect(inbox.map(({ subject }) => subject)).toEqual(['2036', '2032', '2031'])
    expect(inbox[0]).toMatchObject({ kind: 'calendars.year', makerCode: 'clerk', decision: undefined })
  })

  it('find what waits on a subject behind a thousand newer proposals', async () => {
    const { db } = connection()
    const { proposalId } = await proposed(2040)
    await sql`
      insert into proposals (kind, subject, content, content_digest, maker_id, command_id, recorded_at)
      select kind, 'later ' || n, content, content_digest, maker_id, command_id, recorded_at
      from proposals, generate_series(1, 1005) n where id = ${proposalId}`.execute(db)
    await expect(proposed(2040)).rejects.toThrow('calendar_year_waiting')
    const waiting = await listProposals(db, { kind: 'calendars.year', subject: '2040', undecided: true })
    expect(waiting.map(({ id }) => id)).toEqual([proposalId])
    await sql`analyze proposals`.execute(db)
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select p.id from proposals p left join proposal_decisions d on d.proposal_id = p.id
      where p.kind = 'calendars.year' and p.subject = '2040' and d.proposal_id is null order by p.id desc`.execute(db)
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('proposals_by_kind')
  })
})
