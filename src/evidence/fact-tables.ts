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
/** Written outside commands, so no event could cover it (0024-outside-commands.sql). */
const atWork = (what: string): Coverage =>
  disposable(`${what}; what the work did to the facts it did by commands, and is covered there`)

/** The sign-in library's own rows, which change as it wants (0025-sign-in.sql). */
const ofLibrary = (what: string): Coverage =>
  disposable(`${what}; invitations, endings and security events say what became of it, and are covered`)
/** The same, of what goes out: that a message was made, and its words, is in the digest of the event that made it. */
const sending = (what: string): Coverage =>
  disposable(`${what}; the message and its words are covered with their command`)

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
  notices: 'rows',
  document_templates: 'rows',
  check_keys: 'rows',
  issued_documents: 'rows',
  enterprise_dischargers: 'rows',
  invitations: 'rows',
  invitation_uses: 'rows',
  access_endings: 'rows',
  api_keys: 'rows',
  api_key_revocations: 'rows',
  security_events: 'rows',
  sign_in_users: ofLibrary('who has a password'),
  sign_in_sessions: ofLibrary('who is signed in'),
  sign_in_credentials: ofLibrary('the hash of a password'),
  sign_in_verifications: ofLibrary('a second factor that is waited for'),
  sign_in_second_factors: ofLibrary('the secret of an authenticator, encrypted'),
  works: atWork('a request of the API on its way'),
  work_beats: atWork('the sign of life of a request at work'),
  work_ends: atWork('how a request of the API ended'),
  contacts: 'rows',
  messages: 'rows',
  message_decisions: 'rows',
  message_attempts: sending('who took a message to send it'),
  message_handovers: sending('that a message was handed over'),
  message_outcomes: sending('what the other side answered'),
  message_queue: disposable('what is still to be sent follows from messages, attempts and decisions'),
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
  filings: 'rows',
  filing_attachments: 'rows',
  // quality
  pollutants: 'rows',
  permitted_limits: 'rows',
  samples: 'rows',
  sample_results: 'rows',
  sample_withdrawals: 'rows',
  accidents: 'rows',
  credit_grades: 'rows',
  referrals: 'rows',
  referral_evidence: 'rows',
  referral_replies: 'rows',
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
  payment_sources: 'rows',
  refunds: 'rows',
  allocations: 'rows',
  allocation_lapses: 'rows',
  open_items: recomputation('payable and outstanding are computed from bills and allocations'),
  credits: recomputation('what remains of a payment is computed from payments, allocations and refunds'),
  objections: 'rows',
  objection_answers: 'rows',
  opening_held_money: 'rows',
  overdue_lists: 'rows',
  overdue_list_lines: 'rows',
  // enforcement
  orders_to_pay: 'rows',
  order_bills: 'rows',
  live_orders: disposable('which order a bill is under follows from orders and their steps'),
  enforcement_steps: 'rows',
  estimate_reviews: 'rows',
  discretion_grids: 'rows',
  fine_cases: 'rows',
  fine_case_bills: 'rows',
  fined_periods: disposable('which periods are fined follows from cases and their steps'),
  fines: 'rows',
  fine_postings: 'rows',
  // receipts
  receipt_batches: 'rows',
  receipt_codes: 'rows',
  receipt_events: 'rows',
  receipt_later_codes: 'rows',
  receipt_parts: 'rows',
  receipts: 'rows',
  // remittance
  remittance_statements: 'rows',
  remittance_lines: 'rows',
  remittance_outcomes: 'rows',
  remittance_vouchers: 'rows',
  remittance_voucher_outcomes: 'rows',
  remittance_receipt_reversals: 'rows',
  treasury_matches: 'rows',
  collection_fee_claims: 'rows',
  collection_fee_lines: 'rows',
  collection_fee_payments: 'rows',
  sold_volume_declarations: 'rows',
  reconciliations: 'rows',
  reconciliation_cells: 'rows',
  reconciliation_users: 'rows',
  reconciliation_signatures: 'rows',
  reconciliation_returns: 'rows',
  write_offs: 'rows',
  annual_settlements: 'rows',
  annual_settlement_lines: 'rows',
  disclosures: 'rows',
  // settlement
  concession_agreements: 'rows',
  plant_days: 'rows',
  service_fee_claims: 'rows',
  service_fee_steps: 'rows',
  // jobs
  job_slots: atWork('which slot was claimed'),
  job_rounds: atWork('which round of a slot was begun'),
  job_leases: atWork('who works on a slot until when'),
  job_outcomes: atWork('how the round of a slot ended'),
  // the migrator’s own
  kysely_migration: disposable('which migrations ran; the program compares it with its own at every start'),
  kysely_migration_lock: disposable('one row that migrators lock'),
}

/** Tables of which every row is in the digest of an event. */
export const digestedTables: readonly string[] = Object.entries(tableCoverage).flatMap(([table, coverage]) =>
  coverage === 'rows' ? [table] : [],
)
