import { findCollector } from '../dischargers/account.queries.ts'
import type { AccountId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type CommandAnswer,
  type CommandContext,
  type CommandKind,
  type Envelope,
  runCommand,
  type Services,
} from '../platform/command.ts'
import { type RowDecision, rowDecisionNames, storeDecisions } from '../platform/row-decisions.ts'
import { readSettings } from '../platform/settings.ts'
import { refuseOtherCompany } from './acting-for.ts'
import { fieldNamedAmong } from './column-mapping.ts'
import { type ImportReport, type ImportRow, importReport, type RowFilter, rowsOf } from './import-report.queries.ts'
import { judgingContext, monthsBackOf, readingLimits } from './judging.ts'
import { historyDepth, knownAccounts } from './known-accounts.queries.ts'
import { isReasonCode, type ReasonCode, readingReasons, reasonOf } from './reading.reasons.ts'
import { areOfTheSameUse, type Judgement, judgeReading, needsCorrection } from './reading.rules.ts'
import { insertReadings, lockReadingsOf, type NewReading } from './reading.store.ts'
import type { ReadingDraft } from './reading.ts'
import { type ReadingField, readingColumnNames, readTexts, type StatedTexts } from './reading-columns.ts'
import { refuseReading } from './readings.refusals.ts'
import { reasonsRemain, said } from './reasons-remain.ts'

/** Which rows of an import: by their numbers, or all undecided ones that have no reason but these. */
export interface RowChoice {
  readonly importId: string
  readonly rowNos?: readonly number[]
  readonly codes?: readonly string[]
}

export interface Acceptance extends RowChoice {
  /** Why the rows are right as they stand. */
  readonly reason: string
  /** Reasons that came up only since the import and are accepted too. */
  readonly accept?: readonly string[]
}

export interface Correction {
  readonly importId: string
  readonly rowNo: number
  /** New values by field (`本期读数` or `end`) as text; an empty one takes the value away. */
  readonly values: Readonly<Record<string, string>>
  readonly reason: string
  /** Reasons that remain and are true; only the bureau may accept any. */
  readonly accept?: readonly string[]
}

export interface Rejection extends RowChoice {
  readonly reason: string
}

/** What a decision answers: rows decided, and what they became. */
export type DecisionAnswer = {
  readonly importId: string
  readonly decided: number
  /** Numbers of the rows, the first hundred. */
  readonly rows: readonly number[]
  readonly readings: number
  /** Rows that repeat what is stored. */
  readonly unchanged: number
  /** Stored readings whose place they took. */
  readonly replaced: number
}

/**
 * Takes held rows as they stand, one or many: they become readings. Each is judged again first, against what is stored
 * now. Refuses rejected rows, rows that must be corrected, rows decided before, rows that exclude each other, and reasons
 * that have come up since and are not named. All or none.
 */
export async function acceptRows(
  services: Services,
  envelope: Envelope,
  input: Acceptance,
): Promise<CommandAnswer<DecisionAnswer> | Refusal> {
  const kind: CommandKind = { name: 'readings.accept-rows', zh: '接受待审抄表' }
  const { importId, rowNos = [], codes = [], reason, accept = [] } = input
  return runCommand(services, envelope, kind, { importId, rowNos, codes, reason, accept }, async (context) => {
    const chosen = await chooseRows(context, input, { verdict: 'held' })
    if (isRefusal(chosen)) return chosen
    const unknown = unknownCode(accept)
    if (unknown !== undefined) return unknown
    const { report, rows } = chosen
    const rejected = rows.find((row) => row.verdict === 'rejected')
    if (rejected !== undefined) {
      return refuseReading('row_rejected_by_rule', { row: rejected.rowNo, ...said(rejected.reasons) })
    }
    const judged = await judgeAgain(
      context,
      report,
      rows.map((row) => ({ row, texts: row.subject.stated })),
    )
    for (const { row, judgement } of judged) {
      const refused = notAcceptable(row, judgement, accept)
      if (refused !== undefined) return refused
    }
    return settle(context, report, judged, reason, 'accepted')
  })
}

/**
 * Corrects one held or rejected row; the new values are judged like a row of a file. Refuses while reasons remain that
 * are not named as accepted, and their acceptance by anyone but the bureau.
 */
