import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { ImportId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { moneyText, parseMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { volumeText, zeroVolume } from '../kernel/volume.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { claimImport, findImport, storeExceptionalRows, storeImportResult } from '../platform/imports.ts'
import { readSettings, type Settings } from '../platform/settings.ts'
import { lockReceipts } from './prepare-receipts.ts'
import { listReceipts, numbersByCode, requestsByOfficialNumber } from './receipt.queries.ts'
import { gapsIn, mayFollow } from './receipt.rules.ts'
import {
  parseReceiptNumber,
  type Receipt,
  type ReceiptCodes,
  type ReceiptResult,
  receiptNumber,
  receiptStateNames,
  results,
  resultWords,
} from './receipt.ts'
import { type ResultReason, resultImportKind, resultReasons } from './result.reasons.ts'
import { type ResultField, type ResultFile, type ResultRow, readResultFile, resultColumnNames } from './result-file.ts'

export type ResultImportAnswer = {
  readonly importId: string
  readonly file: string
  readonly rows: { readonly in: number; readonly accepted: number; readonly held: number; readonly rejected: number }
  /** Accepted rows by result, and those that only repeat what was known. */
  readonly results: { readonly [result: string]: number }
  readonly unchanged: number
  /** Official numbers that are missing between those received, by 票据代码. */
  readonly gaps: readonly {
    readonly billCode: string
    readonly from: string
    readonly to: string
    readonly count: string
  }[]
}

/**
 * Takes in what the finance platform answered: each row is accepted, held or rejected with its reasons. Codes are strings
 * with their zeros, checked against the configured forms, one receipt each; gaps in the numbers are reported. The same file
 * is answered as the first time.
 */
export async function importResults(
  services: Services,
  envelope: Envelope,
  path: string | ResultFile,
): Promise<CommandAnswer<ResultImportAnswer> | Refusal> {
  const file = typeof path === 'string' ? await readResultFile(path) : path
  if (isRefusal(file)) return file
  const kind = {
    name: 'receipts.import-results',
    zh: '导入开票回执',
  } as const
  return runCommand(services, envelope, kind, { file: file.given.digest }, (context) => takeIn(context, file))
}

interface Accepted {
  readonly row: ResultRow
  readonly receipt: Receipt
  readonly result: ReceiptResult
  readonly on: CivilDate
  /** It says what was said before, and nothing new but codes. */
  readonly isKnown: boolean
  /** Codes the receipt has not had before. */
  readonly codes: ReceiptCodes | undefined
  /** Codes that earlier answers had left out. */
  readonly later: readonly LaterCode[]
}
type LaterCode = 'checkCode' | 'paymentCode'

/** What a row gives of the codes that the answers before it had left out. */
const laterCodes = ({ texts }: ResultRow, { codes }: Receipt): LaterCode[] =>
  codes === undefined
    ? []
    : (['checkCode', 'paymentCode'] as const).filter((field) => codes[field] === '' && texts[field] !== '')

async function takeIn(context: CommandContext, file: ResultFile): Promise<ResultImportAnswer | Refusal> {
  const { trx } = context
  await lockReceipts(trx)
  const claim = {
    kind: resultImportKind,
    scope: '',
    file: file.given,
    format: { format: file.format, titles: file.titles },
    mapping: {},
  }
  const importId = await claimImport(context, claim)
  if (importId === undefined)
    return present(await findImport(trx, claim), 'a file that cannot be claimed was imported before')
      .answer as ResultImportAnswer
  const intake = new ResultIntake(context, await readSettings(trx), importId)
  for (const block of blocksOf(file.rows)) await intake.take(block)
  return intake.finish(file)
}

/** Rows that are judged and stored at once. */
const blockRows = 1_000
const longestReason = 500

const requestOf = ({ texts }: ResultRow): string => {
  const parsed = parseReceiptNumber(texts.requestNo)
  return parsed === undefined ? texts.requestNo : receiptNumber(parsed.year, parsed.number)
}
const officialNumberOf = ({ billCode, billNumber }: Pick<ReceiptCodes, 'billCode' | 'billNumber'>): string =>
  `${billCode} ${billNumber}`

/**
 * The rows of a file in blocks in which no request and no official number stands twice, so that a row sees what the rows
 * before it made of either.
 */
function* blocksOf(rows: readonly ResultRow[]): Generator<ResultRow[]> {
  let block: ResultRow[] = []
  const named = new Set<string>()
  for (const row of rows) {
    const names = [`request ${requestOf(row)}`, `number ${officialNumberOf(row.texts)}`]
    const isAgain = named.has(names[0] ?? '') || (row.texts.billNumber !== '' && named.has(names[1] ?? ''))
    if (isAgain || block.length >= blockRows) {
      yield block
      block = []
      named.clear()
    }
    block.push(row)
    for (const name of names) named.add(name)
  }
  if (block.length > 0) yield block
}

/** What the rows of a block ask about, as it stands before the block. */
interface Known {
  /** By their number. */
  readonly receipts: ReadonlyMap<string, Receipt>
  /** By official number. */
  readonly requests: ReadonlyMap<string, string>
}

/** One file on its way: later rows see what earlier ones made of their receipts. */
class ResultIntake {
  readonly #context: CommandContext
  readonly #settings: Settings
  readonly #importId: ImportId
  readonly #seen = new Map<string, number>()
  readonly #counts = new Map<string, number>()
  readonly #exceptional: Parameters<typeof storeExceptionalRows>[2][number][] = []
  #accepted = 0
  #unchanged = 0

  constructor(context: CommandContext, settings: Settings, importId: ImportId) {
    this.#context = context
    this.#settings = settings
    this.#importId = importId
  }

  async take(rows: readonly ResultRow[]): Promise<void> {
    const { trx } = this.#context
    const numbers = rows.flatMap(({ texts }) => parseReceiptNumber(texts.requestNo) ?? [])
    const receipts = await listReceipts(trx, { numbers, limit: rows.length })
    const requests = await requestsByOfficialNumber(
      trx,
      rows.map(({ texts }) => texts),
    )
    const known = { receipts: new Map(receipts.map((receipt) => [receipt.number, receipt])), requests }
    const accepted = rows.flatMap((row) => this.#takeRow(row, known) ?? [])
    await this.#store(accepted)
  }

  /** What is to be stored of a row; nothing of one that is held or rejected, or says what is known. */
  #takeRow(row: ResultRow, known: Known): Accepted | undefined {
    const judged = this.#judge(row, known)
    if ('reasons' in judged) {
      const rejected = judged.reasons.some(({ code }) => resultReasons[code as ResultReason].weight === 'rejected')
      this.#exceptional.push({
        rowNo: row.rowNo,
        verdict: rejected ? 'rejected' : 'held',
        cells: row.cells,
        reasons: judged.reasons,
        subject: row.texts,
        accountId: null,
        feeMonth: null,
        volumeM3: null,
      })
      return undefined
    }
    this.#accepted += 1
    this.#seen.set(`${requestOf(row)} ${row.texts.result}`, row.rowNo)
    if (!('known' in judged)) return judged
    this.#unchanged += 1
    return undefined
  }

  #judge(row: ResultRow, known: Known): Accepted | { readonly known: true } | { readonly reasons: RowReason[] } {
    const { texts } = row
    const reasons: RowReason[] = []
    const add = (code: ResultReason, parameters: RowReason['parameters'], field?: ResultField) =>
      reasons.push({
        code,
        ...(parameters === undefined ? {} : { parameters }),
        ...(field === undefined ? {} : { column: resultColumnNames[field][0], value: texts[field] }),
      })
    const receipt = known.receipts.get(requestOf(row))
    if (receipt === undefined) add('result_request_unknown', undefined, 'requestNo')
    const result = results.find((each) => resultWords[each].includes(texts.result))
    if (result === undefined)
      add('result_word_unknown', { known: results.map((each) => resultWords[each][1] ?? each).join('、') }, 'result')
    if (row.on === 'unreadable') add('result_day_unreadable', undefined, 'on')
    for (const field of row.spoiled) add('result_code_spoiled', undefined, field)
    this.#checkForms(row, add)
    if (texts.reason.length > longestReason)
      add('result_reason_long', { length: texts.reason.length, most: longestReason })
    const before = this.#seen.get(`${requestOf(row)} ${texts.result}`)
    if (before !== undefined) add('result_repeated', { row: before })
    if (reasons.length > 0 || receipt === undefined || result === undefined) return { reasons }
    const stated = parseMoney(texts.amount)
    if (texts.amount !== '' && (stated === undefined || !stated.eq(receipt.amount)))
      add('result_amount_differs', { amount: moneyText(receipt.amount) }, 'amount')
    const { today } = this.#context
    const earliest = receipt.paidOn ?? receipt.draftedOn
    if (row.on !== null && row.on !== 'unreadable' && (row.on > today || row.on < earliest))
      add('result_day_impossible', { earliest, today }, 'on')
    const codes = this.#codesOf(row, receipt, result, known, add)
    const follows = mayFollow(receipt.state, receipt.waitsFor, result)
    if (follows === 'impossible') {
      const names = receiptStateNames[receipt.state]
      add('result_impossible', { stateZh: names.zh, stateEn: names.en }, 'result')
    }
    if (reasons.length > 0) return { reasons }
    const later = laterCodes(row, receipt)
    if (follows === 'known' && later.length === 0) return { known: true }
    const on = row.on === null || row.on === 'unreadable' ? this.#context.today : row.on
    return { row, receipt, result, isKnown: follows === 'known', codes, later, on }
  }

  /** The forms of codes that an administrator may change (decision 12). */
  #checkForms(
    { texts, spoiled }: ResultRow,
    add: (code: ResultReason, parameters: RowReason['parameters'], field: ResultField) => unknown,
  ): void {
    for (const [field, setting] of [
      ['billCode', 'receipts.bill_code_form'],
      ['billNumber', 'receipts.bill_number_form'],
      ['checkCode', 'receipts.check_code_form'],
      ['paymentCode', 'receipts.payment_code_form'],
    ] as const) {
      const form = this.#settings[setting]
      if (texts[field] !== '' && !spoiled.includes(field) && !formOf(form).test(texts[field]))
        add('result_code_malformed', { form }, field)
    }
  }

  #codesOf(
    { texts }: ResultRow,
    receipt: Receipt,
    result: ReceiptResult,
    known: Known,
    add: (code: ResultReason, parameters: RowReason['parameters'], field?: ResultField) => unknown,
  ): ReceiptCodes | undefined {
    const { billCode, billNumber, checkCode, paymentCode } = texts
    if (receipt.codes !== undefined) {
      for (const field of ['billCode', 'billNumber', 'checkCode', 'paymentCode'] as const) {
        const before = receipt.codes[field]
        if (texts[field] !== '' && before !== '' && texts[field] !== before)
          add('result_codes_differ', { before }, field)
      }
      return undefined
    }
    if (result === 'failed' || result === 'voided' || result === 'reversed') return undefined
    if (billCode === '' || billNumber === '') {
      add('result_codes_missing', undefined)
      return undefined
    }
    const other = known.requests.get(officialNumberOf(texts))
    if (other !== undefined) add('result_number_taken', { billCode, other }, 'billNumber')
    return { billCode, billNumber, checkCode, paymentCode }
  }

  async #store(accepted: readonly Accepted[]): Promise<void> {
    const { trx, commandId } = this.#context
    const later = accepted.flatMap(({ row, receipt, later: fields }) =>
      fields.map((field) => ({ row, receipt, field, code: row.texts[field] })),
    )
    const news = accepted.filter(({ isKnown }) => !isKnown)
    const coded = news.flatMap(({ receipt, codes }) => (codes === undefined ? [] : [{ receipt, codes }]))
    for (const { result } of news) this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1)
    if (later.length > 0)
      await sql`
        insert into receipt_later_codes (receipt_id, field, code, import_id, row_no, command_id)
        select receipt_id, field, code, ${this.#importId}::bigint, row_no, ${commandId} from unnest(
          ${later.map(({ receipt }) => receipt.receiptId)}::bigint[],
          ${later.map(({ field }) => (field === 'checkCode' ? 'check_code' : 'payment_code'))}::text[],
          ${later.map(({ code }) => code)}::text[], ${later.map(({ row }) => row.rowNo)}::int[])
          as given (receipt_id, field, code, row_no)`.execute(trx)
    if (coded.length > 0)
      await sql`
        insert into receipt_codes (receipt_id, bill_code, bill_number, check_code, payment_code, command_id)
        select receipt_id, bill_code, bill_number, check_code, payment_code, ${commandId} from unnest(
          ${coded.map(({ receipt }) => receipt.receiptId)}::bigint[],
          ${coded.map(({ codes }) => codes.billCode)}::text[], ${coded.map(({ codes }) => codes.billNumber)}::text[],
          ${coded.map(({ codes }) => codes.checkCode)}::text[], ${coded.map(({ codes }) => codes.paymentCode)}::text[])
          as given (receipt_id, bill_code, bill_number, check_code, payment_code)`.execute(trx)
    if (news.length > 0)
      await sql`
        insert into receipt_events (receipt_id, event, event_on, import_id, row_no, reason, command_id)
        select receipt_id, event, event_on, ${this.#importId}::bigint, row_no, reason, ${commandId} from unnest(
          ${news.map(({ receipt }) => receipt.receiptId)}::bigint[],
          ${news.map(({ result }) => (result === 'failed' ? 'refused' : result))}::text[],
          ${news.map(({ on }) => on)}::date[], ${news.map(({ row }) => row.rowNo)}::int[],
          ${news.map(({ row }) => row.texts.reason)}::text[]) as given (receipt_id, event, event_on, row_no, reason)
        order by row_no`.execute(trx)
  }

  async finish(file: ResultFile): Promise<ResultImportAnswer> {
    const { trx } = this.#context
    await storeExceptionalRows(trx, this.#importId, this.#exceptional)
    const rejected = this.#exceptional.filter(({ verdict }) => verdict === 'rejected').length
    const rows = { in: file.rows.length, accepted: this.#accepted, held: this.#exceptional.length - rejected, rejected }
    const nothing = volumeText(zeroVolume)
    await storeImportResult(
      trx,
      this.#importId,
      {
        rowsIn: rows.in,
        rowsAccepted: rows.accepted,
        rowsHeld: rows.held,
        rowsRejected: rows.rejected,
        volumeInM3: nothing,
        volumeAcceptedM3: nothing,
        volumeHeldM3: nothing,
        volumeRejectedM3: nothing,
        rowsWithoutVolume: 0,
      },
      [],
    )
    const numbers = await numbersByCode(trx)
    return {
      importId: this.#importId,
      file: file.given.name,
      rows,
      results: Object.fromEntries(this.#counts),
      unchanged: this.#unchanged,
      gaps: [...numbers].flatMap(([billCode, found]) => gapsIn(found).map((gap) => ({ billCode, ...gap }))),
    }
  }
}

/** `d{8}|w{6}` as an expression: digits, or digits and letters. */
export function formOf(form: string): RegExp {
  const alternatives = form.split('|').map((each) => each.replace(/^d/, '\\d').replace(/^w/, '[0-9A-Za-z]'))
  return new RegExp(`^(?:${alternatives.join('|')})$`)
}
