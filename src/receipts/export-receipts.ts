import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { yearOf } from '../kernel/calendar.ts'
import type { ReceiptBatchId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import type { Db, Trx } from '../platform/database.ts'
import { takeNumbers } from '../platform/number-sequence.ts'
import { readSettings } from '../platform/settings.ts'
import type { WrittenEncoding } from '../platform/tables/encode-text.ts'
import { writeFileOf } from '../platform/tables/write-table.ts'
import { isObsolete, lockReceipts } from './prepare-receipts.ts'
import {
  batchNumber,
  listBatches,
  listReceipts,
  liveReceipt,
  type ReceiptBatch,
  type ReceiptTerms,
  requestsOf,
} from './receipt.queries.ts'
import { endingOf } from './receipt.rules.ts'
import { type ReceiptAction, type ReceiptEvent, receiptBatchSequence } from './receipt.ts'
import { refuseReceipt } from './receipts.refusals.ts'
import { type Request, requestFile } from './request-file.ts'

export type ExportedBatch = {
  readonly batch: string
  readonly format: string
  readonly encoding: string
  readonly issue: number
  readonly void: number
  readonly reverse: number
  readonly fileDigest: string
}

const perBatch = 5_000
const eventOf: Record<ReceiptAction, ReceiptEvent> = {
  issue: 'requested',
  void: 'void_requested',
  reverse: 'reversal_requested',
}

/**
 * Makes a batch of everything that waits to be asked of the finance platform: drafts to issue, receipts to void before
 * payment or to reverse after; 5,000 at most. Refuses without the codes that finance gives (decision 12: the product never
 * invents one), where nothing waits, and characters the encoding lacks. The file is written from the batch
 * (`writeBatch`), again at any time with the same bytes.
 */
export async function exportReceipts(
  services: Services,
  envelope: Envelope,
  input: { readonly format: 'csv' | 'xml'; readonly encoding: WrittenEncoding },
): Promise<CommandAnswer<ExportedBatch> | Refusal> {
  const kind = {
    name: 'receipts.export',
    zh: '导出开票申请',
  } as const
  return runCommand(services, envelope, kind, { ...input }, async (context) => {
    const { trx, today, commandId } = context
    await lockReceipts(trx)
    const terms = await termsInForce(trx)
    if (isRefusal(terms)) return terms
    const requests = await waiting(context)
    if (requests.length === 0) return refuseReceipt('receipt_nothing_to_export')
    const year = yearOf(today)
    const number = await takeNumbers(trx, receiptBatchSequence, year, 1)
    const batch = { ...input, number: batchNumber(year, number), exportedOn: today }
    const bytes = requestFile(batch, terms, requests)
    if ('lacking' in bytes) return refuseReceipt('receipt_characters_lacking', { characters: bytes.lacking })
    const fileDigest = createHash('sha256').update(bytes).digest('hex')
    const { rows } = await sql<{ id: ReceiptBatchId }>`
      insert into receipt_batches (number_year, number, format, encoding, terms, request_count, file_digest, exported_on, command_id)
      values (${year}, ${number}, ${input.format}, ${input.encoding}, ${JSON.stringify(terms)}::jsonb, ${requests.length}, ${fileDigest},
        ${today}::date, ${commandId}) returning id`.execute(trx)
    const batchId = present(rows[0], 'an inserted batch has an id').id
    await sql`
      insert into receipt_events (receipt_id, event, event_on, batch_id, command_id)
      select r, e, ${today}::date, ${batchId}::bigint, ${commandId} from unnest(
        ${requests.map(({ receipt }) => receipt.receiptId)}::bigint[], ${requests.map(({ action }) => eventOf[action])}::text[]) as q (r, e)`.execute(
      trx,
    )
    const count = (action: ReceiptAction) => requests.filter((each) => each.action === action).length
    return {
      batch: batch.number,
      format: input.format,
      encoding: input.encoding,
      issue: count('issue'),
      void: count('void'),
      reverse: count('reverse'),
      fileDigest,
    }
  })
}

/** The codes of unit, item and payee; refuses while one is not set. */
async function termsInForce(trx: Trx): Promise<ReceiptTerms | Refusal> {
  const settings = await readSettings(trx)
  const names = {
    unitCode: 'receipts.unit_code',
    unitName: 'receipts.unit_name',
    itemCode: 'receipts.item_code',
    itemName: 'receipts.item_name',
    payeeName: 'receipts.payee_name',
    payeeAccount: 'receipts.payee_account',
    payeeBank: 'receipts.payee_bank',
  } as const
  const missing = Object.values(names).filter((name) => settings[name] === '')
  if (missing.length > 0) return refuseReceipt('receipt_setting_missing', { missing: missing.join('、') })
  return Object.fromEntries(
    Object.entries(names).map(([field, name]) => [field, settings[name]]),
  ) as unknown as ReceiptTerms
}

/** Drafts, and live receipts that stand for nothing any more and wait for no answer. */
async function waiting({ trx }: CommandContext): Promise<Request[]> {
  const drafts = await listReceipts(trx, {
    where: sql`${liveReceipt} and not exists (select from receipt_codes c where c.receipt_id = r.id) and coalesce((
      select e.event from receipt_events e where e.receipt_id = r.id order by e.id desc limit 1), 'refused') = 'refused'`,
    limit: perBatch,
  })
  const obsolete = await listReceipts(trx, { live: true, where: isObsolete, limit: perBatch })
  const ending = obsolete.flatMap((receipt): Request[] => {
    const action = endingOf(receipt.state)
    return action === undefined || action === 'none' || receipt.waitsFor !== undefined ? [] : [{ action, receipt }]
  })
  const ended = new Set(obsolete.map(({ receiptId }) => receiptId))
  const issue = drafts
    .filter(({ receiptId, state }) => state === 'draft' && !ended.has(receiptId))
    .map((receipt): Request => ({ action: 'issue', receipt }))
  return [...issue, ...ending]
    .slice(0, perBatch)
    .toSorted((a, b) => (BigInt(a.receipt.receiptId) < BigInt(b.receipt.receiptId) ? -1 : 1))
}

/** The file of a batch again. Its receipts are as they were asked for: their parts never change. */
export async function batchFile(
  db: Db,
  number: string,
): Promise<{ readonly batch: ReceiptBatch; readonly bytes: Buffer; readonly sameAsExported: boolean } | Refusal> {
  const batch = (await listBatches(db, 100_000)).find((each) => each.number === number.trim().toUpperCase())
  if (batch === undefined) return refuseReceipt('receipt_batch_unknown', { batch: number })
  const bytes = requestFile(batch, batch.terms, await requestsAgain(db, batch))
  if ('lacking' in bytes) return refuseReceipt('receipt_characters_lacking', { characters: bytes.lacking })
  const digest = createHash('sha256').update(bytes).digest('hex')
  return { batch, bytes, sameAsExported: digest === batch.fileDigest }
}

/** Writes the file of a batch. Refuses a name of another format: the bytes are those of the batch, whatever it says. */
export async function writeBatch(
  db: Db,
  number: string,
  path: string,
): Promise<{ readonly path: string; readonly batch: string; readonly sameAsExported: boolean } | Refusal> {
  const file = await batchFile(db, number)
  if (isRefusal(file)) return file
  const { format, number: batch } = file.batch
  if (!path.toLowerCase().endsWith(`.${format}`)) return refuseReceipt('receipt_batch_format', { batch, format, path })
  await writeFileOf(path, file.bytes)
  return { path, batch, sameAsExported: file.sameAsExported }
}

async function requestsAgain(db: Db, batch: ReceiptBatch): Promise<Request[]> {
  const asked = await requestsOf(db, batch.batchId)
  const receipts = new Map(
    (await listReceipts(db, { batchId: batch.batchId, limit: perBatch })).map((receipt) => [
      receipt.receiptId,
      receipt,
    ]),
  )
  const actionOf = (event: ReceiptEvent): ReceiptAction =>
    event === 'requested' ? 'issue' : event === 'void_requested' ? 'void' : 'reverse'
  return asked.flatMap(({ receiptId, event }) => {
    const receipt = receipts.get(receiptId)
    if (receipt === undefined) return []
    const action = actionOf(event)
    // What was asked before the platform gave its codes had none in the file.
    return [{ action, receipt: action === 'issue' ? { ...receipt, codes: undefined } : receipt }]
  })
}
