import { describe, expect, it } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import { billStates } from './bill-state.ts'

describe('How a bill stands', () => {
  const said = (standing: string, today: string) => billStates.of(standing, civilDate(today))
  it('is paid, part-paid, not paid, or overdue from the day after it was due', () => {
    for (const [standing, today, tone, zh, en] of [
      ['100.00 0.00 2026-04-10', '2026-05-20', 'settled', '已缴', 'paid'],
      ['100.00 100.00 2026-04-10', '2026-04-10', 'waiting', '未缴', 'not paid'],
      ['100.00 40.00 2026-04-10', '2026-04-10', 'waiting', '部分缴', 'part-paid'],
      ['100.00 40.00 2026-04-10', '2026-04-11', 'overdue', '逾期 1 天', '1 day overdue'],
      ['100.00 100.00 2026-04-10', '2026-05-20', 'overdue', '逾期 40 天', '40 days overdue'],
      ['0.00 0.00 2026-04-10', '2026-05-20', 'plain', '无须缴费', 'nothing to pay'],
    ] as const)
      expect(said(standing, today), standing).toEqual({ tone, words: { zh, en } })
  })
})
