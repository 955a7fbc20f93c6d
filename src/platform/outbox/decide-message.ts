import { sql } from 'kysely'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { type CommandAnswer, type CommandContext, type Envelope, runCommand, type Services } from '../command.ts'
import { beginningOf } from './make-messages.ts'
import { listMessages, type Message } from './message.queries.ts'
import { type MessageKind, messageStateNames } from './message.ts'
import { refuseOutbox } from './outbox.refusals.ts'

export interface MessageDecision {
  readonly messageId: string
  readonly reason: string
}
type Decided = { readonly message: string; readonly state: 'waiting' | 'stopped' }

/**
 * A person has a message sent once more that failed, was stopped, or was maybe sent; the same message, with the same name
 * outside. Refuses one that waits or was sent, and one that is no longer true today.
 */
export function retryMessage(
  services: Services,
  envelope: Envelope,
  decision: MessageDecision,
  kinds: readonly MessageKind[],
): Promise<CommandAnswer<Decided> | Refusal> {
  const kind = { name: 'outbox.retry-message', zh: '重新发送通知' } as const
  return runCommand(services, envelope, kind, { ...decision }, async (context) => {
    const message = await lockedMessage(context, decision)
    if (isRefusal(message)) return message
    const { messageId, state, subject } = message
    if (state === 'waiting' || state === 'sending' || state === 'sent') {
      return refuseOutbox('message_not_over', stateIn(message))
    }
    const known = kinds.find(({ name }) => name === message.kind)
    const overtaken = (await known?.overtaken(context.trx, [subject], context.today))?.get(subject)
    if (overtaken !== undefined) {
      const { zh: reasonZh, en: reasonEn } = overtaken
      return refuseOutbox('message_overtaken', { message: messageId, reasonZh, reasonEn })
    }
    await note(context, decision, 'retry')
    await sql`
      insert into message_queue (message_id, channel, due_at, attempts, attempts_before)
      values (${messageId}::bigint, ${message.channel}, ${beginningOf(context.today)}, ${message.attempts}::int, ${message.attempts}::int)`.execute(
      context.trx,
    )
    return { message: messageId, state: 'waiting' }
  })
}

/** A person stops a message that waits. Refuses one that is being sent, or is over. */
export function stopMessage(
  services: Services,
  envelope: Envelope,
  decision: MessageDecision,
): Promise<CommandAnswer<Decided> | Refusal> {
  const kind = { name: 'outbox.stop-message', zh: '停止发送通知' } as const
  return runCommand(services, envelope, kind, { ...decision }, async (context) => {
    const message = await lockedMessage(context, decision)
    if (isRefusal(message)) return message
    if (message.state !== 'waiting') return refuseOutbox('message_not_waiting', stateIn(message))
    await note(context, decision, 'stop')
    await sql`delete from message_queue where message_id = ${message.messageId}::bigint`.execute(context.trx)
    return { message: message.messageId, state: 'stopped' }
  })
}

/** The message as it stands, which nobody takes to send it until this command ends. */
async function lockedMessage(
  { trx }: CommandContext,
  { messageId, reason }: MessageDecision,
): Promise<Message | Refusal> {
  if (reason.trim() === '') return refuseOutbox('message_needs_reason')
  const lock = sql`select from messages where id = ${messageId}::bigint for no key update`
  const { rows } = await lock.execute(trx)
  if (rows.length === 0) return refuseOutbox('message_missing', { message: messageId })
  await sql`select from message_queue where message_id = ${messageId}::bigint for update`.execute(trx)
  const [message] = await listMessages(trx, { messageId, limit: 1 })
  return message ?? refuseOutbox('message_missing', { message: messageId })
}

function note(context: CommandContext, { messageId, reason }: MessageDecision, decision: 'retry' | 'stop') {
  return sql`
    insert into message_decisions (message_id, decision, reason, command_id, recorded_at)
    values (${messageId}::bigint, ${decision}, ${reason.trim()}, ${context.commandId}, ${context.recordedAt}::timestamptz)`.execute(
    context.trx,
  )
}

const stateIn = ({ messageId, state }: Message) => ({
  message: messageId,
  stateZh: messageStateNames[state].zh,
  stateEn: messageStateNames[state].en,
})
