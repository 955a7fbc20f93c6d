import { describe, expect, it } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import { parsePeriod } from './period.ts'
import { refuseUntimely } from './statement.rules.ts'

const periodOf = (name: string) => {
  const period = parsePeriod(name)
  if (period === undefined) throw new Error(name)
  return period
}
const judged = (name: string, agreed: 'quarter' | 'month' | undefined, last: string | undefined, today: string) =>
  refuseUntimely(
    periodOf(name),
    agreed && { contractNo: 'C', remittancePeriod: agreed },
    last === undefined ? undefined : { number: 'R2026-0001', period: periodOf(last) },
    civilDate(today),
  )?.code ?? 'may be drawn'

describe('a statement may be drawn', () => {
  it.each([
    ['by quarters without a contract', '2026-Q1', undefined, undefined, '2026-04-01', 'may be drawn'],
    ['not by months without a contract', '2026-03', undefined, undefined, '2026-04-01', 'period_is_quarter'],
    ['by months where the contract says so', '2026-03', 'month', '2026-02', '2026-04-01', 'may be drawn'],
    ['not by quarters then', '2026-Q1', 'month', undefined, '2026-04-01', 'period_is_month'],
    ['not before it is over', '2026-Q1', 'quarter', undefined, '2026-03-31', 'period_not_over'],
    ['once', '2026-Q1', 'quarter', '2026-Q1', '2026-04-01', 'period_taken'],
    ['not before the one that was drawn', '2025-Q4', 'quarter', '2026-Q1', '2026-04-01', 'period_taken'],
    ['after a gap: it takes what none has taken', '2026-Q3', 'quarter', '2026-Q1', '2026-10-01', 'may be drawn'],
    ['for the rest of a quarter after its months', '2026-Q1', 'quarter', '2026-01', '2026-04-01', 'may be drawn'],
    ['not where the months took all of it', '2026-Q1', 'quarter', '2026-03', '2026-04-01', 'period_taken'],
    ['not for a month of a quarter that was drawn', '2026-03', 'month', '2026-Q1', '2026-04-01', 'period_taken'],
  ] as const)('%s', (_, name, agreed, last, today, found) => {
    expect(judged(name, agreed, last, today)).toBe(found)
  })
})
