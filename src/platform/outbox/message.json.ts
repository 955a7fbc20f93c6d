import type { Attempt, Message } from './message.queries.ts'
import type { Said } from './message.ts'

/** What the other side said, or why a message is not sent, in both languages. */
export function answerSaid(answer: string | Said | undefined): Said | null {
  if (answer === undefined || answer === '') return null
  return typeof answer === 'string' ? { zh: answer, en: answer } : { zh: answer.zh, en: answer.en }
}

/** A message in a list, on the command line and in the API. */
export function messageJson(message: Message) {
  const { dueAt, answer, changedAt, body: _, ...rest } = message
  return {
    ...rest,
    dueAt: dueAt?.toISOString() ?? null,
    answer: answerSaid(answer),
    changedAt: changedAt.toISOString(),
  }
}

/** One message with its text and how often it was tried. */
export function messageInFull(message: Message, attempts: readonly Attempt[]) {
  return {
    ...messageJson(message),
    body: message.body,
    tried: attempts.map(({ attemptNo, begunAt, handedOverAt, outcome, answer }) => ({
      attemptNo,
      begunAt: begunAt.toISOString(),
      handedOverAt: handedOverAt?.toISOString() ?? null,
      outcome: outcome ?? null,
      answer: answerSaid(answer),
    })),
  }
}
