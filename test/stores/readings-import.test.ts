import { readFileSync, writeFileSync } from 'node:fs'
import * as xls from '@e965/xlsx'
import iconv from 'iconv-lite'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { feeMonth } from '../../src/kernel/calendar.ts'
import type { ImportId } from '../../src/kernel/ids.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import type { Services } from '../../src/platform/command.ts'
import { writeXlsx } from '../../src/platform/tables/write-table.ts'
import { exportRows } from '../../src/readings/export-rows.ts'
import { type ImportFinding, sayFinding } from '../../src/readings/import.findings.ts'
import { importReadings } from '../../src/readings/import-readings.ts'
import { absentAccounts, importReport, readingImports, rowsOf } from '../../src/readings/import-report.queries.ts'
import { previewReadings } from '../../src/readings/preview-readings.ts'
import { readingsOfAccounts, undecidedRows } from '../../src/readings/reading.queries.ts'
import { readingsOfAccount } from '../../src/readings/reading-chain.queries.ts'
import type { FileChoice } from '../../src/readings/readings-file.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import {
  accountIdOf,
  by,
  csv,
  done,
  everything,
  header,
  march,
  plantReadings,
  replaceMeter,
  scratchFolder,
} from './readings.ground.ts'

const codesOf = (findings: readonly ImportFinding[]) => findings.map(({ code }) => code)

