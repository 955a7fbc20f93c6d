import type { Refusal } from '../../kernel/refusal.ts'
import { refuseOutbox } from './outbox.refusals.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface SmtpSettings {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (smtps); else STARTTLS, which is insisted upon beyond this machine. */
  readonly secure: boolean
  readonly onThisMachine: boolean
  readonly user: string | undefined
  readonly password: string | undefined
  readonly from: { readonly name: string; readonly address: string }
}

export interface SmsSettings {
  readonly url: string
  readonly secret: string
}

const loopback = /^(127\.0\.0\.1|localhost|\[?::1\]?)$/

/** The mail server that an environment names: `QINGLIU_SMTP_URL` and `QINGLIU_MAIL_FROM`; `undefined` where it names none. */
export function smtpSettings(environment: Environment): SmtpSettings | Refusal | undefined {
  const { QINGLIU_SMTP_URL: text = '', QINGLIU_MAIL_FROM: sender = '' } = environment
  if (text === '') return undefined
  const url = parseUrl(text)
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    const rule = 'smtps://用户:口令@服务器:465 或 or smtp://…:587（STARTTLS）'
    return refuseOutbox('smtp_settings_invalid', { variable: 'QINGLIU_SMTP_URL', rule })
  }
  const [, name = '', address = ''] =
    /^(?:([^<>\p{Cc}]*)<)?([^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+?)>?$/u.exec(sender.trim()) ?? []
  if (address === '') {
    const rule = '区城管局 <noreply@example.gov.cn>'
    return refuseOutbox('smtp_settings_invalid', { variable: 'QINGLIU_MAIL_FROM', rule })
  }
  const secure = url.protocol === 'smtps:'
  return {
    host: url.hostname,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    onThisMachine: loopback.test(url.hostname),
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    from: { name: name.trim(), address },
  }
}

/** The SMS hook that an environment names: `QINGLIU_SMS_URL` and `QINGLIU_SMS_SECRET`; `undefined` where it names none. */
export function smsSettings(environment: Environment): SmsSettings | Refusal | undefined {
  const { QINGLIU_SMS_URL: text = '', QINGLIU_SMS_SECRET: secret = '' } = environment
  if (text === '') return undefined
  const url = parseUrl(text)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname))
  if (!isSafe) {
    const rule = 'https://…（本机可用 http on this machine http）'
    return refuseOutbox('sms_settings_invalid', { variable: 'QINGLIU_SMS_URL', rule })
  }
  if (secret.length < 16) {
    const rule = '至少 16 个字符的签名密钥 a secret of 16 characters or more'
    return refuseOutbox('sms_settings_invalid', { variable: 'QINGLIU_SMS_SECRET', rule })
  }
  return { url: text, secret }
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
