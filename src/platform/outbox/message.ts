import type { RawBuilder } from 'kysely'
import type { CivilDate } from '../../kernel/calendar.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { Db, Trx } from '../database.ts'
import type { DocumentPrinter } from '../documents/document.ts'

export const channels = ['email', 'sms'] as const
export type Channel = (typeof channels)[number]
export const channelNames: Record<Channel, { readonly zh: string; readonly en: string }> = {
  email: { zh: '电子邮件', en: 'e-mail' },
  sms: { zh: '短信', en: 'SMS' },
}

/** What an address of a channel looks like, in small letters. */
export const addressForms: Record<Channel, { readonly form: RegExp; readonly rule: string }> = {
  email: {
    form: /^(?=.{1,254}$)[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/,
    rule: '如 finance@example.com，不含空格与汉字 without blanks or Chinese characters',
  },
  sms: {
    form: /^(1[3-9]\d{9}|\+[1-9]\d{6,14})$/,
    rule: '11 位手机号，境外号码写 +国家代码 a mobile number of 11 digits, or + and the country',
  },
}

export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

export type Said = { readonly zh: string; readonly en: string }

/** How a field is written: `date` 2026年4月10日, `month` 2026年3月, `money` 17,283.00, `volume` 12,345; a code by its names. */
export type MessageField = 'text' | 'date' | 'month' | 'money' | 'volume' | Readonly<Record<string, Said>>

/** The words of a message in one language, with `{field}` where a field goes. A mail has a title, an SMS is short. */
export interface Words {
  readonly title: string
  readonly email: string
  readonly sms: string
}

/** A paper that goes with a message of a channel that can carry one. */
export interface Attachment {
  readonly name: string
  readonly type: 'application/pdf'
  readonly bytes: Uint8Array
}

/** What a stage tells payers or collectors: the words, to whom and of what, and whether it is still worth telling. */
export interface MessageKind {
  readonly name: string
  readonly zh: string
  readonly en: string
  /** Whose contacts are written to: `recipient_id` in its rows is one of these. */
  readonly to: 'discharger' | 'organisation'
  readonly fields: Readonly<Record<string, MessageField>>
  /** By variant; `{office}` is there for all. */
  readonly words: Readonly<Record<string, Readonly<Record<Language, Words>>>>
  /**
   * What is to be told as of a day, told before or not: one row each with `subject`, `recipient_id`, `variant` and a
   * column for each field; `undefined` where there is nothing. One query, however many rows.
   */
  rows(db: Db | Trx, day: CivilDate): Promise<RawBuilder<unknown> | undefined>
  /** Of some subjects, why they are no longer told on a day: paid meanwhile, cancelled, too late. */
  overtaken(db: Db | Trx, subjects: readonly string[], day: CivilDate): Promise<ReadonlyMap<string, Said>>
  /** The paper that goes with a mail about a subject, made when it is sent. Refuses where it cannot be printed. */
  attachment?(db: Db | Trx, printer: DocumentPrinter | undefined, subject: string): Promise<Attachment | Refusal>
}

/**
 * Where a message stands. `unknown`: it was handed over and the answer never came, so it may have arrived; a person decides.
 */
export const messageStates = ['waiting', 'sending', 'sent', 'failed', 'stopped', 'unknown'] as const
export type MessageState = (typeof messageStates)[number]
export const messageStateNames: Record<MessageState, Said> = {
  waiting: { zh: '待发', en: 'waiting' },
  sending: { zh: '发送中', en: 'being sent' },
  sent: { zh: '已发', en: 'sent' },
  failed: { zh: '发送失败', en: 'failed' },
  stopped: { zh: '不再发送', en: 'stopped' },
  unknown: { zh: '可能已发', en: 'maybe sent' },
}
