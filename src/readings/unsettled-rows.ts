import { sql } from 'kysely'
import { type FeeMonth, firstDay } from '../kernel/calendar.ts'
import type { AccountId, ImportId, InstallationId } from '../kernel/ids.ts'
import type { Trx } from '../platform/database.ts'
import { type RowDecision, supersededBy } from '../platform/row-decisions.ts'
import type { Judgement } from './reading.rules.ts'
import type { ReadingKind } from './reading.ts'
import type { StatedRow, StatedTexts } from './reading-columns.ts'

/** What is kept with a held or rejected row, so that it can be judged again and found again. */
export type RowSubject = {
  readonly stated: StatedTexts
  readonly installationId: InstallationId | null
  readonly kind: ReadingKind
}

export function subjectOf(stated: StatedTexts, installationId: InstallationId | null, kind: ReadingKind): RowSubject {
  return { stated, installationId, kind }
}

interface UnsettledRow {
  readonly import_id: ImportId
  readonly row_no: number
  readonly verdict: 'held' | 'rejected'
  readonly account_id: AccountId | null
  readonly subject: RowSubject
}

/**
 * Rows of earlier files of the same collector and month that nobody has decided. A later file's row for the same meter,
 * or one that says which row it corrects, takes them over: they are decided as superseded, whatever file it came in.
 */
export class UnsettledRows {
  readonly #byOrigin = new Map<string, UnsettledRow>()
  readonly #byMeter = new Map<string, UnsettledRow[]>()

  static async of(trx: Trx, collectorCode: string, feeMonth: FeeMonth, exceptImport: ImportId): Promise<UnsettledRows> {
    const { rows } = await sql<UnsettledRow>`
      select h.import_id, h.row_no, h.verdict, h.account_id, h.subject
      from imports i join import_rows h on h.import_id = i.id
      where i.kind = 'readings' and starts_with(i.scope, ${`${collectorCode}/`}) and h.fee_month = ${firstDay(feeMonth)}::date
        and i.id <> ${exceptImport}::bigint
        and not exists (select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)`.execute(
      trx,
    )
    return new UnsettledRows(rows)
  }

  private constructor(rows: readonly UnsettledRow[]) {
    for (const row of rows) {
      this.#byOrigin.set(originKey(row.import_id, row.row_no), row)
      if (row.verdict !== 'held' || row.account_id === null) continue
      const key = meterKey(row.account_id, row.subject.installationId, row.subject.kind)
      this.#byMeter.set(key, [...(this.#byMeter.get(key) ?? []), row])
    }
  }

  /** The rows that this one takes over, each once: the one it names, and those for the same meter unless it is rejected. */
  settledBy(row: StatedRow, { verdict, draft }: Judgement, importId: ImportId): RowDecision[] {
    if (this.#byOrigin.size === 0) return []
    const settled = new Set<UnsettledRow>()
    const origin =
      row.origin === undefined ? undefined : this.#byOrigin.get(originKey(row.origin.importId, row.origin.rowNo))
    if (origin !== undefined) settled.add(origin)
    if (draft !== undefined && verdict !== 'rejected') {
      const key = meterKey(draft.accountId, draft.installationId, draft.kind)
      for (const each of this.#byMeter.get(key) ?? []) settled.add(each)
      this.#byMeter.delete(key)
    }
    return [...settled].flatMap((each) => {
      const key = originKey(each.import_id, each.row_no)
      if (!this.#byOrigin.delete(key)) return []
      const reason = supersededBy(importId, row.rowNo)
      return [{ importId: each.import_id, rowNo: each.row_no, decision: 'superseded' as const, reason }]
    })
  }
}

const originKey = (importId: string, rowNo: number) => `${importId} ${rowNo}`
const meterKey = (accountId: AccountId, installationId: InstallationId | null, kind: ReadingKind) =>
  `${accountId} ${installationId ?? ''} ${kind}`
