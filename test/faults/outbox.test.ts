import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { sendDueMessages } from '../../jobs/send-due-messages.ts'
import { addContact } from '../../src/dischargers/add-contact.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { messageKinds } from '../../src/message-kinds.ts'
import { connectEmbedded } from '../../src/platform/connect-embedded.ts'
import type { Connection } from '../../src/platform/database.ts'
import { carriersFrom } from '../../src/platform/outbox/carriers-when-used.ts'
import { makeMessages } from '../../src/platform/outbox/make-messages.ts'
import { attemptsOf, listMessages } from '../../src/platform/outbox/message.queries.ts'
import { bundled, startedForAMoment } from '../support/bundled.ts'
import { testDatabases } from '../support/databases.ts'
import { mailServer, readMail, smsGateway } from '../support/mail-server.ts'
import { by, done } from '../support/office.ts'
import { SmallTown } from '../support/small-town.ts'

const script = await bundled(fileURLToPath(new URL('./send.ts', import.meta.url)))
const at = (text: string) => `${text.replace(' ', 'T')}:00+08:00`
const mailOf = (channel: 'email' | 'sms', address: string) =>
  ({ channel, address, language: 'zh', consent: '协议' }) as const

for (const { name, open } of testDatabases) {
  describe(`a sender that is killed (${name})`, () => {
    let folder: string
    let connection: Connection & { url?: string }
    let mail: Awaited<ReturnType<typeof mailServer>>
    let sms: Awaited<ReturnType<typeof smsGateway>>
    let environment: Record<string, string>

    // The embedded database is one process’s: it is closed while the child works.
    const opened = async (): Promise<Connection & { url?: string }> => {
      if (name === 'postgres') return open()
      const embedded = await connectEmbedded(folder)
      if (isRefusal(embedded)) throw new Error(embedded.code)
      return embedded
    }
    const begin = async (when: string) => {
      if (name === 'embedded') await connection.close()
      const child: ChildProcess = spawn(
        process.execPath,
        [...startedForAMoment, script, connection.url ?? folder, at(when)],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, ...environment },
        },
      )
      const ended = new Promise<string>((resolve) => {
        let said = ''
        child.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()))
        child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()))
        child.on('close', () => resolve(said))
      })
      return { child, ended }
    }
    /** How many other connections to this database ask it something now. */
    const asking = async (): Promise<number> => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`.execute(connection.db)
      return rows[0]?.n ?? 0
    }
    /** Kills the child once `moment` has come, and looks at what it left. */
    const killedAt = async (moment: Promise<void>, when: string) => {
      const { child, ended } = await begin(when)
      await Promise.race([moment, ended.then((said) => Promise.reject(new Error(`ended by itself: ${said}`)))])
      child.kill('SIGKILL')
      await ended
      if (name === 'embedded') connection = await opened()
      // The server still carries out what the dead process asked last: a hold it renews is to be ended after it.
      else await expect.poll(asking, { timeout: 10_000, interval: 100 }).toBe(0)
      // Nobody waits for the hold of a dead process to end.
      await sql`update message_queue set held_until = clock_timestamp() - interval '1 second' where held_until is not null`.execute(
        connection.db,
      )
    }
    const send = (when: string) => {
      const carriers = carriersFrom(environment)
      if (isRefusal(carriers)) throw new Error(carriers.code)
      return sendDueMessages({ ...town().services, carriers }, new Date(at(when)), { runner: 'test' })
    }
    const messages = () => listMessages(connection.db, { limit: 99 })
    const outcomes = async (messageId: string) =>
      (await attemptsOf(connection.db, messageId)).map(({ outcome, handedOverAt }) => [
        outcome,
        handedOverAt !== undefined,
      ])
    let here: SmallTown
    const town = () => here

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'qingliu-outbox-'))
      mail = await mailServer()
      sms = await smsGateway()
      environment = {
        QINGLIU_SMTP_URL: mail.url,
        QINGLIU_MAIL_FROM: 'noreply@fee.example',
        QINGLIU_SMS_URL: sms.url,
        QINGLIU_SMS_SECRET: 'a secret of the gateway',
      }
      connection = await opened()
      if (name === 'embedded') await migrate(connection.db)
      // The town asks the connection that is open at the time.
      const current = {
        get db() {
          return connection.db
        },
        get engine() {
          return connection.engine
        },
        close: async () => undefined,
      }
      here = await SmallTown.found(current, '2026-02-20')
      await here.enrol('1001', { openedOn: '2026-03-01' })
      here.on('2026-04-02')
      await here.read('2026-03', [{ account: '1001', start: '0', end: '100', on: '2026-03-31' }])
      await here.bill('2026-03')
    })
    afterAll(async () => {
      here.leave()
      await connection.close()
      await mail.close()
      await sms.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const waits = async (channel: 'email' | 'sms', address: string): Promise<string> => {
      await done(addContact(here.services, by('clerk'), { dischargerCode: 'P1001', ...mailOf(channel, address) }))
      await done(makeMessages(here.services, by('clerk'), messageKinds[0]!))
      const [message] = (await messages()).filter((each) => each.address === address)
      return message?.messageId ?? ''
    }

    it('before the content is complete has sent nothing, and the mail goes out later', async () => {
      const messageId = await waits('email', 'before@example.com')
      let arrived: () => void = () => undefined
      const moment = new Promise<void>((resolve) => {
        arrived = resolve
      })
      mail.manners.envelope = () => {
        // Whatever the sender does of itself while the server thinks about the recipient, it has time to do.
        setTimeout(arrived, 500)
        return new Promise<void>(() => undefined)
      }
      await killedAt(moment, '2026-04-02 09:00')
      delete mail.manners.envelope
      expect(await send('2026-04-02 09:10')).toMatchObject({ deferred: 1, accepted: 0 })
      expect(await send('2026-04-02 09:20')).toMatchObject({ accepted: 1 })
      expect(await outcomes(messageId)).toEqual([
        ['deferred', false],
        ['accepted', true],
      ])
      expect(mail.mails).toHaveLength(1)
    })

    it('after the content was taken leaves a mail that was maybe sent, and it is not sent again', async () => {
      mail.mails.length = 0
      const messageId = await waits('email', 'after@example.com')
      let arrived: () => void = () => undefined
      const moment = new Promise<void>((resolve) => {
        arrived = resolve
      })
      mail.manners.taken = arrived
      mail.manners.mute = true
      await killedAt(moment, '2026-04-02 10:00')
      delete mail.manners.taken
      delete mail.manners.mute
      expect(await send('2026-04-02 10:10')).toMatchObject({ unknown: 1, accepted: 0 })
      expect(await send('2026-04-03 10:20')).toMatchObject({ unknown: 0, accepted: 0 })
      expect((await messages()).find((each) => each.messageId === messageId)?.state).toBe('unknown')
      expect(await outcomes(messageId)).toEqual([['unknown', true]])
      expect(mail.mails).toHaveLength(1)
      expect(readMail(mail.mails[0]!).headers.get('to')).toBe('after@example.com')
    })

    it('after the gateway took an SMS asks it again under the same key', async () => {
      const messageId = await waits('sms', '13800000009')
      let arrived: () => void = () => undefined
      const moment = new Promise<void>((resolve) => {
        arrived = resolve
      })
      sms.manners.taken = () => {
        arrived()
        return new Promise<void>(() => undefined)
      }
      await killedAt(moment, '2026-04-03 11:00')
      delete sms.manners.taken
      expect(await send('2026-04-03 11:10')).toMatchObject({ deferred: 1 })
      expect(await send('2026-04-03 11:20')).toMatchObject({ accepted: 1 })
      expect(await outcomes(messageId)).toEqual([
        ['deferred', true],
        ['accepted', true],
      ])
      expect(new Set(sms.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
      expect(sms.requests).toHaveLength(2)
    })
  })
}
