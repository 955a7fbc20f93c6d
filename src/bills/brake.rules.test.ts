import { describe, expect, it } from 'vitest'
import { feeMonth } from '../kernel/calendar.ts'
import { money } from '../kernel/money.ts'
import { volume } from '../kernel/volume.ts'
import { brake } from './brake.rules.ts'

const settings = { countShare: '0.05', totalShare: '0.20' }
const volumeM3 = volume('1000')
const history = [
  { feeMonth: feeMonth('2026-02'), accounts: 1000, amount: money('90000.00'), volumeM3 },
  { feeMonth: feeMonth('2026-01'), accounts: 2000, amount: money('100000.00'), volumeM3 },
  { feeMonth: feeMonth('2025-12'), accounts: 2000, amount: money('110000.00'), volumeM3 },
]
const march = (accounts: number, amount: string, outliers = 0, volumeM3 = '1000') => ({
  feeMonth: feeMonth('2026-03'),
  accounts,
  amount: money(amount),
  outliers,
  volumeM3: volume(volumeM3),
})
const codes = (accounts: number, amount: string, outliers = 0, billed = history) =>
  brake(march(accounts, amount, outliers), { billed, usesM3: [] }, settings).map(({ code }) => code)

describe('the brake stops a run that lies far from its own history', () => {
  it('lets an ordinary month pass', () => {
    expect(codes(1010, '101000.00')).toEqual([])
  })
  it('compares the accounts billed with the month before, up and down', () => {
    expect(codes(1051, '100000.00')).toEqual(['count'])
    expect(codes(949, '100000.00')).toEqual(['count'])
  })
  it('compares the total with the mean of the months before: 100,000.00', () => {
    expect(codes(1000, '120000.01')).toEqual(['total'])
    expect(codes(1000, '79999.99')).toEqual(['total'])
  })
  it('lets pass what lies exactly at its limit', () => {
    expect(codes(1050, '120000.00')).toEqual([])
    expect(codes(950, '80000.00')).toEqual([])
  })
  it('stops for a single account far above its own mean', () => {
    expect(codes(1000, '100000.00', 1)).toEqual(['outliers'])
  })
  it('finds everything at once', () => {
    expect(codes(2000, '200000.00', 3)).toEqual(['count', 'total', 'outliers'])
  })
  it('has nothing to compare the first month with, save the outliers', () => {
    expect(codes(5000, '900000.00', 0, [])).toEqual([])
    expect(codes(5000, '900000.00', 2, [])).toEqual(['outliers'])
  })
  it('holds the volume of the first month against the uses that came with the go-live: 1,000 m³', () => {
    const first = (volumeM3: string) =>
      brake(march(1000, '0.00', 0, volumeM3), { billed: [], usesM3: ['900', '1100'].map(volume) }, settings)
    expect(first('1200').map(({ code }) => code)).toEqual([])
    expect(first('799.999').map(({ zh }) => zh)).toEqual(['本月水量 799.999 m³，启用前 2 个月平均 1,000 m³'])
    expect(first('1200.001').map(({ en }) => en)).toEqual([
      '1,200.001 m³, mean of the last 2 months before going live 1,000 m³',
    ])
  })
  it('stops a month with amounts after months with none', () => {
    const none = [{ feeMonth: feeMonth('2026-02'), accounts: 1000, amount: money('0.00'), volumeM3 }]
    expect(codes(1000, '0.01', 0, none)).toEqual(['total'])
  })
  it('says the numbers it compared, in both languages', () => {
    const findings = brake(march(2000, '200000.00', 3), { billed: history, usesM3: [] }, settings)
    expect(findings.map(({ zh }) => zh)).toEqual([
      '本月计费 2000 户，2026-02 为 1000 户',
      '本月合计 200,000.00 元，近 3 个月平均 100,000.00 元',
      '3 户用水远高于自身平均',
    ])
    expect(findings.map(({ en }) => en)).toEqual([
      '2000 accounts billed, 2026-02 had 1000',
      'total 200,000.00, mean of the last 3 months 100,000.00',
      '3 accounts far above their own mean',
    ])
  })
})
