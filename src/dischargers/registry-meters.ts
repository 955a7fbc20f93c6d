import { present } from '../kernel/invariant.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import { meterPurposeNames, meterPurposes } from './account.ts'
import { refuse } from './dischargers.refusals.ts'
import { entryForms } from './entry.rules.ts'
import { digitsRange, parseMultiplier, parseReading, parseWhole, readingRefusal, sizeRange } from './meter.rules.ts'
import type { RegistryField } from './registry.ts'
import { type RowCells, reasonOf } from './registry-cells.ts'
import type { IntakeContext, ReadRow, RegistryIntake } from './registry-intake.ts'
import { MeterBlock, type MeterRow } from './registry-meter-block.ts'

const purposeByWord = new Map(
  meterPurposes.flatMap((purpose) => [purpose, meterPurposeNames[purpose].zh].map((word) => [word, purpose])),
)
const rowsPerRound = 5000

/**
 * Takes the file of meters: each row is one meter at one account, with its removal where it came down. A row that names a
 * meter standing further down waits for it; what still waits at the end is rejected.
 */
export function metersIntake(context: IntakeContext, cells: RowCells<RegistryField<'meters'>>): RegistryIntake {
  const { verdicts } = context
  const collector = present(context.collector, 'meters belong to a collector')
  let waiting: ReadRow<MeterRow>[] = []

  function read(row: TableRow): MeterRow | undefined {
    cells.turnTo(row)
    const accountNo = cells.identifier('accountNo')
    const meterNo = cells.identifier('meterNo')
    const sizeMm = cells.decimal('sizeMm', (text) => parseWhole(text, sizeRange)) ?? null
    const digits = cells.decimal('digits', (text) => parseWhole(text, digitsRange))
    const multiplier = cells.decimal('multiplier', parseMultiplier)
    const purpose = cells.form('purpose', (word) => purposeByWord.get(word))
    const from = cells.date('from')
    const initialReading = cells.decimal('initialReading', parseReading)
    const until = cells.date('until')
    const finalReading = cells.decimal('finalReading', parseReading)
    const reason = cells.text('removalReason')
    const replacesMeterNo = cells.identifier('replacesMeterNo')
    const masterMeterNo = cells.identifier('masterMeterNo')
    const runsBackwards = cells.yesOrNo('runsBackwards') ?? false
    if (meterNo !== '' && !entryForms.meterNo.form.test(meterNo)) {
      cells.refuse('meterNo', refuse('value_wrong', { rule: entryForms.meterNo.rule }))
    }
    if (cells.reasons.length > 0) return undefined
    if (
      until === undefined ? finalReading !== undefined || reason !== '' : finalReading === undefined || reason === ''
    ) {
      cells.refuse('until', refuse('removal_incomplete'))
    }
    if (digits === undefined || multiplier === undefined || purpose === undefined) return undefined
    if (from === undefined || initialReading === undefined) return undefined
    const beyond = readingRefusal(initialReading, digits)
    if (beyond !== undefined) cells.refuse('initialReading', beyond)
    let removal: MeterRow['removal'] = null
    if (until !== undefined && finalReading !== undefined) {
      if (until < from) cells.refuse('until', refuse('removal_before_installation', { meterNo, on: until, from }))
      const finallyBeyond = readingRefusal(finalReading, digits)
      if (finallyBeyond !== undefined) cells.refuse('finalReading', finallyBeyond)
      removal = { until, finalReading, reason }
    }
    if (cells.reasons.length > 0) return undefined
    const terms = { sizeMm, digits, multiplier, purpose, from, initialReading, removal, runsBackwards }
    return { accountNo, meterNo, replacesMeterNo, masterMeterNo, ...terms }
  }

  async function register(rows: readonly ReadRow<MeterRow>[], isLast: boolean): Promise<void> {
    const entries = rows.map(({ entry }) => entry)
    const block = await MeterBlock.open(context, collector, entries)
    for (const each of rows) {
      const judgement = block.judge(each.entry)
      if (judgement.is === 'there') verdicts.alreadyThere()
      else if (judgement.is === 'early' && !isLast) waiting.push(each)
      else if (judgement.is !== 'new') {
        verdicts.reject(each.row, [reasonOf(judgement.refusal, judgement.column, judgement.value)])
      } else {
        block.add(each.entry, judgement)
        verdicts.added()
      }
    }
    await block.write()
  }

  return {
    async take(rows) {
      const readable: ReadRow<MeterRow>[] = []
      for (const row of rows) {
        const entry = read(row)
        if (entry === undefined) verdicts.reject(row, cells.reasons)
        else readable.push({ row, entry })
      }
      await register(readable, false)
    },

    async finish() {
      let isLast = false
      while (waiting.length > 0) {
        const round = waiting
        waiting = []
        for (let start = 0; start < round.length; start += rowsPerRound) {
          await register(round.slice(start, start + rowsPerRound), isLast)
        }
        isLast = waiting.length === round.length
      }
    },
  }
}
