import { beforeAll, describe, expect, it } from 'vitest'
import { onEveryDatabase } from '../support/databases.ts'
import { issueOf, layGround, refusalOf } from './ground.ts'

onEveryDatabase('books', (connection) => {
  beforeAll(() => layGround(connection().db))
  const refused = (statements: string) => refusalOf(connection().db, statements)

  describe('journal entries', () => {
    const entry = (...amounts: readonly string[]) => `
      with entry as (insert into journal_entries (command_id, entry_on, memo, document_count, recorded_at)
        values ('ground-0001', '2025-05-01', 'test', 1, now()) returning id)
      ${amounts.length === 0 ? 'select from entry' : ''}${amounts
        .map(
          (
            amount,
            index,
          ) => `${index === 0 ? 'insert into postings (entry_id, line_no, account_code, fee_month, amount)' : 'union all'}
        select id, ${index + 1}, 'fees_receivable', '2025-04-01'::date, ${amount} from entry`,
        )
        .join(' ')}`

    it('balance to the fen, or are refused at commit', async () => {
      expect(await refused(entry('100.00', '-60.00', '-40.00'))).toBeUndefined()
      expect(await refused(entry('100.00', '-99.99'))).toEqual({ state: 'QL004' })
    })
    it('have two lines at least', async () => {
      expect(await refused(entry())).toEqual({ state: 'QL004' })
      expect(await refused(entry('0.00'))).toEqual({ state: 'QL004' })
    })
    it('take no further lines once they stand, not even balanced ones', async () => {
      const more = `insert into postings (entry_id, line_no, account_code, fee_month, amount)
        select id, line_no, 'fees_receivable', '2025-03-01', amount from journal_entries, (values (3, 5.00), (4, -5.00)) as l (line_no, amount)`
      expect(await refused(more)).toEqual({ state: 'QL009' })
    })
    it('are dated by whole fee months', async () => {
      expect(await refused(entry('1.00', '-1.00').replaceAll('2025-04-01', '2025-04-02'))).toMatchObject({
        state: '23514',
      })
    })
  })

  describe('an act of issuing', () => {
    const april = { number: 2, month: '2025-04-01', amount: '10.00', lines: ['4.00', '6.00'] }
    const may = { number: 3, month: '2025-05-01', amount: '5.00', lines: ['5.00'] }

    it('passes where its count, sum, numbers and lines are what it says', async () => {
      expect(await refused(issueOf({ bills: [april, may] }))).toBeUndefined()
    })
    it('is refused with another count or sum', async () => {
      expect(await refused(issueOf({ bills: [april, may], said: { count: 3 } }))).toEqual({ state: 'QL006' })
      expect(await refused(issueOf({ bills: [april, may], said: { total: '15.01' } }))).toEqual({ state: 'QL006' })
    })
    it('is refused with a gap in its numbers, or another first number', async () => {
      expect(await refused(issueOf({ bills: [april, { ...may, number: 4 }] }))).toEqual({ state: 'QL006' })
      expect(await refused(issueOf({ bills: [april, may], said: { first: 3 } }))).toEqual({ state: 'QL006' })
    })
    it('is refused where a bill is not the sum of its lines, or has none', async () => {
      expect(await refused(issueOf({ bills: [{ ...april, lines: ['4.00', '5.99'] }] }))).toEqual({ state: 'QL006' })
      expect(await refused(issueOf({ bills: [{ ...april, lines: [] }] }))).toEqual({ state: 'QL006' })
    })
    it('never uses a number twice', async () => {
      expect(await refused(issueOf({ bills: [{ ...april, number: 1 }] }))).toMatchObject({ state: '23505' })
    })
    it('bills an account and month once', async () => {
      expect(await refused(issueOf({ bills: [{ ...april, month: '2025-03-01' }] }))).toEqual({
        state: '23505',
        constraint: 'one_live_bill',
      })
    })
  })

  describe('an import', () => {
    const result = (counts: string) => `
      insert into imports (kind, scope, file_digest, file_name, format, mapping, command_id, recorded_at)
        values ('test', '2025-04', 'digest', 'b.csv', '{}', '{}', 'ground-0001', now());
      insert into import_results (import_id, rows_in, rows_accepted, rows_held, rows_rejected, volume_in_m3,
          volume_accepted_m3, volume_held_m3, volume_rejected_m3)
        select id, ${counts} from imports where scope = '2025-04'`

    it('drops no row and no volume', async () => {
      expect(await refused(result('3, 1, 1, 1, 6, 1, 2, 3'))).toBeUndefined()
      expect(await refused(result('4, 1, 1, 1, 6, 1, 2, 3'))).toEqual({ state: '23514', constraint: 'nothing_dropped' })
      expect(await refused(result('3, 1, 1, 1, 7, 1, 2, 3'))).toEqual({
        state: '23514',
        constraint: 'no_volume_dropped',
      })
    })
    it('takes the same file into the same scope once', async () => {
      expect(await refused(result('3, 1, 1, 1, 6, 1, 2, 3').replaceAll('2025-04', '2025-03'))).toMatchObject({
        state: '23505',
      })
    })
  })
})
