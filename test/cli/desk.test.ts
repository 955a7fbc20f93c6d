import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import readXlsxFile from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linesOfPage, textOfPdf } from '../support/pdf-text.ts'
import { openSmallDistrict, type SmallDistrict } from './small-district.ts'

let district: SmallDistrict
async function run(...words: string[]): Promise<string> {
  const ran = await district.run(...words)
  expect({ words, code: ran.code, stderr: ran.stderr }).toEqual({ words, code: 0, stderr: '' })
  return ran.stdout
}
const proposed = async (...words: string[]): Promise<{ proposalId: string; digest: string }> =>
  JSON.parse(await run(...words, '--json', '--as', 'clerk')).answer

const schedule = ['--title', 'City', '--document', 'C-2026', '--issuer', 'City', '--straddle', 'by-days']
const terms = ['--clause', '办法第九条', '--from', '2026-01-01', '--unit', 'HCF', '--currency', 'USD']
let runId: string

// gx 00101 and 00102 are billed in yuan, gx 00103 in dollars per HCF; mt 00101 is held, gx 00104 exempt.
beforeAll(async () => {
  district = await openSmallDistrict()
  await run('dischargers', 'add-price-category', 'city', '城市', 'city', '--as', 'clerk')
  const city = await proposed('tariffs', 'propose', '--code', 'C-1', ...schedule, ...terms, '--price', 'city=2.00')
  await run('tariffs', 'approve', city.proposalId, '--as', 'approver')
  const titles = '户号,排污者编号,供水方式,用户群体,价格类别,用水地址,开户日期\n'
  const accounts = `${titles}00104,D1,公共供水,mixed_block,shop,,2026-01-01\n00105,D1,自备水源,mixed_block,shop,,2026-01-01\n`
  const path = district.file('more.csv', accounts)
  await run('dischargers', 'import', 'accounts', path, '--collector', 'gx', '--as', 'clerk')
  const change = ['--collector', 'gx', '--group', 'mixed_block', '--category', 'city', '--on', '2026-03-01']
  await run('dischargers', 'change-account-category', '00103', ...change, '--evidence', '核查', '--as', 'clerk')
  const basis = await proposed(
    ...['volumes', 'propose-basis', '00104', '--basis', 'exempt', '--from', '2026-01-01', '--evidence', '核定'],
  )
  await run('volumes', 'decide-basis', basis.proposalId, '--approve', '--as', 'approver')
  const roster = await proposed('dischargers', 'freeze-roster', '--as-of', '2026-03-31')
  await run('dischargers', 'approve-roster', roster.proposalId, '--as', 'approver')
  const readings = district.file('march.csv', '户号,起码,止码,用水量\n00101,0,100,100\n00102,0,200,200\n00103,,,50\n')
  await run('readings', 'import', readings, '--collector', 'gx', '--month', '2026-03', '--as', 'clerk')
}, 300_000)
afterAll(() => district.remove())

describe('what waits for another person', () => {
  it('is named as people name it, and told in their language', async () => {
    const declaration = ['volumes', 'declare', '00105', '2026-03', '--volume', '42', '--evidence', '申报表']
    const declared = await proposed(...declaration)
    await run('bills', 'draft', '2026-03', '--as', 'clerk')
    runId = JSON.parse(await run('bills', 'runs', '--json'))[0].runId
    const list = await run('approvals', 'list')
    expect(list).toMatch(/自备水源申报 +00105 2026-03 /)
    expect(list).toMatch(new RegExp(`开账批次 +${runId} 2026-03 `))
    const all = JSON.parse(await run('approvals', 'list', '--all', '--json'))
    expect(all.map(({ subject }: { subject: string }) => subject)).toContain('00104 2026-01-01')
    const { id } = all.find(({ kind }: { kind: string }) => kind === 'bills.run')

    const zh = await run('approvals', 'show', id)
    expect(zh).toContain('普查：名单 6 户 = 开账 3 + 待处理 2 + 免征 1')
    expect(zh).toContain(`由他人审批: qingliu bills run ${runId}`)
    expect(zh).not.toMatch(/billedBefore|factsChanged|trueUpsLeft|brake|heldByCode/)
    const en = await run('--lang', 'en', 'approvals', 'show', id)
    expect(en).toContain('census: roster 6 = billed 3 + held 2 + exempt 1')
    expect(en).not.toMatch(/billedBefore|factsChanged|trueUpsLeft/)
    const waiting = await run('approvals', 'show', declared.proposalId)
    for (const line of ['户号：00105', '费款所属月份：2026-03', '申报水量：42 m³', '依据：申报表'])
      expect(waiting).toContain(`${line}\n`)
    expect(waiting).not.toMatch(/accountId|revision|volumeM3/)
  })
})

describe('an open run', () => {
  it('shows its held and its exempt accounts together', async () => {
    const shown = await run('bills', 'run', runId, '--held', '--exempt')
    expect(shown).toMatch(/00105 .*待处理/)
    expect(shown).toMatch(/00104 .*免征/)
    expect(await run('bills', 'run', runId, '--exempt')).not.toMatch(/00105/)
  })
})

