import type { SupplyAccount } from '../dischargers/account.ts'
import { Exact } from '../kernel/decimal.ts'
import { addVolumes, type Volume, volumeText, zeroVolume } from '../kernel/volume.ts'
import type { ImportCounts } from '../platform/imports.ts'
import { finding, type ImportFinding } from './import.findings.ts'
import type { Judgement, Verdict } from './reading.rules.ts'
import type { ReadingSource } from './reading.ts'
import type { FileContents } from './readings-file.ts'

/** What a corrected file changed in a stored reading. */
export type ReadingChange = {
  readonly rowNo: number
  readonly accountNo: string
  readonly before: ChangedValues
  readonly after: ChangedValues
}
type ChangedValues = {
  /** The first day of use, and the day of the reading that closes it. */
  readonly usedFrom: string
  readonly readOn: string
  readonly start: string | null
  readonly end: string | null
  readonly volumeM3: string
  readonly source: ReadingSource
}

const changesShown = 100

/** Counts the rows of an import as they are judged: in = accepted + held + rejected, and volumes likewise. */
export class ImportTally {
  readonly #rows: Record<Verdict, number> = { accepted: 0, held: 0, rejected: 0 }
  readonly #volumes: Record<Verdict, Volume> = { accepted: zeroVolume, held: zeroVolume, rejected: zeroVolume }
  readonly #reasons = new Map<string, number>()
  readonly #notes = new Map<string, number>()
  readonly changes: ReadingChange[] = []
  unchanged = 0
  replaced = 0
  withoutVolume = 0
  settledRows = 0

  add(rowNo: number, account: SupplyAccount | undefined, judgement: Judgement): void {
    const { verdict, volumeM3, draft } = judgement
    this.#rows[verdict] += 1
    if (volumeM3 === undefined) this.withoutVolume += 1
    else this.#volumes[verdict] = addVolumes([this.#volumes[verdict], volumeM3])
    for (const { code } of judgement.reasons) this.#reasons.set(code, (this.#reasons.get(code) ?? 0) + 1)
    if (verdict !== 'accepted') return
    for (const { code } of judgement.notes) this.#notes.set(code, (this.#notes.get(code) ?? 0) + 1)
    if (judgement.unchanged) this.unchanged += 1
    const before = draft?.replaces
    if (draft === undefined || before === undefined || before.withdrawn || judgement.unchanged) return
    this.replaced += 1
    if (this.changes.length < changesShown) {
      this.changes.push({
        rowNo,
        accountNo: account?.accountNo ?? '',
        before: valuesOf(before),
        after: valuesOf(draft),
      })
    }
  }

  get rowsIn(): number {
    return this.#rows.accepted + this.#rows.held + this.#rows.rejected
  }

  get volumeIn(): Volume {
    return addVolumes(Object.values(this.#volumes))
  }

  counts(): ImportCounts {
    return {
      rowsIn: this.rowsIn,
      rowsAccepted: this.#rows.accepted,
      rowsHeld: this.#rows.held,
      rowsRejected: this.#rows.rejected,
      volumeInM3: volumeText(this.volumeIn),
      volumeAcceptedM3: volumeText(this.#volumes.accepted),
      volumeHeldM3: volumeText(this.#volumes.held),
      volumeRejectedM3: volumeText(this.#volumes.rejected),
      rowsWithoutVolume: this.withoutVolume,
    }
  }

  /** How many rows have each reason; in order of the codes, so that equal imports have equal answers. */
  reasons(): Record<string, number> {
    return Object.fromEntries([...this.#reasons].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  notes(): Record<string, number> {
    return Object.fromEntries([...this.#notes].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

function valuesOf(reading: {
  readonly used: { readonly from: string }
  readonly readOn: string
  readonly startReading: string | null
  readonly endReading: string | null
  readonly volumeM3: string
  readonly source: ReadingSource
}): ChangedValues {
  const { used, readOn, startReading: start, endReading: end, volumeM3, source } = reading
  return { usedFrom: used.from, readOn, start, end, volumeM3, source }
}

/** The file's own 合计 row against what its rows add up to. */
export function compareTotal(tally: ImportTally, { total }: FileContents, hasVolumeColumn: boolean): ImportFinding[] {
  const rows = tally.rowsIn
  const volumeM3 = tally.volumeIn.toFixed()
  if (total === undefined) return [finding('no_total', { rows, volume: volumeM3 })]
  const findings: ImportFinding[] = []
  if (total.rows !== undefined && total.rows !== rows)
    findings.push(finding('count_differs', { statedRows: total.rows, rows }))
  if (total.unreadable !== undefined) findings.push(finding('total_unreadable', { value: total.unreadable }))
  else if (total.volumeM3 !== undefined && hasVolumeColumn) {
    const stated = new Exact(total.volumeM3)
    const parameters = { statedVolume: stated.toFixed(), volume: volumeM3, rows }
    if (stated.eq(tally.volumeIn)) {
      if (findings.length === 0) findings.push(finding('totals_equal', { rows, volume: volumeM3 }))
    } else {
      const difference = stated.minus(tally.volumeIn).toFixed()
      findings.push(finding('totals_differ', { ...parameters, difference }))
    }
  }
  return findings.length === 0 ? [finding('no_total', { rows, volume: volumeM3 })] : findings
}

/** What was passed over or left out of the file, so that nobody believes it was read. */
export function leftOut(
  contents: FileContents,
  columns: { readonly money: readonly string[]; readonly unrecognised: readonly string[] },
  sheets: { readonly sheet: string | undefined; readonly ignored: readonly string[] },
): ImportFinding[] {
  const findings: ImportFinding[] = []
  const { subtotals, repeatedHeaders, blankRows } = contents
  if (columns.money.length > 0) findings.push(finding('columns_left_out', { columns: columns.money.join('、') }))
  if (columns.unrecognised.length > 0) {
    findings.push(finding('columns_unrecognised', { columns: columns.unrecognised.join('、') }))
  }
  if (sheets.ignored.length > 0) {
    findings.push(finding('sheets_ignored', { sheet: sheets.sheet ?? '', others: sheets.ignored.join('、') }))
  }
  if (subtotals + repeatedHeaders + blankRows > 0) {
    findings.push(finding('lines_passed_over', { subtotals, headers: repeatedHeaders, blanks: blankRows }))
  }
  return findings
}
