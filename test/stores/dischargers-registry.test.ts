import { writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeAccountCategory } from '../../src/dischargers/change-account-category.ts'
import { closeAccount } from '../../src/dischargers/close-account.ts'
import { exportRegistry, exportRejected, writeRegistryTemplate } from '../../src/dischargers/export-registry.ts'
import { importRegistry } from '../../src/dischargers/import-registry.ts'
import { listRegistryImports, rejectedRows } from '../../src/dischargers/registry.queries.ts'
import { type RegistryKind, registryFiles, registryKinds, registryTitles } from '../../src/dischargers/registry.ts'
import { replaceMeter } from '../../src/dischargers/replace-meter.ts'
import { resumeAccount } from '../../src/dischargers/resume-account.ts'
import { setMeterShares } from '../../src/dischargers/set-meter-shares.ts'
import { suspendAccount } from '../../src/dischargers/suspend-account.ts'
import { transferAccount } from '../../src/dischargers/transfer-account.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { listContacts } from '../../src/platform/outbox/contacts.ts'
import { writeXlsx } from '../../src/platform/tables/write-table.ts'
import { onEveryDatabase, type TestDatabase, testDatabases } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { creditCode, day, Registry } from './dischargers.ground.ts'

onEveryDatabase('importing the registry', (connection) => {
  let registry: Registry
  beforeAll(async () => {
    registry = await Registry.found(connection())
  })
  afterAll(() => registry.leave())
  const db = () => connection().db

  const reasonsOf = async (importId: string) => {
    const reasons: [number, string, string | undefined][] = []
    for await (const page of rejectedRows(db(), importId)) {
      for (const row of page) for (const reason of row.reasons) reasons.push([row.rowNo, reason.code, reason.column])
    }
    return reasons
  }
  const countOf = async (table: string) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db())
    return rows[0]?.n
  }

  const e1 = `E1,示例电子有限公司,企业,${creditCode(1)},否,示例路1号,0797-1`
  const r1 = 'R1,示例居民一,居民,,,,'

  test('registers what is sound and rejects the rest by row, column and reason', async () => {
    const answer = await registry.take('dischargers', [
      e1,
      r1,
      `E2,示例二厂,企业,${creditCode(2).slice(0, 16)}O${creditCode(2).slice(17)},否,,`,
      'E3,示例三厂,企业,,否,,',
      `E4,示例四厂,企业,${creditCode(1)},否,,`,
      'R2,示例居民二,居民,,,,',
      'R3,,居民,,,,',
      'R4,示例居民四,住户,,,,',
      `E5,示例五厂,企业,${creditCode(5)},,,`,
      'R2,另一个居民,居民,,,,',
      'R2,示例居民二,居民,,,,',
    ])
    expect(answer).toMatchObject({
      rowsIn: 11,
      added: 3,
      alreadyThere: 1,
      rejected: 7,
      rowsAccepted: 4,
      rowsRejected: 7,
    })
    expect(await reasonsOf(answer.importId)).toEqual([
      [4, 'credit_code_character', '统一社会信用代码'],
      [5, 'credit_code_needed', '统一社会信用代码'],
      [6, 'credit_code_taken', '统一社会信用代码'],
      [8, 'value_missing', '名称'],
      [9, 'value_wrong', '类型'],
      [10, 'value_missing', '产品以水为主'],
      [11, 'earlier_in_file', '名称'],
    ])
    expect(await countOf('dischargers')).toBe(3)
  })

  test('the answer names the first rows of each reason: column, value, what is wrong and what to do, in both languages', async () => {
    const answer = await registry.take('accounts', [
      ...['0019001', '0019002', '0019003', '0019004'].map((no) => `${no},E9,公共供水,城区居民,居民,,2024-03-01`),
      '0019005,R1,公共供水,城区居民,居民,,2026-02-30',
      '0019006,R1,,城区居民,居民,,2024-03-01',
    ])
    const reasonOf = (code: string) => answer.reasons.find((each) => each.code === code)
    expect(answer.reasons.map(({ code, count, firstRow }) => [code, count, firstRow])).toEqual([
      ['discharger_unknown', 4, 2],
      ['cell.impossible_date', 1, 6],
      ['value_missing', 1, 7],
    ])
    expect(reasonOf('discharger_unknown')?.first.map(({ row, column, value }) => [row, column, value])).toEqual([
      [2, '排污者编号', 'E9'],
      [3, '排污者编号', 'E9'],
      [4, '排污者编号', 'E9'],
    ])
    expect(reasonOf('discharger_unknown')?.first[0]).toMatchObject({
      zh: expect.stringMatching(/^没有编号为 E9 的排污者。请先登记：/),
      en: expect.stringMatching(/^There is no discharger E9\. Register it first: /),
    })
    expect(reasonOf('cell.impossible_date')?.first).toMatchObject([
      { row: 6, column: '开户日期', value: '2026-02-30', zh: expect.stringContaining('2026-02-30') },
    ])
    expect(reasonOf('value_missing')?.first).toMatchObject([
      { row: 7, column: '供水方式', value: '', en: expect.stringContaining('is empty') },
    ])
  })

  test('a name keeps its full-width brackets: it is printed on bills as the licence has it', async () => {
    await registry.take('dischargers', [' R7 ,　示例（赣州）\u200B商行 ,居民,,,,'])
    const { rows } = await sql<{ name: string }>`select name from dischargers where code = 'R7'`.execute(db())
    expect(rows).toEqual([{ name: '示例（赣州）商行' }])
  })

  test('the same file again changes nothing and gives the first answer', async () => {
    const path = registry.file('dischargers', ['R9,示例居民九,居民,,,,'])
    const first = await registry.outcome('dischargers', path)
    const again = await registry.outcome('dischargers', path)
    if (isRefusal(first) || isRefusal(again)) throw new Error('both are taken')
    expect(first.repeated).toBe(false)
    expect(again).toEqual({ ...first, repeated: true })
    // Under another name it is the same file still; a trial first does not use it up.
    const copy = registry.path('copy.csv')
    writeFileSync(copy, `\uFEFF${registryTitles('dischargers').join(',')}\r\nR9,示例居民九,居民,,,,\r\n`)
    expect(await registry.outcome('dischargers', copy)).toMatchObject({ repeated: true })
    const trial = registry.file('dischargers', ['R8,示例居民八,居民,,,,'])
    const input = { kind: 'dischargers', path: trial } as const
    expect(await importRegistry(registry.services, by('clerk', { dryRun: true }), input)).toMatchObject({
      dryRun: true,
    })
    expect(await importRegistry(registry.services, by('clerk'), input)).toMatchObject({
      repeated: false,
      answer: { added: 1 },
    })
  })

  test('an import changes nothing that is registered: equal rows are there already, others are rejected with the command', async () => {
    const answer = await registry.take('dischargers', [e1, 'R1,改了名的居民,居民,,,,'])
    expect(answer).toMatchObject({ added: 0, alreadyThere: 1, rejected: 1 })
    expect(await reasonsOf(answer.importId)).toEqual([[3, 'discharger_differs', '名称']])
  })

  test('accounts of production enterprises without an agreement are rejected, row by row (art. 2)', async () => {
    const lines = [
      '0010001,E1,公共供水,园区企业,非居民,示例路1号,2024-03-01',
      '0010002,R1,公共供水,城区居民,R,,2024/3/1',
    ]
    const before = await registry.take('accounts', lines)
    expect(before).toMatchObject({ added: 1, rejected: 1 })
    expect(await reasonsOf(before.importId)).toEqual([[2, 'agreement_needed', '开户日期']])
    const agreements = await registry.take('agreements', [
      'XY-1,E1,2024-01-10,2024-01-10,2025-01-10,协议.pdf',
      'XY-2,E1,2024-06-01,2024-06-01,,',
      'XY-3,E1,2025-01-10,2025-01-09,,',
      'XY-4,E1,2025-01-10,2025-01-10,,',
      'XY-5,E9,2025-01-10,2025-01-10,,',
    ])
    expect(await reasonsOf(agreements.importId)).toEqual([
      [3, 'agreement_overlaps', '生效日期'],
      [4, 'agreement_before_signing', '生效日期'],
      [6, 'discharger_unknown', '排污者编号'],
    ])
    // The rejected row is exported with its reason, and comes in as it is once the agreement is there.
    const out = registry.path('rejected.xlsx')
    expect(await exportRejected(db(), { importId: before.importId, to: out, language: 'zh' })).toBe(1)
    const again = await done(registry.outcome('accounts', out))
    expect(again).toMatchObject({ rowsIn: 1, added: 1, rejected: 0 })
  })

  test('rejected rows keep their columns, and say verdict, reason and remedy in the language asked for', async () => {
    const answer = await registry.take(
      'accounts',
      ['0010003,E9,公共供水,城区居民,居民,"示例路, 3号",2024-03-01,备注'],
      `${registryTitles('accounts').join(',')},抄表员`,
    )
    const out = registry.path('rejected.csv')
    await exportRejected(db(), { importId: answer.importId, to: out, language: 'zh' })
    const [header, row] = registry.text('rejected.csv').split('\r\n')
    expect(header).toBe('户号,排污者编号,供水方式,用户群体,价格类别,用水地址,开户日期,抄表员,结论,原因,建议')
    expect(row).toContain(
      '0010003,E9,公共供水,城区居民,居民,"示例路, 3号",2024-03-01,备注,拒绝,没有编号为 E9 的排污者。',
    )
    await exportRejected(db(), { importId: answer.importId, to: out, language: 'en' })
    expect(registry.text('rejected.csv')).toContain('rejected,There is no discharger E9.')
    // Exported from the corrected file, the old verdict gives way to the new one.
    const second = await done(registry.outcome('accounts', out))
    await exportRejected(db(), { importId: second.importId, to: registry.path('again.csv'), language: 'zh' })
    expect(registry.text('again.csv').split('\r\n')[0]).toBe(header)
    expect(await exportRejected(db(), { importId: '999', to: out, language: 'zh' })).toMatchObject({
      code: 'registry_import_unknown',
    })
  })

  test('an account row is there already whether it says the opening or the present state', async () => {
    await done(registry.outcome('dischargers', registry.file('dischargers', ['R5,示例居民五,居民,,,,'])))
    await done(
      transferAccount(registry.services, by('clerk'), {
        accountNo: '0010002',
        toDischargerCode: 'R5',
        on: day('2025-05-01'),
      }),
    )
    const answer = await registry.take('accounts', [
      '0010002,R1,公共供水,城区居民,居民,,2024-03-01',
      '0010002,R5,公共供水,城区居民,居民,,2024-03-01',
      '0010002,R2,公共供水,城区居民,居民,,2024-03-01',
      '0010002,R5,公共供水,城区居民,非居民,,2024-03-01',
      '1.23E+11,R5,公共供水,城区居民,居民,,2024-03-01',
      '0010004,R5,公共供水,外星人,居民,,2024-02-30',
    ])
    expect(answer).toMatchObject({ alreadyThere: 2, rejected: 4 })
    expect(await reasonsOf(answer.importId)).toEqual([
      [4, 'account_differs', '排污者编号'],
      [5, 'account_differs', '价格类别'],
      [6, 'cell.identifier_in_exponent_form', '户号'],
      [7, 'cell.impossible_date', '开户日期'],
      [7, 'group_unknown', '用户群体'],
    ])
  })

  test('meters: replacements and masters are found wherever they stand in the file', async () => {
    const answer = await registry.take('meters', [
      // The sub-meter and the new meter stand before their master and the old one.
      '0010002,M-SUB,20,5,1,供水,2024-03-01,0,,,,,M-MAIN,否',
      '0010001,M-NEW,50,6,1,供水,2025-06-01,7,,,,M-OLD,,否',
      '0010001,M-OLD,50,6,1,供水,2024-03-01,0,2025-06-01,54321.5,周期换表,,,否',
      '0010001,M-MAIN,100,7,10,供水,2024-03-01,12,,,,,,否',
      '10001,M-X,20,5,1,供水,2024-03-01,0,,,,,,否',
      '0010002,M-MAIN,100,7,10,供水,2025-01-01,0,,,,,,否',
      '0010002,M-Y,20,5,1,供水,2024-03-01,100000,,,,,,否',
      '0010002,M-Z,20,5,1,供水,2024-03-01,0,2025-01-01,,,,,否',
      '0010002,M-W,20,5,,供水,2024-02-29,0,,,,,,否',
      '0010002,M-V,20,5,1,供水,2024-02-29,0,,,,,,否',
      '0010002,M-U,20,5,1,供水,2024-03-01,0,,,,M-NEVER,,否',
    ])
    expect(answer).toMatchObject({ added: 4, rejected: 7 })
    expect((await reasonsOf(answer.importId)).map(([row, code]) => [row, code])).toEqual([
      [6, 'account_zeros_lost'],
      [7, 'meter_in_place'],
      [8, 'reading_beyond_digits'],
      [9, 'removal_incomplete'],
      [10, 'value_missing'],
      [11, 'before_opening'],
      [12, 'replaced_unknown'],
    ])
    const { rows } = await sql<{ meter: string; replaces: string | null; master: string | null }>`
      select m.meter_no as meter, om.meter_no as replaces, mm.meter_no as master
      from installations i join meters m on m.id = i.meter_id
      left join installations oi on oi.id = i.replaces_installation_id left join meters om on om.id = oi.meter_id
      left join installations mi on mi.id = i.master_installation_id left join meters mm on mm.id = mi.meter_id
      order by m.meter_no`.execute(db())
    expect(rows).toEqual([
      { meter: 'M-MAIN', replaces: null, master: null },
      { meter: 'M-NEW', replaces: 'M-OLD', master: null },
      { meter: 'M-OLD', replaces: null, master: null },
      { meter: 'M-SUB', replaces: null, master: 'M-MAIN' },
    ])
    const same = await registry.take('meters', [
      '0010001,M-OLD,50,6,1.0,供水,2024-03-01,0.00,2025-06-01,54321.500,周期换表,,,',
      '0010001,M-NEW,50,6,1,供水,2025-06-01,7,2026-01-01,99,停用,M-OLD,,否',
    ])
    expect(same).toMatchObject({ alreadyThere: 1, rejected: 1 })
    expect(await reasonsOf(same.importId)).toEqual([[3, 'meter_differs', '拆表日期']])
  })

  test('meters that name each other in a circle are rejected, not waited for', async () => {
    const answer = await registry.take('meters', [
      '0010002,M-A,20,5,1,供水,2025-03-01,0,,,,,M-B,否',
      '0010002,M-B,20,5,1,供水,2025-03-01,0,,,,,M-A,否',
    ])
    expect(answer).toMatchObject({ added: 0, rejected: 2 })
  })

  test('shares are taken as whole sets, in the order of their days', async () => {
    const answer = await registry.take('shares', [
      'M-MAIN,1,0010001,50%,1,分摊二,2025-07-01',
      'M-MAIN,1,0010001,0.3,1,分摊一,2025-01-01',
      'M-NEW,1,0010001,60%,1,分摊,2025-07-01',
      'M-MAIN,2,0010002,0.7,1,分摊一,2025-01-01',
      'M-MAIN,2,0010002,50%,1,分摊二,2025-07-01',
      'M-NEW,2,0010002,50%,1,分摊,2025-07-01',
      'M-SUB,1,0010001,一半,1,分摊,2025-07-01',
      'M-SUB,2,0010002,0.5,1,分摊,2025-07-01',
      'M-NIX,1,0010002,1,1,分摊,2025-07-01',
    ])
    expect(answer).toMatchObject({ added: 4, rejected: 5 })
    expect((await reasonsOf(answer.importId)).map(([row, code]) => [row, code])).toEqual([
      [4, 'shares_not_whole'],
      [7, 'shares_not_whole'],
      [8, 'value_wrong'],
      [9, 'set_has_rejected_rows'],
      [10, 'meter_unknown'],
    ])
    const { rows } = await sql<{ share_ratio: string; valid_from: string; valid_until: string | null }>`
      select share_ratio, valid_from, valid_until from installation_shares order by valid_from, share_no`.execute(db())
    expect(rows.map((row) => [row.share_ratio, row.valid_from, row.valid_until])).toEqual([
      ['0.3', '2025-01-01', '2025-07-01'],
      ['0.7', '2025-01-01', '2025-07-01'],
      ['0.5', '2025-07-01', null],
      ['0.5', '2025-07-01', null],
    ])
  })

  test('changes are recorded as the commands would, and in their order', async () => {
    const answer = await registry.take('changes', [
      '0010002,报停,2025-08-01,,,,外出',
      '0010002,复用,2025-09-01,,,,',
      '0010002,过户,2025-10-01,R1,,,',
      '0010002,类别变更,2025-10-01,,园区综合商住区块,非居民,现场核查',
      '0010001,过户,2025-10-01,R1,,,',
      '0010001,报停,2025-11-01,,,,检修',
      '0010002,销户,2026-01-01,,,,搬迁',
      '0010009,过户,2025-10-01,R1,,,',
      '0010002,过户,2025-12-01,,,,',
    ])
    expect((await reasonsOf(answer.importId)).map(([row, code]) => [row, code])).toEqual([
      // The park enterprise cannot pass to a resident without an agreement; what follows of it waits.
      [6, 'agreement_needed'],
      [7, 'earlier_change_rejected'],
      // Its meter hangs still.
      [8, 'final_readings_needed'],
      [9, 'account_unknown'],
      [10, 'value_missing'],
    ])
    expect(answer).toMatchObject({ added: 4, rejected: 5 })
    const again = await registry.take('changes', ['0010002,过户,2025-10-01,R1,,,', '0010002,报停,2025-08-01,,,,外出'])
    expect(again).toMatchObject({ alreadyThere: 2 })
  })

  test('outlets: the second needs the reason of art. 7', async () => {
    const answer = await registry.take('outlets', [
      'E1,P1,东门,是,否,,2024-01-01,2025-01-01',
      'E1,P2,西门,是,否,,2025-01-01,',
      'E1,P3,北门,是,否,,2025-06-01,',
      'E1,P4,北门,是,否,厂区跨路,2025-06-01,',
      'E1,P5,北门,,否,厂区跨路,2025-06-01,',
      'E1,P2,西门,是,否,,2025-01-01,',
    ])
    expect(answer).toMatchObject({ added: 3, alreadyThere: 1, rejected: 2 })
    expect((await reasonsOf(answer.importId)).map(([row, code]) => [row, code])).toEqual([
      [4, 'second_outlet_needs_reason'],
      [6, 'value_missing'],
    ])
  })

  test('contacts: each address once at a time, on a consent, with what Excel spoilt refused', async () => {
    const answer = await registry.take('contacts', [
      'E1,电子邮件,Finance@Example.com,,示例会计,纳管协议第八条,2026-01-01,',
      'E1,短信,13800000001,英文,,用户申请,2026-01-01,2026-03-01',
      'E1,短信,13800000001,英文,,用户申请,2026-03-01,',
      'E1,电子邮件,finance@example.com,,别人,纳管协议第八条,2026-02-01,',
      'E1,短信,1.38E+10,,,用户申请,2026-01-01,',
      'E1,短信,0797-123,,,用户申请,2026-01-01,',
      'E1,电子邮件,a@example.com,,,,2026-01-01,',
      'E99,电子邮件,a@example.com,,,用户申请,2026-01-01,',
      'E1,电子邮件,b@example.com,,,用户申请,2026-03-01,2026-02-01',
      'E1,电子邮件,finance@example.com,中文,示例会计,纳管协议第八条,2026-01-01,',
    ])
    expect(answer).toMatchObject({ added: 3, alreadyThere: 1, rejected: 6 })
    expect(await reasonsOf(answer.importId)).toEqual([
      [5, 'contact_taken', '地址'],
      [6, 'cell.identifier_in_exponent_form', '地址'],
      [7, 'value_wrong', '地址'],
      [8, 'value_missing', '同意的依据'],
      [9, 'discharger_unknown', '排污者编号'],
      [10, 'validity_ends_before_it_begins', '地址'],
    ])
    const held = await listContacts(db(), { party: 'E1', on: day('2026-04-01'), limit: 9 })
    expect(held.map(({ channel, address, language, person }) => [channel, address, language, person])).toEqual([
      ['email', 'finance@example.com', 'zh', '示例会计'],
      ['sms', '13800000001', 'en', ''],
    ])
  })

  test('billed use stands in the way of meters and changes of a file, too', async () => {
    const guards = {
      lastBilledUse: async (_: unknown, ids: readonly AccountId[]) => new Map(ids.map((id) => [id, day('2026-03-31')])),
    }
    const path = registry.file('changes', ['0010002,报停,2026-03-31,,,,外出', '0010001,报停,2026-04-01,,,,检修'])
    const answer = await done(
      importRegistry(registry.services, by('clerk'), { kind: 'changes', path, collectorCode: 'water' }, { guards }),
    )
    expect(answer).toMatchObject({ added: 1, rejected: 1 })
    expect(await reasonsOf(answer.importId)).toEqual([[2, 'use_is_billed', '日期']])
  })

  describe('a file that cannot be read is refused as a whole and leaves nothing', () => {
    const refused = async (kind: RegistryKind, content: string | Buffer, name = 'bad.csv') => {
      const path = registry.path(name)
      writeFileSync(path, content)
      const before = await countOf('imports')
      const code = await refusedWith(registry.outcome(kind, path))
      expect(await countOf('imports')).toBe(before)
      return code
    }
    const header = registryTitles('dischargers').join(',')

    test('nothing in it, no header, a column missing, a broken quote, a shifted row', async () => {
      expect(await refused('dischargers', '')).toBe('empty_file')
      expect(await refused('dischargers', 'a,b,c\n1,2,3\n')).toBe('no_header_found')
      expect(await refused('dischargers', '排污者编号,名称\nR1,示例\n')).toBe('column_missing')
      expect(await refused('dischargers', `${header}\nR77,"示例,居民,,,,\n`)).toBe('quote_broken')
      expect(await refused('dischargers', `${header}\nR77,示例,居民,,,示例路,1号,2\n`)).toBe('row_wider_than_header')
      expect(await refused('dischargers', Buffer.from([0x4d, 0x5a, 0, 0, 1, 2, 3]), 'x.xlsx')).toBe('executable_file')
      expect(await refusedWith(registry.outcome('dischargers', registry.path('absent.csv')))).toBe('file_not_found')
    })

    test('a fault behind thousands of good rows takes them all back', async () => {
      const rows = Array.from({ length: 6000 }, (_, index) => `Z${index},示例居民${index},居民,,,,`)
      const before = await countOf('dischargers')
      expect(await refused('dischargers', [header, ...rows, 'R77,"示例,居民,,,,', ''].join('\n'))).toBe('quote_broken')
      expect(await countOf('dischargers')).toBe(before)
    })

    test('an unknown collector, none where one is needed, and a person who may not', async () => {
      const path = registry.file('accounts', ['0099999,R1,公共供水,城区居民,居民,,2024-03-01'])
      const as = (actor: string, collectorCode?: string) =>
        refusedWith(
          importRegistry(registry.services, by(actor), {
            kind: 'accounts',
            path,
            ...(collectorCode === undefined ? {} : { collectorCode }),
          }),
        )
      expect(await as('clerk', 'nobody')).toBe('collector_unknown')
      expect(await as('clerk')).toBe('collector_needed')
      expect(await as('auditor', 'water')).toBe('role_missing')
    })
  })

  test('takes what water companies send: GBK text with a title, other names of columns, a totals row; XLSX with numbers', async () => {
    const { encode } = await import('iconv-lite')
    const path = registry.path('gbk.csv')
    writeFileSync(
      path,
      encode(
        '示例供水公司用户表,,,,,,\r\n用户编号,排污户编号,供水方式,用户类别,用水性质,地址,开户日\r\n0080001,R1,公共供水,城区居民,居民,示例路8号,2024年3月1日\r\n合计,1,,,,,\r\n',
        'gbk',
      ),
    )
    expect(await done(registry.outcome('accounts', path))).toMatchObject({ rowsIn: 1, added: 1 })
    const workbook = registry.path('meters.xlsx')
    const columns = registryTitles('meters').map((title) => ({
      title,
      kind: ['位数', '倍率', '初始读数'].includes(title) ? ('number' as const) : ('text' as const),
    }))
    await writeXlsx(workbook, [
      {
        name: '水表',
        columns,
        rows: [['0080001', '000123', '', '5', '1', '供水', '2024-03-01', '12.5', '', '', '', '', '', '']],
      },
    ])
    expect(await done(registry.outcome('meters', workbook))).toMatchObject({ added: 1 })
    const { rows } = await sql<{ meter_no: string; initial_reading: string }>`
      select m.meter_no, i.initial_reading from installations i join meters m on m.id = i.meter_id where m.meter_no = '000123'`.execute(
      db(),
    )
    expect(rows).toEqual([{ meter_no: '000123', initial_reading: '12.500' }])
  })

  test('every kind has a blank form whose header its import knows', async () => {
    for (const kind of registryKinds) {
      for (const ending of ['csv', 'xlsx']) {
        const path = registry.path(`form-${kind}.${ending}`)
        expect(await writeRegistryTemplate(kind, path)).toBeUndefined()
        const answer = await done(registry.outcome(kind, path))
        expect(answer).toMatchObject({ rowsIn: 0, rejected: 0 })
      }
    }
    expect(await writeRegistryTemplate('accounts', registry.path('form.pdf'))).toMatchObject({
      code: 'name_without_format',
    })
    expect(
      (await listRegistryImports(db())).every(
        ({ rowsIn, rowsAccepted, rowsRejected }) => rowsIn === rowsAccepted + rowsRejected,
      ),
    ).toBe(true)
  })
})