onEveryDatabase('A water company’s file is taken in', (connection) => {
  let services: Services
  const scratch = scratchFolder()
  const choose = (path: string, more: Partial<FileChoice> = {}): FileChoice => ({
    collectorCode: 'gx-water',
    path,
    ...more,
  })
  const take = async (name: string, content: string | Uint8Array, more: Partial<FileChoice> = {}) =>
    done(await importReadings(services, by('operator'), choose(scratch.write(name, content), more)))
  const monthOf = async (accountNo: string, month = march) => {
    const accountId = await accountIdOf(services.db, accountNo)
    return (await readingsOfAccounts(services.db, [accountId], month)).get(accountId) ?? []
  }

  beforeAll(async () => {
    services = servicesOn(connection(), '2026-04-03')
    const plain = ['0000101', '0000102', '0000103', '0000104', '0000105', '0000106', '0000107', '0000108', '0000109']
    const files = ['0000201', '0000202', '0000203', '0000204', '0000205', '0000206', '0000207', '0000208']
    await plantReadings(services.db, [
      ...[...plain, ...files].map((no) => ({ no })),
      { no: '0000301', meter: 'MASTER' },
      { no: '0000302', meter: 'SUB1', master: 'MASTER' },
      { no: '0000303', meter: 'SUB2', master: 'MASTER' },
      { no: '0000401', meter: 'OLD' },
      { no: '0000402' },
    ])
  })

  it('every row gets one verdict, rows and volumes add up, and accepted rows become readings', async () => {
    const answer = await take(
      'march.csv',
      csv(
        '0000101,M0000101,1000,1110,110,2026-03-31,2026-03',
        '0000102,M0000102,1001,1111,110,2026-03-31,2026-03',
        '0000103,M0000103,1000,看不清,,2026-03-31,2026-03',
        '104,M0000104,1000,1100,100,2026-03-31,2026-03',
      ),
    )
    expect(answer.rows).toEqual({ in: 4, accepted: 1, held: 2, rejected: 1, withoutVolume: 1 })
    expect(answer.volumesM3).toEqual({ in: '320.000', accepted: '110.000', held: '210.000', rejected: '0.000' })
    expect(answer.reasons).toEqual({ account_likely: 1, number_unreadable: 1, start_differs: 1 })
    expect(await monthOf('0000101')).toMatchObject([
      { startReading: '1000.000', endReading: '1110.000', volumeM3: '110.000', readOn: '2026-03-31', revision: 0 },
    ])
    expect(await monthOf('0000102')).toEqual([])
    const rows = await rowsOf(services.db, answer.importId as ImportId, {})
    expect(rows.map(({ rowNo, verdict, reasons }) => [rowNo, verdict, reasons.map(({ code }) => code)])).toEqual([
      [3, 'held', ['start_differs']],
      [4, 'rejected', ['number_unreadable']],
      [5, 'held', ['account_likely']],
    ])
    const accountId = await accountIdOf(services.db, '0000104')
    expect((await undecidedRows(services.db, [accountId], march)).get(accountId)).toMatchObject([{ rowNo: 5 }])
  })

  it('the same file again changes nothing and answers as the first time, whoever asks', async () => {
    const path = scratch.path('march.csv')
    const [earlier] = await readingImports(services.db)
    const before = await everything(services.db)
    const envelope = by('operator', 'same-file-again')
    const first = await importReadings(services, envelope, choose(path))
    const again = await importReadings(services, envelope, choose(path))
    const other = await importReadings(services, by('clerk'), choose(path))
    expect(done(first).importId).toBe(earlier!.importId)
    expect(again).toMatchObject({ repeated: true, answer: done(first) })
    expect(done(other)).toEqual(done(first))
    const after = await everything(services.db)
    expect({ ...after, commands: 0, audit_events: 0 }).toEqual({ ...before, commands: 0, audit_events: 0 })
  })

  it('a corrected file takes the place of what it corrects, says what changed, and repeats the rest', async () => {
    const answer = await take(
      'march-corrected.csv',
      csv('0000101,M0000101,1000,1115,115,2026-03-31,2026-03', '0000102,M0000102,1000,1111,111,2026-03-31,2026-03'),
    )
    expect(answer).toMatchObject({ replaced: 1, rows: { accepted: 2 } })
    expect(answer.changes).toEqual([
      {
        rowNo: 2,
        accountNo: '0000101',
        before: {
          usedFrom: '2026-03-01',
          readOn: '2026-03-31',
          start: '1000.000',
          end: '1110.000',
          volumeM3: '110.000',
          source: 'unstated',
        },
        after: {
          usedFrom: '2026-03-01',
          readOn: '2026-03-31',
          start: '1000.000',
          end: '1115.000',
          volumeM3: '115.000',
          source: 'unstated',
        },
      },
    ])
    expect(codesOf(answer.findings)).toEqual(expect.arrayContaining(['readings_replaced', 'rows_settled']))
    expect(await monthOf('0000101')).toMatchObject([{ volumeM3: '115.000', revision: 1 }])
    const chain = await readingsOfAccount(services.db, await accountIdOf(services.db, '0000101'))
    expect(chain.map(({ volumeM3, status }) => [volumeM3, status])).toEqual([
      ['115.000', 'effective'],
      ['110.000', 'superseded'],
    ])
    const repeated = await take('march-once-more.csv', csv('0000101,M0000101,1000,1115,115.000,2026-03-31,2026-03'))
    expect(repeated).toMatchObject({ unchanged: 1, replaced: 0, rows: { accepted: 1 } })
  })

  it('both rows of a pair are held, however far apart they stand', async () => {
    const others = Array.from({ length: 6_000 }, (_, index) => `9${index},X,1,2,1,2026-03-31,2026-03`)
    const pair = '0000105,M0000105,1000,1090,90,2026-03-31,2026-03'
    const answer = await take('pair.csv', csv(pair, ...others, pair))
    expect(answer.rows).toMatchObject({ in: 6_002, accepted: 0, held: 2, rejected: 6_000 })
    const held = await rowsOf(services.db, answer.importId as ImportId, { verdict: 'held' })
    expect(held.map(({ rowNo, reasons }) => [rowNo, reasons[0]?.parameters])).toEqual([
      [2, { rows: '2、6003' }],
      [6003, { rows: '2、6003' }],
    ])
  })

  it('rows that turn out to be of the same meter do not both count', async () => {
    const answer = await take(
      'unnamed-meter.csv',
      csv(
        '0000106,,1000,1090,90,2026-03-31,2026-03',
        '0000106,m106,1000,1090,90,2026-03-31,2026-03',
        '0000106,销户,1,2,1,,2026-03',
      ),
      { mapping: {} },
    )
    expect(answer.rows).toMatchObject({ accepted: 0, held: 3 })
  })

  it('a replaced meter’s two rows make one month', async () => {
    await replaceMeter(services.db, 'OLD', { meter: 'NEW', on: '2026-03-15', final: '1050', initial: '3' })
    const answer = await take(
      'replaced.csv',
      `${header},备注\n0000401,OLD,1000,1050,50,2026-03-15,2026-03,换表残值\n0000401,NEW,3,43,40,2026-03-31,2026-03,\n`,
    )
    expect(answer.rows).toMatchObject({ accepted: 2, held: 0 })
    expect(answer.notes).toEqual({ residual_of_removal: 1 })
    expect(await monthOf('0000401')).toMatchObject([
      { kind: 'residual', volumeM3: '50.000', used: { from: '2026-03-01', until: '2026-03-15' } },
      { kind: 'normal', volumeM3: '40.000', used: { from: '2026-03-15', until: '2026-04-01' } },
    ])
  })

  it('a file with volumes only, and one with readings only', async () => {
    await take('volumes.csv', '户号,用水量\n0000107,88\n', { feeMonth: march })
    expect(await monthOf('0000107')).toMatchObject([
      { startReading: null, volumeM3: '88.000', used: { from: '2026-03-01', until: '2026-04-01' } },
    ])
    await take('readings.csv', '户号,起码,止码\n0000108,1000,1077\n', { feeMonth: march })
    expect(await monthOf('0000108')).toMatchObject([
      { startReading: '1000.000', endReading: '1077.000', volumeM3: '77.000' },
    ])
  })

  it('a GBK file of a billing system, with late fees and prices left out and said', async () => {
    const text =
      '客户编号,用户名,上期抄度,本期抄度,实收水量,本期抄表日,水费月份,用水性质,违约金,应收污水费\n0000201,示例用户0000201,1000,1120,120,2026/3/31,202603,非居民,3.50,168.00\n'
    const answer = await take('gbk.csv', iconv.encode(text, 'gbk'))
    expect(answer.rows).toMatchObject({ accepted: 1 })
    expect(answer.notes).toEqual({})
    const left = answer.findings.find(({ code }) => code === 'columns_left_out')
    expect(left?.parameters).toEqual({ columns: '应收污水费、违约金' })
  })

  it('a workbook with title rows and a 合计 row, equal and different', async () => {
    const workbook = async (name: string, total: string) => {
      const columns = ['赣县区示例水司抄表清单', '', ''].map((title) => ({ title, kind: 'text' as const }))
      const rows = [
        ['2026年3月', '', ''],
        ['用户编号', '本月表数', '水量(吨)'],
        ['0000202', '1,120', '120'],
        ['0000203', '１１３０', '130'],
        ['合计(2户)', '', total],
      ]
      await writeXlsx(scratch.path(name), [{ name: 'Sheet1', columns, rows }])
      return importReadings(services, by('operator'), choose(scratch.path(name), { feeMonth: march }))
    }
    const equal = done(await workbook('equal.xlsx', '250'))
    expect(equal.rows).toMatchObject({ in: 2, accepted: 2 })
    expect(equal.findings).toContainEqual({ code: 'totals_equal', parameters: { rows: 2, volume: '250' } })
    expect(equal.notes).toEqual({ start_taken_from_last: 2 })
    const different = done(await workbook('different.xlsx', '260'))
    expect(different.unchanged).toBe(2)
    expect(different.findings).toContainEqual({
      code: 'totals_differ',
      parameters: { statedVolume: '260', volume: '250', rows: 2, difference: '10' },
    })
  })

  it('a legacy .xls with numbers and date cells', async () => {
    const sheet = xls.utils.aoa_to_sheet([
      ['资料号', '表身码', '上期行度', '本期行度', '用水量', '抄表日期'],
      ['0000204', 'M0000204', 1000, 1110.5, 110.5, { t: 'n', v: 46112, z: 'yyyy-mm-dd' }],
    ])
    const book = xls.utils.book_new()
    xls.utils.book_append_sheet(book, sheet, 'Sheet1')
    writeFileSync(scratch.path('legacy.xls'), xls.write(book, { type: 'buffer', bookType: 'biff8' }) as Buffer)
    const answer = done(
      await importReadings(services, by('operator'), choose(scratch.path('legacy.xls'), { feeMonth: march })),
    )
    expect(answer.rows).toMatchObject({ accepted: 1 })
    expect(await monthOf('0000204')).toMatchObject([{ volumeM3: '110.500', readOn: '2026-03-31' }])
  })

  it('held and rejected rows come back corrected through Excel and take the earlier rows over', async () => {
    const first = await take(
      'to-correct.csv',
      csv(
        '0000205,M0000205,1000,1120,120,2026-03-31,2026-03',
        '206,M0000206,1000,1120,120,2026-03-31,2026-03',
        '0000207,M0000207,1000,11二0,,2026-03-31,2026-03',
        '0000208,M9999999,1000,1120,900.00,2026/3/31,2026年3月',
      ),
    )
    expect(first.rows).toMatchObject({ accepted: 1, held: 2, rejected: 1 })
    const exported = await exportRows(services.db, { importId: first.importId, path: scratch.path('held.xlsx') })
    expect(exported).toMatchObject({ rows: 3 })

    const sheet = xls.read(readFileSync(scratch.path('held.xlsx')), { type: 'buffer' }).Sheets['待改正']!
    const lines = xls.utils.sheet_to_json<string[]>(sheet, { header: 1 })
    expect(lines[0]).toEqual([...header.split(','), '导入批次', '原行号', '结论', '原因', '建议'])
    expect(lines.map((line) => [line[0], line[9]])).toEqual([
      ['户号', '结论'],
      ['206', '待审'],
      ['0000207', '拒绝'],
      ['0000208', '待审'],
    ])
    expect(lines[1]![10]).toBe('没有户号 206，很可能是丢了前导零的 0000206（示例用户0000206）。')
    expect(lines[2]![11]).toContain('请改为纯数字')
    // The cells go out as they came, not as they were read.
    expect(lines[3]!.slice(0, 7)).toEqual(['0000208', 'M9999999', '1000', '1120', '900.00', '2026/3/31', '2026年3月'])

    const [top = [], ...rows] = lines
    rows[0]![0] = '0000206'
    rows[1]![3] = '1120'
    rows[2]![1] = 'M0000208'
    const columns = top.map((title) => ({ title, kind: 'text' as const }))
    await writeXlsx(scratch.path('corrected.xlsx'), [{ name: '待改正', columns, rows }])
    const second = done(await importReadings(services, by('operator'), choose(scratch.path('corrected.xlsx'))))
    expect(second.rows).toMatchObject({ in: 3, accepted: 2, held: 1, rejected: 0 })
    expect(codesOf(second.findings)).toContain('rows_settled')
    const old = await rowsOf(services.db, first.importId as ImportId, {})
    expect(old.map(({ decision }) => decision?.decision)).toEqual(['superseded', 'superseded', 'superseded'])
    expect(await rowsOf(services.db, first.importId as ImportId, { undecided: true })).toEqual([])

    const third = await exportRows(services.db, { importId: second.importId, path: scratch.path('still-held.csv') })
    expect(third).toMatchObject({ rows: 1 })
    // Rejected when it comes back, it waits in the later file alone.
    const worse = readFileSync(scratch.path('still-held.csv'), 'utf8').replaceAll('1120', '11二0')
    const fourth = done(
      await importReadings(services, by('operator'), choose(scratch.write('worse.csv', worse.replace('\ufeff', '')))),
    )
    expect(fourth.rows).toMatchObject({ in: 1, rejected: 1 })
    expect(await rowsOf(services.db, second.importId as ImportId, { undecided: true })).toEqual([])
    expect(await rowsOf(services.db, fourth.importId as ImportId, { undecided: true })).toHaveLength(1)
  })

  it('a column named otherwise is mapped once, remembered for that header, and the same bytes are read anew', async () => {
    const path = scratch.write('odd.csv', '户号,吨数,用水量\n0000402,95,97\n')
    const wrong = done(await importReadings(services, by('operator'), choose(path, { feeMonth: march })))
    expect(wrong.mapping).toEqual({ account: '户号', volume: '用水量' })
    const right = done(
      await importReadings(services, by('operator'), choose(path, { feeMonth: march, mapping: { 水量: '吨数' } })),
    )
    expect(right).toMatchObject({ mapping: { account: '户号', volume: '吨数' }, replaced: 1, rows: { accepted: 1 } })
    expect(await monthOf('0000402')).toMatchObject([{ volumeM3: '95.000' }])
    const next = done(
      await importReadings(
        services,
        by('operator'),
        choose(scratch.write('odd-april.csv', '户号,吨数,用水量\n0000402,96,8\n'), { feeMonth: feeMonth('2026-04') }),
      ),
    )
    expect(next.mapping).toEqual({ account: '户号', volume: '吨数' })
  })

  it('a header of one known title, named once by its row, is found by its mapping the next month', async () => {
    const first = scratch.write('plain-march.csv', '示例水司,,\n户号,备,吨\n0000402,,94\n')
    expect(await importReadings(services, by('operator'), choose(first, { feeMonth: march }))).toMatchObject({
      code: 'no_header_found',
    })
    const named = { feeMonth: march, headerRow: 2, mapping: { 水量: '吨' } }
    done(await importReadings(services, by('operator'), choose(first, named)))
    const next = scratch.write('plain-april.csv', '示例水司,,\n四月,,\n户号,备,吨\n0000402,,93\n')
    const april = choose(next, { feeMonth: feeMonth('2026-04') })
    const preview = await previewReadings(services, by('operator'), april)
    expect(preview).toMatchObject({ headerRow: 3, mappingSource: 'remembered', mapping: { volume: '吨' } })
    const other = scratch.write('plain-other.csv', '户号,件,吨\n0000402,,93\n')
    expect(
      await importReadings(services, by('operator'), choose(other, { feeMonth: feeMonth('2026-04') })),
    ).toMatchObject({ code: 'no_header_found' })
  })

  it('rows that come back are read as the file they are from, by the columns remembered for it', async () => {
    const path = scratch.write('back.csv', '户号,户名,吨量\n402,,99\n')
    const choice = choose(path, { feeMonth: march, mapping: { 水量: '吨量' } })
    const { importId } = done(await importReadings(services, by('operator'), choice))
    const exported = scratch.path('back-again.csv')
    await exportRows(services.db, { importId: importId as ImportId, path: exported })
    const corrected = scratch.write('back-right.csv', readFileSync(exported, 'utf8').replace('402,', '0000402,'))
    const back = done(await importReadings(services, by('operator'), choose(corrected, { feeMonth: march })))
    expect(back).toMatchObject({ mapping: { volume: '吨量', originImport: '导入批次' } })
    expect(codesOf(back.findings)).toContain('rows_settled')
    const plain = scratch.write('back-april.csv', '户号,户名,吨量\n0000402,,96\n')
    const later = done(await importReadings(services, by('operator'), choose(plain, { feeMonth: feeMonth('2026-04') })))
    expect(later.mapping).toEqual({ account: '户号', name: '户名', volume: '吨量' })
  })

  it('names open accounts that no file of the month named', async () => {
    const answer = await take('few.csv', csv('0000101,M0000101,1000,1115,115,2026-03-31,2026-03'))
    const absent: string[] = []
    for await (const page of absentAccounts(services.db, answer.importId as ImportId))
      absent.push(...page.map(({ accountNo }) => accountNo))
    // 0000103 was named, in a row that still waits to be corrected.
    expect(absent).toEqual(['0000109', '0000301', '0000302', '0000303'])
    const finding = answer.findings.find(({ code }) => code === 'accounts_absent')
    expect(finding?.parameters).toEqual({ count: 4, examples: absent.join('、') })
    expect(sayFinding(finding!, 'zh')).toContain('4 个在用户号不在文件里')
  })

  it('finds a master meter that counted less than its sub-meters', async () => {
    const answer = await take(
      'master.csv',
      csv(
        '0000301,MASTER,1000,1100,100,2026-03-31,2026-03',
        '0000302,SUB1,1000,1080,80,2026-03-31,2026-03',
        '0000303,SUB2,1000,1090,90,2026-03-31,2026-03',
      ),
    )
    expect(answer.findings).toContainEqual({
      code: 'master_below_subs',
      parameters: { master: 'MASTER', masterVolume: '100', subsVolume: '170', subs: 'SUB1、SUB2' },
    })
  })

  it('a preview shows the columns, the first rows and the outcome, and stores nothing', async () => {
    const path = scratch.write(
      'preview.csv',
      csv('0000109,M0000109,1000,1110,110,2026-03-31,2026-03', '0000109,M0000109,1000,1110,110,2026-03-31,2026-03'),
    )
    const before = await everything(services.db)
    const preview = await previewReadings(services, by('operator'), choose(path))
    expect(preview).toMatchObject({
      headerRow: 1,
      mappingSource: 'recognised',
      mapping: { account: '户号', volume: '用水量', month: '水费月份' },
      importedBefore: false,
      outcome: { rows: { in: 2, held: 2 } },
    })
    expect(isRefusal(preview) ? [] : preview.firstRows[0]?.cells[0]).toBe('0000109')
    expect(await everything(services.db)).toEqual(before)
  })

  it('a report tells how a file was read and what became of its rows', async () => {
    const [latest] = await readingImports(services.db, { collectorCode: 'gx-water', feeMonth: march })
    const report = await importReport(services.db, latest!.importId)
    expect(report).toMatchObject({
      collectorCode: 'gx-water',
      feeMonth: '2026-03',
      importedBy: '王示例',
      format: { format: 'csv', headerRow: 1 },
    })
    expect(await importReport(services.db, '999999')).toMatchObject({ code: 'readings_import_unknown' })
  })

  describe('is refused as a whole, with nothing changed', () => {
    const good = '0000101,M0000101,1000,1115,115,2026-03-31,2026-03'
    const cases: [string, string, string | Uint8Array, Partial<FileChoice>, string][] = [
      [
        'a program under another name',
        'report.xlsx',
        Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]),
        {},
        'executable_file',
      ],
      ['two rows that look like the header', 'two.csv', `${header}\n${header}\n${good}\n`, {}, 'two_header_rows'],
      ['a file without rows', 'empty.csv', `${header}\n`, {}, 'month_needed'],
      ['a file without rows whose month is said', 'empty.csv', `${header}\n`, { feeMonth: march }, 'file_without_rows'],
      ['no month anywhere', 'no-month.csv', '户号,用水量\n0000101,5\n', {}, 'month_needed'],
      [
        'several months',
        'months.csv',
        csv(good, good.replace('2026-03,', '').replace(/2026-03$/, '2026-04')),
        {},
        'month_ambiguous',
      ],
      ['another month than the one said', 'other.csv', csv(good), { feeMonth: feeMonth('2026-04') }, 'month_differs'],
      [
        'neither volume nor reading',
        'nothing.csv',
        '户号,户名\n0000101,示例\n',
        { feeMonth: march },
        'columns_insufficient',
      ],
      [
        'two columns for one field',
        'twice.csv',
        '户号,用水量,应收水量\n0000101,1,2\n',
        { feeMonth: march },
        'column_ambiguous',
      ],
      [
        'a mapping to a column that is not there',
        'map.csv',
        csv(good),
        { mapping: { 水量: '吨' } },
        'mapping_column_unknown',
      ],
      [
        'a mapping of a field that is not there',
        'map.csv',
        csv(good),
        { mapping: { 颜色: '户号' } },
        'mapping_field_unknown',
      ],
      [
        'one column for a reading and for the volume',
        'both.csv',
        csv(good),
        { mapping: { 水量: '本期读数', 本期读数: '本期读数' } },
        'column_measures_twice',
      ],
      [
        'a quote that is never closed, on the last row',
        'quote.csv',
        csv(...Array(6_000).fill(good), '0000102,"M,1,2,1,,2026-03'),
        {},
        'quote_broken',
      ],
      [
        'a row with more cells than the header',
        'wide.csv',
        csv(good, '0000102,M,1,234,567,1,2026-03-31,2026-03'),
        {},
        'row_wider_than_header',
      ],
      ['an unknown collector', 'known.csv', csv(good), { collectorCode: 'nobody' }, 'readings_collector_unknown'],
    ]
    for (const [what, name, content, more, code] of cases) {
      it(what, async () => {
        const path = scratch.write(`refused-${name}`, content)
        const before = await everything(services.db)
        expect(await importReadings(services, by('operator'), choose(path, more))).toMatchObject({ code })
        expect(await everything(services.db)).toEqual(before)
      })
    }
    it('a file that is not there, and a person whose work it is not', async () => {
      const before = await everything(services.db)
      expect(await importReadings(services, by('operator'), choose(scratch.path('absent.csv')))).toMatchObject({
        code: 'file_not_found',
      })
      const path = scratch.write('audit.csv', csv(good))
      expect(await importReadings(services, by('auditor'), choose(path))).toMatchObject({ code: 'role_missing' })
      expect(await importReadings(services, by('other-operator'), choose(path))).toMatchObject({
        code: 'collector_of_other_company',
      })
      expect(await everything(services.db)).toEqual(before)
    })
  })

  it('files that come in at once wait for each other', async () => {
    const files = ['1150', '1160', '1170'].map((end, index) =>
      scratch.write(`at-once-${index}.csv`, csv(`0000103,M0000103,1000,${end},,2026-03-31,2026-03`)),
    )
    const answers = await Promise.all(files.map((path) => importReadings(services, by('operator'), choose(path))))
    for (const answer of answers) expect(isRefusal(answer)).toBe(false)
    expect(await monthOf('0000103')).toHaveLength(1)
    const chain = await readingsOfAccount(services.db, await accountIdOf(services.db, '0000103'))
    expect(chain.map(({ revision }) => revision)).toEqual([2, 1, 0])
  })

  describe('the database itself', () => {
    const refused = async (text: string) => {
      await expect(
        services.db.transaction().execute(async (trx) => {
          await sql.raw(text).execute(trx)
        }),
      ).rejects.toThrow()
    }
    it('refuses to change or remove a reading, and to end one twice', async () => {
      await refused('update meter_readings set volume_m3 = 0')
      await refused('delete from meter_readings')
      await refused('truncate meter_readings cascade')
      await refused(
        `insert into reading_endings (reading_id, reason, command_id) select reading_id, 'again', 'ground-0001' from reading_endings limit 1`,
      )
      await refused(
        `insert into reading_endings (reading_id, command_id) select max(id), 'ground-0001' from meter_readings`,
      )
    })
    it('refuses a further revision of a reading that still counts', async () => {
      await refused(`insert into meter_readings (account_id, installation_id, fee_month, used_from, used_until, read_on, revision, kind, source, volume_m3, command_id)
        select account_id, installation_id, fee_month, used_from, used_until, read_on, 9, kind, source, volume_m3, 'ground-0001'
        from meter_readings where installation_id is not null limit 1`)
    })
  })
})