export async function correctRow(
  services: Services,
  envelope: Envelope,
  input: Correction,
): Promise<CommandAnswer<DecisionAnswer> | Refusal> {
  const kind: CommandKind = {
    name: 'readings.correct-row',
    zh: '改正抄表行',
  }
  const { importId, rowNo, values, reason, accept = [] } = input
  return runCommand(services, envelope, kind, { importId, rowNo, values, reason, accept }, async (context) => {
    const chosen = await chooseRows(context, { importId, rowNos: [rowNo], reason }, {})
    if (isRefusal(chosen)) return chosen
    const corrected = correctedTexts(values)
    if (isRefusal(corrected)) return corrected
    const unknown = unknownCode(accept)
    if (unknown !== undefined) return unknown
    const { report, rows } = chosen
    const changed = rows.map((row) => ({ row, texts: { ...row.subject.stated, ...corrected } }))
    const judged = await judgeAgain(context, report, changed)
    for (const { judgement } of judged) {
      const refused = reasonsRemain(context, { whatZh: `第 ${rowNo} 行`, whatEn: `Row ${rowNo}` }, judgement, accept)
      if (refused !== undefined) return refused
    }
    return settle(context, report, judged, reason, 'corrected', corrected)
  })
}

/** Refuses held or rejected rows for good, with the reason. */
export async function rejectRows(
  services: Services,
  envelope: Envelope,
  input: Rejection,
): Promise<CommandAnswer<DecisionAnswer> | Refusal> {
  const kind: CommandKind = {
    name: 'readings.reject-rows',
    zh: '拒绝抄表行',
  }
  const { importId, rowNos = [], codes = [], reason } = input
  return runCommand(services, envelope, kind, { importId, rowNos, codes, reason }, async (context) => {
    const chosen = await chooseRows(context, input, {})
    if (isRefusal(chosen)) return chosen
    const { report, rows } = chosen
    const decisions = rows.map(({ rowNo }) => ({
      importId: report.importId,
      rowNo,
      decision: 'rejected' as const,
      reason: reason.trim(),
    }))
    await storeDecisions(context.trx, decisions, context)
    return { importId, decided: rows.length, rows: firstNumbers(rows), readings: 0, unchanged: 0, replaced: 0 }
  })
}

const rowsShown = 100
const firstNumbers = (rows: readonly { readonly rowNo: number }[]) => rows.slice(0, rowsShown).map(({ rowNo }) => rowNo)

/** The rows that were chosen, none of them decided; the collector's readings are locked for what follows. */
async function chooseRows(
  context: CommandContext,
  choice: RowChoice & { readonly reason: string },
  filter: RowFilter,
): Promise<{ report: ImportReport; rows: ImportRow[] } | Refusal> {
  const { importId, rowNos, codes = [] } = choice
  if (choice.reason.trim() === '') return refuseReading('reason_needed')
  const named = rowNos !== undefined && rowNos.length > 0
  if (!named && codes.length === 0) return refuseReading('rows_unnamed')
  const unknown = unknownCode(codes)
  if (unknown !== undefined) return unknown
  const report = await importReport(context.trx, importId)
  if (isRefusal(report)) return report
  const collector = present(
    await findCollector(context.trx, report.collectorCode),
    'the collector of an import is registered',
  )
  const otherCompany = refuseOtherCompany(context.actor, collector)
  if (otherCompany !== undefined) return otherCompany
  await lockReadingsOf(context.trx, collector.collectorId)

  if (!named) {
    const rows = await rowsOf(context.trx, report.importId, { ...filter, codesOnly: codes, undecided: true })
    return rows.length === 0 ? refuseReading('rows_none', { importId, codes: codes.join('、') }) : { report, rows }
  }
  const rows = await rowsOf(context.trx, report.importId, { rowNos })
  const missing = rowNos.filter((rowNo) => !rows.some((row) => row.rowNo === rowNo))
  if (missing.length > 0) return refuseReading('rows_unknown', { importId, rows: missing.join('、') })
  const decided = rows.find((row) => row.decision !== undefined)
  if (decided?.decision !== undefined) {
    const { zh, en } = rowDecisionNames[decided.decision.decision]
    return refuseReading('row_decided', { row: decided.rowNo, decisionZh: zh, decisionEn: en })
  }
  return { report, rows }
}

function unknownCode(codes: readonly string[]): Refusal | undefined {
  const unknown = codes.find((code) => !isReasonCode(code))
  if (unknown === undefined) return undefined
  const known = (Object.keys(readingReasons) as ReasonCode[]).filter((code) => readingReasons[code].weight === 'held')
  return refuseReading('reason_code_unknown', { code: unknown, known: known.join('、') })
}

interface JudgedRow {
  readonly row: ImportRow
  readonly judgement: Judgement
}

