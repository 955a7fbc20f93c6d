import { sql } from 'kysely'
import {
  as,
  collectors,
  done,
  loadBases,
  loadDeclarations,
  loadEvents,
  loadOnlineMeters,
  loadOpening,
  loadRegistry,
  loadRoster,
  loadSupplierFile,
} from '../../fixtures/load-district.ts'
import { approveRun } from '../../src/bills/approve-run.ts'
import { draftRun } from '../../src/bills/draft-run.ts'
import { feeMonth } from '../../src/kernel/calendar.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import type { Services } from '../../src/platform/command.ts'
import type { Db } from '../../src/platform/database.ts'

/** How far the demo district is prepared: live and ready for its March files, with them, or billed and ready to be paid. */
export type Prepared = 'live' | 'imported' | 'billed'

export async function prepareDistrict(services: Services, until: Prepared): Promise<void> {
  const silent = () => undefined
  await loadRegistry(services, silent)
  await loadEvents(services, silent)
  await loadBases(services, silent)
  await loadOpening(services, silent)
  await loadRoster(services, '2026-03-31')
  if (until === 'live') return
  for (const collector of collectors) await loadSupplierFile(services, collector, '2026-03')
  await loadOnlineMeters(services, '2026-03')
  await loadDeclarations(services, '2026-03')
  if (until === 'imported') return
  const drafted = done(await draftRun(services, as('clerk', 'draft'), { feeMonth: feeMonth('2026-03') }))
  const approval = { runId: drafted.runId, digestSeen: drafted.digest, acknowledge: '已逐户核对' }
  done(await approveRun(services, as('approver', 'approve'), approval, settleIssued))
}

/** What imports and runs left, in words of the business: no key that a sequence gave, so that two databases compare. */
export async function stateOf(db: Db): Promise<Record<string, unknown[]>> {
  const rows = async (query: ReturnType<typeof sql>) => (await query.execute(db)).rows
  return {
    readings: await rows(sql`
      select a.account_no, m.meter_no, r.fee_month, r.kind, r.source, r.used_from, r.used_until, r.read_on, r.start_reading, r.end_reading,
        r.volume_m3, r.revision, r.row_no
      from meter_readings r join accounts a on a.id = r.account_id left join installations i on i.id = r.installation_id
        left join meters m on m.id = i.meter_id order by 1, 2, 3, 4, 8, 12`),
    exceptions: await rows(sql`select i.scope, r.row_no, r.verdict, r.cells, r.reasons, r.volume_m3 from import_rows r
      join imports i on i.id = r.import_id order by 1, 2`),
    results:
      await rows(sql`select i.kind, i.scope, i.file_digest, r.rows_in, r.rows_accepted, r.rows_held, r.rows_rejected, r.volume_in_m3
      from import_results r join imports i on i.id = r.import_id order by 1, 2, 3`),
    files:
      await rows(sql`select f.digest, f.byte_count, f.chunk_count, (select count(*)::int from stored_file_chunks c where c.digest = f.digest)
      from stored_files f order by 1`),
    bills:
      await rows(sql`select b.number_year, b.number, b.kind, a.account_no, d.code, b.fee_month, b.due_on, b.volume_m3, b.total_amount
      from bills b join accounts a on a.id = b.account_id join dischargers d on d.id = b.discharger_id order by 1, 2`),
    lines:
      await rows(sql`select l.bill_id, l.line_no, l.category_code, l.basis, l.used_from, l.used_until, l.volume_m3, l.amount,
        l.derivation->'steps' as steps, l.derivation->>'unrounded' as unrounded from bill_lines l order by 1, 2`),
    exceptionsOfRuns: await rows(
      sql`select a.account_no, x.status from bill_run_exceptions x join accounts a on a.id = x.account_id order by 1`,
    ),
    numbers: await rows(sql`select kind, year, last_number from number_sequences order by 1, 2`),
    postings: await rows(
      // Imports and issues are called by their numbers there, which a sequence gave.
      sql`select regexp_replace(e.memo, ' \\d+ ', ' # ') as memo, p.account_code, p.fee_month, p.amount from postings p join journal_entries e on e.id = p.entry_id order by 1, 2, 3`,
    ),
    payments: await rows(sql`
      select p.reference, a.account_no, d.code, p.paid_on, p.recorded_on, p.amount, v.reversed_on, k.remaining
      from payments p left join accounts a on a.id = p.account_id join dischargers d on d.id = p.discharger_id
        left join payment_reversals v on v.payment_id = p.id left join credits k on k.payment_id = p.id order by 1, 2`),
    allocations: await rows(sql`
      select p.reference, x.bill_id, x.amount, x.basis, l.reason from allocations x join payments p on p.id = x.payment_id
        left join allocation_lapses l on l.allocation_id = x.id order by 1, 2, 3`),
    openItems: await rows(
      sql`select bill_id, payable, outstanding, last_paid_on, settled_on from open_items order by 1`,
    ),
    commands: await rows(sql`select command_id, name from commands order by 1`),
    slots: await rows(sql`select s.job, s.due_at, s.acting_on, r.round, o.outcome from job_slots s
      join job_rounds r on r.job = s.job and r.due_at = s.due_at left join job_outcomes o on o.job = r.job and o.due_at = r.due_at and o.round = r.round
      order by 1, 2, 4`),
    notices: await rows(sql`select kind, case when kind = 'run_drafted' then '' else subject end as subject, since,
        particulars - 'runId' as particulars from notices order by 1, 2`),
    overdueLists: await rows(sql`select l.as_of, l.bill_count, l.total_amount, l.digest, count(x.bill_id)::int as lines
      from overdue_lists l join overdue_list_lines x on x.list_id = l.id group by l.id order by 1`),
    proposals: await rows(sql`select p.kind, d.decision from proposals p
      left join proposal_decisions d on d.proposal_id = p.id order by 1, 2`),
    openRuns: await rows(sql`select fee_month from open_bill_runs`),
  }
}
