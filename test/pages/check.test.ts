import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { printBill } from '../../src/bills/print-bill.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { checkCode, isCheckCode, maskedName } from '../../src/platform/documents/check-code.ts'
import { closedAccess } from '../../src/platform/http/access.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { squaresOfPdf } from '../support/pdf-text.ts'
import { SmallTown } from '../support/small-town.ts'

onEveryDatabase('the check page', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-02-20')
    for (const account of ['1001', '1002']) await town.enrol(account, { openedOn: '2026-03-01' })
    town.on('2026-04-02')
    await town.read(
      '2026-03',
      ['1001', '1002'].map((account) => ({ account, start: '0', end: '12345', on: '2026-03-31' })),
    )
    await town.bill('2026-03')
    await town.correct('2026-000002', 'cancel', 'duplicate')
  })
  afterAll(() => town.leave())

  /** As anybody: nobody is signed in. */
  const look = async (path: string) => {
    const app = createApp(() => town.services, { access: closedAccess, parts: partsOnNode(() => undefined) })
    const answer = await app.request(path, { headers: { 'accept-language': 'zh' } })
    return { status: answer.status, text: (await answer.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') }
  }
  const code = (paper: string) => checkCode(connection().db, paper)

  it('tells anybody with the paper whether it is ours and stands, and no name', async () => {
    const { status, text } = await look(`/check/2026-000001?code=${await code('2026-000001')}`)
    expect(status).toBe(200)
    for (const said of ['2026-000001', '已签发，有效', '17,283.00', '2026年4月10日（含当日）', '示例＊＊＊＊＊01'])
      expect(text).toContain(said)
    expect(text).not.toContain('示例用户P1001')
    const cancelled = await look(`/check/2026-000002?code=${(await code('2026-000002')).toLowerCase()}`)
    expect(cancelled.text).toContain('已由 2026-000003 全额红冲')
    expect(cancelled.text).toContain('无须缴费')
  })

  it('says the same of a wrong code, of another paper’s code and of a number that never was', async () => {
    const answers = await Promise.all([
      look('/check/2026-000001?code=AAAAAAAA'),
      look(`/check/2026-000001?code=${await code('2026-000002')}`),
      look('/check/2026-999999?code=AAAAAAAA'),
      look(`/check/2026-999999?code=${await code('2026-999999')}`),
      look('/check/order-2026-0001?code=AAAAAAAA'),
      look(`/check/..%2f2026-000001?code=${await code('2026-000001')}`),
    ])
    for (const { status, text } of answers) {
      expect(status).toBe(200)
      expect(text).toContain('没有相符的文书')
      expect(text).not.toContain('17,283.00')
    }
    const without = await look('/check/2026-000001')
    expect(without.text).toContain('文书上的核验码')
    expect(without.text).not.toContain('没有相符的文书')
  })

  it('knows a code however it is typed, and gives each paper another', async () => {
    const { db } = connection()
    const typed = await code('2026-000001')
    expect(typed).toMatch(/^[A-HJ-NP-Z2-9]{8}$/)
    expect(await isCheckCode(db, '2026-000001', ` ${typed.slice(0, 4)}-${typed.slice(4).toLowerCase()} `)).toBe(true)
    const codes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => code(`2026-${String(index).padStart(6, '0')}`)),
    )
    expect(new Set(codes).size).toBe(50)
  })

  it('is the keyed digest it always was, and a party is told that of its own bills alone', async () => {
    const { db } = connection()
    const { rows } = await sql<{ key: Buffer }>`select key from check_keys`.execute(db)
    const digest = createHmac('sha256', rows[0]?.key ?? '')
      .update('2026-000001')
      .digest()
    const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
    expect(await code('2026-000001')).toBe(Array.from(digest.subarray(0, 8), (byte) => letters[byte % 32]).join(''))
    const { rows: bills } = await sql<{ discharger_id: string }>`select discharger_id from bills order by id`.execute(
      db,
    )
    const toldTo = (dischargerId: string, paper: string) =>
      db.transaction().execute(async (trx) => {
        await sql`select set_config('qingliu.dischargers', ${dischargerId}, true)`.execute(trx)
        await sql`set local role qingliu_enterprise`.execute(trx)
        const { rows: told } = await sql<{ code: string | null }>`select check_code(${paper}) as code`.execute(trx)
        return told[0]?.code
      })
    const own = bills[0]?.discharger_id ?? ''
    expect(await toldTo(own, '2026-000001')).toBe(await code('2026-000001'))
    for (const paper of ['2026-999999', 'order-2026-0001', '']) expect(await toldTo(own, paper)).toBeNull()
    expect(await toldTo('0', '2026-000001')).toBeNull()
  })

  it('masks a name so that who knows it recognises it', () => {
    expect(['张', '张三', '欧阳锋', '示例公司', '示例新材料有限公司'].map(maskedName)).toEqual([
      '张＊',
      '张＊',
      '欧＊＊',
      '示例＊＊',
      '示例＊＊＊＊＊公司',
    ])
  })

  it('is where the QR code of a bill leads, once the office says under which address', async () => {
    const [bill] = await town.bills('1001', '2026-03')
    const print = async () => {
      const printed = await printBill(connection().db, town.services.printer, bill!)
      if (isRefusal(printed)) throw new Error(printed.code)
      return printed.bytes
    }
    expect(squaresOfPdf(await print())).toEqual([])
    await done(
      setSetting(town.services, by('admin'), {
        name: 'public.address',
        value: 'https://fee.example.gov.cn',
        citation: '测试',
      }),
    )
    expect(squaresOfPdf(await print()).length).toBeGreaterThan(100)
  })
})
