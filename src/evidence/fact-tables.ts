/**
 * How tampering with each table of the schema is found. A table that is missing here makes a test fail: its stage adds one
 * line (README.md says which).
 *
 * - `rows`: every row is in the digest of the event that wrote it. Migrations get it with `declare_facts` and
 *   `declare_validity`.
 * - the others say how else, or why nothing is lost with them.
 */
export type Coverage =
  | 'rows'
  | { readonly by: 'chain' | 'files' | 'recomputation' | 'disposable'; readonly why: string }

const chain = (why: string): Coverage => ({ by: 'chain', why })
const recomputation = (why: string): Coverage => ({ by: 'recomputation', why })
const disposable = (why: string): Coverage => ({ by: 'disposable', why })

export const tableCoverage: Readonly<Record<string, Coverage>> = {
  // platform
  organisations: 'rows',
  staff: 'rows',
  staff_roles: 'rows',
  commands: chain('each event’s hash covers its command, actor, days and the digest of its input'),
  audit_events: chain('each hash covers the one before'),
  audit_head: chain('it is the last event, or it is wrong'),
  fact_digests: chain('the digest of what an event wrote covers these lines'),
  proposals: 'rows',
  proposal_decisions: 'rows',
  settings: 'rows',
  number_sequences: recomputation('the last number is that of the last document, and none is missing before it'),
  stored_files: 'rows',
  stored_file_chunks: { by: 'files', why: 'the bytes of a file give the digest it is stored under' },
  imports: 'rows',
  import_results: 'rows',
  import_rows: 'rows',
  import_row_decisions: 'rows',
  column_mappings: 'rows',
  // journal
  journal_accounts: 'rows',
  journal_entries: 'rows',
  postings: 'rows',
  // calendars
  calendar_years: 'rows',
  calendar_days: 'rows',
  // dischargers
  payer_groups: 'rows',
  price_categories: 'rows',
  collectors: 'rows',
  collector_contracts: 'rows',
  dischargers: 'rows',
  connection_agreements: 'rows',
  outlets: 'rows',
  accounts: 'rows',
  account_holders: 'rows',
  account_categories: 'rows',
  account_suspensions: 'rows',
  account_closures: 'rows',
  meters: 'rows',
  installations: 'rows',
  installation_removals: 'rows',
  installation_shares: 'rows',
  roster_versions: 'rows',
  roster_entries: 'rows',
  roster_publications: 'rows',
  // tariffs
  rate_schedules: 'rows',
  rates: 'rows',
  // readings
  meter_readings: 'rows',
  reading_endings: 'rows',
  opening_readings: 'rows',
  opening_uses: 'rows',
  // volumes
  volume_bases: 'rows',
  own_source_declarations: 'rows',
  rated_flow_decisions: 'rows',
  // bills
  bill_runs: 'rows',
  open_bill_runs: disposable('which run of a month is open; a run that was issued or discarded says so itself'),
  bill_run_discards: 'rows',
  bill_run_censuses: 'rows',
  bill_run_exceptions: 'rows',
  bill_draft_blocks: disposable('a draft is computed again; its approval names the digest that was seen'),
  bill_drafts: disposable('a draft is computed again; its approval names the digest that was seen'),
  bill_issues: 'rows',
  bills: 'rows',
  bill_lines: 'rows',
  // payments
  payments: 'rows',
  payment_reversals: 'rows',
  refunds: 'rows',
  allocations: 'rows',
  allocation_lapses: 'rows',
  open_items: recomputation('payable and outstanding are computed from bills and allocations'),
  credits: recomputation('what remains of a payment is computed from payments, allocations and refunds'),
  objections: 'rows',
  objection_answers: 'rows',
  // settlement
  concession_agreements: 'rows',
  plant_days: 'rows',
  service_fee_claims: 'rows',
  service_fee_steps: 'rows',
  // the migrator’s own
  kysely_migration: disposable('which migrations ran; the program compares it with its own at every start'),
  kysely_migration_lock: disposable('one row that migrators lock'),
}

/** Tables of which every row is in the digest of an event. */
export const digestedTables: readonly string[] = Object.entries(tableCoverage).flatMap(([table, coverage]) =>
  coverage === 'rows' ? [table] : [],
)
