import { messageKinds } from '../src/message-kinds.ts'
import type { Services } from '../src/platform/command.ts'
import { type SendReport, sendMessages } from '../src/platform/outbox/send-messages.ts'

/**
 * The other half of a tick: sends what waits in the outbox, a bounded number at a time. It has no slots: what is due is
 * told by the messages themselves, each for one process only, and nothing is made up for by sending twice.
 */
export function sendDueMessages(
  services: Services,
  tickAt: Date,
  options: { readonly runner: string; readonly stopping?: AbortSignal; readonly most?: number },
): Promise<SendReport> {
  return sendMessages(services, tickAt, { ...options, kinds: messageKinds })
}

/** Whether anything happened, and what, in a word for logs. */
export function sentInWords(report: SendReport): string | undefined {
  const happened = Object.entries(report).filter(([, count]) => count > 0)
  return happened.length === 0 ? undefined : happened.map(([outcome, count]) => `${outcome} ${count}`).join(', ')
}
