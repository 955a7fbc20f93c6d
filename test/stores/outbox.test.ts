import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeMessagesJob } from '../../jobs/make-messages.ts'
import { runDueJobs } from '../../jobs/run-due-jobs.ts'
import { sendDueMessages } from '../../jobs/send-due-messages.ts'
import { findBill } from '../../src/bills/bill.queries.ts'
import { printBill } from '../../src/bills/print-bill.ts'
import { addContact, type NewContact } from '../../src/dischargers/add-contact.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { money, moneyForPeople } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { volume, volumeForPeople } from '../../src/kernel/volume.ts'
import { messageKinds } from '../../src/message-kinds.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import type { Services } from '../../src/platform/command.ts'
import type { DocumentPrinter } from '../../src/platform/documents/document.ts'
import { refuseDocument } from '../../src/platform/documents/documents.refusals.ts'
import type { Carriers } from '../../src/platform/outbox/carrier.ts'
import { carriersFrom } from '../../src/platform/outbox/carriers-when-used.ts'
import { composed } from '../../src/platform/outbox/compose.ts'
import { endContact, listContacts } from '../../src/platform/outbox/contacts.ts'
import { retryMessage, stopMessage } from '../../src/platform/outbox/decide-message.ts'
import { makeMessages } from '../../src/platform/outbox/make-messages.ts'
import {
  attemptsOf,
  countMessages,
  listMessages,
  type MessageFilter,
} from '../../src/platform/outbox/message.queries.ts'
import { sendMessages } from '../../src/platform/outbox/send-messages.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { refusalOf } from '../db/ground.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { mailServer, readMail, smsGateway } from '../support/mail-server.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const secret = 'a secret of the gateway'

