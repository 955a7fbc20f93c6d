import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { exportReceipts } from '../../src/receipts/export-receipts.ts'
import { importResults } from '../../src/receipts/import-results.ts'
import { prepareReceipts } from '../../src/receipts/prepare-receipts.ts'
import { listReceipts } from '../../src/receipts/receipt.queries.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { FiscalTown } from '../support/fiscal-town.ts'
import { by, done } from '../support/office.ts'

/** One payment of 140.00, and twenty hands at each step of its receipt. */
onEveryDatabase('A receipt by many hands at once', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001', { openedOn: '2026-01-01' })
    fiscal.on('2026-02-03')
    await fiscal.town.read('2026-01', [{ account: '1001', start: '0', end: '100', on: '2026-01-31' }])
    await fiscal.town.bill('2026-01')
    fiscal.on('2026-02-09')
    await done(fiscal.pay('A1', '140.00', '2026-02-09'))
    for (const name of ['unit_code', 'unit_name', 'item_code', 'payee_name', 'payee_account', 'payee_bank'])
      await done(
        setSetting(fiscal.services, by('admin'), {
          name: `receipts.${name}`,
          value: '000123',
          citation: '示例财政编码表',
        }),
      )
  })
  afterAll(() => fiscal.leave())
  const twenty = <T>(one: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: 20 }, (_, index) => one(index)))
  const receipts = async () =>
    (await listReceipts(fiscal.services.db, { limit: 100 })).map(({ number, kind, state, amount }) => [
      number,
      kind,
      state,
      moneyText(amount),
    ])
  const eventCount = async (event: string) => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from receipt_events where event = ${event}`.execute(fiscal.services.db)
    return rows[0]?.count
  }

  it('is drafted once', async () => {
    const answers = await twenty(() => prepareReceipts(fiscal.services, by('clerk'), {}))
    const drafted = answers.map((each) => (isRefusal(each) ? each.code : each.answer.receipts))
    expect(drafted.toSorted()).toEqual([...Array<number>(19).fill(0), 1])
    expect(await receipts()).toEqual([[expect.any(String), 'receipt', 'draft', '140.00']])
  })

  it('is asked for once', async () => {
    const answers = await twenty(() =>
      exportReceipts(fiscal.services, by('clerk'), { format: 'csv', encoding: 'utf-8' }),
    )
    expect(answers.filter((each) => !isRefusal(each))).toHaveLength(1)
    expect(await eventCount('requested')).toBe(1)
  })

  it('gets its official number once, whoever brings the answer', async () => {
    const [[number = ''] = []] = await receipts()
    const header = '申请号,结果,票据代码,票据号码,校验码,缴款码,日期,金额,原因'
    await twenty((index) =>
      importResults(
        fiscal.services,
        by('clerk'),
        fiscal.file(
          '回执.csv',
          `${header}\n${number},已盖章,36010326,${String(index + 1).padStart(10, '0')},a1b2c3,36072126000000000123,2026-02-09,140.00,`,
        ),
      ),
    )
    expect(await eventCount('sealed')).toBe(1)
    expect(await receipts()).toEqual([[number, 'receipt', 'sealed', '140.00']])
    expect(await done(prepareReceipts(fiscal.services, by('clerk'), {}))).toMatchObject({ receipts: 0, amount: '0.00' })
  })
})