/** What the registry says, without the ids and commands it happens to have. */
async function contentOf(
  registry: Registry,
  database: TestDatabase['name'],
  folder: string,
): Promise<Record<string, string>> {
  const content: Record<string, string> = {}
  for (const kind of registryKinds) {
    const to = registry.path(`${folder}-${database}-${kind}.csv`)
    const collector = registryFiles[kind].ofCollector ? { collectorCode: 'water' } : {}
    const written = await exportRegistry(registry.services.db, { kind, to, ...collector })
    if (isRefusal(written)) throw new Error(written.sentence('en'))
    content[kind] = registry.text(`${folder}-${database}-${kind}.csv`)
  }
  return content
}

for (const database of testDatabases) {
  test(`the registry exported and imported into an empty database is the same registry (${database.name})`, async () => {
    const first = await database.open()
    const second = await database.open()
    try {
      const registry = await Registry.found(first)
      const { services } = registry
      await registry.resident('R1')
      await registry.resident('R2')
      await registry.enterprise('E1', 1, '2024-01-01')
      await registry.enterprise('E2', 2, '2024-01-01')
      await registry.take('accounts', [
        '0010001,E1,公共供水,园区企业,非居民,"示例路 1 号, 东",2024-03-01',
        '0010002,R1,公共供水,城区居民,居民,,2024-03-01',
        '0010003,R1,自备水源,城区居民,居民,,2024-03-01',
      ])
      await registry.take('meters', [
        '0010001,M-MAIN,100,7,10,供水,2024-03-01,12,,,,,,否',
        '0010002,M-SUB,20,5,1,供水,2024-03-01,0,,,,,M-MAIN,是',
        '0010003,M-3,20,5,1,自备水源,2024-03-01,0.5,,,,,,否',
      ])
      await registry.take('outlets', ['E1,P1,东门,是,否,,2024-01-01,2025-01-01', 'E1,P2,西门,是,是,,2025-01-01,'])
      await registry.take('contacts', [
        'E1,电子邮件,a@example.com,英文,示例会计,纳管协议第八条,2024-01-01,2025-01-01',
        'R1,短信,13800000001,,,用户申请,2024-01-01,',
      ])
      const shares = [
        { accountNo: '0010001', ratio: '0.9' },
        { accountNo: '0010002', ratio: '10%' },
      ]
      await done(
        setMeterShares(services, by('clerk'), {
          collectorCode: 'water',
          meterNo: 'M-MAIN',
          from: day('2024-06-01'),
          unitM3: '0.001',
          agreement: '分摊',
          shares,
        }),
      )
      const fresh = { meterNo: 'M-MAIN-B', digits: 7, multiplier: '10', initialReading: '0', runsBackwards: false }
      await done(
        replaceMeter(services, by('clerk'), {
          accountNo: '0010001',
          on: day('2025-03-01'),
          reason: '周期换表',
          old: { meterNo: 'M-MAIN', finalReading: '99999.5' },
          fresh,
        }),
      )
      await done(
        suspendAccount(services, by('clerk'), { accountNo: '0010002', from: day('2025-04-01'), reason: '外出' }),
      )
      await done(resumeAccount(services, by('clerk'), { accountNo: '0010002', on: day('2025-05-01') }))
      // An enterprise takes over the resident's account: holder first, then the group that needs its agreement.
      await done(
        transferAccount(services, by('clerk'), { accountNo: '0010002', toDischargerCode: 'E2', on: day('2025-06-01') }),
      )
      await done(
        changeAccountCategory(services, by('clerk'), {
          accountNo: '0010002',
          payerGroup: '园区企业',
          category: '非居民',
          on: day('2025-06-01'),
          evidence: '营业执照',
        }),
      )
      // And gives it back: first out of the group, then to the resident.
      await done(
        changeAccountCategory(services, by('clerk'), {
          accountNo: '0010002',
          payerGroup: '城区居民',
          category: '居民',
          on: day('2025-09-01'),
          evidence: '现场核查',
        }),
      )
      await done(
        transferAccount(services, by('clerk'), { accountNo: '0010002', toDischargerCode: 'R2', on: day('2025-09-01') }),
      )
      // A mistake that was taken back leaves no trace.
      await done(
        transferAccount(services, by('clerk'), { accountNo: '0010001', toDischargerCode: 'E2', on: day('2025-10-01') }),
      )
      await done(
        transferAccount(services, by('clerk'), { accountNo: '0010001', toDischargerCode: 'E1', on: day('2025-10-01') }),
      )
      await done(
        suspendAccount(services, by('clerk'), { accountNo: '0010003', from: day('2025-11-01'), reason: '停用' }),
      )
      await done(
        closeAccount(services, by('clerk'), {
          accountNo: '0010003',
          on: day('2026-01-01'),
          reason: '封井',
          finalReadings: [{ meterNo: 'M-3', reading: '77' }],
        }),
      )
      const original = await contentOf(registry, database.name, 'first')

      const copy = await Registry.found(second)
      for (const kind of registryKinds) {
        const answer = await done(copy.outcome(kind, registry.path(`first-${database.name}-${kind}.csv`)))
        expect({ kind, rejected: answer.rejected, added: answer.added > 0 }).toEqual({ kind, rejected: 0, added: true })
      }
      expect(await contentOf(copy, database.name, 'second')).toEqual(original)
      registry.leave()
      copy.leave()
    } finally {
      await first.close()
      await second.close()
    }
  })
}
