import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addContact } from '../../src/dischargers/add-contact.ts'
import { checkOrder } from '../../src/enforcement/check-order.ts'
import { orderServedMessage } from '../../src/enforcement/order-served.message.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import type { Services } from '../../src/platform/command.ts'
import { findIssued } from '../../src/platform/documents/documents.queries.ts'
import { readStoredFile } from '../../src/platform/files.ts'
import { anythingToTell, makeMessages } from '../../src/platform/outbox/make-messages.ts'
import { listMessages } from '../../src/platform/outbox/message.queries.ts'
import type { MessageKind } from '../../src/platform/outbox/message.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { statementDueMessage } from '../../src/remittance/statement-due.message.ts'
import { CaseWork } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { FiscalTown } from '../support/fiscal-town.ts'
import { by, done } from '../support/office.ts'
import { squaresOfPdf } from '../support/pdf-text.ts'

const told = async (services: Services, kind: MessageKind) => {
  expect(await anythingToTell(services.db, kind, services.clock.today())).toBe(true)
  const { made } = await done(makeMessages(services, by('clerk'), kind))
  expect(await anythingToTell(services.db, kind, services.clock.today())).toBe(false)
  return (await listMessages(services.db, { kind: kind.name, limit: made })).map(
    ({ subject, address, title, body }) => ({ subject, address, said: `${title}\n${body}` }),
  )
}
const overtaken = async (services: Services, kind: MessageKind, subject: string, day: string) =>
  (await kind.overtaken(services.db, [subject], civilDate(day))).get(subject)?.en

onEveryDatabase('An order to pay that was served', (connection) => {
  let work: CaseWork
  beforeAll(async () => {
    work = await CaseWork.found(connection())
    await work.enrol('1')
    await done(
      setSetting(work.town.services, by('admin'), {
        name: 'public.address',
        value: 'https://fee.example.gov.cn',
        citation: '测试',
      }),
    )
    await done(
      addContact(work.town.services, by('clerk'), {
        dischargerCode: 'P1',
        channel: 'sms',
        address: '+8613800000001',
        language: 'zh',
        consent: '申请',
      }),
    )
    work.on('2025-04-02')
    await work.town.read('2025-03', [{ account: '1', start: '0', end: '12345', on: '2025-03-31' }])
    await work.town.bill('2025-03')
    work.on('2025-04-11')
    expect(await work.order('P1')).toBe('2025-0001')
  })
  afterAll(() => work.leave())

  it('is told of once its term runs, and no more where it was paid or its term is over', async () => {
    const { services } = work.town
    expect(await anythingToTell(services.db, orderServedMessage, civilDate('2025-04-11'))).toBe(false)
    work.on('2025-04-15')
    await work.take('order', '2025-0001', 'order_served')
    expect(await told(work.town.services, orderServedMessage)).toEqual([
      {
        subject: '2025-0001',
        address: '+8613800000001',
        said: '\n【区城管局】责令限期缴纳通知书城管责缴〔2025〕1号已于2025年4月15日送达，未缴17,283.00元，期限至2025年4月30日（含当日）。本短信不代替文书送达。',
      },
    ])
    const at = (day: string) => overtaken(services, orderServedMessage, '2025-0001', day)
    expect([await at('2025-04-30'), await at('2025-05-06')]).toEqual([undefined, 'the term has ended'])
    await work.pay('1', '17283.00', '2025-04-15', 'X')
    expect(await at('2025-04-16')).toBe('it was paid meanwhile')
  })

  it('carries a QR code, and anybody who holds it learns whether it stands', async () => {
    const { db } = connection()
    const issued = await findIssued(db, '城管责缴〔2025〕1号')
    if (isRefusal(issued)) throw new Error(issued.code)
    const pieces: Buffer[] = []
    for await (const piece of readStoredFile(db, issued.fileDigest)) pieces.push(piece)
    expect(squaresOfPdf(Buffer.concat(pieces)).length).toBeGreaterThan(100)
    const checked = await checkOrder(db, 'order-2025-0001', civilDate('2025-04-16'))
    expect(checked && { ...checked, amount: moneyText(checked.amount) }).toMatchObject({
      number: '城管责缴〔2025〕1号',
      stands: true,
      amount: '17283.00',
      dueOn: '2025-04-30',
      payer: '示例＊＊＊',
    })
    expect(await checkOrder(db, 'order-2025-1', civilDate('2025-04-16'))).toBeUndefined()
    expect(await checkOrder(db, '2025-0001', civilDate('2025-04-16'))).toBeUndefined()
  })
})

onEveryDatabase('A period without a statement', (connection) => {
  let fiscal: FiscalTown
  beforeAll(async () => {
    fiscal = await FiscalTown.found(connection(), '2025-12-20')
    await fiscal.town.enrol('1001')
    await done(fiscal.contract())
    await done(
      addContact(fiscal.services, by('clerk'), {
        organisationCode: 'water-co',
        channel: 'email',
        address: 'finance@water.example',
        language: 'zh',
        consent: '代征协议',
      }),
    )
  })
  afterAll(() => fiscal.leave())

  describe('is told to the collector’s organisation', () => {
    it('from the day after its end, once, under a contract that held', async () => {
      const ask = (day: string) => anythingToTell(connection().db, statementDueMessage, civilDate(day))
      expect([
        await ask('2026-01-05'),
        await ask('2026-03-31'),
        await ask('2026-04-01'),
        await ask('2026-05-03'),
      ]).toEqual([false, false, true, false])
      fiscal.on('2026-04-01')
      const [message] = await told(fiscal.services, statementDueMessage)
      expect(message).toMatchObject({ subject: 'water/2026-Q1', address: 'finance@water.example' })
      expect(message?.said).toContain('2026-Q1 已于2026年3月31日结束')
    })

    it('and not sent once it was drawn', async () => {
      const asked = () => overtaken(fiscal.services, statementDueMessage, 'water/2026-Q1', '2026-04-02')
      expect(await asked()).toBeUndefined()
      fiscal.on('2026-03-30')
      await done(fiscal.pay('A1', '10.00', '2026-03-30'))
      fiscal.on('2026-04-02')
      await done(fiscal.draw('2026-Q1'))
      expect(await asked()).toBe('the statement was drawn meanwhile')
    })
  })
})
