import { describe, expect, it } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import { calledHearing, lastHeard, openHearing } from './hearing.rules.ts'
import type { Step, StepName } from './steps.ts'

const log = (...taken: readonly (readonly [StepName, string])[]): Step[] =>
  taken.map(([name, on], index) => ({ seq: index + 1, name, on: civilDate(on), particulars: {} }) as unknown as Step)

describe('a hearing', () => {
  const asked = [
    ['notice_served', '2025-05-12'],
    ['hearing_requested', '2025-05-13'],
  ] as const

  it('is open from the request until it is held or dropped, across a new notice', () => {
    expect(openHearing(log(['notice_served', '2025-05-12']))).toBeUndefined()
    expect(openHearing(log(...asked, ['notice_issued', '2025-05-14'], ['notice_served', '2025-05-14']))?.seq).toBe(2)
    expect(openHearing(log(...asked, ['hearing_held', '2025-06-10']))).toBeUndefined()
    expect(openHearing(log(...asked, ['hearing_dropped', '2025-06-10']))).toBeUndefined()
  })

  it('is open again once the party is called again', () => {
    const steps = log(...asked, ['hearing_dropped', '2025-05-20'], ['hearing_notified', '2025-05-21'])
    expect([openHearing(steps)?.seq, calledHearing(steps)?.seq]).toEqual([4, 4])
    const former = log(...asked, ['hearing_notified', '2025-05-14'], ['hearing_dropped', '2025-05-20'])
    expect([openHearing(former), calledHearing(former)]).toEqual([undefined, undefined])
  })

  it('binds a review by the last step and by the latest day', () => {
    expect(lastHeard([])).toBeUndefined()
    const steps = log(
      ['rights_waived', '2025-05-20'],
      ['defence_rechecked', '2025-05-18'],
      ['legal_reviewed', '2025-05-21'],
    )
    expect([lastHeard(steps)?.step.name, lastHeard(steps)?.on]).toEqual(['defence_rechecked', '2025-05-20'])
  })
})
