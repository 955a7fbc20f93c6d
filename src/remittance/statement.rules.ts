import type { CollectorContract } from '../dischargers/discharger.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Period } from './period.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import type { Statement } from './statement.ts'

/**
 * Whether the statement of a period may be drawn on a day, after the one drawn last: of the length that the contract says (a
 * quarter without one, Measures art. 13), once it is over, and of no day that the one before has closed. Where a contract
 * changed from months to quarters inside one, the quarter takes what its own months have left.
 */
export function refuseUntimely(
  period: Period,
  contract: Pick<CollectorContract, 'contractNo' | 'remittancePeriod'> | undefined,
  last: Pick<Statement, 'number' | 'period'> | undefined,
  today: CivilDate,
): Refusal | undefined {
  const agreed = contract?.remittancePeriod ?? 'quarter'
  if (period.kind !== agreed) {
    return refuseRemittance(agreed === 'quarter' ? 'period_is_quarter' : 'period_is_month', {
      period: period.name,
      contract: contract?.contractNo ?? '—',
    })
  }
  if (today < period.until)
    return refuseRemittance('period_not_over', { period: period.name, until: period.until, today })
  if (last === undefined || period.from >= last.period.until) return undefined
  const isRestOfMonths = last.period.kind === 'month' && period.kind === 'quarter' && period.until > last.period.until
  return isRestOfMonths
    ? undefined
    : refuseRemittance('period_taken', { period: period.name, statement: last.number, last: last.period.name })
}
