import { type RawBuilder, sql } from 'kysely'
import { billSequence } from '../bills/approve-run.ts'
import { numberedSteps } from '../enforcement/steps.ts'
import { present } from '../kernel/invariant.ts'
import type { Services } from '../platform/command.ts'
import type { Db } from '../platform/database.ts'
import { referralProposal } from '../quality/refer-matter.ts'
import { receiptBatchSequence, receiptSequence } from '../receipts/receipt.ts'
import { documentKinds } from '../remittance/numbers.ts'
import { claimSequence } from '../settlement/claim-service-fee.ts'
import type { CheckReport, Finding } from './verification.ts'

interface NumberedDocuments {
  readonly kind: string
  readonly table: string
  /** Documents whose numbers came from elsewhere are left out. */
  readonly own?: RawBuilder<unknown>
  /** Where the numbers stand, unless in the columns number_year and number. */
  readonly year?: RawBuilder<unknown>
  readonly number?: RawBuilder<unknown>
  /** A command after which a year may begin above 1: numbers that were used before the product. */
  readonly numbersBroughtBy?: string
}

/** Documents that are numbered by year without a gap (decision 15). */
const numbered: readonly NumberedDocuments[] = [
  {
    kind: billSequence,
    table: 'bills',
    own: sql`exists (select from bill_issues i where i.id = t.issue_id and i.kind <> 'opening')`,
    numbersBroughtBy: 'bills.import-opening',
  },
  {
    // The number is written out, as on the letter: 移〔2026〕3号.
    kind: referralProposal,
    table: 'referrals',
    year: sql`substring(t.number from '〔(\\d+)〕')::int`,
    number: sql`substring(t.number from '〕(\\d+)号')::int`,
  },
  { kind: 'order_to_pay', table: 'orders_to_pay' },
  { kind: 'fine_case', table: 'fine_cases' },
  ...Object.entries(numberedSteps).map(([step, kind]) => ({
    kind,
    table: 'enforcement_steps',
    own: sql`t.step = ${step}`,
  })),
  { kind: documentKinds.statement.sequence, table: 'remittance_statements' },
  { kind: documentKinds.fee.sequence, table: 'collection_fee_claims' },
  { kind: documentKinds.reconciliation.sequence, table: 'reconciliations' },
  { kind: documentKinds.settlement.sequence, table: 'annual_settlements' },
  { kind: claimSequence, table: 'service_fee_claims' },
  // Numbers of requests and of their files; the official ones come from the platform alone.
  { kind: receiptSequence, table: 'receipts' },
  { kind: receiptBatchSequence, table: 'receipt_batches' },
]

interface Sequence {
  readonly kind: string
  readonly year: number
  readonly last_number: number
}

/**
 * Each year's numbers follow one another, from 1 (or what was used before the product) to the last one given out. A
 * sequence that nobody listed above, and documents without their sequence, are findings.
 */
export async function checkNumbers({ db }: Services): Promise<CheckReport> {
  const { rows: sequences } = await sql<Sequence>`
    select kind, year, last_number from number_sequences order by kind, year`.execute(db)
  const findings: Finding[] = []
  let documents = 0
  for (const sequence of sequences) {
    const listed = numbered.find(({ kind }) => kind === sequence.kind)
    const found =
      listed === undefined
        ? {
            documents: 0,
            findings: [
              faultOf(
                'number_sequences',
                sequence,
                '没有登记核对办法的号段',
                'nobody has said which documents these numbers are of',
              ),
            ],
          }
        : await checkSequence(db, listed, sequence)
    documents += found.documents
    findings.push(...found.findings)
  }
  for (const { kind, table, own = sql`true`, year: yearOf = sql`t.number_year` } of numbered) {
    const { rows } = await sql<{ year: number }>`
      select distinct ${yearOf} as year from ${sql.table(table)} t
      where ${own} and not exists (select from number_sequences s where s.kind = ${kind} and s.year = ${yearOf})`.execute(
      db,
    )
    for (const { year } of rows)
      findings.push(faultOf('number_sequences', { kind, year, last_number: 0 }, '号段不在', 'the sequence is gone'))
  }
  return {
    check: 'numbers',
    zh: '编号连续',
    en: 'numbers without gaps',
    counted: [
      { what: 'sequences', zh: '号段', count: sequences.length },
      { what: 'documents', zh: '单据', count: documents },
    ],
    findings,
  }
}

const faultOf = (table: string, { kind, year }: Sequence, zh: string, en: string, number?: number): Finding => ({
  table,
  row: number === undefined ? `${kind} ${year}` : `${year}-${number}`,
  event: null,
  zh,
  en,
})

async function checkSequence(db: Db, listed: NumberedDocuments, sequence: Sequence) {
  const { table, own = sql`true`, numbersBroughtBy, year: yearOf = sql`t.number_year`, number = sql`t.number` } = listed
  const { year, last_number: last } = sequence
  const ofYear = sql`${sql.table(table)} t where ${yearOf} = ${year} and ${own}`
  const { rows } = await sql<{ documents: number; first: number | null; last: number | null; brought: boolean }>`
    select count(*)::int as documents, min(${number}) as first, max(${number}) as last,
      exists (select from commands c where c.name = ${numbersBroughtBy ?? ''}) as brought from ${ofYear}`.execute(db)
  const used = present(rows[0], 'a count answers')
  const findings: Finding[] = []
  if (used.last !== last && !(used.last === null && used.brought))
    findings.push(
      faultOf(
        table,
        sequence,
        `最后一号应为 ${last}，实为 ${used.last ?? '无'}`,
        `the last number given out is ${last}, the last document ${used.last ?? 'none'}`,
        last,
      ),
    )
  const from = used.brought ? (used.first ?? last + 1) : 1
  const { rows: missing } = await sql<{ number: number }>`
    select n as number from generate_series(${from}::int, ${last}::int) n
    except select ${number} from ${ofYear} order by 1 limit 5`.execute(db)
  for (const { number: one } of missing)
    if (one !== last) findings.push(faultOf(table, sequence, '缺号', 'the number is missing', one))
  return { documents: used.documents, findings }
}
