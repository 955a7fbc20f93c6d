import { describe, expect, it } from 'vitest'
import { checkSchedule, leftBehind } from './rate-schedule.rules.ts'

const known = new Set(['industry', 'resident', 'academy'])
const good = {
  code: 'GX-2026-01',
  title: '园区污水处理费',
  approvalDocument: '测试〔2025〕1号',
  issuer: '测试发改委',
  straddle: 'by-days',
  clause: '办法第九条',
  validFrom: '2026-01-01',
  prices: { industry: { form: 'flat', perM3: '1.40' }, academy: { form: 'percentage', of: 'industry', percent: '50' } },
}
const codes = (change: Record<string, unknown>): string[] => {
  const answer = checkSchedule({ ...good, ...change }, known)
  return Array.isArray(answer) ? answer.map(({ code }) => code) : []
}

describe('a schedule is checked when it is entered', () => {
  it('is taken with its terms trimmed and the usual units', () => {
    expect(checkSchedule({ ...good, title: ' 园区污水处理费 ', endsEarlier: true }, known)).toEqual({
      ...good,
      unit: 'm³',
      currency: '元',
    })
  })

  it.each([
    ['schedule_field_missing', { code: '' }],
    ['schedule_field_missing', { approvalDocument: ' ' }],
    ['schedule_field_missing', { issuer: undefined }],
    ['schedule_field_missing', { clause: 9 }],
    ['schedule_field_missing', { prices: undefined }],
    ['schedule_field_missing', { prices: [] }],
    ['schedule_field_unknown', { discount: '0.9' }],
    ['schedule_code_malformed', { code: '标准1' }],
    ['schedule_straddle_unknown', { straddle: 'half' }],
    ['schedule_date_unreadable', { validFrom: '2026-02-30' }],
    ['schedule_date_unreadable', { validFrom: '2026/1/1' }],
    ['schedule_flag_unreadable', { endsEarlier: 'true' }],
    ['price_category_unknown', { prices: { factory: { form: 'flat', perM3: '1.40' } } }],
    ['no_categories', { prices: {} }],
    ['form_unknown', { prices: { industry: { form: 'cheap' } } }],
  ])('is refused: %s %o', (code, change) => {
    expect(codes(change)).toEqual([code])
  })

  it('says everything that is wrong at once, in sentences without gaps', () => {
    const bands = [
      { fromM3: '0', untilM3: '100', perM3: '1.00' },
      { fromM3: '110', untilM3: '200', perM3: '1.20' },
      { fromM3: '190', untilM3: null, perM3: '1.50' },
    ]
    const faults = checkSchedule(
      { title: '', discount: '1', straddle: '?', prices: { factory: { form: 'tiers', period: 'month', bands } } },
      known,
    )
    expect(Array.isArray(faults) && faults.map(({ code }) => code).sort()).toEqual([
      'band_gap',
      'band_overlap',
      'price_category_unknown',
      'schedule_field_missing',
      'schedule_field_missing',
      'schedule_field_missing',
      'schedule_field_missing',
      'schedule_field_missing',
      'schedule_field_missing',
      'schedule_field_unknown',
      'schedule_straddle_unknown',
    ])
    for (const fault of Array.isArray(faults) ? faults : []) {
      expect(fault.sentence('zh') + fault.sentence('en')).not.toContain('{')
    }
  })
})

describe('a percentage is not left without the price it rests on', () => {
  const prices = {
    industry: { form: 'flat', perM3: '1.40' },
    resident: { form: 'flat', perM3: '0.95' },
    academy: { form: 'coefficient', factor: '0.9', price: { form: 'percentage', of: 'industry', percent: '50' } },
  } as const

  it.each([
    [['industry'], { dependent: 'academy', category: 'industry' }],
    [['industry', 'resident'], { dependent: 'academy', category: 'industry' }],
    [['industry', 'academy'], undefined],
    [['academy'], undefined],
    [['resident'], undefined],
  ])('when %o end', (ending, left) => {
    expect(leftBehind(prices, new Set(ending))).toEqual(left)
  })
})
