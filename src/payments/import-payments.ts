import { sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { addMoney, money, moneyText, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { volumeText, zeroVolume } from '../kernel/volume.ts'
import { letOthersGo, Turns } from '../platform/ahead.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
  sha256,
} from '../platform/command.ts'
import {
  claimOrAnswer,
  type ExceptionalRow,
  rememberMapping,
  storeExceptionalRows,
  storeImportResult,
} from '../platform/imports.ts'
import { supersedeOrigins } from '../platform/row-decisions.ts'
import { formatOf } from '../platform/tables/imported-file.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import { roleOf } from '../readings/readings-file.ts'
import { refusePaymentsOf } from './acting-for.ts'
import { type FileOfPayments, fileOfPayments, knownPayments } from './known-payments.queries.ts'
import { refusePayment } from './payment.refusals.ts'
import {
  type Allocated,
  allocateByOrder,
  allocateNamed,
  insertPayments,
  lockAllPayments,
  manyAtOnce,
  postMovements,
  together,
} from './payment.store.ts'
import type { StatedPayment } from './payment.ts'
import { paymentExportFields, readPaymentRow, textsOfPayment } from './payment-columns.ts'
import { type PaymentFinding, paymentFinding } from './payment-import.findings.ts'
import {
  countedAmount,
  judgePayment,
  type KnownOfPayment,
  newPayment,
  type PaymentDraft,
  type PaymentJudgement,
} from './payment-row.rules.ts'
import {
  columnsOf,
  examinePaymentsFile,
  MoneySums,
  type PaymentFileChoice,
  type PaymentsFile,
  totalOf,
} from './payments-file.ts'
import { type NewReversal, storeReversals } from './reverse-payment.ts'
import { TotalLines } from './total-lines.rules.ts'

type Verdict = PaymentJudgement['verdict']
type ByVerdict<T> = { readonly in: T } & { readonly [Key in Verdict]: T }

/** What an import answers; equal for a repeat. Amounts in yuan, signed as the rows are: reversals are negative. */
export type PaymentImportAnswer = {
  readonly importId: string
  readonly collector: string
  readonly file: string
  readonly mapping: { readonly [field: string]: string }
  readonly rows: ByVerdict<number> & { readonly withoutAmount: number }
  readonly amounts: ByVerdict<string>
  /** Payments and reversals that were stored, and accepted rows that repeat what was stored. */
  readonly payments: number
  readonly reversals: number
  readonly unchanged: number
  /** What the payments of the file paid of bills at once, in yuan; the rest is credit. */
  readonly allocated: string
  readonly reasons: { readonly [code: string]: number }
  readonly findings: readonly PaymentFinding[]
}

/**
 * Takes in a collector's collection file: every row is accepted, held or rejected with its reasons, none is dropped
 * (domain §6, decision 22). One transaction; the same file is answered as the first time. Accepted payments find their
 * bills, a reversing row takes back the payment with its reference, of this file too, in any order; one journal entry.
 * Refuses what `examinePaymentsFile` refuses and the file of another company.
 */
export async function importPayments(
  services: Services,
  envelope: Envelope,
  choice: PaymentFileChoice | PaymentsFile,
): Promise<CommandAnswer<PaymentImportAnswer> | Refusal> {
  const file = 'table' in choice ? choice : await examinePaymentsFile(services, choice)
  if (isRefusal(file)) return file
  const kind = {
    name: 'payments.import',
    zh: '导入缴款',
  } as const
  const plain = { collector: file.collector.code, file: file.given.digest, columns: columnsOf(file.reader.columns) }
  try {
    return await runCommand(services, envelope, kind, plain, (context) => takeIn(services, context, file))
  } finally {
    if (!('table' in choice)) await file.close()
  }
}

async function takeIn(
  services: Services,
  context: CommandContext,
  file: PaymentsFile,
): Promise<PaymentImportAnswer | Refusal> {
  const { collector, given, mapping, table, header } = file
  const forbidden = refusePaymentsOf(context.actor, collector)
  if (forbidden !== undefined) return forbidden
  await lockAllPayments(context.trx)
  const claim = {
    kind: 'payments',
    scope: `${collector.code}/${sha256(`${columnsOf(file.reader.columns)} ${table.sheet ?? ''}`).slice(0, 12)}`,
    file: given,
    format: formatOf(table, header),
    mapping,
  }
  const claimed = await claimOrAnswer<PaymentImportAnswer>(context, claim)
  if ('earlier' in claimed) return claimed.earlier
  const { importId } = claimed
  if (file.corrected) {
    await rememberMapping(context, {
      kind: 'payments',
      scope: collector.code,
      headerDigest: header.headerDigest,
      mapping: file.reader.columns,
    })
  }
  const intake = new PaymentIntake(context, file, importId, await fileOfPayments(context.trx, collector.collectorId))
  const stopped = await takeInBlocks(services, file, intake)
  return stopped ?? intake.finish()
}

/**
 * Reads, looks up, judges and writes block by block, the database and the program at work at once, as an import of
 * readings does: a block is looked up when the last but one is written. No block needs what an earlier one of the file
 * writes: rows of one reference are known as alike before, and what takes payments back waits for the end.
 */
async function takeInBlocks(
  services: Services,
  file: PaymentsFile,
  intake: PaymentIntake,
): Promise<Refusal | undefined> {
  let lookedUp: { readonly rows: readonly StatedPayment[]; readonly known: Promise<Known> } | undefined
  const turns = new Turns()
  const judgeAndWrite = async () => {
    if (lookedUp === undefined) return
    const judged = await intake.judge(lookedUp.rows, await lookedUp.known)
    void turns.next(() => intake.write(judged))
    services.progress?.({ what: '导入缴款 importing', done: intake.rowsIn, total: file.rowCount })
  }
  try {
    for await (const block of file.table.blocks()) {
      if (isRefusal(block)) return block
      const rows = await intake.read(block.rows)
      const known = turns.next(() => intake.lookUp(rows))
      await judgeAndWrite()
      lookedUp = { rows, known }
    }
    await judgeAndWrite()
    await turns.done()
    return undefined
  } finally {
    await turns.settled()
  }
}

type Known = Awaited<ReturnType<typeof knownPayments>>

/** Rows with their verdicts, on their way into the database. */
interface JudgedRows {
  readonly drafts: readonly { readonly row: StatedPayment; readonly draft: PaymentDraft }[]
  readonly exceptional: readonly ExceptionalRow[]
  /** Rows that may settle a row of an earlier import. */
  readonly origins: readonly StatedPayment[]
}

const rowsWithoutPause = 50
/** Digits before the point that a posting has room for. */
const sumDigits = 14
const none: readonly never[] = []

/** One import on its way: what its blocks share. */
class PaymentIntake {
  rowsIn = 0
  readonly totals = new TotalLines()
  readonly #context: CommandContext
  readonly #file: PaymentsFile
  readonly #shared: FileOfPayments
  readonly #importId: ImportId
  readonly #rows = new Map<Verdict, number>()
  readonly #amounts = new MoneySums<Verdict>()
  readonly #reasons = new Map<string, number>()
  /** Rows that take payments back wait for the end of the file, which may bring the payment. */
  readonly #reversing: StatedPayment[] = []
  #received = zeroMoney
  #payments = 0
  #unchanged = 0
  #withoutAmount = 0
  #settled = 0
  #placesNamed = 0
  #lateFees = { rows: 0, amount: zeroMoney, unreadable: 0 }
  readonly #passedOver = { subtotal: 0, header_again: 0, blank: 0 }
  #split = { rows: 0, combined: zeroMoney, amount: zeroMoney, contracts: new Set<string>() }

  constructor(context: CommandContext, file: PaymentsFile, importId: ImportId, shared: FileOfPayments) {
    this.#shared = shared
    this.#context = context
    this.#file = file
    this.#importId = importId
  }

  /** The payments of a block; those that take others back are kept for the end. */
  async read(block: readonly TableRow[]): Promise<StatedPayment[]> {
    const { header, reader } = this.#file
    const rows: StatedPayment[] = []
    for (const [index, row] of block.entries()) {
      // The next query to the database leaves as soon as the one before is answered.
      if (index % rowsWithoutPause === 0) await letOthersGo()
      const role = roleOf(header, reader, row)
      if (role === 'entry') {
        const stated = readPaymentRow(row, reader)
        this.rowsIn += 1
        this.#addUp(stated)
        this.#leaveOut(stated.lateFee)
        if (stated.reverses) this.#reversing.push(stated)
        else rows.push(stated)
      } else if (role === 'total') {
        this.totals.line(row.rowNumber, totalOf(row, reader))
      } else if (role === 'subtotal' || role === 'header_again' || role === 'blank') {
        this.#passedOver[role] += 1
      }
    }
    return rows
  }

  /** Towards the total lines, which add up one column. */
  #addUp(stated: StatedPayment): void {
    const written = this.#file.reader.columns.amount === undefined ? stated.combined : stated.amount
    this.totals.row(written === undefined ? undefined : countedAmount(stated), written)
  }

  /** What is stored that these rows are judged by. */
  lookUp(rows: readonly StatedPayment[]): Promise<Known> {
    return knownPayments(this.#context.trx, this.#shared, rows)
  }

  #leaveOut(lateFee: StatedPayment['lateFee']): void {
    if (lateFee === undefined) return
    if (lateFee === 'unreadable') {
      this.#lateFees.unreadable += 1
    } else if (!lateFee.isZero()) {
      this.#lateFees.rows += 1
      this.#lateFees.amount = addMoney([this.#lateFees.amount, lateFee])
    }
  }

  /** Contracts split hardly any file; where one does, later rows must know what earlier ones pay. */
  #noteSplit({ combinedOrder }: KnownOfPayment, draft: PaymentDraft | undefined): void {
    if (this.#shared.orders.length === 0 || draft?.kind !== 'payment') return
    this.#shared.paidBefore.add(draft.accountId, draft.dischargerId, draft.amount)
    if (draft.split === undefined || combinedOrder === undefined) return
    this.#split.rows += 1
    this.#split.combined = addMoney([this.#split.combined, draft.split.combined])
    this.#split.amount = addMoney([this.#split.amount, draft.amount])
    this.#split.contracts.add(combinedOrder.contractNo)
  }

  /** Judges rows and counts them. */
  async judge(rows: readonly StatedPayment[], known: Known): Promise<JudgedRows> {
    const { today } = this.#context
    const { alike, reader } = this.#file
    const drafts: { row: StatedPayment; draft: PaymentDraft }[] = []
    const exceptional: ExceptionalRow[] = []
    const origins: StatedPayment[] = []
    for (const [index, row] of rows.entries()) {
      if (index % rowsWithoutPause === 0) await letOthersGo()
      const knownOfRow = known(row, alike.get(row.rowNo) ?? none)
      const judgement = judgePayment(row, knownOfRow, today)
      this.#count(row, judgement)
      if (row.origin !== undefined) origins.push(row)
      if (judgement.verdict !== 'accepted') {
        exceptional.push(exceptionalRow(row, judgement, knownOfRow.account?.accountId ?? null, reader.columns))
      } else if (judgement.draft === undefined) {
        this.#unchanged += 1
      } else {
        drafts.push({ row, draft: judgement.draft })
        this.#noteSplit(knownOfRow, judgement.draft)
      }
    }
    return { drafts, exceptional, origins }
  }

  /** Stores rows that are not simply accepted, and the payments that the others become. */
  async write(judged: JudgedRows): Promise<void> {
    await this.#writeExceptions(judged)
    const { collectorId } = this.#file.collector
    const payments = judged.drafts.flatMap(({ row, draft }) =>
      draft.kind === 'payment' ? [newPayment(draft, collectorId, row.rowNo)] : [],
    )
    await insertPayments(this.#context, payments, { importId: this.#importId, commandId: null })
    this.#payments += payments.length
    for (const { namedBills } of payments) this.#placesNamed = Math.max(this.#placesNamed, namedBills.length)
  }

  async #writeExceptions({ exceptional, origins }: JudgedRows): Promise<void> {
    await storeExceptionalRows(this.#context.trx, this.#importId, exceptional)
    const before = { kind: 'payments', scope: `${this.#file.collector.code}/` }
    this.#settled += await supersedeOrigins(this.#context, this.#importId, before, origins)
  }

  #count(row: StatedPayment, { verdict, reasons, notes }: PaymentJudgement): void {
    this.#rows.set(verdict, (this.#rows.get(verdict) ?? 0) + 1)
    const amount = countedAmount(row)
    if (amount === undefined) this.#withoutAmount += 1
    else this.#amounts.add(verdict, amount)
    for (const { code } of [...reasons, ...notes]) this.#reasons.set(code, (this.#reasons.get(code) ?? 0) + 1)
  }

  /** Reversals, allocation, the entry and the counts, once every row is read. */
  async finish(): Promise<PaymentImportAnswer | Refusal> {
    const context = this.#context
    const { trx } = context
    const importId = this.#importId
    const judged = await this.judge(this.#reversing, await this.lookUp(this.#reversing))
    const sums = [
      this.#amounts.total(),
      ...(['accepted', 'held', 'rejected'] as const).map((of) => this.#amounts.of(of)),
    ]
    const beyond = sums.find((sum) => sum.e + 1 > sumDigits)
    if (beyond !== undefined)
      return refusePayment('file_sum_beyond_measure', { file: this.#file.given.name, amount: moneyText(beyond) })
    await this.#writeExceptions(judged)
    const reversals = judged.drafts.flatMap(({ row, draft }): NewReversal[] => {
      if (draft.kind !== 'reversal') return []
      const { paymentId, reversedOn } = draft
      return [{ paymentId, reversedOn, reason: '文件冲正 (reversed by the file)', rowNo: row.rowNo }]
    })
    const { rows: received } = await sql<{ amount: string }>`
      select coalesce(sum(amount), 0.00)::text as amount from payments where import_id = ${importId}::bigint`.execute(
      trx,
    )
    this.#received = money(received[0]?.amount ?? '0.00')
    const moved = await storeReversals(context, reversals, { importId, commandId: null })
    const allocated = await this.#allocate()
    const documents = this.#payments + reversals.length
    await postMovements(context, `导入缴款 ${importId} ${this.#file.given.name}`, Math.max(documents, 1), {
      ...moved,
      received: { collector: this.#received, treasury: zeroMoney },
      allocated: allocated.byMonth,
    })
    return this.#close(reversals.length, allocated)
  }

  async #allocate(): Promise<Allocated> {
    const stays = sql`p.import_id = ${this.#importId}::bigint and p.command_id is null
      and not exists (select from payment_reversals v where v.payment_id = p.id)`
    const context = this.#context
    if (this.#placesNamed === 0) {
      return manyAtOnce(context.trx, this.#payments, () => allocateByOrder(context, { payments: stays }, 'order'))
    }
    // Named bills take from what remains, place by place, so that every payment is a credit for the while.
    await sql`
      insert into credits (payment_id, account_id, discharger_id, paid_on, remaining)
      select p.id, p.account_id, p.discharger_id, p.paid_on, p.amount from payments p where ${stays}`.execute(
      context.trx,
    )
    const credits = sql`c.payment_id in (select p.id from payments p where ${stays})`
    return manyAtOnce(context.trx, this.#payments, async () => {
      const parts: Allocated[] = []
      for (let place = 1; place <= this.#placesNamed; place += 1)
        parts.push(await allocateNamed(context, credits, place))
      return together([...parts, await allocateByOrder(context, { credits }, 'order')])
    })
  }

  async #close(reversals: number, allocated: Allocated): Promise<PaymentImportAnswer> {
    const { collector, given, mapping, rowCount } = this.#file
    invariant(this.rowsIn === rowCount, 'a file has as many rows the second time it is read')
    const rowsOf = (verdict: Verdict) => this.#rows.get(verdict) ?? 0
    const amountOf = (verdict: Verdict) => moneyText(this.#amounts.of(verdict))
    const rows = {
      in: this.rowsIn,
      accepted: rowsOf('accepted'),
      held: rowsOf('held'),
      rejected: rowsOf('rejected'),
      withoutAmount: this.#withoutAmount,
    }
    const amounts = {
      in: moneyText(this.#amounts.total()),
      accepted: amountOf('accepted'),
      held: amountOf('held'),
      rejected: amountOf('rejected'),
    }
    const findings = this.#findings()
    const nothing = volumeText(zeroVolume)
    const counts = {
      rowsIn: rows.in,
      rowsAccepted: rows.accepted,
      rowsHeld: rows.held,
      rowsRejected: rows.rejected,
      volumeInM3: nothing,
      volumeAcceptedM3: nothing,
      volumeHeldM3: nothing,
      volumeRejectedM3: nothing,
      rowsWithoutVolume: 0,
    }
    await storeImportResult(this.#context.trx, this.#importId, counts, findings, {
      ...amounts,
      rowsWithout: this.#withoutAmount,
    })
    return {
      importId: this.#importId,
      collector: collector.code,
      file: given.name,
      mapping: mapping as Record<string, string>,
      rows,
      amounts,
      payments: this.#payments,
      reversals,
      unchanged: this.#unchanged,
      allocated: moneyText(addMoney(allocated.byMonth.values())),
      reasons: Object.fromEntries([...this.#reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
      findings,
    }
  }

  #findings(): PaymentFinding[] {
    const { header, reader, table } = this.#file
    const ours = new Set(
      paymentExportFields.flatMap((field) => header.candidates.get(field)?.map(({ column }) => column) ?? []),
    )
    const used = new Set(Object.values(reader.columns))
    const unrecognised = header.texts.filter((text, column) => text !== '' && !used.has(column) && !ours.has(column))
    const others = table.ignoredSheets ?? []
    const { subtotal: subtotals, header_again: headers, blank: blanks } = this.#passedOver
    return [
      ...this.totals.findings(),
      ...(this.#lateFees.rows === 0
        ? []
        : [
            paymentFinding('late_fees_left_out', {
              rows: this.#lateFees.rows,
              amount: moneyText(this.#lateFees.amount),
            }),
          ]),
      ...(this.#lateFees.unreadable === 0
        ? []
        : [paymentFinding('late_fees_unreadable', { rows: this.#lateFees.unreadable })]),
      ...(this.#split.rows === 0
        ? []
        : [
            paymentFinding('combined_split', {
              rows: this.#split.rows,
              combined: moneyText(this.#split.combined),
              amount: moneyText(this.#split.amount),
              contract: [...this.#split.contracts].join('、'),
            }),
          ]),
      ...(unrecognised.length === 0
        ? []
        : [paymentFinding('payment_columns_unrecognised', { columns: unrecognised.join('、') })]),
      ...(others.length === 0
        ? []
        : [paymentFinding('payment_sheets_ignored', { sheet: table.sheet ?? '', others: others.join('、') })]),
      ...(subtotals + headers + blanks === 0
        ? []
        : [paymentFinding('payment_lines_passed_over', { subtotals, headers, blanks })]),
      ...(this.#settled === 0 ? [] : [paymentFinding('payment_rows_settled', { count: this.#settled })]),
    ]
  }
}

function exceptionalRow(
  row: StatedPayment,
  { verdict, reasons }: { readonly verdict: Verdict; readonly reasons: readonly RowReason[] },
  accountId: string | null,
  columns: PaymentsFile['reader']['columns'],
): ExceptionalRow {
  invariant(verdict !== 'accepted', 'an accepted row is no exception')
  const amount = countedAmount(row)
  return {
    rowNo: row.rowNo,
    verdict,
    cells: row.cells,
    reasons,
    subject: { stated: textsOfPayment(row, columns) },
    accountId,
    feeMonth: null,
    volumeM3: null,
    amount: amount === undefined ? null : moneyText(amount),
  }
}
