import { type RefusalTable, refuser } from '../../kernel/refusal.ts'

export const outboxRefusals = {
  smtp_settings_invalid: {
    kind: 'usage',
    zh: '{variable} 不合要求：{rule}',
    en: '{variable} is not as it must be: {rule}',
  },
  sms_settings_invalid: {
    kind: 'usage',
    zh: '{variable} 不合要求：{rule}',
    en: '{variable} is not as it must be: {rule}',
  },
  no_carrier: {
    kind: 'unavailable',
    zh: '没有设置发送渠道：邮件设 QINGLIU_SMTP_URL 和 QINGLIU_MAIL_FROM，短信设 QINGLIU_SMS_URL 和 QINGLIU_SMS_SECRET。',
    en: 'No channel is set: QINGLIU_SMTP_URL and QINGLIU_MAIL_FROM for mail, QINGLIU_SMS_URL and QINGLIU_SMS_SECRET for SMS.',
  },
  message_missing: {
    kind: 'missing',
    zh: '没有编号为 {message} 的通知。见 qingliu messages list',
    en: 'There is no message {message}. See qingliu messages list',
  },
  message_needs_reason: {
    kind: 'usage',
    zh: '请写明原因（--reason）。',
    en: 'Say why (--reason).',
  },
  message_not_over: {
    kind: 'conflict',
    zh: '通知 {message} 的状态是“{stateZh}”，不能再发一次；只有发送失败、可能已发或不再发送的可以。',
    en: 'Message {message} is {stateEn}; only one that failed, was stopped or was maybe sent can be sent once more.',
  },
  message_overtaken: {
    kind: 'conflict',
    zh: '通知 {message} 所说的已不再成立：{reasonZh}。未重新发送。',
    en: 'What message {message} says no longer holds: {reasonEn}. It was not sent again.',
  },
  message_not_waiting: {
    kind: 'conflict',
    zh: '通知 {message} 的状态是“{stateZh}”，没有可停止的；只有待发的可以停止。',
    en: 'Message {message} is {stateEn}; only one that waits can be stopped.',
  },
  contact_address_malformed: {
    kind: 'invalid',
    zh: '“{address}”不是{channelZh}地址：{rule}',
    en: '"{address}" is no address for {channelEn}: {rule}',
  },
  contact_needs_consent: {
    kind: 'invalid',
    zh: '请写明凭什么可以发到 {address}（如“纳管协议第八条”“用户申请 2026-03-01”）。',
    en: 'Say on what {address} may be written to, for example an article of the agreement or an application.',
  },
  contact_held: {
    kind: 'conflict',
    zh: '{owner} 在 {from} 或之后已登记 {address}，无需再次登记。',
    en: '{owner} has {address} on {from} or later; there is nothing to add.',
  },
  contact_missing: {
    kind: 'missing',
    zh: '没有编号为 {contact} 的联系方式。见 qingliu contacts list',
    en: 'There is no contact {contact}. See qingliu contacts list',
  },
  contact_ended: {
    kind: 'conflict',
    zh: '联系方式 {contact}（{address}）已自 {until} 起终止。',
    en: 'Contact {contact} ({address}) has ended from {until}.',
  },
  contact_ends_before_start: {
    kind: 'invalid',
    zh: '联系方式 {contact} 自 {from} 起，不能在 {until} 终止。请核对日期。',
    en: 'Contact {contact} starts on {from}; it cannot end on {until}. Check the date.',
  },
  contact_owner_unclear: {
    kind: 'usage',
    zh: '请写明是谁的：--discharger 排污者编号，或 --organisation 单位代码，二者写一。',
    en: 'Say whose it is: --discharger CODE or --organisation CODE, one of them.',
  },
} as const satisfies RefusalTable

export const refuseOutbox = refuser(outboxRefusals)
