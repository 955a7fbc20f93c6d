import { describe, expect, it } from 'vitest'
import { facts, flat, holder, issued, rate, reading, standing, terms } from '../../test/support/billing-cases.ts'
import { civilDate } from '../kernel/calendar.ts'
import type { MeterReading } from '../readings/reading.ts'
import { billableVolume } from '../volumes/billable-volume.rules.ts'
import type { VolumeSource } from '../volumes/billable-volume.ts'
import { computeBills, rateBook } from './bill.rules.ts'
import { type Bill, type BillLine, billIdOf, type DraftBill } from './bill.ts'
import { billRecord, type ExplanationNames, explainBill } from './bill-explanation.ts'
import { adjustmentsBetween, mirrorLine } from './correction.rules.ts'

const rates = rateBook([rate('2025', 'industry', flat('1.40'))])
const names: ExplanationNames = {
  schedules: new Map([
    [
      '2025',
      {
        title: '示例收费标准',
        approvalDocument: '示例发改〔2024〕1号',
        unit: 'm³',
        currency: '元',
        validFrom: civilDate('2020-01-01'),
      },
    ],
  ]),
  categories: new Map([['industry', { zh: '园区企业', en: 'park enterprise' }]]),
}

function draftOf(m3: string, more: Partial<MeterReading> = {}, of = terms()): readonly DraftBill[] {
  const month = billableVolume(facts({ terms: of, readings: [reading('M1', m3, more)] }))
  if (month.outcome !== 'billable') throw new Error(`not billable: ${JSON.stringify(month)}`)
  const outcome = computeBills(of, month, rates)
  if (outcome.outcome !== 'billed') throw new Error(`not billed: ${JSON.stringify(outcome)}`)
  return outcome.bills
}
function first(bills: readonly DraftBill[]): DraftBill {
  const [bill] = bills
  if (bill === undefined) throw new Error('no bill')
  return bill
}
const march = first(draftOf('12345.000', { startReading: '21300.000', endReading: '33645.000' }))
const explained = (draft: DraftBill, language: 'zh' | 'en', more: Partial<Bill> = {}) => {
  const { bill, lines } = issued(draft, 1, more)
  return explainBill(bill, lines, names, language)
}

describe('a bill explains itself from meter to fen', () => {
  it('in Chinese', () => {
    expect(explained(march, 'zh')).toEqual([
      '账单 2026-000001  已签发  应缴 17,283.00 元  到期 2026-04-10',
      '户号 0010001（gx-water）  示例电子有限公司  费款所属月份 2026-03  开账日 2026-04-01',
      '┌ 园区企业  用水 12,345 m³  17,283.00 元  （2026-03-01 至 2026-03-31，31 天）',
      '├ 抄表 M1  21,300 → 33,645 = 12,345 m³',
      '├ 计量依据 公共供水水表（办法第八条；财税〔2014〕151号第十条）',
      '├ 收费标准 示例收费标准 自 2020-01-01 用水起（示例发改〔2024〕1号）',
      '├ 12,345 m³ × 1.40 元/m³ = 17,283.00',
      '└ 舍入 17,283 → 17,283.00（四舍五入至分，每行一次）',
      '合计 17,283.00 元  人民币壹万柒仟贰佰捌拾叁元整',
    ])
  })
  it('in English', () => {
    expect(explained(march, 'en')).toEqual([
      'bill 2026-000001  issued  due 17,283.00 yuan by 2026-04-10',
      'account 0010001 (gx-water)  示例电子有限公司  fee month 2026-03  issued 2026-04-01',
      '┌ park enterprise  12,345 m³  17,283.00 yuan  (2026-03-01 to 2026-03-31, 31 days)',
      '├ meter M1  21,300 → 33,645 = 12,345 m³',
      '├ volume basis: public supply meter (Measures art. 8; Cai Shui [2014] No. 151 art. 10)',
      '├ rates: 示例收费标准, water used from 2020-01-01 (示例发改〔2024〕1号)',
      '├ 12,345 m³ × 1.40 yuan/m³ = 17,283.00',
      '└ rounding 17,283 → 17,283.00 (half-up to the fen, once per line)',
      'total 17,283.00 yuan  人民币壹万柒仟贰佰捌拾叁元整',
    ])
  })
  it('in the currency of its schedule, in capitals only for yuan', () => {
    const [[id, schedule] = ['', undefined]] = names.schedules
    if (schedule === undefined) throw new Error('no schedule')
    const abroad = { ...names, schedules: new Map([[id, { ...schedule, unit: 'HCF', currency: 'USD' }]]) }
    const { bill, lines } = issued(march, 1)
    const said = explainBill(bill, lines, abroad, 'zh')
    expect(said[0]).toContain('应缴 17,283.00 USD')
    expect(said.at(-1)).toBe('合计 17,283.00 USD')
    expect(said.join('')).not.toMatch(/元|m³/)
  })
  it('says that it was cancelled, and by which bill', () => {
    const by = { cancelledBy: billIdOf(2026, 7) }
    expect(explained(march, 'zh', by)[0]).toContain('已红冲 2026-000007')
    expect(explained(march, 'en', by)[0]).toContain('cancelled by 2026-000007')
  })
  it('says that a reading was estimated', () => {
    const estimated = first(draftOf('100.000', { source: 'estimated' }))
    expect(explained(estimated, 'zh')).toContain('├ 抄表 M1  100 m³（估抄）')
    expect(explained(estimated, 'en')).toContain('├ meter M1  100 m³ (estimated)')
  })
  it('says how a use was split between two payers', () => {
    const of = terms({ holders: [holder('D1', '2020-01-01', '2026-03-16'), holder('D2', '2026-03-16')] })
    const half = first(draftOf('1000.000', {}, of))
    expect(explained(half, 'zh')).toContain('├ 按日分摊 1,000 × 15/31 天 → 483.871 m³（最大余额法）')
    expect(explained(half, 'en')).toContain('├ split by days 1,000 × 15/31 → 483.871 m³ (largest remainder)')
    expect(explained(half, 'zh')).toContain('└ 舍入 677.4194 → 677.42（四舍五入至分，每行一次）')
  })
  it('shows codes where nobody gave it names', () => {
    const { bill, lines } = issued(march)
    const bare = explainBill(bill, lines, { schedules: new Map(), categories: new Map() }, 'zh')
    expect(bare[2]).toContain('┌ industry')
    expect(bare.join('\n')).not.toContain('收费标准')
  })
})

