import { existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { madeWorkbook, textCell } from '../../fixtures/tables/made-workbooks.ts'
import { examineFile } from '../../src/platform/files.ts'
import { badFiles, expectRefused, type Said } from './bad-files.ts'
import type { Ran } from './program.ts'
import { openSmallDistrict, type SmallDistrict } from './small-district.ts'

let district: SmallDistrict
let before: Awaited<ReturnType<SmallDistrict['mark']>>
beforeAll(async () => {
  district = await openSmallDistrict()
  before = await district.mark()
}, 300_000)
afterAll(() => district.remove())

const sheet = (...rows: readonly string[][]) =>
  madeWorkbook([
    { name: '三月', rows: rows.map((cells, index) => `<row r="${index + 1}">${cells.join('')}</row>`).join('') },
  ])

const files = badFiles({
  header: '户号,用水量',
  otherHeader: '户号,水量',
  row: '00101,1',
  again: '水量',
  twice: 'B“用水量”、C“水量”',
})

describe('a file that cannot be taken is refused by name, with its place and its remedy', () => {
  const take = (path: string) =>
    district.run('readings', 'import', path, '--collector', 'gx', '--month', '2026-03', '--as', 'gx-operator')

  it.each(files)('%s', async (_what, name, content, said) => {
    const ran = await take(district.file(name, typeof content === 'string' ? content : content()))
    expectRefused(ran, 65, { zh: [name, ...said.zh], en: [name, ...said.en] })
  })

  it('2 GB, by its size: nobody waits until it is read', async () => {
    const path = district.file('large.csv', '户号,用水量\n')
    truncateSync(path, 2 * 1024 ** 3)
    const said = { zh: ['large.csv', '2048 MB', '拆成'], en: ['large.csv', '2048 MB', 'Split it'] }
    expectRefused(await take(path), 65, said)
    // Whoever read a tebibyte to its end would not come back before the test is given up.
    truncateSync(path, 1024 ** 4)
    expect(await examineFile(path)).toMatchObject({ code: 'file_too_large' })
  })

  it('one that is not there, and a folder', async () => {
    const missing = join(district.folder, '四月.csv')
    expectRefused(await take(missing), 66, { zh: [missing, '核对路径'], en: [missing, 'Check the path'] })
    const folder = join(district.folder, '三月')
    mkdirSync(folder)
    expectRefused(await take(folder), 64, { zh: [folder, '是文件夹'], en: [folder, 'is a folder'] })
  })

  it('the registry and schedules refuse them too', async () => {
    const program = district.file('D.csv', Buffer.concat([Buffer.from('MZ\x90\0\x03\0'), Buffer.alloc(200)]))
    const accounts = ['dischargers', 'import', 'accounts']
    expectRefused(await district.run(...accounts, program, '--collector', 'gx', '--as', 'clerk'), 65, {
      zh: ['D.csv', '程序文件'],
      en: ['D.csv', 'a program'],
    })
    const narrow = district.file('narrow-accounts.csv', '户号,用户群体,备注\n00109,城区居民,\n')
    expectRefused(await district.run(...accounts, narrow, '--collector', 'gx', '--as', 'clerk'), 65, {
      zh: ['narrow-accounts.csv', '第 1 行', '排污者编号', '备注'],
      en: ['narrow-accounts.csv', 'row 1', '排污者编号', '备注'],
    })
    const schedule = ['tariffs', 'propose']
    expectRefused(await district.run(...schedule, district.file('s.json', '{"code":'), '--as', 'clerk'), 65, {
      zh: ['s.json', 'tariffs template'],
      en: ['s.json', 'tariffs template'],
    })
    const inNeither = Buffer.concat([Buffer.from('{"title":"标准'), Buffer.from([0xff]), Buffer.from('"}')])
    expectRefused(await district.run(...schedule, district.file('n.json', inNeither), '--as', 'clerk'), 65, {
      zh: ['n.json', '编码'],
      en: ['n.json', 'UTF-8'],
    })
    const bands = district.file('prices.csv', '价格类别,单价\nshop,1.40元\n')
    const terms = ['--code', 'S-9', '--title', '标准', '--document', '示例〔2026〕9号', '--issuer', '示例']
    const more = ['--straddle', 'by-days', '--clause', '办法第九条', '--from', '2027-01-01', '--as', 'clerk']
    expectRefused(await district.run(...schedule, bands, ...terms, ...more), 65, {
      zh: ['shop', '1.40元'],
      en: ['shop', '1.40元'],
    })
  })

  it('and nothing of all this is left in the database', async () => expect(await district.mark()).toEqual(before))
})

describe('a command that cannot be meant is refused with what to write instead', () => {
  // 户号 00101 is known to both collectors, 101 to none: it lost its zeros.
  const cases: readonly (readonly [string, string, number, Said])[] = [
    ['no actor', 'readings withdraw 1 --reason x', 64, { zh: ['--as', 'staff list'], en: ['--as', 'staff list'] }],
    ['an actor nobody knows', 'readings withdraw 1 --reason x --as nobody', 77, { zh: ['nobody'], en: ['nobody'] }],
    [
      'a person whose work it is not',
      'bills draft 2026-03 --as auditor',
      77,
      { zh: ['审计戊', '城管局经办', 'staff grant'], en: ['bureau clerk', 'staff grant'] },
    ],
    ['an unknown option', 'readings imports --all', 64, { zh: ['“--all”', '--help'], en: ['"--all"', '--help'] }],
    [
      'a mistyped option',
      'readings imports --mont 2026-03',
      64,
      { zh: ['“--mont”', '--month'], en: ['"--mont"', '--month'] },
    ],
    ['a mistyped command', 'readings improt x', 64, { zh: ['“improt”', 'import'], en: ['"improt"', 'import'] }],
    ['an option without its value', 'readings imports --month', 64, { zh: ['--month'], en: ['--month'] }],
    ['a required option left out', 'bills cancel 2026-000001 --as clerk', 64, { zh: ['--reason'], en: ['--reason'] }],
    ['an argument left out', 'bills show', 64, { zh: ['<number>'], en: ['<number>'] }],
    ['too many arguments', 'bills show 1 2', 64, { zh: ['应有 1 项', '写了 2 项'], en: ['1 expected', '2 given'] }],
    [
      'a value that is no choice',
      'dischargers template houses --to x.csv',
      64,
      { zh: ['houses', 'accounts'], en: ['houses', 'accounts'] },
    ],
    ['a month that is none', 'bills draft 2026-13 --as clerk', 64, { zh: ['2026-13'], en: ['2026-13', 'YYYY-MM'] }],
    [
      'a month that is not over',
      'bills draft 2026-04 --as clerk',
      75,
      { zh: ['2026-04', '次月'], en: ['2026-04', '1st'] },
    ],
    [
      'a day that is none',
      'dischargers suspend-account 00103 --from 2026-02-30 --reason x --as clerk',
      64,
      { zh: ['--from', '2026-02-30'], en: ['--from', '2026-02-30'] },
    ],
    [
      'an unknown collector',
      'dischargers show-account 00103 --collector xx',
      66,
      { zh: ['xx', 'dischargers'], en: ['xx', 'dischargers'] },
    ],
    [
      'an unknown account',
      'readings history 99999',
      66,
      { zh: ['99999', 'open-account'], en: ['99999', 'open-account'] },
    ],
    [
      'an account that lost its zeros',
      'readings history 102 --collector gx',
      66,
      { zh: ['102', '00102'], en: ['102', '00102'] },
    ],
    [
      'an account two collectors have',
      'readings history 00101',
      64,
      { zh: ['gx、mt', '--collector'], en: ['gx、mt', '--collector'] },
    ],
    ['a bill number that is none', 'bills show 17', 64, { zh: ['“17”', '2026-000001'], en: ['"17"', '2026-000001'] }],
    [
      'a bill nobody issued',
      'bills show 2026-000017',
      66,
      { zh: ['2026-000017', 'bills list'], en: ['2026-000017', 'bills list'] },
    ],
    ['a run that is no number', 'bills approve abc --digest 12345678 --as approver', 66, { zh: ['abc'], en: ['abc'] }],
    ['an import that is no number', 'readings rows abc', 66, { zh: ['abc', 'imports'], en: ['abc', 'imports'] }],
    [
      'a proposal that is no number',
      'tariffs approve abc --as approver',
      66,
      { zh: ['abc', 'approvals list'], en: ['abc', 'approvals list'] },
    ],
    ['a limit that is no number', 'bills list --limit many', 64, { zh: ['many'], en: ['many'] }],
    [
      'a declaration of an account on public supply',
      'volumes declare 00103 2026-03 --volume 10 --evidence x --as clerk',
      65,
      { zh: ['00103', '自备水源'], en: ['00103', 'own-source'] },
    ],
    [
      'an unknown ground',
      'volumes end-basis 7 --on 2026-04-01 --reason x --as clerk',
      66,
      { zh: ['7', 'volumes bases'], en: ['7', 'volumes bases'] },
    ],
    ['a calendar nobody loaded', 'calendars due 2088-03', 69, { zh: ['2088', 'calendars'], en: ['2088', 'calendars'] }],
  ]
  it.each(cases)('%s: %s', async (_what, words, exit, said) => {
    expectRefused(await district.run(...words.split(' ')), exit, said)
  })

  it('readings for a month to come, without a month, of a wrong collector, of another company', async () => {
    const path = district.file('march.csv', '户号,用水量\n00101,12\n')
    const take = (...words: string[]) => district.run('readings', 'import', path, ...words)
    expectRefused(await take('--collector', 'gx', '--month', '2026-05', '--as', 'clerk'), 64, {
      zh: ['march.csv', '2026-05', '2026-04-03', '--month'],
      en: ['march.csv', '2026-05', '2026-04-03', '--month'],
    })
    expectRefused(await take('--collector', 'gx', '--as', 'clerk'), 64, {
      zh: ['march.csv', '--month 2026-03'],
      en: ['march.csv', '--month 2026-03'],
    })
    expectRefused(await take('--collector', 'xx', '--month', '2026-03', '--as', 'clerk'), 66, {
      zh: ['xx', '代征单位代码'],
      en: ['xx', 'no collector'],
    })
    expectRefused(await take('--collector', 'mt', '--month', '2026-03', '--as', 'gx-operator'), 77, {
      zh: ['示例gx经办', 'mt', '本公司'],
      en: ['示例gx经办', 'mt', 'not act for'],
    })
  })

  it('and nothing of all this is left in the database', async () => expect(await district.mark()).toEqual(before))
})

describe('with --json a refusal is one object on stderr', () => {
  it.each([
    ['usage', 64, 'readings imports --all', 'option_unknown'],
    ['usage', 64, 'readings', 'command_incomplete'],
    ['usage', 64, 'bills show 17', 'bill_number_malformed'],
    ['invalid', 65, 'volumes declare 00103 2026-03 --volume 10 --evidence x --as clerk', 'not_own_source'],
    ['missing', 66, 'bills show 2026-000017', 'bill_missing'],
    ['unavailable', 69, 'calendars due 2088-03', 'year_not_loaded'],
    ['conflict', 75, 'bills draft 2026-04 --as clerk', 'fee_month_not_over'],
    ['forbidden', 77, 'bills draft 2026-03 --as auditor', 'role_missing'],
  ])('of the kind %s (%i): %s', async (kind, exit, words, code) => {
    const ran = await district.run('--json', ...words.split(' '))
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: exit, stdout: '' })
    const { refusal } = JSON.parse(ran.stderr)
    expect(refusal).toMatchObject({ code, kind, zh: expect.stringMatching(/\p{Script=Han}/u), en: expect.any(String) })
    expect(refusal.zh + refusal.en).not.toMatch(/\{\w+\}/)
  })
})

