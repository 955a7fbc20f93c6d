import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { madeWorkbook, textCell } from '../../fixtures/tables/made-workbooks.ts'
import type { ImportId } from '../../src/kernel/ids.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import type { Services } from '../../src/platform/command.ts'
import { acceptRows, correctRow, rejectRows } from '../../src/readings/decide-row.ts'
import { importReadings } from '../../src/readings/import-readings.ts'
import { importReport, rowsOf } from '../../src/readings/import-report.queries.ts'
import { readingsOfAccounts, undecidedRows } from '../../src/readings/reading.queries.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { accountIdOf, by, csv, done, everything, march, plantReadings, scratchFolder } from './readings.ground.ts'

onEveryDatabase('Held and rejected rows are decided by persons', (connection) => {
  let services: Services
  let importId: ImportId
  const scratch = scratchFolder()
  const date = '2026-03-31,2026-03'
  const rowNumbers = {
    jump: 2,
    start: 3,
    zeroA: 4,
    zeroB: 5,
    pairA: 6,
    pairB: 7,
    unreadable: 8,
    unknown: 9,
    backwards: 10,
    laterStored: 11,
    zeroAndStart: 12,
  }

  const monthOf = async (accountNo: string) => {
    const accountId = await accountIdOf(services.db, accountNo)
    return (await readingsOfAccounts(services.db, [accountId], march)).get(accountId) ?? []
  }
  const accept = (rowNos: number[], reason = '现场核实', more: { accept?: string[] } = {}) =>
    acceptRows(services, by('clerk'), { importId, rowNos, reason, ...more })

  beforeAll(async () => {
    services = servicesOn(connection(), '2026-04-03')
    const nos = Array.from({ length: 12 }, (_, index) => `00001${String(index + 1).padStart(2, '0')}`)
    await plantReadings(
      services.db,
      nos.map((no) => ({ no })),
    )
    const file = scratch.write(
      'held.csv',
      csv(
        `0000101,M0000101,1000,1900,900,${date}`,
        `0000102,M0000102,1005,1105,100,${date}`,
        `0000103,M0000103,1000,1000,0,${date}`,
        `0000104,M0000104,1000,1000,0,${date}`,
        `0000105,M0000105,1000,1100,100,${date}`,
        `0000105,M0000105,1000,1101,101,${date}`,
        `0000106,M0000106,1000,没抄,,${date}`,
        `9999999,M,1,2,1,${date}`,
        '0000107,M0000107,1000,1100,100,2026-02-20,2026-03',
        `0000108,M0000108,1001,1100,99,${date}`,
        `0000109,M0000109,1001,1001,0,${date}`,
      ),
    )
    const answer = done(await importReadings(services, by('operator'), { collectorCode: 'gx-water', path: file }))
    expect(answer.rows).toMatchObject({ held: 9, rejected: 2 })
    importId = answer.importId as ImportId
  })

  it('an accepted row becomes a reading, once', async () => {
    expect(done(await accept([rowNumbers.jump]))).toEqual({
      importId,
      decided: 1,
      rows: [2],
      readings: 1,
      unchanged: 0,
      replaced: 0,
    })
    expect(await monthOf('0000101')).toMatchObject([{ volumeM3: '900.000' }])
    const accountId = await accountIdOf(services.db, '0000101')
    expect(await undecidedRows(services.db, [accountId], march)).toEqual(new Map())
    expect(await accept([rowNumbers.jump])).toMatchObject({ code: 'row_decided' })
  })

  it('the same command again gives the first answer', async () => {
    const envelope = by('clerk', 'accept-start-once')
    const input = { importId, rowNos: [rowNumbers.start], reason: '换表单在案' }
    const first = await acceptRows(services, envelope, input)
    expect(await acceptRows(services, envelope, input)).toMatchObject({ repeated: true, answer: done(first) })
    expect(await monthOf('0000102')).toHaveLength(1)
  })

  it('only the bureau’s clerk accepts; the company corrects and rejects', async () => {
    const before = await everything(services.db)
    expect(
      await acceptRows(services, by('operator'), { importId, rowNos: [rowNumbers.zeroA], reason: '停产' }),
    ).toMatchObject({ code: 'role_missing' })
    const correction = {
      importId,
      rowNo: rowNumbers.zeroA,
      values: { 用水量: '0' },
      reason: '停产',
      accept: ['zero_with_history'],
    }
    expect(await correctRow(services, by('operator'), correction)).toMatchObject({ code: 'acceptance_by_bureau' })
    expect(await everything(services.db)).toEqual(before)
  })

  it('many rows at once by their reason: those that have no other', async () => {
    const answer = done(
      await acceptRows(services, by('clerk'), {
        importId,
        codes: ['zero_with_history'],
        reason: '停产名单〔2026〕3号',
      }),
    )
    expect(answer).toMatchObject({ decided: 2, rows: [rowNumbers.zeroA, rowNumbers.zeroB], readings: 2 })
    const left = await rowsOf(services.db, importId, { undecided: true, code: 'zero_with_history' })
    expect(left.map(({ rowNo }) => rowNo)).toEqual([rowNumbers.zeroAndStart])
    // The refusal names every reason to be typed after --accept, those typed already too.
    const refused = await correctRow(services, by('clerk'), {
      importId,
      rowNo: rowNumbers.zeroAndStart,
      values: { 用水量: '0' },
      reason: '停产',
      accept: ['zero_with_history'],
    })
    expect(refused).toMatchObject({ code: 'reasons_remain' })
    const codes = isRefusal(refused) ? String(refused.parameters['codes']) : ''
    expect(codes.split(',').toSorted()).toEqual(['start_differs', 'zero_with_history'])
    expect(
      await acceptRows(services, by('clerk'), { importId, codes: ['zero_with_history'], reason: '停产' }),
    ).toMatchObject({ code: 'rows_none' })
  })

  it('of two rows of the same water only one counts', async () => {
    expect(await accept([rowNumbers.pairA, rowNumbers.pairB])).toMatchObject({ code: 'rows_exclude_each_other' })
    expect(done(await accept([rowNumbers.pairB]))).toMatchObject({ readings: 1 })
    expect(await accept([rowNumbers.pairA])).toMatchObject({ code: 'row_has_new_reasons' })
    done(await rejectRows(services, by('operator'), { importId, rowNos: [rowNumbers.pairA], reason: '重复' }))
    expect(await monthOf('0000105')).toMatchObject([{ volumeM3: '101.000' }])
  })

  it('a rejected row is not accepted; corrected, it is judged like any other', async () => {
    expect(await accept([rowNumbers.unreadable])).toMatchObject({ code: 'row_rejected_by_rule' })
    const correct = (values: Record<string, string>) =>
      correctRow(services, by('operator'), { importId, rowNo: rowNumbers.unreadable, values, reason: '照片核对' })
    expect(await correct({ 本期读数: '990' })).toMatchObject({ code: 'reasons_remain' })
    const unreadable = await correct({ 本期读数: '没抄' })
    expect(unreadable).toMatchObject({ code: 'reasons_to_correct' })
    for (const language of ['zh', 'en'] as const) {
      const sentence = isRefusal(unreadable) ? unreadable.sentence(language) : ''
      expect(sentence).toContain('没抄')
      expect(sentence).not.toContain('--accept')
    }
    expect(await correct({ 颜色: '红' })).toMatchObject({ code: 'correction_field_unknown' })
    expect(await correct({})).toMatchObject({ code: 'correction_missing' })
    expect(done(await correct({ 本期读数: '1090' }))).toMatchObject({ decided: 1, readings: 1 })
    expect(await monthOf('0000106')).toMatchObject([{ endReading: '1090.000', volumeM3: '90.000' }])
    const [row] = await rowsOf(services.db, importId, { rowNos: [rowNumbers.unreadable] })
    expect(row?.decision).toMatchObject({ decision: 'corrected', by: '王示例', reason: '照片核对' })
  })

  it('an account number is corrected, and the clerk names the reason that remains true', async () => {
    const values = { 户号: '0000110', 表号: 'M0000110', 上期读数: '1000', 本期读数: '1700', 用水量: '' }
    const correct = (accept: string[]) =>
      correctRow(services, by('clerk'), { importId, rowNo: rowNumbers.unknown, values, reason: '户号录错', accept })
    const refused = await correct([])
    expect(refused).toMatchObject({ code: 'reasons_remain' })
    expect(isRefusal(refused) ? refused.sentence('zh') : '').toContain('--accept jump')
    expect(await correct(['jmup'])).toMatchObject({ code: 'reason_code_unknown' })
    expect(done(await correct(['jump']))).toMatchObject({ readings: 1 })
    expect(await monthOf('0000110')).toMatchObject([{ volumeM3: '700.000' }])
  })

  it('what can only be corrected is not accepted', async () => {
    expect(await accept([rowNumbers.backwards])).toMatchObject({ code: 'row_needs_correction' })
  })

  it('what has come up since the row was held must be seen first', async () => {
    const file = scratch.write('later.csv', csv(`0000108,M0000108,1000,1101,101,${date}`).replace('表号', '备注'))
    const later = done(await importReadings(services, by('operator'), { collectorCode: 'gx-water', path: file }))
    expect(later.rows).toMatchObject({ accepted: 1 })
    // The later file's row of the same meter took the held row over, so nobody decides it any more.
    expect(await accept([rowNumbers.laterStored])).toMatchObject({ code: 'row_decided' })
  })

  it('a decision needs its reason, its rows and a known import', async () => {
    expect(await accept([rowNumbers.zeroAndStart], ' ')).toMatchObject({ code: 'reason_needed' })
    expect(await acceptRows(services, by('clerk'), { importId, reason: '对' })).toMatchObject({ code: 'rows_unnamed' })
    expect(await acceptRows(services, by('clerk'), { importId, codes: ['jmup'], reason: '对' })).toMatchObject({
      code: 'reason_code_unknown',
    })
    expect(await accept([rowNumbers.zeroAndStart, 4711])).toMatchObject({ code: 'rows_unknown' })
    expect(await acceptRows(services, by('clerk'), { importId: '4711', rowNos: [2], reason: '对' })).toMatchObject({
      code: 'readings_import_unknown',
    })
  })

  it('all or none: one row that cannot be taken keeps the others back', async () => {
    const before = await everything(services.db)
    expect(await accept([rowNumbers.zeroAndStart, rowNumbers.backwards])).toMatchObject({
      code: 'row_needs_correction',
    })
    expect(await everything(services.db)).toEqual(before)
  })

  it('the report counts what became of the rows', async () => {
    const report = await importReport(services.db, importId)
    expect(isRefusal(report) ? undefined : report.decisions).toEqual([
      { decision: 'accepted', rows: 5 },
      { decision: 'corrected', rows: 2 },
      { decision: 'rejected', rows: 1 },
      { decision: 'superseded', rows: 1 },
    ])
    expect(report).toMatchObject({ undecided: 2 })
  })

  it('decisions are facts of the database, one for each row', async () => {
    const refused = (text: string) => expect(sql.raw(text).execute(services.db)).rejects.toThrow()
    await refused('update import_row_decisions set reason = reason')
    await refused(`insert into import_row_decisions (import_id, row_no, decision, reason, command_id, recorded_at)
      select import_id, row_no, 'rejected', 'again', command_id, recorded_at from import_row_decisions limit 1`)
  })

  it('readings under a header of two levels are read, and not lost to a file that states a volume alone', async () => {
    const take = async (name: string, content: string | Uint8Array) => {
      const path = scratch.write(name, content)
      return done(await importReadings(services, by('operator'), { collectorCode: 'gx-water', path, feeMonth: march }))
    }
    const rows = [
      ['户号', '表号', '抄见读数', '', '用水量'],
      ['', '', '上期', '本期', ''],
      ['0000112', 'M0000112', '1000', '1195', '195'],
    ].map(
      (cells, row) =>
        `<row r="${row + 1}">${cells.map((text, column) => (text === '' ? '' : textCell(`${'ABCDE'[column]}${row + 1}`, text))).join('')}</row>`,
    )
    const merged = ['A1:A2', 'B1:B2', 'C1:D1', 'E1:E2'].map((range) => `<mergeCell ref="${range}"/>`).join('')
    const after = `<mergeCells count="4">${merged}</mergeCells>`
    const answer = await take('two-levels.xlsx', madeWorkbook([{ name: '三月', rows: rows.join(''), after }]))
    expect(answer).toMatchObject({
      rows: { in: 1, accepted: 1, rejected: 0 },
      mapping: { start: '上期抄见读数', end: '本期抄见读数', volume: '用水量' },
    })
    const readings = { startReading: '1000.000', endReading: '1195.000' }
    expect(await monthOf('0000112')).toMatchObject([readings])

    const alone = await take('volume-alone.csv', '户号,表号,用水量\n0000112,M0000112,196\n')
    expect(alone).toMatchObject({ rows: { accepted: 0, held: 1 }, replaced: 0, reasons: { readings_lost: 1 } })
    expect(await monthOf('0000112')).toMatchObject([readings])
    const choice = { importId: alone.importId, rowNos: [2], reason: '水司来函，读数作废' }
    expect(done(await acceptRows(services, by('clerk'), choice))).toMatchObject({ readings: 1, replaced: 1 })
    expect(await monthOf('0000112')).toMatchObject([{ endReading: null, volumeM3: '196.000' }])
  })
})
