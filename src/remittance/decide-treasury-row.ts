import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { ImportId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { storeDecisions } from '../platform/row-decisions.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { listVouchers } from './statement.queries.ts'
import { treasuryImportKind } from './treasury.reasons.ts'
import { isSameReceipt } from './treasury.rules.ts'
import { matchedReceipts } from './treasury-row.queries.ts'

/**
 * What a person says of a held row: it belongs to a voucher, or it is none of this fee. A rejected row is corrected in
 * its file and imported again, or set aside. Refuses a row that is not there or was decided, and no reason.
 */
export async function decideTreasuryRow(
  services: Services,
  envelope: Envelope,
  input: {
    readonly importId: string
    readonly rowNo: number
    /** The voucher it belongs to; `undefined` sets the row aside. */
    readonly voucherId?: string | undefined
    readonly reason: string
  },
): Promise<CommandAnswer<{ importId: string; row: number; decision: string; voucher: string | null }> | Refusal> {
  const kind = {
    name: 'remittance.decide-treasury-row',
    zh: '处理到账差异',
  } as const
  const { importId, rowNo, voucherId, reason } = input
  return runCommand(
    services,
    envelope,
    kind,
    { importId, rowNo, voucher: voucherId ?? null, reason },
    async (context) => {
      const { trx, commandId } = context
      if (reason.trim() === '') return refuseRemittance('remittance_needs_reason')
      const [row] = /^\d{1,18}$/.test(importId) ? await treasuryRows(context, importId, rowNo) : []
      if (row === undefined || row.decided)
        return refuseRemittance('treasury_row_unknown', { import: importId, row: rowNo })
      const decision = voucherId === undefined ? ('rejected' as const) : ('accepted' as const)
      if (voucherId !== undefined) {
        const [voucher] = /^\d{1,18}$/.test(voucherId) ? await listVouchers(trx, { voucherId, limit: 1 }) : []
        if (voucher === undefined) return refuseRemittance('voucher_unknown', { voucher: voucherId })
        if (row.amount === null || row.receivedOn === null)
          return refuseRemittance('treasury_row_unreadable', { import: importId, row: rowNo })
        // Two people who match one voucher at once come one after the other.
        await sql`select from remittance_vouchers where id = ${voucherId}::bigint for update`.execute(trx)
        const isNamed = [voucher.bankReference, voucher.treasuryReference].includes(row.reference)
        const other = ((await matchedReceipts(trx, voucherId)).get(voucherId) ?? []).find(
          (receipt) => receipt.importId === importId || !(isNamed || isSameReceipt(receipt, row)),
        )
        if (other !== undefined)
          return refuseRemittance('voucher_matched', {
            voucher: voucherId,
            import: other.importId,
            row: other.rowNo,
            reference: other.reference || '—',
          })
        await sql`
        insert into treasury_matches (import_id, row_no, voucher_id, amount, received_on, treasury_reference, command_id)
        values (${importId}::bigint, ${rowNo}, ${voucherId}::bigint, ${row.amount}::numeric, ${row.receivedOn}::date,
          ${row.reference}, ${commandId})`.execute(trx)
      }
      await storeDecisions(trx, [{ importId: importId as ImportId, rowNo, decision, reason: reason.trim() }], context)
      return { importId, row: rowNo, decision, voucher: voucherId ?? null }
    },
  )
}

async function treasuryRows({ trx }: CommandContext, importId: string, rowNo: number) {
  const { rows } = await sql<{
    amount: string | null
    receivedOn: CivilDate | null
    reference: string
    decided: boolean
  }>`
    select h.amount, h.subject->>'receivedOn' as "receivedOn", h.subject->>'reference' as reference,
      exists (select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no) as decided
    from import_rows h join imports i on i.id = h.import_id
    where i.kind = ${treasuryImportKind} and h.import_id = ${importId}::bigint and h.row_no = ${rowNo} for update of h`.execute(
    trx,
  )
  return rows
}
