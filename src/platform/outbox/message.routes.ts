import { z } from '@hono/zod-openapi'
import { date, id, instant, text } from '../http/fields.ts'
import type { RouteGroup } from '../http/openapi.ts'
import { command, list, query } from '../http/route.ts'
import { endContact, listContacts } from './contacts.ts'
import { retryMessage, stopMessage } from './decide-message.ts'
import { messageInFull, messageJson } from './message.json.ts'
import { attemptsOf, listMessages } from './message.queries.ts'
import { channels, languages, type MessageKind, messageStates } from './message.ts'
import { refuseOutbox } from './outbox.refusals.ts'

const said = z.object({ zh: z.string(), en: z.string() })
const message = z
  .object({
    messageId: id(),
    uid: z.string(),
    kind: z.string(),
    subject: z.string(),
    channel: z.enum(channels),
    address: z.string(),
    language: z.enum(languages),
    recipientCode: z.string(),
    recipientName: z.string(),
    title: z.string(),
    madeOn: date,
    state: z.enum(messageStates),
    attempts: z.number().int(),
    dueAt: instant.nullable(),
    answer: said.nullable(),
    changedAt: instant,
  })
  .openapi('Message')
const decided = z.object({ message: z.string(), state: z.enum(['waiting', 'stopped']) })

/** What goes out to payers and collectors, and to whom; the kinds of messages are the stages'. */
export function outboxRoutes(kinds: readonly MessageKind[]): RouteGroup {
  return {
    name: 'outbox',
    title: { zh: '通知：邮件与短信', en: 'messages by e-mail and SMS' },
    routes: [
      list('/messages', {
        permits: 'outbox.read',
        cli: 'messages list',
        title: {
          zh: '发给缴纳义务人和代征单位的通知，新的在前',
          en: 'messages to payers and collectors, newest first',
        },
        query: {
          state: z.enum(messageStates).optional(),
          kind: text(40).optional(),
          channel: z.enum(channels).optional(),
          subject: text(100).optional().openapi({ description: '事由，如账单号 what it is about, e.g. a bill' }),
          recipient: text(100).optional().openapi({ description: '排污者或单位代码 code of a discharger or body' }),
        },
        item: message,
        key: [id()],
        rows: ({ services, query }, { after, limit }) =>
          listMessages(services.db, { ...query, before: after?.[0], limit }),
        keyOf: ({ messageId }) => [messageId],
        show: messageJson,
      }),
      query('/messages/{message}', {
        permits: 'outbox.read',
        cli: 'messages show',
        title: { zh: '一条通知的正文与历次发送', en: 'one message with its text and each sending' },
        params: { message: id() },
        answer: message
          .extend({
            body: z.string(),
            tried: z.array(
              z.object({
                attemptNo: z.number().int(),
                begunAt: instant,
                handedOverAt: instant.nullable(),
                outcome: z.string().nullable(),
                answer: said.nullable(),
              }),
            ),
          })
          .openapi('MessageInFull'),
        read: async ({ services: { db }, params }) => {
          const [found] = await listMessages(db, { messageId: params.message, limit: 1 })
          if (found === undefined) return refuseOutbox('message_missing', { message: params.message })
          return messageInFull(found, await attemptsOf(db, found.messageId))
        },
      }),
      command('post', '/messages/{message}/retries', {
        permits: 'outbox.retry-message',
        cli: 'messages retry',
        title: { zh: '再发一次（失败、可能已发或已停止的）', en: 'have one sent once more that failed or was stopped' },
        params: { message: id() },
        body: { reason: text(500) },
        example: { reason: '邮箱已恢复' },
        answer: decided,
        run: ({ services, envelope, params, body }) =>
          retryMessage(services, envelope, { messageId: params.message, reason: body.reason }, kinds),
      }),
      command('post', '/messages/{message}/stop', {
        permits: 'outbox.stop-message',
        cli: 'messages stop',
        title: { zh: '停止发送一条待发的通知', en: 'stop one that waits' },
        params: { message: id() },
        body: { reason: text(500) },
        example: { reason: '电话已联系' },
        answer: decided,
        run: ({ services, envelope, params, body }) =>
          stopMessage(services, envelope, { messageId: params.message, reason: body.reason }),
      }),
      list('/contacts', {
        permits: 'outbox.read',
        cli: 'contacts list',
        title: { zh: '联系方式', en: 'contacts of payers and bodies' },
        query: {
          party: text(100).optional().openapi({ description: '排污者或单位代码 code of a discharger or body' }),
          on: date.optional().openapi({ description: '当日有效的 in force on this day' }),
        },
        item: z
          .object({
            contactId: id(),
            partyCode: z.string(),
            partyName: z.string(),
            channel: z.enum(channels),
            address: z.string(),
            language: z.enum(languages),
            person: z.string(),
            consent: z.string(),
            from: date,
            until: date.nullable(),
          })
          .openapi('Contact'),
        key: [id()],
        rows: ({ services, query }, { after, limit }) =>
          listContacts(services.db, { ...query, after: after?.[0], limit }),
        keyOf: ({ contactId }) => [contactId],
        show: (row) => row,
      }),
      command('post', '/contacts/{contact}/end', {
        permits: 'outbox.end-contact',
        cli: 'contacts end',
        title: { zh: '终止一个联系方式', en: 'end a contact' },
        params: { contact: id() },
        body: { until: date.optional().openapi({ description: '自此日起不再发送，默认今日 today unless given' }) },
        example: { until: '2026-07-01' },
        answer: z.object({ contact: z.string(), until: date }),
        run: ({ services, envelope, params, body }) =>
          endContact(services, envelope, { contactId: params.contact, until: body.until }),
      }),
    ],
  }
}
