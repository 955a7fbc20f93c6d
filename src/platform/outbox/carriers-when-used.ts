import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { Carrier, Carriers } from './carrier.ts'
import { type SmtpSettings, smsSettings, smtpSettings } from './carrier-settings.ts'
import { smsHook } from './sms-hook.ts'

/** The channels an environment names. What sends mail is loaded with the first mail. Refuses settings that cannot work. */
export function carriersFrom(environment: Readonly<Record<string, string | undefined>>): Carriers | Refusal {
  const smtp = smtpSettings(environment)
  if (isRefusal(smtp)) return smtp
  const sms = smsSettings(environment)
  if (isRefusal(sms)) return sms
  return {
    ...(smtp === undefined ? {} : { email: mailWhenUsed(smtp) }),
    ...(sms === undefined ? {} : { sms: smsHook(sms) }),
  }
}

function mailWhenUsed(settings: SmtpSettings): Carrier {
  let carrier: Promise<Carrier> | undefined
  return {
    discardsRepeats: false,
    send: async (message, handingOver) => {
      carrier ??= import('./smtp-carrier.ts').then(({ smtpCarrier }) => smtpCarrier(settings))
      return (await carrier).send(message, handingOver)
    },
    close: async () => (await carrier)?.close(),
  }
}
