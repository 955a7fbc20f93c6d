import { findDischarger } from '../dischargers/account.queries.ts'
import { findOutlets } from '../dischargers/outlet.queries.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { type Evidence, storeEvidence } from '../platform/scanned-paper.ts'
import type { AccidentReport } from './accident.ts'
import { outletOn } from './propose-limits.ts'
import { refuseQuality } from './quality.refusals.ts'
import { qualityTables } from './quality.tables.ts'

/**
 * Records the report of an accident as it came in (办法第六条第二款). Refuses an unknown discharger or outlet, days in the
 * future or in the wrong order, and a report that does not say who reported what.
 */
export async function reportAccident(
  services: Services,
  envelope: Envelope,
  report: AccidentReport,
  evidence?: Evidence,
): Promise<CommandAnswer<{ accidentId: string; discharger: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    {
      name: 'quality.report-accident',
      zh: '登记事故报告',
    },
    { ...report, evidence: evidence?.digest ?? null },
    async (context) => {
      const { trx, commandId, today } = context
      for (const [field, value] of [
        ['报告人 reported by', report.reportedBy],
        ['排放物质 substances', report.substances],
        ['经过 description', report.description],
      ] as const) {
        if (value.trim() === '') return refuseQuality('quality_reason_missing', { field })
      }
      const { occurredOn, reportedOn } = report
      if (reportedOn > today)
        return refuseQuality('quality_date_in_future', { field: '报告日 reported on', date: reportedOn, today })
      if (reportedOn < occurredOn)
        return refuseQuality('accident_dates_reversed', { reported: reportedOn, occurred: occurredOn })
      const discharger = await findDischarger(trx, report.dischargerCode)
      if (isRefusal(discharger)) return discharger
      const { dischargerId, code } = discharger
      const outlets = report.outletNo === '' ? [] : await findOutlets(trx, { dischargerCodes: [code] })
      const outlet = outletOn(outlets, code, report.outletNo, occurredOn)
      if (report.outletNo !== '' && outlet === undefined)
        return refuseQuality('outlet_not_registered', { discharger: code, outlet: report.outletNo, date: occurredOn })
      await storeEvidence(context, evidence)
      const { id } = await qualityTables(trx)
        .insertInto('accidents')
        .values({
          discharger_id: dischargerId,
          outlet_id: outlet?.outletId ?? null,
          occurred_on: occurredOn,
          reported_on: reportedOn,
          reported_by: report.reportedBy.trim(),
          substance_kind: report.substanceKind,
          substances: report.substances.trim(),
          description: report.description.trim(),
          measures: report.measures.trim(),
          evidence_digest: evidence?.digest ?? null,
          command_id: commandId,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { accidentId: id, discharger: code }
    },
  )
}