describe('a dry run', () => {
  it('shows what would happen and changes nothing', async () => {
    const readings = district.file('dry.csv', '户号,起码,止码,用水量\n00101,0,100,100\n00102,0,200,200\n')
    const more = district.file(
      'dry-accounts.csv',
      '户号,排污者编号,供水方式,用户群体,价格类别,用水地址,开户日期\n00109,D1,公共供水,mixed_block,shop,,2026-04-01\n',
    )
    const commands = [
      ['readings', 'import', readings, '--collector', 'gx', '--month', '2026-03', '--as', 'clerk'],
      ['dischargers', 'import', 'accounts', more, '--collector', 'gx', '--as', 'clerk'],
      ['dischargers', 'freeze-roster', '--as-of', '2026-04-01', '--as', 'clerk'],
      ['dischargers', 'suspend-account', '00103', '--from', '2026-04-01', '--reason', 'x', '--as', 'clerk'],
      ['staff', 'add', 'new', '示例新', '--organisation', 'bureau', '--role', 'auditor', '--as', 'admin'],
      ['settings', 'set', 'bills.due_day', '12', '--citation', 'x', '--as', 'admin'],
    ]
    for (const words of commands) {
      const ran = await district.run('--dry-run', ...words)
      expect({ words, ran }).toMatchObject({ words, ran: { code: 0, stderr: '' } })
      expect(ran.stdout).toContain('（试算：未保存）')
    }
    expect(await district.mark()).toEqual(before)
  })

  it('of a draft is refused: a draft is one', async () => {
    const ran = await district.run('--dry-run', 'bills', 'draft', '2026-03', '--as', 'clerk')
    expectRefused(ran, 64, { zh: ['bills discard', '--dry-run'], en: ['bills discard', '--dry-run'] })
    expect(await district.mark()).toEqual(before)
  })
})