describe('every source of a volume has a sentence', () => {
  const sourced = (source: VolumeSource, language: 'zh' | 'en') => {
    const [line] = march.lines as readonly [BillLine]
    const derivation = { ...line.derivation, uses: [{ ...line.derivation.uses[0], sources: [source] }] } as never
    return explained({ ...march, lines: [{ ...line, derivation }] }, language)[3]?.slice(2)
  }
  const m3 = '12345.500'
  it.each<[VolumeSource, string, string]>([
    [
      { kind: 'reading', reading: '1', meter: 'M1', start: '10', end: '35', multiplier: '10', m3: '250.000' },
      '抄表 M1  10 → 35 ×10 = 250 m³',
      'meter M1  10 → 35 ×10 = 250 m³',
    ],
    [
      {
        kind: 'reading',
        reading: '1',
        meter: 'M1',
        start: '9990',
        end: '15',
        m3: '25.000',
        turnedOverAt: '10000',
      },
      '抄表 M1  9,990 → 15 = 25 m³（走满 10,000 后归零）',
      'meter M1  9,990 → 15 = 25 m³ (the counter turned over at 10,000)',
    ],
    [
      {
        kind: 'reading',
        reading: '1',
        meter: 'M1',
        start: '998000',
        end: '997900',
        m3: '100.000',
        reversed: true,
      },
      '抄表 M1  998,000 → 997,900 = 100 m³（倒装表，读数递减）',
      'meter M1  998,000 → 997,900 = 100 m³ (the meter runs backwards)',
    ],
    [
      { kind: 'reading', reading: '1', meter: 'M1', start: '100', end: '150', m3: '51.000', countedM3: '50.000' },
      '抄表 M1  100 → 150 = 51 m³（读数计为 50，按所列水量计费）',
      'meter M1  100 → 150 = 51 m³ (the readings give 50, billed as stated)',
    ],
    [
      {
        kind: 'reading',
        reading: '1',
        meter: 'M1',
        start: '99990',
        end: '5',
        multiplier: '10',
        m3: '151.000',
        estimated: true,
        turnedOverAt: '100000',
        countedM3: '150.000',
      },
      '抄表 M1  99,990 → 5 ×10 = 151 m³（估抄，如走满 100,000 后归零，读数计为 150，按所列水量计费）',
      'meter M1  99,990 → 5 ×10 = 151 m³ (estimated, if the counter turned over at 100,000, the readings give 150, billed as stated)',
    ],
    [{ kind: 'reading', reading: '1', m3 }, '抄表 12,345.5 m³', 'meter 12,345.5 m³'],
    [
      {
        kind: 'true-up',
        reading: '1',
        closing: '3',
        meter: 'M1',
        start: '1000',
        end: '1360',
        statedM3: '100.000',
        wholeM3: '360.000',
        days: [28, 31, 30],
        part: 0,
        m3: '113.259',
      },
      '估抄补正 M1  1,000 → 1,360，实抄共 360 m³（89 天），本月 360 × 28/89 → 113.259 m³（原 100）',
      'true-up M1  1,000 → 1,360, 360 m³ over 89 days, this month 360 × 28/89 → 113.259 m³ (100 before)',
    ],
    [{ kind: 'less-sub', reading: '1', meter: 'S1', m3 }, '减分表 S1：12,345.5 m³', 'less sub-meter S1: 12,345.5 m³'],
    [
      { kind: 'share', meter: 'W1', shareNo: 3, ratio: '0.4', unit: '1', wholeM3: '1001.000', m3: '401.000' },
      '共用水表 W1 共 1,001，本户比例 0.4（取整单位 1，末户取余）→ 401 m³',
      'shared meter W1, 1,001 in all, this share 0.4 (unit 1, the last takes the rest) → 401 m³',
    ],
    [
      { kind: 'declared', declaration: 'E1', m3 },
      '自备水源申报（已审核）12,345.5 m³',
      'own source, declared and reviewed: 12,345.5 m³',
    ],
    [
      { kind: 'rated-flow', perHour: '25', days: 31, m3: '18600.000', reason: '逾期未申报' },
      '额定流量 25 m³/h × 24 h × 31 天 = 18,600 m³（逾期未申报）',
      'rated flow 25 m³/h × 24 h × 31 days = 18,600 m³ (逾期未申报)',
    ],
    [
      { kind: 'quota', perMonth: '600', m3: '600.000' },
      '施工规模定额 每月 600 m³',
      'construction quota: 600 m³ a month',
    ],
    [{ kind: 'suspended', m3: '0.000' }, '报停，无用水', 'suspended, no use'],
  ])('%o', (source, zh, en) => {
    expect(sourced(source, 'zh')).toBe(zh)
    expect(sourced(source, 'en')).toBe(en)
  })
})

