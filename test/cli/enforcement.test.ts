import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSmallDistrict, type SmallDistrict } from './small-district.ts'

let district: SmallDistrict
let scan: string
const on = (today: string) => ({
  run: async (...words: string[]): Promise<string> => {
    const ran = await district.run('--today', today, ...words)
    expect({ words, code: ran.code, stderr: ran.stderr }).toEqual({ words, code: 0, stderr: '' })
    return ran.stdout
  },
  refused: async (...words: string[]) => {
    const ran = await district.run('--today', today, ...words)
    return { code: ran.code, said: ran.stderr }
  },
})
const idIn = (text: string): string => /(?:提案|proposal) (\d+)/.exec(text)?.[1] ?? ''

// Two bills of D1 for March 2026: 140.00 and 280.00, due on 10 April.
beforeAll(async () => {
  district = await openSmallDistrict()
  scan = district.file('scan.pdf', '示例扫描件')
  const { run } = on('2026-04-03')
  for (const [code, role, ...more] of [
    ['officer-a', 'brigade_officer', '--certificate', 'Z-1'],
    ['officer-b', 'brigade_officer', '--certificate', 'Z-2'],
    ['head', 'bureau_head'],
  ] as const)
    await run('staff', 'add', code, `示例${code}`, '--organisation', 'bureau', '--role', role, ...more, '--as', 'admin')
  const readings = district.file('march.csv', '户号,起码,止码,用水量\n00101,0,100,100\n00102,0,200,200\n')
  await run('readings', 'import', readings, '--collector', 'gx', '--month', '2026-03', '--as', 'clerk')
  await run('bills', 'draft', '2026-03', '--as', 'clerk')
  const [{ runId }] = JSON.parse(await run('bills', 'runs', '--json'))
  const { digest } = JSON.parse(await run('bills', 'run', runId, '--json')).summary
  await run('bills', 'approve', runId, '--digest', digest.slice(0, 16), '--acknowledge', '首批', '--as', 'approver')
}, 300_000)
afterAll(() => district.remove())

const handed = ['--how', '直接送达', '--to', '张三', '--capacity', 'party']

describe('an order to pay on the command line', () => {
  it('is drafted, shown to its approver, issued and served', async () => {
    const empty = await on('2026-04-13').run('orders', 'list')
    expect(empty).toContain('没有通知书')
    const { run, refused } = on('2026-04-13')
    const trial = await run('--dry-run', 'orders', 'draft', 'D1', '--as', 'clerk')
    expect(trial).toContain('试算')
    const drafted = await run('orders', 'draft', 'D1', '--as', 'clerk')
    expect(drafted).toContain('账单 2 张，共 420.00 元')
    expect(await run('approvals', 'list')).toMatch(/责令限期缴纳通知书 +D1/)
    const shown = await run('approvals', 'show', idIn(drafted))
    expect(shown).toContain('示例商户甲：共 420.00 元，自送达起 15 日')
    expect(shown).toContain('逾期 3 天')
    const issued = await run('orders', 'decide', idIn(drafted), '--approve', '--as', 'approver')
    expect(issued).toContain('已签发责令限期缴纳通知书 2026-0001')
    const incomplete = await refused('orders', 'serve', '2026-0001', '--to', '张三', '--as', 'officer-a')
    expect(incomplete.code).toBe(64)
    expect(incomplete.said).toContain('缺少“送达方式”（how）')
    const bare = await refused('orders', 'serve', '2026-0001', ...handed, '--as', 'officer-a')
    expect(bare).toMatchObject({ code: 65, said: expect.stringContaining('须附证据文件') })
    const served = await run('orders', 'serve', '2026-0001', ...handed, '--evidence', scan, '--as', 'officer-a')
    expect(served).toContain('期限届满日：2026-04-28')
    expect(await run('orders', 'evidence', '2026-0001', '1')).toBe('示例扫描件')
  })

  it('keeps its bills from being corrected outside it', async () => {
    const ground = ['--reason', 'volume', '--evidence', '核查', '--as', 'clerk']
    const { run, refused } = on('2026-04-14')
    const outside = await refused('bills', 'cancel', '2026-000001', ...ground)
    expect(outside).toMatchObject({ code: 75, said: expect.stringContaining('在责令通知书 2026-0001 内') })
    const opening = ['--bill', '2026-000001', '--reason', '重复开账', '--evidence', scan, '--as', 'approver']
    await run('orders', 'open-correction', '2026-0001', ...opening)
    expect(await run('--dry-run', 'bills', 'cancel', '2026-000001', ...ground)).toContain('没有提出更正')
  })

  it('is worked through from the list of the day', async () => {
    const running = await on('2026-04-20').run('enforcement', 'today')
    expect(running).toMatch(/2026-04-28 +剩 8 天 +当事人 +当事人缴费期限 +420.00 元 +通知书 2026-0001/)
    const { run } = on('2026-04-30')
    const lapsed = await run('--lang', 'en', 'enforcement', 'today')
    expect(lapsed).toMatch(/brigade +lapsed: a case may be filed +420.00 yuan +order 2026-0001/)
    const reported = await run(
      'cases',
      'report',
      '2026-0001',
      '--second',
      'officer-b',
      '--report',
      scan,
      '--as',
      'officer-a',
    )
    expect(await run('approvals', 'show', idIn(reported))).toContain('示例officer-a（Z-1）、示例officer-b（Z-2）')
    expect(await run('cases', 'decide', idIn(reported), '--approve', '--as', 'approver')).toContain('已立案 2026-0001')
    await run('cases', 'investigate', '2026-0001', '--facts', '未缴', '--evidence', scan, '--as', 'officer-b')
    const words = ['--multiplier', '1.5', '--facts', '未缴', '--reason', '仍不缴纳', '--as', 'officer-a']
    const notice = await run('--lang', 'en', 'cases', 'notice', '2026-0001', ...words)
    expect(notice).toContain('fine: 630.00')
    const step = await run('approvals', 'show', idIn(notice))
    for (const said of ['行政处罚事先告知', '倍数：1.5', '罚款：630.00', '可申请听证：否']) expect(step).toContain(said)
    await run('cases', 'decide', idIn(notice), '--return', '改拟', '--as', 'approver')
    const shown = await run('cases', 'show', '2026-0001')
    expect(shown).toContain('欠缴数额 420.00，罚款幅度 1 倍 420.00 至 3 倍 1,260.00')
    expect(shown).toContain('→ 事先告知（执法大队 2026-07-29，剩 90 天）')
    expect(JSON.parse(await run('cases', 'show', '2026-0001', '--json'))).toMatchObject({
      bounds: ['420.00', '1260.00'],
    })
    expect(await run('journal', 'tie-out')).toContain('全部相符')
  })
})
