import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { VoucherId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { type Money, moneyText, parseMoney, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { examineFile, type GivenFile, storeFile } from '../platform/files.ts'
import { refusePlatform } from '../platform/platform.refusals.ts'
import { collectorFor } from './acting-for.ts'
import { statementForCommand } from './decide-statement.ts'
import { possibleFees } from './fee.queries.ts'
import { netsTheFee } from './fee.rules.ts'
import { standing } from './movements.queries.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import type { Statement } from './statement.ts'

export interface SubmittedVoucher {
  readonly statement: string
  /** Yuan as text. */
  readonly amount: string
  readonly paidOn: CivilDate
  /** The bank's own number of the transfer. */
  readonly bankReference: string
  /** The scanned voucher or the bank's electronic receipt: kept with its digest. */
  readonly path: string
  /** Why the amount is not what the statement still asks for. */
  readonly differenceReason?: string | undefined
}

export type VoucherAnswer = {
  readonly voucherId: string
  readonly statement: string
  readonly amount: string
  /** What the statement asks for beyond this and other vouchers; negative where it is too much. */
  readonly left: string
  readonly fileDigest: string
}

/**
 * The collector hands in the voucher of a transfer for a statement, of a part, late, or of all. Refuses an amount that
 * differs from what is asked without a reason, one that is short by the collection fee (151 art. 4 and 17: gross), a
 * bank reference that is known, a day to come, and a file that cannot be read or is empty.
 */
export async function submitVoucher(
  services: Services,
  envelope: Envelope,
  input: SubmittedVoucher,
): Promise<CommandAnswer<VoucherAnswer> | Refusal> {
  const kind = {
    name: 'remittance.submit-voucher',
    zh: '提交划缴凭证',
  } as const
  const file = await examineFile(input.path)
  if (isRefusal(file)) return file
  if (file.byteCount === 0) return refusePlatform('evidence_empty', { file: file.name })
  const plain = {
    statement: input.statement,
    amount: input.amount,
    paidOn: input.paidOn,
    bankReference: input.bankReference,
    file: file.digest,
    differenceReason: input.differenceReason ?? null,
  }
  return runCommand(services, envelope, kind, plain, (context) => submit(context, input, file))
}

async function submit(
  context: CommandContext,
  input: SubmittedVoucher,
  file: GivenFile,
): Promise<VoucherAnswer | Refusal> {
  const { trx, actor, today, commandId, recordedAt } = context
  const statement = await statementForCommand(context, input.statement)
  if (isRefusal(statement)) return statement
  const collector = await collectorFor(context, statement.collectorCode)
  if (isRefusal(collector)) return collector
  if (statement.state === 'returned') return refuseRemittance('statement_was_returned', { statement: statement.number })
  const amount = parseMoney(input.amount)
  if (amount === undefined || !amount.gt(zeroMoney))
    return refuseRemittance('remittance_amount_malformed', { value: input.amount })
  if (input.paidOn > today) return refuseRemittance('voucher_in_future', { paidOn: input.paidOn, today })
  const bankReference = input.bankReference.trim()
  if (bankReference === '') return refuseRemittance('bank_reference_missing')
  const known = await referenceKnown(context, bankReference)
  if (known !== undefined) return known
  const asked = subtractMoney(statement.balance, statement.awaiting)
  const reason = await reasonFor(context, input, statement, amount, asked)
  if (isRefusal(reason)) return reason
  await storeFile(trx, file, recordedAt)
  const { rows } = await sql<{ id: VoucherId }>`
    insert into remittance_vouchers (statement_id, amount, paid_on, bank_reference, file_digest, difference_reason, submitted_on,
      submitted_by, command_id)
    values (${statement.statementId}::bigint, ${moneyText(amount)}::numeric, ${input.paidOn}::date, ${bankReference},
      ${file.digest}, ${reason}, ${today}::date, ${actor.id}::bigint, ${commandId}) returning id`.execute(trx)
  return {
    voucherId: present(rows[0], 'an inserted voucher has an id').id,
    statement: statement.number,
    amount: moneyText(amount),
    left: moneyText(subtractMoney(asked, amount)),
    fileDigest: file.digest,
  }
}

/** A transfer is handed in once; again only where it was rejected, taken back, or its statement was returned. */
async function referenceKnown({ trx }: CommandContext, bankReference: string): Promise<Refusal | undefined> {
  const { rows } = await sql<{ id: string; amount: string }>`
    select v.id, v.amount from remittance_vouchers v join remittance_statements s on s.id = v.statement_id
    where v.bank_reference = ${bankReference} and ${standing}
      and not exists (select from remittance_voucher_outcomes r where r.voucher_id = v.id and r.outcome = 'rejected')
      and not exists (select from remittance_receipt_reversals b where b.voucher_id = v.id)`.execute(trx)
  const [row] = rows
  if (row === undefined) return undefined
  return refuseRemittance('bank_reference_taken', { reference: bankReference, voucher: row.id, amount: row.amount })
}

async function reasonFor(
  { trx }: CommandContext,
  input: SubmittedVoucher,
  statement: Statement,
  amount: Money,
  asked: Money,
): Promise<string | null | Refusal> {
  const fee = netsTheFee(amount, asked, await possibleFees(trx, statement, statement))
  if (fee !== undefined) {
    return refuseRemittance('remittance_nets_fee', {
      amount: moneyText(amount),
      gross: moneyText(asked),
      fee: moneyText(fee),
    })
  }
  const reason = input.differenceReason?.trim() ?? ''
  if (!amount.eq(asked) && reason === '') {
    return refuseRemittance('voucher_differs', {
      statement: statement.number,
      amount: moneyText(amount),
      asked: moneyText(asked),
    })
  }
  return amount.eq(asked) ? null : reason
}