describe('a correction explains itself', () => {
  const corrects = { correctsBillId: billIdOf(2026, 1), reason: 'volume', evidence: '复核抄表单' } as const
  const [up] = adjustmentsBetween(draftOf('12445.000'), standing('D1', march.lines))
  const adjusting = { dischargerId: march.dischargerId, lines: up?.lines ?? [] }

  it('a full negative shows the arithmetic of its bill and turns the sign at the end', () => {
    const red = { ...march, lines: march.lines.map((line) => mirrorLine('2026-000001', line)) }
    const zh = explained(red, 'zh', { kind: 'red', ...corrects })
    expect(zh[0]).toContain('红冲 2026-000001  已签发  应缴 -17,283.00 元')
    expect(zh[2]).toBe('更正账单 2026-000001：水量更正。依据：复核抄表单')
    expect(zh.slice(-4)).toEqual([
      '├ 12,345 m³ × 1.40 元/m³ = 17,283.00',
      '├ 舍入 17,283 → 17,283.00（四舍五入至分，每行一次）',
      '└ 账单 2026-000001 的全额红冲，同一收费标准：-17,283.00 元',
      '合计 -17,283.00 元  负人民币壹万柒仟贰佰捌拾叁元整',
    ])
    const en = explained(red, 'en', { kind: 'red', ...corrects })
    expect(en[2]).toBe('corrects bill 2026-000001: volume. Evidence: 复核抄表单')
    expect(en.at(-2)).toBe('└ the full negative of bill 2026-000001, same rates: -17,283.00 yuan')
  })
  it('an adjustment shows what was computed again less what was billed', () => {
    expect(explained(adjusting, 'zh', { kind: 'upward', ...corrects })).toContain(
      '└ 重算 17,423.00 − 已开 17,283.00（2026-000001）= 140.00 元',
    )
    expect(explained(adjusting, 'en', { kind: 'upward', ...corrects })).toContain(
      '└ computed again 17,423.00 − billed 17,283.00 (2026-000001) = 140.00 yuan',
    )
  })
  it('the full negative of an adjustment keeps its sums right', () => {
    const red = { ...adjusting, lines: adjusting.lines.map((line) => mirrorLine('2026-000002', line)) }
    expect(explained(red, 'zh', { kind: 'red', ...corrects }).slice(-3)).toEqual([
      '├ 重算 17,423.00 − 已开 17,283.00（2026-000001）= 140.00 元',
      '└ 账单 2026-000002 的全额红冲，同一收费标准：-140.00 元',
      '合计 -140.00 元  负人民币壹佰肆拾元整',
    ])
  })
  it('a bill from the books before says so and shows no arithmetic it does not have', () => {
    const [line] = march.lines as readonly [BillLine]
    const opening = {
      ...line,
      derivation: { ...line.derivation, uses: [], steps: [], opening: 'open-bills.csv 第 3 行' },
    }
    const zh = explained({ ...march, lines: [opening] }, 'zh')
    expect(zh).toContain('├ 启用前账单：open-bills.csv 第 3 行')
    expect(zh.join('\n')).not.toContain('舍入')
  })
})

describe('a bill as a flat record', () => {
  it('keeps amounts and volumes as exact text and names what it corrects', () => {
    const { bill } = issued(march, 3, { kind: 'rebill', correctsBillId: billIdOf(2026, 1) })
    expect(billRecord(bill)).toEqual({
      number: '2026-000003',
      kind: 'rebill',
      collector: 'gx-water',
      account: '0010001',
      discharger: '示例电子有限公司',
      feeMonth: '2026-03',
      issuedOn: '2026-04-01',
      dueOn: '2026-04-10',
      volumeM3: '12345.000',
      amount: '17283.00',
      corrects: '2026-000001',
      cancelledBy: '',
    })
  })
})
