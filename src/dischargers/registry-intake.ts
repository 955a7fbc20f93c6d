import type { ImportId } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Trx } from '../platform/database.ts'
import { type ImportCounts, storeExceptionalRows } from '../platform/imports.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import type { Collector } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import type { Guards } from './guards.ts'
import { sayReason } from './registry-cells.ts'

/** Where an intake works: everything it writes belongs to one command, so a file is taken as a whole or not at all. */
export interface IntakeContext {
  readonly trx: Trx
  readonly commandId: string
  readonly collector: Collector | undefined
  readonly guards: Guards
  readonly verdicts: Verdicts
}

/** How the rows of one kind of file are judged and registered, a block at a time. */
export interface RegistryIntake {
  take(rows: readonly TableRow[]): Promise<void>
  /** What had to wait for the rest of the file. */
  finish(): Promise<void>
}

/** One entry of the file with what was understood of it. */
export interface ReadRow<T> {
  readonly row: TableRow
  readonly entry: T
}

const rejectedPerWrite = 2000
const rowsShownOfReason = 3

/** Keeps the verdict of every row: the counts, the rejected rows with their reasons, and which reasons there were. */
export class Verdicts {
  readonly #trx: Trx
  readonly #importId: ImportId
  readonly #width: number
  #added = 0
  #alreadyThere = 0
  #rejected = 0
  #pending: { row: TableRow; reasons: readonly RowReason[] }[] = []
  readonly #byReason = new Map<string, { count: number; first: readonly RejectedCell[] }>()

  /** `width` is the number of columns under the header: rejected rows are kept with all of them. */
  constructor(trx: Trx, importId: ImportId, width: number) {
    this.#trx = trx
    this.#importId = importId
    this.#width = width
  }

  added(): void {
    this.#added += 1
  }

  /** The row says what is stored already. */
  alreadyThere(): void {
    this.#alreadyThere += 1
  }

  reject(row: TableRow, reasons: readonly RowReason[]): void {
    this.#rejected += 1
    this.#pending.push({ row, reasons })
    for (const reason of reasons) {
      const { count, first } = this.#byReason.get(reason.code) ?? { count: 0, first: [] }
      // What has to wait for the end of the file is rejected out of order.
      const isAmongFirst = first.length < rowsShownOfReason || first.some((each) => each.row > row.rowNumber)
      const shown = isAmongFirst ? [...first, rejectedCell(row.rowNumber, reason)].sort((a, b) => a.row - b.row) : first
      this.#byReason.set(reason.code, { count: count + 1, first: shown.slice(0, rowsShownOfReason) })
    }
  }

  /** Writes the rejected rows gathered so far, once they are many or the file has ended. */
  async store(atTheEnd = false): Promise<void> {
    if (this.#pending.length === 0 || (!atTheEnd && this.#pending.length < rejectedPerWrite)) return
    const rows = this.#pending
    this.#pending = []
    await storeExceptionalRows(
      this.#trx,
      this.#importId,
      rows.map(({ row, reasons }) => ({
        rowNo: row.rowNumber,
        verdict: 'rejected',
        cells: Array.from({ length: this.#width }, (_, column) => row.cells[column] ?? ''),
        reasons,
        subject: {},
        accountId: null,
        feeMonth: null,
        volumeM3: null,
      })),
    )
  }

  get summary(): RegistryCounts {
    const reasons = [...this.#byReason].map(([code, { count, first }]) => ({
      code,
      count,
      firstRow: first[0]?.row ?? 0,
      first,
    }))
    return {
      rowsIn: this.#added + this.#alreadyThere + this.#rejected,
      added: this.#added,
      alreadyThere: this.#alreadyThere,
      rejected: this.#rejected,
      reasons: reasons.toSorted((a, b) => b.count - a.count || a.firstRow - b.firstRow),
    }
  }

  get counts(): ImportCounts {
    const { rowsIn, added, alreadyThere, rejected } = this.summary
    return {
      rowsIn,
      rowsAccepted: added + alreadyThere,
      rowsHeld: 0,
      rowsRejected: rejected,
      volumeInM3: '0',
      volumeAcceptedM3: '0',
      volumeHeldM3: '0',
      volumeRejectedM3: '0',
      rowsWithoutVolume: 0,
    }
  }
}

export type RegistryCounts = {
  readonly rowsIn: number
  readonly added: number
  /** Accepted without a change: the row says what is stored. */
  readonly alreadyThere: number
  readonly rejected: number
  readonly reasons: readonly {
    readonly code: string
    readonly count: number
    readonly firstRow: number
    /** The first rows rejected for it, in the order of the file. */
    readonly first: readonly RejectedCell[]
  }[]
}

/** Where a rejected row is wrong: the column and what stands there, and what is wrong with it and what to do. */
export type RejectedCell = {
  readonly row: number
  readonly column: string
  readonly value: string
  readonly zh: string
  readonly en: string
}

function rejectedCell(row: number, reason: RowReason): RejectedCell {
  const [zh, en] = [sayReason(reason, row, 'zh'), sayReason(reason, row, 'en')]
  return {
    row,
    column: reason.column ?? '',
    value: reason.value ?? '',
    zh: `${zh.reason}${zh.remedy}`,
    en: `${en.reason} ${en.remedy}`.trim(),
  }
}

/** A column with what is stored and what the row says, in the words of the file. */
export type Comparison = readonly [column: string, stored: string, value: string]

/**
 * A row about something that is stored: `undefined` where it says the same; otherwise how it differs, from an earlier row
 * of this very file or from the registry, where `differs` names the command that would change it.
 */
export function differenceOf(
  what: string,
  comparisons: readonly Comparison[],
  fromThisFile: boolean,
  differs: (comparison: { column: string; stored: string; value: string }) => Refusal,
): { readonly refusal: Refusal; readonly column: string; readonly value: string } | undefined {
  const difference = comparisons.find(([, stored, value]) => stored !== value)
  if (difference === undefined) return undefined
  const [column, stored, value] = difference
  const shown = { column, stored: stored === '' ? '—' : stored, value: value === '' ? '—' : value }
  const refusal = fromThisFile ? refuse('earlier_in_file', { what, ...shown }) : differs(shown)
  return { refusal, column, value }
}
