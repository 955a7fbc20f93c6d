import { type RawBuilder, sql } from 'kysely'

/** Rows of a table that belong to a subject; the condition speaks of the table as `t`. */
export interface RowsOf {
  readonly table: string
  readonly where: RawBuilder<unknown>
}

/** What a pack is about, and every row that bears on it. */
export interface PackSubject {
  readonly kind:
    | 'bill'
    | 'service_fee_claim'
    | 'fine_case'
    | 'remittance_statement'
    | 'reconciliation'
    | 'annual_settlement'
  readonly number: string
  readonly rows: readonly RowsOf[]
}

/** Rows whose column is among what a query finds. */
export const among = (column: string, query: RawBuilder<unknown>) => sql`t.${sql.ref(column)} in (${query})`

/** Proposals with these ids and who decided them. */
export const approvals = (ids: RawBuilder<unknown>): RowsOf[] => [
  { table: 'proposals', where: among('id', ids) },
  { table: 'proposal_decisions', where: among('proposal_id', ids) },
]

/** Imports with these ids, their files and counts. */
export const filesOf = (importIds: RawBuilder<unknown>): RowsOf[] => [
  { table: 'imports', where: among('id', importIds) },
  { table: 'import_results', where: among('import_id', importIds) },
  { table: 'stored_files', where: among('digest', sql`select file_digest from imports where id in (${importIds})`) },
]

/** The papers a stage printed of a document, and their files. */
export const papersOf = (kind: string, number: string): RowsOf[] => {
  const papers = sql`select id from issued_documents where kind = ${kind} and number = ${number}`
  return [
    { table: 'issued_documents', where: among('id', papers) },
    {
      table: 'stored_files',
      where: among('digest', sql`select file_digest from issued_documents where id in (${papers})`),
    },
  ]
}
