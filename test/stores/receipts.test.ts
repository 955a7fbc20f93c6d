import { readFileSync } from 'node:fs'
import iconv from 'iconv-lite'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { civilDate } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { reversePayment } from '../../src/payments/reverse-payment.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { writeXlsx } from '../../src/platform/tables/write-table.ts'
import { exportReceipts, writeBatch } from '../../src/receipts/export-receipts.ts'
import { formOf, importResults } from '../../src/receipts/import-results.ts'
import { draftNotice, prepareReceipts } from '../../src/receipts/prepare-receipts.ts'
import { listReceipts } from '../../src/receipts/receipt.queries.ts'
import { sayResultReason } from '../../src/receipts/result.reasons.ts'
import { readResultFile } from '../../src/receipts/result-file.ts'
import { resultRowsOf } from '../../src/receipts/result-row.queries.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { FiscalTown } from '../support/fiscal-town.ts'
import { by, done, found, refusedWith } from '../support/office.ts'

/** Bills of 140.00 of January and February for 1001 and 1002 (100 m³ × 1.40 each). */
onEveryDatabase('E-receipts', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    for (const account of ['1001', '1002']) await fiscal.town.enrol(account, { openedOn: '2026-01-01' })
    for (const [month, today, start, end, on] of [
      ['2026-01', '2026-02-03', '0', '100', '2026-01-31'],
      ['2026-02', '2026-03-03', '100', '200', '2026-02-28'],
    ] as const) {
      fiscal.on(today)
      await fiscal.town.read(
        month,
        ['1001', '1002'].map((account) => ({ account, start, end, on })),
      )
      await fiscal.town.bill(month)
    }
    fiscal.on('2026-03-10')
    // One payment for both months of 1001 but for 40.00; the rest comes later.
    await done(
      recordPayment(fiscal.services, by('collector-1'), {
        collectorCode: 'water',
        reference: 'A1',
        accountNo: '1001',
        paidOn: civilDate('2026-03-09'),
        amount: '240.00',
        fromAccount: '0100234567890',
        fromBank: '示例商业银行',
      }),
    )
  })
  afterAll(() => fiscal.leave())
  const prepare = () => done(prepareReceipts(fiscal.services, by('clerk'), {}))
  const ask = (format: 'csv' | 'xml' = 'csv', encoding: 'utf-8' | 'gbk' = 'utf-8') =>
    exportReceipts(fiscal.services, by('clerk'), { format, encoding })
  const states = async () =>
    Object.fromEntries(
      (await listReceipts(fiscal.services.db, { limit: 100 })).map((each) => [
        each.number,
        [each.kind, each.state, each.waitsFor ?? '', moneyText(each.amount)].join(' '),
      ]),
    )
  const answer = (content: string | Uint8Array, name = '回执.csv') =>
    importResults(fiscal.services, by('clerk'), fiscal.file(name, content))
  const header = '申请号,结果,票据代码,票据号码,校验码,缴款码,日期,金额,原因'

  it('are drafted after payment, a receipt for a payment, its parts laid over the lines of its bills', async () => {
    expect(await prepare()).toEqual({ receipts: 1, notices: 0, amount: '240.00', dropped: 0, toEnd: 0 })
    const [drafted] = await listReceipts(fiscal.services.db, { limit: 1 })
    expect(
      drafted?.parts.map((part) => [part.bill, moneyText(part.amount), part.volumeM3.toFixed(), part.unitPrice]),
    ).toEqual([
      ['2026-000001', '140.00', '100', '1.40'],
      // 100 of 140 yuan: 71.429 of 100 m³.
      ['2026-000003', '100.00', '71.429', '1.40'],
    ])
    expect(await prepare()).toMatchObject({ receipts: 0 })
    // By file, with an account that a spreadsheet has spoiled, and then as text.
    const collected = (account: string) =>
      done(
        importPayments(fiscal.services, by('collector-1'), {
          collectorCode: 'water',
          path: fiscal.file(
            `收款${account.length}.csv`,
            `户号,收款日期,流水号,污水处理费,付款账号,付款开户行\n1001,2026-03-10,A2,40.00,${account},示例农商行`,
          ),
        }),
      )
    expect(await collected('6.22E+18')).toMatchObject({ payments: 0, rows: { rejected: 1 } })
    expect(await collected('0062200000000000001')).toMatchObject({ payments: 1 })
    const { rows } = await sql`select account, bank from payment_sources order by payment_id`.execute(
      fiscal.services.db,
    )
    expect(rows).toEqual([
      { account: '0100234567890', bank: '示例商业银行' },
      { account: '0062200000000000001', bank: '示例农商行' },
    ])
    expect(await prepare()).toMatchObject({ receipts: 1, amount: '40.00' })
  })

  it('are not asked for before finance has given its codes; zeros in front stay', async () => {
    expect(await refusedWith(ask())).toBe('receipt_setting_missing')
    for (const [name, value] of [
      ['receipts.unit_code', '000123'],
      ['receipts.unit_name', '示例区城市管理局'],
      ['receipts.item_code', '0103044'],
      ['receipts.payee_name', '示例区财政局'],
      ['receipts.payee_account', '0011223344'],
      ['receipts.payee_bank', '示例银行'],
    ])
      await done(
        setSetting(fiscal.services, by('admin'), { name: name ?? '', value: value ?? '', citation: '示例财政编码表' }),
      )
    const { batch, issue, fileDigest } = await done(ask())
    expect([batch, issue]).toEqual(['B2026-0001', 2])
    const path = fiscal.path('申请.csv')
    expect(await writeBatch(fiscal.services.db, batch, path)).toMatchObject({ sameAsExported: true })
    expect(await refusedWith(writeBatch(fiscal.services.db, batch, path.replace('.csv', '.xml')))).toBe(
      'receipt_batch_format',
    )
    const [, first = ''] = readFileSync(path, 'utf8').split('\r\n')
    expect(first).toBe(
      'B2026-0001,E2026-000001,开具,非税收入一般缴款书（电子）,000123,示例区城市管理局,2026-03-10,示例用户P1001,P1001,0100234567890,示例商业银行,示例区财政局,0011223344,示例银行,0103044,污水处理费,立方米,100.000,1.40,140.00,240.00,人民币贰佰肆拾元整,2026-03-09,A1,,,账单 2026-000001 户号 1001 2026-01 非居民',
    )
    expect(fileDigest).toMatch(/^[0-9a-f]{64}$/)
    expect(await refusedWith(ask())).toBe('receipt_nothing_to_export')
    expect(await states()).toEqual({
      'E2026-000001': 'receipt requested issue 240.00',
      'E2026-000002': 'receipt requested issue 40.00',
    })
  })

  it('are answered by file: codes keep their zeros, wrong rows are held or rejected, gaps are reported', async () => {
    fiscal.on('2026-03-13')
    const taken = await done(
      answer(
        [
          header,
          'E2026-000001,已盖章,36010326,0000000123,a1b2c3,36072126000000000123,2026-03-11,240.00,',
          'E2026-000001,已盖章,36010326,0000000123,a1b2c3,36072126000000000123,2026-03-11,240.00,',
          'E2026-000002,已盖章,36010326,0000000123,a1b2c4,36072126000000000124,2026-03-11,40.00,',
          'E2026-000002,已盖章,3601032,0000000127,a1b2c4,36072126000000000124,2026-03-11,40.00,',
          'E2026-000009,已盖章,36010326,0000000128,a1b2c4,36072126000000000124,2026-03-11,40.00,',
          'E2026-000002,开好了,36010326,0000000128,a1b2c4,36072126000000000124,2026-03-11,40.00,',
          'E2026-000002,已盖章,36010326,0000000129,a1b2c4,36072126000000000124,2026-03-11,41.00,',
          'E2026-000002,已冲红,,,,,2026-03-11,,',
          `E2026-000002,失败,,,,,2026-03-11,,${'长'.repeat(501)}`,
        ].join('\n'),
      ),
    )
    expect(taken.rows).toEqual({ in: 9, accepted: 1, held: 4, rejected: 4 })
    const rows = await found(resultRowsOf(fiscal.services.db, taken.importId))
    expect(rows.map((row) => [row.rowNo, row.reasons.map(({ code }) => code).join()])).toEqual([
      [3, 'result_repeated'],
      [4, 'result_number_taken'],
      [5, 'result_code_malformed'],
      [6, 'result_request_unknown'],
      [7, 'result_word_unknown'],
      [8, 'result_amount_differs'],
      [9, 'result_impossible'],
      [10, 'result_reason_long'],
    ])
    // A person looks the other request up by the number it has everywhere else.
    expect(rows[1]?.reasons[0]?.parameters).toEqual({ billCode: '36010326', other: 'E2026-000001' })
    expect(await refusedWith(resultRowsOf(fiscal.services.db, '1'))).toBe('result_import_unknown')
    expect(await refusedWith(resultRowsOf(fiscal.services.db, '99999'))).toBe('result_import_unknown')
    for (const { reasons } of rows)
      for (const reason of reasons)
        for (const language of ['zh', 'en'] as const)
          expect(sayResultReason(reason, language).cause).not.toMatch(/\{[a-z]\w*\}/i)
    const malformed = rows[2]?.reasons[0]
    expect(malformed && sayResultReason(malformed, 'zh').cause).toMatch(/应为 \d+ 位(数字|字母或数字)/)
    const second = await done(
      answer(`${header}\nE2026-000002,已盖章,36010326,0000000126,a1b2c4,36072126000000000124,2026-03-12,40.00,`),
    )
    expect(second.gaps).toEqual([{ billCode: '36010326', from: '0000000124', to: '0000000125', count: '2' }])
    expect(await done(answer(`${header}\nE2026-000002,已缴款,,,,,,,`))).toMatchObject({
      unchanged: 1,
      rows: { accepted: 1 },
    })
    const [first] = await listReceipts(fiscal.services.db, { limit: 1 })
    expect(first?.codes).toEqual({
      billCode: '36010326',
      billNumber: '0000000123',
      checkCode: 'a1b2c3',
      paymentCode: '36072126000000000123',
    })
  })

  it('days are read as people write them; one that is none, or cannot be, is told', async () => {
    const taken = await done(
      answer(
        [
          header,
          'E2026-000002,已核销,,,,,2026-02-30,,',
          'E2026-000001,已核销,,,,,2026-03-01,,',
          'E2026-000003,已核销,,,,,2026-03-12,,',
        ].join('\n'),
      ),
    )
    expect(
      (await found(resultRowsOf(fiscal.services.db, taken.importId))).map(({ reasons }) =>
        reasons.map(({ code }) => code).join(),
      ),
    ).toEqual(['result_day_unreadable', 'result_day_impossible', 'result_request_unknown'])
    await done(answer(`${header}\nE2026-000001,已核销,,,,,20260310,,`))
    const { rows } = await sql<{ day: string }>`
      select event_on as day from receipt_events where event = 'written_off'`.execute(fiscal.services.db)
    expect(rows).toEqual([{ day: '2026-03-10' }])
  })

  it('a check code that comes later is kept, another one is held', async () => {
    const other = await done(answer(`${header}\nE2026-000002,已盖章,36010326,0000000126,b9b9b9,,2026-03-12,40.00,`))
    expect(other.rows).toMatchObject({ accepted: 0, held: 1 })
    const [row] = await found(resultRowsOf(fiscal.services.db, other.importId))
    expect(row?.reasons.map(({ code, column }) => [code, column])).toEqual([['result_codes_differ', '校验码']])
  })

  it('a workbook that turned the codes into numbers is rejected by name', async () => {
    const path = fiscal.path('回执.xlsx')
    const columns = ['申请号', '结果', '票据代码', '票据号码'].map((title) => ({
      title,
      kind: title === '票据号码' ? ('number' as const) : ('text' as const),
    }))
    await writeXlsx(path, [{ name: '回执', columns, rows: [['E2026-000001', '已核销', '36010326', '123']] }])
    const taken = await done(importResults(fiscal.services, by('clerk'), path))
    expect(taken.rows).toMatchObject({ rejected: 1 })
    const [row] = await found(resultRowsOf(fiscal.services.db, taken.importId))
    expect(row?.reasons.map(({ code }) => code)).toContain('result_code_spoiled')
  })

  it('a payment that bounces is reversed at the platform; what was paid anew gets a receipt of its own', async () => {
    await done(reversePayment(fiscal.services, by('clerk'), { paymentId: '1', reason: '退票' }))
    await done(fiscal.pay('A3', '240.00', '2026-03-10'))
    expect(await prepare()).toMatchObject({ receipts: 1, amount: '240.00', toEnd: 1 })
    const { batch, issue, reverse } = await done(ask('xml', 'gbk'))
    expect([issue, reverse]).toEqual([1, 1])
    const path = fiscal.path('申请.xml')
    expect(await writeBatch(fiscal.services.db, batch, path)).toMatchObject({ sameAsExported: true })
    const xml = iconv.decode(readFileSync(path), 'gbk')
    expect(xml).toContain('<?xml version="1.0" encoding="GBK"?>')
    expect(xml).toContain('<action>reverse</action>')
    expect(xml).toContain('<billNumber>0000000123</billNumber>')
    const result = (number: string, word: string, codes = '') =>
      `<result><requestNo>${number}</requestNo><status>${word}</status>${codes}<message>示例&amp;回执</message></result>`
    const codes = '<billCode>36010326</billCode><billNumber>0000000127</billNumber><checkCode/>'
    const content = `<?xml version="1.0" encoding="GBK"?>\n<receiptResults>\n${result('E2026-000001', 'reversed')}\n${result('E2026-000003', 'sealed', codes)}\n</receiptResults>\n`
    expect(await done(answer(iconv.encode(content, 'gbk'), '回执.xml'))).toMatchObject({ rows: { in: 2, accepted: 2 } })
    // Once answered, the file of the batch is still the one that was sent.
    expect(await writeBatch(fiscal.services.db, batch, path)).toMatchObject({ sameAsExported: true })
    expect(await states()).toEqual({
      'E2026-000001': 'receipt reversed  240.00',
      'E2026-000002': 'receipt sealed  40.00',
      'E2026-000003': 'receipt sealed  240.00',
    })
  })

  it('XML that is not of the agreed form is refused', async () => {
    for (const content of [
      '<receiptResults></receiptResults>',
      '<results/>',
      '<receiptResults><!-- x --></receiptResults>',
      '<receiptResults><result><requestNo>1</requestNo><extra>1</extra></result></receiptResults>',
      '<receiptResults><result><requestNo>1</requestNo><requestNo>2</requestNo></result></receiptResults>',
      '<receiptResults><result><requestNo>&x;</requestNo></result></receiptResults>',
      '<receiptResults><result><requestNo>1</requestNo></receiptResults>',
    ])
      expect(await refusedWith(answer(content, '坏.xml')), content).toMatch(/^receipt_file_/)
  })

  it('XML says what is wrong with it: encoding, end, declarations, entities, attributes', async () => {
    const failed =
      '<result><requestNo>E2026-000002</requestNo><status>失败</status><message>缴款人名称不符</message></result>'
    const inner = `<receiptResults>\n${failed}\n</receiptResults>\n`
    const says = (encoding: string, content = inner) => `<?xml version="1.0" encoding="${encoding}"?>\n${content}`
    const gbk = (text: string) => iconv.encode(text, 'gbk')
    const read = says('GBK')
    for (const [content, sentence] of [
      [Buffer.from(read), '声明的编码是 GBK，内容却是 UTF-8'],
      [Buffer.from(`\uFEFF${read}`), '声明的编码是 GBK，内容却是 UTF-8'],
      [gbk(says('UTF-8')), '声明的编码是 UTF-8，内容却是别的编码（多为 GBK）'],
      [Buffer.from(says('Big5')), '声明的编码是 Big5，约定的只有 UTF-8 和 GBK'],
      [gbk(read).subarray(0, -20), '没有结尾的 </receiptResults>，文件可能没有取全'],
      [gbk(read.slice(0, read.indexOf('缴') + 1)).subarray(0, -1), '第 3 行（第 128 字节）起不是声明的 GBK'],
      [
        gbk(read.replace('<receipt', '<!DOCTYPE receiptResults [<!ENTITY x "y">]>\n<receipt')),
        '含有 DOCTYPE 或实体声明',
      ],
      [gbk(read.replace('<result>', '<!-- 注 --><result>')), '含有注释'],
      [gbk(read.replace('缴款人', '<![CDATA[缴款人]]>')), '含有 CDATA'],
      [gbk(read.replace('缴款人', '&x;')), '第 1 个回执有“&x;”，只认 &amp;'],
      [gbk(read.replace('缴款人', '&#32564;')), '第 1 个回执有“&#32564;”，只认 &amp;'],
      [gbk(read.replace('<result>', '<result id="1">')), '第 1 个回执带有属性'],
      [gbk(read.replace('</result>', '')), '第 1 个回执没有结尾的 </result>'],
      [gbk(read.replace('<result>', '备注<result>')), '第 1 个回执之前有认不出的内容“备注'],
      ['', '没有回执'],
    ] as const) {
      const outcome = await answer(content, '坏.xml')
      expect(isRefusal(outcome) ? outcome.sentence('zh') : '').toContain(sentence)
      if (isRefusal(outcome)) expect(outcome.sentence('en')).not.toMatch(/\{|undefined/)
    }
    // Two bytes of GBK that are letters of UTF-8 by chance are read as they are declared.
    const chance = gbk(says('GBK', inner.replace(/[\u4e00-\u9fff]+/g, '模')))
    const file = await readResultFile(fiscal.file('模.xml', chance))
    expect(isRefusal(file) ? '' : file.rows[0]?.texts.reason).toBe('模')
  })

  it('a notice before payment: paid in whole it stands; a part payment voids it and asks for two', async () => {
    const notice = (bills: string[]) => draftNotice(fiscal.services, by('clerk'), { bills })
    expect(await refusedWith(notice(['2026-000001']))).toBe('notice_bill_not_open')
    expect(await done(notice(['2026-000002', '2026-000004']))).toMatchObject({
      receipt: 'E2026-000004',
      amount: '280.00',
    })
    expect(await refusedWith(notice(['2026-000002']))).toBe('notice_exists')
    await done(ask())
    await done(answer(`${header}\nE2026-000004,已开具,36010326,0000000124,,36072126000000000125,2026-03-13,280.00,`))
    await done(
      recordPayment(fiscal.services, by('clerk'), {
        reference: '国库1',
        accountNo: '1002',
        paidOn: civilDate('2026-03-10'),
        amount: '100.00',
      }),
    )
    expect(await prepare()).toMatchObject({ receipts: 0, notices: 0, toEnd: 1 })
    expect(await done(ask())).toMatchObject({ issue: 0, void: 1 })
    await done(answer(`${header}\nE2026-000004,已作废,,,,,2026-03-13,,`))
    expect(await prepare()).toMatchObject({ receipts: 1, notices: 1, amount: '100.00' })
    expect(await states()).toMatchObject({
      'E2026-000004': 'notice voided  280.00',
      'E2026-000005': 'receipt draft  100.00',
      'E2026-000006': 'notice draft  180.00',
    })
    await done(ask())
    await done(
      recordPayment(fiscal.services, by('clerk'), {
        reference: '国库2',
        accountNo: '1002',
        paidOn: civilDate('2026-03-10'),
        amount: '180.00',
      }),
    )
    expect(await prepare()).toMatchObject({ receipts: 0, notices: 0, toEnd: 0 })
  })

  it('the database refuses a second live receipt for a part', async () => {
    const twice = sql.raw(`
      insert into receipts (number_year, number, kind, discharger_id, payment_id, amount, drafted_on, command_id)
        select 2026, 99, kind, discharger_id, payment_id, amount, drafted_on, command_id from receipts where number = 3;
      insert into receipt_parts select (select max(id) from receipts), part_no, bill_id, line_no, allocation_id, amount, volume_m3, unit_price
        from receipt_parts where receipt_id = 3`)
    await expect(
      connection()
        .db.transaction()
        .execute((trx) => twice.execute(trx)),
    ).rejects.toMatchObject({ code: 'QL029' })
  })

  it('forms of codes are read exactly', () => {
    expect([
      formOf('d{8}|d{10}').test('00000001'),
      formOf('d{8}|d{10}').test('000000001'),
      formOf('w{6}').test('a1b2c3'),
      formOf('d{2}').test('1a'),
    ]).toEqual([true, false, true, false])
  })
})