describe('issued bills', () => {
  beforeAll(async () => {
    const { digest } = JSON.parse(await run('bills', 'run', runId, '--json')).summary
    await run('bills', 'approve', runId, '--digest', digest.slice(0, 16), '--acknowledge', '首批', '--as', 'approver')
  })

  it('are listed in the unit and the currency of their schedules', async () => {
    const yuan = await run('bills', 'list', '--account', '00102')
    expect(yuan).toMatch(/水量\(m³\) +金额\(元\)/)
    expect(yuan).toContain('1 张，合计 280.00 元')
    const dollars = await run('bills', 'list', '--account', '00103')
    expect(dollars).toMatch(/水量\(HCF\) +金额\(USD\)/)
    expect(dollars).toContain('1 张，合计 100.00 USD')
    expect(dollars).not.toMatch(/元|m³/)
    const both = await run('bills', 'list')
    expect(both).toMatch(/50 HCF +100\.00 USD/)
    expect(both).toContain('3 张，合计 420.00 元、100.00 USD')
    expect(JSON.parse(await run('bills', 'list', '--account', '00103', '--json'))).toMatchObject([
      { unit: 'HCF', currency: 'USD' },
    ])
  })

  it('are exported with their lines: a sheet of the workbook, a CSV of its own', async () => {
    const line = ['价格类别', '收费标准', '用水起', '用水止', '水量', '单位', '单价', '价格', '金额', '币种']
    const book = join(district.folder, 'bills.xlsx')
    await run('bills', 'export', '--month', '2026-03', '--to', book)
    const sheets = await readXlsxFile(book)
    const [titles = [], ...rows] = sheets.find(({ sheet }) => sheet === '明细')?.data ?? []
    expect(titles).toEqual(expect.arrayContaining(line))
    const last = Object.fromEntries(titles.map((title, column) => [String(title), rows.at(-1)?.[column]]))
    expect(last).toMatchObject({
      ...{ 户号: '00103', 价格类别: '城市', 收费标准: 'C-1', 用水起: '2026-03-01', 用水止: '2026-03-31' },
      ...{ 水量: 50, 单位: 'HCF', 单价: 2, 价格: '2.00 USD/HCF', 金额: 100, 币种: 'USD' },
    })
    const csv = join(district.folder, 'lines.csv')
    expect(await run('bills', 'export', '--lines', '--to', csv)).toContain('3 张账单，合计 420.00 元、100.00 USD')
    const text = readFileSync(csv, 'utf8').split('\r\n')
    expect(text[0]).toContain('用水起,用水止,水量,单位,单价,价格,金额,币种')
    expect(text[1]).toContain('商业,公共供水水表,S-2020,示例〔2020〕1号,2026-03-01,2026-03-31,100.000,m³,1.40,')
  })

  it('are printed with capitals where they are in yuan, and refused where nobody can print them', async () => {
    const path = join(district.folder, 'bill.pdf')
    const printed = async (account: string) => {
      const [{ number }] = JSON.parse(await run('bills', 'list', '--account', account, '--json'))
      expect(await run('bills', 'pdf', number, '--to', path)).toContain(`账单 ${number} 已写入`)
      return textOfPdf(readFileSync(path)).flatMap(linesOfPage)
    }
    const yuan = await printed('00102')
    for (const said of ['户号 00102', '金额（元） 280.00', '合计（大写）：人民币贰佰捌拾元整']) {
      expect(yuan.join('\n')).toContain(said)
    }
    const dollars = await printed('00103')
    expect(dollars.join('\n')).toContain('金额（USD） 100.00')
    expect(dollars.join('\n')).not.toMatch(/大写|人民币/)
    expect(await district.run('bills', 'pdf', '2026-999999', '--to', path)).toMatchObject({ code: 66 })
    const nowhere = await district.run('bills', 'pdf', '2026-000001', '--to', join(district.folder, 'no/bill.pdf'))
    expect([nowhere.code, nowhere.stderr]).toEqual([69, expect.stringContaining('写不了文件')])
  })

  it('are not corrected by a trial, which says so and what to do', async () => {
    const alone = ['--reason', 'duplicate', '--evidence', '核查', '--as', 'clerk']
    const unnamed = await district.run('bills', 'cancel', '2026-000001', ...alone)
    expect([unnamed.code, unnamed.stderr]).toEqual([64, expect.stringContaining('--duplicate-of')])
    const ground = [...alone, '--duplicate-of', '2026-000002']
    const trial = await run('--dry-run', 'bills', 'cancel', '2026-000001', ...ground)
    expect(trial).toContain('没有提出更正。去掉 --dry-run 再运行')
    expect(trial).not.toMatch(/已提出|bills decide/)
    expect(await run('bills', 'cancel', '2026-000001', ...ground)).toContain('已提出更正')
    const list = await run('approvals', 'list')
    expect(list).toMatch(/账单更正 +2026-000001 /)
    const [{ id }] = JSON.parse(await run('approvals', 'list', '--json'))
    const shown = await run('approvals', 'show', id)
    for (const said of [
      '账单 2026-000001：红冲',
      '原因：重复开账',
      '依据：核查',
      '与之重复的账单：2026-000002',
      '-140.00',
    ])
      expect(shown).toContain(said)
    expect(shown).not.toMatch(/billId|documentsDigest/)
  })
})
