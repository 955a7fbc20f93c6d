import { describe, expect, it } from 'vitest'
import { civilDate } from '../kernel/calendar.ts'
import { Exact, plainText } from '../kernel/decimal.ts'
import { judgeResult } from './exceedance.rules.ts'
import { readFinding } from './finding.rules.ts'
import { type Bound, type PermittedLimit, totalUnits } from './limit.ts'

function limit(bound: Bound, value: string, more: Partial<PermittedLimit> = {}): PermittedLimit {
  return {
    pollutant: 'cod',
    bound,
    value: value === '' ? undefined : new Exact(value),
    unit: totalUnits[bound] ?? 'mg/L',
    document: '示例环评批复',
    validity: { from: civilDate('2026-01-01'), until: null },
    ...more,
  }
}

function judge(
  found: string,
  limits: readonly PermittedLimit[],
  more: { on?: string; volume?: string; unit?: string; pollutant?: string } = {},
) {
  const finding = readFinding(found)
  if (typeof finding === 'string') throw new Error(finding)
  const result = { pollutant: more.pollutant ?? 'cod', finding, unit: more.unit ?? 'mg/L', method: 'HJ 828-2017' }
  const volume = more.volume === undefined ? undefined : new Exact(more.volume)
  return judgeResult(result, civilDate(more.on ?? '2026-03-10'), volume, limits).map(
    ({ verdict, timesOver, compared, why }) =>
      [verdict, compared && plainText(compared), timesOver && plainText(timesOver.toDecimalPlaces(4)), why].filter(
        (each) => each !== undefined,
      ),
  )
}

describe('a concentration', () => {
  it('that equals its limit is within it; a hair more is not', () => {
    expect(judge('500', [limit('at_most', '500')])).toEqual([['within', '500']])
    expect(judge('500.0001', [limit('at_most', '500')])).toEqual([['exceeds', '500.0001', '0']])
    expect(judge('850', [limit('at_most', '500')])).toEqual([['exceeds', '850', '0.7']])
  })

  it('below the detection limit is within a limit that the method can see, and undecided under it', () => {
    expect(judge('<4', [limit('at_most', '500')])).toEqual([['within']])
    expect(judge('<4', [limit('at_most', '4')])).toEqual([['within']])
    expect(judge('<4', [limit('at_most', '3')])).toEqual([['undecided', 'detection_above_limit']])
  })

  it('is judged by the limit of its day, half-open', () => {
    const old = limit('at_most', '500', { validity: { from: civilDate('2025-01-01'), until: civilDate('2026-03-10') } })
    const now = limit('at_most', '300', { validity: { from: civilDate('2026-03-10'), until: null } })
    expect(judge('400', [old, now], { on: '2026-03-09' })).toEqual([['within', '400']])
    expect(judge('400', [old, now], { on: '2026-03-10' })).toEqual([['exceeds', '400', '0.3333']])
    expect(judge('400', [old, now], { on: '2024-12-31' })).toEqual([['unlimited']])
    expect(judge('400', [limit('at_most', '300', { pollutant: 'ss' })])).toEqual([['unlimited']])
  })

  it('in another unit than its limit is never compared', () => {
    expect(judge('400', [limit('at_most', '0.4')], { unit: 'μg/L' })).toEqual([['undecided', 'units_differ']])
  })

  it('that must not be found exceeds by any number', () => {
    expect(judge('0.00001', [limit('not_detected', '')])).toEqual([['exceeds', '0.00001']])
    expect(judge('<0.00001', [limit('not_detected', '')])).toEqual([['within']])
  })

  it('of pH has two sides and no multiple', () => {
    const ph = (bound: Bound, value: string) => limit(bound, value, { pollutant: 'ph', unit: '无量纲' })
    const both = [ph('at_least', '6'), ph('at_most', '9')]
    const of = (value: string) => judge(value, both, { pollutant: 'ph', unit: '无量纲' })
    expect(of('7.2')).toEqual([
      ['within', '7.2'],
      ['within', '7.2'],
    ])
    expect(of('5.99')).toEqual([
      ['exceeds', '5.99'],
      ['within', '5.99'],
    ])
    expect(of('9.5')).toEqual([
      ['within', '9.5'],
      ['exceeds', '9.5'],
    ])
  })
})

describe('a daily total', () => {
  const total = [limit('daily_total', '60')]

  it('is concentration × volume of the day', () => {
    expect(judge('500', total, { volume: '120' })).toEqual([['within', '60']])
    expect(judge('500', total, { volume: '120.001' })).toEqual([['exceeds', '60.0005', '0']])
    expect(judge('500', total, { volume: '180' })).toEqual([['exceeds', '90', '0.5']])
  })

  it('is undecided without the volume, and where only an upper bound is known', () => {
    expect(judge('500', total)).toEqual([['undecided', 'day_volume_missing']])
    expect(judge('<4', total, { volume: '100' })).toEqual([['within']])
    expect(judge('<4', total, { volume: '100000' })).toEqual([['undecided', 'detection_above_limit']])
    expect(judge('5', total, { volume: '1', unit: 'Bq/L' })).toEqual([['undecided', 'units_differ']])
  })

  it('of a month or a year judges no single result', () => {
    const totals = [limit('monthly_total', '1'), limit('yearly_total', '1')]
    expect(judge('850', totals, { volume: '100000' })).toEqual([['unlimited']])
    expect(judge('500', [...totals, limit('at_most', '500')])).toEqual([['within', '500']])
  })

  it('stands beside the limit of the concentration', () => {
    expect(judge('400', [limit('at_most', '500'), ...total], { volume: '200' })).toEqual([
      ['within', '400'],
      ['exceeds', '80', '0.3333'],
    ])
  })
})