describe('a blank form', () => {
  const forms = [
    ['readings', 'template'],
    ['bills', 'opening-template', 'readings', '--to'],
    ['dischargers', 'template', 'accounts', '--to'],
  ]
  it.each(forms)('is what its name says: %s %s', async (...words) => {
    const [csv, xlsx, pdf] = ['form.CSV', 'form.xlsx', 'form.pdf'].map((name) => join(district.folder, name))
    for (const path of [csv, xlsx] as string[]) expect(await district.run(...words, path)).toMatchObject({ code: 0 })
    expect(readFileSync(csv as string, 'utf8')).toMatch(/^\uFEFF户号,.*\r\n$/)
    expect(
      readFileSync(xlsx as string)
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
    expectRefused(await district.run(...words, pdf as string), 64, {
      zh: ['form.pdf', '.xlsx', '.csv'],
      en: ['form.pdf', '.xlsx', '.csv'],
    })
    expect(existsSync(pdf as string)).toBe(false)
  })
})

// From here on the district changes.
describe('rows that cannot be taken', () => {
  it('of the registry are printed with row, column, value and remedy, in the language asked for', async () => {
    const path = district.file(
      'bad-accounts.csv',
      '户号,排污者编号,供水方式,用户群体,价格类别,用水地址,开户日期\n00108,D1,公共供水,mixed_block,shop,,2026-02-30\n00109,D99,公共供水,mixed_block,shop,,2026-03-01\n',
    )
    const take = ['dischargers', 'import', 'accounts', path, '--collector', 'gx', '--as', 'clerk']
    const zh = (await district.run(...take)).stdout
    for (const words of [
      '第 2 行，“开户日期”为“2026-02-30”：',
      '（cell.impossible_date）',
      '应为：',
      '第 3 行，“排污者编号”为“D99”：没有编号为 D99 的排污者。请先登记',
    ])
      expect(zh).toContain(words)
    expect(zh).not.toMatch(/“”|\{\w+\}/)
    const en = (await district.run('--lang', 'en', ...take)).stdout
    expect(en).toContain('Row 3, "排污者编号" is "D99": There is no discharger D99. Register it first')
    const { answer } = JSON.parse((await district.run('--json', ...take)).stdout)
    expect(answer.reasons[1].first[0]).toMatchObject({ row: 3, column: '排污者编号', value: 'D99' })
    const out = join(district.folder, 'rejected.csv')
    await district.run('--lang', 'en', 'dischargers', 'export-rejected', answer.importId, '--to', out)
    expect(readFileSync(out, 'utf8')).toMatch(/,rejected,There is no discharger D99\.,"?Register it first/)
  })

  it('are rejected or held one by one, each with its place, value and remedy, in either language', async () => {
    const path = district.file(
      'rows.xlsx',
      sheet(
        [textCell('A1', '户号'), textCell('B1', '用水量')],
        [textCell('A2', '00103'), '<c r="B2"><f>6*7</f><v>42</v></c>'],
        [textCell('A3', '00102'), '<c r="B3"><f>SUM(C1:C9)</f></c>'],
        [textCell('A4', '00102'), '<c r="B4" t="e"><f>C1</f><v>#REF!</v></c>'],
        [textCell('A5', '3.60799E+11'), '<c r="B5"><v>7</v></c>'],
        [textCell('A6', '88888'), '<c r="B6"><v>8</v></c>'],
        [textCell('A7', '00102'), textCell('B7', '12吨半')],
      ),
    )
    const take = [
      'readings',
      'import',
      path,
      '--collector',
      'gx',
      '--month',
      '2026-03',
      '--as',
      'gx-operator',
      '--json',
    ]
    const { answer } = JSON.parse((await district.run(...take)).stdout)
    // The formula with a stored result is an ordinary number; none of the others became a reading of 0.
    expect(answer).toMatchObject({
      rows: { in: 6, accepted: 1, held: 0, rejected: 5 },
      volumesM3: { accepted: '42.000' },
    })
    const zh = (await district.run('readings', 'rows', answer.importId)).stdout
    const en = (await district.run('--lang', 'en', 'readings', 'rows', answer.importId)).stdout
    for (const words of [
      '第 3 行',
      '没有保存计算结果',
      '第 4 行',
      '#REF!',
      '第 5 行',
      '科学计数法',
      '第 6 行',
      '88888',
      '第 7 行',
      '12吨半',
    ])
      expect(zh).toContain(words)
    for (const words of [
      'Row 3',
      'never saved',
      'Row 4',
      '#REF!',
      'Row 5',
      'exponent',
      'Row 6',
      '88888',
      'Row 7',
      '12吨半',
    ])
      expect(en).toContain(words)
    const history = await district.run('readings', 'history', '00102', '--collector', 'gx', '--json')
    expect(JSON.parse(history.stdout)).toEqual([])
  })
})

describe('what a person reads of an import', () => {
  const take = (path: string, ...words: string[]) =>
    district.run('readings', 'import', path, '--collector', 'gx', '--month', '2026-03', '--as', 'gx-operator', ...words)
  const titles = '户号,表号,上期读数,本期读数,用水量,抄表方式'

  it('of a trial says how to import in earnest, and names no import that does not exist', async () => {
    const path = district.file('trial.csv', `${titles}\n00101,M-1,0,20,20,估抄\n00102,M-2,0,30,90,实抄\n77777,,,,1,\n`)
    const preview = ['readings', 'preview', path, '--collector', 'gx', '--month', '2026-03', '--as', 'gx-operator']
    for (const ran of [await take(path, '--dry-run'), await district.run(...preview)]) {
      expect(ran).toMatchObject({ code: 0 })
      expect(ran.stdout).toContain(`正式导入：qingliu readings import ${path} --collector gx --month 2026-03`)
      expect(ran.stdout).not.toMatch(/readings (?:rows|export|absent) \d|导入 \d/)
      expect(ran.stdout).toContain('水量与读数差不符（volume_differs）：1 行')
      expect(ran.stdout).toContain('户号不存在（account_unknown）：1 行')
    }
  })

  it('has the reasons in words, and of a correction what it changed', async () => {
    const first = district.file('first.csv', `${titles}\n00101,M-1,0,20,20,估抄\n00102,M-2,0,30,90,实抄\n`)
    expect((await take(first)).stdout).toMatch(/^\s*水量与读数差不符（volume_differs）：1 行$/m)
    const second = await take(district.file('second.csv', `${titles}\n00101,M-1,0,20,20,实抄\n`))
    expect(second.stdout).toContain('更正 第 2 行 户号 00101：来源 估抄 ⇒ 实抄\n')
    const imports = JSON.parse((await district.run('readings', 'imports', '--json')).stdout)
    const { importId } = imports.find(({ fileName }: { fileName: string }) => fileName === 'first.csv')
    await district.run('readings', 'reject', importId, '--rows', '3', '--reason', '误抄', '--as', 'gx-operator')
    const report = await district.run('readings', 'report', importId)
    expect(report.stdout).toMatch(/水量与读数差不符（volume_differs） +1 +0/)
    expect(report.stdout).toContain('已拒绝 1 行')
    const english = await district.run('--lang', 'en', 'readings', 'report', importId)
    expect(english.stdout).toMatch(/volume differs from the readings \(volume_differs\) +1 +0/)
    expect(english.stdout).toContain('1 rejected')
  })
})

describe('the same again', () => {
  const answerOf = (ran: Ran) => JSON.parse(ran.stdout)

  it.each([
    ['readings', ['readings', 'import', 'same.csv', '--collector', 'gx', '--month', '2026-03', '--as', 'gx-operator']],
    ['the registry', ['dischargers', 'import', 'dischargers', 'same-d.csv', '--as', 'clerk']],
  ])('a file of %s answers as the first time and changes nothing', async (_what, words) => {
    district.file('same.csv', '户号,起码,止码,用水量\n00101,0,100,100\n77777,0,1,1\n')
    district.file('same-d.csv', '排污者编号,名称,类型\nD7,示例商户庚,商户\nD8,,商户\n')
    const command = words.map((word) => (word.endsWith('.csv') ? join(district.folder, word) : word))
    const first = answerOf(await district.run(...command, '--json'))
    expect(first).toMatchObject({ repeated: false })
    const mark = await district.mark()
    const second = await district.run(...command, '--json')
    expect(answerOf(second)).toEqual({ ...first, repeated: true })
    const third = await district.run(...command)
    expect(third.stdout).toContain('重复提交')
    expect(await district.mark()).toEqual(mark)
  })

  it('a command id with other content is refused by name', async () => {
    const mine = ['--command-id', 'my-command-1', '--as', 'admin']
    const set = ['settings', 'set', 'brake.count_share']
    expect(await district.run(...set, '0.06', '--citation', 'x', ...mine)).toMatchObject({ code: 0 })
    const mark = await district.mark()
    expect((await district.run(...set, '0.06', '--citation', 'x', ...mine)).stdout).toContain('重复提交')
    expectRefused(await district.run(...set, '0.07', '--citation', 'x', ...mine), 75, {
      zh: ['my-command-1', '换一个'],
      en: ['my-command-1', 'another id'],
    })
    expect(await district.mark()).toEqual(mark)
  })
})

describe('one’s own work', () => {
  it('is approved by nobody who did it, and by nobody who saw something else', async () => {
    const both = ['--as', 'both', '--json']
    const draft = await district.run('bills', 'draft', '2026-03', ...both)
    expect(draft).toMatchObject({ code: 0, stderr: '' })
    const drafted = JSON.parse(draft.stdout)
    const mark = await district.mark()
    const approve = (...words: string[]) => district.run('bills', 'approve', drafted.runId, ...words)
    expectRefused(await approve('--digest', drafted.digest, '--as', 'both'), 77, { zh: ['兼任丁'], en: ['兼任丁'] })
    expectRefused(await approve('--digest', 'deadbeef', '--as', 'approver'), 75, {
      zh: ['deadbeef', '重新查看'],
      en: ['deadbeef', 'Look again'],
    })
    expect(await district.mark()).toEqual(mark)
  })
})
