import { existsSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { madeWorkbook, textCell } from '../../fixtures/tables/made-workbooks.ts'
import { badFiles, expectRefused } from './bad-files.ts'
import type { Ran } from './program.ts'
import { openSmallDistrict, type SmallDistrict } from './small-district.ts'

let district: SmallDistrict
beforeAll(async () => {
  district = await openSmallDistrict()
  await ok('readings', 'import', await readings(), '--collector', 'gx', '--month', '2026-03', '--as', 'gx-operator')
  const { stdout } = await ok('--json', 'bills', 'draft', '2026-03', '--as', 'clerk')
  const { runId, digest } = JSON.parse(stdout) as { runId: string; digest: string }
  await ok('bills', 'approve', runId, '--digest', digest, '--acknowledge', '已逐户核对', '--as', 'approver')
}, 300_000)
afterAll(() => district.remove())

const readings = async () =>
  district.file('readings.csv', '户号,表号,上期读数,本期读数\n00101,M-1,0,100\n00102,M-2,0,200\n')
/** Later words win, so a day among them is the day of the command. */
const run = (...words: string[]) => district.run('--today', '2026-04-13', ...words)
async function ok(...words: string[]): Promise<Ran> {
  const ran = await district.run(...words)
  expect({ words, code: ran.code, stderr: ran.stderr }).toMatchObject({ words, code: 0, stderr: '' })
  return ran
}
/** What a command prints in both languages; English holds no Chinese but names, references and words that are codes. */
async function said(...words: string[]): Promise<{ zh: string; en: string }> {
  const zh = await run(...words)
  const en = await run('--lang', 'en', ...words)
  expect([zh.code, en.code, zh.stderr, en.stderr]).toEqual([0, 0, '', ''])
  for (const text of [zh.stdout, en.stdout]) expect(text).not.toMatch(/\bundefined\b|\[object|NaN|\{\w+\}/)
  expect(en.stdout).not.toMatch(/[：（）；。元]/)
  return { zh: zh.stdout, en: en.stdout }
}

const header = '户号,户名,缴费日期,交易流水号,污水处理费,实收合计,收款方式,冲正标志'
const collected = () =>
  district.file(
    'collected.csv',
    [
      header,
      '00101,甲,2026-04-09,A1,100.00,,柜台,',
      '00102,乙,2026-04-10,A2,300.00,,柜台,',
      '00101,甲,2026-04-10,,40.00,,柜台,',
      '00103,乙,2026-04-10,A4,,12.00,柜台,',
      '00199,丙,2026-04-10,A5,1.00,,柜台,',
      '合计,,,,440.00,,,',
    ].join('\n'),
  )

describe('before anything is paid', () => {
  it('every list says that there is nothing, and what to do', async () => {
    for (const [words, zh, en] of [
      [['payments', 'imports'], 'qingliu payments import', 'qingliu payments import'],
      [['payments', 'list'], '没有这样的缴款', 'There are no such payments'],
      [['payments', 'credits'], '没有未核销的余额', 'Nothing is unused'],
      [['objections', 'list'], '没有异议', 'There are no objections'],
      [['payments', 'overdue', '--as-of', '2026-04-10'], '共 0 张，未缴 0.00 元', '0 bills in all, 0.00 outstanding'],
    ] as const) {
      const told = await said(...words)
      expect(told.zh).toContain(zh)
      expect(told.en).toContain(en)
    }
  })

  it('a collector that nobody knows is refused by every list', async () => {
    for (const list of ['imports', 'list', 'credits', 'outstanding', 'overdue', 'ageing']) {
      const ran = await run('payments', list, '--collector', 'nobody')
      expect([list, ran.code === 0, ran.stderr.includes('nobody')]).toEqual([list, false, true])
    }
  })

  it('and what is outstanding is what was billed', async () => {
    const { zh, en } = await said('payments', 'outstanding', '--limit', '1')
    expect(zh).toContain('共 2 张，未缴 420.00 元；只列了 1 张，见 --limit。')
    expect(en).toContain('2 bills in all, 420.00 outstanding; 1 of them shown, see --limit.')
  })
})

describe('a payment file that cannot be taken is refused as a reading file is', () => {
  const take = (path: string) => run('payments', 'import', path, '--collector', 'gx', '--as', 'gx-operator')
  const files = badFiles({
    header: '户号,缴费日期,污水处理费',
    otherHeader: '户号,收款日期,实收污水费',
    row: '00101,2026-04-05,1',
    again: '实收污水费',
    twice: 'C“污水处理费”、D“实收污水费”',
  })
  let before: Awaited<ReturnType<SmallDistrict['mark']>>
  beforeAll(async () => {
    before = await district.mark()
  })

  it.each(files)('%s', async (_what, name, content, sentences) => {
    const ran = await take(district.file(name, typeof content === 'string' ? content : content()))
    expectRefused(ran, 65, { zh: [name, ...sentences.zh], en: [name, ...sentences.en] })
  })

  it('2 GB, one that is not there, of another company, of no collector', async () => {
    const large = district.file('large.csv', `${header}\n`)
    truncateSync(large, 2 * 1024 ** 3)
    expectRefused(await take(large), 65, { zh: ['large.csv', '拆成'], en: ['large.csv', 'Split it'] })
    const missing = join(district.folder, '收款.csv')
    expectRefused(await take(missing), 66, { zh: [missing, '核对路径'], en: [missing, 'Check the path'] })
    const others = await run('payments', 'import', collected(), '--collector', 'mt', '--as', 'gx-operator')
    expectRefused(others, 77, { zh: ['mt', '本公司'], en: ['mt', 'not act for'] })
    const nobody = await run('payments', 'import', collected(), '--collector', 'xx', '--as', 'clerk')
    expectRefused(nobody, 66, { zh: ['xx'], en: ['xx'] })
    const empty = await take(district.file('no-rows.csv', `${header}\n`))
    expectRefused(empty, 65, { zh: ['no-rows.csv', '没有数据行'], en: ['no-rows.csv', 'no rows'] })
  })

  it('and a formula without a value rejects its row, never counts as 0', async () => {
    const cells = (...texts: string[]) => texts.map((text, column) => textCell(`${'ABCD'[column]}1`, text)).join('')
    const formula = [
      textCell('A2', '00101'),
      textCell('B2', '2026-04-05'),
      textCell('C2', 'F1'),
      '<c r="D2"><f>1+1</f></c>',
    ]
    const rows = `<row r="1">${cells('户号', '缴费日期', '交易流水号', '污水处理费')}</row><row r="2">${formula.join('')}</row>`
    const path = district.file('formula.xlsx', madeWorkbook([{ name: '四月', rows }]))
    const ran = await run('--dry-run', 'payments', 'import', path, '--collector', 'gx', '--as', 'gx-operator')
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toContain('读不出来 1 行（payment_cell_unreadable）')
  })

  it('and nothing of all this is left in the database', async () => expect(await district.mark()).toEqual(before))
})

describe('a file of payments', () => {
  it('of a trial keeps nothing, in earnest says what became of its rows, in words of either language', async () => {
    const words = ['payments', 'import', collected(), '--collector', 'gx', '--as', 'gx-operator'] as const
    const before = await district.mark()
    expect((await run('--dry-run', ...words)).stdout).toContain('入账 2 笔')
    expect(await district.mark()).toEqual(before)
    const zh = await run(...words)
    expect(zh).toMatchObject({ code: 0, stderr: '' })
    for (const each of [
      '入账 2 笔，冲正 0 笔',
      // Both accounts are of one payer: what 00102 paid too much pays 00101.
      '核销 400.00 元',
      '没有流水号 1 行（payment_reference_blank）',
      '第 7 行的合计不一致：文件合计 440.00 元，逐行相加 441.00 元（5 行）',
      'qingliu payments rows',
    ])
      expect(zh.stdout).toContain(each)
    const en = await run('--lang', 'en', ...words)
    expect(en).toMatchObject({ code: 0, stderr: '' })
    for (const each of ['no reference: 1 row (payment_reference_blank)', '2 payments and 0 reversals stored'])
      expect(en.stdout).toContain(each)
  })

  it('is listed with its rows, which are corrected, accepted and rejected', async () => {
    const { zh } = await said('payments', 'imports')
    const id = /^ *(\d+) {2}gx/m.exec(zh)?.[1] ?? ''
    expect((await said('payments', 'rows', id, '--undecided')).zh).toMatch(/第 4 行 {2}待审[\s\S]*第 6 行 {2}拒绝/)
    expectRefused(await run('payments', 'accept', id, '--rows', '4', '--reason', '核对', '--as', 'clerk'), 75, {
      zh: ['4', '流水号'],
      en: ['4', 'reference'],
    })
    const path = join(district.folder, '待改正.csv')
    expect((await run('payments', 'export-rows', id, path, '--held')).stdout).toContain('已导出 2 行')
    expect(readFileSync(path, 'utf8')).toContain('这一行没有流水号')
    const correct = [
      'payments',
      'correct',
      id,
      '4',
      '--set',
      '流水号=A3',
      '--reason',
      '银行回单',
      '--as',
      'gx-operator',
    ]
    expect((await run(...correct)).stdout).toContain('已处理 1 行：入账 1 笔')
    const reject = ['payments', 'reject', id, '--rows', '5,6', '--reason', '退回公司', '--as', 'gx-operator']
    expect((await run(...reject)).stdout).toContain('已处理 2 行')
    const rows = await said('payments', 'rows', id)
    expect(rows.zh).toContain('改正：银行回单')
    await run('payments', 'export-rows', id, path)
    expect(readFileSync(path, 'utf8')).toContain('待审 → 改正')
    expect((await said('payments', 'rows', id, '--undecided')).zh).toBe('没有这样的行。\n')
    expectRefused(await run('payments', 'rows', id, '--code', 'x'), 64, { zh: ['x'], en: ['x'] })
  })

  it('has a blank form, which it is made of', async () => {
    const path = join(district.folder, '缴款.xlsx')
    expect((await run('payments', 'template', path)).code).toBe(0)
    expect(existsSync(path)).toBe(true)
  })
})

describe('payments by hand', () => {
  const paymentOf = async (reference: string) =>
    (
      JSON.parse((await run('--json', 'payments', 'list', '--reference', reference)).stdout) as { paymentId: string }[]
    )[0]?.paymentId ?? ''

  it('are entered, shown with what they paid in words, and known when they come again', async () => {
    const words = [
      'payments',
      'record',
      '--reference',
      '国库1',
      '--discharger',
      'D1',
      '--paid-on',
      '2026-04-13',
      '--amount',
      '30.00',
    ]
    expect((await run(...words, '--as', 'clerk')).stdout).toMatch(/30\.00 元\n {2}未核销 30\.00 元/)
    expect((await run('--command-id', 'another-command', ...words, '--as', 'clerk')).stdout).toContain(
      '此前已登记，未作改动',
    )
    expectRefused(await run(...words, '--as', 'gx-operator'), 77, { zh: ['国库'], en: ['treasury'] })
    const shown = await said('payments', 'show', await paymentOf('A1'))
    expect(shown.zh).toContain('按到期先后')
    expect(shown.en).toContain('by due date')
    expectRefused(await run('payments', 'show', '999'), 66, { zh: ['999'], en: ['999'] })
  })

  it('are refunded by two persons', async () => {
    const id = await paymentOf('A3')
    const proposal = [
      'payments',
      'refund',
      id,
      '--amount',
      '5.00',
      '--from',
      'collector',
      '--evidence',
      '申请',
      '--as',
      'clerk',
    ]
    expectRefused(await run(...proposal.map((word) => (word === '5.00' ? '20.01' : word))), 75, {
      zh: ['20.00', '20.01'],
      en: ['20.00', '20.01'],
    })
    const proposed = await run(...proposal)
    const suggested = /qingliu (payments decide-refund .*)$/m.exec(proposed.stdout)?.[1]?.split(' ') ?? []
    expectRefused(await run(...suggested, '--as', 'clerk'), 77, { zh: ['经办'], en: ['role'] })
    expect((await run(...suggested, '--as', 'approver')).stdout).toBe('已批准退款 5.00 元。\n')
    expect((await said('payments', 'credits')).zh).toMatch(/A3 .* 15\.00/)
  })

  it('are reversed, which makes their bills overdue; what was late was overdue before', async () => {
    const before = await said('payments', 'overdue', '--as-of', '2026-04-11')
    expect(before.zh).toContain('共 0 张')
    const id = await paymentOf('A1')
    const reversal = ['payments', 'reverse', id, '--reason', '退票', '--on', '2026-04-11', '--as', 'clerk']
    expect((await run(...reversal)).stdout).toContain('100.00 元重新列为欠费')
    const { zh, en } = await said('payments', 'overdue', '--as-of', '2026-04-13')
    expect(zh).toMatch(/2026-04-13 日终逾期：\n[\s\S]*00101[\s\S]*共 1 张，未缴 100\.00 元。/)
    expect(en).toContain('1 bill in all, 100.00 outstanding.')
    expect((await said('payments', 'ageing')).zh).toMatch(/1-30 +1 +100\.00/)
    expect((await said('payments', 'show', id)).zh).toContain('缴款冲正')
  })

  it('are allocated to a bill that is named', async () => {
    const bill = /(2026-\d{6})/.exec((await said('payments', 'outstanding')).zh)?.[1] ?? ''
    const words = [
      'payments',
      'allocate',
      await paymentOf('国库1'),
      '--bill',
      bill,
      '--amount',
      '20.00',
      '--as',
      'clerk',
    ]
    expect((await run(...words)).stdout).toContain(`核销账单 ${bill}　20.00 元`)
    expect((await said('payments', 'outstanding', '--account', '00101', '--collector', 'gx')).zh).toContain(
      '未缴 80.00 元',
    )
  })

  it('and the books agree', async () => {
    expect((await said('payments', 'verify')).zh).toContain('全部相符')
    expect((await said('journal', 'tie-out')).en).toContain('All are equal.')
    expect((await said('journal', 'ledger', 'collector_held')).zh).toMatch(/期末余额 +借 335\.00/)
    expect((await run('payments', 'rebuild', '--as', 'clerk')).code).toBe(0)
    expect((await said('payments', 'verify')).zh).toContain('全部相符')
  })
})

describe('objections', () => {
  it('are received with their term, listed, and answered once', async () => {
    const bill = /(2026-\d{6})/.exec((await said('payments', 'outstanding')).zh)?.[1] ?? ''
    const receive = ['objections', 'receive', bill, '--from', '示例商户甲', '--grounds', '水量有疑', '--as', 'clerk']
    expect((await run(...receive)).stdout).toMatch(/异议 1：账单 .* 前答复；缴费期限不变。/)
    expect((await said('objections', 'list', '--unanswered')).zh).toContain('水量有疑')
    const answer = ['objections', 'answer', '1', '--outcome', 'kept', '--reason', '复核无误', '--as', 'approver']
    expect((await run(...answer)).stdout).toBe('异议 1 已答复：维持。\n')
    expectRefused(await run('--command-id', 'a-second-answer', ...answer), 75, { zh: ['1'], en: ['1'] })
    expect((await said('objections', 'list')).zh).toContain('维持')
    const shown = await said('objections', 'show', '1')
    for (const part of ['水量有疑', '示例商户甲', '维持', '复核无误']) expect(shown.zh).toContain(part)
    expect(shown.en).toContain('kept; reason: 复核无误')
    expectRefused(await run(...receive.map((word) => (word === bill ? '2026-999999' : word))), 66, {
      zh: ['2026-999999'],
      en: ['2026-999999'],
    })
  })
})
