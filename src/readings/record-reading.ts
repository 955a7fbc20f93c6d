import { findAccount } from '../dischargers/account.queries.ts'
import type { CivilDate, FeeMonth } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { readSettings } from '../platform/settings.ts'
import { judgingContext, monthsBackOf, readingLimits } from './judging.ts'
import { historyDepth, knownAccounts } from './known-accounts.queries.ts'
import { reasonOf } from './reading.reasons.ts'
import { judgeReading } from './reading.rules.ts'
import { insertReadings, lockReadingsOf } from './reading.store.ts'
import { readTexts, type StatedTexts } from './reading-columns.ts'
import { refuseReading } from './readings.refusals.ts'
import { reasonsRemain, said } from './reasons-remain.ts'

/** One reading entered by a clerk; numbers and dates as written. */
export interface EnteredReading {
  readonly collectorCode?: string
  readonly accountNo: string
  readonly feeMonth: FeeMonth
  readonly meterNo?: string
  readonly readOn?: CivilDate
  readonly previousReadOn?: CivilDate
  readonly start?: string
  readonly end?: string
  readonly volumeM3?: string
  /** 实抄, 远传, 电话 … or `actual`, `remote`, `phone`. */
  readonly source?: string
  /** 残值, 销户, 补抄 or `residual`, `final`, `supplement`. */
  readonly kind?: string
  /** What it rests on: a photograph, a visit, a letter. */
  readonly evidence: string
  /** Reasons against it that are true. */
  readonly accept?: readonly string[]
}

export type RecordedReading = {
  readonly account: string
  readonly feeMonth: string
  readonly readOn: string
  readonly usedFrom: string
  readonly usedUntil: string
  readonly start: string | null
  readonly end: string | null
  readonly volumeM3: string
  /** True where it repeats what is stored: nothing was written. */
  readonly unchanged: boolean
  /** The stored reading whose place it takes. */
  readonly replaces: string | null
}

/**
 * Enters one reading by hand, judged like a row of a file. Refuses an unknown account, what cannot be read, and reasons
 * against it that are not named as accepted; one of them is that it would take the place of a stored reading.
 */
export async function recordReading(
  services: Services,
  envelope: Envelope,
  input: EnteredReading,
): Promise<CommandAnswer<RecordedReading> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'readings.record-reading', zh: '登记抄表' },
    { ...input },
    async (context) => {
      const { trx, commandId } = context
      if (input.evidence.trim() === '') return refuseReading('reason_needed')
      const found = await findAccount(trx, input.collectorCode, input.accountNo)
      if (isRefusal(found)) return found
      const row = readTexts(textsOf(input), {})
      if (row.faults.length > 0) {
        return refuseReading('entry_unreadable', said(row.faults))
      }
      await lockReadingsOf(trx, found.collectorId)
      const limits = readingLimits(await readSettings(trx))
      const depth = await historyDepth(trx, found.collectorCode, monthsBackOf(limits))
      const known = await knownAccounts(trx, found.collectorId, input.feeMonth, [found.accountNo], depth)
      const judging = judgingContext(input.feeMonth, limits, {}, false)
      const judgement = judgeReading(row.stated, row.faults, known.of(found.accountNo, []), judging)
      const refused = reasonsRemain(
        context,
        { whatZh: `户号 ${found.accountNo} `, whatEn: `Account ${found.accountNo}` },
        judgement,
        input.accept ?? [],
      )
      if (refused !== undefined) return refused
      const draft = present(judgement.draft, 'a reading without reasons against it is complete')
      const accepted = judgement.reasons.length === 0 ? [] : [reasonOf('accepted_by_person')]
      const readings = judgement.unchanged ? [] : [{ draft, notes: [...judgement.notes, ...accepted], rowNo: null }]
      await insertReadings(trx, readings, { importId: null, commandId, endedBy: commandId })
      return {
        account: found.accountNo,
        feeMonth: draft.feeMonth,
        readOn: draft.readOn,
        usedFrom: draft.used.from,
        usedUntil: draft.used.until,
        start: draft.startReading,
        end: draft.endReading,
        volumeM3: draft.volumeM3,
        unchanged: judgement.unchanged,
        replaces: draft.replaces?.readingId ?? null,
      }
    },
  )
}

function textsOf(input: EnteredReading): StatedTexts {
  return {
    account: input.accountNo,
    month: input.feeMonth,
    ...(input.meterNo === undefined ? {} : { meter: input.meterNo }),
    ...(input.readOn === undefined ? {} : { readOn: input.readOn }),
    ...(input.previousReadOn === undefined ? {} : { previousReadOn: input.previousReadOn }),
    ...(input.start === undefined ? {} : { start: input.start }),
    ...(input.end === undefined ? {} : { end: input.end }),
    ...(input.volumeM3 === undefined ? {} : { volume: input.volumeM3 }),
    ...(input.source === undefined ? {} : { source: input.source }),
    ...(input.kind === undefined ? {} : { kind: input.kind }),
  }
}
