import { sql } from 'kysely'
import { present } from '../kernel/invariant.ts'
import type { Trx } from './database.ts'

/**
 * Takes the next numbers of a kind of document in a calendar year inside the issuing transaction, and answers the first.
 * The row stays locked until commit, so numbers have no gap: a rolled-back issue gives its numbers back (decision 15).
 */
export async function takeNumbers(trx: Trx, kind: string, year: number, count: number): Promise<number> {
  const { rows } = await sql<{ last_number: number }>`
    insert into number_sequences (kind, year, last_number) values (${kind}, ${year}, ${count})
    on conflict (kind, year) do update set last_number = number_sequences.last_number + ${count}
    returning last_number`.execute(trx)
  return present(rows[0], 'a sequence answers its last number').last_number - count + 1
}