onEveryDatabase('The outbox', (connection) => {
  let town: SmallTown
  let mail: Awaited<ReturnType<typeof mailServer>>
  let sms: Awaited<ReturnType<typeof smsGateway>>
  let carriers: Carriers
  const services = (): Services => ({ ...town.services, carriers })
  /** Everything that is due is written, as the jobs of the day would at this time. */
  const make = (when: string) => runDueJobs(services(), at(when), { runner: 'test', jobs: [makeMessagesJob] })
  const send = (when: string, runner = 'test') => sendDueMessages(services(), at(when), { runner })
  const list = (filter: Partial<MessageFilter> = {}) => listMessages(connection().db, { limit: 100, ...filter })
  const told = async (kind: string) =>
    (await list({ kind }))
      .map(({ subject, channel, address, state }) => `${subject} ${channel} ${address} ${state}`)
      .sort()
  const contact = (dischargerCode: string, more: Partial<NewContact> = {}) =>
    addContact(services(), by('clerk'), {
      dischargerCode,
      channel: 'email',
      address: `${dischargerCode.toLowerCase()}@example.com`,
      language: 'zh',
      consent: '纳管协议第八条',
      ...more,
    })
  const pay = (account: string, amount: string, paidOn: string) =>
    done(
      recordPayment(services(), by('clerk'), {
        collectorCode: 'water',
        reference: `R${account}${paidOn}`,
        accountNo: account,
        paidOn: civilDate(paidOn),
        amount,
      }),
    )

  beforeAll(async () => {
    mail = await mailServer()
    sms = await smsGateway()
    const from = carriersFrom({
      QINGLIU_SMTP_URL: mail.url,
      QINGLIU_MAIL_FROM: '区城管局 <noreply@fee.example>',
      QINGLIU_SMS_URL: sms.url,
      QINGLIU_SMS_SECRET: secret,
    })
    if (isRefusal(from)) throw new Error(from.sentence('en'))
    carriers = from
    town = await SmallTown.found(connection(), '2026-02-20')
    for (const account of ['1001', '1002', '1003', '1004']) await town.enrol(account, { openedOn: '2026-03-01' })
    const clock = { code: 'clock', name: '定时任务', organisationCode: 'bureau', roles: ['scheduler'] }
    await done(addStaff(services(), by('admin'), { ...clock, from: civilDate('2026-04-02') }))
    await done(contact('P1001', { address: 'Boss@Example.com', from: civilDate('2026-03-01') }))
    await done(contact('P1001', { channel: 'sms', address: '13800000001' }))
    await done(contact('P1002', { language: 'en' }))
    await done(contact('P1003'))
    town.on('2026-04-02')
    await town.read(
      '2026-03',
      ['1001', '1002', '1003'].map((account) => ({ account, start: '0', end: '12345', on: '2026-03-31' })),
    )
    await town.read('2026-03', [{ account: '1004', start: '0', end: '100', on: '2026-03-31' }])
    await town.bill('2026-03')
  })
  afterAll(async () => {
    await mail.close()
    await sms.close()
    town.leave()
  })
  beforeEach(() => {
    for (const key of Object.keys(mail.manners)) delete mail.manners[key as keyof typeof mail.manners]
    sms.manners.answer = 202
    mail.mails.length = 0
    sms.requests.length = 0
  })

  describe('contacts', () => {
    it('are refused by name where the address, the consent or the party is wrong', async () => {
      expect(await refusedWith(contact('P1001', { address: 'not an address' }))).toBe('contact_address_malformed')
      expect(await refusedWith(contact('P1001', { address: 'a@b.cn\r\nBcc: c@d.cn' }))).toBe(
        'contact_address_malformed',
      )
      expect(await refusedWith(contact('P1001', { channel: 'sms', address: '0797-123' }))).toBe(
        'contact_address_malformed',
      )
      expect(await refusedWith(contact('P1001', { consent: ' ' }))).toBe('contact_needs_consent')
      expect(await refusedWith(contact('P1001', { address: 'boss@example.com' }))).toBe('contact_held')
      expect(await refusedWith(contact('P9'))).toBe('discharger_unknown')
      expect(await refusedWith(contact('P1001', { organisationCode: 'bureau' }))).toBe('contact_owner_unclear')
      expect(
        await refusedWith(
          addContact(services(), by('auditor'), {
            dischargerCode: 'P1001',
            channel: 'email',
            address: 'x@y.cn',
            language: 'zh',
            consent: 'x',
          }),
        ),
      ).toBe('role_missing')
      const [first] = await listContacts(connection().db, { party: 'P1001', limit: 9 })
      expect(first).toMatchObject({ address: 'boss@example.com', partyName: '示例用户P1001', from: '2026-03-01' })
    })

    it('the database says so too', async () => {
      const bad = `insert into contacts (discharger_id, channel, address, language, consent, valid_from, command_id)
        select d.id, 'email', 'A B@c', 'zh', 'x', '2026-01-01', c.command_id from dischargers d, commands c limit 1`
      expect(await refusalOf(connection().db, bad)).toMatchObject({ constraint: 'address_of_its_channel' })
      const nobody = `insert into contacts (channel, address, language, consent, valid_from, command_id)
        select 'email', 'a@b.cn', 'zh', 'x', '2026-01-01', c.command_id from commands c limit 1`
      expect(await refusalOf(connection().db, nobody)).toMatchObject({ constraint: 'of_one_party' })
    })
  })

  describe('a bill that was issued', () => {
    const filesSent = new Map<string, Map<string, Buffer>>()

    it('is told once to every contact of its payer, whoever asks how often', async () => {
      await make('2026-04-02 12:15')
      await make('2026-04-02 17:15')
      expect(await told('bill_issued')).toEqual([
        '2026-000001 email boss@example.com waiting',
        '2026-000001 sms 13800000001 waiting',
        '2026-000002 email p1002@example.com waiting',
        '2026-000003 email p1003@example.com waiting',
      ])
      const again = `insert into messages (kind, subject, contact_id, channel, address, language, title, body, made_on, command_id, recorded_at)
        select kind, subject, contact_id, channel, address, language, title, body, made_on, command_id, recorded_at from messages limit 1`
      expect(await refusalOf(connection().db, again)).toMatchObject({ constraint: 'told_once' })
    })

    it('goes out within the hours, as the words of its language say it', async () => {
      expect(await send('2026-04-02 20:00')).toMatchObject({ accepted: 0 })
      expect(await send('2026-04-03 07:59')).toMatchObject({ accepted: 0 })
      // A name that the font lacks a character of: its paper cannot be made.
      const printer: DocumentPrinter = {
        print: (document) =>
          document.number === '2026-000003'
            ? Promise.resolve(refuseDocument('document_printing_elsewhere'))
            : (town.services.printer?.print(document) ?? Promise.reject(new Error('the town has a printer'))),
      }
      const sending = sendDueMessages({ ...services(), printer }, at('2026-04-03 08:00'), { runner: 'test' })
      expect(await sending).toMatchObject({ accepted: 4, deferred: 0 })
      expect(await send('2026-04-03 08:01')).toMatchObject({ accepted: 0 })
      const sent = new Map(mail.mails.map((each) => [each.to.join(), readMail(each)]))
      for (const [address, { files }] of sent) filesSent.set(address, files)
      const zh = sent.get('boss@example.com')
      expect(zh?.headers.get('subject')).toBe(
        '污水处理费账单 2026-000001（2026年3月）：17,283.00 元，请于2026年4月10日前缴纳',
      )
      expect(zh?.headers.get('from')).toBe('区城管局 <noreply@fee.example>')
      expect(zh?.headers.get('to')).toBe('boss@example.com')
      expect(zh?.text).toContain('示例用户P1001：\n')
      expect(zh?.text).toContain('水量　　　12,345 立方米\n应缴金额　17,283.00 元\n缴费期限　2026年4月10日（含当日）')
      expect(sent.get('p1002@example.com')?.text).toContain(
        'Amount    17,283.00 yuan\nDue on    10 April 2026 (inclusive)',
      )
      const [request] = sms.requests
      expect(JSON.parse(request?.body ?? '')).toMatchObject({
        to: '13800000001',
        text: '【区城管局】户号1001 2026年3月污水处理费账单2026-000001已开出：12,345立方米，应缴17,283.00元，缴费期限2026年4月10日（含当日）。',
        kind: 'bill_issued',
        subject: '2026-000001',
      })
      expect((await list({ state: 'sent' })).length).toBe(4)
    })

    it('takes its PDF along by mail, the very file that is downloaded', async () => {
      const { db } = connection()
      const bill = await findBill(db, { year: 2026, number: 1 })
      if (bill === undefined) throw new Error('the bill that was told of is there')
      const printed = await printBill(db, town.services.printer, bill)
      if (isRefusal(printed)) throw new Error(printed.sentence('en'))
      expect(filesSent.get('boss@example.com')).toEqual(new Map([['2026-000001.pdf', Buffer.from(printed.bytes)]]))
    })

    it('is told without its PDF where that cannot be printed, and the message says so', async () => {
      expect(filesSent.get('p1003@example.com')?.size).toBe(0)
      const [message] = (await list({ channel: 'email' })).filter(({ address }) => address === 'p1003@example.com')
      expect(message?.state).toBe('sent')
      expect(message?.answer).toMatchObject({ zh: expect.stringContaining('；未附文件：') })
    })

    it('is signed for the gateway, and named for those who keep it', async () => {
      const [message] = await list({ channel: 'sms', state: 'sent' })
      expect(message?.answer).toBe('202 {"ok":true}')
      const [attempt] = await attemptsOf(connection().db, message?.messageId ?? '')
      expect(attempt).toMatchObject({ attemptNo: 1, outcome: 'accepted' })
      expect(attempt?.handedOverAt).toBeInstanceOf(Date)
    })
  })

  describe('three days before the due date', () => {
    it('whoever has not paid is reminded, and who pays meanwhile is not', async () => {
      town.on('2026-04-07')
      await pay('1002', '17283.00', '2026-04-06')
      await make('2026-04-07 07:15')
      expect(await told('due_soon')).toEqual([
        '2026-000001 email boss@example.com waiting',
        '2026-000001 sms 13800000001 waiting',
        '2026-000003 email p1003@example.com waiting',
      ])
      await pay('1003', '17283.00', '2026-04-07')
      sms.manners.answer = 500
      mail.manners.data = 451
      expect(await send('2026-04-07 08:00')).toMatchObject({ stopped: 1, deferred: 2 })
      const [stopped] = await list({ state: 'stopped' })
      expect(stopped?.answer).toEqual({ zh: '已经缴清', en: 'it was paid meanwhile' })
    })

    it('is tried again with growing pauses, the same message under the same name', async () => {
      sms.manners.answer = 0
      mail.manners.rcpt = 450
      expect(await send('2026-04-07 08:00')).toMatchObject({ deferred: 0 })
      expect(await send('2026-04-07 08:01')).toMatchObject({ deferred: 2 })
      expect(await send('2026-04-07 08:05')).toMatchObject({ deferred: 0 })
      delete mail.manners.rcpt
      sms.manners.answer = 202
      expect(await send('2026-04-07 08:06')).toMatchObject({ accepted: 2 })
      const keys = new Set(sms.requests.map(({ headers }) => headers['idempotency-key']))
      expect([sms.requests.length, keys.size]).toEqual([2, 1])
      for (const { headers, body } of sms.requests)
        expect(headers['qingliu-signature']).toBe(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
      const [message] = await list({ kind: 'due_soon', channel: 'email', state: 'sent' })
      expect(readMail(mail.mails[0]!).headers.get('message-id')).toBe(`<${message?.uid}@fee.example>`)
      expect((await attemptsOf(connection().db, message?.messageId ?? '')).map(({ outcome }) => outcome)).toEqual([
        'deferred',
        'deferred',
        'accepted',
      ])
    })

    it('is not told after the due date, however long the schedule stood still', async () => {
      await done(contact('P1004'))
      await make('2026-04-09 07:15')
      expect(await told('due_soon')).toContain('2026-000004 email p1004@example.com waiting')
      await send('2026-04-11 09:00')
      expect(await told('due_soon')).toContain('2026-000004 email p1004@example.com stopped')
      expect((await list({ subject: '2026-000004', kind: 'due_soon' }))[0]?.answer).toMatchObject({
        zh: '缴费期限已过',
      })
      expect(mail.mails).toEqual([])
    })
  })

  describe('on the day after the due date', () => {
    it('whoever had not paid is told, by what was known that day', async () => {
      town.on('2026-04-11')
      await make('2026-04-11 07:15')
      expect(await told('overdue')).toEqual([
        '2026-000001 email boss@example.com waiting',
        '2026-000001 sms 13800000001 waiting',
        '2026-000004 email p1004@example.com waiting',
      ])
      await make('2026-04-12 07:15')
      expect((await told('overdue')).length).toBe(3)
    })

    it('a refused address has failed for good, a refused password has not', async () => {
      mail.manners.rcpt = 550
      sms.manners.answer = 401
      expect(await send('2026-04-12 09:00')).toMatchObject({ refused: 2, deferred: 1 })
      const [failed] = await list({ kind: 'overdue', state: 'failed' })
      expect(failed?.answer).toMatch(/^550 /)
      expect(failed?.attempts).toBe(1)
    })

    it('a person has it sent once more, with a reason, and no other that is on its way or was sent', async () => {
      const [failed] = await list({ kind: 'overdue', state: 'failed', subject: '2026-000001' })
      const messageId = failed?.messageId ?? ''
      const retry = (reason: string, actor = 'clerk', id = messageId) =>
        retryMessage(services(), by(actor), { messageId: id, reason }, messageKinds)
      expect(await refusedWith(retry(' '))).toBe('message_needs_reason')
      expect(await refusedWith(retry('邮箱已恢复', 'auditor'))).toBe('role_missing')
      expect(await refusedWith(retry('邮箱已恢复', 'clerk', '999999'))).toBe('message_missing')
      expect(await done(retry('邮箱已恢复'))).toEqual({ message: messageId, state: 'waiting' })
      expect(await refusedWith(retry('邮箱已恢复'))).toBe('message_not_over')
      expect(await send('2026-04-12 09:10')).toMatchObject({ accepted: 2 })
      expect(await refusedWith(retry('再发'))).toBe('message_not_over')
      expect((await attemptsOf(connection().db, messageId)).map(({ outcome }) => outcome)).toEqual([
        'refused',
        'accepted',
      ])
    })

    it('a person stops one that waits, and it can be sent later all the same unless it no longer holds', async () => {
      const [failed] = await list({ kind: 'overdue', state: 'failed' })
      const messageId = failed?.messageId ?? ''
      const stop = () => stopMessage(services(), by('clerk'), { messageId, reason: '电话已联系' })
      expect(await refusedWith(stop())).toBe('message_not_waiting')
      const retry = () => retryMessage(services(), by('clerk'), { messageId, reason: '重发' }, messageKinds)
      await done(retry())
      expect(await done(stop())).toEqual({ message: messageId, state: 'stopped' })
      expect((await list({ messageId }))[0]).toMatchObject({ state: 'stopped', answer: '电话已联系' })
      expect(await send('2026-04-12 10:00')).toMatchObject({ accepted: 0 })
      await done(retry())
      await done(stop())
      await pay('1004', '140.00', '2026-04-11')
      expect(await refusedWith(retry())).toBe('message_overtaken')
    })
  })

  describe('a mail that was taken without an answer', () => {
    it('is maybe sent, and nobody sends it again but a person', async () => {
      const messageId = await oneMore('P1001', 'unsure@example.com')
      mail.manners.silent = true
      expect(await send('2026-04-12 10:00')).toMatchObject({ unknown: 1 })
      mail.manners.silent = false
      expect(await send('2026-04-13 10:00')).toMatchObject({ accepted: 0 })
      expect((await list({ messageId }))[0]?.state).toBe('unknown')
      await done(retryMessage(services(), by('clerk'), { messageId, reason: '对方未收到' }, messageKinds))
      expect(await send('2026-04-13 11:00')).toMatchObject({ accepted: 1 })
      // A keeper of mails can tell that it is the same one.
      const ids = mail.mails.map((each) => readMail(each).headers.get('message-id'))
      expect([ids.length, new Set(ids).size]).toEqual([2, 1])
    })
  })

  describe('a server that is not there', () => {
    it('costs nothing but time; after eight attempts it is given up', async () => {
      const gone = carriersFrom({ QINGLIU_SMTP_URL: 'smtp://127.0.0.1:9', QINGLIU_MAIL_FROM: 'a@b.cn' })
      if (isRefusal(gone)) throw new Error(gone.code)
      const messageId = await oneMore('P1001', 'patient@example.com')
      let when = at('2026-04-12 09:00').getTime()
      const seen: number[] = []
      for (let tries = 0; tries < 200; tries += 1) {
        const report = await sendDueMessages({ ...services(), carriers: gone }, new Date(when), { runner: 'test' })
        if (report.deferred > 0) seen.push(when)
        if (report.given_up > 0) break
        when += 30 * 60_000
      }
      const attempts = await attemptsOf(connection().db, messageId)
      expect(attempts).toHaveLength(9)
      expect(attempts.at(-1)).toMatchObject({ outcome: 'given_up', handedOverAt: undefined })
      expect(String(attempts[0]?.answer)).toMatch(/ECONNREFUSED/)
      expect((await list({ messageId }))[0]?.state).toBe('failed')
    })
  })

  describe('a contact that has ended', () => {
    it('is written to no more', async () => {
      const messageId = await oneMore('P1001', 'former@example.com')
      const [former] = (await listContacts(connection().db, { party: 'P1001', limit: 99 })).filter(
        ({ address }) => address === 'former@example.com',
      )
      await done(
        endContact(services(), by('clerk'), { contactId: former?.contactId ?? '', until: civilDate('2026-04-12') }),
      )
      expect(await refusedWith(endContact(services(), by('clerk'), { contactId: former?.contactId ?? '' }))).toBe(
        'contact_ended',
      )
      expect(await send('2026-04-12 09:00')).toMatchObject({ stopped: 1 })
      expect((await list({ messageId }))[0]?.answer).toMatchObject({ en: 'the contact has ended' })
    })
  })

  describe('two processes at once', () => {
    it('send each message once', async () => {
      const ids: string[] = []
      for (let index = 0; index < 12; index += 1) ids.push(await oneMore('P1001', `crowd${index}@example.com`))
      mail.manners.taken = () => new Promise((resolve) => setTimeout(resolve, 20))
      const runners = connection().engine === 'embedded' ? ['test', 'test', 'test'] : ['one', 'two', 'three']
      const reports = await Promise.all(runners.map((runner) => send('2026-04-12 09:00', runner)))
      expect(reports.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(12)
      expect(mail.mails.map(({ to }) => to.join()).sort()).toEqual(
        ids.map((_, index) => `crowd${index}@example.com`).sort(),
      )
    })

    it('one that stood still finds that its message was taken over, and completes nothing', async () => {
      const messageId = await oneMore('P1001', 'slow@example.com')
      // Before its last byte the first process stands still for so long that another takes over.
      const slow: Carriers = {
        email: {
          discardsRepeats: false,
          close: async () => undefined,
          send: async (_message, handingOver) => {
            await sql`update message_queue set held_until = clock_timestamp() where message_id = ${messageId}::bigint`.execute(
              connection().db,
            )
            expect(await send('2026-04-12 09:00', 'second')).toMatchObject({ deferred: 1 })
            const ours = await handingOver()
            return { outcome: ours ? 'accepted' : 'deferred', answer: ours ? 'sent twice' : 'taken over' }
          },
        },
      }
      await sendDueMessages({ ...services(), carriers: slow }, at('2026-04-12 09:00'), { runner: 'first' })
      expect(await send('2026-04-12 09:30', 'second')).toMatchObject({ accepted: 1 })
      expect(mail.mails).toHaveLength(1)
      expect((await attemptsOf(connection().db, messageId)).map(({ outcome, answer }) => [outcome, answer])).toEqual([
        ['deferred', { zh: '发送进程中断', en: 'the process ended' }],
        ['accepted', '250 taken'],
      ])
    })
  })

  describe('names of others', () => {
    it('begin no header and no paragraph of their own', async () => {
      await done(
        setSetting(services(), by('admin'), { name: 'bills.payment_ways', value: '随水费缴纳', citation: '测试' }),
      )
      await sql`insert into dischargers (code, name, kind, command_id)
        select 'EVIL', e'恶意\r\nBcc: all@example.com\r\n\r\n请向某账户缴费', 'resident', command_id from commands limit 1`.execute(
        connection().db,
      )
      town.on('2026-04-12')
      await done(contact('EVIL', { address: 'evil@example.com' }))
      const kind = {
        ...messageKinds[0]!,
        name: 'evil',
        rows: async () => sql`select 'E' as subject, d.id as recipient_id, 'owed' as variant, d.name as payer,
          e'2026\r\nBcc: x@example.com' as number, d.name as account, 'original' as what, '2026-03-01'::date as month, 1 as volume,
          1 as amount, '2026-04-10'::date as due_on, 'x' as ways from dischargers d where d.code = 'EVIL'`,
        overtaken: async () => new Map(),
      }
      await done(makeMessages(services(), by('clerk'), kind))
      await sendMessages(services(), at('2026-04-12 09:00'), { runner: 'test', kinds: [kind] })
      const [taken] = mail.mails
      expect(taken?.to).toEqual(['evil@example.com'])
      const { headers, names, text } = readMail(taken!)
      expect(names.filter((name) => name === 'bcc')).toEqual([])
      expect(headers.get('subject')).toContain('2026 Bcc: x@example.com')
      expect(text.split('\n')[0]).toBe('恶意 Bcc: all@example.com 请向某账户缴费：')
    })
  })

  describe('the words', () => {
    it('say amounts, volumes and days as the kernel does', async () => {
      const words = { title: '{m}', email: '{v}', sms: '{d}' }
      const kind = {
        ...messageKinds[0]!,
        fields: { m: 'money', v: 'volume', d: 'date' },
        words: { x: { zh: words, en: words } },
      } as const
      const { title, body } = composed(kind, '')
      for (const amount of ['0.00', '0.05', '-1234.50', '999999.99', '1234567890123.45', '100.00'])
        for (const m3 of ['0.000', '100.000', '1200.500', '0.001', '-12345.600', '1000000.000']) {
          const { rows } = await sql<{ title: string; body: string }>`select ${title} as title, ${body} as body
            from (select 'x' as variant, ${amount}::numeric as m, ${m3}::numeric as v, '2026-04-02'::date as d) t,
              (select 'email' as channel, 'zh' as language) c`.execute(connection().db)
          expect(rows[0]).toEqual({ title: moneyForPeople(money(amount)), body: volumeForPeople(volume(m3)) })
        }
    })

    it.each(messageKinds)('of $name name only fields that it has', ({ words, fields }) => {
      for (const spoken of Object.values(words))
        for (const text of Object.values(spoken).flatMap((each) => Object.values(each)))
          for (const [, name = ''] of String(text).matchAll(/\{(\w+)\}/g))
            expect(name === 'office' || Object.hasOwn(fields, name), name).toBe(true)
    })
  })

  it('counts what became of everything', async () => {
    const counted = await countMessages(connection().db, civilDate('2026-01-01'))
    const all = await listMessages(connection().db, { limit: 1_000 })
    for (const [state, count] of Object.entries(counted))
      expect(all.filter((message) => message.state === state).length, state).toBe(count)
    expect(counted.waiting + counted.sending).toBe(0)
  })

  /** A message that waits at an address of its own: the overdue bill of P1001, told to one more contact. */
  async function oneMore(dischargerCode: string, address: string): Promise<string> {
    town.on('2026-04-11')
    await done(contact(dischargerCode, { address }))
    const kind = messageKinds.find(({ name }) => name === 'overdue')!
    await done(makeMessages({ ...town.services, carriers }, by('clerk'), kind))
    const [message] = (await list({ kind: 'overdue' })).filter((each) => each.address === address)
    if (message === undefined) throw new Error(`nothing was told to ${address}`)
    // What was made at the true time of the test waits since the beginning of the story's.
    await sql`update message_queue set due_at = '2026-04-01' where message_id = ${message.messageId}::bigint`.execute(
      connection().db,
    )
    return message.messageId
  }
})
