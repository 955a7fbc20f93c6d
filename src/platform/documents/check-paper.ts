import type { CivilDate } from '../../kernel/calendar.ts'
import type { Money } from '../../kernel/money.ts'
import type { Db, Trx } from '../database.ts'
import type { Said } from '../http/route.ts'
import { isCheckCode, type PaperName } from './check-code.ts'

/** What anybody who holds a paper may know of it: whether it is ours, and whether it still stands. */
export interface CheckedPaper {
  readonly what: Said
  /** As it stands on the paper. */
  readonly number: string
  readonly stands: boolean
  readonly state: Said
  readonly issuedOn: CivilDate
  readonly amount: Money
  /** Until when something is to be paid; `null` where nothing is. */
  readonly dueOn: CivilDate | null
  /** Masked: whoever knows the name recognises it. */
  readonly payer: string
}

/** How a stage answers for its papers; `undefined` where the name is none of them. */
export type PaperCheck = (db: Db | Trx, paper: PaperName, today: CivilDate) => Promise<CheckedPaper | undefined>

/**
 * A paper by its name and the code printed on it; `undefined` for an unknown one and for a wrong code alike, so that
 * nobody learns which numbers there are.
 */
export async function checkPaper(
  db: Db | Trx,
  asked: { readonly paper: PaperName; readonly code: string; readonly today: CivilDate },
  checks: readonly PaperCheck[],
): Promise<CheckedPaper | undefined> {
  if (!(await isCheckCode(db, asked.paper, asked.code))) return undefined
  for (const check of checks) {
    const found = await check(db, asked.paper, asked.today)
    if (found !== undefined) return found
  }
  return undefined
}
