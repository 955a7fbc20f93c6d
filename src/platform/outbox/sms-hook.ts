import { createHmac } from 'node:crypto'
import type { Carried, Carrier } from './carrier.ts'
import type { SmsSettings } from './carrier-settings.ts'

const patience = 20_000

/** What may be sent again although it was refused: the office must mend a key, or the gateway asks to wait. */
const passing = new Set([401, 403, 404, 408, 425, 429])

/**
 * SMS through the office's own gateway: one POST of JSON for each message, signed, with an idempotency key. The contract
 * is in README.md.
 */
export function smsHook({ url, secret }: SmsSettings): Carrier {
  return {
    discardsRepeats: true,
    async send(message, handingOver) {
      const { uid, address, body: text, language, kind, subject } = message
      const body = JSON.stringify({ id: uid, to: address, text, language, kind, subject })
      if (!(await handingOver())) return { outcome: 'deferred', answer: 'another process has taken the message over' }
      try {
        const response = await fetch(url, {
          method: 'POST',
          body,
          redirect: 'manual',
          signal: AbortSignal.timeout(patience),
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'idempotency-key': uid,
            'qingliu-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
          },
        })
        const answer =
          `${response.status} ${(await response.text()).replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 400)}`.trim()
        return { outcome: outcomeOf(response.status), answer }
      } catch (error) {
        // The gateway may have it; it discards the repeat by its key.
        return { outcome: 'unknown', answer: causeOf(error) }
      }
    },
    close: async () => undefined,
  }
}

function outcomeOf(status: number): Carried['outcome'] {
  if (status >= 200 && status < 300) return 'accepted'
  return status >= 400 && status < 500 && !passing.has(status) ? 'refused' : 'deferred'
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error
  return [message, cause instanceof Error ? cause.message : '']
    .filter((part) => part !== '')
    .join(': ')
    .slice(0, 400)
}
