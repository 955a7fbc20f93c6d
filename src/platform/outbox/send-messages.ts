import { civilDateOf } from '../../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { instantForPeople } from '../cli-text.ts'
import type { Services } from '../command.ts'
import { readSettings } from '../settings.ts'
import type { Carrier } from './carrier.ts'
import type { Channel, MessageKind, Said } from './message.ts'
import { type Held, leftBehind, noteHandover, noteOutcome, type OutcomeName, takeDue } from './queue.store.ts'
import { nextAttempt, withinHours } from './retry.rules.ts'

export interface SendOptions {
  /** Names the process; another one for each start. */
  readonly runner: string
  readonly kinds: readonly MessageKind[]
  /** Messages in one go at most; the rest waits for the next. */
  readonly most?: number
  /** Once it is raised no further message is taken. */
  readonly stopping?: AbortSignal
}

export type SendReport = Readonly<Record<OutcomeName, number>>

const perTake = 5

/**
 * Sends what is due, within the hours of `messages.hours`: takes a few messages at a time, asks each kind whether it still
 * holds on this day, hands it to its carrier, and writes down what came of it. Any number of processes may do so at once.
 */
export async function sendMessages(services: Services, at: Date, options: SendOptions): Promise<SendReport> {
  const { db } = services
  const { runner, kinds, most = 200, stopping } = options
  const carriers = services.carriers ?? {}
  const report = { accepted: 0, deferred: 0, refused: 0, unknown: 0, given_up: 0, stopped: 0 }
  await takeUpWhatWasLeft(services, at, runner, report)
  const channels = (Object.keys(carriers) as Channel[]).filter((channel) => carriers[channel] !== undefined)
  if (channels.length === 0) return report
  const { 'messages.hours': hours } = await readSettings(db)
  if (!withinHours(instantForPeople(at).slice(11, 16), hours)) return report
  const day = civilDateOf(at)

  for (let taken = 0; taken < most && !stopping?.aborted; ) {
    const held = await takeDue(db, { channels, at, day, runner, most: Math.min(perTake, most - taken) })
    if (held.length === 0) break
    taken += held.length
    const overtaken = await reasonsNotToSend(services, held, kinds, day)
    await Promise.all(
      held.map(async (message) => {
        const kind = kinds.find(({ name }) => name === message.kind)
        const outcome = await sendOne(services, message, kind, overtaken.get(message.messageId), at)
        report[outcome] += 1
      }),
    )
  }
  return report
}

async function sendOne(
  services: Services,
  held: Held,
  kind: MessageKind | undefined,
  stopped: Said | undefined,
  at: Date,
): Promise<OutcomeName> {
  const { db, carriers } = services
  if (stopped !== undefined) {
    await noteOutcome(db, held, 'stopped', stopped)
    return 'stopped'
  }
  const carrier = carriers?.[held.channel] as Carrier
  const paper = held.channel === 'email' ? await kind?.attachment?.(db, services.printer, held.subject) : undefined
  // The text says all that must be told: a paper that cannot be printed is missed and noted, and keeps nobody uninformed.
  const lacking = isRefusal(paper) ? paper : undefined
  const attachment = isRefusal(paper) ? undefined : paper
  const { outcome, answer } = await carrier.send({ ...held, attachment }, () => noteHandover(db, held))
  const again = outcome === 'deferred' || (outcome === 'unknown' && carrier.discardsRepeats)
  const dueAt = again ? nextAttempt(at, held.deferredBefore + 1) : undefined
  const noted: OutcomeName = !again ? outcome : dueAt === undefined ? 'given_up' : 'deferred'
  await noteOutcome(db, held, noted, lacking === undefined ? answer : withoutPaper(answer, lacking), dueAt)
  return noted
}

/** Of some messages, why they are not sent: what they say no longer holds, or their address is no longer to be written to. */
async function reasonsNotToSend(
  { db }: Services,
  held: readonly Held[],
  kinds: readonly MessageKind[],
  day: ReturnType<typeof civilDateOf>,
): Promise<Map<string, Said>> {
  const reasons = new Map<string, Said>()
  for (const name of new Set(held.map(({ kind }) => kind))) {
    const messages = held.filter(({ kind }) => kind === name)
    const kind = kinds.find((each) => each.name === name)
    const subjects = [...new Set(messages.map(({ subject }) => subject))]
    const overtaken = kind === undefined ? new Map<string, Said>() : await kind.overtaken(db, subjects, day)
    for (const { messageId, subject, contactHolds } of messages) {
      const reason = kind === undefined ? unknownKind : contactHolds ? overtaken.get(subject) : contactEnded
      if (reason !== undefined) reasons.set(messageId, reason)
    }
  }
  return reasons
}

const withoutPaper = (answer: string, lacking: Refusal): Said => ({
  zh: `${answer}；未附文件：${lacking.sentence('zh')}`,
  en: `${answer}; without its attachment: ${lacking.sentence('en')}`,
})

const contactEnded: Said = { zh: '联系方式已终止', en: 'the contact has ended' }
const unknownKind: Said = { zh: '本程序不认识此类通知', en: 'this program does not know the kind' }

/**
 * A process died while it held a message. Not handed over: nobody can have accepted it, so it is due again. Handed over:
 * it may have arrived; a channel that discards repeats sends it again, a mail waits for a person.
 */
async function takeUpWhatWasLeft(
  services: Services,
  at: Date,
  runner: string,
  report: Record<OutcomeName, number>,
): Promise<void> {
  for (const left of await leftBehind(services, runner)) {
    const repeats = services.carriers?.[left.channel]?.discardsRepeats ?? left.channel === 'sms'
    if (left.handedOver && !repeats) {
      await noteOutcome(services.db, left, 'unknown', {
        zh: '发送进程中断，邮件可能已送达',
        en: 'the process ended before the answer came; the mail may have arrived',
      })
      report.unknown += 1
      continue
    }
    // With growing pauses too: a message that ends every process that takes it must not end them all.
    const dueAt = nextAttempt(at, left.deferredBefore + 1)
    const outcome = dueAt === undefined ? 'given_up' : 'deferred'
    await noteOutcome(services.db, left, outcome, { zh: '发送进程中断', en: 'the process ended' }, dueAt)
    report[outcome] += 1
  }
}
