import { findCollector } from '../dischargers/account.queries.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, moneyText, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type CommandKind,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { storeDecisions } from '../platform/row-decisions.ts'
import { fieldNamedAmong } from '../readings/column-mapping.ts'
import { refuseReading } from '../readings/readings.refusals.ts'
import { refusePaymentsOf } from './acting-for.ts'
import { fileOfPayments, knownPayments } from './known-payments.queries.ts'
import { saidPaymentReasons } from './payment.reasons.ts'
import { refusePayment } from './payment.refusals.ts'
import { insertPayments, lockAllPayments, postMovements } from './payment.store.ts'
import {
  correctablePaymentFields,
  type PaymentField,
  type PaymentTexts,
  paymentColumnNames,
  readPaymentTexts,
} from './payment-columns.ts'
import {
  findPaymentImport,
  type PaymentImport,
  type PaymentImportRow,
  paymentRowsOf,
} from './payment-import.queries.ts'
import { judgePayment, newPayment, type PaymentDraft } from './payment-row.rules.ts'
import { allocateNew } from './record-payment.ts'
import { storeReversals } from './reverse-payment.ts'

export interface PaymentRowDecision {
  readonly importId: string
  readonly rowNos: readonly number[]
  readonly reason: string
}
export interface PaymentRowCorrection extends Omit<PaymentRowDecision, 'rowNos'> {
  readonly rowNo: number
  /** New values by field (`流水号` or `reference`) as text; an empty one takes the value away. */
  readonly values: Readonly<Record<string, string>>
}

/** What a decision answers: rows decided, and what they became; allocated in yuan. */
export type PaymentDecisionAnswer = {
  readonly importId: string
  readonly decided: number
  readonly payments: number
  readonly reversals: number
  readonly unchanged: number
  readonly allocated: string
}

/**
 * The bureau takes held rows as they stand; each is judged again against what is stored now. Refuses rejected rows and
 * rows that must be corrected, rows decided before, and two rows of one reference. All or none.
 */
export async function acceptPaymentRows(
  services: Services,
  envelope: Envelope,
  input: PaymentRowDecision,
): Promise<CommandAnswer<PaymentDecisionAnswer> | Refusal> {
  const kind: CommandKind = { name: 'payments.accept-rows', zh: '接受待审缴款' }
  const { importId, rowNos, reason } = input
  return runCommand(services, envelope, kind, { importId, rowNos, reason }, async (context) => {
    const chosen = await chooseRows(context, input)
    if (isRefusal(chosen)) return chosen
    const rows = chosen.rows.map((row) => ({ row, texts: row.stated }))
    return settleRows(context, chosen.found, rows, reason, 'accepted')
  })
}

/** Corrects one held or rejected row; the new values are judged like a row of a file, and nothing may be left to hold it. */
export async function correctPaymentRow(
  services: Services,
  envelope: Envelope,
  input: PaymentRowCorrection,
): Promise<CommandAnswer<PaymentDecisionAnswer> | Refusal> {
  const kind: CommandKind = { name: 'payments.correct-row', zh: '改正缴款行' }
  const { importId, rowNo, values, reason } = input
  return runCommand(services, envelope, kind, { importId, rowNo, values, reason }, async (context) => {
    const corrected: { [Field in PaymentField]?: string } = {}
    for (const [name, value] of Object.entries(values)) {
      const field = fieldNamedAmong(paymentColumnNames, name)
      if (field === undefined || !correctablePaymentFields.includes(field)) {
        const known = correctablePaymentFields.map((each) => paymentColumnNames[each][0]).join('、')
        return refuseReading('correction_field_unknown', { field: name, known })
      }
      corrected[field] = value
    }
    if (Object.keys(corrected).length === 0) return refuseReading('correction_missing')
    const chosen = await chooseRows(context, { importId, rowNos: [rowNo], reason })
    if (isRefusal(chosen)) return chosen
    const rows = chosen.rows.map((row) => ({ row, texts: { ...row.stated, ...corrected } }))
    return settleRows(context, chosen.found, rows, reason, 'corrected', corrected)
  })
}

/** Refuses held or rejected rows for good, with the reason. */
export async function rejectPaymentRows(
  services: Services,
  envelope: Envelope,
  input: PaymentRowDecision,
): Promise<CommandAnswer<PaymentDecisionAnswer> | Refusal> {
  const kind: CommandKind = { name: 'payments.reject-rows', zh: '拒绝缴款行' }
  const { importId, rowNos, reason } = input
  return runCommand(services, envelope, kind, { importId, rowNos, reason }, async (context) => {
    const chosen = await chooseRows(context, input)
    if (isRefusal(chosen)) return chosen
    const { found, rows } = chosen
    const decision = { importId: found.importId, decision: 'rejected' as const, reason: reason.trim() }
    await storeDecisions(
      context.trx,
      rows.map(({ rowNo }) => ({ ...decision, rowNo })),
      context,
    )
    const nothing = { payments: 0, reversals: 0, unchanged: 0, allocated: moneyText(zeroMoney) }
    return { importId, decided: rows.length, ...nothing }
  })
}