/** Judges rows against what is stored now. That a row stands twice in its file was settled by choosing it. */
async function judgeAgain(
  context: CommandContext,
  report: ImportReport,
  rows: readonly { readonly row: ImportRow; readonly texts: StatedTexts }[],
): Promise<JudgedRow[]> {
  const { feeMonth, mapping } = report
  const collector = present(
    await findCollector(context.trx, report.collectorCode),
    'the collector of an import is registered',
  )
  const limits = readingLimits(await readSettings(context.trx))
  const judging = judgingContext(feeMonth, limits, mapping, false)
  const stated = rows.map(({ row, texts }) => ({ row, read: readTexts(texts, mapping, row.rowNo) }))
  const accountNos = [...new Set(stated.map(({ read }) => read.stated.accountNo))]
  const depth = await historyDepth(context.trx, report.collectorCode, monthsBackOf(limits))
  const known = await knownAccounts(context.trx, collector.collectorId, feeMonth, accountNos, depth)
  return stated.map(({ row, read }) => ({
    row,
    judgement: judgeReading(read.stated, read.faults, known.of(read.stated.accountNo, []), judging),
  }))
}

function notAcceptable(row: ImportRow, judgement: Judgement, accept: readonly string[]): Refusal | undefined {
  const hard = judgement.reasons.filter(({ code }) => needsCorrection(code))
  if (hard.length > 0) return refuseReading('row_needs_correction', { row: row.rowNo, ...said(hard) })
  const shown = new Set([...row.reasons.map(({ code }) => code), ...accept])
  const unseen = judgement.reasons.filter(({ code }) => !shown.has(code))
  if (unseen.length > 0) {
    // Those accepted already are named too: the option is typed anew with all of them.
    const codes = new Set([...accept, ...unseen.map(({ code }) => code)])
    return refuseReading('row_has_new_reasons', { row: row.rowNo, ...said(unseen), codes: [...codes].join(',') })
  }
  // Nothing asks for a correction, yet there is no reading in it: the meter is unknown and could be any of several.
  if (judgement.draft === undefined)
    return refuseReading('row_needs_correction', { row: row.rowNo, ...said(judgement.reasons) })
  return undefined
}

const correctableFields: readonly ReadingField[] = [
  'account',
  'meter',
  'start',
  'end',
  'volume',
  'readOn',
  'previousReadOn',
  'month',
  'category',
  'name',
  'source',
  'kind',
  'residual',
]

function correctedTexts(values: Readonly<Record<string, string>>): StatedTexts | Refusal {
  const corrected: { [Field in ReadingField]?: string } = {}
  for (const [name, value] of Object.entries(values)) {
    const field = fieldNamedAmong(readingColumnNames, name)
    if (field === undefined || !correctableFields.includes(field)) {
      const known = correctableFields.map((each) => readingColumnNames[each][0]).join('、')
      return refuseReading('correction_field_unknown', { field: name, known })
    }
    corrected[field] = value
  }
  return Object.keys(corrected).length === 0 ? refuseReading('correction_missing') : corrected
}

/** Stores readings and decisions. Two rows of the same water cannot both count. */
async function settle(
  context: CommandContext,
  report: ImportReport,
  judged: readonly JudgedRow[],
  reason: string,
  decision: 'accepted' | 'corrected',
  corrected?: StatedTexts,
): Promise<DecisionAnswer | Refusal> {
  const readings: NewReading[] = []
  const byAccount = new Map<AccountId, { draft: ReadingDraft; rowNo: number }[]>()
  for (const { row, judgement } of judged) {
    if (judgement.unchanged) continue
    const draft = present(judgement.draft, 'an acceptable row becomes a reading')
    const others = byAccount.get(draft.accountId) ?? []
    const other = others.find((each) => areOfTheSameUse(each.draft, draft))
    if (other !== undefined) return refuseReading('rows_exclude_each_other', { row: row.rowNo, other: other.rowNo })
    byAccount.set(draft.accountId, [...others, { draft, rowNo: row.rowNo }])
    const accepted = judgement.reasons.length === 0 ? [] : [reasonOf('accepted_by_person')]
    readings.push({ draft, notes: [...judgement.notes, ...accepted], rowNo: row.rowNo })
  }
  const { importId } = report
  const { commandId } = context
  await insertReadings(context.trx, readings, { importId, commandId, endedBy: commandId })
  const decisions = judged.map(
    ({ row }): RowDecision => ({
      importId,
      rowNo: row.rowNo,
      decision,
      reason: reason.trim(),
      ...(corrected === undefined ? {} : { corrected }),
    }),
  )
  await storeDecisions(context.trx, decisions, context)
  return {
    importId,
    decided: judged.length,
    rows: firstNumbers(judged.map(({ row }) => row)),
    readings: readings.length,
    unchanged: judged.length - readings.length,
    replaced: readings.filter(({ draft }) => draft.replaces !== undefined && !draft.replaces.withdrawn).length,
  }
}
