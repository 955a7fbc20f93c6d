import { sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { addMoney, moneyText, zeroMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { volumeText, zeroVolume } from '../kernel/volume.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import {
  claimImport,
  type ExceptionalRow,
  findImport,
  storeExceptionalRows,
  storeImportResult,
} from '../platform/imports.ts'
import { possibleFees } from './fee.queries.ts'
import { listStatements, listVouchers } from './statement.queries.ts'
import { treasuryImportKind } from './treasury.reasons.ts'
import { type Candidate, matchTreasuryRows, type TreasuryJudgement } from './treasury.rules.ts'
import { readTreasuryFile, type TreasuryFile } from './treasury-file.ts'
import { matchedReceipts } from './treasury-row.queries.ts'
import type { TreasuryRow } from './treasury-row.ts'

export type TreasuryImportAnswer = {
  readonly importId: string
  readonly file: string
  readonly mapping: { readonly [field: string]: string }
  readonly rows: { readonly in: number; readonly accepted: number; readonly held: number; readonly rejected: number }
  readonly amounts: { readonly in: string; readonly accepted: string; readonly held: string; readonly rejected: string }
  /** The file's own 合计, where it has one. */
  readonly total: string | null
  /** Matched vouchers that finance may now confirm. */
  readonly ready: readonly { readonly voucher: string; readonly row: number; readonly amount: string }[]
  /** Vouchers of the file's days that no row of it is about: confirmed, or still waiting. */
  readonly ours: readonly {
    readonly voucher: string
    readonly statement: string
    readonly amount: string
    readonly state: string
  }[]
}

/**
 * Compares a file of the treasury or the bank with the vouchers: what is equal is matched, every one-sided or unequal row
 * is held for a person with its reason, none is dropped. It confirms nothing: that is a person's word. The same file is
 * answered as the first time. Refuses what `readTreasuryFile` refuses.
 */
export async function importTreasuryFile(
  services: Services,
  envelope: Envelope,
  path: string | TreasuryFile,
): Promise<CommandAnswer<TreasuryImportAnswer> | Refusal> {
  const file = typeof path === 'string' ? await readTreasuryFile(path) : path
  if (isRefusal(file)) return file
  const kind = {
    name: 'remittance.import-treasury',
    zh: '导入国库（专户）到账',
  } as const
  return runCommand(services, envelope, kind, { file: file.given.digest }, (context) => takeIn(context, file))
}

async function takeIn(context: CommandContext, file: TreasuryFile): Promise<TreasuryImportAnswer | Refusal> {
  const { trx } = context
  const claim = { kind: treasuryImportKind, scope: '', file: file.given, format: file.format, mapping: file.mapping }
  const importId = await claimImport(context, claim)
  if (importId === undefined) {
    const earlier = present(await findImport(trx, claim), 'a file that cannot be claimed was imported before')
    return earlier.answer as TreasuryImportAnswer
  }
  const candidates = await candidatesOf(context)
  const judged = matchTreasuryRows(file.rows, candidates).map((judgement, index) => ({
    row: present(file.rows[index], 'a judgement has its row'),
    judgement,
  }))
  await storeExceptionalRows(
    trx,
    importId,
    judged.flatMap(({ row, judgement }) => (judgement.verdict === 'accepted' ? [] : [exceptional(row, judgement)])),
  )
  await storeMatches(context, importId, judged)
  const answer = answerOf(importId, file, judged, candidates)
  const nothing = volumeText(zeroVolume)
  const counts = {
    rowsIn: answer.rows.in,
    rowsAccepted: answer.rows.accepted,
    rowsHeld: answer.rows.held,
    rowsRejected: answer.rows.rejected,
    volumeInM3: nothing,
    volumeAcceptedM3: nothing,
    volumeHeldM3: nothing,
    volumeRejectedM3: nothing,
    rowsWithoutVolume: 0,
  }
  const rowsWithout = file.rows.filter(({ amount }) => amount === undefined).length
  await storeImportResult(trx, importId, counts, [], { ...answer.amounts, rowsWithout })
  return answer
}

interface Judged {
  readonly row: TreasuryRow
  readonly judgement: TreasuryJudgement
}

/** Vouchers that wait or were confirmed, with what their statements asked for. */
async function candidatesOf({ trx }: CommandContext): Promise<Candidate[]> {
  const vouchers = (await listVouchers(trx, { standing: true, limit: 100_000 })).filter(
    ({ state }) => state === 'submitted' || state === 'confirmed',
  )
  const wanted = new Set(vouchers.filter(({ state }) => state === 'submitted').map(({ statementId }) => statementId))
  const fees = new Map<string, Pick<Candidate, 'asked' | 'fees'>>()
  for (const statement of await listStatements(trx, { standing: true, limit: 100_000 })) {
    if (!wanted.has(statement.statementId)) continue
    const kept = await possibleFees(trx, statement, statement)
    fees.set(statement.statementId, { asked: statement.balance, fees: kept })
  }
  const matched = await matchedReceipts(trx)
  return vouchers.map((voucher) => ({
    ...voucher,
    ...(fees.get(voucher.statementId) ?? { asked: voucher.amount, fees: [] }),
    matched: matched.get(voucher.voucherId) ?? [],
  }))
}

function exceptional(row: TreasuryRow, { verdict, reasons }: TreasuryJudgement): ExceptionalRow {
  return {
    rowNo: row.rowNo,
    verdict: verdict === 'rejected' ? 'rejected' : 'held',
    cells: row.cells,
    reasons,
    subject: {
      receivedOn: row.receivedOn ?? null,
      amount: row.amount === undefined ? null : moneyText(row.amount),
      reference: row.reference,
      payer: row.payer,
      remark: row.remark,
    },
    accountId: null,
    feeMonth: null,
    volumeM3: null,
    amount: row.amount === undefined ? null : moneyText(row.amount),
  }
}

async function storeMatches(
  { trx, commandId }: CommandContext,
  importId: ImportId,
  judged: readonly Judged[],
): Promise<void> {
  const matched = judged.flatMap(({ row, judgement: { voucher } }) =>
    voucher === undefined || row.amount === undefined || row.receivedOn === undefined
      ? []
      : [
          {
            rowNo: row.rowNo,
            voucherId: voucher.voucherId,
            amount: row.amount,
            on: row.receivedOn,
            reference: row.reference,
          },
        ],
  )
  if (matched.length === 0) return
  await sql`
    insert into treasury_matches (import_id, row_no, voucher_id, amount, received_on, treasury_reference, command_id)
    select ${importId}::bigint, m.*, ${commandId} from unnest(${matched.map(({ rowNo }) => rowNo)}::int[],
      ${matched.map(({ voucherId }) => voucherId)}::bigint[], ${matched.map(({ amount }) => moneyText(amount))}::numeric[],
      ${matched.map(({ on }) => on)}::date[], ${matched.map(({ reference }) => reference)}::text[]) as m`.execute(trx)
}

function answerOf(
  importId: ImportId,
  file: TreasuryFile,
  judged: readonly Judged[],
  candidates: readonly Candidate[],
): TreasuryImportAnswer {
  const of = (verdict: TreasuryJudgement['verdict']) => judged.filter(({ judgement }) => judgement.verdict === verdict)
  const sum = (some: readonly Judged[]) => moneyText(addMoney(some.map(({ row }) => row.amount ?? zeroMoney)))
  const days = file.rows.flatMap(({ receivedOn }) => (receivedOn === undefined ? [] : [receivedOn])).toSorted()
  const [first, last] = [days[0] ?? '', days.at(-1) ?? '']
  const met = new Set(judged.map(({ judgement }) => judgement.voucher?.voucherId))
  const ours = candidates.filter(({ voucherId, receivedOn, paidOn }) => {
    const day = receivedOn ?? paidOn
    return !met.has(voucherId) && day >= first && day <= last
  })
  return {
    importId,
    file: file.given.name,
    mapping: file.mapping,
    rows: {
      in: judged.length,
      accepted: of('accepted').length,
      held: of('held').length,
      rejected: of('rejected').length,
    },
    amounts: { in: sum(judged), accepted: sum(of('accepted')), held: sum(of('held')), rejected: sum(of('rejected')) },
    total: file.total === undefined ? null : moneyText(file.total),
    ready: judged.flatMap(({ row, judgement: { voucher } }) =>
      voucher?.state === 'submitted'
        ? [{ voucher: voucher.voucherId, row: row.rowNo, amount: moneyText(voucher.amount) }]
        : [],
    ),
    ours: ours.map(({ voucherId, statement, amount, received, state }) => ({
      voucher: voucherId,
      statement,
      amount: moneyText(received ?? amount),
      state,
    })),
  }
}