/** The rows that were chosen, none of them decided; payments are locked for what follows. */
async function chooseRows(
  context: CommandContext,
  { importId, rowNos, reason }: PaymentRowDecision,
): Promise<{ found: PaymentImport; rows: PaymentImportRow[] } | Refusal> {
  if (reason.trim() === '') return refusePayment('payment_needs_reason')
  const found = await findPaymentImport(context.trx, importId)
  if (isRefusal(found)) return found
  const forbidden = refusePaymentsOf(context.actor, await findCollector(context.trx, found.collectorCode))
  if (forbidden !== undefined) return forbidden
  await lockAllPayments(context.trx)
  const rows = await paymentRowsOf(context.trx, found.importId, { rowNos, undecided: true, limit: 100_000 })
  const missing = rowNos.filter((rowNo) => !rows.some((row) => row.rowNo === rowNo))
  if (missing.length > 0 || rows.length === 0)
    return refusePayment('payment_rows_unknown', { importId, rows: missing.join('、') || '—' })
  return { found, rows }
}

/** Judges rows against what is stored now and stores what they become. */
async function settleRows(
  context: CommandContext,
  found: PaymentImport,
  rows: readonly { readonly row: PaymentImportRow; readonly texts: PaymentTexts }[],
  reason: string,
  decision: 'accepted' | 'corrected',
  corrected?: PaymentTexts,
): Promise<PaymentDecisionAnswer | Refusal> {
  const { trx, commandId, today, actor } = context
  const collector = present(await findCollector(trx, found.collectorCode), 'the collector of an import is registered')
  const stated = rows.map(({ row, texts }) => readPaymentTexts(texts, row.rowNo))
  const file = await fileOfPayments(trx, collector.collectorId)
  const known = await knownPayments(trx, file, stated)
  const drafts: { draft: PaymentDraft; rowNo: number }[] = []
  const seen = new Set<string>()
  for (const row of stated) {
    const judgement = judgePayment(row, known(row, []), today)
    const { reasons, draft } = judgement
    if (judgement.verdict !== 'accepted' && (draft === undefined || judgement.verdict === 'rejected'))
      return refusePayment('payment_row_needs_correction', { row: row.rowNo, ...saidPaymentReasons(reasons) })
    if (reasons.length > 0 && !actor.roles.includes('bureau_clerk'))
      return refusePayment('payment_acceptance_by_bureau', { actor: actor.name })
    if (draft === undefined) continue
    const key = draft.kind === 'payment' ? draft.reference : `-${draft.paymentId}`
    if (seen.has(key)) return refusePayment('payment_rows_exclude', { reference: row.reference })
    seen.add(key)
    if (draft.kind === 'payment') file.paidBefore.add(draft.accountId, draft.dischargerId, draft.amount)
    drafts.push({ draft, rowNo: row.rowNo })
  }
  const { importId } = found
  const payments = drafts.flatMap(({ draft, rowNo }) =>
    draft.kind === 'payment' ? [newPayment(draft, collector.collectorId, rowNo)] : [],
  )
  const reversals = drafts.flatMap(({ draft, rowNo }) =>
    draft.kind === 'reversal'
      ? [{ paymentId: draft.paymentId, reversedOn: draft.reversedOn, reason: reason.trim(), rowNo }]
      : [],
  )
  const moved = await storeReversals(context, reversals, { importId, commandId })
  const paymentIds = await insertPayments(context, payments, { importId, commandId })
  const placesNamed = Math.max(0, ...payments.map(({ namedBills }) => namedBills.length))
  const allocated = await allocateNew(context, paymentIds, placesNamed)
  if (drafts.length > 0) {
    await postMovements(context, `导入缴款 ${importId} 待审处理`, drafts.length, {
      ...moved,
      received: { collector: addMoney(payments.map(({ amount }) => amount)), treasury: zeroMoney },
      allocated: allocated.byMonth,
    })
  }
  await storeDecisions(
    trx,
    rows.map(({ row }) => ({
      importId,
      rowNo: row.rowNo,
      decision,
      reason: reason.trim(),
      ...(corrected === undefined ? {} : { corrected: corrected as Record<string, string> }),
    })),
    context,
  )
  return {
    importId,
    decided: rows.length,
    payments: payments.length,
    reversals: reversals.length,
    unchanged: rows.length - drafts.length,
    allocated: moneyText(addMoney(allocated.byMonth.values())),
  }
}
