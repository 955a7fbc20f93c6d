import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSmallDistrict, type SmallDistrict } from './small-district.ts'

describe('permitted totals on the command line', () => {
  let district: SmallDistrict
  beforeAll(async () => {
    district = await openSmallDistrict()
  })
  afterAll(() => district.remove())
  const totals = (...words: string[]) => district.run('quality', 'totals', ...words)

  it('are entered by file, judged with the missing months named, and refused a referral while undecided', async () => {
    expect((await totals('--year', '2026')).stdout).toContain('2026 年没有许可的排放总量')
    await district.run(
      'dischargers',
      'add-outlet',
      'D2',
      '1',
      '--from',
      '2026-01-01',
      '--sampling-well',
      '--as',
      'clerk',
    )
    const limits = district.file(
      'limits.csv',
      [
        '排污者代码,排污口,污染物,限值类型,限值,单位,批准文件,起始日',
        'D2,1,COD,年排放总量不超过,30,t/a,示例排污许可证,2026-01-01',
      ].join('\n'),
    )
    const proposed = await district.run('--json', 'quality', 'limits', 'propose', limits, '--as', 'clerk')
    const { proposalId, digest } = JSON.parse(proposed.stdout).answer
    const approved = await district.run(
      'quality',
      'limits',
      'approve',
      proposalId,
      '--digest',
      digest,
      '--as',
      'approver',
    )
    expect(approved.code).toBe(0)

    const [told] = JSON.parse((await district.run('--json', 'quality', 'totals', '--year', '2026')).stdout)
    expect(told).toMatchObject({
      totalId: '1-2026',
      discharger: 'D2',
      limit: '年排放总量不超过 30 t/a',
      verdict: 'undecided',
      unit: 't',
      least: '0',
      most: null,
    })
    expect(told.missing).toHaveLength(12)
    expect(told.months[2]).toMatchObject({
      month: '2026-03',
      why: 'account_without_volume',
      leastKg: '0',
      mostKg: null,
    })
    const shown = await totals('--year', '2026', '--discharger', 'D2', '--months')
    expect(shown.stdout).toMatch(/1-2026.*不明 +年排放总量不超过 30 t\/a.*无法判定/)
    expect(shown.stdout).toContain('2026-01 至 2026-03 账户水量不明（00103、00101）；2026-04 至 2026-12 当月未结束')
    const english = await district.run('--lang', 'en', 'quality', 'totals', '--year', '2026', '--months')
    expect(english.stdout).toContain('2026-04 to 2026-12 the month is not over')

    const refer = ['quality', 'referrals', 'propose', '--recipient', '示例生态环境局', '--as', 'clerk']
    const undecided = await district.run(...refer, '--total', '1-2026')
    expect([undecided.code, undecided.stderr]).toEqual([75, expect.stringContaining('没有查明超过限值')])
    expect((await district.run(...refer, '--total', '7-2026')).stderr).toContain('没有排放总量 7-2026')
    expect((await district.run(...refer)).stderr).toContain('--total')
  })

  it('refuse a year or a discharger that is none', async () => {
    expect((await totals('--year', '26')).code).toBe(64)
    expect((await totals('--year', '2026', '--discharger', 'D9')).code).toBe(66)
  })
})
