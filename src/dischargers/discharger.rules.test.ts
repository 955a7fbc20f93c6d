import { describe, expect, test } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import {
  agreementTermRefusal,
  creditCodeOf,
  creditCodeRefusal,
  outletRefusal,
  overlaps,
  tidyCreditCode,
} from './discharger.rules.ts'

const days = (from: string, until: string | null = null) => ({
  from: civilDate(from),
  until: until === null ? null : civilDate(until),
})

// The two codes printed as examples in GB 32100-2015 and on a real licence form.
const sound = '91350100M000100Y43'

describe('a credit code', () => {
  test('that is sound is taken, also as people type it', () => {
    expect(creditCodeRefusal(sound)).toBeUndefined()
    expect(tidyCreditCode('91350100 m000 100y43')).toBe(sound)
  })

  test('says how long it is when it is not 18 characters', () => {
    expect(creditCodeRefusal('91350100M000100Y4')?.parameters).toMatchObject({ length: 17 })
  })

  test('says which character is wrong and why', () => {
    expect(creditCodeRefusal('91350100M000100O43')?.parameters).toMatchObject({ position: 16, character: 'O' })
    const letterInDivision = creditCodeRefusal('913501A0M000100Y43')
    expect(letterInDivision?.parameters).toMatchObject({ position: 7, character: 'A' })
    expect(letterInDivision?.sentence('zh')).toContain('行政区划码')
  })

  test('with two characters changed places is caught by its check character', () => {
    expect(creditCodeRefusal('91350100M001000Y43')?.code).toBe('credit_code_check')
  })

  test('is needed by an enterprise, impossible for a resident, and free to the others', () => {
    expect(creditCodeOf('enterprise', '')).toMatchObject({ code: 'credit_code_needed' })
    expect(creditCodeOf('resident', sound)).toMatchObject({ code: 'credit_code_of_resident' })
    expect(creditCodeOf('resident', '')).toBeNull()
    expect(creditCodeOf('shop', '')).toBeNull()
    expect(creditCodeOf('institution', sound)).toBe(sound)
    expect(isRefusal(creditCodeOf('shop', '123'))).toBe(true)
  })
})

describe('validities', () => {
  test('that only touch do not overlap, and one that never held overlaps nothing', () => {
    expect(overlaps(days('2026-01-01', '2026-02-01'), days('2026-02-01'))).toBe(false)
    expect(overlaps(days('2026-01-01', '2026-02-02'), days('2026-02-01'))).toBe(true)
    expect(overlaps(days('2026-01-01'), days('2026-01-05', '2026-01-05'))).toBe(false)
  })
})

describe('a connection agreement', () => {
  const entered = { agreementNo: 'A2', signedOn: civilDate('2026-01-10'), dischargerName: '示例厂' }

  test('is not in force before it was signed', () => {
    expect(agreementTermRefusal({ ...entered, validity: days('2026-01-09') }, [])?.code).toBe(
      'agreement_before_signing',
    )
    expect(agreementTermRefusal({ ...entered, validity: days('2026-01-10') }, [])).toBeUndefined()
  })

  test('is the only one of its discharger at a time', () => {
    const others = [{ agreementNo: 'A1', validity: days('2020-01-01') }]
    expect(agreementTermRefusal({ ...entered, validity: days('2026-01-10') }, others)?.code).toBe('agreement_overlaps')
    const ended = [{ agreementNo: 'A1', validity: days('2020-01-01', '2026-01-10') }]
    expect(agreementTermRefusal({ ...entered, validity: days('2026-01-10') }, ended)).toBeUndefined()
  })
})

describe('outlets (art. 7)', () => {
  const second = { outletNo: 'P2', dischargerCode: 'D1', exceptionReason: '', validity: days('2026-03-01') }
  const first = { outletNo: 'P1', validity: days('2024-01-01') }

  test('a second one at the same time needs the reason of the exception', () => {
    expect(outletRefusal(second, [first])?.code).toBe('second_outlet_needs_reason')
    expect(outletRefusal({ ...second, exceptionReason: '厂区跨路' }, [first])).toBeUndefined()
    expect(outletRefusal(second, [{ ...first, validity: days('2024-01-01', '2026-03-01') }])).toBeUndefined()
  })

  test('a number is in use once', () => {
    expect(outletRefusal({ ...second, outletNo: 'P1', exceptionReason: '…' }, [first])?.code).toBe('outlet_taken')
  })
})
